"""What pages and the command line say of a case, and what it costs to find out."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cases import documents, realm
from cases.models import Case
from escalations import wording
from escalations.rules import criteria
from escalations.rules.criteria import CRITERIA, Remedy
from escalations.selectors import gather, panel
from tests.stored import everything_stored
from tests.world import NOW

from .world import HOUR, LONG_AGO


def fresh(case: Case) -> Case:
    cases = Case.objects.select_related("organization__calendar", "deployment")
    found: Case = cases.get(pk=case.pk)
    return found


def run(case, *arguments, at=NOW):
    out = StringIO()
    given = [case.number, "--contact", "dana@acme.example", "--at", at.isoformat(), *arguments]
    code = 0
    try:
        call_command("eligibility", *given, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue()


# --- The panel ----------------------------------------------------------------------------------


@pytest.mark.rule("HELP-1")
def test_the_panel_is_enabled_where_only_the_form_is_missing(office):
    shown = panel(case=office.case(severity=2), contact=office.desk.designated, now=NOW)
    assert shown.enabled
    assert shown.hindrances == []
    assert shown.label == realm.current().help_button_label


@pytest.mark.rule("HELP-1")
def test_the_panel_says_why_not_what_to_do_and_from_when(office):
    case = office.case(severity=2, updated_at=NOW - 23 * HOUR)
    shown = panel(case=case, contact=office.desk.designated, now=NOW)
    assert not shown.enabled
    [line] = shown.hindrances
    assert (line.rule, line.remedy_code, line.met_from) == ("ESC-8", "wait", NOW + HOUR)
    assert "24 hours" in line.reason
    assert "Possible from Tuesday, 3 March 2026, 16:00 UTC" in line.remedy
    assert shown.possible_from == NOW + HOUR
    assert shown.owner_can_be_asked


@pytest.mark.rule("ESC-5")
def test_the_panel_shows_the_active_escalation(office):
    case = office.case()
    escalation = office.accepted(case)
    shown = panel(case=case, contact=office.desk.designated, now=NOW)
    assert not shown.enabled
    assert shown.active == escalation
    assert (shown.active.requested_at, shown.active.state) == (NOW, "accepted")


def test_gathering_costs_the_same_in_a_long_case(office, django_assert_num_queries):
    short, long = office.case(), office.case()
    for hour in range(20):
        office.update(long, now=LONG_AGO + hour * HOUR)
    gather(case=fresh(short), contact=office.desk.designated, now=NOW)  # warms the calendar
    for case in (short, long):
        loaded = fresh(case)
        with django_assert_num_queries(3):  # one for the care plan, which the portal knows
            gather(case=loaded, contact=office.desk.designated, now=NOW)
        with django_assert_num_queries(2):
            panel(case=loaded, contact=office.desk.designated, now=NOW)


# --- The command --------------------------------------------------------------------------------


def test_the_command_says_yes_and_changes_nothing(office):
    case = office.case()
    before = everything_stored()
    code, out = run(case, "--reason", "other")
    assert code == 0
    assert "An escalation can be asked for." in out
    assert all(wording.CRITERIA[check.__name__] in out for _, check in CRITERIA)
    assert everything_stored() == before


def test_the_command_explains_a_refusal_in_the_contacts_time(office):
    office.desk.designated.time_zone = "America/New_York"
    office.desk.designated.save()
    case = office.case(updated_at=NOW - dt.timedelta(days=5))
    code, out = run(case, at=NOW - HOUR)
    assert code == 1
    assert "NOT MET  ESC-9" in out
    assert "Possible from Tuesday, 3 March 2026, 10:00 EST" in out
    assert run(case, at=NOW)[0] == 0


def test_the_command_prints_codes_for_programs(office):
    code, out = run(office.case(severity=4), "--json")
    verdict = json.loads(out)
    assert code == 1
    assert verdict["possible"] is False
    refused = [each["reason"] for each in verdict["criteria"] if not each["met"]]
    assert "severity_low" in refused


@pytest.mark.parametrize(
    ("number", "contact", "extra"),
    [
        ("C-0000000", "dana@acme.example", []),
        ("", "nobody@acme.example", []),
        ("", "olga@globex.example", []),
        ("", "erin@support.example", []),
        ("", "dana@acme.example", ["--reason", "nonsense"]),
        ("", "dana@acme.example", ["--at", "tomorrow"]),
        ("", "dana@acme.example", ["--at", "2026-03-03T14:05"]),
        ("", "dana@acme.example", ["--at", "2026-13-03T14:05Z"]),
    ],
)
def test_the_command_says_what_it_does_not_know(office, number, contact, extra):
    number = number or office.case().number
    with pytest.raises(CommandError) as error:
        call_command("eligibility", number, "--contact", contact, *extra)
    assert error.value.returncode == 2


# --- Words and documents ------------------------------------------------------------------------


def test_every_code_has_its_words_and_no_word_is_left_over():
    assert set(wording.REMEDIES) == set(Remedy)
    assert set(wording.CRITERIA) == {check.__name__ for _, check in CRITERIA}
    text = Path(criteria.__file__).read_text()
    assert all(f'"{code}"' in text for code in wording.REASONS)


def test_the_page_of_the_documentation_is_up_to_date():
    written = (Path(settings.BASE_DIR) / "docs" / "escalations.md").read_text()
    assert written == documents.DOCUMENTS["escalations.md"]()
