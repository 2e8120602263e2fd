"""How the staff's pages show severities, states and times."""

import datetime as dt
from functools import cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases import realm
from cases.models import Case, Clock, Organization, Severity, State
from cases.rules.texts import dialled
from cases.wording import job_in_words

register = template.Library()

register.filter("dialled", dialled)
register.filter("job_in_words", job_in_words)

MINUTE, HOUR, DAY = 60, 3600, 86_400


def span_in_words(seconds: float) -> str:
    """A span in its largest fitting unit: "40 min", "7 h", "3 days"."""
    seconds = abs(int(seconds))
    if seconds < MINUTE:
        return "a moment"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < 2 * DAY:
        return f"{seconds // HOUR} h"
    return f"{seconds // DAY} days"


@register.filter
def seconds(value: float) -> str:
    """A period such as "30 s" or "1 h"."""
    return f"{value:.0f} s" if value < 2 * MINUTE else span_in_words(value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """The instant in the reader's zone, such as "3 Mar 2026, 16:00"; today's without its date."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    today = timezone.localtime(timezone.now()).date()
    if local.date() == today:
        return f"today {local:%H:%M}"
    return f"{local.day} {local:%b %Y, %H:%M}"


@register.filter
def exactly(value: dt.datetime | None) -> str:
    """The time with its zone, for a title."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S %Z}" if value else ""


@register.filter
def ago(value: dt.datetime | None) -> SafeString | str:
    """How long ago, with the exact time as the element's title."""
    if value is None:
        return ""
    return _time(value, span_in_words((timezone.now() - value).total_seconds()))


@register.filter
def until(value: dt.datetime | None) -> SafeString | str:
    """How long until then; marked if it is past or near."""
    if value is None:
        return format_html('<span class="quiet">{}</span>', "No deadline")
    left = (value - timezone.now()).total_seconds()
    words = span_in_words(left)
    if left < 0:
        return _time(value, f"overdue by {words}", "due-past")
    return _time(value, f"in {words}", "due-soon" if left < 4 * HOUR else "")


def _time(value: dt.datetime, words: str, css: str = "") -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}" class="{}">{}</time>',
        value.isoformat(),
        exactly(value),
        css,
        words,
    )


@register.filter
def severity_chip(case: Case) -> SafeString:
    """The severity as a colour and a word."""
    return _chip(f"severity-{case.severity}", Severity(case.severity).label)


@register.filter
def state_chip(case: Case) -> SafeString:
    """The state; for Awaiting Third Party, also the third party."""
    chip = _chip(f"state-{case.state}", State(case.state).label)
    if not case.waits_for:
        return chip
    return format_html('{} <span class="quiet waits-for">{}</span>', chip, case.waits_for)


@register.filter
def fedramp_flag(organization: Organization) -> SafeString | str:
    """FED-12: in the commercial realm, marks a FedRAMP customer; empty for others, and on pages
    where a banner says it."""
    if not organization.is_fedramp or realm.current().staff_banner:
        return ""
    return format_html('<strong class="chip fedramp-flag">{}</strong>', "FedRAMP customer")


@register.filter
def clock_state(clock: Clock) -> SafeString:
    """The state of a clock as a colour and a word, with its due time (SLA-7)."""
    return format_html(
        '{} {}<span class="quiet below">due {}</span>',
        clock_chip(clock),
        until(clock.due_at) if clock.is_open else "",
        moment(clock.due_at),
    )


@register.filter
def clock_chip(clock: Clock) -> SafeString:
    """SLA-7: the word for the clock's state, in its colour. A clock that no sweep has checked yet
    shows the same as one that was marked.
    """
    return _chip(*_state_of(clock, timezone.now()))


def clock_alert(clock: Clock) -> SafeString | str:
    """The chip of a clock that warns or is breached; empty for one that is in time (SLA-7)."""
    css, word = _state_of(clock, timezone.now())
    if css not in {"warning", "breached"}:
        return ""
    return _chip(css, word)


@cache
def _chip(css: str, word: str) -> SafeString:
    """A word in its colour. Cached: there are few, and a list shows each many times."""
    return format_html('<span class="chip {}">{}</span>', css, word)


def _state_of(clock: Clock, now: dt.datetime) -> tuple[str, str]:
    if clock.state == Clock.State.BREACHED or (clock.is_open and clock.due_at < now):
        return "breached", "Breached"
    if clock.state == Clock.State.MET:
        return "good", "Met"
    if not clock.is_open:
        return "", "Cancelled"
    if clock.warned_at or (clock.warns_at and clock.warns_at <= now):
        return "warning", "Warning"
    return "running", "On time"
