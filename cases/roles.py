"""The staff roles and what each may do (ACC-7), in one table.

`manage.py sync_roles` applies it after each migrate; a test compares the groups with it.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

SUPPORT_EXPERT = "Support Expert"
ESCALATION_OWNER = "Escalation Owner"
PRODUCT_SUPPORT_MANAGER = "Product Support Manager"
ACCESS_ADMINISTRATOR = "Access Administrator"
OPERATIONS_ADMINISTRATOR = "Operations Administrator"
AUDITOR = "Auditor"

#: The links of an organization's page: its entitlements and its hours.
_SEE_TERMS = {
    "cases.view_careplan",
    "cases.view_businesscalendar",
    "cases.view_openinghours",
    "cases.view_calendarday",
}

_SEE_CASES = _SEE_TERMS | {
    "cases.view_case",
    "cases.view_entry",
    "cases.view_attachment",
    "cases.view_caselink",
    "cases.view_incident",
    "cases.view_organization",
    "cases.view_deployment",
    "cases.view_membership",
    "cases.view_person",
    "cases.view_announcement",
    "escalations.view_escalation",
    "escalations.view_escalationentry",
    "escalations.view_escalationreason",
    "escalations.view_managementattention",
    "escalations.view_managerengagement",
    "escalations.view_ownerreview",
    # FED-7: staff who see that personal data was missed remove it, and see the result.
    "fedramp.redact_passage",
    "fedramp.view_scrubreport",
}


def _manage(*models: str, app: str = "cases") -> set[str]:
    return {f"{app}.{verb}_{model}" for model in models for verb in ("view", "add", "change")}


ROLES: dict[str, set[str]] = {
    # The sources' Case Owner: works cases from the queue to their end.
    SUPPORT_EXPERT: _SEE_CASES
    | {
        "cases.work_case",
        "cases.assign_case",
        "cases.change_severity",
        "cases.manage_incident",
        "cases.write_internal_entry",
        "cases.view_notice",
        "fedramp.check_pin",
        "fedramp.redirect_case",
        "fedramp.redact",
        "fedramp.review_scrub_report",
        "fedramp.view_redaction",
        "fedramp.review_file",
        "fedramp.view_filereview",
        "escalations.answer_review",
        "escalations.engage_manager",
        "escalations.move_entry",
    },
    # Reads the case; writes in the escalation's own feed, and to staff by internal entries.
    ESCALATION_OWNER: _SEE_CASES
    | {"cases.write_internal_entry", "escalations.manage_escalation", "escalations.move_entry"},
    PRODUCT_SUPPORT_MANAGER: _SEE_CASES
    | {
        "cases.write_internal_entry",
        "cases.assign_case",
        "cases.change_severity",
        "cases.manage_incident",
        "cases.lead_unassigned",
        "fedramp.check_pin",
        "fedramp.redact",
        "fedramp.review_scrub_report",
        "fedramp.view_redaction",
        "fedramp.review_file",
        "fedramp.view_filereview",
        "escalations.be_engaged",
        "escalations.engage_manager",
    },
    # People and their roles; no case.
    ACCESS_ADMINISTRATOR: _manage("person", "membership")
    | _SEE_TERMS
    | {
        "cases.view_applicant",
        "cases.decide_applicant",
        "cases.delete_membership",
        "cases.view_organization",
        "cases.view_deployment",
        "fedramp.view_skill",
        "fedramp.attest_skill",
        "fedramp.view_pincheck",
        "fedramp.view_requestedperson",
        "fedramp.decide_access",
    },
    # Customers' master data, calendars, plans, announcements, mail.
    OPERATIONS_ADMINISTRATOR: _SEE_CASES
    | _manage(
        "organization",
        "deployment",
        "careplan",
        "carefeature",
        "businesscalendar",
        "openinghours",
        "calendarday",
        "announcement",
        "slatarget",
    )
    | _manage("escalationreason", "reasonprompt", app="escalations")
    | {
        "cases.delete_openinghours",
        "cases.delete_calendarday",
        "cases.delete_announcement",
        "cases.view_notice",
        "cases.resend_notice",
        "cases.view_heartbeat",
        "cases.run_job",
        # FED-1: flagging an organization redirects its open cases.
        "fedramp.redirect_case",
    },
    # Reads who did what, if the realm keeps an audit log (AU-9); no cases, no people's pages.
    AUDITOR: {"fedramp.view_auditentry"},
}


def sync_roles() -> None:
    """Make each role a group with exactly the table's permissions; leave other groups alone.

    Raises LookupError if the table names a permission that does not exist.
    """
    with transaction.atomic():
        for name, wanted in ROLES.items():
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set(_permissions(wanted))


def _permissions(names: set[str]) -> list[Permission]:
    match = Q(pk__in=[])
    for name in names:
        app, _, codename = name.partition(".")
        match |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(match).select_related("content_type"))
    known = {f"{each.content_type.app_label}.{each.codename}" for each in found}
    if missing := sorted(names - known):
        raise LookupError(f"no such permission: {', '.join(missing)}")
    return found
