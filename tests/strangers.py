"""Sessions with everything but what this realm requires: signed in, yet not let in (FED-2, 6)."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from cases.models import Person
from cases.roles import ROLES
from tests import world

BACKEND = settings.AUTHENTICATION_BACKENDS[-1]


def _staff() -> Person:
    """All roles, and a superuser too: all worth nothing without the skill."""
    somebody = world.person("somebody@support.example", roles=tuple(ROLES), skill=False)
    somebody.is_superuser = True
    somebody.save()
    return somebody


def _signed_in(somebody: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(somebody, backend=BACKEND)
    return client


def without_the_skill() -> Client:
    return _signed_in(_staff())


def skill_ran_out() -> Client:
    """A second ago."""
    somebody = _staff()
    world.admit(somebody, until=timezone.now() - dt.timedelta(seconds=1))
    return _signed_in(somebody)


def commercial_credentials() -> Client:
    """A session of the other realm, its row copied, in the cookies of both; its person has the
    skill here."""
    somebody = _staff()
    world.admit(somebody)
    with override_settings(SECRET_KEY="the key of the other realm, as long as it has to be"):
        value = _signed_in(somebody).cookies[settings.SESSION_COOKIE_NAME].value
    client = Client(raise_request_exception=False)
    for realm in ("commercial", "fedramp"):
        client.cookies[f"supportdesk_{realm}_session"] = value
    return client


STRANGERS: dict[str, Callable[[], Client]] = {
    "without the skill": without_the_skill,
    "skill ran out a second ago": skill_ran_out,
    "commercial credentials": commercial_credentials,
}
