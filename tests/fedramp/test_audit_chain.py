"""The chain of the audit log and its anchors: what somebody did to it past the desk is found."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases import jobs
from fedramp.audit import Event, record
from fedramp.models import AuditEntry, AuditSeal
from fedramp.models.audit import NeverChanged
from fedramp.services import audit_seals
from fedramp.services.audit_seals import anchor_due, seal_some, verify

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def anchor_file(settings, tmp_path):
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchors" / "audit.jsonl"
    return settings.AUDIT_ANCHOR_FILE


@pytest.fixture
def chain(db):
    """Ten entries of some hours ago, sealed and anchored then, and the time of now."""
    now = timezone.now()
    for number in range(10):
        record(Event.READ, now=now - dt.timedelta(hours=5), about=f"F-000000{number}")
    then = now - dt.timedelta(hours=4)
    while seal_some(then):
        pass
    anchor_due(then)
    return now


def past_the_desk(statement, *values):
    """By the tables' owner, who can switch the triggers off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def found(now, path=None):
    return list(verify(now, path))


def ids():
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_a_log_that_nobody_touched_is_whole(chain):
    assert found(chain) == []
    out = StringIO()
    call_command("audit_verify", stdout=out)
    assert out.getvalue().startswith(f"Whole: {len(ids())} sealed")
    record(Event.READ, now=chain, about="F-0000042")
    assert found(chain) == []
    assert seal_some(chain) == 1
    assert found(chain) == []


COLUMNS = {
    "at": "2020-01-01 00:00:00+00:00",
    "event": "denied",
    "person_id": None,
    "address": "192.0.2.9",
    "page": "portal:cases",
    "about": "F-7777777",
    "detail": "GET 404",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_entry_is_found(chain, desk, column):
    record(Event.READ, now=chain - dt.timedelta(hours=2), person=desk.expert, about="F-1")
    seal_some(chain - dt.timedelta(hours=2))
    pk = ids()[-1]
    past_the_desk(
        f"UPDATE fedramp_auditentry SET {column} = %s WHERE id = %s",  # noqa: S608
        COLUMNS[column],
        pk,
    )
    assert any(line.startswith(f"Changed: entry {pk},") for line in found(chain))
    with pytest.raises(CommandError, match="not whole"):
        call_command("audit_verify", stdout=StringIO())


def test_entries_that_changed_places_are_found(chain):
    one, other = ids()[3:5]
    past_the_desk(
        "UPDATE fedramp_auditentry SET about = CASE id WHEN %s THEN 'F-0000004' "
        "ELSE 'F-0000003' END WHERE id IN (%s, %s)",
        one,
        one,
        other,
    )
    assert len([line for line in found(chain) if line.startswith("Changed")]) == 2


def test_seals_that_changed_places_are_found(chain):
    one, other = ids()[3:5]
    rows = {seal.entry_id: seal for seal in AuditSeal.objects.all()}
    past_the_desk("DELETE FROM fedramp_auditseal WHERE entry_id IN (%s, %s)", one, other)
    for entry, seal in ((one, rows[other]), (other, rows[one])):
        AuditSeal.objects.create(
            position=seal.position,
            entry_id=entry,
            sealed_at=seal.sealed_at,
            caught_up=seal.caught_up,
            digest=seal.digest,
        )
    assert len([line for line in found(chain) if line.startswith("Changed")]) == 2


def test_an_entry_that_is_gone_is_found_with_its_seal_or_without(chain):
    pk = ids()[4]
    past_the_desk("DELETE FROM fedramp_auditentry WHERE id = %s", pk)
    assert any(line.startswith(f"Cut: entry {pk} (seal ") for line in found(chain))
    past_the_desk("DELETE FROM fedramp_auditseal WHERE entry_id = %s", pk)
    lines = found(chain)
    assert any(line.startswith("Cut: the seals ") for line in lines)
    assert any(line.startswith("Changed: entry ") for line in lines), "the seal after it"


def test_what_is_cut_from_the_end_is_found_by_the_anchor_alone(chain, anchor_file):
    gone = ids()[-3:]
    for table, column in (("fedramp_auditentry", "id"), ("fedramp_auditseal", "entry_id")):
        past_the_desk(f"DELETE FROM {table} WHERE {column} >= %s", gone[0])  # noqa: S608
    (line,) = found(chain)
    assert line.startswith("Cut: the anchor of ")
    anchor_file.unlink()
    assert [line[:9] for line in found(chain)] == ["No anchor"], "without it nobody can tell"


def test_a_chain_that_was_made_anew_is_found_by_the_anchor(chain, anchor_file):
    pk = ids()[2]
    past_the_desk("UPDATE fedramp_auditentry SET about = 'F-7777777' WHERE id = %s", pk)
    past_the_desk("DELETE FROM fedramp_auditseal")
    while seal_some(chain - dt.timedelta(hours=4)):
        pass
    (line,) = found(chain)
    assert line.startswith("Replaced: seal ")


def test_an_entry_that_was_inserted_is_found_before_and_after_its_sealing(chain):
    record(Event.READ, now=chain - dt.timedelta(hours=5, minutes=1), about="F-7777777")
    pk = ids()[-1]
    assert found(chain) == [f"Inserted: entry {pk} has no seal, though later ones have."]
    seal_some(chain)
    (line,) = found(chain)
    assert line.startswith(f"Inserted: entry {pk} (seal ")


def test_what_is_stored_a_little_late_is_no_finding(chain):
    """A request that took its time: begun before the last sealing, committed after it."""
    record(Event.READ, now=chain - dt.timedelta(hours=4, minutes=59), about="F-1")
    seal_some(chain)
    assert found(chain) == []


def test_entries_of_before_are_sealed_in_batches_without_a_finding(chain, monkeypatch):
    past_the_desk("DELETE FROM fedramp_auditseal")
    Path(audit_seals.settings.AUDIT_ANCHOR_FILE).unlink()
    monkeypatch.setattr(audit_seals, "BATCH", 3)
    monkeypatch.setattr(audit_seals, "CHUNK", 4)
    (line,) = found(chain)
    assert line.endswith(
        "entries wait for their seal for more than an hour: is the worker running?"
    )
    sealed = 0
    while some := seal_some(chain):
        sealed += some
        chain += dt.timedelta(minutes=1)
    assert sealed == len(ids())
    anchor_due(chain)
    assert found(chain) == []


def test_the_jobs_seal_and_anchor_once_a_day(chain, anchor_file):
    record(Event.READ, now=timezone.now(), about="F-0000042")
    assert jobs.run("seal-audit-log") == 1
    lines = anchor_file.read_text().splitlines()
    assert anchor_due(chain + DAY) == 1
    assert anchor_due(chain + DAY) == 0
    after = anchor_file.read_text().splitlines()
    assert after[: len(lines)] == lines
    assert len(after) == len(lines) + 1
    assert json.loads(after[-1])["digest"] == AuditSeal.objects.latest("position").digest
    assert (anchor_file.stat().st_mode & 0o777) == 0o600
    assert "F-0000042" not in anchor_file.read_text()


def test_a_folder_that_takes_no_anchor_is_an_error_and_not_silence(chain, settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings.AUDIT_ANCHOR_FILE = tmp_path / "file" / "audit.jsonl"
    with pytest.raises(OSError, match="file"):
        anchor_due(chain + DAY)


def test_a_copy_of_the_anchors_can_be_asked(chain, anchor_file, tmp_path):
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(anchor_file.read_bytes())
    anchor_file.unlink()
    assert len(found(chain)) == 1
    call_command("audit_verify", anchors=copy, stdout=StringIO())
    copy.write_text(copy.read_text().replace('"digest": "', '"digest": "00'))
    with pytest.raises(CommandError):
        call_command("audit_verify", anchors=copy, stdout=StringIO())


def test_nothing_in_the_chain_is_ever_changed(chain):
    seal = AuditSeal.objects.first()
    for change in (seal.save, seal.delete, AuditSeal.objects.all().delete):
        with pytest.raises(NeverChanged), transaction.atomic():
            change()
    if connection.vendor == "postgresql":
        for statement in (
            "UPDATE fedramp_auditseal SET digest = ''",
            "DELETE FROM fedramp_auditseal",
            "TRUNCATE fedramp_auditseal",
        ):
            with (
                pytest.raises(DatabaseError, match="never changed"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    assert found(chain) == []
