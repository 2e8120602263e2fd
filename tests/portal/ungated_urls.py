"""A URLconf with a view that declares no access, for the test of the system check."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def ungated(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [path("ungated/", ungated)]
