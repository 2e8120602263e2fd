"""How the staff's pages show an escalation: each colour comes with its word."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.models import Severity
from cases.templatetags.staff import span_in_words
from escalations.models import Escalation

register = template.Library()


@register.filter
def span(seconds: float | None) -> str:
    """A span in words."""
    return "none" if seconds is None else span_in_words(seconds)


@register.filter
def escalation_chip(escalation: Escalation) -> SafeString:
    """The state of the escalation."""
    return format_html(
        '<span class="chip esc-{}">{}</span>', escalation.state, escalation.get_state_display()
    )


@register.filter
def severity_then_and_now(escalation: Escalation) -> SafeString:
    """The severity now; where it was another one when the escalation was asked for, that too."""
    now = escalation.case.severity
    chip = format_html('<span class="chip severity-{}">{}</span>', now, Severity(now).label)
    if now == escalation.severity:
        return chip
    then = Severity(escalation.severity).label
    return format_html('{}<span class="quiet below">then {}</span>', chip, then)


@register.filter
def rank_chips(escalation: Escalation) -> SafeString:
    """Importance and urgency (MGT-3)."""
    levels = (
        (escalation.importance, f"{escalation.get_importance_display()} importance"),
        (escalation.urgency, f"{escalation.get_urgency_display()} urgency"),
    )
    chips = format_html_join(
        " ", '<span class="chip level-{}">{}</span>', (each for each in levels if each[0])
    )
    return format_html('<span class="chips">{}</span>', chips)


@register.filter
def trend_chip(escalation: Escalation) -> SafeString:
    """Trend, and the watch list (MGT-9)."""
    signs = {"improving": "↗", "same": "→", "declining": "↘"}
    chip = format_html(
        '<span class="chip trend-{}"><span aria-hidden="true">{}</span> {}</span>',
        escalation.trend,
        signs[escalation.trend],
        escalation.get_trend_display(),
    )
    if not escalation.on_watch:
        return chip
    watched = format_html('{} <span class="chip watch">{}</span>', chip, "Watched")
    return format_html('<span class="chips">{}</span>', watched)
