"""Every page of the portal in a real browser: WCAG 2.2 AA light and dark, 320 px, strict policy.

`open_page` fails the test where a page logged an error or broke the Content-Security-Policy.
"""

import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases.actors import Actor
from cases.models import Announcement, Attachment, Membership
from cases.services.applicants import ask
from cases.services.feeds import post_entry
from cases.services.files import check_files
from cases.services.links import link_cases
from cases.services.severity import change_severity
from tests.world import NOW, organization

LONG = "Averylongwordwithoutanyplacetobreakit" * 4


def furnish(desk):
    """A case with everything that its page can show, and the addresses of all pages."""
    case = desk.owned_case(subject=f"Transfer to {LONG}"[:150], conversation_id="c" * 90)
    waiting = desk.case_in("awaiting_customer")
    link_cases(
        case_id=case.pk, number=waiting.number, kind="related", actor=Actor.of(desk.expert), now=NOW
    )
    for person, body in ((desk.designated, f"See https://example.org/{LONG}"), (desk.expert, LONG)):
        post_entry(
            case_id=case.pk,
            actor=Actor.of(person),
            now=NOW,
            body=body,
            files=check_files([SimpleUploadedFile(f"{LONG}.log", b"log")]),
        )
    change_severity(
        case_id=case.pk,
        severity=4,
        reason="It is calmer now.",
        actor=Actor.of(desk.expert),
        now=NOW,
    )
    held = Attachment.objects.order_by("pk").last()
    Attachment.objects.filter(pk=held.pk).update(scan_state="pending", scan_due_at=NOW)
    Announcement.objects.create(
        title=f"News {LONG}"[:150],
        body=f"Words {LONG}",
        is_pinned=True,
        published_at=timezone.now(),
    )
    critical = desk.case(priority=1, phone_24x7="+1 212 555 0142")
    address = case.get_absolute_url()
    if settings.REALM == "commercial":
        applicant = ask(
            name=f"Nell {LONG}"[:100],
            email="nell@acme.example",
            phone="+1 555 0100",
            organization="acme",
            role="designated",
            note=LONG,
            submission=uuid.uuid4(),
            now=NOW,
        )
        more = {"requests": "/applicants/", "request": f"/applicants/{applicant.pk}/"}
    else:
        more = {}
    return {
        **more,
        "start": "/",
        "cases": "/cases/",
        "no case fits": "/cases/?q=zzz",
        "case": address,
        "case that waits": waiting.get_absolute_url(),
        "case that is closed": desk.case_in("closed").get_absolute_url(),
        "action": f"{address}close/",
        "opened": f"{critical.get_absolute_url()}opened/",
        "open": "/cases/open/acme/",
        "before": "/before/",
        "profile": "/profile/",
        "announcements": "/announcements/",
        "held file": f"/files/{held.public_id}/",
        "not found": "/nothing/",
        "password": "/accounts/password/change/",
        "second factor": "/accounts/2fa/",
        "sessions": "/accounts/sessions/",
        "confirm": "/accounts/reauthenticate/",
    }


ENTRANCE = {
    "sign-in": "/accounts/login/",
    "forgotten": "/accounts/password/reset/",
    "mail sent": "/accounts/password/reset/done/",
    "dead link": "/accounts/password/reset/key/abc-def/",
    "sign-up": "/accounts/signup/",
    "inactive": "/accounts/inactive/",
}
if settings.REALM == "commercial":
    ENTRANCE |= {"get started": "/get-started/", "asked": "/get-started/done/"}


@pytest.mark.rule("PORT-4")
def test_no_page_of_a_designated_contact_has_a_fault(desk, open_page, checks):
    addresses = furnish(desk)
    page = open_page(desk.designated)
    found = [fault for each in addresses.values() for fault in checks.faults(page, each)]
    assert not found, "\n".join(found)


@pytest.mark.rule("PORT-4", "ACC-2")
def test_no_page_of_a_read_only_contact_has_a_fault(desk, open_page, checks):
    addresses = furnish(desk)
    page = open_page(desk.read_only)
    found = [
        fault
        for name in ("start", "cases", "case", "action", "open")
        for fault in checks.faults(page, addresses[name])
    ]
    assert not found, "\n".join(found)


@pytest.mark.rule("PORT-4")
def test_no_page_before_the_sign_in_has_a_fault(db, open_page, checks):
    page = open_page()
    found = [fault for each in ENTRANCE.values() for fault in checks.faults(page, each)]
    assert not found, "\n".join(found)


@pytest.mark.rule("PORT-4")
def test_forms_with_errors_have_no_fault(desk, open_page, checks):
    case = desk.owned_case()
    page = open_page(desk.designated)
    found = []
    for address in (
        "/cases/open/acme/",
        case.get_absolute_url(),
        f"{case.get_absolute_url()}close/",
    ):
        page.goto(address)
        page.locator("main form button[type=submit]").last.click()
        page.locator("[data-first-error]").wait_for()
        assert page.evaluate("document.activeElement.hasAttribute('data-first-error')")
        found += checks.accessibility_violations(page)
    page.goto("/accounts/login/")
    assert not found, "\n".join(found)


@pytest.mark.rule("PORT-4", "FED-1")
def test_the_choice_of_an_organization_has_no_fault(desk, open_page, checks):
    for name in ("initech", "umbrella"):
        in_fedramp = settings.REALM == "fedramp" or name == "umbrella"  # FED-1
        other = organization(name, is_fedramp=in_fedramp)
        Membership.objects.create(person=desk.designated, organization=other, role="designated")
    page = open_page(desk.designated)
    assert not checks.faults(page, "/cases/open/")
    elsewhere = page.get_by_text("Go to the FedRAMP Support Portal")
    assert elsewhere.count() == (1 if settings.REALM == "commercial" else 0)


def test_the_realm_is_visible(desk, open_page):
    page = open_page(desk.designated)
    page.goto("/")
    header = page.locator("header")
    assert ("FedRAMP" in header.inner_text()) == (settings.REALM == "fedramp")
