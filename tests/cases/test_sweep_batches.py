"""The sweeps of the clocks take many cases at once (docs/decisions/0040)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.clock_sweeps import close_due, remind_due
from cases.models import Case, Clock
from tests.world import NOW

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "some", "at"),
    [
        ("awaiting_customer", remind_due, NOW + 2 * DAY),
        ("resolution_proposed", close_due, NOW + 30 * DAY),
    ],
)
def test_a_batch_costs_the_same_however_many_cases_it_has(desk, state, some, at):
    statements = []
    for cases in (2, 9):
        for _ in range(cases):
            desk.case_in(state)
        with CaptureQueriesContext(connection) as captured:
            assert some(at) == cases
        statements.append(len(captured))
    assert statements[1] <= statements[0] <= 30


def test_two_due_clocks_of_one_case_close_it_once(desk):
    case = desk.case_in("resolution_proposed")
    Clock.objects.create(case=case, kind="closure", started_at=NOW, due_at=NOW, acts_at=NOW)
    while close_due(NOW + 30 * DAY):
        pass
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert case.entries.filter(event="closed").count() == 1
    assert not case.clocks.running().exists()
