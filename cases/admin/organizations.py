"""Customers: organizations with their deployments and contacts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from cases import realm
from cases.actors import staff_gate
from cases.models import Deployment, Membership, Organization, Person, State
from cases.services.recalculations import HOSTED_TERMS, TERMS

from .base import DeskModelAdmin, DeskTabularInline
from .recalculations import recompute


class DeploymentFormSet(BaseInlineFormSet):
    """Each row is checked against its organization as this form leaves it (FED-8)."""

    def _construct_form(self, i: int, **kwargs: Any) -> ModelForm:
        form: ModelForm = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.instance.organization = self.instance
        return form


class DeploymentInline(DeskTabularInline):
    model = Deployment
    formset = DeploymentFormSet
    fields = ("name", "product", "hosting", "region", "offering_type", "is_active")
    tab = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # cases refer to it: it is made inactive

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "offering_type" and not realm.current().flagging_page:
            kwargs["initial"] = Deployment.Offering.FEDRAMP
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class OrganizationForm(ModelForm):
    """FED-1: an organization with open cases is flagged on a page that redirects them."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        page = realm.current().flagging_page
        if not (self.instance.pk and values.get("is_fedramp") and page):
            return values
        # Under its lock, which opening a case waits for: the save is in the same transaction.
        rows = Organization.objects.select_for_update(no_key=True, of=("self",))
        stored = rows.get(pk=self.instance.pk)
        count = stored.cases.exclude(state=State.CLOSED).count()
        if count and not stored.is_fedramp:
            words = (
                "{} open in this realm, where a FedRAMP organization can have none. "
                '<a href="{}">Redirect them and set the flag</a>'
            )
            open_ones = "1 case is" if count == 1 else f"{count} cases are"
            link = reverse(page, args=[stored.pk])
            self.add_error("is_fedramp", format_html(words, open_ones, link))
        return values


class MembershipInline(DeskTabularInline):
    """The contacts of one organization. The right to change people covers these too."""

    model = Membership
    fields = ("person", "role")
    autocomplete_fields = ("person",)
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("person").order_by("person__name", "pk")


@admin.register(Organization)
class OrganizationAdmin(DeskModelAdmin):
    form = OrganizationForm
    list_display = ("name", "short_name", "kind", "plan", "add_on", "tam", "is_fedramp")
    list_select_related = ("plan", "add_on", "technical_account_manager")
    list_filter = ("kind", "plan", "is_fedramp")
    search_fields = ("name", "short_name")
    search_help_text = "Name or short name"
    ordering = ("name", "id")
    autocomplete_fields = ("partner", "technical_account_manager")
    inlines = (DeploymentInline, MembershipInline)
    history_with = ((Deployment, "organization"), (Membership, "organization"))
    change_form_outer_after_template = "admin/cases/_recomputations.html"
    fieldsets = (
        (None, {"fields": (("name", "short_name"), "org_id", ("kind", "partner"))}),
        (
            "Support",
            {
                "fields": ("calendar", ("plan", "add_on"), "technical_account_manager"),
                "description": "If you change the calendar, the plan or a deployment's hosting, "
                "running clocks are recalculated from their start in the background; clocks "
                "already met stay met.",
            },
        ),
        ("Realm", {"fields": ("is_fedramp",)}),
    )

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and TERMS & set(form.changed_data):
            recompute(request, obj)

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: Any, change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        changed = (fields for _, fields in formset.changed_objects)
        if formset.model is Deployment and any(HOSTED_TERMS & set(fields) for fields in changed):
            recompute(request, form.instance)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "technical_account_manager":
            kwargs["queryset"] = staff_gate().admitted(Person.objects.all())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="Technical Account Manager")
    def tam(self, organization: Organization) -> str:
        return str(organization.technical_account_manager or "")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        return {"is_fedramp": not realm.current().flagging_page, **initial}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Other systems know the organization by this ID: it never changes.
        return ("org_id",) if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, many = super().get_search_results(request, queryset, search_term)
        if request.GET.get("field_name") == "partner":
            found = found.filter(kind=Organization.Kind.PARTNER)
        return found, many
