"""The criteria one by one: each eligible case differs in one fact from one that is refused."""

import dataclasses
import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest

from cases.models import Deployment, Severity, State
from cases.rules.business_time import Calendar
from escalations.rules import criteria
from escalations.rules.criteria import CRITERIA, Facts, Outcome, ReasonKind, evaluate

from .facts import NOW, facts

SECOND = dt.timedelta(seconds=1)
EASTERN = ZoneInfo("America/New_York")


def refusals(**changes: object) -> dict[str, Outcome]:
    return {each.reason: each for each in evaluate(facts(**changes)).refusals}


def eastern(*wall: int) -> dt.datetime:
    return dt.datetime(*wall, tzinfo=EASTERN).astimezone(dt.UTC)


def test_the_codes_of_the_criteria_are_those_of_the_models():
    assert criteria.CLOSED == State.CLOSED
    assert set(criteria.WAITING_STATES) == {State.AWAITING_CUSTOMER, State.RESOLUTION_PROPOSED}
    assert sorted(criteria.SEVERITIES) == sorted(Severity.values)
    assert set(criteria.ANALYSIS_DAYS) == set(Deployment.Hosting.values)
    assert {rule for rule, _ in CRITERIA} == {f"ESC-{number}" for number in range(1, 13)}
    assert all((check.__doc__ or "").startswith(f"{rule}: ") for rule, check in CRITERIA)


def test_a_case_that_meets_everything_is_eligible():
    verdict = evaluate(facts())
    assert verdict.eligible
    assert verdict.may_ask
    assert verdict.refusals == ()
    assert verdict.possible_from is None


@pytest.mark.parametrize(
    ("changes", "reason", "remedy"),
    [
        pytest.param({"state": "closed"}, "case_closed", "reopen", marks=pytest.mark.rule("ESC-1")),
        pytest.param(
            {"has_unread_update": True},
            "update_unread",
            "read_update",
            marks=pytest.mark.rule("ESC-3"),
        ),
        pytest.param(
            {"state": "awaiting_customer"},
            "question_open",
            "answer_question",
            marks=pytest.mark.rule("ESC-4"),
        ),
        pytest.param(
            {"state": "resolution_proposed"},
            "resolution_open",
            "answer_resolution",
            marks=pytest.mark.rule("ESC-4"),
        ),
        pytest.param(
            {"has_active_escalation": True},
            "escalation_active",
            "use_active_escalation",
            marks=pytest.mark.rule("ESC-5"),
        ),
        pytest.param(
            {"reason": ReasonKind.OWNER_REVIEW},
            "for_case_owner",
            "ask_case_owner",
            marks=pytest.mark.rule("ESC-6"),
        ),
        pytest.param(
            {"severity": 2, "impact_stated": False},
            "impact_not_stated",
            "state_impact",
            marks=pytest.mark.rule("ESC-8"),
        ),
        pytest.param(
            {"severity": 4}, "severity_low", "ask_for_medium", marks=pytest.mark.rule("ESC-10")
        ),
        pytest.param(
            {"severity": 1}, "critical_by_telephone", "call", marks=pytest.mark.rule("ESC-11")
        ),
        pytest.param(
            {"assigned_only": True, "is_assigned": False},
            "not_assigned",
            "wait_for_owner",
            marks=pytest.mark.rule("ESC-12"),
        ),
        pytest.param(
            {"reason": ReasonKind.ANALYSIS, "analysis_since": None},
            "no_analysis",
            "ask_for_analysis",
            marks=pytest.mark.rule("ESC-7"),
        ),
    ],
)
def test_one_fact_alone_refuses(changes, reason, remedy):
    found = refusals(**changes)
    assert list(found) == [reason]
    assert found[reason].remedy == remedy
    assert found[reason].met_from is None


@pytest.mark.rule("ESC-2")
def test_without_a_case_there_is_no_escalation():
    assert refusals(state=None)["no_case"].remedy == "open_case"
    assert not evaluate(Facts(now=NOW)).eligible


@pytest.mark.rule("ESC-11")
def test_a_realm_that_does_not_send_critical_cases_to_the_telephone_escalates_them():
    assert evaluate(facts(severity=1, critical_by_telephone=False)).eligible


@pytest.mark.rule("ESC-11")
@pytest.mark.parametrize("reason", [None, *ReasonKind])
@pytest.mark.parametrize("is_restored", [None, False, True])
def test_a_restored_critical_case_is_open_for_the_analysis_alone(reason, is_restored):
    verdict = evaluate(facts(severity=1, reason=reason, is_restored=is_restored))
    told = {each.reason: each for each in verdict.refusals}
    assert ("critical_by_telephone" in told) != (reason is ReasonKind.ANALYSIS and is_restored)
    # Before a reason is chosen the form opens; another reason is refused when it is sent.
    assert verdict.may_ask == bool(is_restored)


# --- Boundaries in time -------------------------------------------------------------------------


def at_the_boundary(at: dt.datetime, **changes: object) -> None:
    """Refused a second before with this instant as its promise; met at it and after."""
    before = evaluate(facts(now=at - SECOND, **changes))
    assert [each.met_from for each in before.refusals] == [at]
    assert before.refusals[0].remedy == "wait"
    assert before.possible_from == at
    assert evaluate(facts(now=at, **changes)).eligible
    assert evaluate(facts(now=at + SECOND, **changes)).eligible


@pytest.mark.rule("ESC-8")
@pytest.mark.parametrize(
    "updated",
    [
        pytest.param(eastern(2026, 3, 3, 10), id="on a working day"),
        pytest.param(eastern(2026, 3, 7, 20), id="across the spring change of the clocks"),
        pytest.param(eastern(2026, 10, 31, 20), id="across the autumn change of the clocks"),
        pytest.param(eastern(2026, 7, 2, 16), id="across a holiday"),
    ],
)
def test_high_counts_24_elapsed_hours(updated):
    at_the_boundary(updated + dt.timedelta(hours=24), severity=2, last_update_at=updated)


@pytest.mark.rule("ESC-9")
@pytest.mark.parametrize(
    ("updated", "met"),
    [
        (eastern(2026, 3, 2, 10), eastern(2026, 3, 5, 10)),
        pytest.param(eastern(2026, 3, 5, 10), eastern(2026, 3, 10, 10), id="spring change"),
        pytest.param(eastern(2026, 10, 29, 10), eastern(2026, 11, 3, 10), id="autumn change"),
        pytest.param(eastern(2026, 7, 1, 10), eastern(2026, 7, 7, 10), id="across a holiday"),
        pytest.param(eastern(2026, 7, 2, 18), eastern(2026, 7, 9, 9), id="before a holiday"),
        pytest.param(eastern(2026, 3, 7, 12), eastern(2026, 3, 12, 9), id="from a Saturday"),
    ],
)
def test_medium_counts_three_business_days(updated, met):
    at_the_boundary(met, severity=3, last_update_at=updated)


@pytest.mark.rule("ESC-7")
@pytest.mark.parametrize(
    ("hosting", "restored", "met"),
    [
        ("cloud", eastern(2026, 3, 2, 10), eastern(2026, 3, 9, 10)),
        ("premises", eastern(2026, 3, 2, 10), eastern(2026, 3, 11, 10)),
        pytest.param(
            "cloud", eastern(2026, 7, 1, 22), eastern(2026, 7, 10, 9), id="across a holiday"
        ),
        pytest.param(
            "premises", eastern(2026, 10, 28, 15), eastern(2026, 11, 6, 15), id="autumn change"
        ),
    ],
)
def test_the_analysis_has_five_business_days_in_the_cloud_and_seven_on_premises(
    hosting, restored, met
):
    at_the_boundary(
        met,
        hosting=hosting,
        analysis_since=restored,
        reason=ReasonKind.ANALYSIS,
        last_update_at=restored - dt.timedelta(days=30),
    )


@pytest.mark.rule("ESC-7")
def test_the_time_for_the_analysis_hinders_no_other_reason():
    late = facts(analysis_since=NOW, reason=ReasonKind.GENERAL)
    assert evaluate(late).eligible
    asked = evaluate(dataclasses.replace(late, reason=ReasonKind.ANALYSIS))
    assert not asked.eligible
    assert asked.may_ask, "the button stays enabled: other reasons are possible"


def test_what_the_form_asks_for_does_not_disable_the_button():
    page = evaluate(facts(severity=2, reason=None, impact_stated=None))
    assert not page.eligible
    assert page.may_ask
    assert {each.reason for each in page.refusals} == {"no_reason", "impact_not_stated"}


def test_waiting_is_promised_only_where_waiting_is_enough():
    recent = {"severity": 2, "last_update_at": NOW - dt.timedelta(hours=1)}
    assert evaluate(facts(**recent)).possible_from == NOW + dt.timedelta(hours=23)
    assert evaluate(facts(**recent, has_unread_update=True)).possible_from is None


# --- Missing facts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "missing",
    [
        field.name
        for field in dataclasses.fields(Facts)
        if field.name
        not in {"now", "analysis_since", "is_restored", "hosting", "calendar"}
        | {"impact_stated", "takes_calls"}
    ],
)
def test_a_missing_fact_means_not_met(missing):
    assert not evaluate(facts(**{missing: None})).eligible


@pytest.mark.parametrize("missing", ["analysis_since", "hosting", "calendar"])
def test_a_fact_missing_for_the_analysis_means_not_met(missing):
    known = facts(reason=ReasonKind.ANALYSIS)
    assert evaluate(known).eligible
    assert not evaluate(dataclasses.replace(known, **{missing: None})).eligible


@pytest.mark.parametrize(
    "changes",
    [
        {"severity": 0},
        {"severity": 7},
        {"hosting": "elsewhere", "reason": ReasonKind.ANALYSIS},
        {"severity": 2, "impact_stated": None},
        {"calendar": None},
        {
            "calendar": Calendar.from_plain(
                tz="UTC", week={}, overrides={dt.date(2020, 1, 1): [((9, 0), (17, 0))]}
            )
        },
    ],
)
def test_a_fact_that_cannot_be_used_means_not_met(changes):
    verdict = evaluate(facts(**changes))
    assert not verdict.eligible
    assert all(each.remedy for each in verdict.refusals)


# --- The whole table ----------------------------------------------------------------------------

STATES = [None, *State.values]
REALMS = {"commercial": (True, False), "fedramp": (False, True)}


HOUR_AGO, LONG_AGO = NOW - dt.timedelta(hours=1), NOW - dt.timedelta(days=30)


def expected(realm, severity, state, reason, assigned, recent, unread, active) -> set[str]:
    """Written anew from the rules: which of them refuse."""
    refused = set()
    if state in (None, "closed"):
        refused.add("ESC-1")
    if state is None:
        refused |= {"ESC-2", "ESC-4"}
    if state in {"awaiting_customer", "resolution_proposed"}:
        refused.add("ESC-4")
    if unread:
        refused.add("ESC-3")
    if active:
        refused.add("ESC-5")
    if reason in (None, ReasonKind.OWNER_REVIEW):
        refused.add("ESC-6")
    if reason is None or (reason is ReasonKind.ANALYSIS and recent):
        refused.add("ESC-7")
    if severity == 2 and recent:
        refused.add("ESC-8")
    if severity == 3 and recent:
        refused.add("ESC-9")
    if severity == 4:
        refused.add("ESC-10")
    if severity == 1 and realm == "commercial":
        refused.add("ESC-11")
    if realm == "fedramp" and not assigned:
        refused.add("ESC-12")
    return refused


@pytest.mark.rule("ESC-1", "ESC-2", "ESC-3", "ESC-4", "ESC-5", "ESC-6", "ESC-7", "ESC-8")
@pytest.mark.rule("ESC-9", "ESC-10", "ESC-11", "ESC-12")
@pytest.mark.parametrize("realm", REALMS)
@pytest.mark.parametrize("severity", Severity.values)
def test_every_state_severity_reason_and_realm(realm, severity):
    """With each fact on both sides: assigned, updated just now, unread, escalated."""
    by_telephone, assigned_only = REALMS[realm]
    flags = itertools.product([True, False], repeat=4)
    seen = 0
    for state, reason, given in itertools.product(STATES, [None, *ReasonKind], list(flags)):
        assigned, recent, unread, active = given
        at = HOUR_AGO if recent else LONG_AGO
        verdict = evaluate(
            facts(
                state=state,
                severity=severity,
                reason=reason,
                is_assigned=assigned,
                critical_by_telephone=by_telephone,
                assigned_only=assigned_only,
                last_update_at=at,
                analysis_since=at,
                has_unread_update=unread,
                has_active_escalation=active,
            )
        )
        wanted = expected(realm, severity, state, reason, *given)
        assert {each.rule for each in verdict.refusals} == wanted, (state, reason, given)
        assert verdict.eligible == (not wanted)
        seen += 1
    assert seen == 7 * 4 * 16
