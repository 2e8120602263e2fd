"""A year of a small desk, minute by minute while something happens (RESP-1 to RESP-5).

Customers in New York and in Munich ask, answer now and then, or never. There are holidays, both
changes of daylight saving time, a night with a broken mail server, a week without any job, and
days that are declared closed while clocks run over them. The jobs' actions are checked by plain
calendar arithmetic, not by the desk's own.
"""

import datetime as dt
import itertools
import random
import zoneinfo
from collections import Counter
from collections.abc import Iterator

import holidays
import pytest
import time_machine

from cases.actors import Actor
from cases.jobs.clocks import breach_due, close_due, remind_due, warn_due
from cases.jobs.sweeps import deliver_one
from cases.models import (
    BusinessCalendar,
    CalendarDay,
    Case,
    Clock,
    Entry,
    Notice,
    OpeningHours,
)
from cases.rules import closures
from cases.rules.business_time import Calendar, add, add_days
from cases.services.closures import extend
from cases.services.feeds import post_entry
from cases.services.recalculations import ask_to_recompute, recompute_some
from tests import incidents, world

pytestmark = [pytest.mark.django_db]

BEGIN = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)
END = dt.datetime(2027, 1, 5, 8, 0, tzinfo=dt.UTC)
CASES = 44
CLOSED_DAYS = 18
POLICY = closures.Policy()
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


def in_hours(at: dt.datetime, place: str, declared: set[dt.date]) -> bool:
    """Nine to five, the instant of closing and the beat after it with them; by the minute.

    Not on a day that was `declared` closed.
    """
    zone, closed = zoneinfo.ZoneInfo(PLACES[place][0]), {*PLACES[place][1], *declared}
    local = at.astimezone(zone)
    opens, closes = dt.time(9, 0), dt.time(17, 1)
    return local.weekday() < 5 and local.date() not in closed and opens <= local.time() <= closes


def open_minutes(begin: dt.datetime, end: dt.datetime, place: str, declared: set[dt.date]) -> int:
    """Counted one by one, as slow as it is sure."""
    zone, closed = zoneinfo.ZoneInfo(PLACES[place][0]), {*PLACES[place][1], *declared}
    minutes = int((end - begin) / MINUTE)
    locals_ = ((begin + number * MINUTE).astimezone(zone) for number in range(minutes))
    return sum(
        9 <= local.hour < 17 and local.weekday() < 5 and local.date() not in closed
        for local in locals_
    )


def fresh(clock: Clock, calendar: Calendar, since: dt.datetime) -> dt.datetime:
    """When it is due by this calendar, counted from `since` where staff may put it off."""
    if clock.kind == "response":
        return add(calendar, clock.started_at, 2 * HOUR)
    if clock.kind == "rca":
        return add_days(calendar, clock.started_at, 5)
    if clock.kind == "reminder":
        return closures.notice_at(calendar, since, POLICY)
    if clock.kind == "closure":
        return closures.closes_at(calendar, since, POLICY)
    return closures.proposal_closes_at(calendar, since, POLICY)


class Year:
    """The desk, the script of what people do, and the jobs."""

    def __init__(self, desk: world.Desk, clock: time_machine.Traveller) -> None:
        self.desk, self.clock = desk, clock
        self.rng = random.Random(7)
        self.number, self.proposals = itertools.count(), itertools.count()
        #: Days closed by exception: where, which, and when somebody said so.
        self.declared: list[tuple[str, dt.date, dt.datetime]] = []
        #: How often clocks of each kind were found where the calendar puts them, and how often a
        #: day was closed over which one ran.
        self.checked: Counter[str] = Counter()
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
        for number in range(CLOSED_DAYS):
            self.plan(BEGIN + (number + 1) * 17 * DAY + number % 9 * HOUR, "declare", number)
            self.plan(BEGIN + number * 17 * DAY + 15 * DAY, "platform")
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
        # As late as it may come: the jobs before it found the clocks as they had been.
        while recompute_some(now):
            pass
        self.check_clocks()

    def declare(self, number: int, now: dt.datetime) -> None:
        """One of the days to come is closed, or the rest of this one; running clocks count anew."""
        place = ("acme", "isar")[number % 2]
        self.close_day(place, number % 4, now)

    def close_day(self, place: str, days: int, now: dt.datetime) -> None:
        date = now.astimezone(zoneinfo.ZoneInfo(PLACES[place][0])).date() + days * DAY
        calendar = BusinessCalendar.objects.get(organizations__short_name=place)
        CalendarDay.objects.get_or_create(calendar=calendar, date=date)
        over = Clock.objects.running().filter(case__organization__short_name=place)
        self.checked["over"] += over.filter(due_at__date__gte=date).count()
        ask_to_recompute(calendar, actor=Actor.of(self.desk.expert), now=now)
        self.declared.append((place, date, now))

    def closed_in(self, place: str, known_at: dt.datetime) -> set[dt.date]:
        return {date for where, date, at in self.declared if where == place and at <= known_at}

    def check_clocks(self) -> None:
        """Each stands where a fresh calendar puts it (SLA-6)."""
        running = list(Clock.objects.running().select_related("case__organization__calendar"))
        extended = {each.case_id: each.extended_at for each in running if each.extended_at}
        for clock in running:
            calendar = clock.case.organization.calendar.as_rule()
            due_at = fresh(clock, calendar, extended.get(clock.case_id, clock.started_at))
            told = Notice.objects.filter(
                case=clock.case_id, event="closing_notice", created_at__gte=clock.started_at
            )
            if clock.kind == "closure" and (notice := told.order_by("created_at").last()):
                # What a notice named comes no sooner, and a full day after it.
                assert clock.due_at >= max(due_at, add_days(calendar, notice.created_at, 1))
            else:
                assert clock.due_at == due_at, clock
            self.checked[clock.kind] += 1

    def act(self, what: str, case_id: int | None, now: dt.datetime) -> None:
        desk, rng = self.desk, self.rng
        if what == "open":
            deployment = rng.choice([desk.deployment, self.isar.deployments.get()])
            case = desk.case(deployment=deployment, now=now)
            desk.act("take", case, now=now)
            self.plan(now + rng.random() * 5 * HOUR, "ask", case.pk)
            return
        if what == "platform":
            case = incidents.platform_case(desk, now=now)
            incidents.restore(desk, case.incident, now)
            return
        if what == "declare":
            self.declare(case_id or 0, now)
            return
        case = Case.objects.select_related("owner", "organization").get(pk=case_id)
        if what == "close the day" and case.state == "resolution_proposed":
            self.close_day(case.organization.short_name, 0, now)
            self.checked["the worst"] += 1
        if what == "ask" and case.state == "in_progress":
            question = rng.random() < 0.7
            desk.act("ask" if question else "propose", case, text="Which trunk?", now=now)
            if not question and next(self.proposals) % 4 == 0:
                # The worst moment: the case is due to be closed, and the day is declared closed.
                at = Clock.objects.running().get(case=case, kind="proposal").due_at
                self.plan(at, "close the day", case.pk)
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
@pytest.mark.rule("SLA-6")
@pytest.mark.rule("SLA-8")
@pytest.mark.rule("RCA-3")
def test_a_year_without_a_closing_that_breaks_its_promise(year):
    closings = Entry.objects.filter(event="closed", author_side="job")
    notices = Entry.objects.filter(event="notice")
    assert closings.count() > CASES / 2
    assert notices.count() > CASES / 3
    places = dict(Case.objects.values_list("pk", "organization__short_name"))

    for entry in [*closings, *notices]:
        place = places[entry.case_id]
        declared = year.closed_in(place, entry.created_at)
        assert in_hours(entry.created_at, place, declared), entry.created_at
        assert not is_within(entry.created_at, DOWN)

    waits = Entry.objects.filter(event__in=["question", "resolution"]).order_by("created_at")
    for closed in closings:
        place = places[closed.case_id]
        before = waits.filter(case=closed.case_id, created_at__lt=closed.created_at)
        asked = before.latest("created_at")
        declared = year.closed_in(place, closed.created_at)
        worked = open_minutes(asked.created_at, closed.created_at, place, declared)
        assert worked >= (3 * 8 if asked.event == "question" else 2 * 8) * 60
        if asked.event == "resolution":
            continue
        told = Notice.objects.get(
            case=closed.case_id, event="closing_notice", created_at__gt=asked.created_at
        )
        assert told.sent_at is not None
        since_told = open_minutes(told.sent_at, closed.created_at, place, declared)
        assert since_told >= 8 * 60, told.sent_at

    # RESP-4: one notice a question, also after the week without jobs; one closing a life.
    for case in Case.objects.all():
        kinds = list(case.entries.order_by("pk").values_list("event", flat=True))
        assert kinds.count("notice") <= kinds.count("question")
        assert kinds.count("closed") == (case.state == "closed")
    assert not Clock.objects.exclude(put_off_because="").filter(state="running").exists()
    waiting = Case.objects.filter(state__in=["awaiting_customer", "resolution_proposed"])
    assert not waiting.exists(), "nobody forgot a case"

    # The hard cases were there: else this proves little.
    assert len(year.declared) > CLOSED_DAYS
    assert year.checked["over"] > CLOSED_DAYS
    assert year.checked["the worst"] > 0
    assert {"response", "rca", "reminder", "closure", "proposal"} < set(year.checked)
    waited = Notice.objects.filter(event="closing_notice")
    assert waited.filter(sent_at__gte=MUTE[1], created_at__lt=MUTE[1]).exists()
    back = Entry.objects.filter(event="notice", created_at__gte=DOWN[1])
    assert back.filter(created_at__lt=DOWN[1] + DAY).exists()
    assert Entry.objects.filter(event="extended").exists()
    assert Case.objects.exclude(organization=year.desk.organization).filter(state="closed").exists()
