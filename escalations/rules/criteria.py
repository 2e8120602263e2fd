"""Whether a contact may escalate a case, criterion by criterion (ESC-1 to ESC-12).

Each criterion is a sentence that is true when it is met, and a function of `Facts` alone. If it
is not met, it says why, what the contact can do, and, if time decides, when it will be met if
nothing else happens. If a fact is missing, it is not met. It answers with codes; the words for
people are in `escalations/wording.py`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cases.rules import business_time

CLOSED = "closed"
WAITING_STATES = {"awaiting_customer": "question_open", "resolution_proposed": "resolution_open"}
CRITICAL, HIGH, MEDIUM, LOW = 1, 2, 3, 4
SEVERITIES = frozenset({CRITICAL, HIGH, MEDIUM, LOW})

ANALYSIS_DAYS = {"cloud": 5, "premises": 7}
HIGH_SPAN = dt.timedelta(hours=24)
MEDIUM_DAYS = 3


class ReasonKind(StrEnum):
    """How the criteria treat a reason; the reasons themselves are data (HELP-2)."""

    ANALYSIS = "analysis"
    GENERAL = "general"
    OWNER_REVIEW = "owner_review"


class Remedy(StrEnum):
    """What the contact can do about a criterion that is not met."""

    OPEN_CASE = "open_case"
    REOPEN = "reopen"
    REOPEN_OR_CALL = "reopen_or_call"
    READ_UPDATE = "read_update"
    ANSWER_QUESTION = "answer_question"
    ANSWER_RESOLUTION = "answer_resolution"
    USE_ACTIVE_ESCALATION = "use_active_escalation"
    CHOOSE_REASON = "choose_reason"
    ASK_CASE_OWNER = "ask_case_owner"
    ASK_FOR_ANALYSIS = "ask_for_analysis"
    STATE_IMPACT = "state_impact"
    ASK_FOR_MEDIUM = "ask_for_medium"
    WAIT = "wait"
    WAIT_FOR_OWNER = "wait_for_owner"
    WAIT_FOR_OWNER_OR_CALL = "wait_for_owner_or_call"
    CALL = "call"


@dataclass(frozen=True)
class Facts:
    """What is known of a case, a contact and a request at one instant. None means not known."""

    now: dt.datetime
    #: The case's state; None if there is no case.
    state: str | None = None
    severity: int | None = None
    #: Where the deployment is hosted: cloud or premises.
    hosting: str | None = None
    #: Whether the case has a Case Owner.
    is_assigned: bool | None = None
    #: How the realms differ, as flags: see `RealmRules`.
    critical_by_telephone: bool | None = None
    assigned_only: bool | None = None
    #: Whether there is a public entry by Product Support that the contact has not read.
    has_unread_update: bool | None = None
    #: ESC-13: the newest public entry or visible change by Product Support, else the opening.
    last_update_at: dt.datetime | None = None
    has_active_escalation: bool | None = None
    #: When Product Support's time to analyse the root cause began: the restoration of service.
    analysis_since: dt.datetime | None = None
    #: Whether service has been restored in a platform-level case.
    is_restored: bool | None = None
    #: PLAN-2: whether the customer may call about the case.
    takes_calls: bool | None = None
    #: The organization's business calendar.
    calendar: business_time.Calendar | None = None
    #: The fields of the form.
    reason: ReasonKind | None = None
    impact_stated: bool | None = None


@dataclass(frozen=True)
class Outcome:
    """The result for one criterion. `reason` and `remedy` are codes, empty if it is met.

    `met_from` is the instant at which it will be met if nothing else happens. `in_form`: the form
    itself asks for what is missing, so the button need not be disabled.
    """

    criterion: str
    rule: str
    met: bool
    reason: str = ""
    remedy: str = ""
    met_from: dt.datetime | None = None
    in_form: bool = False


@dataclass(frozen=True)
class Eligibility:
    """The outcomes of all criteria, in the order of the rules."""

    outcomes: tuple[Outcome, ...]

    @property
    def eligible(self) -> bool:
        """Whether these facts allow an escalation as they are."""
        return all(outcome.met for outcome in self.outcomes)

    @property
    def refusals(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.met)

    @property
    def hindrances(self) -> tuple[Outcome, ...]:
        """The refusals that disable the button: all those that the form cannot resolve."""
        return tuple(outcome for outcome in self.refusals if not outcome.in_form)

    @property
    def told(self) -> tuple[Outcome, ...]:
        """The hindrances that a page shows. While Product Support waits for the customer, it names
        no time to wait for: a job may have closed the case by then (RESP-1)."""
        if not any(outcome.reason in WAITING_STATES.values() for outcome in self.refusals):
            return self.hindrances
        return tuple(each for each in self.hindrances if each.remedy != Remedy.WAIT)

    @property
    def may_ask(self) -> bool:
        """Whether the form may be opened; its fields are checked when it is sent."""
        return not self.hindrances

    @property
    def possible_from(self) -> dt.datetime | None:
        """When waiting alone will have removed all that the form cannot resolve, else None."""
        times = [each.met_from for each in self.refusals if each.met_from or not each.in_form]
        known = [time for time in times if time is not None]
        return max(known) if known and len(known) == len(times) else None


def evaluate(facts: Facts) -> Eligibility:
    """The result of every criterion for these facts."""
    return Eligibility(
        tuple(_named(check.__name__, rule, check(facts)) for rule, check in CRITERIA)
    )


# --- What a criterion answers -------------------------------------------------------------------


@dataclass(frozen=True)
class _Not:
    reason: str
    remedy: Remedy
    met_from: dt.datetime | None = None
    in_form: bool = False


#: None: the criterion is met.
Answer = _Not | None


def _named(criterion: str, rule: str, answer: Answer) -> Outcome:
    if answer is None:
        return Outcome(criterion, rule, met=True)
    return Outcome(
        criterion,
        rule,
        met=False,
        reason=answer.reason,
        remedy=answer.remedy.value,
        met_from=answer.met_from,
        in_form=answer.in_form,
    )


def _unknown() -> _Not:
    """A fact is missing: the contact cannot provide it, but Product Support can."""
    return _Not("not_known", Remedy.CALL)


# --- The criteria -------------------------------------------------------------------------------


def there_is_a_case(facts: Facts) -> Answer:
    """ESC-2: there is a case."""
    return None if facts.state else _Not("no_case", Remedy.OPEN_CASE)


def the_case_is_open(facts: Facts) -> Answer:
    """ESC-1: the case is open."""
    if not facts.state:
        return _Not("no_case", Remedy.OPEN_CASE)
    if facts.state != CLOSED:
        return None
    remedy = Remedy.REOPEN_OR_CALL if facts.takes_calls else Remedy.REOPEN
    return _Not("case_closed", remedy)


def the_contact_read_the_newest_update(facts: Facts) -> Answer:
    """ESC-3: the contact has read the newest public entry by Product Support."""
    if facts.has_unread_update is None:
        return _unknown()
    return _Not("update_unread", Remedy.READ_UPDATE) if facts.has_unread_update else None


def product_support_does_not_wait_for_the_customer(facts: Facts) -> Answer:
    """ESC-4: no question is open and no resolution is proposed."""
    if not facts.state:
        return _Not("no_case", Remedy.OPEN_CASE)
    reason = WAITING_STATES.get(facts.state)
    if reason is None:
        return None
    question = reason == "question_open"
    return _Not(reason, Remedy.ANSWER_QUESTION if question else Remedy.ANSWER_RESOLUTION)


def no_escalation_is_active(facts: Facts) -> Answer:
    """ESC-5: no escalation of the case is active."""
    if facts.has_active_escalation is None:
        return _unknown()
    if facts.has_active_escalation:
        return _Not("escalation_active", Remedy.USE_ACTIVE_ESCALATION)
    return None


def the_reason_is_one_for_an_escalation(facts: Facts) -> Answer:
    """ESC-6: the reason is not a change of urgency or impact, which the Case Owner reviews."""
    if facts.reason is None:
        return _Not("no_reason", Remedy.CHOOSE_REASON, in_form=True)
    if facts.reason is ReasonKind.OWNER_REVIEW:
        return _Not("for_case_owner", Remedy.ASK_CASE_OWNER, in_form=True)
    return None


def the_time_for_the_analysis_is_over(facts: Facts) -> Answer:
    """ESC-7: for the root cause, Product Support has had 5 business days (7 on premises)."""
    if facts.reason is None:
        return _Not("no_reason", Remedy.CHOOSE_REASON, in_form=True)
    if facts.reason is not ReasonKind.ANALYSIS:
        return None
    if facts.analysis_since is None:
        return _Not("no_analysis", Remedy.ASK_FOR_ANALYSIS, in_form=True)
    days = ANALYSIS_DAYS.get(facts.hosting or "")
    if days is None or facts.calendar is None:
        return _unknown()
    reason = "analysis_in_time_cloud" if facts.hosting == "cloud" else "analysis_in_time_premises"
    return _once_passed(facts, _days_on(facts.calendar, facts.analysis_since, days), reason, True)


def a_high_case_was_not_updated_for_24_hours(facts: Facts) -> Answer:
    """ESC-8: High: 24 hours, elapsed, have passed since the last update."""
    if facts.severity not in SEVERITIES:
        return _unknown()
    if facts.severity != HIGH:
        return None
    if facts.last_update_at is None:
        return _unknown()
    return _once_passed(facts, facts.last_update_at + HIGH_SPAN, "updated_within_24_hours")


def a_high_case_has_its_impact_stated(facts: Facts) -> Answer:
    """ESC-8: High: the contact states how the issue is causing significant business impact."""
    if facts.severity not in SEVERITIES:
        return _unknown()
    if facts.severity != HIGH or facts.impact_stated:
        return None
    return _Not("impact_not_stated", Remedy.STATE_IMPACT, in_form=True)


def a_medium_case_was_not_updated_for_three_days(facts: Facts) -> Answer:
    """ESC-9: Medium: 3 business days have passed since the last update."""
    if facts.severity not in SEVERITIES:
        return _unknown()
    if facts.severity != MEDIUM:
        return None
    if facts.last_update_at is None or facts.calendar is None:
        return _unknown()
    at = _days_on(facts.calendar, facts.last_update_at, MEDIUM_DAYS)
    return _once_passed(facts, at, "updated_within_3_days")


def the_severity_is_not_low(facts: Facts) -> Answer:
    """ESC-10: the severity is not Low."""
    if facts.severity not in SEVERITIES:
        return _unknown()
    return _Not("severity_low", Remedy.ASK_FOR_MEDIUM) if facts.severity == LOW else None


def a_critical_case_is_not_for_the_telephone(facts: Facts) -> Answer:
    """ESC-11: the case is not a Critical one that this realm escalates only by telephone.

    Once service is restored the emergency is over: the form opens, but only for the analysis.
    """
    if facts.severity not in SEVERITIES or facts.critical_by_telephone is None:
        return _unknown()
    if facts.severity == CRITICAL and facts.critical_by_telephone:
        if facts.is_restored and facts.reason is ReasonKind.ANALYSIS:
            return None
        return _Not("critical_by_telephone", Remedy.CALL, in_form=bool(facts.is_restored))
    return None


def the_case_is_assigned_where_it_must_be(facts: Facts) -> Answer:
    """ESC-12: the case has a Case Owner, if the realm requires one."""
    if facts.assigned_only is None or facts.is_assigned is None:
        return _unknown()
    if facts.assigned_only and not facts.is_assigned:
        remedy = Remedy.WAIT_FOR_OWNER_OR_CALL if facts.takes_calls else Remedy.WAIT_FOR_OWNER
        return _Not("not_assigned", remedy)
    return None


Check = Callable[[Facts], Answer]

#: Rule and function of each criterion, in the order in which people read them.
CRITERIA: tuple[tuple[str, Check], ...] = (
    ("ESC-1", the_case_is_open),
    ("ESC-2", there_is_a_case),
    ("ESC-3", the_contact_read_the_newest_update),
    ("ESC-4", product_support_does_not_wait_for_the_customer),
    ("ESC-5", no_escalation_is_active),
    ("ESC-6", the_reason_is_one_for_an_escalation),
    ("ESC-7", the_time_for_the_analysis_is_over),
    ("ESC-8", a_high_case_was_not_updated_for_24_hours),
    ("ESC-8", a_high_case_has_its_impact_stated),
    ("ESC-9", a_medium_case_was_not_updated_for_three_days),
    ("ESC-10", the_severity_is_not_low),
    ("ESC-11", a_critical_case_is_not_for_the_telephone),
    ("ESC-12", the_case_is_assigned_where_it_must_be),
)


# --- Time ---------------------------------------------------------------------------------------


def _once_passed(
    facts: Facts, at: dt.datetime | None, reason: str, in_form: bool = False
) -> Answer:
    if at is None:
        return _unknown()
    if facts.now >= at:
        return None
    return _Not(reason, Remedy.WAIT, met_from=at, in_form=in_form)


def _days_on(calendar: business_time.Calendar, start: dt.datetime, days: int) -> dt.datetime | None:
    """The instant `days` business days later; None if the calendar does not open for that long."""
    try:
        return business_time.add_days(calendar, start, days)
    except business_time.NoOpening:
        return None
