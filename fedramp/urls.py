"""The FedRAMP realm's own addresses of the portal. The commercial realm has none of them."""

from django.urls import URLPattern, path

from . import views

app_name = "fedramp"
#: The names are in the audit log, so they do not change.
urlpatterns: list[URLPattern] = [
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("files/<uuid:public_id>/progress/", views.file_progress, name="file_progress"),
    path("files/<uuid:public_id>/removed/", views.file_scrubbed, name="file_removed"),
    path("profile/pin/", views.pin, name="pin"),
    path("access/", views.access_requests, name="access"),
    path("access/ask/", views.ask_for_access, name="access_ask"),
    path("cases/<str:number>/removed/", views.scrubbed, name="removed"),
    path("cases/<str:number>/removed/passage/", views.redact_passage, name="redact_passage"),
]
