"""What only PostgreSQL shows: time limits, and plans of statements."""

import pytest
from django.db import connection

from cases import selectors
from cases.models import Entry, Organization
from supportdesk import health
from tests import many, world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.servers]

TEXTS = ["NULL", 'a, "b" {c} \\d', "100% of %s", "it's\ttwo\nlines", "Žluťoučký kůň"]


def test_texts_of_people_that_are_inserted_at_once_stay_what_they_were(desk):
    case = desk.case_in("in_progress")
    said = {"case": case, "event": "message", "author_side": "job", "visibility": "public"}
    new = [Entry(**said, body=each, created_at=NOW) for each in TEXTS]
    Entry.objects.bulk_create(new)
    stored = Entry.objects.in_bulk([each.pk for each in new])
    assert [stored[each.pk].body for each in new] == TEXTS


def test_nobody_waits_for_ever_and_least_of_all_the_health_page():
    for asked, limits in ((connection, ["20s", "5min"]), (health._connection(), ["2s", "2s"])):
        with asked.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
            )
            assert list(cursor.fetchone()) == limits
        if asked is not connection:
            asked.close()


@pytest.mark.parametrize(
    ("organizations", "index"), [(1, "case_of_organization"), (3, "case_newest")]
)
def test_a_page_of_the_portals_list_is_read_from_an_index_in_its_order(desk, organizations, index):
    """Otherwise it reads and sorts every case of the contact to show the newest 25."""
    many.make_organizations(desk, 20)
    many.make_cases(desk, 4_000, NOW)
    for other in Organization.objects.filter(name__startswith="Customer")[: organizations - 1]:
        world.membership(desk.designated, other, "designated")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case, cases_membership, cases_organization, cases_person")
    found = selectors.listed(desk.designated, selectors.memberships(desk.designated))
    plan = found[:25].explain()
    assert index in plan
    assert "Sort" not in plan
