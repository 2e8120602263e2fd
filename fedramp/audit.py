"""The one way into the audit log (AU-2), in the realm that keeps one."""

import datetime as dt

from cases import realm
from cases.models import Person

from .models import AuditEntry

Event = AuditEntry.Event


def record(
    event: AuditEntry.Event,
    *,
    now: dt.datetime,
    person: Person | None = None,
    address: str | None = None,
    page: str = "",
    about: str = "",
    detail: str = "",
) -> None:
    """One entry stands in the log, in the caller's transaction where there is one.

    A refusal is recorded after its request has been answered (`supportdesk.audit`), so that what
    the refusal undid does not undo this. Nothing is recorded where the realm keeps no log.
    """
    if not realm.current().keeps_audit_log:
        return
    AuditEntry.objects.create(
        at=now,
        event=event,
        person=person if person and person.pk else None,
        address=address,
        page=page[:80],
        about=about[:64],
        detail=detail[:200],
    )
