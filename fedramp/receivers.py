"""Records changes of rights in the audit log (AU-2), whoever makes them, and however."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone
from simple_history.models import HistoricalRecords
from simple_history.signals import post_create_historical_record

from cases.models import Membership, Person

from .audit import Event, record
from .models import OidcAccount, Skill

FLAGS = ("is_active", "is_staff", "is_superuser")


def note_history(
    sender: Any, instance: Any, history_instance: Any, history_user: Any = None, **kwargs: Any
) -> None:
    """Record a row of the history that changed what a person may do."""
    if isinstance(instance, Person):
        person_id, detail = instance.pk, _flags(history_instance)
    elif isinstance(instance, Membership):
        kind = {"+": "given", "~": "changed", "-": "taken"}[history_instance.history_type]
        person_id = instance.person_id
        detail = f"{instance.role} of organization {instance.organization_id} {kind}"
    elif isinstance(instance, Skill):
        person_id = instance.person_id
        detail = f"skill {'withdrawn' if instance.withdrawn_at else 'attested'}"
    elif isinstance(instance, OidcAccount):
        person_id, detail = instance.person_id, "account at the provider bound"
    else:
        return
    if detail:
        _record(person_id, detail, by=history_user, at=history_instance.history_date)


def _flags(row: Any) -> str:
    """Which flags changed; all of them for a new person."""
    before = (
        type(row)
        .objects.filter(id=row.id, history_id__lt=row.history_id)
        .order_by("-history_id")
        .values(*FLAGS)
        .first()
    )
    changed = [
        f"{flag} {getattr(row, flag)}"
        for flag in FLAGS
        if (before or {}).get(flag, False) != getattr(row, flag)
    ]
    return ", ".join(changed)


def note_roles(
    sender: Any,
    instance: Any,
    action: str,
    model: Any = None,
    reverse: bool = False,
    pk_set: set[int] | None = None,
    **kwargs: Any,
) -> None:
    """Record roles and single permissions that a person gets or loses."""
    if action == "pre_clear" and reverse:  # afterwards nobody knows who had it
        for pk in model.objects.filter(**_having(instance)).order_by("pk").values_list("pk"):
            _record(pk[0], f"{_named(instance)} taken")
    if action == "post_clear" and not reverse:
        _record(instance.pk, "all of them taken")
    if action not in ("post_add", "post_remove") or not pk_set:
        return
    done = "given" if action == "post_add" else "taken"
    if reverse:
        for pk in sorted(pk_set):
            _record(pk, f"{_named(instance)} {done}")
    else:
        for each in model.objects.filter(pk__in=pk_set).order_by("pk"):
            _record(instance.pk, f"{_named(each)} {done}")


def note_factor(
    sender: Any, instance: Authenticator, created: bool | None = None, **kwargs: Any
) -> None:
    """Record a second factor that a person now has (`created`), or lost (None: deleted)."""
    if created is not False:
        done = "added" if created else "removed"
        _record(instance.user_id, f"second factor {instance.type} {done}")


def _having(right: Group | Permission) -> dict[str, Any]:
    return {"user_permissions" if isinstance(right, Permission) else "groups": right}


def _named(right: Group | Permission) -> str:
    return right.codename if isinstance(right, Permission) else f"role {right.name}"


def _record(person_id: int | None, detail: str, *, by: Any = None, at: Any = None) -> None:
    request = getattr(HistoricalRecords.context, "request", None)
    if by is None and request is not None and request.user.is_authenticated:
        by = request.user
    about = f"person {person_id}" if person_id else ""
    record(Event.RIGHTS, now=at or timezone.now(), person=by, about=about, detail=detail)


def watch() -> None:
    """Call once, when the apps are ready."""
    post_create_historical_record.connect(note_history, dispatch_uid="audit-history")
    post_save.connect(note_factor, sender=Authenticator, dispatch_uid="audit-factor-added")
    post_delete.connect(note_factor, sender=Authenticator, dispatch_uid="audit-factor-removed")
    for through in (Person.groups.through, Person.user_permissions.through):
        m2m_changed.connect(note_roles, sender=through, dispatch_uid=f"audit-{through.__name__}")
