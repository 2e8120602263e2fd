"""What is asked of the Case Owner and of management (HELP-3, SEV-5, MGT-8)."""

import uuid

import pytest

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible, SentBefore
from cases.models import Case, Notice
from escalations.models import Escalation, OwnerReview
from escalations.services.attention import send_management_attention
from escalations.services.owner_requests import request_severity_change
from tests.stored import everything_stored
from tests.world import NOW

from .asking import refused, told

# --- To the Case Owner --------------------------------------------------------------------------


@pytest.mark.rule("HELP-3")
@pytest.mark.rule("ESC-6")
@pytest.mark.parametrize("reason", ["urgency_changed", "case_update"])
@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_a_request_to_the_case_owner_needs_an_open_case_and_nothing_else(office, reason, severity):
    case = office.case(severity=severity, updated_at=NOW)
    office.update(case)  # unread, and a second ago
    review = office.ask(case, reason=reason)
    assert isinstance(review, OwnerReview)
    assert review.state == "open"
    assert not Escalation.objects.exists()
    assert told("review_requested") == {office.desk.expert.email}
    assert case.entries.get(event="help_asked").body == f"{review.answers}\n\n{review.details}"
    assert list(OwnerReview.objects.all().queue_of(office.desk.expert)) == [review]


@pytest.mark.rule("HELP-3")
def test_the_case_owner_is_not_asked_about_a_closed_case(office):
    case = office.case()
    office.desk.act("close", case, text="Done.")
    refused(office, case, error=NotPossible, reason="case_update")


def test_the_same_request_is_asked_once_at_a_time(office):
    case = office.case()
    form = uuid.uuid4()
    first = office.ask(case, reason="case_update", submission=form)
    assert office.ask(case, reason="case_update", submission=form) == first
    words = {"reason": "case_update", "details": "Something else."}
    refused(office, case, error=SentBefore, submission=form, **words)
    refused(office, case, error=NotPossible, reason="case_update")
    assert office.ask(case, reason="urgency_changed") != first


@pytest.mark.rule("CASE-5")
def test_what_a_contact_asks_of_the_case_owner_is_a_public_entry_like_any_other(office):
    case = office.case()
    office.desk.act("ask", case, text="Which trunk?")
    office.ask(case, reason="urgency_changed")
    assert Case.objects.get(pk=case.pk).state == "in_progress"


@pytest.mark.rule("HELP-3")
@pytest.mark.rule("RESP-3")
@pytest.mark.parametrize("action", ["ask", "propose"])
def test_a_request_for_an_update_is_no_answer(office, action):
    case = office.case()
    office.desk.act(action, case, text="Which trunk?")
    state, before = Case.objects.get(pk=case.pk).state, clocks_of(case)
    office.ask(case, reason="case_update", details="Where does it stand?")
    assert Case.objects.get(pk=case.pk).state == state
    assert clocks_of(case) == before
    office.ask(case, reason="urgency_changed")  # this tells something
    assert Case.objects.get(pk=case.pk).state == "in_progress"
    assert clocks_of(case) == []


def clocks_of(case):
    return list(case.clocks.running().order_by("pk").values_list("kind", "due_at", "acts_at"))


@pytest.mark.rule("HELP-3")
@pytest.mark.parametrize("owner", ["nobody", "gone"])
def test_a_request_in_a_case_without_an_owner_goes_to_who_leads_the_queue(office, owner):
    case = office.desk.case(now=NOW)
    if owner == "gone":
        case = office.case()
        office.desk.expert.is_active = False
        office.desk.expert.save()
    office.ask(case, reason="urgency_changed")
    assert told("review_requested") == {office.manager.email, office.account_manager.email}


@pytest.mark.rule("SEV-5")
def test_low_to_medium_is_asked_of_the_case_owner(office):
    case = office.case(severity=4)
    review = request_severity_change(
        case_id=case.pk,
        actor=Actor.of(office.desk.designated),
        now=NOW,
        severity=3,
        details="It is more than one agent now.",
    )
    assert (review.kind, review.requested_severity) == ("severity", 3)
    assert Case.objects.get(pk=case.pk).severity == 4
    assert told("review_requested") == {office.desk.expert.email}


@pytest.mark.rule("SEV-5")
@pytest.mark.parametrize(
    ("severity", "wanted"), [(4, 1), (4, 4), (3, 1), (2, 1), (3, 3), (2, 3), (2, 2), (3, 0)]
)
def test_every_other_change_of_severity_is_for_the_telephone(office, settings, severity, wanted):
    case = office.case(severity=severity)
    before = everything_stored()
    with pytest.raises(NotPossible, match="call") as caught:
        request_severity_change(
            case_id=case.pk,
            actor=Actor.of(office.desk.designated),
            now=NOW,
            severity=wanted,
            details="Worse.",
            callback_phone="+1 212 555 0142",
        )
    assert settings.SUPPORT_PHONE in caught.value.message
    assert everything_stored() == before


# --- Management attention -----------------------------------------------------------------------

ATTENTION = {
    "problem": "No progress after an escalation",
    "region": "United States",
    "description": "Calls still drop.",
    "impact": "We lose a tenth of our calls.",
    "product": "Genesys Cloud CX",
}


def attend(office, case, person=None, **fields):
    return send_management_attention(
        case_id=case.pk,
        actor=Actor.of(person or office.desk.designated),
        now=NOW,
        **{**ATTENTION, **fields},
    )


@pytest.mark.rule("MGT-8")
def test_after_an_escalation_management_can_be_asked_for(office, settings):
    settings.MANAGEMENT_ATTENTION_ADDRESS = "management@support.example"
    case = office.case()
    office.under_review(case)
    form = uuid.uuid4()
    request = attend(office, case, submission=form)
    assert attend(office, case, submission=form) == request
    with pytest.raises(SentBefore):
        attend(office, case, submission=form, problem="Something else")
    mail = Notice.objects.get(event="management_attention")
    assert mail.email == "management@support.example"
    carries = realm.current().mails_carry_content
    assert ("We lose a tenth" in mail.text) == carries
    assert ("No progress" in mail.subject) == carries
    assert case.number in mail.subject
    assert "Calls still drop." in case.entries.get(event="attention").body


@pytest.mark.rule("MGT-8")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"files": ["screenshot.png"]}, Invalid),
        ({"problem": ""}, Invalid),
        ({"region": ""}, Invalid),
        ({"description": ""}, Invalid),
        ({"impact": ""}, Invalid),
        ({"product": ""}, Invalid),
        ({"person": "read_only"}, NotAllowed),
        ({"person": "outsider"}, NotAllowed),
        ({"escalated": False}, NotPossible),
        ({"address": ""}, NotPossible),
        ({"closed": True}, NotPossible),
    ],
)
def test_management_attention_is_refused_without_a_trace(office, settings, changes, error):
    case, changes = office.case(), dict(changes)
    if changes.pop("escalated", True):
        office.accepted(case)
    if changes.pop("closed", False):
        office.desk.act("close", case, text="Done.")
    settings.MANAGEMENT_ATTENTION_ADDRESS = changes.pop("address", "management@support.example")
    if person := changes.get("person"):
        changes["person"] = getattr(office.desk, person)
    before = everything_stored()
    with pytest.raises(error):
        attend(office, case, **changes)
    assert everything_stored() == before
