"""Restoring the service of a platform incident: all its cases at once (RCA-1, SLA-3)."""

import datetime as dt

from django.db import transaction

from ..actors import Actor
from ..errors import Invalid, NotAllowed, NotPossible
from ..models import Case, Entry, Incident, Severity
from ..notices import notify_all
from .saving import new_entry, save, save_cases, write_entries
from .texts import checked

WHY = "incidents.restore_service"
NO_SUMMARY = "A Critical case needs a preliminary incident summary; its customer reads it (RCA-1)."


def lock_incident(incident_id: int) -> Incident:
    """The incident under its row lock, which comes before those of its cases."""
    assert transaction.get_connection().in_atomic_block, "a lock needs a transaction"
    return Incident.objects.select_for_update().get(pk=incident_id)


def restore_service(
    *,
    incident_id: int,
    restored_at: dt.datetime | None,
    summary: str,
    actor: Actor,
    now: dt.datetime,
) -> Incident:
    """Service is restored since then, in every case of the incident, or in none.

    The restoration clocks are met, or were too late, at the stated time; the clock of the root
    cause analysis starts then, where it is owed (RCA-3). The summary is a public entry in each
    case, closed ones too, and the contacts are told (RCA-1). A second click finds it done.

    Raises NotAllowed, NotPossible (restored before, otherwise), Invalid (no time, one that cannot
    be, or no summary although a case of the incident is Critical).
    """
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if not actor.may("cases.manage_incident"):
            raise NotAllowed("Your role does not restore platform incidents.")
        summary = checked("summary", summary)
        if incident.restored_at is not None:
            if (incident.restored_at, incident.summary) == (restored_at, summary):
                return incident
            raise NotPossible("The service was restored already; that stands in the cases.")
        cases = _lock_cases(incident)
        earliest = min((case.created_at for case in cases), default=None)
        at = _checked_time(restored_at, earliest, now=now)
        if not summary and any(case.severity == Severity.CRITICAL for case in cases):
            raise Invalid("summary", NO_SUMMARY)
        incident.restored_at = at
        incident.summary = summary
        fields = ["restored_at", "summary"]
        save(incident, actor=actor, now=now, why=WHY, fields=fields)
        save_cases(cases, actor=actor, now=now, why=WHY, public=True, fields=[])
        entries = [
            new_entry(
                case,
                actor=actor,
                now=now,
                event=Entry.Event.RESTORED,
                body=summary,
                to_value=incident.number,
            )
            for case in cases
        ]
        write_entries(entries, actor=actor, now=now, why=WHY)
        notify_all("restored", entries, actor=actor, now=now)
    return incident


def _lock_cases(incident: Incident) -> list[Case]:
    """The cases of the incident under their locks, with all that is read of them below."""
    locked = incident.cases.select_for_update(of=("self",)).order_by("pk")
    read = locked.select_related("owner", "contact", "organization__calendar", "deployment")
    cases = list(read)
    for case in cases:
        case.incident = incident  # one object: it is restored for all of them
    return cases


def _checked_time(
    restored_at: dt.datetime | None, earliest: dt.datetime | None, *, now: dt.datetime
) -> dt.datetime:
    if restored_at is None:
        raise Invalid("restored_at", "Say when the service was restored.")
    if restored_at > now:
        raise Invalid("restored_at", "This is in the future: say it once the service works again.")
    # What was stated to the minute may lie some seconds before the opening of that minute.
    if earliest is not None and restored_at < earliest.replace(second=0, microsecond=0):
        raise Invalid("restored_at", "No case of the incident was open yet then.")
    return restored_at
