"""Only a person's present e-mail address is an identity: an old one belongs to nobody."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from cases import jobs
from cases.models import Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR
from tests import world
from tests.admin.test_people import form_of
from tests.portal.conftest import fields_of
from tests.world import PASSWORD

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
OLD, NEW = "dana@acme.example", "dana@new.example"


def ask_for_reset(client, email):
    cache.clear()
    client.post(RESET, {**fields_of(client.get(RESET), action=RESET), "email": email})
    jobs.run("send-reset-links")


def sign_in(client, email):
    fields = fields_of(client.get(LOGIN), action=LOGIN)
    client.post(LOGIN, {**fields, "login": email, "password": PASSWORD})
    return "_auth_user_id" in client.session


@pytest.fixture
def moved(desk, browse, client):
    """She asked for a reset, which made allauth note her address; then staff changed it."""
    ask_for_reset(browse(), OLD)
    link = re.search(r"https?://[^/\s]+(/accounts/\S+)", Notice.objects.get().text).group(1)
    Notice.objects.all().delete()
    ada = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("admin:cases_person_change", args=[desk.designated.pk])
    assert client.post(page, form_of(desk.designated, email=NEW)).status_code == 302
    assert Person.objects.get(pk=desk.designated.pk).email == NEW
    return link


def test_an_old_address_neither_signs_in_nor_is_mailed(moved, browse):
    Notice.objects.all().delete()  # FED-6: the old address was told that it is no longer used
    ask_for_reset(browse(), OLD)
    assert not Notice.objects.exists()
    assert not sign_in(browse(), OLD)
    ask_for_reset(browse(), NEW)
    assert Notice.objects.get().email == NEW
    assert sign_in(browse(), NEW)


def test_the_link_that_went_to_the_old_address_is_dead(moved, browse):
    page = browse().get(moved, follow=True).content.decode()
    assert "no longer works" in page
    assert 'name="password1"' not in page


def test_mail_about_the_account_goes_to_the_new_address(moved, browse, desk):
    Notice.objects.all().delete()
    client = browse(Person.objects.get(pk=desk.designated.pk))
    address = "/accounts/password/change/"
    fields = fields_of(client.get(address), action=address)
    new = "a much better horse battery"
    client.post(address, {**fields, "oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [notice.email for notice in Notice.objects.all()] == [NEW]


def test_a_new_address_ends_the_sessions_of_the_old_one(desk, browse):
    client = browse(desk.designated)
    assert client.get("/").status_code == 200
    desk.designated.phone = "+1 555 0123"
    desk.designated.save()
    assert client.get("/").status_code == 200
    desk.designated.email = NEW
    desk.designated.save()
    assert client.get("/").url.startswith(LOGIN)


def test_the_old_address_may_become_somebody_elses(moved, browse, desk):
    other = desk.read_only
    other.email = OLD
    other.save()
    Notice.objects.all().delete()
    ask_for_reset(browse(), OLD)
    assert Notice.objects.get().person == other
