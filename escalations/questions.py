"""HELP-2: the questions of a help form as shown; part of the form, compared when it is sent.

Operations administrators edit reasons and questions while forms are open. An answer is stored only
under the question that its writer read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core import signing

from .models import EscalationReason

_SALT = "escalations.questions"


@dataclass(frozen=True)
class Question:
    """One further question, as the contact read it."""

    pk: int
    text: str
    help_text: str


@dataclass(frozen=True)
class Asked:
    """A reason with its questions, as a form showed them."""

    label: str
    help_text: str
    routing: str
    questions: tuple[Question, ...]


def asked(reason: EscalationReason) -> Asked:
    """The reason as a form shows it now. Costs no query if the prompts are prefetched."""
    return Asked(
        reason.label,
        reason.help_text,
        reason.routing,
        tuple(
            Question(prompt.pk, prompt.question, prompt.help_text)
            for prompt in reason.prompts.all()
            if prompt.is_active
        ),
    )


def signed(reasons: Iterable[EscalationReason]) -> str:
    """The value of the form's hidden field, signed: only the desk can say what a form asked."""
    shown = {reason.code: asked(reason) for reason in reasons}
    plain = {
        code: [
            each.label,
            each.help_text,
            each.routing,
            [[one.pk, one.text, one.help_text] for one in each.questions],
        ]
        for code, each in shown.items()
    }
    return signing.dumps(plain, salt=_SALT, compress=True)


def read(field: str) -> dict[str, Asked] | None:
    """What the form asked, by the reasons' codes; None if the desk did not sign it."""
    try:
        plain = signing.loads(field, salt=_SALT)
    except signing.BadSignature:
        return None
    return {
        code: Asked(label, help_text, routing, tuple(Question(*each) for each in questions))
        for code, (label, help_text, routing, questions) in plain.items()
    }


def changes(before: Asked | None, now: Asked | None) -> list[str]:
    """What has changed for a contact who chose this reason, in sentences; empty if nothing has."""
    if before is None:
        return [f"“{now.label}” was not offered when the form was shown."] if now else []
    if now is None:
        return [f"“{before.label}” is no longer offered: choose another reason."]
    said = []
    if before.label != now.label:
        said.append(f"“{before.label}” is now called “{now.label}”.")
    if before.routing != now.routing:
        routing = EscalationReason.Routing(now.routing).label
        said.append(f"“{now.label}” {routing[0].lower()}{routing[1:]} now.")
    if before.help_text != now.help_text:
        said.append(f"The explanation of “{now.label}” has changed.")
    return said + _changed_questions(before, now)


def _changed_questions(before: Asked, now: Asked) -> list[str]:
    old = {each.pk: each for each in before.questions}
    new = {each.pk: each for each in now.questions}
    said = [f"“{each.text}” is no longer asked." for pk, each in old.items() if pk not in new]
    for pk, each in new.items():
        if pk not in old:
            said.append(f"“{each.text}” is now asked.")
        elif old[pk].text != each.text:
            said.append(f"Instead of “{old[pk].text}” the form now asks: “{each.text}”")
        elif old[pk].help_text != each.help_text:
            said.append(f"The explanation of “{each.text}” has changed.")
    return said


def texts(shown: Mapping[str, Asked] | None) -> dict[int, str]:
    """The questions of a form by their primary keys, whichever reason they belong to."""
    return {each.pk: each.text for one in (shown or {}).values() for each in one.questions}
