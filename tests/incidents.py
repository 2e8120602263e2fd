"""Builds platform incidents for tests, step by step."""

import datetime as dt
import zoneinfo

from cases.actors import Actor
from cases.models import Clock
from cases.services.incidents import restore_service
from cases.services.severity import change_severity
from tests.world import NOW

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
CRITICAL, HIGH, MEDIUM, LOW = 1, 2, 3, 4
PHONE = {"phone_24x7": "+1 555 0199"}


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def join(desk, case, incident=None, *, now=NOW, **fields):
    fields.setdefault("title", "" if incident else "Media in us-east-2")
    return desk.act(
        "join_incident", case, text="All regions see it.", incident=incident, now=now, **fields
    )


def platform_case(desk, severity=HIGH, incident=None, **fields):
    """A case of the expert that belongs to an incident."""
    if severity == CRITICAL:
        fields = {**PHONE, **fields}
    now = fields.get("now", NOW)
    opened = desk.case(priority=severity, **fields)
    return join(desk, desk.act("take", opened, now=now), incident, now=now)


def restore(desk, incident, at=NOW + HOUR, *, summary="A switch failed.", who=None, now=None):
    return restore_service(
        incident_id=incident.pk,
        restored_at=at,
        summary=summary,
        actor=Actor.of(who or desk.expert),
        now=now or at,
    )


def contact_asks(desk, case, step="ask_analysis", now=NOW, text="What failed, and why?"):
    return desk.act(step, case, actor=desk.designated, text=text, now=now)


def clock(case, kind) -> Clock | None:
    return case.clocks.filter(kind=kind).order_by("pk").last()


def to_severity(desk, case, severity, now):
    return change_severity(
        case_id=case.pk,
        severity=severity,
        reason="As agreed.",
        actor=Actor.of(desk.expert),
        now=now,
        **PHONE,
    )
