"""A platform incident: its name, and restoring its service in all cases at once (RCA-1, SLA-3)."""

import datetime as dt

from django.db import transaction
from django.db.models import Min

from .. import realm
from ..actors import Actor
from ..errors import Invalid, NotAllowed, NotPossible
from ..models import Case, Entry, Incident, Severity
from ..notices import notify_all
from ..persistence import save, save_cases
from ..rules.incident_times import IncidentTimes
from .analyses import TITLE_MAX
from .entries import new_entry, write_entries
from .texts import checked, checked_line

NO_SUMMARY = "A Critical case needs a preliminary incident summary; its customer reads it (RCA-1)."


def lock_incident(incident_id: int) -> Incident:
    """The incident under its row lock, which is taken before those of its cases."""
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
    """Service is restored since then in every case of the incident, or in none.

    The restoration clocks are met, or were too late, at the stated time; the clock of the root
    cause analysis starts then, if it is owed (RCA-3). The summary is a public entry in each
    case, including closed ones, and the contacts are told (RCA-1). A second click finds it done.

    Raises NotAllowed, NotPossible (restored before, differently), Invalid (no time, an impossible
    one, or no summary although a case of the incident is Critical).
    """
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if not actor.may("cases.manage_incident"):
            raise NotAllowed("Your role does not allow you to restore platform incidents.")
        summary = checked("summary", summary)
        if incident.restored_at is not None:
            if incident.restored_at == restored_at and _is(incident, incident.summary, summary):
                return incident
            raise NotPossible("The service has already been restored; the cases say so.")
        cases = _lock_cases(incident)
        earliest = min((case.created_at for case in cases), default=None)
        at = _checked_time(restored_at, earliest, now=now)
        if incident.impact_began_at and at < incident.impact_began_at:
            raise Invalid("restored_at", "The impact had not begun at that time.")
        if not summary and any(case.severity == Severity.CRITICAL for case in cases):
            raise Invalid("summary", NO_SUMMARY)
        incident.restored_at, incident.summary, incident.correction = at, summary, ""
        _tell(incident, cases, Entry.Event.RESTORED, summary, actor=actor, now=now)
    return incident


def withdraw_restoration(
    *, incident_id: int, seen: dt.datetime, reason: str, actor: Actor, now: dt.datetime
) -> Incident:
    """The service was not restored: the incident goes on in every case, or in none.

    The restoration clocks go on from where they started, and may be overdue; the clock of a root
    cause analysis that counted from the restoration is cancelled, and what was delivered stays
    (`rules.clocks.TABLE`). The reason is a public entry in each case, including closed ones.
    People who were told of the restoration are told of the correction; earlier entries stay. `seen`
    is the restoration that the person saw. A second click finds it done.

    Raises NotAllowed, NotPossible (not restored, or differently since), Invalid (no reason).
    """
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if not actor.may("cases.manage_incident"):
            raise NotAllowed("Your role does not allow you to restore platform incidents.")
        reason = checked("reason", reason, needed="Say why; the customers can read it.")
        if incident.restored_at is None and _is(incident, incident.correction, reason):
            return incident
        if incident.restored_at != seen:
            raise NotPossible("This restoration has already been withdrawn; check the incident.")
        cases = _lock_cases(incident)
        incident.restored_at, incident.summary, incident.correction = None, "", reason
        incident.resolved_at = None  # without a restoration there is no resolution (SLA-9)
        _tell(incident, cases, Entry.Event.NOT_RESTORED, reason, actor=actor, now=now)
    return incident


def rename_incident(
    *, incident_id: int, seen: str, title: str, actor: Actor, now: dt.datetime
) -> Incident:
    """The incident has this name, which only staff see. `seen` is the name that the person saw.

    Raises NotAllowed, NotPossible (renamed by somebody else meanwhile), Invalid (no name, or one
    that is too long). A second click finds it done.
    """
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if not actor.may("cases.manage_incident"):
            raise NotAllowed("Your role does not allow you to name platform incidents.")
        title = checked_line("title", title, most=TITLE_MAX, needed="Give the incident a name.")
        if _is(incident, incident.title, title):
            return incident
        if incident.title != seen:
            raise NotPossible(f"Somebody renamed it “{incident.title}” in the meantime.")
        incident.title = title
        why = "incidents.rename_incident"
        save(incident, actor=actor, now=now, why=why, fields=["title"])
    return incident


def state_times(
    *,
    incident_id: int,
    seen: str,
    impact_began_at: dt.datetime | None,
    resolved_at: dt.datetime | None,
    actor: Actor,
    now: dt.datetime,
) -> Incident:
    """When the impact began and the root cause was resolved, as far as known (SLA-9).

    No clock depends on these times: they only measure. `seen` is `times_seen` of the incident that
    the person saw. A second click finds it done.

    Raises NotAllowed, NotPossible (stated differently meanwhile), Invalid (in the future, the
    impact after the restoration, the root cause resolved before it).
    """
    with transaction.atomic():
        incident = lock_incident(incident_id)
        if not actor.may("cases.manage_incident"):
            raise NotAllowed("Your role does not allow you to set the times of platform incidents.")
        if (incident.impact_began_at, incident.resolved_at) == (impact_began_at, resolved_at):
            return incident
        if times_seen(incident) != seen:
            raise NotPossible("Somebody set these times in the meantime; check the incident.")
        restored = incident.restored_at
        for name, at in (("impact_began_at", impact_began_at), ("resolved_at", resolved_at)):
            if at is not None and at > now:
                raise Invalid(name, "This is in the future.")
        if impact_began_at and restored and impact_began_at > restored:
            raise Invalid("impact_began_at", "The service had already been restored at that time.")
        if resolved_at and (restored is None or resolved_at < restored):
            raise Invalid("resolved_at", "The service had not been restored yet at that time.")
        incident.impact_began_at, incident.resolved_at = impact_began_at, resolved_at
        fields = ["impact_began_at", "resolved_at"]
        save(incident, actor=actor, now=now, why="incidents.state_times", fields=fields)
    return incident


def times_seen(incident: Incident) -> str:
    """The stated times in the form's format."""
    return "|".join(
        at.isoformat() if at else "" for at in (incident.impact_began_at, incident.resolved_at)
    )


def times_of(incident: Incident) -> IncidentTimes:
    """How long it took, or is taking (SLA-9). One query if the first case is not annotated."""
    first = getattr(incident, "first_case_at", None)
    if first is None:
        first = incident.cases.aggregate(at=Min("created_at"))["at"]
    return IncidentTimes(
        opened_at=min(filter(None, [first, incident.created_at])),
        impact_began_at=incident.impact_began_at,
        restored_at=incident.restored_at,
        resolved_at=incident.resolved_at,
    )


#: The reason for the history, and the type of the notice.
_TOLD_AS: dict[str, tuple[str, str]] = {
    Entry.Event.RESTORED: ("incidents.restore_service", "restored"),
    Entry.Event.NOT_RESTORED: ("incidents.withdraw_restoration", "not_restored"),
}


def _tell(
    incident: Incident,
    cases: list[Case],
    event: Entry.Event,
    words: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """The changed incident is stored, its cases and their people are told, and the clocks set."""
    why, notice = _TOLD_AS[event]
    fields = ["restored_at", "resolved_at", "summary", "correction"]
    save(incident, actor=actor, now=now, why=why, fields=fields)
    save_cases(cases, actor=actor, now=now, why=why, public=True, fields=[])
    entries = [
        new_entry(case, actor=actor, now=now, event=event, body=words, to_value=incident.number)
        for case in cases
    ]
    write_entries(entries, actor=actor, now=now, why=why)
    notify_all(notice, entries, actor=actor, now=now)


def _is(incident: Incident, stored: str, typed: str) -> bool:
    """Whether `typed` is what was stored, after the realm's rules for stored texts."""
    return stored == realm.current().scrub(typed, about=incident)


def _lock_cases(incident: Incident) -> list[Case]:
    """The cases of the incident under their locks, with everything that is read from them below."""
    locked = incident.cases.select_for_update(of=("self",)).order_by("pk")
    read = locked.select_related("owner", "contact", "organization__calendar", "deployment")
    cases = list(read)
    for case in cases:
        case.incident = incident  # one object: a restoration is seen by all of them
    return cases


def _checked_time(
    restored_at: dt.datetime | None, earliest: dt.datetime | None, *, now: dt.datetime
) -> dt.datetime:
    if restored_at is None:
        raise Invalid("restored_at", "Say when the service was restored.")
    if restored_at > now:
        raise Invalid(
            "restored_at", "This is in the future: record it once the service works again."
        )
    # A time given to the minute may be some seconds before the opening within that minute.
    if earliest is not None and restored_at < earliest.replace(second=0, microsecond=0):
        raise Invalid("restored_at", "No case of the incident was open yet at that time.")
    return restored_at
