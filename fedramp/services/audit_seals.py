"""Sealing the audit log, and its anchors (AU-9, AU-10).

A job gives each entry a seal: the digest of the entry and of the previous seal, so that no entry
can be changed, removed or inserted without a mismatch in all later seals. Writing an entry waits
for nobody: the chain is made afterwards, by one sealer at a time. Once a day the last seal is
written into a file outside the database, which reveals entries cut from the end, or a new chain.
"""

import datetime as dt
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from ..models import AuditEntry, AuditSeal, RealmMark

log = logging.getLogger(__name__)

BATCH = 500
#: An entry may be stored later than those with greater numbers, while its request still runs: the
#: job looks for such entries this many numbers back.
BEHIND = 10_000
#: What the first seal uses as the previous digest.
BEGINNING = "0" * 64


def digest_of(entry: AuditEntry, seal: AuditSeal, before: str) -> str:
    """The digest of all values of the entry and its seal, and of the previous seal."""
    told = [
        seal.position,
        seal.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        seal.caught_up,
        entry.pk,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.event,
        entry.person_id,
        entry.address,
        entry.page,
        entry.about,
        entry.detail,
        before,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


def unsealed() -> QuerySet[AuditEntry]:
    """Entries that wait for their seal, oldest number first."""
    last = AuditSeal.objects.aggregate(number=Max("entry_id"))["number"] or 0
    sealed = AuditSeal.objects.filter(entry_id=OuterRef("pk"))
    return AuditEntry.objects.filter(~Exists(sealed), pk__gt=last - BEHIND).order_by("pk")


def one_sealer_at_a_time() -> None:
    """Until the transaction ends. Nothing else locks this row."""
    RealmMark.objects.select_for_update().get()


def seal_some(now: dt.datetime) -> int:
    """The next entries have their seals; returns how many. Two sealers at once: one waits.

    Entries from before seals existed are sealed first, in the order of their numbers.
    """
    with transaction.atomic():
        one_sealer_at_a_time()
        entries = list(unsealed()[:BATCH])
        last = AuditSeal.objects.order_by("-position").first()
        position, before = (last.position, last.digest) if last else (0, BEGINNING)
        seals = []
        for entry in entries:
            position += 1
            seal = AuditSeal(
                position=position, entry_id=entry.pk, sealed_at=now, caught_up=len(entries) < BATCH
            )
            before = seal.digest = digest_of(entry, seal, before)
            seals.append(seal)
        AuditSeal.objects.bulk_create(seals)
    return len(seals)


# --- Anchors ----------------------------------------------------------------------------------


def anchors(path: Path | None = None) -> list[dict[str, Any]]:
    """The anchors in the file, oldest first; none if there is no file.

    Raises ValueError, with the number of the line, if a line is not an anchor.
    """
    path = path or Path(settings.AUDIT_ANCHOR_FILE)
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            anchor = json.loads(line)
            found.append({**anchor, "at": dt.datetime.fromisoformat(anchor["at"])})
            int(anchor["position"]), str(anchor["digest"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number} of {path} is not an anchor") from error
    return found


def anchor_due(now: dt.datetime) -> int:
    """The last seal is in the file and in the process's log, once a day (UTC); 1 if written now.

    OSError if the file cannot be written: the job's silence is the alarm. A line that a kill left
    unfinished is ended first.
    """
    last = AuditSeal.objects.order_by("-position").first()
    if last is None:
        return 0
    path = Path(settings.AUDIT_ANCHOR_FILE)
    if any(each["at"].date() == now.date() for each in _readable(path)):
        return 0
    at = now.astimezone(dt.UTC).isoformat(timespec="seconds")
    line = json.dumps({"at": at, "position": last.position, "digest": last.digest})
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        torn = file.seek(0, os.SEEK_END) and not _ends_with_a_line(file)
        file.write((b"\n" if torn else b"") + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    log.info("audit log anchored: %s", line)
    return 1


def _ends_with_a_line(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")


def _readable(path: Path) -> Iterable[dict[str, Any]]:
    """For the question whether today's anchor exists: a torn line does not count."""
    if not path.exists():
        return
    for line in path.read_text(errors="replace").splitlines()[-50:]:
        try:
            yield {"at": dt.datetime.fromisoformat(json.loads(line)["at"])}
        except (ValueError, KeyError, TypeError):
            continue


# --- Verifying --------------------------------------------------------------------------------

#: An entry is stored at most this long after its time: a request, a job, clocks that differ.
GRACE = dt.timedelta(hours=1)
#: The greatest age of an anchor, while there are seals.
ANCHOR_AGE = dt.timedelta(days=2)
CHUNK = 1000


def verify(now: dt.datetime, path: Path | None = None) -> Iterator[str]:
    """What is wrong with the log, one line each; nothing if it is whole. Reads only."""
    try:
        told = anchors(path)
    except ValueError as error:
        yield f"{error}."
        told = []
    wanted: dict[int, list[dict[str, Any]]] = {}
    for anchor in told:
        wanted.setdefault(int(anchor["position"]), []).append(anchor)
    before, position, caught_up_at, newest = BEGINNING, 0, None, None
    for seals in _chunks():
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in seals])
        for seal in seals:
            if seal.position != position + 1:
                yield f"Cut: the seals {position + 1} to {seal.position - 1} are gone."
            position = seal.position
            entry = entries.get(seal.entry_id)
            if entry is None:
                yield f"Cut: entry {seal.entry_id} (seal {position}) is gone."
            elif digest_of(entry, seal, before) != seal.digest:
                yield f"Changed: entry {seal.entry_id}, its seal {position}, or their order."
            elif caught_up_at and entry.at + GRACE < caught_up_at:
                yield f"Inserted: entry {seal.entry_id} (seal {position}) came after its time."
            for anchor in wanted.pop(position, ()):
                if anchor["digest"] != seal.digest:
                    yield f"Replaced: seal {position} is not that of the anchor {anchor['at']}."
            before, newest = seal.digest, seal.sealed_at
            caught_up_at = seal.sealed_at if seal.caught_up else caught_up_at
    for missing in sorted(wanted):
        yield f"Cut: the anchor of {wanted[missing][0]['at']} names seal {missing}, which is gone."
    yield from _without_seal(now, caught_up_at)
    if newest and not any(now - each["at"] < ANCHOR_AGE for each in told):
        yield "No anchor of the last two days: is the job anchor-audit-log running, its file here?"


def _chunks() -> Iterator[list[AuditSeal]]:
    last = None
    while True:
        rows = AuditSeal.objects.order_by("position")
        found = list((rows if last is None else rows.filter(position__gt=last))[:CHUNK])
        if not found:
            return
        yield found
        last = found[-1].position


def _without_seal(now: dt.datetime, caught_up_at: dt.datetime | None) -> Iterator[str]:
    sealed = AuditSeal.objects.filter(entry_id=OuterRef("pk"))
    waiting = AuditEntry.objects.filter(~Exists(sealed)).order_by("pk")
    late = AuditEntry.objects.none()
    if caught_up_at:
        late = waiting.filter(at__lt=caught_up_at - GRACE)
        for entry in late:
            yield f"Inserted: entry {entry.pk} has no seal, though later ones have."
    stale = waiting.filter(at__lt=now - GRACE).exclude(pk__in=late.values("pk")).count()
    if stale:
        yield f"{stale} entries wait for their seal for more than an hour: is the worker running?"
