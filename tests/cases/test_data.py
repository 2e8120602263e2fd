"""The data in the product, and the order of work."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from cases.models import CarePlan, Case, Priority, Severity
from tests.world import NOW, person


@pytest.mark.rule("PLAN-1")
@pytest.mark.django_db
def test_the_plans_of_both_tables_are_there_with_their_features():
    plans = {plan.code: plan for plan in CarePlan.objects.all()}
    names = {
        "business_care": ("Business Care", "genesys_care", False),
        "business_care_plus": ("Business Care Plus", "genesys_care", False),
        "premium_care": ("Premium Care", "genesys_care", False),
        "flex_care": ("Flex Care", "genesys_care", True),
        "care_for_cloud": ("Care for Cloud", "cloud", False),
        "business_care_for_cloud": ("Business Care for Cloud", "cloud", False),
        "flex_care_for_cloud": ("Flex Care for Cloud", "cloud", True),
    }
    assert {code: (plan.name, plan.family, plan.is_add_on) for code, plan in plans.items()} == names
    carriers = {
        "enhanced_response_targets": {"business_care_plus", "premium_care"},
        "technical_account_manager": {"premium_care", "flex_care", "flex_care_for_cloud"},
        "phone_support": {"business_care_for_cloud"},
        "proactive_advisory": {"care_for_cloud", "business_care_for_cloud"},
    }
    for feature, codes in carriers.items():
        having = CarePlan.objects.filter(features__code=feature)
        assert set(having.values_list("code", flat=True)) == codes, feature
    assert not plans["care_for_cloud"].features.filter(code="defined_response_targets").exists()


ADD_ONS = {
    ("business_care", "flex_care"),
    ("business_care_plus", "flex_care"),
    ("premium_care", "flex_care"),
    ("business_care_for_cloud", "flex_care_for_cloud"),
}


@pytest.mark.rule("PLAN-1")
@pytest.mark.parametrize("code", sorted({code for code, _ in ADD_ONS} | {"care_for_cloud"}))
def test_an_add_on_and_a_manager_stand_only_beside_a_plan_that_has_them(desk, code):
    organization = desk.organization
    organization.plan = CarePlan.objects.get(code=code)
    for add_on in (None, *CarePlan.objects.filter(is_add_on=True)):
        for manager in (None, desk.expert):
            organization.add_on, organization.technical_account_manager = add_on, manager
            fits = add_on is None or (code, add_on.code) in ADD_ONS
            managed = add_on is not None or code == "premium_care"
            wrong = set() if fits else {"add_on"}
            if fits and manager and not managed:
                wrong = {"technical_account_manager"}
            assert set(errors_of(organization)) == wrong, (add_on, manager)


def errors_of(organization) -> dict[str, list[str]]:
    try:
        organization.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.rule("SEV-1")
def test_severities_and_priorities_are_four():
    assert [each.value for each in Severity] == [each.value for each in Priority] == [1, 2, 3, 4]
    words = ["Critical", "High", "Medium", "Low"]
    assert [each.label for each in Priority] == words
    assert [each.label.split(" - ")[1] for each in Severity] == words


@pytest.mark.rule("SEV-3")
@pytest.mark.rule("FEED-1")
def test_queues_are_by_severity_then_deadline_then_age(desk):
    def due(hours: float | None, severity: int) -> Case:
        case = desk.case(priority=severity, phone_24x7="+1 555 0142")
        case.next_due_at = NOW + dt.timedelta(hours=hours) if hours is not None else None
        case.save(update_fields=["next_due_at"])
        return case

    low = due(1, 4)
    no_deadline, later_no_deadline = due(None, 2), due(None, 2)
    late, soon = due(5, 2), due(2, 2)
    critical = due(9, 1)
    closed = desk.case_in("closed")

    assert list(Case.objects.open().by_urgency()) == [
        critical,
        soon,
        late,
        no_deadline,
        later_no_deadline,
        low,
    ]
    assert closed not in Case.objects.unassigned()
    owned = desk.owned_case()
    assert list(Case.objects.owned_by(desk.expert)) == [owned]
    assert list(Case.objects.owned_by(person("x@support.example"))) == []
    # The feed of a case is in the order in which things happened.
    events = [entry.event for entry in closed.entries.all()]
    assert events == ["opened", "assigned", "closed"]
