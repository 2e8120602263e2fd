"""The sweeps of the clocks take many cases at once (docs/decisions/0040)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.jobs.clocks import breach_due, close_due, remind_due, warn_due
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
    assert statements[1] <= statements[0] <= 33


def test_two_due_clocks_of_one_case_close_it_once(desk):
    case = desk.case_in("resolution_proposed")
    Clock.objects.create(case=case, kind="closure", started_at=NOW, due_at=NOW, acts_at=NOW)
    while close_due(NOW + 30 * DAY):
        pass
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert case.entries.filter(event="closed").count() == 1
    assert not case.clocks.running().exists()


@pytest.mark.parametrize("sweep", [close_due, warn_due, breach_due])
def test_what_is_due_is_read_from_the_index_in_its_order(desk, sweep):
    """Else each batch reads and sorts all that is due, and many cost more than their number."""
    with CaptureQueriesContext(connection) as captured:
        assert sweep(NOW) == 0
    looked = [each["sql"] for each in captured if "ORDER BY" in each["sql"]]
    assert looked
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # of an empty table it would read all
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for statement in looked:
            query_plan = "QUERY PLAN " if connection.vendor == "sqlite" else ""
            cursor.execute(f"EXPLAIN {query_plan}{statement}")
            plan = str(cursor.fetchall())
            # The answers to escalations are due from an index of their own (MGT-9).
            answers = "escalations_escalation" in statement and "clock" not in statement
            assert ("escalation_review_queue" if answers else "clock_next_to_act") in plan
            assert "Sort" not in plan
            assert "TEMP B-TREE" not in plan
