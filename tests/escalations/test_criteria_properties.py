"""Whatever the facts: whoever is refused learns why and what to do, and a promised time is true."""

import dataclasses
import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.models import State
from cases.rules.business_time import Calendar
from escalations import wording
from escalations.rules.criteria import CRITERIA, Facts, ReasonKind, evaluate

from .facts import NEW_YORK

SECOND = dt.timedelta(seconds=1)
instants = st.datetimes(
    dt.datetime(2025, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    dt.datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
CALENDARS = [
    NEW_YORK,
    Calendar.from_plain(tz="UTC", week={day: [((0, 0), (24, 0))] for day in range(7)}),
    Calendar.from_plain(
        tz="Europe/Berlin",
        week={day: [((8, 0), (12, 0)), ((13, 30), (18, 0))] for day in (0, 1, 3, 6)},
        holidays={dt.date(2026, 5, 14), dt.date(2026, 12, 31)},
        overrides={dt.date(2026, 3, 29): [((1, 0), (4, 0))]},
    ),
    Calendar.from_plain(tz="UTC", week={}, overrides={dt.date(2026, 1, 1): [((9, 0), (17, 0))]}),
]
flags = st.none() | st.booleans()
anything = st.builds(
    Facts,
    now=instants,
    state=st.none() | st.sampled_from(State.values),
    severity=st.none() | st.integers(0, 5),
    hosting=st.sampled_from([None, "cloud", "premises", "elsewhere"]),
    is_assigned=flags,
    critical_by_telephone=flags,
    assigned_only=flags,
    has_unread_update=flags,
    last_update_at=st.none() | instants,
    has_active_escalation=flags,
    analysis_since=st.none() | instants,
    calendar=st.sampled_from([None, *CALENDARS]),
    reason=st.none() | st.sampled_from(ReasonKind),
    impact_stated=flags,
)
#: Nothing missing but time, so that promises are frequent.
mostly_known = st.builds(
    Facts,
    now=instants,
    state=st.just("in_progress"),
    severity=st.sampled_from([2, 3]),
    hosting=st.sampled_from(["cloud", "premises"]),
    is_assigned=st.just(True),
    critical_by_telephone=st.booleans(),
    assigned_only=st.booleans(),
    has_unread_update=st.just(False),
    last_update_at=instants,
    has_active_escalation=st.just(False),
    analysis_since=instants,
    calendar=st.sampled_from(CALENDARS),
    reason=st.sampled_from([ReasonKind.GENERAL, ReasonKind.ANALYSIS]),
    impact_stated=st.just(True),
)


@given(anything)
@settings(deadline=None)
def test_whoever_is_refused_gets_a_reason_and_a_remedy(facts):
    verdict = evaluate(facts)
    assert len(verdict.outcomes) == len(CRITERIA)
    assert verdict.eligible == (not verdict.refusals)
    for outcome in verdict.outcomes:
        if outcome.met:
            assert (outcome.reason, outcome.remedy, outcome.met_from) == ("", "", None)
        else:
            assert outcome.reason
            assert outcome.remedy


@given(anything | mostly_known)
@settings(deadline=None, max_examples=300)
def test_a_promised_time_is_true_to_the_second(facts):
    for number, outcome in enumerate(evaluate(facts).outcomes):
        at = outcome.met_from
        if at is None:
            continue
        assert at > facts.now
        then = evaluate(dataclasses.replace(facts, now=at)).outcomes[number]
        before = evaluate(dataclasses.replace(facts, now=at - SECOND)).outcomes[number]
        assert then.met
        assert not before.met
        assert before.met_from == at


@given(mostly_known)
@settings(deadline=None, max_examples=300)
def test_from_the_promised_time_of_the_verdict_the_escalation_is_possible(facts):
    verdict = evaluate(facts)
    if verdict.possible_from is None:
        return
    at = verdict.possible_from
    assert evaluate(dataclasses.replace(facts, now=at)).eligible
    assert not evaluate(dataclasses.replace(facts, now=at - SECOND)).eligible


@given(mostly_known)
@settings(deadline=None, max_examples=300)
def test_the_button_awakes_at_the_time_that_stands_beside_it(facts):
    """Before a reason is chosen: then the form opens, and not a second earlier."""
    facts = dataclasses.replace(facts, reason=None, impact_stated=None)
    verdict = evaluate(facts)
    assert verdict.may_ask == (not verdict.hindrances)
    if verdict.possible_from is None:
        return
    at = verdict.possible_from
    assert not verdict.may_ask
    assert evaluate(dataclasses.replace(facts, now=at)).may_ask
    assert not evaluate(dataclasses.replace(facts, now=at - SECOND)).may_ask


@given(anything | mostly_known)
@settings(deadline=None)
def test_every_refusal_is_a_sentence_and_something_to_do(facts):
    """As people read it: no code without its words, and a time wherever one is promised."""
    for outcome in evaluate(facts).refusals:
        line = wording.line(outcome)
        assert line.reason.endswith(".")
        assert line.remedy.endswith(".")
        assert "{" not in line.remedy
        assert (line.remedy_code == "wait") == (line.met_from is not None)
