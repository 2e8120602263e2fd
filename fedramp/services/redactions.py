"""Redacting what should never have been written here (FED-1): a whole case, or a text or file."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import capfirst

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.extension import cases_closed
from cases.models import Attachment, Case, Entry, Notice
from cases.notices import notify
from cases.persistence import save, save_case
from cases.services.entries import write_entry
from cases.services.files import files_in_transaction
from cases.services.lifecycle import STATE_FIELDS
from cases.services.locks import lock_case
from cases.services.texts import checked

from ..models import Redaction
from ..redaction.places import REDACTED, Place, places, redact_case, redact_file, redact_text

REDACT = "fedramp.redact"
REDIRECT = "fedramp.redirect_case"
DECIDED = ["state", "decided_by", "decided_at", "removed"]
REDIRECTED = (
    "This organization's cases belong in the FedRAMP portal{where}. The case was closed, and "
    "what was written in it was redacted. Please open it there."
)


def redirect_case(*, case_id: int, reason: str, actor: Actor, now: dt.datetime) -> Redaction:
    """The case is closed as redirected, the link is mailed to its contact, and its words are gone.

    One transaction (FED-1): number, times and people stay. Raises NotAllowed without the right;
    NotPossible if the case belongs here, or was redirected before; Invalid without a reason.
    """
    if not (actor.may(REDIRECT) and actor.may("cases.work_case")):
        raise NotAllowed("Your role does not allow you to redirect cases.")
    reason = checked("reason", reason, most=1000, needed="Say how you noticed it.")
    with files_in_transaction():
        case = lock_case(case_id, wherever_it_belongs=True)
        if realm.current().may_open_for(case.organization):
            raise NotPossible("This organization's cases belong here.")
        return redirect_locked(case, reason=reason, actor=actor, now=now)


def redirect_locked(case: Case, *, reason: str, actor: Actor, now: dt.datetime) -> Redaction:
    """Like `redirect_case`, for a case that the caller locked and an actor who may do it.

    Raises NotPossible if it was redirected before.
    """
    with files_in_transaction():
        if Redaction.objects.filter(case=case, what=Redaction.What.CASE).exists():
            raise NotPossible("The case has already been redirected.")
        if case.is_open:
            _close(case, actor=actor, now=now)
        where = f": {settings.FEDRAMP_PORTAL_URL}" if settings.FEDRAMP_PORTAL_URL else ""
        words = REDIRECTED.format(where=where)
        redaction = Redaction(
            case=case,
            what=Redaction.What.CASE,
            state=Redaction.State.DONE,
            reason=reason,
            asked_by=actor.person,
            asked_at=now,
            decided_by=actor.person,
            decided_at=now,
            removed=redact_case(case),
        )
        save(redaction, actor=actor, now=now, why="redacting.redirect")
        write_entry(case, actor=actor, now=now, event=Entry.Event.MESSAGE, body=words)
        notify(
            "redirected",
            str(case.pk),
            case=case,
            actor=actor,
            now=now,
            reader=case.contact,
            number=case.number,
            url=settings.FEDRAMP_PORTAL_URL,
        )
    return redaction


def _close(case: Case, *, actor: Actor, now: dt.datetime) -> None:
    """Closed as by staff, with everything that depends on it: clocks, and escalation (MGT-5)."""
    before = case.get_state_display()
    case.close(now=now)
    save_case(
        case, actor=actor, now=now, why="redacting.redirect", public=True, fields=STATE_FIELDS
    )
    entry = write_entry(
        case,
        actor=actor,
        now=now,
        event=Entry.Event.CLOSED,
        body="Redirected.",
        from_value=before,
        to_value=case.get_state_display(),
    )
    notify("closed", case=case, entry=entry, actor=actor, now=now)
    cases_closed.send(Case, cases=[case], actor=actor, now=now)


# --- One text or file, by two people


@dataclass(frozen=True)
class Target:
    """A text or file of a case that can be redacted."""

    key: str
    label: str
    begins: str
    is_file: bool = False


def targets(case: Case) -> list[Target]:
    """Every text and file of the case that is not empty or redacted.

    Mails, and reasons that people gave for a redaction, are redacted with the text they carry.
    """
    found = []
    for place in places():
        if place.model is Notice or place.model._meta.app_label == "fedramp":
            continue
        for row in place.rows(case).order_by("pk"):
            if place.model is Attachment:
                if row.name != REDACTED:
                    found.append(Target(_key(place, row.pk, "file"), "File", row.name, True))
                continue
            for field in place.fields:
                value = getattr(row, field)
                if value and value != REDACTED and field not in ("from_value", "to_value"):
                    label = f"{place.model._meta.verbose_name} {row.pk}: " + str(
                        place.model._meta.get_field(field).verbose_name
                    )
                    found.append(Target(_key(place, row.pk, field), capfirst(label), value[:80]))
    return found


def _key(place: Place, row_id: int, field: str) -> str:
    return f"{place.label}:{row_id}:{field}"


def ask(*, case_id: int, target: str, reason: str, actor: Actor, now: dt.datetime) -> Redaction:
    """The redaction of one text or file waits for a second person; nothing is redacted yet.

    Raises NotAllowed without the right; Invalid for a target that the case does not have, or no
    reason; NotPossible if it waits already.
    """
    if not actor.may(REDACT):
        raise NotAllowed("Your role does not allow you to redact.")
    reason = checked("reason", reason, most=1000, needed="Say why it must be redacted.")
    with transaction.atomic():
        case = lock_case(case_id, wherever_it_belongs=True)
        chosen = next((each for each in targets(case) if each.key == target), None)
        if chosen is None:
            raise Invalid("target", "Choose a text or file of this case.")
        redaction = Redaction(
            case=case,
            what=Redaction.What.FILE if chosen.is_file else Redaction.What.TEXT,
            target=target,
            reason=reason,
            asked_by=actor.person,
            asked_at=now,
        )
        try:
            with transaction.atomic():
                save(redaction, actor=actor, now=now, why="redacting.ask")
        except IntegrityError:
            raise NotPossible("Its redaction is already waiting for a second person.") from None
    return redaction


def decide(*, redaction_id: int, confirmed: bool, actor: Actor, now: dt.datetime) -> Redaction:
    """Confirmed by a second person, the text or file is gone; else the request is declined.

    Raises NotAllowed without the right and for the requestor; NotPossible if it was decided.
    """
    if not actor.may(REDACT):
        raise NotAllowed("Your role does not allow you to redact.")
    with files_in_transaction():
        case_id = Redaction.objects.values_list("case_id", flat=True).get(pk=redaction_id)
        case = lock_case(case_id, wherever_it_belongs=True)
        redaction = Redaction.objects.select_for_update().get(pk=redaction_id)
        if actor.person is None or redaction.asked_by_id == actor.person.pk:
            raise NotAllowed("A second person must confirm it: you requested it yourself.")
        if redaction.state != Redaction.State.ASKED:
            raise NotPossible("This has already been decided.")
        redaction.state = Redaction.State.DECLINED
        if confirmed:
            redaction.state = Redaction.State.DONE
            redaction.removed = _redact(case, redaction.target)
        redaction.decided_by, redaction.decided_at = actor.person, now
        save(redaction, actor=actor, now=now, why="redacting.decide", fields=DECIDED)
    return redaction


def _redact(case: Case, target: str) -> list[dict[str, object]]:
    label, row_id, field = target.split(":")
    place = next(each for each in places() if each.label == label)
    if place.model is Attachment:
        return [redact_file(Attachment.objects.get(pk=int(row_id), entry__case=case))]
    return redact_text(case, place, int(row_id), field)
