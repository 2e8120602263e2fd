"""The skill, for access administrators: a queue, and a form for each action."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from cases.admin.base import ReadOnlyAdmin, staff_of
from cases.admin.object_actions import ObjectAction, ObjectActionsAdmin
from cases.form_fields import TextField
from cases.forms import ServiceForm
from cases.models import Person

from ..models import Skill
from ..services import skills
from .queues import REVIEW_SPAN

LIST = "admin:fedramp_skill_changelist"


class StateFilter(admin.SimpleListFilter):
    """The queue: skills that need attention come first."""

    title = "state"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("review", "Review due"),
            ("run_out", "Run out"),
            ("valid", "Valid"),
            ("withdrawn", "Withdrawn or replaced"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now, rows = timezone.now(), Skill.objects
        chosen = {
            "review": rows.due_for_review(now, REVIEW_SPAN),
            "run_out": rows.run_out(now),
            "valid": rows.valid(now),
            "withdrawn": rows.exclude(withdrawn_at=None),
        }.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(pk__in=chosen.values("pk"))


class AttestForm(ServiceForm):
    person = forms.ModelChoiceField(
        Person.objects.none(), label="Member of staff", empty_label="Choose the person"
    )
    status = forms.ChoiceField(choices=Skill.Status, widget=forms.RadioSelect)
    is_in_us = forms.BooleanField(
        label="Is located in the United States", help_text="The person lives and works there."
    )
    evidence = TextField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you saw, and where it is filed. No copies, and no document numbers.",
    )
    ends_on = forms.DateField(
        label="Valid until",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=f"The last day, at most {settings.FEDRAMP_SKILL_DAYS} days from now.",
    )

    def __init__(self, *args: Any, attester: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Person.objects.filter(is_staff=True, is_active=True).exclude(pk=attester.pk)
        self.fields["person"].queryset = staff.order_by("name")  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        # "To the end of that day in the United States" would be vague: UTC is unambiguous.
        last = values.pop("ends_on")
        del values["submission"]
        ends_at = dt.datetime.combine(last, dt.time(23, 59, 59), tzinfo=dt.UTC)
        person_id = values.pop("person").pk
        return {**values, "person_id": person_id, "ends_at": ends_at}

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error("ends_on" if field == "ends_at" else field, error)


class WithdrawForm(ServiceForm):
    reason = TextField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def arguments(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


ATTEST = ObjectAction[Any](
    name="attest",
    route="attest/",
    model=Skill,
    label="Attest",
    title="Attest the FedRAMP skill",
    help="You state this in your own name. Nobody can attest their own skill.",
    form=AttestForm,
    begins=lambda request, nothing: {
        "person": request.GET.get("person", ""),
        "ends_on": (timezone.now() + dt.timedelta(days=settings.FEDRAMP_SKILL_DAYS - 1)).date(),
    },
    options=lambda request, nothing: {"attester": staff_of(request)},
    permissions=(skills.PERMISSION,),
    service=lambda it: skills.attest(**it.by, **it.typed),
    done=lambda it, skill: f"{skill.person} has the FedRAMP skill.",
)
WITHDRAW = ObjectAction[Skill](
    name="withdraw",
    model=Skill,
    objects=Skill.objects.select_related("person", "attested_by"),
    label="Withdraw",
    title=lambda skill: f"Withdraw the FedRAMP skill of {skill.person}",
    help="The person is signed out everywhere at once and can no longer get in.",
    facts=lambda skill: [("Valid until", skill.ends_at), ("Attested by", skill.attested_by)],
    form=WithdrawForm,
    permissions=(skills.PERMISSION,),
    service=lambda it: skills.withdraw(skill_id=it.pk, **it.by, **it.typed),
    done=lambda it, skill: f"The skill of {it.subject.person} is withdrawn.",
    back=lambda skill: reverse("admin:fedramp_skill_change", args=[skill.pk]),
    to=lambda it, skill: reverse(LIST),
    ends_once=True,
)


@admin.register(Skill)
class SkillAdmin(ObjectActionsAdmin, ReadOnlyAdmin):
    object_actions = (ATTEST, WITHDRAW)
    list_display = ("person", "state_shown", "status", "ends_at", "attested_by", "attested_at")
    list_select_related = ("person", "attested_by")
    list_filter = (StateFilter, "status")
    search_fields = ("person__name", "person__email")
    search_help_text = "Name or e-mail address"
    change_form_outer_before_template = "admin/fedramp/skill_buttons.html"
    sortable_by = ()
    change_list_template = "admin/fedramp/skill_list.html"
    list_before_template = "admin/fedramp/skill_queue.html"
    fields = (
        "person",
        ("status", "is_in_us"),
        "evidence",
        ("attested_by", "attested_at"),
        "ends_at",
        ("withdrawn_at", "withdrawn_by"),
        "withdrawn_because",
    )

    def get_ordering(self, request: HttpRequest) -> Any:
        return (F("withdrawn_at").asc(nulls_first=True), "ends_at", "id")

    @admin.display(description="State")
    def state_shown(self, skill: Skill) -> str:
        return state_of(skill, timezone.now())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        waiting = {
            "may_attest": request.user.has_perm(skills.PERMISSION),
            "without": staff_without_skill(timezone.now()).count(),
        }
        return super().changelist_view(request, {**waiting, **(extra_context or {})})


def state_of(skill: Skill, now: dt.datetime) -> str:
    if skill.withdrawn_at:
        replaced = skill.withdrawn_because == skills.REPLACED
        return "Replaced" if replaced else "Withdrawn"
    if skill.ends_at <= now:
        return "Run out"
    return "Valid, review due" if skill.ends_at <= now + REVIEW_SPAN else "Valid"


def staff_without_skill(now: dt.datetime) -> QuerySet[Person]:
    """Active staff who are not admitted."""
    staff = Person.objects.filter(is_staff=True, is_active=True)
    return staff.exclude(pk__in=Skill.objects.valid(now).values("person_id"))
