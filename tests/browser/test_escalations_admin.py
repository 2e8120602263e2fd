"""The staff's side of an escalation in a real browser: its pages, and the way to an answer."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.actors import Actor
from escalations.errors import NotEligible
from escalations.models import EscalationReason
from escalations.services.owner_reviews import engage_manager
from tests.admin.pages import page_url as case_url
from tests.escalations.pages import LIST, do_url, fresh, page_url
from tests.escalations.world import open_office
from tests.world import person

expect.set_options(timeout=15_000)  # as the contexts of `open_page`

REVIEWS = "/admin/escalations/ownerreview/"
ENGAGEMENTS = "/admin/escalations/managerengagement/"


@pytest.fixture
def office(desk):
    return open_office(desk)


@pytest.fixture
def boss(office):
    """Holds the roles of all pages of this app."""
    roles = (
        "Support Expert",
        "Escalation Owner",
        "Operations Administrator",
        "Product Support Manager",
    )
    return person("boss@support.example", name="Bo Boss", roles=roles)


def addresses(office, boss) -> list[str]:
    """Every page of this app that staff see, with something on it."""
    waiting, accepted = office.ask(office.case()), office.accepted()
    reviewed = office.under_review()
    for each in (accepted, reviewed):
        each.owner = boss
        each.save()
    with pytest.raises(NotEligible):
        office.ask(office.case(updated_at=timezone.now()), now=timezone.now())
    office.update(accepted.case)
    review = office.ask(accepted.case, reason="case_update")
    message = accepted.case.entries.get(event="message")
    reason = EscalationReason.objects.get(code="lack_of_progress")
    critical = office.case(severity=1, phone_24x7="+1 555 0199")
    engage_manager(
        case_id=critical.pk,
        manager=boss,
        note="All regions.",
        actor=Actor.of(office.desk.expert),
        now=timezone.now(),
    )
    name = "admin:escalations_escalation_"
    return [
        LIST + "?queue=review",
        LIST + "?queue=accepted",
        LIST,
        LIST + "operations/",
        ENGAGEMENTS + "?queue=mine",
        page_url(waiting),
        page_url(accepted),
        do_url(reviewed, "accept"),
        do_url(reviewed, "decline"),
        do_url(accepted, "assess"),
        do_url(reviewed, "hand-over"),
        reverse(name + "engage", args=[critical.pk]),
        "/admin/escalations/escalationreason/",
        f"{REVIEWS}{review.pk}/change/",
        f"{case_url(accepted.case)}?contact={office.desk.designated.pk}",
        reverse(name + "move_here", args=[accepted.case_id, message.pk]),
        f"/admin/escalations/escalationreason/{reason.pk}/change/",
    ]


def test_no_page_has_a_barrier_or_scrolls_sideways(office, boss, open_page, checks):
    page = open_page(boss)
    found = [fault for each in addresses(office, boss) for fault in checks.faults(page, each)]
    assert not found, "\n".join(found)


def test_an_escalation_owner_answers_and_closes(office, open_page):
    accepted, declined = office.ask(office.case()), office.ask(office.case())
    page = open_page(office.owner)
    page.goto("/admin/")
    page.wait_for_url(re.compile("queue=review"))
    page.get_by_role("link", name=accepted.case.number).click()
    page.wait_for_url(re.compile(page_url(accepted)))
    page.get_by_role("button", name="Take for review").dblclick()
    expect(page.get_by_text("The escalation is now yours to review.")).to_have_count(1)
    page.get_by_role("link", name="Accept …").click()
    page.wait_for_url(re.compile("do/accept"))
    page.get_by_role("group", name="Importance").get_by_label("High").check()
    page.get_by_role("group", name="Urgency").get_by_label("Medium").check()
    page.get_by_label("Next steps").fill("Development looks at it today.")
    page.get_by_label("Next update by").fill("2099-03-03T14:00")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("The escalation has been accepted, and the customer")).to_have_count(1)

    page.keyboard.press("r")
    page.get_by_label("The customer can read this").fill("The fix is built.")
    page.get_by_role("button", name="Post an update").dblclick()
    expect(
        page.get_by_text("The update has been sent to the customer, and the next one")
    ).to_have_count(1)
    assert accepted.entries.filter(body="The fix is built.").count() == 1
    page.get_by_role("link", name="Close the escalation").click()
    page.wait_for_url(re.compile("do/close"))
    page.get_by_label("Why it is closed").fill("The fix works.")
    page.get_by_role("button", name="Close the escalation").click()
    expect(page.get_by_text("The escalation has been closed, and the customer")).to_have_count(1)
    assert fresh(accepted).state == "closed"

    page.goto(page_url(declined))
    page.get_by_role("button", name="Take for review").click()
    expect(page.get_by_text("The escalation is now yours to review.")).to_have_count(1)
    page.get_by_role("link", name="Decline …").click()
    page.wait_for_url(re.compile("do/decline"))
    page.get_by_label("The severity is not Low").check()
    page.get_by_label("Why it is declined").fill("Please ask for Medium first.")
    page.get_by_role("button", name="Show what the customer will read").click()
    preview = page.get_by_role("region", name="What Dana Designated will read")
    expect(preview.get_by_text("Please ask for Medium first.").first).to_be_visible()
    assert fresh(declined).state == "under_review"
    page.get_by_role("button", name="Decline and send this").click()
    expect(
        page.get_by_text("The escalation has been declined, and the person who asked")
    ).to_have_count(1)
    assert fresh(declined).decline_codes == ["the_severity_is_not_low"]
