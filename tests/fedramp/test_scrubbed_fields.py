"""FED-7 in the database: no way of storing a text goes past the engine."""

import datetime as dt
import io
import logging

import psycopg
import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Upper

from cases.actors import Actor
from cases.errors import Invalid
from cases.fields import NoExpression, ScrubbedText
from cases.models import Attachment, Case, Entry, Notice, SearchText
from cases.services.feeds import post_entry
from cases.services.new_cases import open_case
from fedramp.models import Placeholder
from fedramp.scrubbing import texts, triggers
from supportdesk.logs import ScrubFilter as Filter
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

RAW = "Ring Thandiwe Mokoena at 816-555-0142 or t.mokoena@agency.example."
SCRUBBED = "Ring [PERSON-1] at [PHONE-1] or [EMAIL-1]."


@pytest.fixture
def entry(desk):
    return post_entry(
        case_id=desk.case().pk, actor=Actor.of(desk.designated), now=NOW, body="First."
    )


def stored(entry):
    return Entry.objects.get(pk=entry.pk).body


def test_a_text_is_scrubbed_whichever_way_it_is_stored(entry):
    def save():
        entry.body = RAW
        entry.save(update_fields=["body"])

    def bulk_update():
        entry.body = RAW
        Entry.objects.bulk_update([entry], ["body"])

    def upsert():
        fields = [field.attname for field in Entry._meta.concrete_fields]
        Entry.objects.bulk_create(
            [Entry(**{each: getattr(entry, each) for each in fields} | {"body": RAW})],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["body"],
        )

    def fixture():
        out = io.StringIO()
        call_command("dumpdata", "cases.entry", stdout=out)
        for each in serializers.deserialize("json", out.getvalue().replace("First.", RAW)):
            each.save()

    ways = {
        "save": save,
        "update": lambda: Entry.objects.filter(pk=entry.pk).update(body=RAW),
        "bulk_update": bulk_update,
        "upsert": upsert,
        "fixture": fixture,
    }
    for name, way in ways.items():
        Entry.objects.filter(pk=entry.pk).update(body="First.")
        way()
        assert "Mokoena" not in stored(entry), name
        assert "0142" not in stored(entry), name
    assert not entry.history.filter(body__contains="0142").exists()


def test_many_texts_that_are_inserted_at_once_are_each_scrubbed(entry):
    said = {"case": entry.case, "event": "message", "author_side": "job", "visibility": "public"}
    new = [Entry(**said, body=body, created_at=NOW) for body in (RAW, "Second.", RAW)]
    Entry.objects.bulk_create(new)
    assert [stored(each) for each in new] == [SCRUBBED, "Second.", SCRUBBED]


def test_the_object_in_memory_is_what_was_stored(desk):
    case = desk.case()
    written = post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body=RAW)
    assert written.body == SCRUBBED
    assert written.history.get().body == SCRUBBED
    assert SearchText.objects.get(entry=written).text == SCRUBBED.casefold()


def test_expressions_are_refused(entry):
    rows = Entry.objects.filter(pk=entry.pk)
    for expression in (Value(RAW), Concat("body", Value(RAW)), Upper("body"), F("job")):
        with pytest.raises(NoExpression), transaction.atomic():
            rows.update(body=expression)
        entry.body = expression
        with pytest.raises(NoExpression), transaction.atomic():
            entry.save()
    assert stored(entry) == "First."


def test_the_same_value_has_one_number_in_a_case_and_its_own_in_another(desk):
    case, other = desk.case(), desk.case()
    for each, text in (
        (case, "Call 816-555-0142"),
        (case, "No, 816-555-0199; not +1 816 555 0142"),
        (other, "Call 816-555-0199"),
    ):
        post_entry(case_id=each.pk, actor=Actor.of(desk.designated), now=NOW, body=text)
    bodies = [e.body for e in Entry.objects.filter(event="message").order_by("pk")]
    assert bodies == ["Call [PHONE-1]", "No, [PHONE-2]; not [PHONE-1]", "Call [PHONE-1]"]
    assert Placeholder.objects.count() == 3
    assert not Placeholder.objects.filter(digest__contains="816555").exists()


def test_a_new_case_keeps_the_numbers_of_its_own_texts(desk):
    case = open_case(
        actor=Actor.of(desk.designated),
        now=NOW,
        deployment=desk.deployment,
        subject="Calls from 816-555-0142",
        description="816-555-0142 and 816-555-0199 hear nothing.",
        business_impact="High.",
        priority=3,
    )
    assert (case.subject, case.description) == (
        "Calls from [PHONE-1]",
        "[PHONE-1] and [PHONE-2] hear nothing.",
    )
    later = post_entry(
        case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body="816-555-0199 works."
    )
    assert later.body == "[PHONE-2] works."


def test_the_people_of_the_case_are_known_to_the_engine(desk):
    person = desk.designated
    person.name, person.phone = "Zuzka Grant", "+420 601 123 456"
    person.save()
    text = "zuzka says so, Grant too; 601123456"
    entry = post_entry(case_id=desk.case().pk, actor=Actor.of(desk.designated), now=NOW, body=text)
    assert entry.body == "[PERSON-1] says so, [PERSON-1] too; [PHONE-1]"


def test_what_was_read_from_the_database_is_not_scrubbed_again(entry, monkeypatch):
    read = Entry.objects.get(pk=entry.pk)
    assert isinstance(read.body, ScrubbedText)
    monkeypatch.setattr(texts, "scrubbed", lambda *args: pytest.fail("scrubbed again"))
    read.save()
    assert type(read.body + "") is str


def test_a_text_that_cannot_be_scrubbed_is_refused_and_not_stored(desk, monkeypatch, caplog):
    case = desk.case()
    before = everything_stored()

    def fails(*args):
        raise RuntimeError(RAW)

    monkeypatch.setattr(texts, "scrubbed", fails)
    with pytest.raises(Invalid) as refused:
        post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body=RAW)
    assert refused.value.message == texts.HELD
    assert everything_stored() == before
    assert "Mokoena" not in caplog.text
    with pytest.raises(Invalid):
        Case(description="x" * (texts.MOST + 1), number="F-1").save()


def test_a_line_that_placeholders_make_longer_is_cut_between_them(desk):
    case = desk.case()
    case.subject = " ".join(f"a{n}@b.us" for n in range(25))
    case.save()
    assert len(case.subject) <= 200
    assert case.subject.endswith("]") or case.subject.endswith("] ")


def test_the_24x7_number_is_kept_since_it_is_called(desk):
    case = desk.case()
    case.phone_24x7 = "+1 816 555 0142"
    case.save()
    assert Case.objects.get(pk=case.pk).phone_24x7 == "+1 816 555 0142"


def test_file_names_and_mails_are_scrubbed(desk, entry):
    attachment = Attachment(
        entry=entry, name="Thandiwe Mokoena 816-555-0142.log", size=1, created_at=NOW, file="x"
    )
    attachment.scan_state = "not_scanned"
    attachment.save()
    assert "0142" not in attachment.name
    notice = Notice(case=entry.case, email="x@y.example", key="k", message_id="m", created_at=NOW)
    notice.subject, notice.text = "x", f"Tel 816-555-0142, ours {texts._ours()}"
    notice.due_at = NOW + dt.timedelta(1)
    notice.save()
    assert "0142" not in notice.text
    assert "Tel [PHONE-1], ours" in notice.text


def test_logs_are_scrubbed():
    record = logging.LogRecord("x", 20, "x", 1, "mail to %s", ("t.m@agency.example",), None)
    assert Filter().filter(record)
    assert record.getMessage() == "mail to [EMAIL-1]"
    try:
        raise ValueError("816-555-0142")
    except ValueError as error:
        raised = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("x", 40, "x", 1, "failed", (), raised)
    Filter().filter(record)
    assert "0142" not in logging.Formatter().format(record)


# --- PostgreSQL: what goes past Django ----------------------------------------------------------

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'")


def refused(sql, values):
    with pytest.raises(DatabaseError, match="FED-7"), transaction.atomic():
        connection.cursor().execute(sql, values)


@on_postgresql
def test_raw_sql_and_copy_are_refused_by_the_database(entry):
    personal = (
        "Ring jane.roe@agency.gov now",
        "SSN 219-09-9999",
        "ring +18165550142",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmJleV9tYXJ.x",
    )
    for text in personal:
        for table in ("cases_entry", "cases_historicalentry"):
            refused(f"UPDATE {table} SET body = %s", [text])  # noqa: S608
    columns = "COPY cases_searchtext (case_id, is_public, text) FROM STDIN"
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="FED-7"),
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(columns) as copy,
    ):
        copy.write_row((entry.case_id, True, personal[0]))
    refused(
        "INSERT INTO django_admin_log (action_time, object_repr, action_flag, change_message, "
        "user_id) VALUES (now(), %s, 1, '', %s)",
        [personal[0], entry.author_id],
    )
    refused("UPDATE cases_historicalentry SET history_change_reason = %s", [personal[0]])
    assert stored(entry) == "First."


@on_postgresql
def test_the_check_compares_triggers_with_fields(db):
    from fedramp.checks import every_scrubbed_column_has_its_trigger as check

    assert check(databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {triggers.NAME} ON cases_entry")
    assert [each.msg for each in check(databases=["default"])] == [
        "The trigger on cases_entry does not watch body."
    ]
    triggers.install()
    assert check(databases=["default"]) == []
