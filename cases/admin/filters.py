"""Filters of the queues. None lists a large table: people and organizations autocomplete."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from .base import staff_of


class WhoseFilter(admin.SimpleListFilter):
    title = "Case Owner"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "me"), ("others", "somebody else"), ("nobody", "nobody")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        person = staff_of(request)
        if self.value() == "me":
            return queryset.filter(owner=person)
        if self.value() == "others":
            return queryset.filter(owner__isnull=False).exclude(owner=person)
        if self.value() == "nobody":
            return queryset.filter(owner=None)
        return queryset


OrganizationFilter = ("organization", AutocompleteSelectFilter)
OwnerFilter = ("owner", AutocompleteSelectFilter)
