"""Restoring the service of a platform incident: all its cases at once (RCA-1, SLA-3)."""

import datetime as dt

from django.db import transaction

from ..actors import Actor
from ..errors import Invalid, NotAllowed, NotPossible
from ..models import Case, Entry, Incident, Severity
from ..notices import notify
from .saving import lock_case, save, save_case, write_entry
from .texts import checked

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
        cases = list(incident.cases.order_by("pk").values_list("pk", "created_at", "severity"))
        at = _checked_time(restored_at, min((made for _, made, _ in cases), default=None), now=now)
        if not summary and any(severity == Severity.CRITICAL for _, _, severity in cases):
            raise Invalid("summary", NO_SUMMARY)
        incident.restored_at = at
        incident.summary = summary
        fields = ["restored_at", "summary"]
        save(incident, actor=actor, now=now, why="incidents.restore_service", fields=fields)
        for case_id, _, _ in cases:
            case = lock_case(case_id)
            if case.incident_id == incident.pk:  # it may have left before its lock was had
                _restore(case, incident, actor=actor, now=now)
    return incident


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


def _restore(case: Case, incident: Incident, *, actor: Actor, now: dt.datetime) -> None:
    case.incident = incident
    why = "incidents.restore_service"
    save_case(case, actor=actor, now=now, why=why, public=True, fields=[])
    entry = write_entry(
        case,
        actor=actor,
        now=now,
        event=Entry.Event.RESTORED,
        body=incident.summary,
        to_value=incident.number,
    )
    notify("restored", case=case, entry=entry, actor=actor, now=now)
