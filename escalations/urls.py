"""The portal's addresses for asking for help."""

from django.urls import URLPattern, path

from . import views

app_name = "escalations"
urlpatterns: list[URLPattern] = [
    path("cases/<str:number>/help/", views.ask_for_help, name="help"),
]
