"""The pages of who gets in: an invited contact's way in, and what staff see of it."""

import re
import uuid
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from cases.actors import Actor
from cases.models import Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR, sync_roles
from cases.services import applicants
from cases.services.files import check_files
from fedramp.services import file_reviews, redactions
from fedramp.services.access import Asked, ask
from tests import realms, world
from tests.security_keys import key_of

PASSWORD = "a quiet harbour at dusk"


@pytest.fixture
def desk() -> world.Desk:
    sync_roles()
    return world.build()


def code_of(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-3", "FED-4", "FED-5")
def test_an_invited_contact_gets_in_and_is_known_on_the_telephone(
    desk: Any, open_page: Any, checks: Any, settings: Any
) -> None:
    """From the mail to the PIN to the check by telephone."""
    settings.CONTACT_SECOND_FACTOR_REQUIRED = True
    ada = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    nell = Person.objects.create(email="nell@acme.example", name="Nell Newcomer", password="!")
    world.membership(nell, desk.organization, "designated")
    desk.case(subject="Zebra crossing")

    admin = open_page(ada)
    admin.goto(f"/admin/cases/person/{nell.pk}/change/")
    admin.get_by_role("button", name="Send an invitation").click()
    expect(admin.get_by_text("An invitation is on its way to nell@acme.example.")).to_be_visible()
    text = Notice.objects.get(event="invitation").text
    link = re.search(r"/invitation/[\w-]+/", text).group(0)

    contact = open_page()
    contact.goto(link)
    assert checks.accessibility_violations(contact) == []
    for field in ("new_password1", "new_password2"):
        contact.locator(f"[name={field}]").fill(PASSWORD)
    contact.get_by_role("button", name="Accept").click()
    sign_in(contact)
    # Nothing opens before the second factor is set up.
    expect(contact).to_have_url(re.compile("/accounts/2fa/"))
    contact.goto("/accounts/2fa/totp/activate/")
    prove(contact)
    secret = contact.locator("#authenticator_secret").input_value()
    contact.locator("[name=code]").fill(code_of(secret))
    contact.locator("main form button[type=submit]").first.click()
    contact.wait_for_url("**/accounts/2fa/**")
    contact.goto("/profile/")
    contact.get_by_role("link", name="Your telephone PIN").click()
    prove(contact)
    expect(contact.locator(".pin strong")).to_be_visible()
    assert checks.accessibility_violations(contact) == []
    pin = contact.locator(".pin strong").inner_text()

    staff = open_page(desk.expert)
    staff.goto("/admin/fedramp/pincheck/telephone/")
    assert checks.accessibility_violations(staff) == []
    for digits, answer in (("000 0000", "No match."), (pin, "Match:")):
        assert "Zebra" not in staff.content()
        staff.locator("[name=email]").fill("nell@acme.example")
        staff.locator("[name=pin]").fill(digits)
        staff.get_by_role("button", name="Check the PIN").click()
        expect(staff.get_by_text(answer, exact=False).first).to_be_visible()
    expect(staff.get_by_text("Zebra crossing")).to_be_visible()
    assert checks.accessibility_violations(staff) == []


def prove(page: Any) -> None:
    """The password once more, where the page asks for it."""
    page.wait_for_load_state()
    if "/accounts/reauthenticate/" in page.url:
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(re.compile(r"^(?!.*reauthenticate)"))


def sign_in(page: Any) -> None:
    """Past the system-use notice, with the new password."""
    page.wait_for_load_state()
    if page.locator("[name=login]").count() == 0:
        page.locator("main form button[type=submit]").first.click()
    page.locator("[name=login]").fill("nell@acme.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


@pytest.mark.realm("fedramp")
def test_no_page_of_access_has_a_fault(desk: Any, open_page: Any, checks: Any) -> None:
    ada = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    request = ask(
        organization=desk.organization,
        people=[Asked("Nell Newcomer", "nell@acme.example", "designated")],
        note="New on the team.",
        submission="5a0f2a5c-8f5f-4a8e-9d4c-000000000001",  # type: ignore[arg-type]
        actor=Actor.of(desk.designated),
        now=timezone.now(),
    )
    case = desk.case()
    skill = ada.skills.get()
    redaction = redactions.ask(
        case_id=case.pk,
        target=redactions.targets(case)[0].key,
        reason="It contains a home address.",
        actor=Actor.of(desk.colleague),
        now=timezone.now(),
    )
    acceptance = file_reviews.submit(
        case_id=case.pk,
        file=check_files([SimpleUploadedFile("screen.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)])[0],
        reason="Only the picture shows the colours.",
        looked=True,
        submission=uuid.uuid4(),
        actor=Actor.of(desk.colleague),
        now=timezone.now(),
    )
    look = {
        ada: [
            "skill/",
            f"skill/{skill.pk}/change/",
            "skill/attest/",
            f"skill/{skill.pk}/withdraw/",
            "requestedperson/",
            f"requestedperson/{request.people.get().pk}/change/",
            f"requestedperson/{request.people.get().pk}/decide/",
            "pincheck/",
        ],
        desk.expert: [
            "redaction/",
            f"redaction/ask/{case.pk}/",
            f"redaction/{redaction.pk}/change/",
            f"redaction/{redaction.pk}/decide/",
            "pincheck/telephone/?q=dana",
            "filereview/",
            f"filereview/{acceptance.pk}/change/",
            f"filereview/{acceptance.pk}/decide/",
            f"filereview/bring/{case.pk}/",
        ],
    }
    found = []
    for person, addresses in look.items():
        page = open_page(person)
        for each in addresses:
            found += checks.faults(page, f"/admin/fedramp/{each}")
    page = open_page(desk.designated)
    for address in ("/access/", "/access/ask/", "/invitation/unknown/", "/profile/"):
        found += checks.faults(page, address)
    assert not found, "\n".join(found)


@pytest.mark.realm("commercial")
@pytest.mark.rule("ACC-5")
def test_no_page_of_requests_for_access_has_a_fault(desk: Any, open_page: Any, checks: Any) -> None:
    ada = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    applicant = applicants.ask(
        name="Nell Newcomer",
        email="nell@acme.example",
        phone="+1 555 0100",
        organization="acme",
        role="designated",
        note="New on the team.",
        submission=uuid.uuid4(),
        now=timezone.now(),
    )
    page = open_page(ada)
    listed = "/admin/cases/applicant/"
    addresses = [listed, f"{listed}{applicant.pk}/change/", f"{listed}{applicant.pk}/decide/"]
    found = [fault for each in addresses for fault in checks.faults(page, each)]
    assert not found, "\n".join(found)


@pytest.mark.crossed
def test_no_page_of_a_sign_in_has_a_fault(desk: Any, open_page: Any, checks: Any) -> None:
    """Its reset by an access administrator, and the pages of one's own second factor."""
    ada = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    person = f"/admin/cases/person/{desk.expert.pk}"
    page = open_page(ada)
    found = checks.faults(page, f"{person}/change/") + checks.faults(page, f"{person}/reset/")

    totp.TOTP.activate(desk.designated, totp.generate_totp_secret())
    RecoveryCodes.activate(desk.designated)
    key_of(desk.designated)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    page = open_page(desk.designated)
    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("[name=password]").fill(world.PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/webauthn/add/")
    for each in (
        "",
        "webauthn/add/",
        f"webauthn/keys/{key.pk}/edit/",
        f"webauthn/keys/{key.pk}/remove/",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
    ):
        found += checks.faults(page, f"/accounts/2fa/{each}")
    assert not found, "\n".join(found)


@pytest.mark.realm("commercial")
@pytest.mark.rule("FED-1", "FED-12")
def test_a_fedramp_customer_who_starts_in_the_commercial_portal(
    desk: Any, open_page: Any, checks: Any
) -> None:
    case = desk.case()
    realms.flag(desk.organization)
    contact = open_page(desk.designated)
    contact.goto("/cases/open/")
    expect(contact.get_by_role("link", name=re.compile("FedRAMP")).first).to_be_visible()
    assert contact.locator("textarea").count() == 0
    staff = open_page(desk.expert)
    staff.goto("/admin/cases/case/open/?q=dana")
    expect(staff.get_by_text("FedRAMP customer: Acme")).to_be_visible()
    assert checks.accessibility_violations(staff) == []
    staff.goto(f"/admin/cases/case/{case.pk}/change/")
    staff.get_by_role("link", name="Redirect to FedRAMP").click()
    staff.locator("[name=reason]").fill("Seen in triage.")
    assert checks.accessibility_violations(staff) == []
    staff.get_by_role("button", name="Redirect, and redact").click()
    expect(staff.get_by_role("heading", name="[redacted]")).to_be_visible()
