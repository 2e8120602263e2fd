"""A list of the admin is filtered by what it declares, and by nothing else.

Free lookups could compare columns that no page shows: a password's hash by halving, a link in a
waiting secret mail, a PIN. Each is tried on each model of the realm.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db import models
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from cases.admin.lists import DeskChangeList
from cases.models import Notice, Person
from cases.roles import ROLES
from supportdesk.admin_site import DeskAdminSite
from tests import world
from tests.admin.test_walk import patterns

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
#: What an address may carry besides filters, with values that nobody means well.
ODD = (
    ("_popup", "["),
    ("_to_field", "password"),
    ("_facets", "1"),
    ("all", "9" * 30),
    ("e", "1"),
    ("o", ".".join(str(each) for each in range(3000))),
    ("o", ".".join(["1", "-1", "--1", "x", "\u00b2", "password", "9" * 5000])),
    ("p", "-1"),
    ("p", "9" * 30),
    ("p", "9" * 5000),
    ("q", "x " * 3000),
    ("q", "['\"\\%_"),
    ("q", "9" * 5000),
)


def list_of(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def mighty(desk) -> Client:
    """Who may see every list; a lookup is not refused for want of a right."""
    person = world.person("mighty@support.example", name="Mighty", roles=tuple(ROLES))
    person.is_superuser = person.is_staff = True
    person.set_password(world.PASSWORD)
    person.save()
    world.admit(person)
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


#: Tried through all of the desk; what is `forged`, at the list itself, which is ten times faster.
BY_BROWSER = ("password__startswith", "id__regex", "pin__startswith", "pin__person__name__gte")


def forged(model: type[models.Model]) -> Iterator[str]:
    """Lookups that nobody declared: of own columns, and of those of each model one step away."""
    for field in model._meta.get_fields():
        name = field.name
        if not field.is_relation:
            yield from (name, f"{name}__startswith", f"{name}__gte", f"{name}__regex")
            continue
        other = field.related_model
        yield f"{name}__id__gt"
        yield f"{name}__in"
        for hidden in other._meta.concrete_fields:
            yield f"{name}__{hidden.name}__startswith"


def is_plain(response: Any, address: str) -> bool:
    """400, or the list without what was made up."""
    if response.status_code == 302:
        return bool(response.url == f"{address}?e=1")
    return bool(response.status_code == 400)


def is_refused(model: type[models.Model], request: HttpRequest) -> bool:
    """What `is_plain` sees, without the page that says it."""
    try:
        response = admin.site._registry[model].changelist_view(request)
    except SuspiciousOperation:  # Django answers 400
        return True
    return is_plain(response, request.path)


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_no_list_answers_a_lookup_that_it_does_not_declare(mighty, rf, model):
    address = list_of(model)
    shown = mighty.get(address)
    assert shown.status_code == 200  # so that a refusal is one of the lookup
    specs = shown.context["cl"].filter_specs
    declared = {name for spec in specs for name in spec.expected_parameters()}
    answered = []
    for lookup in BY_BROWSER:
        response = mighty.get(f"{address}?{lookup}=1")
        if not is_plain(response, address):
            answered.append(f"{lookup}: {response.status_code}")
    tried = sorted(set(forged(model)) - declared)
    assert tried
    for lookup in tried:
        request = rf.get(f"{address}?{lookup}=1")
        request.user, request.session = shown.wsgi_request.user, shown.wsgi_request.session
        if not is_refused(model, request):
            answered.append(lookup)
    assert not answered, "\n".join(answered)


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize(
    "query",
    [
        "is_secret__exact=1&text__contains=reset",
        "id__regex=[",
        "id__regex=^(a%2B)%2B%24",
        "text__iregex=(((.*)*)*)*x",
        "id__in=" + ",".join(["99999999999999999999"] * 200),
        "event__exact=account&text__contains=a",
        "state__exact__regex=[",
        "state__in=sent,waiting",
        "event__gte=a",
        "case__owner__password__startswith=p",
        "recipient__password__startswith=p",
        "id__exact=1&id__exact=2",
    ],
)
def test_links_that_wait_in_a_secret_mail_are_found_by_no_address(mighty, query):
    address = list_of(Notice)
    assert is_plain(mighty.get(f"{address}?{query}"), address)


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("query", ["id__exact=1&password__gte=pbkdf2", "id=1&password__gte=a"])
def test_no_hash_is_read_by_halving(mighty, query):
    address = list_of(Person)
    assert is_plain(mighty.get(f"{address}?{query}"), address)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_what_is_no_filter_does_no_harm(mighty, model):
    """Ordering, paging, searching, the field of a pop-up: no odd value fails."""
    address = list_of(model)
    wrong = []
    for name, value in ODD:
        response = mighty.get(address, {name: value})
        if not (response.status_code == 200 or is_plain(response, address)):
            wrong.append(f"{name}={value[:20]}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_a_page_is_found_by_its_key_alone(mighty, model):
    """`_to_field` names no other column by which the object of a page would be looked up."""
    names = {pattern.name for _path, pattern in patterns()}
    base = f"{model._meta.app_label}_{model._meta.model_name}"
    if f"{base}_change" not in names:
        pytest.skip("has no page")
    page = reverse(f"admin:{base}_change", args=["1"])
    without = mighty.get(page).status_code
    for field in model._meta.concrete_fields:
        if not field.primary_key:
            response = mighty.get(page, {"_to_field": field.name})
            assert response.status_code in {200, 302, 400, 404}, field.name
            assert response.status_code in {400, without}, field.name


def test_a_list_that_sorts_by_nothing_sorts_by_nothing_that_is_typed(mighty):
    model = next(each for each in REGISTERED if admin.site._registry[each].sortable_by == ())
    plain = mighty.get(list_of(model)).context["cl"].queryset.query.order_by
    for number in range(-3, 8):
        shown = mighty.get(list_of(model), {"o": str(number)}).context["cl"]
        assert shown.queryset.query.order_by == plain, number


# --- What is declared goes on ---------------------------------------------------------------------


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_filter_that_a_list_offers_is_answered(mighty, model):
    address = list_of(model)
    shown = mighty.get(address).context["cl"]
    for spec in shown.filter_specs:
        for choice in spec.choices(shown):
            if query := choice.get("query_string"):
                assert mighty.get(address + query).status_code == 200, query
        for name in spec.expected_parameters():
            odd = {name: "9" * 30}
            assert mighty.get(address, odd).status_code in {200, 302}, odd


@pytest.mark.parametrize(
    "query",
    [
        {"organization__id__exact": "999999999999999999999"},
        {"owner__id__exact": "-999999999999999999999"},
        {"owner__id__exact": "x"},
        {"severity__exact": "9" * 40},
        {"severity__exact": ["1"] * 900},
    ],
    ids=["N5", "N6", "a word", "no severity", "many"],
)
def test_a_value_that_no_row_can_have_leaves_the_plain_list(mighty, query):
    address = reverse("admin:cases_case_changelist")
    response = mighty.get(f"{address}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200 or is_plain(response, address)


def test_the_filters_of_the_queues_find_what_they_name(mighty, desk):
    case = desk.owned_case()
    address = reverse("admin:cases_case_changelist")
    for query, found in (
        (f"organization__id__exact={case.organization_id}", [case]),
        (f"owner__id__exact={desk.colleague.pk}", []),
        (f"queue=open&owner__id__exact={desk.expert.pk}&state__exact=in_progress", [case]),
    ):
        shown = mighty.get(f"{address}?{query}").context["cl"]
        assert list(shown.result_list) == found, query


# --- The mechanism --------------------------------------------------------------------------------


def test_every_list_is_one_that_refuses(rf, desk):
    for model, model_admin in admin.site._registry.items():
        request = rf.get("/")
        request.user = desk.expert
        assert issubclass(model_admin.get_changelist(request), DeskChangeList), model
        assert model_admin.date_hierarchy is None, model


def test_a_model_whose_list_answers_everything_cannot_be_registered():
    with pytest.raises(ImproperlyConfigured):
        DeskAdminSite("other").register(Notice, admin.ModelAdmin)


def complete(client: Client, model: str, field: str, term: str = "a", app: str = "cases") -> Any:
    where = {"app_label": app, "model_name": model, "field_name": field, "term": term}
    return client.get(reverse("admin:autocomplete"), where)


@pytest.mark.rule("ACC-7")
def test_only_fields_that_a_form_or_filter_completes_are_completed(mighty):
    """Any other key of any model names rows of its target, in a way that no page chose."""
    from django.apps import apps

    completed = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not field.is_relation:
                continue
            where = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": field.name,
                "term": "a",
                "_to_field": "password",
                "to_field": "password",
            }
            response = mighty.get(reverse("admin:autocomplete"), where)
            assert response.status_code in {200, 403, 404}, where
            if response.status_code == 200:
                completed.add(f"{model._meta.model_name}.{field.name}")
                assert all(each["id"].isdigit() for each in response.json()["results"])
    assert completed == {
        "case.organization",
        "case.owner",
        "membership.organization",
        "membership.person",
        "organization.partner",
        "organization.technical_account_manager",
    }


@pytest.mark.parametrize("term", ["x " * 3000, "[", "%", "\\", "9" * 5000])
def test_an_odd_word_completes_nothing_and_fails_nowhere(mighty, term):
    assert complete(mighty, "case", "owner", term).status_code == 200
