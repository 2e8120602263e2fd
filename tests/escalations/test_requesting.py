"""Asking for help: what makes an escalation, what goes to the Case Owner, what is refused."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from cases import realm
from cases.actors import Actor
from cases.errors import CaseChanged, Invalid, NotAllowed, SentBefore
from cases.models import Case, Entry, Membership, Notice
from cases.services.feeds import post_entry
from escalations.errors import NotEligible
from escalations.models import Escalation, EscalationReason
from escalations.services.management import close
from tests.incidents import contact_asks, platform_case, restore
from tests.stored import everything_stored
from tests.world import NOW

from .asking import refused, told
from .world import HOUR, LONG_AGO

SECOND = dt.timedelta(seconds=1)


def reasons(error: NotEligible) -> set[str]:
    return {outcome.reason for outcome in error.eligibility.refusals}


# --- An escalation ------------------------------------------------------------------------------


@pytest.mark.rule("HELP-4")
@pytest.mark.rule("HELP-5")
@pytest.mark.rule("MGT-1")
def test_a_case_that_meets_the_criteria_is_escalated_and_says_so(office):
    case = office.case()
    escalation = office.ask(case)
    fresh = Escalation.objects.get(pk=escalation.pk)
    assert fresh.state == "requested"
    assert fresh.requested_by == office.desk.designated
    assert fresh.severity == 3
    stamp = case.entries.get(event=Entry.Event.ESCALATED)
    assert (stamp.author, stamp.created_at, stamp.visibility) == (
        office.desk.designated,
        NOW,
        "public",
    )
    opening = fresh.entries.get()
    assert opening.event == "requested"
    assert "Nothing has happened" in opening.body
    assert Case.objects.get(pk=case.pk).staff_updated_at == LONG_AGO, "no update by Product Support"


@pytest.mark.rule("MGT-9")
def test_the_owner_has_two_business_hours(office, settings):
    late = NOW.replace(hour=21)  # 16:00 in New York, an hour before closing
    assert office.ask(office.case(), now=late).answer_due_at == dt.datetime(
        2026, 3, 4, 15, 0, tzinfo=dt.UTC
    )
    settings.ESCALATION_ANSWER_HOURS = 1
    assert office.ask(office.case(), now=late).answer_due_at == late + HOUR


def test_the_criteria_are_kept_as_codes_and_without_words(office):
    escalation = office.ask(office.case())
    assert {each["rule"] for each in escalation.criteria} >= {"ESC-1", "ESC-12"}
    assert all(each["met"] for each in escalation.criteria)
    assert "Nothing" not in str(escalation.criteria)


@pytest.mark.rule("PLAN-3")
def test_owners_case_owner_and_account_manager_are_told_and_the_requestor_gets_a_receipt(office):
    office.ask(office.case())
    assert told("escalation_requested") == {
        office.owner.email,
        office.other_owner.email,
        office.desk.expert.email,
        office.account_manager.email,
    }
    assert told("escalation_received") == {office.desk.designated.email}


@pytest.mark.rule("FED-13")
def test_mails_carry_what_the_realm_allows(office):
    office.accepted(office.case())
    texts = " ".join(Notice.objects.filter(event__startswith="esc").values_list("text", flat=True))
    subjects = set(Notice.objects.filter(event__startswith="esc").values_list("subject", flat=True))
    carries = realm.current().mails_carry_content
    assert ("Development looks at the trace" in texts) == carries
    assert any("Calls drop" in subject for subject in subjects) == carries
    assert "Nothing has happened" not in texts


def test_a_second_click_is_the_same_escalation(office):
    case, form = office.case(), uuid.uuid4()
    first = office.ask(case, submission=form)
    before = everything_stored()
    assert office.ask(case, submission=form) == first
    assert everything_stored() == before
    refused(office, office.case(), error=CaseChanged, submission=form)
    for fields in ({"details": "Else."}, {"impact": "Else."}, {"reason": "urgency_changed"}):
        refused(office, case, error=SentBefore, submission=form, **fields)


# --- Refused by a criterion ---------------------------------------------------------------------


@pytest.mark.rule("ESC-1")
def test_a_closed_case_is_refused(office):
    case = office.case()
    office.desk.act("close", case, actor=office.desk.designated, text="Done.")
    error = refused(office, case)
    assert reasons(error) == {"case_closed"}
    assert "reopen" in error.message


@pytest.mark.rule("ESC-2")
def test_there_is_no_escalation_without_a_case(office):
    case = office.case()
    missing = Case(pk=case.pk + 1000)
    refused(office, missing, error=Case.DoesNotExist)
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.create(
            case=None,
            requested_by=office.desk.designated,
            requested_at=NOW,
            reason=EscalationReason.objects.get(code="other"),
            severity=3,
            answer_due_at=NOW,
        )


@pytest.mark.rule("ESC-3")
@pytest.mark.rule("ESC-14")
def test_an_update_that_came_after_the_page_was_shown_refuses(office):
    case = office.case()
    office.update(case, now=LONG_AGO + HOUR)
    assert reasons(refused(office, case)) == {"update_unread"}
    office.read(case)
    assert office.ask(case).state == "requested"


@pytest.mark.rule("ESC-3")
def test_what_a_colleague_read_is_not_read_by_the_contact(office, django_user_model):
    case = office.case()
    colleague = django_user_model.objects.create_user("dora@acme.example", "x", name="Dora")
    Membership.objects.create(
        person=colleague, organization=office.desk.organization, role="designated"
    )
    assert reasons(refused(office, case, person=colleague)) == {"update_unread"}


@pytest.mark.rule("ESC-3")
@pytest.mark.rule("FEED-3")
def test_an_internal_entry_is_no_update(office):
    case = office.case()
    office.update(case, internal=True)
    assert office.ask(case).state == "requested"


@pytest.mark.rule("ESC-4")
@pytest.mark.parametrize(
    ("action", "reason"), [("ask", "question_open"), ("propose", "resolution_open")]
)
def test_while_product_support_waits_the_answer_comes_first(office, action, reason):
    case = office.case()
    office.desk.act(action, case, text="Is it so?", now=LONG_AGO)
    office.read(case)
    assert reasons(refused(office, case)) == {reason}
    post_entry(case_id=case.pk, actor=Actor.of(office.desk.designated), now=NOW, body="It is.")
    assert office.ask(case).state == "requested"


@pytest.mark.rule("ESC-5")
@pytest.mark.rule("MGT-5")
def test_a_second_escalation_needs_the_first_one_closed(office):
    case = office.case()
    first = office.accepted(case)
    assert reasons(refused(office, case)) == {"escalation_active"}
    close(
        escalation_id=first.pk, actor=Actor.of(office.owner), now=NOW, justification="It is fixed."
    )
    second = office.ask(case)
    assert second.pk != first.pk
    assert Escalation.objects.filter(case=case).active().get() == second


@pytest.mark.rule("ESC-5")
def test_the_database_itself_refuses_a_second_active_one(office, monkeypatch):
    """Without the check that looks first, the constraint's refusal reads the same."""
    case = office.case()
    office.ask(case)
    from escalations.services import help_requests

    judge, asked = help_requests.eligibility, []

    def blind(**given):
        asked.append(1)
        verdict = judge(**given)
        return verdict if len(asked) > 1 else type(verdict)(())

    monkeypatch.setattr(help_requests, "eligibility", blind)
    assert "escalation_active" in reasons(refused(office, case))
    assert len(asked) == 2


@pytest.mark.rule("ESC-7")
@pytest.mark.rule("HELP-4")
def test_the_analysis_that_is_not_under_way_is_not_overdue(office):
    assert reasons(refused(office, office.case(), reason="rca_overdue")) == {"no_analysis"}


@pytest.mark.rule("ESC-7")
@pytest.mark.rule("RCA-3")
def test_the_analysis_is_overdue_after_its_business_days(office):
    case = platform_case(office.desk, 3, now=LONG_AGO)
    restored = NOW - dt.timedelta(days=7)  # five business days to the second
    contact_asks(office.desk, case, now=LONG_AGO)
    restore(office.desk, case.incident, restored)
    office.read(case, now=restored)
    error = refused(office, case, reason="rca_overdue", now=NOW - SECOND)
    assert reasons(error) == {"analysis_in_time_cloud"}
    assert error.eligibility.possible_from == NOW
    assert office.ask(case, reason="rca_overdue").reason.code == "rca_overdue"


@pytest.mark.rule("ESC-8")
@pytest.mark.rule("ESC-13")
def test_a_high_case_waits_24_hours_from_the_last_update_by_product_support(office):
    case = office.case(severity=2, updated_at=NOW - dt.timedelta(hours=24))
    post_entry(
        case_id=case.pk, actor=Actor.of(office.desk.designated), now=NOW - HOUR, body="Any news?"
    )
    assert reasons(refused(office, case, now=NOW - SECOND)) == {"updated_within_24_hours"}
    assert office.ask(case, now=NOW).state == "requested"


@pytest.mark.rule("ESC-8")
def test_a_high_case_needs_its_impact(office):
    case = office.case(severity=2)
    assert refused(office, case, error=Invalid, impact="  ").field == "impact"
    assert office.ask(case).impact


@pytest.mark.rule("ESC-9")
@pytest.mark.rule("ESC-13")
def test_a_medium_case_waits_three_business_days(office):
    updated = NOW - dt.timedelta(days=5)  # Thursday; the weekend does not count
    case = office.case(updated_at=updated)
    error = refused(office, case, now=NOW - SECOND)
    assert reasons(error) == {"updated_within_3_days"}
    assert "Possible from Tuesday" in error.message
    assert office.ask(case, now=NOW).state == "requested"


@pytest.mark.rule("ESC-13")
def test_a_change_that_the_customer_sees_is_an_update_and_an_internal_note_is_not(office):
    case = office.case()
    office.update(case, internal=True)
    assert Case.objects.get(pk=case.pk).staff_updated_at == LONG_AGO
    office.desk.act("engage", case, text="Under analysis.", third_party="development")
    assert Case.objects.get(pk=case.pk).staff_updated_at == NOW
    office.read(case)
    assert reasons(refused(office, case)) == {"updated_within_3_days"}


@pytest.mark.rule("ESC-13")
def test_a_case_in_which_nobody_wrote_counts_from_its_opening(office):
    rules = realm.current()
    case = office.desk.case(now=NOW)
    error = refused(office, case)
    wanted = {"updated_within_3_days"} | (
        {"not_assigned"} if rules.escalates_assigned_cases_only else set()
    )
    assert reasons(error) == wanted


@pytest.mark.rule("ESC-10")
def test_a_low_case_is_refused(office):
    assert reasons(refused(office, office.case(severity=4))) == {"severity_low"}


@pytest.mark.rule("SEV-6")
def test_the_severity_counts_and_not_the_priority(office):
    low_to_the_customer = office.case(severity=3)
    Case.objects.filter(pk=low_to_the_customer.pk).update(priority=4)
    assert office.ask(low_to_the_customer).state == "requested"
    high_to_the_customer = office.case(severity=4)
    Case.objects.filter(pk=high_to_the_customer.pk).update(priority=2)
    assert reasons(refused(office, high_to_the_customer)) == {"severity_low"}


@pytest.mark.rule("ESC-11")
@pytest.mark.realm("commercial")
def test_a_critical_case_is_for_the_telephone(office, settings):
    error = refused(office, office.case(severity=1))
    assert reasons(error) == {"critical_by_telephone"}
    assert settings.SUPPORT_PHONE in error.message


@pytest.mark.rule("ESC-11")
@pytest.mark.rule("ESC-12")
@pytest.mark.realm("fedramp")
def test_an_assigned_critical_case_is_escalated_in_the_portal(office):
    assert office.ask(office.case(severity=1)).state == "requested"


@pytest.mark.rule("ESC-11")
@pytest.mark.rule("ESC-7")
def test_the_overdue_analysis_of_a_restored_critical_case_is_asked_for_in_the_portal(office):
    case = platform_case(office.desk, 1, now=LONG_AGO)
    contact_asks(office.desk, case, now=LONG_AGO)
    office.read(case, now=LONG_AGO)
    by_telephone = realm.current().critical_is_escalated_by_telephone
    not_yet = reasons(refused(office, case, reason="rca_overdue"))
    assert not_yet == {"no_analysis", *(["critical_by_telephone"] if by_telephone else [])}
    restored = NOW - dt.timedelta(days=7)  # five business days to the second
    restore(office.desk, case.incident, restored)
    office.read(case, now=restored)
    early = refused(office, case, reason="rca_overdue", now=NOW - SECOND)
    assert reasons(early) == {"analysis_in_time_cloud"}
    if by_telephone:
        assert reasons(refused(office, case, reason="other")) == {"critical_by_telephone"}
    assert office.ask(case, reason="rca_overdue").severity == 1


@pytest.mark.rule("ESC-12")
def test_only_the_fedramp_realm_asks_for_a_case_owner_first(office):
    case = office.desk.case(now=LONG_AGO)
    if realm.current().name == "fedramp":
        assert reasons(refused(office, case)) == {"not_assigned"}
    else:
        assert office.ask(case).state == "requested"


# --- Who, and what the form asks for ------------------------------------------------------------


@pytest.mark.rule("ACC-1")
@pytest.mark.parametrize("who", ["read_only", "outsider", "expert"])
@pytest.mark.parametrize("reason", ["other", "case_update"])
def test_only_a_designated_contact_of_the_organization_asks(office, who, reason):
    refused(
        office, office.case(), error=NotAllowed, person=getattr(office.desk, who), reason=reason
    )


@pytest.mark.rule("HELP-2")
def test_the_reason_says_what_is_asked_for(office):
    case = office.case()
    assert refused(office, case, error=Invalid, reason="nonsense").field == "reason"
    assert refused(office, case, error=Invalid, reason="other", details=" ").field == "details"
    prompt = EscalationReason.objects.get(code="lack_of_progress").prompts.get()
    field = refused(office, case, error=Invalid, reason="lack_of_progress").field
    assert field == f"prompt_{prompt.pk}"
    escalation = office.ask(case, reason="lack_of_progress", answers={prompt.pk: "A fix."})
    assert escalation.answers == f"{prompt.question}\nA fix."


@pytest.mark.rule("HELP-2")
def test_a_reason_that_is_switched_off_is_not_offered(office):
    reason = EscalationReason.objects.get(code="other")
    reason.is_active = False
    reason.save()
    assert refused(office, office.case(), error=Invalid).field == "reason"
