"""The only way into the audit log (AU-2), in the realm that keeps one."""

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
    """Write one entry into the log, in the caller's transaction if there is one.

    A refusal is recorded after its request was answered (`sign_in.audit`), so that undoing the
    request does not undo the record. Nothing is recorded if the realm keeps no log.
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
