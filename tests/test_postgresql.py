"""What `supportdesk.postgresql` makes cheaper is the same as before (docs/decisions/0055)."""

import datetime as dt

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from cases.models import Entry
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
