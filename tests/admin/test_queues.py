"""The queues: their rows, their order, and their cost."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import realm
from cases.admin.queues import ALL, every_queue
from cases.models import Announcement, CalendarDay, Case, Notice
from cases.roles import OPERATIONS_ADMINISTRATOR
from supportdesk.admin_site import FIRST_PAGES
from supportdesk.templatetags import lists
from tests import world
from tests.admin.pages import fresh, page_url, text_of, url

LIST = "/admin/cases/case/"


def shown(response):
    return [case.subject for case in response.context["cl"].result_list]


def queries(client, address):
    """The SQL queries of the page, with nothing cached."""
    client.get(address)  # content types and the like, once a process
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(captured)


@pytest.mark.rule("ACC-7")
def test_each_queue_holds_its_cases(desk, staff):
    desk.case(subject="new")
    desk.owned_case(subject="mine")
    desk.act("take", desk.case(subject="theirs"), actor=desk.colleague)
    desk.act("close", desk.owned_case(subject="closed"), text="Done.")
    assert shown(staff.get(LIST + "?queue=mine")) == ["mine"]
    assert shown(staff.get(LIST + "?queue=unassigned")) == ["new"]
    assert shown(staff.get(LIST + "?queue=open")) == ["new", "mine", "theirs"]
    assert shown(staff.get(LIST)) == ["closed", "theirs", "mine", "new"]
    assert shown(staff.get(LIST + "?queue=nonsense")) == ["closed", "theirs", "mine", "new"]


def test_the_owner_stands_where_it_is_not_the_same_in_each_row(desk, staff):
    desk.case()
    desk.owned_case()
    for queue, has_owners in (
        ("mine", False),
        ("unassigned", False),
        ("open", True),
        ("all", True),
    ):
        header = text_of(staff.get(f"{LIST}?queue={queue}")).split(" Organization ")[1][:40]
        assert ("Case Owner" in header) is has_owners, header


@pytest.mark.rule("SEV-3")
def test_by_severity_then_next_deadline_then_age(desk, staff):
    soon, late = world.NOW + dt.timedelta(hours=1), world.NOW + dt.timedelta(hours=9)
    for subject, priority, due in [
        ("low, due soon", 4, soon),
        ("medium, no deadline, old", 3, None),
        ("medium, late", 3, late),
        ("medium, soon", 3, soon),
        ("medium, no deadline, young", 3, None),
        ("high", 2, None),
    ]:
        case = desk.case(subject=subject, priority=priority)
        Case.objects.filter(pk=case.pk).update(next_due_at=due)
    assert shown(staff.get(LIST + "?queue=open")) == [
        "high",
        "medium, soon",
        "medium, late",
        "medium, no deadline, old",
        "medium, no deadline, young",
        "low, due soon",
    ]


def test_the_queue_survives_searching_sorting_and_filtering(desk, staff):
    desk.owned_case(subject="Echo on the line")
    desk.case(subject="Echo in the new case")
    page = staff.get(LIST + "?queue=mine&q=echo")
    assert shown(page) == ["Echo on the line"]
    assert 'name="queue" value="mine"' in page.content.decode()
    assert "queue=mine" in page.context["cl"].get_query_string({"o": "1"})
    assert shown(staff.get(LIST + "?queue=open&whose=me")) == ["Echo on the line"]
    assert shown(staff.get(LIST + "?queue=open&state__exact=new")) == ["Echo in the new case"]


@pytest.mark.rule("FEED-3")
def test_staff_search_internal_texts_too(desk, staff):
    from cases.actors import Actor
    from cases.services.feeds import post_entry

    case = desk.owned_case()
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.expert),
        now=world.NOW,
        body="Ask the zebra team.",
        internal=True,
    )
    assert shown(staff.get(LIST + "?q=zebra")) == [case.subject]


@pytest.mark.rule("CASE-10")
def test_a_number_leads_to_its_case_however_it_is_typed(desk, staff):
    case = desk.case()
    typed = case.number.lower().replace("-", " ")
    assert staff.get(LIST, {"q": typed, "queue": "mine"}).url == page_url(case)


def test_severity_is_a_colour_and_a_word(desk, staff):
    desk.case(priority=2)
    page = staff.get(LIST + "?queue=open").content.decode()
    assert '<span class="chip severity-2">2 - High</span>' in page


@pytest.mark.rule("SLA-7")
def test_a_warning_and_a_breach_are_a_colour_and_a_word(desk, staff):
    now = timezone.now()
    ages = {"in time": 0, "warned": 8, "overdue": 11}  # minutes; a Critical case has ten
    for subject, minutes in ages.items():
        opened = now - dt.timedelta(minutes=minutes)
        desk.case(subject=subject, now=opened, priority=1, phone_24x7="+1 555 0199")
    marked = desk.case(subject="marked", now=now, priority=1, phone_24x7="+1 555 0199")
    marked.clocks.update(state="breached", acts_at=None)
    rows = staff.get(LIST + "?queue=open").content.decode().split("<tr")
    chips = {
        subject: re.findall(r'class="chip (warning|breached)">(\w+)<', row)
        for subject in [*ages, "marked"]
        for row in rows
        if f"</span> {subject}</a>" in row
    }
    assert chips == {
        "in time": [],
        "warned": [("warning", "Warning")],
        "overdue": [("breached", "Breached")],
        "marked": [("breached", "Breached")],
    }
    assert "Initial response" in rows[-1]


def test_an_empty_queue_says_so(desk, staff):
    assert "You own no open cases." in text_of(staff.get(LIST + "?queue=mine"))
    assert "Nothing matches this search" in text_of(staff.get(LIST + "?queue=mine&q=zebra"))


def test_the_badge_counts_what_is_there(desk, staff):
    desk.case()
    desk.owned_case()
    items = staff.get(LIST).context["sidebar_navigation"][0]["items"]
    badges = {item["title"]: item["badge"] for item in items if "badge" in item}
    assert badges == {"My cases": "1", "Unassigned": "1", "All open": "2", "All cases": ""}


@pytest.mark.rule("FED-12")
def test_the_realms_banner_stands_on_every_page(desk, staff):
    case = desk.owned_case()
    banner = realm.current().staff_banner
    for address in (LIST, page_url(case), url("severity", case.pk), url("history", case.pk)):
        page = staff.get(address).content.decode()
        assert ("desk-banner" in page) == bool(banner)
        assert banner in page


def test_a_queue_page_costs_the_same_for_few_and_for_many(desk, staff):
    desk.owned_case()
    addresses = [LIST + "?queue=mine", LIST + "?queue=open", LIST, LIST + "?q=calls"]
    few = [queries(staff, each) for each in addresses]
    for _ in range(20):
        desk.act("take", desk.case(), actor=desk.colleague)
        desk.owned_case()
    assert [queries(staff, each) for each in addresses] == few
    assert max(few) <= 15


def test_a_case_page_costs_the_same_for_few_and_for_many(desk, staff):
    from cases.actors import Actor
    from cases.services.feeds import post_entry
    from cases.services.links import link_cases

    case = desk.owned_case()
    addresses = [page_url(case), url("history", case.pk), url("do", case.pk, "ask")]
    few = [queries(staff, each) for each in addresses]
    for number in range(15):
        author = [desk.expert, desk.designated, desk.colleague][number % 3]
        entry = post_entry(
            case_id=case.pk, actor=Actor.of(author), now=world.NOW, body=f"Entry {number}"
        )
        other = desk.case()
        link_cases(
            case_id=case.pk,
            number=other.number,
            kind="related",
            actor=Actor.of(desk.expert),
            now=world.NOW,
        )
    assert entry
    many = [queries(staff, each) for each in addresses]
    # A first link or file brings the query that shows it; a further one brings none.
    assert all(after <= before + 2 for before, after in zip(few, many, strict=True))
    assert max(many) <= 25
    again = [queries(staff, each) for each in addresses]
    assert again == many
    assert fresh(case).version > 15


@pytest.mark.parametrize(
    "name",
    [
        "announcement",
        "attachment",
        "businesscalendar",
        "carefeature",
        "careplan",
        "incident",
        "notice",
        "organization",
        "person",
    ],
)
def test_no_list_asks_once_a_row(desk, sign_in, name):
    boss = world.person("boss@support.example", roles=(OPERATIONS_ADMINISTRATOR,))
    boss.is_superuser = True
    boss.save()
    client = sign_in(boss)
    make_more(desk, 1)
    address = reverse(f"admin:cases_{name}_changelist")
    few = queries(client, address)
    make_more(desk, 8)
    assert queries(client, address) == few <= 15


def make_more(desk, number):
    """Some rows of each kind that a list shows."""
    from tests.admin.test_walk import attach

    for _ in range(number):
        mark = Case.objects.count()
        customer = world.organization(f"more-{mark}", technical_account_manager=desk.expert)
        world.person(f"more{mark}@support.example", roles=("Support Expert", "Escalation Owner"))
        Announcement.objects.create(title=f"News {mark}", body="Text")
        calendar = customer.calendar
        calendar.pk, calendar.name = None, f"Calendar {mark}"
        calendar.save()
        CalendarDay.objects.create(calendar=calendar, date=dt.date(2026, 5, 1))
        case = desk.owned_case()
        attach(desk, case)
        desk.act("join_incident", case, text="x", title=f"Incident {mark}")
    assert Notice.objects.exists()


def test_a_list_makes_its_headers_once_and_not_for_each_row(desk, staff, monkeypatch):
    for _ in range(3):
        desk.case()
    made = []
    make = lists.result_headers
    monkeypatch.setattr(lists, "result_headers", lambda shown: made.append(shown) or make(shown))
    page = staff.get(LIST + "?queue=open").content.decode()
    assert len(made) == 1
    assert page.count('id="action-toggle"') == 1
    assert "Due next" in page


def test_each_queue_has_one_row_and_each_model_a_queue_of_all():
    rows = [(queue.model._meta.label_lower, queue.name) for queue in every_queue()]
    assert len(rows) == len(set(rows))
    assert {model for model, _ in rows} == {model for model, name in rows if name == ALL}
    begins = {(model, queue) for _, model, queue in FIRST_PAGES if queue}
    assert begins <= set(rows)
