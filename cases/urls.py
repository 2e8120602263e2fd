"""The portal's addresses."""

from django.urls import URLPattern, path

from . import realm, views

app_name = "portal"
#: "Get started" (ACC-5), in the realm that has it.
_APPLICANTS = [
    path("get-started/", views.get_started, name="get_started"),
    path("get-started/done/", views.get_started_done, name="get_started_done"),
    path("applicants/", views.applicants, name="applicants"),
    path("applicants/<int:pk>/", views.applicant, name="applicant"),
]
urlpatterns: list[URLPattern] = [
    path("", views.start, name="start"),
    path("announcements/", views.announcements, name="announcements"),
    path("before/", views.before, name="before"),
    path("profile/", views.profile, name="profile"),
    path("files/<uuid:public_id>/", views.file, name="file"),
    path("cases/", views.cases, name="cases"),
    path("cases/open/", views.choose, name="open"),
    path("cases/open/<slug:short_name>/", views.open_for, name="open_for"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/opened/", views.opened, name="opened"),
    path("cases/<str:number>/entry/", views.entry, name="entry"),
    path("cases/<str:number>/<slug:action>/", views.act, name="act"),
    *(_APPLICANTS if realm.current().takes_applicants else []),
]
