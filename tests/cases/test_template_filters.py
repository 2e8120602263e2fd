"""Every filter and tag of ours shows any input: now, the future, years ago, nothing."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template, engines
from django.utils import timezone

from cases.models import Case, Clock
from cases.templatetags import portal, staff
from escalations.models import Escalation

LIBRARIES = ("written", "portal", "staff", "lists", "escalations_staff", "help")
#: Those that take a time, or none.
OF_TIMES = {
    ("portal", "moment"),
    ("portal", "ago"),
    *(("staff", each) for each in ("moment", "ago")),
}
OF_TIMES |= {("staff", "exactly"), ("staff", "until")}
OF_TIMES |= {("written", "in_full"), ("written", "in_mail")}
SPANS = {
    "none": None,
    "now": dt.timedelta(0),
    "a moment ago": dt.timedelta(microseconds=-10),
    "a second": dt.timedelta(seconds=-1),
    "a day and some hours": dt.timedelta(days=-1, hours=-7),
    "years": dt.timedelta(days=-4000),
    "soon": dt.timedelta(microseconds=900_000),
    "in a day and more": dt.timedelta(days=1, hours=7),
    "in years": dt.timedelta(days=4000),
}


def filters():
    libraries = engines["django"].engine.template_libraries
    return {
        (name, each): function
        for name in LIBRARIES
        for each, function in libraries[name].filters.items()
    }


@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
@pytest.mark.parametrize(("name", "each"), sorted(OF_TIMES))
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_a_time_is_shown_whenever_it_is(name, each, span, zone):
    """Just now was a lazy text, and ended the start page for a second after each update."""
    at = timezone.now()
    shown = Template("{% load " + name + " %}{{ value|" + each + " }}")
    with timezone.override(zone):
        words = shown.render(Context({"value": None if span is None else at + span}))
    assert words or (span is None and each != "until")
    assert "None" not in words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ("now", "now"),
        ("a moment ago", "now"),
        ("a day and some hours", "1 day ago"),
        ("years", "10 years ago"),
        ("soon", "now"),
        ("in a day and more", "1 day from now"),
        ("in years", "10 years from now"),
    ],
)
def test_the_portal_says_how_long_ago_in_one_unit(span, words):
    shown = str(portal.ago(timezone.now() + SPANS[span]))
    assert f">{words}</time>" in shown.replace("\xa0", " ")


def test_a_clock_is_shown_whenever_it_is_due(db):
    now = timezone.now()
    for span in SPANS.values():
        at = now if span is None else now + span
        for state in Clock.State.values:
            for warned in (None, at):
                clock = Clock(state=state, due_at=at, warns_at=warned, warned_at=warned)
                assert "chip" in staff.clock_state(clock)
                staff.clock_alert(clock)


def test_every_other_filter_shows_what_pages_hand_to_it(desk):
    """A filter without a line here, or among the times, fails: nobody tried it."""
    case = desk.owned_case()
    entry = case.entries.first()
    escalation = Escalation(
        case=case, severity=2, state="requested", trend="same", on_watch=True, reason=None
    )
    given = {
        ("written", "written"): ["", "As\ttyped.\n\n<b> & so on"],
        ("written", "mail_lines"): ["", "As\ttyped.\n\n<b> & so on"],
        ("written", "one_line"): ["", "Two\n    lines"],
        ("written", "linked"): ["", "See https://a.example/ and a@b.example.\n\nBye"],
        ("portal", "elsewhere"): [case],
        ("portal", "author"): [entry],
        ("portal", "event"): [entry],
        ("portal", "definition"): [1, 2, 3, 4],
        ("portal", "situation"): [desk.case_in(state) for state in ("new", "closed")] + [case],
        ("portal", "is_new"): [(entry, None), (entry, 0)],
        ("staff", "seconds"): [0, 1.5, 119, 120, 7200, 10**9],
        ("staff", "severity_chip"): [case],
        ("staff", "state_chip"): [case, desk.case()],
        ("staff", "fedramp_flag"): [desk.organization],
        ("staff", "clock_state"): [],  # above
        ("staff", "clock_chip"): [],
        ("escalations_staff", "span"): [None, 0, -5, 10**9],
        ("staff", "job_in_words"): ["close-silent-cases", "gone"],
        ("staff", "dialled"): ["", "+1 (555) 01-00"],
        ("escalations_staff", "escalation_chip"): [escalation],
        ("escalations_staff", "severity_then_and_now"): [escalation],
        ("escalations_staff", "rank_chips"): [escalation],
        ("escalations_staff", "trend_chip"): [escalation],
        ("help", "happened"): [SimpleNamespace(state="closed", ended_by=None)],
        ("help", "reviewer"): [],
        ("help", "with_telephone"): ["", "Call +1 555 0100 now.", "<b>"],
    }
    known = filters()
    assert set(given) | OF_TIMES == set(known)
    for key, values in given.items():
        if key in {("help", "happened"), ("help", "reviewer")}:
            continue  # words of a row that the services wrote: tests/escalations
        for value in values:
            arguments = value if isinstance(value, tuple) else (value,)
            assert known[key](*arguments) is not None, key


def test_start_page_and_list_open_in_the_second_of_an_update(desk, client):
    case = desk.case_in("awaiting_customer")
    client.force_login(desk.designated, backend=settings.AUTHENTICATION_BACKENDS[-1])
    for address in ("/", "/cases/", f"/cases/{case.number}/"):
        Case.objects.filter(pk=case.pk).update(updated_at=timezone.now())
        assert client.get(address).status_code == 200, address
