"""Whose word a name is: texts are searched for what others call a person, not for what he says.

FED-7. Others are staff, whoever granted the access, a command or a job; and an invitation confirms
what the person is called when it is sent. The own profile changes nothing here: the name that
others gave stays known, since earlier texts say it.
"""

from typing import Any

from cases.models import Person

from ..models import VouchedIdentity

FIELDS = ("name", "phone")


def vouch(person: Person) -> None:
    """What the person is called now is confirmed by whoever acts."""
    values = {field: getattr(person, field) for field in FIELDS}
    VouchedIdentity.objects.update_or_create(person=person, defaults=values)


def note_history(
    sender: Any, instance: Any, history_instance: Any, history_user: Any = None, **kwargs: Any
) -> None:
    """A person was made, or the name or number changed, by somebody else: it is vouched for."""
    if not isinstance(instance, Person) or history_instance.history_type == "-":
        return
    if history_user is not None and history_user.pk == instance.pk:
        return
    rows = type(history_instance).objects.filter(
        id=history_instance.id, history_id__lt=history_instance.history_id
    )
    before = rows.order_by("-history_id").values(*FIELDS).first() or {}
    changed = {
        field: getattr(history_instance, field)
        for field in FIELDS
        if before.get(field) != getattr(history_instance, field)
    }
    if changed:
        VouchedIdentity.objects.update_or_create(person=instance, defaults=changed)
