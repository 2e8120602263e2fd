"""SC-13: in the FedRAMP realm passwords are hashed by an algorithm of FIPS 140."""

import pytest
from django.conf import settings as of_this_run
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client

from cases.models import Person
from supportdesk.settings.sign_in import PASSWORD_HASHERS
from tests.portal.conftest import fields_of
from tests.world import PASSWORD

pytestmark = [pytest.mark.django_db]

LOGIN = "/accounts/login/"
NEW, OLD = "pbkdf2_sha256", "argon2"
if of_this_run.REALM == "commercial":
    NEW, OLD = OLD, NEW


@pytest.fixture(autouse=True)
def hashers_of_a_deployment(settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS


def can_sign_in(person):
    client = Client(enforce_csrf_checks=True)
    fields = fields_of(client.get(LOGIN), action=LOGIN)
    client.post(LOGIN, {**fields, "login": person.email, "password": PASSWORD})
    return "_auth_user_id" in client.session


def algorithm_of(person):
    return identify_hasher(Person.objects.get(pk=person.pk).password).algorithm


def test_a_new_password_is_hashed_by_the_realms_own(desk):
    assert identify_hasher(make_password("a password")).algorithm == NEW


def test_an_older_hash_opens_the_desk_once_more_and_is_replaced(desk):
    person = desk.designated
    Person.objects.filter(pk=person.pk).update(password=make_password(PASSWORD, hasher=OLD))
    assert algorithm_of(person) == OLD
    assert can_sign_in(person)
    assert algorithm_of(person) == NEW
    assert can_sign_in(person)
