"""The portal's addresses."""

from django.urls import URLPattern, path

from . import views

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", views.start, name="start"),
    path("announcements/", views.announcements, name="announcements"),
    path("profile/", views.profile, name="profile"),
    path("files/<uuid:public_id>/", views.file, name="file"),
    path("cases/", views.cases, name="cases"),
    path("cases/open/", views.choose, name="open"),
    path("cases/open/<slug:short_name>/", views.open_for, name="open_for"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/opened/", views.opened, name="opened"),
    path("cases/<str:number>/entry/", views.entry, name="entry"),
    path("cases/<str:number>/<slug:action>/", views.act, name="act"),
]
