"""Every address of the admin x GET and POST x everybody: without the right, nothing is shown.

`NEEDS` is written by hand, and a test compares it with the URLconf: a new address without a line
here fails.
"""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.urls import get_resolver, reverse

from cases.models import (
    Announcement,
    Applicant,
    Case,
    Incident,
    Membership,
    Notice,
    Recomputation,
    SlaTarget,
)
from cases.roles import ROLES, sync_roles
from cases.services.links import link_cases
from escalations.models import ManagerEngagement
from fedramp.models import AccessRequest, PinCheck, Redaction, Skill
from supportdesk.checks import walk
from tests import world
from tests.admin.pages import attach, picture
from tests.escalations.world import open_office
from tests.stored import everything_stored
from tests.strangers import STRANGERS

NOBODY = "nobody may"
ANY_STAFF = "any staff"
ANY_RIGHT = "any right"


@dataclass(frozen=True)
class Needs:
    """The permission without which a GET, or a POST, is refused."""

    get: str
    post: str
    args: tuple[str, ...] = ()


def model(
    name: str, *, changed: bool = True, deleted: str = NOBODY, app: str = "cases"
) -> dict[str, Needs]:
    """The addresses that Django gives each model."""
    view, add, change = (f"{app}.{verb}_{name}" for verb in ("view", "add", "change"))
    if not changed:
        add = change = NOBODY
    return {
        f"{app}_{name}_changelist": Needs(view, view),
        f"{app}_{name}_add": Needs(add, add),
        f"{app}_{name}_history": Needs(view, NOBODY, (name,)),
        f"{app}_{name}_delete": Needs(deleted, deleted, (name,)),
        f"{app}_{name}_change": Needs(view, change, (name,)),
    }


WORK, ASSIGN = "cases.work_case", "cases.assign_case"
INCIDENT = "cases.manage_incident"
SEVERITY, NOTE = "cases.change_severity", "cases.write_internal_entry"
ESCALATE, MOVE = "escalations.manage_escalation", "escalations.move_entry"
ENGAGE, ANSWER = "escalations.engage_manager", "escalations.answer_review"

NEEDS: dict[str, Needs] = {
    "index": Needs(ANY_STAFF, ANY_STAFF),
    "app_list": Needs(ANY_RIGHT, ANY_RIGHT, ("app",)),
    "jsi18n": Needs(ANY_STAFF, ANY_STAFF),
    "password_change": Needs(ANY_STAFF, ANY_STAFF),
    "password_change_done": Needs(ANY_STAFF, ANY_STAFF),
    "profile": Needs(ANY_STAFF, ANY_STAFF),
    "mails": Needs("cases.view_notice", "cases.view_notice"),
    "mail": Needs("cases.view_notice", "cases.view_notice", ("mail",)),
    **model("announcement", deleted="cases.delete_announcement"),
    **model("attachment", changed=False),
    **model("businesscalendar"),
    **model("carefeature"),
    **model("careplan"),
    **model("case", changed=False),
    **model("incident", changed=False),
    **model("notice", changed=False),
    **model("organization"),
    **model("person"),
    **model("slatarget") | {"cases_slatarget_add": Needs(NOBODY, NOBODY)},
    "cases_case_open": Needs(WORK, WORK),
    "cases_case_open_for": Needs(WORK, WORK, ("membership",)),
    "cases_case_bulk_assign": Needs(NOBODY, ASSIGN),
    "cases_case_bulk_severity": Needs(NOBODY, SEVERITY),
    "cases_case_entry": Needs(NOTE, NOTE, ("case", "kind")),
    "cases_case_do": Needs(WORK, WORK, ("case", "action")),
    "cases_case_assign": Needs(ASSIGN, ASSIGN, ("case",)),
    "cases_case_severity": Needs(SEVERITY, SEVERITY, ("case",)),
    "cases_case_extend": Needs(WORK, WORK, ("case",)),
    "cases_case_link": Needs(WORK, WORK, ("case",)),
    "cases_case_unlink": Needs(NOBODY, WORK, ("case", "link")),
    "cases_businesscalendar_year": Needs(
        "cases.view_businesscalendar", NOBODY, ("businesscalendar", "year")
    ),
    "cases_businesscalendar_preview": Needs(
        NOBODY, "cases.change_businesscalendar", ("businesscalendar",)
    ),
    "cases_businesscalendar_preview_new": Needs(NOBODY, "cases.add_businesscalendar"),
    "jobs": Needs("cases.view_heartbeat", NOBODY),
    "job_run": Needs(NOBODY, "cases.run_job", ("job",)),
    "recompute_again": Needs(NOBODY, "cases.change_organization", ("recomputation",)),
    "cases_incident_restore": Needs(INCIDENT, INCIDENT, ("incident",)),
    "cases_incident_withdraw": Needs(INCIDENT, INCIDENT, ("incident",)),
    "cases_incident_rename": Needs(INCIDENT, INCIDENT, ("incident",)),
    "cases_incident_times": Needs(INCIDENT, INCIDENT, ("incident",)),
    "cases_notice_resend": Needs(NOBODY, "cases.resend_notice", ("notice",)),
    **model("escalation", changed=False, app="escalations"),
    **model("escalationreason", app="escalations"),
    "escalations_escalation_operations": Needs("escalations.view_escalation", NOBODY),
    **model("managerengagement", changed=False, app="escalations"),
    **model("ownerreview", changed=False, app="escalations"),
    "escalations_escalation_do": Needs(ESCALATE, ESCALATE, ("escalation", "escalation_action")),
    "escalations_escalation_record_call": Needs(SEVERITY, SEVERITY, ("case",)),
    "escalations_escalation_engage": Needs(ENGAGE, ENGAGE, ("escalated",)),
    "escalations_escalation_move_here": Needs(MOVE, MOVE, ("escalated", "entry")),
    "escalations_escalation_move_away": Needs(MOVE, MOVE, ("escalation", "escalation_entry")),
    "escalations_ownerreview_answer": Needs(ANSWER, ANSWER, ("ownerreview",)),
    "cases_person_link": Needs(NOBODY, "cases.change_person", ("person",)),
    "cases_person_reset": Needs("cases.change_person", "cases.change_person", ("person",)),
}

ATTEST, DECIDE = "fedramp.attest_skill", "fedramp.decide_access"
AUDIT, ACCEPT = "fedramp.view_auditentry", "fedramp.review_file"
REPORTS, REVIEW = "fedramp.view_scrubreport", "fedramp.review_scrub_report"
PASSAGE = "fedramp.redact_passage"
NEEDS |= {
    **model("redaction", changed=False, app="fedramp"),
    "fedramp_redaction_ask": Needs("fedramp.redact", "fedramp.redact", ("case",)),
    "fedramp_redaction_decide": Needs("fedramp.redact", "fedramp.redact", ("redaction",)),
}
if settings.REALM == "commercial":
    DECIDE_APPLICANT = "cases.decide_applicant"
    NEEDS |= model("applicant", changed=False)
    NEEDS["cases_applicant_decide"] = Needs(DECIDE_APPLICANT, DECIDE_APPLICANT, ("applicant",))
    REDIRECT = "fedramp.redirect_case"
    NEEDS["fedramp_redaction_redirect"] = Needs(REDIRECT, REDIRECT, ("case",))
    FLAG = "cases.change_organization"  # who has it may redirect too: cases/roles.py
    NEEDS["fedramp_redaction_flag"] = Needs(FLAG, FLAG, ("organization",))
if settings.REALM == "fedramp":
    NEEDS |= {
        **model("skill", changed=False, app="fedramp"),
        **model("filereview", changed=False, app="fedramp"),
        "fedramp_filereview_submit": Needs(ACCEPT, ACCEPT, ("case",)),
        "fedramp_filereview_decide": Needs(ACCEPT, ACCEPT, ("filereview",)),
        "fedramp_filereview_file": Needs(ACCEPT, NOBODY, ("filereview",)),
        "fedramp_skill_attest": Needs(ATTEST, ATTEST),
        "fedramp_skill_withdraw": Needs(ATTEST, ATTEST, ("skill",)),
        **model("pincheck", changed=False, app="fedramp"),
        **model("requestedperson", changed=False, app="fedramp"),
        "fedramp_requestedperson_decide": Needs(DECIDE, DECIDE, ("requestedperson",)),
        "fedramp_auditentry_changelist": Needs(AUDIT, AUDIT),
        **model("scrubreport", changed=False, app="fedramp"),
        "fedramp_scrubreport_of": Needs(REPORTS, REPORTS, ("case",)),
        "fedramp_scrubreport_passage": Needs(PASSAGE, PASSAGE, ("case",)),
        "fedramp_scrubreport_review": Needs(REVIEW, REVIEW, ("scrubreport",)),
        "fedramp_scrubreport_kinds": Needs(REPORTS, NOBODY),
        "fedramp_scrubreport_csv": Needs(REPORTS, NOBODY),
        "fedramp_pincheck_telephone": Needs("fedramp.check_pin", "fedramp.check_pin"),
    }

#: Django's sign-in and sign-out stand behind the portal's: tests/portal has them. What may be
#: completed depends on the field: test_autocomplete.py.
ELSEWHERE = {"login", "logout", "autocomplete"}


@pytest.fixture
def addresses(desk, settings) -> dict[str, tuple[Needs, str]]:
    """Every named address with objects that exist, so that a refusal is not a mere 404."""
    settings.ATTACHMENT_MAX_BYTES = 1000
    case = desk.owned_case()
    other = desk.owned_case(subject="The same")
    now = world.NOW
    actor = world.Actor.of(desk.expert)
    link = link_cases(case_id=case.pk, number=other.number, kind="related", actor=actor, now=now)
    desk.act("join_incident", other, text="All of them.", title="Media")
    file = attach(desk, case)
    news = Announcement.objects.create(title="Maintenance", body="On Sunday.")
    notice = Notice.objects.first()
    folder = settings.MAIL_DIR
    folder.mkdir(parents=True)
    (folder / "one.eml").write_bytes(b"To: a@b.example\nSubject: Hello\n\nText\n")
    office = open_office(desk)
    escalation = office.ask(office.case())
    office.update(escalation.case)
    objects = {
        "app": "cases",
        "escalation": escalation.pk,
        "escalation_entry": escalation.entries.get().pk,
        "escalated": escalation.case_id,
        "escalationreason": escalation.reason_id,
        "entry": escalation.case.entries.get(event="message").pk,
        "escalation_action": "take",
        "ownerreview": office.ask(escalation.case, reason="case_update").pk,
        "announcement": news.pk,
        "attachment": file.pk,
        "businesscalendar": desk.organization.calendar_id,
        "slatarget": SlaTarget.objects.first().pk,
        "carefeature": desk.organization.plan.features.first().pk,
        "careplan": desk.organization.plan_id,
        "case": case.pk,
        "incident": Incident.objects.get().pk,
        "job": "clear-sessions",
        "year": 2026,
        "notice": notice.pk,
        "organization": desk.organization.pk,
        "person": desk.designated.pk,
        "membership": Membership.objects.get(person=desk.designated).pk,
        "kind": "internal",
        "action": "close",
        "link": link.pk,
        "mail": "one",
    }
    objects["managerengagement"] = ManagerEngagement.objects.create(
        case=case, manager=desk.colleague, engaged_by=desk.expert, engaged_at=now
    ).pk
    objects["recomputation"] = Recomputation.objects.create(
        organization=desk.organization, asked_by=desk.expert, asked_at=now, finished_at=now
    ).pk
    objects["redaction"] = Redaction.objects.create(
        case=case,
        what="text",
        target=f"cases.case:{case.pk}:subject",
        reason="x",
        asked_by=desk.colleague,
        asked_at=now,
    ).pk
    if settings.REALM == "commercial":
        objects["applicant"] = Applicant.objects.create(
            name="Nell",
            email="nell@acme.example",
            typed="acme",
            role="read_only",
            asked_at=now,
            due_at=now,
            submission=uuid.uuid4(),
        ).pk
    if settings.REALM == "fedramp":
        objects["filereview"] = picture(desk, case).pk
        objects["skill"] = Skill.objects.get(person=desk.colleague).pk
        asked = AccessRequest.objects.create(
            organization=desk.organization,
            asked_by=desk.designated,
            asked_at=now,
            submission=uuid.uuid4(),
        )
        objects["requestedperson"] = asked.people.create(
            name="Nell", email="nell@acme.example", role="designated"
        ).pk
        common = {"person": desk.designated, "asked_by": desk.expert, "asked_at": now}
        objects["scrubreport"] = world.scrub_report(case, desk.designated).pk
        objects["pincheck"] = PinCheck.objects.create(outcome="match", **common).pk
    return {
        name: (needs, reverse(f"admin:{name}", args=[objects[each] for each in needs.args]))
        for name, needs in NEEDS.items()
    }


def harmful(case: Case, desk: world.Desk) -> dict[str, Any]:
    """One form that would do something at most addresses, if it got through."""
    common = {
        "version": case.version,
        "submission": str(uuid.uuid4()),
        "text": "Forged.",
        "body": "Forged.",
        "owner": desk.colleague.pk,
        "severity": 2,
        "kind": "related",
        "restored_at": "2026-03-03T16:00",
        "summary": "Forged.",
        "reason": "Forged.",
        "seen": "2026-03-03T16:00",
        "chosen": f"{case.pk}:{case.version}",
        "post": "yes",
        "name": "Forged",
        "title": "Forged",
        "subject": "Forged",
    }
    return {**common, **{f"internal-{name}": value for name, value in common.items()}}


def test_the_table_knows_every_address():
    named = {
        pattern.name
        for path, pattern in patterns()
        if path.startswith("admin/") and pattern.name not in ELSEWHERE and pattern.name
    }
    assert named == set(NEEDS)


def patterns() -> list[tuple[str, Any]]:
    found = []

    def visit(resolver: Any, prefix: str) -> None:
        for each in resolver.url_patterns:
            path = prefix + str(each.pattern)
            if hasattr(each, "url_patterns"):
                visit(each, path)
            else:
                found.append((path, each))

    visit(get_resolver(), "")
    assert len(found) == len(list(walk(get_resolver().url_patterns)))
    return found


def refused(response: Any) -> bool:
    """No page of the admin, and no success: the sign-in, or an error that says no."""
    if response.status_code in {301, 302}:
        return response.url.startswith(("/accounts/", "/admin/login/", reverse("portal:start")))
    return response.status_code in {403, 404, 405}


def try_all(client: Any, addresses: Any, desk: world.Desk, allowed: Any) -> None:
    """Asserts for each address and method: refused without the right, and never a fault."""
    case = Case.objects.order_by("pk").first()
    before = everything_stored()
    faults = []
    for name, (needs, address) in addresses.items():
        for method, permission in (("get", needs.get), ("post", needs.post)):
            if method == "post" and allowed(permission):
                continue  # what is allowed is proved elsewhere; here nothing may change
            form = harmful(case, desk) if method == "post" else {}
            response = getattr(client, method)(address, form)
            if response.status_code >= 500:
                faults.append(f"{method} {name}: {response.status_code}")
            if allowed(permission) and response.status_code not in {200, 302}:
                faults.append(f"{method} {name}: {response.status_code}, but it is allowed")
            if not allowed(permission) and not refused(response):
                faults.append(f"{method} {name}: {response.status_code}, but {permission}")
    assert not faults, "\n".join(faults)
    after = everything_stored()
    for table in ("django_session",):
        before.pop(table), after.pop(table)
    assert after == before


def test_nobody_gets_in_without_signing_in(addresses, desk, client):
    try_all(client, addresses, desk, lambda permission: False)


@pytest.mark.rule("ACC-2")
@pytest.mark.parametrize("who", ["designated", "read_only", "outsider"])
def test_no_contact_gets_in(addresses, desk, sign_in, who):
    client = sign_in(getattr(desk, who))
    try_all(client, addresses, desk, lambda permission: False)


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("role", [*ROLES, "no role"])
def test_each_role_does_what_its_line_says_and_no_more(addresses, desk, sign_in, role):
    sync_roles()
    roles = () if role == "no role" else (role,)
    somebody = world.person("somebody@support.example", roles=roles)
    somebody.is_staff = True
    somebody.save()
    world.admit(somebody)
    held = ROLES.get(role, set())
    # A closed gate must not open because the test holds more than the role.
    assert set(Permission.objects.filter(group__user=somebody)) == set(
        Permission.objects.filter(group__name=role)
    )
    client = sign_in(somebody)
    if any(each.startswith("cases.") for each in held):  # the page of one app
        held = held | {ANY_RIGHT}
    try_all(client, addresses, desk, lambda permission: permission in {ANY_STAFF, *held})


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-2", "FED-6")
@pytest.mark.parametrize("who", STRANGERS)
def test_no_address_opens_to_a_stranger_of_this_realm(addresses, desk, who, monkeypatch):
    # The gate ends the session; kept alive, it is tried at every address and not at the first one.
    monkeypatch.setattr("supportdesk.sign_in.adapter.logout", lambda request: None)
    try_all(STRANGERS[who](), addresses, desk, lambda permission: False)


def test_a_form_without_its_token_is_refused(desk):
    from django.test import Client

    case = desk.owned_case()
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.expert, backend=settings.AUTHENTICATION_BACKENDS[-1])
    before = everything_stored()
    address = reverse("admin:cases_case_do", args=[case.pk, "close"])
    assert client.post(address, harmful(case, desk)).status_code == 403
    assert everything_stored() == before
