"""The start page and the list of cases."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.models import Announcement, Case, Membership
from cases.models.cases import State
from cases.wording import WAITING_STATES
from tests.world import NOW, organization


def numbers_on(response):
    page = response.content.decode()
    return [each for each in Case.objects.values_list("number", flat=True) if each in page]


@pytest.mark.rule("PORT-1")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, list(State)),
        ({"state": "open"}, [state for state in State if state != "closed"]),
        ({"state": "waiting"}, WAITING_STATES),
        ({"state": "closed"}, ["closed"]),
        ({"state": "nonsense"}, list(State)),
        ({"severity": "3"}, list(State)),
        ({"severity": "1"}, []),
        ({"severity": "3", "state": "new"}, ["new"]),
        ({"organization": "acme"}, list(State)),
        ({"organization": "globex"}, list(State)),
        ({"page": "99"}, list(State)),
        ({"page": "x"}, list(State)),
    ],
)
def test_filters(desk, browse, query, expected):
    by_state = {state.value: desk.case_in(state) for state in State}
    page = browse(desk.designated).get("/cases/", query)
    assert page.status_code == 200
    assert set(numbers_on(page)) == {by_state[str(state)].number for state in expected}


@pytest.mark.rule("PORT-1")
def test_an_exact_number_leads_to_the_case_however_it_was_typed(desk, browse):
    case = desk.case()
    client = browse(desk.designated)
    for typed in (
        case.number,
        case.number.lower(),
        case.number.replace("-", ""),
        f" {case.number} ",
    ):
        assert client.get("/cases/", {"q": typed}).url == case.get_absolute_url()


@pytest.mark.rule("PORT-1")
def test_the_list_in_the_page_is_told_to_leave_for_the_case_or_the_sign_in(desk, browse, client):
    case = desk.case()
    in_page = {"headers": {"HX-Request": "true"}}
    answer = browse(desk.designated).get("/cases/", {"q": case.number}, **in_page)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, case.get_absolute_url())
    answer = client.get("/cases/", {"q": "x"}, **in_page)
    assert answer.status_code == 200
    assert answer["HX-Redirect"].endswith("?next=/cases/%3Fq%3Dx")


@pytest.mark.rule("PORT-1")
def test_the_search_looks_in_subject_description_and_entries(desk, browse):
    subject = desk.case(subject="Wallboard shows nothing")
    described = desk.case(description="The wallboard stays black.")
    asked = desk.act("ask", desk.owned_case(), text="Which WALLBOARD is it?")
    desk.case(subject="Something else")
    found = numbers_on(browse(desk.designated).get("/cases/", {"q": "wallboard"}))
    assert set(found) == {subject.number, described.number, asked.number}


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Störung in ÖSTERREICH", "störung in österreich"),
        ("Die Straße ist tot", "STRASSE IST"),
        ("ΔΙΑΚΟΠΗ της γραμμής", "διακοπη ΤΗΣ"),
        ("\uff46\uff55\uff4c\uff4c \uff57\uff49\uff44\uff54\uff48", "full WIDTH"),
        ("100% of _all_ calls", "100% of _ALL_"),
    ],
)
def test_the_search_ignores_case_in_every_script(desk, browse, written, typed):
    case = desk.case(subject=written)
    desk.case(subject="100 percent of wall calls")
    assert numbers_on(browse(desk.designated).get("/cases/", {"q": typed})) == [case.number]


def test_newest_first_and_25_on_a_page(desk, browse):
    cases = [desk.case(now=NOW + dt.timedelta(hours=hour)) for hour in range(30)]
    client = browse(desk.designated)
    first = client.get("/cases/", {"state": "open"}).content.decode()
    places = [first.find(case.number) for case in reversed(cases[5:])]
    assert places == sorted(places)
    assert -1 not in places
    assert "?state=open&amp;page=2" in first
    assert set(numbers_on(client.get("/cases/?state=open&page=2"))) == {c.number for c in cases[:5]}


@pytest.mark.rule("ACC-4")
def test_the_filter_of_organizations_names_only_ones_own(desk, browse):
    initech = organization("initech")
    Membership.objects.create(person=desk.designated, organization=initech, role="read_only")
    page = browse(desk.designated).get("/cases/").content.decode()
    assert "Initech" in page
    assert "Globex" not in page


def test_empty_states_help(desk, browse):
    client = browse(desk.designated)
    assert "There are no cases yet" in client.get("/cases/").content.decode()
    assert "Nothing is waiting for an answer" in client.get("/").content.decode()
    desk.case()
    assert "No cases match" in client.get("/cases/?q=zzz").content.decode()


def test_the_start_page_puts_first_what_waits_for_the_contact(desk, browse):
    new = desk.case_in("new")
    proposed = desk.case_in("resolution_proposed")
    closed = desk.case_in("closed")
    page = browse(desk.designated).get("/").content.decode()
    assert page.index(proposed.number) < page.index("Your open cases") < page.index(new.number)
    assert closed.number not in page
    colleague = browse(desk.read_only).get("/").content.decode()
    assert "Waiting for your Designated Contacts" in colleague
    assert "Open a case</a>" not in colleague


def test_somebody_without_an_organization_is_told_what_to_do(desk, browse):
    desk.read_only.memberships.all().delete()
    page = browse(desk.read_only).get("/").content.decode()
    assert "not a contact of an organization yet" in page


@pytest.mark.rule("PORT-2")
def test_announcements_are_shown_while_they_are_current(desk, browse, settings):
    settings.KNOWLEDGE_BASE_URL = "https://kb.example"
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    for title, published, expires in (
        ("Current news", now - hour, None),
        ("Future news", now + hour, None),
        ("Old news", now - 2 * hour, now - hour),
    ):
        Announcement.objects.create(
            title=title, body="Words.", published_at=published, expires_at=expires
        )
    client = browse(desk.read_only)
    for address in ("/", "/announcements/"):
        page = client.get(address).content.decode()
        assert "Current news" in page
        assert "Future news" not in page
        assert "Old news" not in page
        assert "https://kb.example" in page


def test_staff_are_sent_to_the_admin(desk, browse):
    for address in ("/", "/cases/", "/profile/", desk.case().get_absolute_url()):
        assert browse(desk.expert).get(address).url == "/admin/"


def test_a_long_list_is_not_counted_to_its_end(desk, browse, monkeypatch):
    """The count of a large customer's cases took longer than the page."""
    for _ in range(4):
        desk.case()
    client = browse(desk.designated)
    assert "4 cases" in " ".join(client.get("/cases/").content.decode().split())
    monkeypatch.setattr("cases.pagination.COUNT_CAP", 3)
    page = " ".join(client.get("/cases/").content.decode().split())
    assert "More than 3 cases" in page
