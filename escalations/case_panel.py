"""What this app adds to the contact's case page: the button, its reasons, and a tab (HELP-1)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.extension import CasePagePart, Tab
from cases.gates import SignedInRequest
from cases.models import Case, Entry
from cases.rules import analysis
from cases.rules.actions import Side
from cases.services.analyses import facts_of

from . import wording
from .models import Escalation
from .rules.criteria import Remedy
from .selectors import Panel, panel, recent_reviews
from .services.read_marks import mark_read


def case_page(
    request: SignedInRequest, case: Case, can_write: bool, entries: Sequence[Entry]
) -> CasePagePart:
    """The button with its reasons beside it. The page marks the feed that it shows as read (ESC-3),
    so that no reason mentions an update that is on the same page. Entries posted after the feed
    was read are not on the page, and stay unread.
    """
    now = timezone.now()
    shown = panel(case=case, contact=request.user, now=now)
    if shown.has_unread_update and request.method != "HEAD":
        newest = next((each for each in entries if each.pk == shown.newest_update), None)
        if newest is not None:
            mark_read(case=case, entry_id=newest.pk, actor=Actor.of(request.user), now=now)
            shown = panel(case=case, contact=request.user, now=now)
    context = context_of(shown, case=case, can_ask=can_write, now=now)
    return CasePagePart(
        panel=render_to_string("escalations/part.html", context, request=request),
        tabs=tabs_of(case, shown.newest),
    )


def note_shown(request: SignedInRequest, case: Case, entries: Sequence[Entry]) -> None:
    """The update shown on an action's page counts as read as well (ESC-3)."""
    newest = next((each for each in reversed(entries) if each.author_side == Side.STAFF), None)
    if newest is not None:
        actor = Actor.of(request.user)
        mark_read(case=case, entry_id=newest.pk, actor=actor, now=timezone.now())


def context_of(shown: Panel, *, case: Case, can_ask: bool, now: dt.datetime) -> dict[str, Any]:
    """The context of `escalations/panel.html`."""
    return {
        "case": case,
        "panel": shown,
        "hints": hints(shown.hindrances, case=case, newest_update=shown.newest_update, now=now),
        "reviews": recent_reviews(case),
        "can_ask": can_ask,
        "can_raise": bool(wording.severities_to_ask_for(case)),
    }


def tabs_of(case: Case, newest: Escalation | None) -> tuple[Tab, ...]:
    """The tab Escalation Details, once the case was escalated (FEED-1)."""
    if newest is None:
        return ()
    address = reverse("escalations:details", args=[case.number])
    return (Tab("Escalation Details", address, newest.get_state_display()),)


@dataclass(frozen=True)
class Hint:
    """Why not, and what can be done about it, with the link to do it."""

    reason: str
    #: Empty if the words of the link say it all.
    remedy: str
    address: str
    label: str
    #: Until the criterion is met, if time decides.
    seconds_left: int | None
    #: ESC-11: the remedy is a telephone call, shown large.
    is_a_call: bool


def hints(
    lines: list[wording.Line], *, case: Case, newest_update: int | None, now: dt.datetime
) -> list[Hint]:
    """The text beside the disabled button: one hint per criterion that is not met (HELP-1)."""
    return [_hint(line, case, newest_update, now) for line in lines]


def no_analysis(case: Case) -> str:
    """Why the root cause analysis cannot be asked for; empty if it can (RCA-2)."""
    return analysis.why_not("ask_analysis", facts_of(case))


def _hint(line: wording.Line, case: Case, newest_update: int | None, now: dt.datetime) -> Hint:
    page = case.get_absolute_url()
    remedy = Remedy(line.remedy_code)
    links = {
        Remedy.READ_UPDATE: f"{page}?whole=1&update={newest_update}#entry-{newest_update}",
        Remedy.ANSWER_QUESTION: f"{page}#write",
        Remedy.ANSWER_RESOLUTION: f"{page}#situation",
        Remedy.REOPEN: reverse("portal:act", args=[case.number, "reopen"]),
        Remedy.REOPEN_OR_CALL: reverse("portal:act", args=[case.number, "reopen"]),
        Remedy.USE_ACTIVE_ESCALATION: reverse("escalations:details", args=[case.number]),
        Remedy.ASK_FOR_ANALYSIS: reverse("portal:act", args=[case.number, "ask_analysis"]),
        Remedy.ASK_FOR_MEDIUM: reverse("escalations:severity", args=[case.number]),
    }
    label = wording.LINKS.get(remedy, "")
    if remedy is Remedy.ASK_FOR_ANALYSIS and (why := no_analysis(case)):
        # Not every case gets an analysis (RCA-2): the link would lead nowhere.
        return Hint(line.reason, why, address="", label="", seconds_left=None, is_a_call=False)
    left = line.met_from - now if line.met_from else None
    return Hint(
        reason=line.reason,
        remedy="" if line.remedy == f"{label}." else line.remedy,
        address=links.get(remedy, ""),
        label=label,
        # Rounded up, so that the time has come when the countdown ends.
        seconds_left=-int(-left.total_seconds() // 1) if left else None,
        is_a_call=remedy is Remedy.CALL,
    )
