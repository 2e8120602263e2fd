"""Severity: Product Support has the final authority (SEV-2)."""

import datetime as dt
import uuid

from django.db import transaction

from ..actors import Actor
from ..errors import Invalid, NotAllowed, NotPossible
from ..models import Case, Entry, Severity
from ..notices import notify
from ..persistence import save_case
from .entries import write_entry
from .locks import check_version, lock_case
from .submissions import already_done
from .texts import can_be_called, checked, checked_line


def change_severity(
    *,
    case_id: int,
    severity: int,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    phone_24x7: str = "",
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Case:
    """The case has this severity; the customer can read the reason, and is told (SEV-2).

    Raises NotAllowed (only staff with the permission), NotPossible (closed), Invalid (no reason,
    no change, or Critical without a 24x7 number that can be called: ACC-6), CaseChanged.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if not actor.may("cases.change_severity"):
            raise NotAllowed("Only Product Support can change the severity.")
        label = Severity(severity).label if severity in Severity.values else ""
        if already_done(case, submission, actor=actor, text=reason, to_value=label):
            return case
        check_version(case, seen_version, actor=actor)
        if not case.is_open:
            raise NotPossible("The case is closed: reopen it first.")
        if severity not in Severity.values:
            raise Invalid("severity", "Choose a severity.")
        if severity == case.severity:
            raise Invalid("severity", f"The severity is already {case.get_severity_display()}.")
        reason = checked("text", reason, needed="Give the reason; the customer can read it.")
        phone = checked_line("phone_24x7", phone_24x7, most=40) or case.phone_24x7
        if severity == Severity.CRITICAL and not can_be_called(phone):
            raise Invalid(
                "phone_24x7",
                "A Critical case needs the customer's 24x7 telephone number, with country code.",
            )
        before = case.get_severity_display()
        case.severity = severity
        case.phone_24x7 = phone
        save_case(
            case,
            actor=actor,
            now=now,
            why="severity.change_severity",
            public=True,
            fields=["severity", "phone_24x7"],
        )
        entry = write_entry(
            case,
            actor=actor,
            now=now,
            event=Entry.Event.SEVERITY,
            body=reason,
            from_value=before,
            to_value=case.get_severity_display(),
            submission=submission,
        )
        notify("severity", case=case, entry=entry, actor=actor, now=now)
        if case.severity == Severity.CRITICAL:
            notify("critical", case=case, entry=entry, actor=actor, now=now)
    return case
