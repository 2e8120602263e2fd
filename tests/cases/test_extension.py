"""The hooks by which the apps above learn of a closed case."""

import pytest

from cases import extension
from cases.models import Case
from tests.world import NOW


@pytest.fixture
def heard():
    calls = []

    def receiver(sender, **said):
        calls.extend(
            (case.pk, case.state, said["actor"].person, said["now"]) for case in said["cases"]
        )

    extension.cases_closed.connect(receiver)
    yield calls
    extension.cases_closed.disconnect(receiver)


def test_closing_and_accepting_are_told_and_nothing_else(desk, heard):
    case = desk.case_in("resolution_proposed")
    assert heard == []
    desk.act("accept", case, actor=desk.designated)
    desk.act("reopen", case, text="It is back.")
    assert heard == [(case.pk, "closed", desk.designated, NOW)]
    desk.act("close", case, text="Done.")
    assert len(heard) == 2


def test_a_receiver_that_fails_keeps_the_case_open(desk):
    def fail(sender, **said):
        raise RuntimeError("no")

    case = desk.owned_case()
    stored = case.entries.count()
    extension.cases_closed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            desk.act("close", case, text="Done.")
    finally:
        extension.cases_closed.disconnect(fail)
    assert Case.objects.get(pk=case.pk).state == "in_progress"
    assert case.entries.count() == stored


@pytest.mark.rule("RESP-6")
def test_the_first_veto_says_why_a_job_may_not_close(desk, monkeypatch):
    free, escalated = desk.owned_case(), desk.owned_case()
    assert extension.vetoes_of([free, escalated]) == {}
    vetoes = [
        lambda cases: {},
        lambda cases: {escalated.pk: "It is escalated"},
        lambda cases: {escalated.pk: "It is watched"},
    ]
    monkeypatch.setattr(extension, "closing_vetoes", vetoes)
    assert extension.vetoes_of([free, escalated]) == {escalated.pk: "It is escalated"}
