"""A year of a small desk, minute by minute where something happens (RESP-1 to RESP-5).

Customers in New York and in Munich ask, answer now and then, or never; holidays, both changes of
daylight saving time, a night of a broken mail server and a week without any job pass by. What the
jobs did is held against the calendar by plain arithmetic, not by the desk's own.
"""

import datetime as dt
import itertools
import random
import zoneinfo
from collections.abc import Iterator

import holidays
import pytest
import time_machine

from cases.actors import Actor
from cases.clock_sweeps import breach_due, close_due, remind_due, warn_due
from cases.models import BusinessCalendar, Case, Clock, Entry, Notice, OpeningHours
from cases.services.closing import extend
from cases.services.feeds import post_entry
from cases.sweeps import deliver_one
from tests import world

pytestmark = [pytest.mark.django_db]

BEGIN = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)
END = dt.datetime(2027, 1, 5, 8, 0, tzinfo=dt.UTC)
CASES = 44
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
#: No job runs: over two weekends and holidays, and it is night in both places when they are back.
DOWN = (
    dt.datetime(2026, 6, 30, 14, 0, tzinfo=dt.UTC),
    dt.datetime(2026, 7, 7, 2, 30, tzinfo=dt.UTC),
)
#: No mail leaves, and the jobs run.
MUTE = (
    dt.datetime(2026, 10, 22, 6, 0, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 28, 23, 0, tzinfo=dt.UTC),
)
PLACES = {
    "acme": ("America/New_York", holidays.country_holidays("US", years=range(2025, 2028))),
    "isar": (
        "Europe/Berlin",
        holidays.country_holidays("DE", subdiv="BY", years=range(2025, 2028)),
    ),
}


def is_within(at: dt.datetime, span: tuple[dt.datetime, dt.datetime]) -> bool:
    return span[0] <= at < span[1]


def in_hours(at: dt.datetime, place: str) -> bool:
    """Nine to five, the instant of closing and the beat after it with them; by the minute."""
    zone, closed = PLACES[place]
    local = at.astimezone(zoneinfo.ZoneInfo(zone))
    opens, closes = dt.time(9, 0), dt.time(17, 1)
    return local.weekday() < 5 and local.date() not in closed and opens <= local.time() <= closes


def open_minutes(begin: dt.datetime, end: dt.datetime, place: str) -> int:
    """Counted one by one, as slow as it is sure."""
    zone, closed = zoneinfo.ZoneInfo(PLACES[place][0]), PLACES[place][1]
    minutes = int((end - begin) / MINUTE)
    locals_ = ((begin + number * MINUTE).astimezone(zone) for number in range(minutes))
    return sum(
        9 <= local.hour < 17 and local.weekday() < 5 and local.date() not in closed
        for local in locals_
    )


class Year:
    """The desk, the script of what people do, and the jobs."""

    def __init__(self, desk: world.Desk, clock: time_machine.Traveller) -> None:
        self.desk, self.clock = desk, clock
        self.rng = random.Random(7)
        self.number = itertools.count()
        #: What people do and when, the earliest first.
        self.script: list[tuple[dt.datetime, int, str, int | None]] = []
        munich = BusinessCalendar.objects.create(
            name="Munich",
            time_zone="Europe/Berlin",
            holiday_country="DE",
            holiday_subdivision="BY",
        )
        for weekday in range(5):
            OpeningHours.objects.create(
                calendar=munich, weekday=weekday, opens=9 * 60, closes=17 * 60
            )
        self.isar = world.organization("isar")
        self.isar.calendar = munich
        self.isar.save()
        world.membership(desk.designated, self.isar, "designated")

    def plan(self, at: dt.datetime, what: str, case: int | None = None) -> None:
        if at < END - 30 * DAY:
            self.script.append((at, next(self.number), what, case))
            self.script.sort()

    def run(self) -> None:
        step = (END - 40 * DAY - BEGIN) / CASES
        for number in range(CASES):
            self.plan(BEGIN + number * step + self.rng.random() * 20 * HOUR, "open")
        # The cases that matter most: asked just before the jobs and the mail stand still.
        for before in (2 * DAY, 5 * HOUR, HOUR):
            self.plan(DOWN[0] - before, "open")
            self.plan(MUTE[0] - before, "open")
        now = BEGIN
        while (now := self.next_moment(now)) < END:
            self.clock.move_to(now)
            while self.script and self.script[0][0] <= now:
                _, _, what, case = self.script.pop(0)
                self.act(what, case, now)
            if not is_within(now, DOWN):
                self.sweep(now)

    def next_moment(self, now: dt.datetime) -> dt.datetime:
        """The next full minute at which anything is to be done: beat rings once a minute."""
        due = Clock.objects.running().order_by("acts_at").values_list("acts_at", flat=True)
        mail = Notice.objects.filter(state="queued").order_by("due_at")
        waits = [due.first(), mail.values_list("due_at", flat=True).first(), END]
        waits += [self.script[0][0]] if self.script else []
        at = max(min(each for each in waits if each), now)
        for closed in (DOWN, MUTE):
            if is_within(at, closed) and at <= now + MINUTE:
                # What is due cannot be done: on to what people do, or to the end of it.
                at = min(closed[1], *(each[0] for each in self.script[:1]))
        full = at.replace(second=0, microsecond=0)
        return max(full if full == at else full + MINUTE, now + MINUTE)

    def sweep(self, now: dt.datetime) -> None:
        for some in (warn_due, breach_due, remind_due, close_due):
            while some(now):
                pass
        while not is_within(now, MUTE) and deliver_one(now):
            pass

    def act(self, what: str, case_id: int | None, now: dt.datetime) -> None:
        desk, rng = self.desk, self.rng
        if what == "open":
            deployment = rng.choice([desk.deployment, self.isar.deployments.get()])
            case = desk.case(deployment=deployment, now=now)
            desk.act("take", case, now=now)
            self.plan(now + rng.random() * 5 * HOUR, "ask", case.pk)
            return
        case = Case.objects.select_related("owner").get(pk=case_id)
        if what == "ask" and case.state == "in_progress":
            question = rng.random() < 0.7
            desk.act("ask" if question else "propose", case, text="Which trunk?", now=now)
            chance = rng.random()
            if chance < 0.25:
                self.plan(now + rng.random() * 6 * DAY, "answer", case.pk)
            elif chance < 0.4:
                self.plan(now + rng.random() * 3 * DAY, "extend", case.pk)
        elif what == "answer" and case.state in ("awaiting_customer", "resolution_proposed"):
            post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=now, body="Four.")
            self.plan(now + rng.random() * 2 * DAY, "ask", case.pk)
        elif what == "extend" and case.state in ("awaiting_customer", "resolution_proposed"):
            extend(case_id=case.pk, actor=Actor.of(desk.expert), now=now, reason="On holiday.")


@pytest.fixture
def year(desk) -> Iterator[Year]:
    with time_machine.travel(BEGIN, tick=False) as clock:
        made = Year(desk, clock)
        made.run()
        yield made


@pytest.mark.rule("RESP-1")
@pytest.mark.rule("RESP-2")
@pytest.mark.rule("RESP-4")
@pytest.mark.rule("SLA-8")
def test_a_year_without_a_closing_that_breaks_its_promise(year):
    closings = Entry.objects.filter(event="closed", author_side="job")
    notices = Entry.objects.filter(event="notice")
    assert closings.count() > CASES / 2
    assert notices.count() > CASES / 3
    places = dict(Case.objects.values_list("pk", "organization__short_name"))

    for entry in [*closings, *notices]:
        assert in_hours(entry.created_at, places[entry.case_id]), entry.created_at
        assert not is_within(entry.created_at, DOWN)

    waits = Entry.objects.filter(event__in=["question", "resolution"]).order_by("created_at")
    for closing in closings:
        place = places[closing.case_id]
        before = waits.filter(case=closing.case_id, created_at__lt=closing.created_at)
        asked = before.latest("created_at")
        worked = open_minutes(asked.created_at, closing.created_at, place)
        assert worked >= (3 * 8 if asked.event == "question" else 2 * 8) * 60
        if asked.event == "resolution":
            continue
        told = Notice.objects.get(
            case=closing.case_id, event="closing_notice", created_at__gt=asked.created_at
        )
        assert told.sent_at is not None
        assert open_minutes(told.sent_at, closing.created_at, place) >= 8 * 60, told.sent_at

    # RESP-4: one notice a question, also after the week without jobs; one closing a life.
    for case in Case.objects.all():
        kinds = list(case.entries.order_by("pk").values_list("event", flat=True))
        assert kinds.count("notice") <= kinds.count("question")
        assert kinds.count("closed") == (case.state == "closed")
    assert not Clock.objects.exclude(put_off_because="").filter(state="running").exists()
    waiting = Case.objects.filter(state__in=["awaiting_customer", "resolution_proposed"])
    assert not waiting.exists(), "nobody forgot a case"

    # The hard cases were there: else this proves little.
    waited = Notice.objects.filter(event="closing_notice")
    assert waited.filter(sent_at__gte=MUTE[1], created_at__lt=MUTE[1]).exists()
    back = Entry.objects.filter(event="notice", created_at__gte=DOWN[1])
    assert back.filter(created_at__lt=DOWN[1] + DAY).exists()
    assert Entry.objects.filter(event="extended").exists()
    assert Case.objects.exclude(organization=year.desk.organization).filter(state="closed").exists()
