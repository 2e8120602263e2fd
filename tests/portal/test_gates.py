"""Deny by default: a view that declares no access is an error before it is a page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from cases import gates
from supportdesk.checks import every_view_states_its_access
from supportdesk.middleware import DenyByDefaultMiddleware


def unstated(request):
    return HttpResponse("secret")


def request_of(person=None, method="get"):
    request = getattr(RequestFactory(), method)("/somewhere/")
    request.user = person or AnonymousUser()
    return request


def test_a_view_without_a_gate_never_runs():
    middleware = DenyByDefaultMiddleware(lambda request: HttpResponse())
    with pytest.raises(ImproperlyConfigured, match="unstated"):
        middleware.process_view(request_of(), unstated, (), {})


def test_every_view_of_the_desk_states_its_gate():
    assert every_view_states_its_access(None) == []


def test_the_system_check_names_a_view_without_a_gate(settings):
    settings.ROOT_URLCONF = "tests.portal.ungated_urls"
    errors = every_view_states_its_access(None)
    assert [error.id for error in errors] == ["supportdesk.E001"]
    assert "ungated/" in errors[0].msg


@pytest.mark.parametrize(
    ("gate", "nobody", "contact", "staff"),
    [
        (gates.public, "secret", "secret", "secret"),
        (gates.contact, "/accounts/login/?next=/somewhere/", "secret", "/admin/"),
        (gates.signed_in, "/accounts/login/?next=/somewhere/", "secret", "secret"),
    ],
)
def test_gates(desk, gate, nobody, contact, staff):
    def view(request):
        return HttpResponse("secret")

    gated = gate(view)
    assert gates.is_stated(gated)
    for person, expected in ((None, nobody), (desk.designated, contact), (desk.expert, staff)):
        answer = gated(request_of(person))
        assert (answer.get("Location") or answer.content.decode()) == expected
