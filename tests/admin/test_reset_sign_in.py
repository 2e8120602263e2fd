"""A lost second factor: another person removes it, and it is recorded who did (IA-2)."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command

from cases.models import Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR
from tests import world
from tests.admin.pages import text_of


@pytest.fixture
def ada(desk):
    return world.person("ada@support.example", name="Ada Access", roles=(ACCESS_ADMINISTRATOR,))


@pytest.fixture
def client(ada, sign_in):
    return sign_in(ada)


def address(person):
    return f"/admin/cases/person/{person.pk}/reset/"


def as_before(person):
    """Nothing was taken from this person, who has an app, and nobody was mailed."""
    has_app = Authenticator.objects.filter(user=person, type="totp").exists()
    has_password = Person.objects.get(pk=person.pk).has_usable_password()
    return has_app and has_password and not Notice.objects.exists()


def last_change(person):
    row = Person.history.filter(id=person.pk).latest("history_id")
    return row.history_user, row.history_change_reason


def test_an_access_administrator_resets_a_sign_in(desk, client, ada, sign_in):
    erin = desk.expert
    TOTP.activate(erin, "A" * 32)
    hers = sign_in(erin)
    assert hers.get("/admin/profile/").status_code == 200
    assert "Make sure you know who is asking" in text_of(client.get(address(erin)))
    assert as_before(erin)
    words = text_of(client.post(address(erin), follow=True))
    assert f"The sign-in of {erin} has been reset." in words
    assert f"A link to choose a password is on its way to {erin.email}." in words
    assert not Authenticator.objects.filter(user=erin).exists()
    assert not Person.objects.get(pk=erin.pk).has_usable_password()
    assert set(Notice.objects.values_list("email", flat=True)) == {erin.email}
    assert Notice.objects.filter(event="sign_in_changed").exists()
    assert hers.get("/admin/profile/").status_code == 302
    assert last_change(erin) == (ada, "signing_in.reset_sign_in")
    history = text_of(client.get(f"/admin/cases/person/{erin.pk}/history/"))
    assert "Sign-in reset" in history


def test_nobody_resets_the_own_sign_in(client, ada):
    TOTP.activate(ada, "A" * 32)
    assert "ask another access administrator" in text_of(client.get(address(ada)))
    assert "You cannot reset your own sign-in" in text_of(client.post(address(ada), follow=True))
    assert as_before(ada)


def test_a_superuser_is_reset_by_a_superuser_alone(client):
    boss = Person.objects.create_superuser("boss@support.example", world.PASSWORD, name="Boss")
    TOTP.activate(boss, "A" * 32)
    assert client.post(address(boss)).status_code == 403
    assert as_before(boss)


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-3")
def test_a_contact_who_is_reset_is_invited_anew(desk, client):
    TOTP.activate(desk.designated, "A" * 32)
    client.post(address(desk.designated))
    assert not Authenticator.objects.exists()
    assert Notice.objects.get(event="invitation").email == desk.designated.email


def test_where_nobody_gets_in_any_more_a_command_resets(ada):
    TOTP.activate(ada, "A" * 32)
    with pytest.raises(CommandError, match=r"Nobody here has the address b@c\.example"):
        call_command("reset_sign_in", "b@c.example")
    assert as_before(ada)
    call_command("reset_sign_in", "Ada@support.example")
    assert not Authenticator.objects.exists()
    assert last_change(ada) == (None, "job: reset-sign-in")
