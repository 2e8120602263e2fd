"""What only PostgreSQL shows: our backend for it (docs/decisions/0055), and plans of statements."""

import datetime as dt

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from cases import selectors
from cases.models import Entry, Organization
from tests import many, world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.servers]

TEXTS = ["NULL", 'a, "b" {c} \\d', "100% of %s", "it's\ttwo\nlines", "Žluťoučký kůň"]


def test_texts_of_people_are_inserted_as_arrays_and_stay_what_they_were(desk):
    case = desk.case_in("in_progress")
    said = {"case": case, "event": "message", "author_side": "job", "visibility": "public"}
    new = [Entry(**said, body=each, created_at=NOW) for each in TEXTS]
    with CaptureQueriesContext(connection) as captured:
        Entry.objects.bulk_create(new)
    assert ["UNNEST" in each["sql"] for each in captured if "INSERT" in each["sql"]] == [True]
    stored = Entry.objects.in_bulk([each.pk for each in new])
    assert [stored[each.pk].body for each in new] == TEXTS


@pytest.mark.parametrize("written", ["2026-03-29 00:59:59.5+00", "1999-12-31 23:00:00.000001+00"])
def test_a_time_is_read_as_the_same_time_in_utc(written):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [written])
        (read,) = cursor.fetchone()
    assert read == dt.datetime.fromisoformat(written)
    assert read.tzinfo is dt.UTC


def test_a_time_beyond_what_python_knows_is_an_error_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        with pytest.raises(DataError):
            cursor.fetchone()


@pytest.mark.parametrize(
    ("organizations", "index"), [(1, "case_of_organization"), (3, "case_newest")]
)
def test_a_page_of_the_portals_list_is_read_from_an_index_in_its_order(desk, organizations, index):
    """Else it reads and sorts every case of the contact to show the newest 25."""
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
