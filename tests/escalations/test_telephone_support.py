"""PLAN-2: the number for what is Critical is there for everyone, any other call is for the plans
that have telephone support; on each page and in each mail."""

import re

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from cases.models import CarePlan, Case, Entry, Notice, Organization
from cases.promises import note_telephone_support
from escalations.services.management import close, decline
from tests.admin.pages import text_of
from tests.cases.test_clocks_count_anew import sweep
from tests.world import NOW, Actor, membership, organization

from .world import HOUR

pytestmark = pytest.mark.rule("PLAN-2")

WITH = ("business_care", "business_care_plus", "premium_care", "business_care_for_cloud")
WITHOUT = "care_for_cloud"


@pytest.fixture
def without(office):
    office.desk.organization.plan = CarePlan.objects.get(code=WITHOUT)
    office.desk.organization.save()
    return office


def loose_numbers(text: str) -> list[str]:
    """Where the number stands without a word that it is for what is Critical."""
    words = re.sub(r"\s+", " ", re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", text, flags=re.S))
    return [
        words[max(0, found.start() - 140) : found.end()]
        for found in re.finditer(re.escape(settings.SUPPORT_PHONE), words)
        if "ritical" not in words[max(0, found.start() - 140) : found.start()]
    ]


def pages_of(office, case):
    yield from ("/", "/before/", "/cases/", "/cases/open/acme/", "/profile/", "/announcements/")
    yield case.get_absolute_url()
    for name in ("help", "panel", "severity", "priority", "management", "details"):
        yield reverse(f"escalations:{name}", args=[case.number])


def cases_of(office):
    """Cases in which, with telephone support, one would be pointed to the telephone."""
    yield office.case(severity=4)
    yield office.case()
    yield office.desk.case()
    yield office.desk.act("close", office.case(), text="Done.")
    yield office.accepted().case
    late = office.ask(office.case(), now=NOW - 20 * HOUR)
    yield late.case
    declined = office.under_review()
    owner = Actor.of(office.owner)
    codes = ["the_severity_is_not_low"]
    decline(escalation_id=declined.pk, actor=owner, now=NOW, codes=codes, words="It is Low.")
    yield declined.case
    closed = office.accepted()
    close(escalation_id=closed.pk, actor=owner, now=NOW, justification="Done.")
    yield closed.case


def test_without_telephone_support_each_page_gives_the_number_for_critical_alone(without, client):
    found = list(cases_of(without))
    client.force_login(without.desk.designated)
    with time_machine.travel(NOW, tick=False):
        for case in found:
            for address in pages_of(without, case):
                page = client.get(address, follow=True).content.decode()
                assert settings.SUPPORT_PHONE in page or address.endswith("panel/"), address
                assert loose_numbers(page) == [], address
                assert "or by telephone" not in page, address


def test_with_it_the_pages_point_to_the_telephone(office, client):
    closed = office.desk.act("close", office.case(), text="Done.")
    late = office.ask(office.case(), now=NOW - 20 * HOUR).case
    client.force_login(office.desk.designated)
    with time_machine.travel(NOW, tick=False):
        for address, said in (
            ("/", "Telephone support for any other issue: the same number."),
            (closed.get_absolute_url(), "can reopen the case here. Or call +1 555 0100 ."),
            (closed.get_absolute_url(), "reopen the case, or call +1 555 0100"),
            (reverse("escalations:details", args=[late.number]), "if it cannot wait"),
            (office.case().get_absolute_url(), "for High you can also call +1 555 0100"),
        ):
            assert said in text_of(client.get(address)), address


@pytest.mark.parametrize("support", [True, False])
def test_what_a_job_closes_says_how_it_is_reopened(office, support):
    if not support:
        office.desk.organization.plan = CarePlan.objects.get(code=WITHOUT)
        office.desk.organization.save()
    case = office.desk.case_in("awaiting_customer")
    office.desk.act("close", office.case(), text="Done.")
    for hours in range(24, 24 * 8, 6):
        sweep(NOW + hours * HOUR)
    assert Case.objects.get(pk=case.pk).state == "closed"
    words = Entry.objects.get(case=case, event="closed").body
    assert ("or by telephone" in words) == support
    for event in ("closing_notice", "closed"):
        to_contacts = Notice.objects.filter(event=event, person__is_staff=False)
        texts = list(to_contacts.values_list("text", flat=True))
        assert texts
        for text in texts:
            assert (settings.SUPPORT_PHONE in text) == support
    if not support:
        loose = [words for each in Notice.objects.all() for words in loose_numbers(each.text)]
        assert loose == []


@pytest.mark.parametrize("code", [*WITH, WITHOUT])
def test_the_plans_have_it_as_their_table_says(desk, code):
    desk.organization.plan = CarePlan.objects.get(code=code)
    desk.organization.save()
    fresh = Organization.objects.get(pk=desk.organization.pk)
    assert fresh.has_telephone_support == (code in WITH)
    several = list(Organization.objects.order_by("pk"))
    note_telephone_support(several)
    assert {each.pk: each.__dict__["has_telephone_support"] for each in several}[fresh.pk] == (
        code in WITH
    )


def test_of_several_organizations_the_start_page_names_those_that_have_it(without, client):
    other = organization("initech")
    membership(without.desk.designated, other, "read_only")
    client.force_login(without.desk.designated)
    page = text_of(client.get("/"))
    assert "the same number, for Initech ." in page
    assert "Telephone +1 555 0100" in page


def test_a_critical_case_is_called_about_whatever_the_plan(without, client):
    case = without.case(severity=1)
    client.force_login(without.desk.designated)
    page = text_of(client.get(case.get_absolute_url()))
    assert "This is a Critical case. Call +1 555 0100 and quote" in page
    mail = Notice.objects.get(event="opened", case=case)
    assert f"call {settings.SUPPORT_PHONE} now" in mail.text


def test_before_the_sign_in_the_number_is_for_what_is_critical(client):
    assert "Critical issue? Call +1 555 0100" in text_of(client.get("/accounts/login/"))
