"""IA-8: a provider is there where the environment names it, in the FedRAMP realm alone."""

import os
import runpy
import subprocess
import sys

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from cases import realm
from supportdesk import urls
from supportdesk.checks import walk

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]


def test_the_addresses_are_there_where_it_is_configured_alone(settings, monkeypatch):
    monkeypatch.setattr(admin.site, "login", admin.site.login)  # the module wraps it

    def paths():
        patterns = runpy.run_path(urls.__file__)["urlpatterns"]
        return [path for path, _ in walk(patterns) if "provider" in path]

    assert paths() == []
    settings.OIDC_NAME = "Okta"
    assert len(paths()) == 3


def test_without_a_provider_its_addresses_are_absent(desk):
    for address in (
        "/accounts/provider/",
        "/accounts/provider/callback/",
        "/invitation/x/provider/",
    ):
        assert Client().get(address).status_code == 404
    for name in ("provider_sign_in", "provider_callback"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert realm.current().sign_in_provider == ""
    page = Client().get("/accounts/login/").content.decode()
    assert "/accounts/provider/" not in page
    assert "With a password" not in page


GOOD = {
    "OIDC_ISSUER": "https://agency.okta.example",
    "OIDC_CLIENT_ID": "desk",
    "OIDC_CLIENT_SECRET": "secret",
    "OIDC_ACR_VALUES": "phr phrh",
}
#: The settings of who gets in, read without all the rest of the desk.
SHOW = """
import sys, types
for name in ("supportdesk", "supportdesk.settings"):
    sys.modules[name] = package = types.ModuleType(name)
    package.__path__ = [name.replace(".", "/")]
from supportdesk.settings import sign_in as settings
print(settings.OIDC_NAME, *settings.OIDC_ACR_VALUES)
"""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "agency.okta.example phr phrh"),
        ({"OIDC_NAME": "Login.gov"}, "Login.gov phr phrh"),
        ({"REALM": "commercial"}, ""),
        ({"OIDC_ACR_VALUES": " "}, "supportdesk: OIDC_ACR_VALUES is empty"),
        ({"OIDC_CLIENT_SECRET": None}, "supportdesk: OIDC_CLIENT_SECRET is not set."),
        ({"OIDC_ISSUER": "http://okta.example"}, "supportdesk: OIDC_ISSUER must begin with"),
    ],
)
def test_the_environment_configures_it_whole_or_not_at_all(changes, said):
    basis = {"ENVIRONMENT": "production", "REALM": "fedramp", "PIN_KEY": "0" * 64, **GOOD}
    variables = {name: each for name, each in {**basis, **changes}.items() if each is not None}
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
    )
    written = (done.stdout + done.stderr).strip()
    assert written.startswith(said) if said else written == ""
