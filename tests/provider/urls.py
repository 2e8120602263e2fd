"""The addresses of a realm where a provider is configured: the settings of a test come too late."""

from typing import Any

from supportdesk.sign_in import oidc
from supportdesk.urls import handler400
from supportdesk.urls import urlpatterns as without
from tests.provider import stub

__all__ = ["handler400", "urlpatterns"]
urlpatterns = [*oidc.urlpatterns, *without]


def configure(settings: Any, provider_at: str, desk_at: str = "http://testserver") -> None:
    """The realm has a provider from now on, as if the environment had named it."""
    settings.ROOT_URLCONF = __name__
    settings.SITE_URL = desk_at
    settings.OIDC_ISSUER = provider_at
    settings.OIDC_NAME = "Okta"
    settings.OIDC_CLIENT_ID = stub.CLIENT_ID
    settings.OIDC_CLIENT_SECRET = stub.CLIENT_SECRET
    settings.OIDC_ACR_VALUES = ["phr", "phrh"]
