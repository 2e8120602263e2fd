"""The texts of the opening form are named once, and no code that needs them can miss one."""

import inspect
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.errors import SentBefore
from cases.fields import PersonCharField, PersonTextField
from cases.forms import OpenForm
from cases.models import Case
from cases.services.new_cases import open_case
from tests.portal.conftest import fields_of

TEXTS = Case.OPENING_TEXTS
#: Written by staff later, not by the form.
LATER = {"third_party_name"}

pytestmark = pytest.mark.rule("CASE-1")


def test_the_list_has_every_text_of_the_case():
    texts = [
        field.name
        for field in Case._meta.fields
        if isinstance(field, PersonTextField | PersonCharField)
    ]
    assert [name for name in texts if name not in LATER] == list(TEXTS)


def test_the_form_asks_for_each_and_the_service_takes_each():
    assert set(TEXTS) <= set(OpenForm.base_fields)
    assert set(TEXTS) <= set(inspect.signature(open_case).parameters)


@pytest.fixture
def words() -> dict[str, str]:
    """A word of its own for each text."""
    return {name: f"Quillon{number} drops" for number, name in enumerate(TEXTS)}


@pytest.mark.django_db
def test_the_portals_form_offers_stores_and_shows_each(desk, browse, words):
    client = browse(desk.designated)
    address = reverse("portal:open_for", args=[desk.organization.short_name])
    page = client.get(address)
    for name in TEXTS:
        assert page.content.decode().count(f'name="{name}"') == 1, name
    posted = {
        **fields_of(page, action=address),
        **words,
        "deployment": desk.deployment.pk,
        "priority": 3,
        "phone_24x7": "",
    }
    assert client.post(address, posted).status_code == 302
    case = Case.objects.get()
    assert {name: getattr(case, name) for name in TEXTS} == words
    shown = client.get(case.get_absolute_url()).content.decode()
    for name in TEXTS:
        assert words[name] in shown, name
        found = client.get("/cases/", {"q": words[name].split()[0]}).content.decode()
        assert case.number in found, f"the search does not know {name}"


@pytest.mark.django_db
def test_staff_read_each_on_the_page_of_the_case(desk, browse, words):
    case = desk.case(**words)
    shown = browse(desk.expert).get(reverse("admin:cases_case_change", args=[case.pk]))
    for name in TEXTS:
        assert words[name] in shown.content.decode(), name


@pytest.mark.django_db
@pytest.mark.parametrize("name", TEXTS)
def test_a_second_click_with_another_word_is_another_issue(desk, words, name):
    said = {
        **words,
        "actor": Actor.of(desk.designated),
        "now": timezone.now(),
        "deployment": desk.deployment,
        "priority": 3,
        "submission": uuid.uuid4(),
    }
    case = open_case(**said)
    assert open_case(**said) == case
    with pytest.raises(SentBefore):
        open_case(**{**said, name: "Something else"})
    assert Case.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.realm("fedramp")
def test_whose_text_it_is_is_known_for_each(desk, words):
    from fedramp.scrubbing.feedback import texts_of  # absent from the other realm's pages

    case = desk.case(**words)
    found = {text.field for text in texts_of(case, desk.designated)}
    assert set(TEXTS) <= found
