"""Template tags of the portal: words, times, and the hidden fields that each form carries."""

import datetime as dt
import re

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.template.context import RequestContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases import drafts, realm, wording
from cases.models import Case, Entry

register = template.Library()


@register.filter
def elsewhere(case: Case) -> str:
    """FED-1: the address of the portal where the case belongs; empty if it is this one."""
    if realm.current().may_open_for(case.organization):
        return ""
    return settings.FEDRAMP_PORTAL_URL or reverse("portal:open")


register.filter("author", wording.author)
register.filter("event", wording.event)


@register.filter
def definition(severity: int) -> str:
    """SEV-1: what this severity means."""
    return wording.DEFINITIONS[severity]


@register.filter
def situation(case: Case) -> wording.Situation:
    """The case's state in plain words."""
    return wording.situation(case)


@register.filter
def moment(at: dt.datetime | None) -> SafeString | str:
    """A time in the reader's zone, with the zone; in UTC for machines."""
    if at is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), _in_full(at))


@register.filter
def ago(at: dt.datetime | None) -> SafeString | str:
    """How long ago, with the full time as the title."""
    if at is None:
        return ""
    # "1 day, 7 hours ago" is too long for a list. "Just now" is lazy, and not yet a string.
    words = re.sub(r", [^,]+ (ago|from now)$", r" \1", str(naturaltime(at)))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), _in_full(at), words
    )


def _in_full(at: dt.datetime) -> str:
    """Such as "3 Mar 2026, 16:00 CET"; Django's template filter takes ten times as long."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%b %Y, %H:%M} {local.tzname()}"


@register.filter
def is_new(entry: Entry, seen_entry: int | None) -> bool:
    """Whether the entry came after the page was shown on which the person wrote."""
    return seen_entry is not None and entry.pk > seen_entry


@register.simple_tag(takes_context=True)
def draft_token(context: RequestContext, address: str) -> SafeString:
    """The hidden field that lets a form's texts outlive a session (see `cases.drafts`)."""
    request = context["request"]
    return format_html(
        '<input type="hidden" name="{}" value="{}">',
        drafts.FIELD,
        drafts.token(request.user, address),
    )
