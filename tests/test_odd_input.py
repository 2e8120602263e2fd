"""Input that no person types: a NUL, and numbers that no column holds, in any address or form.

PostgreSQL takes no NUL, SQLite no number beyond 64 bits: unchecked, either is a server error. An
address must be answered with 400 or 404, a form with a field's error.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from cases.models import Case, Entry
from cases.roles import ROLES
from supportdesk.checks import walk
from tests import world
from tests.admin.test_walk import addresses  # noqa: F401 - a fixture
from tests.life.visitor import NOT_FILLED_IN, Form, _Forms
from tests.portal.test_url_walk import fill, samples  # noqa: F401 - a fixture

GREAT = "9" * 30
NUL = "\x00"
BACKEND = settings.AUTHENTICATION_BACKENDS[-1]
#: Parameters that some page reads, and one that none does.
PARAMETERS = (
    *("q", "p", "o", "e", "queue", "all", "page", "whole", "state", "severity", "organization"),
    *("update", "contact", "file", "email", "person", "next", "field_name", "term", "app_label"),
    *("model_name", "_changelist_filters", "_to_field", "_popup", "code", "made_up"),
)
ENDS = ("logout", "login/", "session/")


def signed_in(person: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    return client


@pytest.fixture
def mighty(desk) -> Client:
    person = world.person("mighty@support.example", name="Mighty", roles=tuple(ROLES))
    person.is_superuser = True
    person.save()
    return signed_in(person)


@pytest.fixture
def everybody(desk, mighty) -> dict[str, Client]:
    return {
        "anonymous": Client(raise_request_exception=False),
        "contact": signed_in(desk.designated),
        "staff": mighty,
    }


def pages_of_the_portal(samples) -> Iterator[str]:  # noqa: F811
    for path, _view in walk(get_resolver().url_patterns):
        if not path.startswith("admin/") and not any(each in path for each in ENDS):
            yield fill(path, samples)


def pages_of_staff(addresses) -> Iterator[str]:  # noqa: F811
    yield from sorted({address for _needs, address in addresses.values()})


def odd_addresses(samples) -> Iterator[str]:  # noqa: F811
    """Every address with parameters: one odd, the others valid."""
    for path, _view in walk(get_resolver().url_patterns):
        for place in re.findall(r"<(?:\w+:)?(\w+)>", path):
            for odd in (GREAT, "0", "%00", "%F0%9F%99%82"):
                marked = re.sub(rf"<(?:\w+:)?{place}>", "ODD", path, count=1)
                yield fill(marked, samples).replace("ODD", odd)


def faults(client: Client, method: str, address: str, data: Any = None) -> str:
    try:
        with transaction.atomic():
            answer = getattr(client, method)(address, data or {})
            transaction.set_rollback(True)
    except transaction.TransactionManagementError as error:  # the query failed underneath
        return f"{method} {address}: {error}"
    return f"{method} {address}: {answer.status_code}" if answer.status_code >= 500 else ""


def test_no_odd_part_of_an_address_is_a_fault(everybody, samples):  # noqa: F811
    found = []
    for address in sorted(set(odd_addresses(samples))):
        who = "staff" if address.startswith("/admin/") else "contact"
        for method in ("get", "post"):
            if fault := faults(everybody[who], method, address):
                found.append(fault)
    assert not found, "\n".join(found)


def test_no_great_number_in_a_parameter_is_a_fault(everybody, samples):  # noqa: F811
    assert not great_numbers(everybody["contact"], pages_of_the_portal(samples))


def test_no_great_number_in_a_parameter_of_staff_is_a_fault(mighty, addresses):  # noqa: F811
    assert not great_numbers(mighty, pages_of_staff(addresses))


def great_numbers(client: Client, pages: Iterator[str]) -> list[str]:
    """All parameters at once; the lists' own are in admin/test_forged_lookups.py."""
    found = []
    for address in pages:
        for sign in ("", "-"):
            data = dict.fromkeys(PARAMETERS, f"{sign}{GREAT}")
            found.append(faults(client, "get", address, data))
    assert len(found) > 20
    return [fault for fault in found if fault]


@pytest.mark.parametrize("who", ["anonymous", "contact", "staff"])
def test_a_nul_in_an_address_or_parameter_is_a_bad_request(everybody, desk, who):
    """N1, N2."""
    case = desk.owned_case()
    for address in (
        "/admin/cases/case/?q=%00",
        "/cases/C-%00/",
        f"/cases/{case.number}/?whole=%00",
        "/cases/?q=a%00b",
        "/cases/?%00=1",
        f"/admin/cases/case/{case.pk}/change/?contact=%00",
        "/admin/autocomplete/?app_label=cases&model_name=case&field_name=owner&term=%00",
        "/accounts/login/?next=%00",
        "/nothing-here/%00",
    ):
        answer = everybody[who].get(address)
        assert answer.status_code == 400, address
        assert "could not be read" in answer.content.decode()


@pytest.mark.parametrize(
    "header",
    ["HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR", "HTTP_REFERER", "HTTP_X_REQUESTED_WITH", "HTTP_X"],
)
def test_a_nul_in_a_header_is_a_bad_request(everybody, header):
    for client in everybody.values():
        assert client.get("/accounts/login/", **{header: "a\x00b"}).status_code == 400


@pytest.mark.parametrize("name", ["session", "csrf", "messages"])
@pytest.mark.parametrize("value", ['"abcdefgh\\000ijk"', "abcdefgh\x00ijk", '"\\000"'])
def test_a_nul_in_a_cookie_is_a_bad_request(db, name, value):
    """A cookie's value may be quoted, and name a NUL by its number."""
    cookie = {"session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}
    client = Client(raise_request_exception=False)
    answer = client.get("/cases/", HTTP_COOKIE=f"{cookie.get(name, name)}={value}")
    assert answer.status_code == 400


def forms_of(client: Client, address: str) -> list[Form]:
    answer = client.get(address)
    if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
        return []
    parser = _Forms(f"http://testserver{address}", "Words.")
    parser.feed(answer.content.decode())
    return [form for form in parser.forms if not any(each in form.action for each in NOT_FILLED_IN)]


def test_no_odd_field_of_any_form_is_a_fault(everybody, samples):  # noqa: F811
    """All fields of a form with a NUL, all with a number that is too large, and one by one."""
    found = odd_fields(everybody["contact"], pages_of_the_portal(samples), at_least=20)
    assert not found, "\n".join(found)


def test_no_odd_field_of_any_form_of_staff_is_a_fault(mighty, addresses):  # noqa: F811
    found = odd_fields(mighty, pages_of_staff(addresses), at_least=50)
    assert not found, "\n".join(found)


def odd_fields(client: Client, pages: Iterator[str], at_least: int) -> list[str]:
    found, tried = [], set()
    for address in pages:
        for form in forms_of(client, address):
            target = form.action.removeprefix("http://testserver")
            fields: dict[str, list[str]] = {}
            for name, value in form.fields:
                fields.setdefault(name, []).append(value)
            named = [
                name for name in fields if not name.endswith(("_FORMS", "csrfmiddlewaretoken"))
            ]
            forged = [dict.fromkeys(named, odd) for odd in (f"a{NUL}b", GREAT)]
            forged += [{name: GREAT} for name in named if name not in form.texts]
            for each in forged:
                kind = re.sub(r"\d+", "0", f"{target} {each}")
                if kind in tried:
                    continue
                tried.add(kind)
                if fault := faults(client, "post", target, {**fields, **each}):
                    found.append(f"{fault}, {list(each)}")
    assert len(tried) > at_least
    return found


def test_no_odd_choice_of_a_list_is_a_fault(mighty, desk):
    case = desk.owned_case()
    for address in ("/admin/cases/case/", "/admin/cases/person/", "/admin/cases/notice/"):
        for chosen in (GREAT, "-" + GREAT, "x", NUL, "", "9" * 5000, [str(case.pk), GREAT]):
            for action in ("assign_cases", "change_severity_of_cases", "delete_selected", NUL):
                for across in ("0", "1", GREAT):
                    form = {"action": action, "_selected_action": chosen, "index": "0"}
                    form["select_across"] = across
                    assert not faults(mighty, "post", address, form)


def test_a_form_with_a_nul_keeps_its_words_and_stores_nothing(desk):
    case = desk.owned_case()
    client = signed_in(desk.designated)
    page = client.get(f"/cases/{case.number}/")
    version = page.context["composer"].initial["version"]
    before = Entry.objects.count()
    form = {"body": "It drops\x00again.", "version": version, "submission": "1" * 32}
    answer = client.post(f"/cases/{case.number}/entry/", form)
    assert answer.status_code in {200, 422}
    assert "Null characters are not allowed." in answer.content.decode()
    assert "again." in answer.content.decode()
    assert Entry.objects.count() == before
    assert Case.objects.get().updated_at == case.updated_at


def test_odd_words_in_a_search_find_nothing(everybody, desk):
    words = quote("x " * 3000)
    for who, address in (
        ("staff", "/admin/cases/case/open/?q="),
        ("staff", "/admin/cases/organization/?q="),
        ("contact", "/cases/?q="),
        *((("staff", "/admin/fedramp/pincheck/telephone/?q="),) * (settings.REALM == "fedramp")),
    ):
        assert everybody[who].get(address + words).status_code in {200, 302, 414}, address
