"""Care plans and their entitlements (PLAN-1)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cases.models import CareFeature, CarePlan

from .base import DeskModelAdmin
from .recalculations import RecomputingAdmin


@admin.register(CarePlan)
class CarePlanAdmin(RecomputingAdmin):
    list_display = ("name", "family", "is_add_on", "feature_count")
    list_filter = ("family", "is_add_on")
    search_fields = ("name", "code")
    ordering = ("position", "id")
    fields = ("name", "code", "family", "is_add_on", "takes_add_on", "position", "features")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("features")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="Features")
    def feature_count(self, plan: CarePlan) -> int:
        return len(plan.features.all())


@admin.register(CareFeature)
class CareFeatureAdmin(DeskModelAdmin):
    list_display = ("name", "code", "description")
    search_fields = ("name", "code")
    ordering = ("position", "id")
    fields = ("name", "code", "description", "position")
