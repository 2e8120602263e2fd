"""What all pages of the admin share. It has no model of its own."""

from functools import cache
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline, checkbox

from cases.actors import Actor
from cases.form_fields import options_of
from cases.models import Person
from cases.pagination import CappedPaginator
from cases.rules.search import SEARCH_MAX

from .completed_fields import CompletedFields
from .history import changes_of, page_of
from .lists import DeskChangeList, is_key

READING = ("GET", "HEAD")


@cache
def _checkbox() -> str:
    """Unfold's checkbox of a row, with a gap for its key: rendering its two templates is slow."""
    return checkbox.render(ACTION_CHECKBOX_NAME, "{}")


class DeskModelAdmin(CompletedFields, ModelAdmin):
    """Lists that stay cheap, our own history page, and a reason for every saved change.

    Permissions are Django's, given to the groups of `cases.roles`. Deleting is off unless a class
    allows it, since rows are history (CASE-9).
    """

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0
    list_filter_sheet = True
    list_fullwidth = True
    compressed_fields = False
    warn_unsaved_form = True
    view_on_site = False
    #: Related models whose rows are shown on this model's history page: (model, foreign key).
    history_with: tuple[tuple[type[models.Model], str], ...] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskChangeList]:
        return DeskChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Cuts the search: each of its words is one more condition, and SQLite refuses too many."""
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term[:SEARCH_MAX]
        )
        return found

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Staff's input is checked like contacts': names are one line, and visible."""
        options = {**options_of(db_field), **kwargs}
        return super().formfield_for_dbfield(db_field, request, **options)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """The choice must be keys of rows; with anything else nothing is done."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(is_key(self.model, each) for each in chosen):
            messages.error(
                request, "Please select the rows in the list again. Nothing was changed."
            )
            return HttpResponseRedirect(request.get_full_path())
        answer: HttpResponse | None = super().response_action(request, queryset)
        return answer

    @admin.display(description="Select")
    def action_checkbox(self, obj: models.Model) -> SafeString:
        return format_html(_checkbox(), obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        obj._change_reason = "admin.change" if change else "admin.add"
        super().save_model(request, obj, form, change)

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool
    ) -> None:
        for row in formset.forms:
            row.instance._change_reason = "admin.change"
        super().save_formset(request, form, formset, change)

    # Django's own log is not written: the history says more (CASE-9), and the log would be another
    # copy of people's words that no scrubber sees.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        return None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what from which value to which, and why (CASE-9)."""
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = self.get_object(request, object_id)
        if shown is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        sources = [(self.model, {"id": shown.pk})]
        sources += [(model, {f"{key}_id": shown.pk}) for model, key in self.history_with]
        context = {
            **self.admin_site.each_context(request),
            "title": "History",
            "subtitle": str(shown),
            "opts": self.opts,
            "object": shown,
            "changes": page_of(request, changes_of(sources)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/cases/history.html", context)


#: The most rows that one form can add: the forms are built for any number that a request claims.
NEW_ROWS = 100


class DeskTabularInline(CompletedFields, TabularInline):
    """Rows of a related model on its parent's page: the stored ones, and at most `NEW_ROWS` more in
    one form."""

    extra = 0
    show_change_link = False

    def get_formset(
        self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any
    ) -> type[BaseModelFormSet]:
        if request.method not in READING:
            stored = 0
            if obj is not None and obj.pk is not None:
                key = _get_foreign_key(type(obj), self.model, fk_name=self.fk_name)
                stored = self.model._base_manager.filter(**{key.name: obj.pk}).count()
            kwargs = {"max_num": stored + NEW_ROWS, "absolute_max": stored + NEW_ROWS, **kwargs}
        formset: type[BaseModelFormSet] = super().get_formset(request, obj, **kwargs)
        return formset

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A cell has no label: its field gets the name of its column."""
        options = {**options_of(db_field), **kwargs}
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", str(field.label))
        return field


class ReadOnlyAdmin(DeskModelAdmin):
    """Shows rows that are never edited by hand."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def staff_of(request: HttpRequest) -> Person:
    """The member of staff behind a request that passed the admin's gate."""
    assert isinstance(request.user, Person), "the admin's gate lets nobody else in"
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    return Actor.of(staff_of(request))
