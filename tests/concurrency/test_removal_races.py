"""Two at once: one passage is removed once under one number, and one report is reviewed once."""

import pytest

from cases.actors import Actor
from cases.errors import Invalid, NotPossible
from cases.models import Case
from fedramp.models import Placeholder, ScrubReport
from fedramp.scrubbing.feedback import marks_of
from fedramp.services import scrub_reports
from tests.concurrency.together import together, unlocked_case
from tests.world import NOW, Desk, build

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]
CANARY = "zqxcanary"


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return build()


def remove_at_once(desk: Desk, many: int) -> list[object]:
    case = desk.case(subject=f"{CANARY} subject", description=f"{CANARY} again")
    return together(
        [
            lambda who=who: scrub_reports.redact_passage(
                case_id=case.pk,
                text=f"cases.case:{case.pk}:subject",
                kind="PERSON",
                passage=CANARY,
                actor=Actor.of(who),
                now=NOW,
            )
            for who in (desk.expert, desk.colleague) * (many // 2)
        ]
    )


def test_of_those_who_mark_one_passage_at_once_one_removes_it(desk):
    outcomes = remove_at_once(desk, 8)
    assert sum(isinstance(each, ScrubReport) for each in outcomes) == 1
    assert all(isinstance(each, ScrubReport | Invalid) for each in outcomes)
    assert ScrubReport.objects.count() == Placeholder.objects.count() == 1
    case = Case.objects.get()
    assert (case.subject, case.description) == ("[PERSON-1] subject", "[PERSON-1] again")


@pytest.mark.servers
def test_without_the_lock_more_than_one_is_recorded_or_fails(desk, monkeypatch):
    monkeypatch.setattr(scrub_reports, "lock_case", unlocked_case)
    for _ in range(5):
        outcomes = remove_at_once(desk, 8)
        removed = sum(isinstance(each, ScrubReport) for each in outcomes)
        if removed > 1 or not all(isinstance(each, ScrubReport | Invalid) for each in outcomes):
            return
    pytest.fail("nothing came of it: the lock proves nothing")


def test_one_placeholder_is_reported_once_and_reviewed_once(desk):
    case = desk.case(description="Mail tess@x.gov.")
    key = marks_of(case, desk.designated)[0].key
    contact = Actor.of(desk.designated)
    say = {"case_id": case.pk, "marks": [key], "reason": "", "actor": contact, "now": NOW}
    outcomes = together([lambda: scrub_reports.say_not_personal(**say)] * 6)
    assert sorted(len(each) for each in outcomes) == [0, 0, 0, 0, 0, 1]
    report = ScrubReport.objects.get()
    outcomes = together(
        [
            lambda who=who: scrub_reports.review(
                report_id=report.pk, personal=False, remark="", actor=Actor.of(who), now=NOW
            )
            for who in (desk.expert, desk.colleague) * 2
        ]
    )
    assert sum(isinstance(each, ScrubReport) for each in outcomes) == 1
    assert all(isinstance(each, ScrubReport | NotPossible) for each in outcomes)
    assert report.history.count() == 2
