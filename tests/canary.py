"""A word in every text of the desk that a person can write: found anywhere else, it leaked.

The texts are those of the models, so a new one is included without being named; texts that no
person writes are named here, with the reason.
"""

import uuid
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from cases.fields import is_scrubbed
from cases.models import CarePlan, Person
from escalations.models import EscalationReason

CANARY = "marmotblueshift"
WORDS = f"The {CANARY} went by."
OURS = {"cases", "escalations", "fedramp"}
#: Models without text written by a person: codes, keys and digests, or made from other texts.
MADE = {
    "cases.Heartbeat",
    "cases.WorkerPulse",
    "cases.Notice",  # the mails themselves
    "escalations.Refusal",
    "fedramp.AuditEntry",
    "fedramp.AuditSeal",
    "fedramp.Invitation",
    "fedramp.KeyCheck",
    "fedramp.Pin",
    "fedramp.Placeholder",
    "fedramp.RealmMark",
    "fedramp.SessionMark",
    "fedramp.VouchedIdentity",
}
#: Models of the other realm, whose tables are empty here.
ELSEWHERE = {"cases.Applicant"}
#: Fields that no person writes, or that allow only certain values.
CODES = {
    "cases.Attachment.content_type",
    "cases.Attachment.sha256",
    "cases.BusinessCalendar.holiday_country",
    "cases.BusinessCalendar.holiday_subdivision",
    "cases.BusinessCalendar.time_zone",
    "cases.CareFeature.code",
    "cases.CarePlan.code",
    "cases.Case.number",
    "cases.Deployment.region",  # only us-east-2 (FED-8)
    "cases.Entry.job",
    "cases.Incident.number",
    "cases.Person.email",  # the address of mails: it is in each of them
    "cases.Person.password",
    "cases.Person.time_zone",
    "escalations.Escalation.criteria",
    "escalations.Escalation.decline_codes",
    "escalations.EscalationEntry.job",
    "escalations.EscalationReason.code",
    "fedramp.Redaction.removed",
    "fedramp.Redaction.target",
    "fedramp.ScrubReport.elsewhere",
}
TEXTS = (models.CharField, models.TextField, models.JSONField)


def text_fields() -> dict[type[models.Model], list[models.Field]]:
    """The texts that people write, by model; history is a copy of them."""
    found: dict[type[models.Model], list[models.Field]] = {}
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.app_label not in OURS or label in MADE | ELSEWHERE:
            continue
        if model.__name__.startswith("Historical"):
            continue
        fields = [
            each
            for each in model._meta.concrete_fields
            if isinstance(each, TEXTS) and not each.choices and f"{label}.{each.name}" not in CODES
        ]
        if fields:
            found[model] = fields
    return found


def missing_from(held: set[str]) -> set[str]:
    """The columns that must hold the word but do not: without it, the test would prove nothing.

    If two texts are never in one row together, one of them is only in the history.
    """
    wanted = {
        f"{model._meta.db_table}.{field.column}"
        for model, fields in text_fields().items()
        for field in fields
    }
    return wanted - held - {each.replace("_historical", "_", 1) for each in held}


def tables() -> set[str]:
    """The tables that may hold the word: the texts, their history, the drafts of a session, and the
    names that staff gave or confirmed, which are copied from the people."""
    texts = {model._meta.db_table for model in text_fields()}
    copies = {"django_session", "fedramp_vouchedidentity"}
    return texts | {each.replace("_", "_historical", 1) for each in texts} | copies


def write_everywhere(words: str = WORDS, *, scrubbed_alone: bool = False) -> None:
    """Writes the words to each text of one row of each model, and to its history; or only to those
    that the realm's scrubber sees.

    People come last: a person's name is removed from the texts of cases (FED-7).
    """
    found = text_fields()
    for model, fields in sorted(found.items(), key=lambda item: item[0].__name__ == "Person"):
        row = a_row(model)
        values = {
            field.attname: words_for(field, words)
            for field in fields
            if is_scrubbed(field) or not scrubbed_alone
        }
        for name, more in constrained(model).items():
            if name in values:
                _write(row, {name: values.pop(name), **more})
        if values:
            _write(row, values)


def _write(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=values)


def words_for(field: models.Field, words: str = WORDS) -> str:
    if isinstance(field, models.EmailField):
        return f"{CANARY}@both.example"
    if words == WORDS and (isinstance(field, models.SlugField) or (field.max_length or 99) < 30):
        return CANARY
    return words[: field.max_length]


def a_row(model: Any) -> Any:
    """A row of the model; if there is none, a new one with only the required fields."""
    if row := model._base_manager.order_by("pk").first():
        return row
    values = {
        each.name: value_for(each)
        for each in model._meta.concrete_fields
        if not (each.primary_key or each.null or each.has_default())
        and not (isinstance(each, TEXTS) and each.blank)
    }
    row = model(**values, **made_with(model))
    row.save()
    return row


def constrained(model: Any) -> dict[str, dict[str, Any]]:
    """The further values that a row needs to hold this text."""
    now = timezone.now()
    return {
        "cases.Incident": {
            "correction": {"restored_at": None, "summary": ""},
            "summary": {"restored_at": now, "correction": ""},
        },
        "escalations.OwnerReview": {"answer": _answered(now)},
        "fedramp.Skill": {"withdrawn_because": {"withdrawn_at": now}},
    }.get(model._meta.label, {})


def _answered(now: Any) -> dict[str, Any]:
    somebody = Person.objects.order_by("pk").first()
    return {"state": "done", "answered_by": somebody, "answered_at": now}


def made_with(model: Any) -> dict[str, Any]:
    """The values that a new row needs besides its ordinary required fields."""
    somebody = Person.objects.order_by("pk").first()
    return {
        "cases.Recomputation": {"plan": CarePlan.objects.first(), "finished_at": timezone.now()},
        "escalations.EscalationEntry": {"author": somebody},
        "escalations.OwnerReview": {
            **_answered(timezone.now()),
            "reason": EscalationReason.objects.first(),
            "answer": WORDS,
        },
        "fedramp.Redaction": {"target": "cases.case:1:subject"},
    }.get(model._meta.label, {})


def value_for(field: Any) -> Any:
    if field.is_relation:
        return a_row(field.related_model)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.now().date()
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.FileField):
        return "nowhere.log"
    return words_for(field) if isinstance(field, TEXTS) else 1
