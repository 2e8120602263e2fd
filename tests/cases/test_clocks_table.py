"""Event by kind of clock: every cell is tried on a real case, against the table written here."""

import datetime as dt

import pytest

from cases.actors import Actor
from cases.models import Case, Clock, Incident
from cases.rules.actions import Side
from cases.rules.clocks import TABLE, Effect, Event, Kind, events_of
from cases.services import clocks
from cases.services.locks import lock_case
from tests.world import NOW

pytestmark = pytest.mark.django_db

AT = NOW + dt.timedelta(minutes=30)
KEEP, START, MEET, ANEW, CANCEL = "keeps", "starts afresh", "is met", "counts anew", "is cancelled"

#: What becomes of a running clock: response, restoration, RCA, reminder, closure, proposal.
EXPECTED = {
    Event.OPENED: (START, KEEP, KEEP, KEEP, KEEP, KEEP),
    Event.STAFF_WROTE: (MEET, KEEP, KEEP, KEEP, KEEP, KEEP),
    Event.STAFF_ACTED: (KEEP, KEEP, KEEP, KEEP, KEEP, KEEP),
    Event.STAFF_NOTED: (KEEP, KEEP, KEEP, KEEP, KEEP, KEEP),
    Event.CONTACT_WROTE: (KEEP, KEEP, KEEP, CANCEL, CANCEL, CANCEL),
    Event.ASKED: (KEEP, KEEP, KEEP, START, START, CANCEL),
    Event.WORK_WENT_ON: (KEEP, KEEP, KEEP, CANCEL, CANCEL, CANCEL),
    Event.PROPOSED: (KEEP, KEEP, KEEP, CANCEL, CANCEL, START),
    Event.CLOSED: (CANCEL, CANCEL, CANCEL, CANCEL, CANCEL, CANCEL),
    Event.REOPENED: (START, START, ANEW, CANCEL, CANCEL, CANCEL),
    Event.TERMS_CHANGED: (ANEW, ANEW, ANEW, ANEW, ANEW, ANEW),
    Event.PLATFORM_CHANGED: (ANEW, ANEW, ANEW, ANEW, ANEW, ANEW),
    Event.RESTORED: (KEEP, MEET, ANEW, KEEP, KEEP, KEEP),
    Event.RESTORATION_WITHDRAWN: (KEEP, KEEP, CANCEL, KEEP, KEEP, KEEP),
    Event.ANALYSIS_ASKED: (KEEP, KEEP, ANEW, KEEP, KEEP, KEEP),
    Event.ANALYSIS_DELIVERED: (KEEP, KEEP, MEET, KEEP, KEEP, KEEP),
}
KINDS = (
    Kind.RESPONSE,
    Kind.RESTORATION,
    Kind.RCA,
    Kind.REMINDER,
    Kind.CLOSURE,
    Kind.PROPOSAL,
)


def test_the_table_is_whole():
    assert set(TABLE) == set(EXPECTED) == set(Event)
    assert all(set(row) == set(KINDS) == set(Kind) for row in TABLE.values())
    assert {kind.value for kind in Kind} == set(Clock.Kind.values)


def with_all_clocks(desk, *, restored: bool) -> tuple[Case, dict[Kind, Clock]]:
    """A High case of an incident with one running clock of each kind, as if from a wrong target.

    Restoration counts while the incident goes on, the analysis once it is over: no case has both.
    """
    case = desk.case(priority=2)
    case.incident = Incident.objects.create(
        title="Media", created_at=NOW, created_by=desk.expert, restored_at=NOW if restored else None
    )
    case.save(update_fields=["incident"])
    far = NOW + dt.timedelta(days=30)
    for kind in KINDS[1:]:
        if kind != (Kind.RESTORATION if restored else Kind.RCA):
            Clock.objects.create(case=case, kind=kind, started_at=NOW, due_at=far, acts_at=far)
    case.clocks.filter(kind=Kind.RESPONSE).update(due_at=far, acts_at=far, warns_at=None)
    clocks.refresh_next_due(case)
    return case, {Kind(clock.kind): clock for clock in case.clocks.all()}


@pytest.mark.rule("SLA-1")
@pytest.mark.rule("SLA-3")
@pytest.mark.rule("SLA-6")
@pytest.mark.rule("RCA-3")
@pytest.mark.parametrize("event", Event, ids=lambda event: event.name)
def test_every_kind_of_clock_at(event, desk):
    for restored in (False, True):
        case, before = with_all_clocks(desk, restored=restored)
        if event is Event.RESTORED:
            Incident.objects.filter(pk=case.incident_id).update(restored_at=AT)
        if event is Event.RESTORATION_WITHDRAWN:
            Incident.objects.filter(pk=case.incident_id).update(restored_at=None)
        clocks.note(lock_case(case.pk), event, actor=Actor.of(desk.expert), now=AT)
        check(case, before, event)


def check(case: Case, before: dict[Kind, Clock], event: Event) -> None:
    for kind, expected in zip(KINDS, EXPECTED[event], strict=True):
        if kind not in before:
            continue
        old, cell = Clock.objects.get(pk=before[kind].pk), f"{kind} at {event}"
        fresh = case.clocks.running().filter(kind=kind).exclude(pk=old.pk)
        if expected == KEEP:
            assert (old.state, old.due_at) == ("running", before[kind].due_at), cell
        elif expected == ANEW:
            assert old.state == "running", cell
            assert old.due_at < before[kind].due_at, cell
        else:
            assert old.state == ("met" if expected == MEET else "cancelled"), cell
            assert (old.ended_at, old.acts_at) == (AT, None), cell
        assert fresh.exists() == (expected == START), cell
        if expected == START:
            assert fresh.get().started_at == AT, cell
    opened = [clock.due_at for clock in Clock.objects.open().filter(case=case)]
    assert Case.objects.get(pk=case.pk).next_due_at == min(opened, default=None)


STAFF, CONTACT, JOB = Side.STAFF, Side.CONTACT, Side.JOB


@pytest.mark.parametrize(
    ("entry", "side", "internal", "words", "events"),
    [
        ("opened", CONTACT, False, False, [Event.OPENED]),
        ("opened", STAFF, False, False, [Event.STAFF_ACTED, Event.OPENED]),
        ("message", STAFF, False, True, [Event.STAFF_WROTE]),
        ("message", STAFF, True, True, [Event.STAFF_NOTED]),
        ("message", CONTACT, False, True, [Event.CONTACT_WROTE]),
        ("assigned", STAFF, False, False, [Event.STAFF_ACTED]),
        ("assigned", STAFF, False, True, [Event.STAFF_WROTE]),
        ("question", STAFF, False, True, [Event.STAFF_WROTE, Event.ASKED]),
        ("third_party", STAFF, False, True, [Event.STAFF_WROTE, Event.WORK_WENT_ON]),
        ("resumed", STAFF, False, True, [Event.STAFF_WROTE, Event.WORK_WENT_ON]),
        ("resolution", STAFF, False, True, [Event.STAFF_WROTE, Event.PROPOSED]),
        ("persists", CONTACT, False, True, [Event.WORK_WENT_ON]),
        ("accepted", CONTACT, False, False, [Event.CLOSED]),
        ("closed", CONTACT, False, True, [Event.CLOSED]),
        ("closed", STAFF, False, True, [Event.STAFF_WROTE, Event.CLOSED]),
        ("closed", JOB, False, True, [Event.CLOSED]),
        ("reopened", CONTACT, False, True, [Event.REOPENED]),
        ("reopened", STAFF, False, True, [Event.REOPENED, Event.STAFF_WROTE]),
        ("severity", STAFF, False, True, [Event.STAFF_ACTED, Event.TERMS_CHANGED]),
        ("linked", STAFF, False, False, [Event.STAFF_ACTED]),
        ("platform", STAFF, False, True, [Event.STAFF_ACTED, Event.PLATFORM_CHANGED]),
        ("single", STAFF, False, True, [Event.STAFF_ACTED, Event.PLATFORM_CHANGED]),
        ("restored", STAFF, False, True, [Event.STAFF_WROTE, Event.RESTORED]),
        ("restored", STAFF, False, False, [Event.STAFF_ACTED, Event.RESTORED]),
        ("not_restored", STAFF, False, True, [Event.STAFF_ACTED, Event.RESTORATION_WITHDRAWN]),
        ("rca_asked", CONTACT, False, True, [Event.CONTACT_WROTE, Event.ANALYSIS_ASKED]),
        ("rca_given", STAFF, False, True, [Event.STAFF_WROTE, Event.ANALYSIS_DELIVERED]),
        ("docs_asked", CONTACT, False, True, [Event.CONTACT_WROTE]),
        ("file_refused", JOB, False, True, []),
        ("notice", JOB, False, True, []),
        ("extended", STAFF, False, True, [Event.STAFF_WROTE]),
    ],
)
def test_what_an_entry_means(entry, side, internal, words, events):
    assert events_of(entry, side=side, is_internal=internal, has_words=words) == events


def test_no_effect_is_unknown():
    assert {effect for row in TABLE.values() for effect in row.values()} == set(Effect)
