"""Which promise applies, and until when (SLA-1 to SLA-5, RCA-3)."""

import datetime as dt
import zoneinfo

import pytest

from cases.models import CarePlan, Organization
from cases.promises import plan_features, promised_response_at
from cases.rules.business_time import Calendar
from cases.rules.targets import SHIPPED, Facts, Promise, Span, Unit, choose

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
PLAIN = ["defined_response_targets"]
ENHANCED = [*PLAIN, "enhanced_response_targets"]
CRITICAL, HIGH, MEDIUM, LOW = 1, 2, 3, 4
DAYS = dict.fromkeys(range(5), (((9, 0), (17, 0)),))
CALENDAR = Calendar.from_plain(tz="America/New_York", week=DAYS)


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def words(promise: Promise, severity: int, features: list[str], **facts: bool) -> str:
    chosen = choose(SHIPPED, promise, Facts(severity, features, **facts))
    return str(chosen.span) if chosen else "none"


@pytest.mark.rule("SLA-1")
@pytest.mark.rule("SLA-2")
@pytest.mark.parametrize(
    ("severity", "plain", "enhanced"),
    [
        (CRITICAL, "10 minutes", "5 minutes"),
        (HIGH, "2 business hours", "1 business hour"),
        (MEDIUM, "2 business hours", "1 business hour"),
        (LOW, "2 business hours", "2 business hours"),
    ],
)
def test_the_initial_response(severity, plain, enhanced):
    assert words(Promise.RESPONSE, severity, PLAIN) == plain
    assert words(Promise.RESPONSE, severity, ENHANCED) == enhanced
    assert words(Promise.RESPONSE, severity, PLAIN, is_platform=True) == plain


@pytest.mark.rule("SLA-5")
@pytest.mark.parametrize("severity", [CRITICAL, HIGH, MEDIUM, LOW])
def test_no_response_is_promised_without_defined_targets(severity):
    assert words(Promise.RESPONSE, severity, []) == "none"
    assert words(Promise.RESPONSE, severity, ["enhanced_response_targets"]) == "none"


@pytest.mark.rule("SLA-3")
@pytest.mark.rule("SLA-4")
@pytest.mark.parametrize(
    ("severity", "span"),
    [(CRITICAL, "4 hours"), (HIGH, "2 business days"), (MEDIUM, "5 business days"), (LOW, "none")],
)
def test_restoration_is_promised_for_platform_incidents_only(severity, span):
    assert words(Promise.RESTORATION, severity, ENHANCED, is_platform=True) == span
    assert words(Promise.RESTORATION, severity, ENHANCED) == "none"


@pytest.mark.rule("RCA-3")
@pytest.mark.parametrize(
    ("severity", "cloud", "premises"),
    [
        (CRITICAL, "5 business days", "7 business days"),
        (HIGH, "5 business days", "7 business days"),
        (MEDIUM, "none", "7 business days"),
        (LOW, "none", "7 business days"),
    ],
)
def test_root_cause_analysis(severity, cloud, premises):
    assert words(Promise.RCA, severity, PLAIN, is_platform=True) == cloud
    assert words(Promise.RCA, severity, PLAIN, is_platform=True, on_premises=True) == premises
    assert words(Promise.RCA, severity, PLAIN, on_premises=True) == "none"


@pytest.mark.rule("SLA-1")
@pytest.mark.parametrize(
    ("severity", "created", "due", "warns"),
    [
        (CRITICAL, "2026-03-07T23:55", "2026-03-08T00:05", "2026-03-08T00:02:30"),
        (HIGH, "2026-03-03T10:00", "2026-03-03T12:00", "2026-03-03T11:30"),
        (HIGH, "2026-03-03T15:00", "2026-03-03T17:00", "2026-03-03T16:30"),
        (HIGH, "2026-03-03T15:00:01", "2026-03-04T09:00:01", "2026-03-03T16:30:01"),
        (LOW, "2026-03-06T16:00", "2026-03-09T10:00", "2026-03-09T09:30"),
        (LOW, "2026-03-07T12:00", "2026-03-09T11:00", "2026-03-09T10:30"),
    ],
)
def test_when_the_response_is_due_and_when_it_warns(severity, created, due, warns):
    chosen = choose(SHIPPED, Promise.RESPONSE, Facts(severity, PLAIN))
    assert chosen.due_at(CALENDAR, local(created)) == local(due)
    assert chosen.warns_at(CALENDAR, local(created)) == local(warns)


@pytest.mark.rule("SLA-3")
def test_business_days_warn_in_business_time():
    span = Span(Unit.BUSINESS_DAYS, 2)
    start, due = local("2026-03-06T13:00"), local("2026-03-10T13:00")
    assert span.after(CALENDAR, start) == due
    assert span.warns_at(CALENDAR, start, due, 75) == local("2026-03-09T17:00")
    assert span.warns_at(CALENDAR, start, due, 100) == due


# --- Of a case ------------------------------------------------------------------------------------


def give_plan(organization: Organization, plan: str, add_on: str = "") -> None:
    organization.plan = CarePlan.objects.get(code=plan)
    organization.add_on = CarePlan.objects.get(code=add_on) if add_on else None
    organization.save()


@pytest.mark.rule("SLA-5")
@pytest.mark.rule("PLAN-2")
@pytest.mark.parametrize(
    ("plan", "due"),
    [
        ("business_care_for_cloud", "2026-03-03T12:00"),
        ("business_care", "2026-03-03T12:00"),
        ("business_care_plus", "2026-03-03T11:00"),
        ("premium_care", "2026-03-03T11:00"),
        ("care_for_cloud", None),
    ],
)
def test_the_plan_decides_what_the_customer_is_promised(desk, plan, due):
    give_plan(desk.organization, plan)
    case = desk.case(priority=2)
    assert promised_response_at(case) == (local(due) if due else None)


@pytest.mark.rule("PLAN-2")
def test_an_add_on_brings_its_features(desk, django_assert_num_queries):
    give_plan(desk.organization, "care_for_cloud", "flex_care_for_cloud")
    with django_assert_num_queries(1):
        features = plan_features(desk.organization)
    assert {"technical_account_manager", "proactive_advisory"} <= features
    assert "defined_response_targets" not in features
