"""The seams through which a closed case reaches the apps above."""

import pytest

from cases import extension
from cases.models import Case
from tests.world import NOW


@pytest.fixture
def heard():
    calls = []

    def receiver(sender, **said):
        calls.append((said["case"].pk, said["case"].state, said["actor"].person, said["now"]))

    extension.case_closed.connect(receiver)
    yield calls
    extension.case_closed.disconnect(receiver)


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
    extension.case_closed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            desk.act("close", case, text="Done.")
    finally:
        extension.case_closed.disconnect(fail)
    assert Case.objects.get(pk=case.pk).state == "in_progress"
    assert case.entries.count() == stored


@pytest.mark.rule("RESP-6")
def test_the_first_veto_says_why_a_job_may_not_close(desk, monkeypatch):
    case = desk.owned_case()
    assert extension.veto_of(case) == ""
    monkeypatch.setattr(
        extension, "closing_vetoes", [lambda case: "", lambda case: f"{case.number} is escalated"]
    )
    assert extension.veto_of(case) == f"{case.number} is escalated"
