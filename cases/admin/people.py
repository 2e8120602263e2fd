"""People: staff with their roles, contacts with their role in each organization.

No escalation of rights: a person's own rights are read-only, superusers are out of everybody
else's reach, and single permissions cannot be given; roles come only from `cases.roles` (ACC-7).
"""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.module_loading import import_string

from cases import realm
from cases.actors import staff_gate
from cases.errors import Refused
from cases.models import Case, Membership, Person
from cases.roles import ROLES
from cases.services.accounts import reset_sign_in
from cases.services.departures import give_back

from .base import DeskModelAdmin, DeskTabularInline, actor_of, staff_of

RIGHTS = ("is_active", "is_staff", "groups")


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ("name", "email", "phone", "time_zone", "is_active", "is_staff", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            field: Any = self.fields["groups"]
            field.queryset = Group.objects.filter(name__in=ROLES).order_by("name")
            field.label = "Roles"
            field.help_text = "For staff only."

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_staff = values.get("is_staff", self.instance.is_staff)
        if values.get("groups") and not is_staff:
            self.add_error(
                "groups", "Only staff have these; a contact's role is part of a membership."
            )
        if is_staff and self.instance.pk and self.instance.memberships.exists():
            self.add_error("is_staff", "This person is a contact of a customer.")
        return values


class MembershipOfPersonInline(DeskTabularInline):
    model = Membership
    fields = ("organization", "role")
    autocomplete_fields = ("organization",)
    verbose_name = "role in an organization"
    verbose_name_plural = "roles in organizations"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("organization")


@admin.register(Person)
class PersonAdmin(DeskModelAdmin):
    form = PersonForm
    list_display = ("name", "email", "phone", "kind", "roles", "is_active")
    list_filter = ("is_staff", "is_active", ("groups", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "email")
    search_help_text = "Name or e-mail address"
    ordering = ("name", "id")
    history_with = ((Membership, "person"),)
    inlines = (MembershipOfPersonInline,)
    change_form_outer_before_template = "admin/cases/person/_sign_in.html"
    fieldsets = (
        (None, {"fields": ("name", "email", "phone", "time_zone")}),
        ("Access", {"fields": ("is_active", "is_staff", "groups")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Kind")
    def kind(self, person: Person) -> str:
        return "Staff" if person.is_staff else "Contact"

    @admin.display(description="Roles")
    def roles(self, person: Person) -> str:
        names = [group.name for group in person.groups.all()]
        return ", ".join(["Superuser"] * person.is_superuser + names)

    def get_inlines(self, request: HttpRequest, obj: Person | None = None) -> list[type[Any]]:
        return [] if obj is None or obj.is_staff else list(self.inlines)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False  # a new e-mail address and a reset would be a way to become one
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        return RIGHTS if obj is not None and obj.pk == staff_of(request).pk else ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        form.owned_before = Case.objects.owned_by(obj).count() if change else 0
        if not change:
            obj.set_unusable_password()  # the person chooses one, by the link that is mailed
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Once the roles are stored, work that this person may no longer do is given back."""
        super().save_related(request, form, formsets, change)
        if not change:
            return
        give_back(person_id=form.instance.pk, now=timezone.now())
        # A realm may have given some back already, when the account itself changed.
        if number := form.owned_before - Case.objects.owned_by(form.instance).count():
            messages.warning(
                request,
                f"{form.instance} can no longer work on {number} open case{pluralize(number)}: "
                "they are waiting for a new owner, and the queue leads have been notified.",
            )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A field for staff, or for contacts, offers nobody else."""
        found, many = super().get_search_results(request, queryset, search_term)
        field = request.GET.get("field_name")
        if field in {"owner", "technical_account_manager"}:
            found = staff_gate().admitted(found)
        elif field == "person":
            found = found.filter(is_staff=False, is_active=True)
        return found, many

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        person = context.get("original")
        context["is_invited"] = person is not None and person.is_invited
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        def bound(request: HttpRequest, pk: int) -> HttpResponse:
            return self.send_link(request, pk)

        def reset(request: HttpRequest, pk: int) -> HttpResponse:
            return self.reset_sign_in(request, pk)

        own = []
        for address, view, name in (("sign-in-link", bound, "link"), ("reset", reset, "reset")):
            wrapped = self.admin_site.admin_view(view)
            wrapped.model_admin = self
            own.append(path(f"<int:pk>/{address}/", wrapped, name=f"cases_person_{name}"))
        return [*own, *super().get_urls()]

    def send_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mails the person a link to choose a password; nobody else can read it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = get_object_or_404(Person, pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person.is_invited:
            return self._invite(request, person)
        form = ResetPasswordForm({"email": person.email})
        if person.is_active and form.is_valid():
            form.save(request)
            messages.success(
                request, f"A link to choose a password is on its way to {person.email}."
            )
        else:
            messages.error(request, f"{person} is not active: no link was sent.")
        return redirect("admin:cases_person_change", pk)

    def reset_sign_in(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks first; then deletes key, codes and password, and mails a link or invitation."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = get_object_or_404(Person, pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if request.method != "POST":
            title = f"Reset the sign-in of {person}"
            shown = {"opts": self.opts, "person": person, "title": title}
            context = {**self.admin_site.each_context(request), **shown}
            context["is_oneself"] = person == staff_of(request)
            return TemplateResponse(request, "admin/cases/person/reset.html", context)
        try:
            reset_sign_in(person_id=pk, actor=actor_of(request), now=timezone.now())
        except Refused as error:
            messages.error(request, error.message)
            return redirect("admin:cases_person_change", pk)
        messages.success(request, f"The sign-in of {person} has been reset.")
        return self.send_link(request, pk)

    def _invite(self, request: HttpRequest, person: Person) -> HttpResponse:
        """FED-3: instead of a link to choose a password."""
        try:
            invite = import_string(realm.current().invitation_service)
            invite(person_id=person.pk, actor=actor_of(request), now=timezone.now())
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"An invitation is on its way to {person.email}.")
        return redirect("admin:cases_person_change", person.pk)
