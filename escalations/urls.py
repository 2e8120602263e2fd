"""The portal's addresses for asking for help."""

from django.urls import URLPattern, path

from . import views

app_name = "escalations"
urlpatterns: list[URLPattern] = [
    path("cases/<str:number>/help/", views.ask_for_help, name="help"),
    path("cases/<str:number>/help/panel/", views.help_panel, name="panel"),
    path("cases/<str:number>/severity/", views.ask_for_severity, name="severity"),
    path("cases/<str:number>/priority/", views.ask_for_priority, name="priority"),
    path("cases/<str:number>/requests/<int:review_id>/withdraw/", views.withdraw, name="withdraw"),
    path("cases/<str:number>/management/", views.ask_management, name="management"),
    path("cases/<str:number>/escalation/", views.details, name="details"),
    path("cases/<str:number>/escalation/<int:escalation_id>/", views.one, name="one"),
]
