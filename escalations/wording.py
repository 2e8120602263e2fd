"""The words for this app's codes, as contacts and staff read them."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from cases import change_reasons
from cases.local_times import in_full
from cases.models import Case, Priority, Severity

from .models import EscalationEntry, ManagementAttention, OwnerReview
from .rules.criteria import Eligibility, Outcome, Remedy

#: The unmet condition, by reason code.
REASONS: dict[str, str] = {
    "no_case": "There is no case yet.",
    "case_closed": "The case is closed.",
    "update_unread": "There is an update by Product Support that you have not read.",
    "question_open": "Product Support is waiting for your answer to a question.",
    "resolution_open": "Product Support has proposed a resolution and is waiting for your reply.",
    "escalation_active": "This case has already been escalated.",
    "no_reason": "No reason is chosen.",
    "for_case_owner": "A change of urgency or impact, or a request for an update, goes to the "
    "Case Owner and is not a reason for an escalation.",
    "no_analysis": "No root cause analysis is under way for this case.",
    "analysis_in_time_cloud": "Product Support has 5 business days for the root cause analysis "
    "of a cloud deployment.",
    "analysis_in_time_premises": "Product Support has 7 business days for the root cause analysis "
    "of a deployment on premises.",
    "updated_within_24_hours": "A High case can be escalated 24 hours after its last update by "
    "Product Support.",
    "impact_not_stated": "For a High case, you need to state how the issue is causing "
    "significant business impact.",
    "updated_within_3_days": "A Medium case can be escalated 3 business days after its last "
    "update by Product Support.",
    "severity_low": "A Low case is not eligible.",
    "critical_by_telephone": "A Critical case is not escalated by web, chat or e-mail: that "
    "would only delay it.",
    "not_assigned": "The case has not been assigned to a Case Owner yet.",
    "not_known": "The desk does not know enough about this case to decide.",
}

#: The contact's remedy, by its code.
REMEDIES: dict[Remedy, str] = {
    Remedy.OPEN_CASE: "Open a case first.",
    Remedy.REOPEN: "If the issue is back, reopen the case.",
    Remedy.REOPEN_OR_CALL: "If the issue is back, reopen the case, or call {phone}.",
    Remedy.READ_UPDATE: "Read the newest update.",
    Remedy.ANSWER_QUESTION: "Answer the question in the case.",
    Remedy.ANSWER_RESOLUTION: "Accept the resolution, or report that the issue persists.",
    Remedy.USE_ACTIVE_ESCALATION: "Follow it under Escalation Details. You can request another "
    "one once it is closed.",
    Remedy.CHOOSE_REASON: "Choose a reason in the form.",
    Remedy.ASK_CASE_OWNER: "Choose that reason in the form: the Case Owner will review it. To "
    "raise it to Critical, call {phone}.",
    Remedy.ASK_FOR_ANALYSIS: "Ask for the root cause analysis in the case.",
    Remedy.STATE_IMPACT: "Say in the form what the issue is doing to your business.",
    Remedy.ASK_FOR_MEDIUM: "If its impact has grown, ask in the case for Medium, or for High "
    "with a callback number. To raise it to Critical, call {phone}.",
    Remedy.WAIT: "Possible from {met_from} if nothing else changes.",
    Remedy.WAIT_FOR_OWNER: "It will be possible as soon as the case has an owner.",
    Remedy.WAIT_FOR_OWNER_OR_CALL: "It will be possible as soon as the case has an owner. If it "
    "cannot wait, call {phone}.",
    Remedy.CALL: "Call {phone} and quote the case number.",
}

#: The words of the link to it, if there is one.
LINKS: dict[Remedy, str] = {
    Remedy.REOPEN: "Reopen the case",
    Remedy.REOPEN_OR_CALL: "Reopen the case",
    Remedy.READ_UPDATE: "Read the newest update",
    Remedy.ANSWER_QUESTION: "Answer the question in the case",
    Remedy.ANSWER_RESOLUTION: "Go to the resolution",
    Remedy.USE_ACTIVE_ESCALATION: "Open Escalation Details",
    Remedy.ASK_FOR_ANALYSIS: "Ask for the root cause analysis",
    Remedy.ASK_FOR_MEDIUM: "Ask for Medium or High",
}

#: The requirement of each criterion, as people read it in a list; by its function's name.
CRITERIA: dict[str, str] = {
    "the_case_is_open": "The case is open",
    "there_is_a_case": "There is a case",
    "the_contact_read_the_newest_update": "The contact has read the newest update",
    "product_support_does_not_wait_for_the_customer": "Product Support is not waiting for the "
    "customer",
    "no_escalation_is_active": "No other escalation of the case is active",
    "the_reason_is_one_for_an_escalation": "The reason is not a change of urgency or impact",
    "the_time_for_the_analysis_is_over": "The time for the root cause analysis is over",
    "a_high_case_was_not_updated_for_24_hours": "A High case: no update for 24 hours",
    "a_high_case_has_its_impact_stated": "A High case: significant business impact is stated",
    "a_medium_case_was_not_updated_for_three_days": "A Medium case: no update for 3 business days",
    "the_severity_is_not_low": "The severity is not Low",
    "a_critical_case_is_not_for_the_telephone": "Not a Critical case, which must be escalated by "
    "telephone",
    "the_case_is_assigned_where_it_must_be": "The case is assigned, where that is required",
}


@dataclass(frozen=True)
class Line:
    """One criterion as people read it."""

    criterion: str
    rule: str
    met: bool
    asks: str
    reason: str
    remedy: str
    #: The code of the remedy, so that a page can offer its link.
    remedy_code: str
    met_from: dt.datetime | None


def line(outcome: Outcome) -> Line:
    """The outcome in words, with its time in the reader's zone."""
    return Line(
        criterion=outcome.criterion,
        rule=outcome.rule,
        met=outcome.met,
        asks=CRITERIA[outcome.criterion],
        reason=REASONS[outcome.reason] if outcome.reason else "",
        remedy=_remedy(outcome),
        remedy_code=outcome.remedy,
        met_from=outcome.met_from,
    )


def _remedy(outcome: Outcome) -> str:
    if not outcome.remedy:
        return ""
    return REMEDIES[Remedy(outcome.remedy)].format(
        phone=settings.SUPPORT_PHONE, met_from=moment(outcome.met_from) if outcome.met_from else ""
    )


def moment(at: dt.datetime) -> str:
    """A time in the reader's time zone, which it names: Tuesday, 3 March 2026, 14:05 EST."""
    return in_full(at)


def refusal(eligibility: Eligibility) -> str:
    """Why an escalation was refused, in a few sentences, for the person who asked."""
    said: list[str] = []
    told = {outcome.criterion for outcome in eligibility.told}
    for outcome in eligibility.refusals:
        if outcome.criterion not in told and not outcome.in_form:
            continue
        words = line(outcome)
        for sentence in (words.reason, words.remedy):
            if sentence not in said:
                said.append(sentence)
    return " ".join(["The case cannot be escalated now.", *said])


def severities_to_ask_for(case: Case) -> list[int]:
    """SEV-5: the severities that a contact can ask for in the case, lowest first."""
    return [each for each in (Severity.MEDIUM, Severity.HIGH) if each < case.severity]


def priorities_to_ask_for(case: Case) -> list[int]:
    """SEV-2, SEV-5: the priorities that a contact can ask for; Critical requires a call."""
    return [each for each in Priority if each not in (Priority.CRITICAL, case.priority)]


def critical_takes_a_call() -> str:
    """SEV-5: the message for a contact who asks for Critical in the portal. Nothing is sent."""
    return (
        f"For Critical, you need to call {settings.SUPPORT_PHONE} and quote the case number. "
        "Nothing was sent."
    )


def severity_cannot_be_asked() -> str:
    """SEV-5: the message for a severity that cannot be asked for in the case."""
    return (
        "Only Medium and High can be requested here, and only from a lower severity. "
        f"{critical_takes_a_call()}"
    )


def at_and_what(review: OwnerReview) -> str:
    """When somebody called and why, for the feed: in UTC, since all read the same text."""
    at = review.called_at
    assert at is not None, "a call has a time"
    called = f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    return f"{called}: {review.what[0].lower()}{review.what[1:]}"


def attention_waits(case: Case, by: str, at: dt.datetime) -> str:
    """MGT-8: who got the request and when, and what the contact can do meanwhile."""
    return (
        f"{by} asked for management attention on {moment(at)}. The request was e-mailed to Product "
        "Support management and is waiting for an answer. You can send another one once Product "
        f"Support has replied. {_meanwhile(case)}"
    )


def attention_of_today(case: Case, most: int, possible_at: dt.datetime) -> str:
    """MGT-8: the limit per day, and when another request is possible."""
    times = "once" if most == 1 else f"{most} times"
    return (
        f"Management has been asked about this case {times} in the last 24 hours, which is the "
        f"limit. You can ask again from {moment(possible_at)}. {_meanwhile(case)}"
    )


def _meanwhile(case: Case) -> str:
    said = "Meanwhile, add anything new to the case."
    if not case.takes_calls:
        return said
    return f"{said} If it cannot wait, call {settings.SUPPORT_PHONE} and quote {case.number}."


#: Why a row was changed, by the code in the history (CASE-9).
change_reasons.REASONS |= {
    "answering.recomputed": "Answer due time recalculated",
    "asking.ask_case_owner": "Request to the Case Owner",
    "asking.record_call": "Call recorded",
    "asking.withdraw_request": "Request withdrawn",
    "attention.send": "Management attention requested",
    "feeds.move": "Message moved",
    "feeds.move_to_case": "Message moved to Case Details",
    "feeds.move_to_escalation": "Message moved to Escalation Details",
    "feeds.post_in_feed": "Written in the escalation feed",
    "managing.accept": "Accepted",
    "managing.assess": "Reassessed",
    "managing.close": "Closed",
    "managing.close_with_case": "Closed with the case",
    "managing.decline": "Declined",
    "managing.give_word": "Update posted",
    "managing.hand_over": "Handed over",
    "managing.take": "Taken for review",
    "reading.mark_read": "Read",
    "requesting.request_help": "Help requested",
    "reviewing.answer_review": "Request answered",
    "reviewing.engage_manager": "Manager engaged",
    "reviewing.lapse_reviews": "Request lapsed",
    **{f"escalation.{event.value}": f"Entry: {event.label}" for event in EscalationEntry.Event},
    **{f"settling.{state.value}": f"Request: {state.label}" for state in ManagementAttention.State},
}
