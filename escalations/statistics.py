"""How escalations went, counted, and as charts that need no script."""

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q

from .models import Escalation, Refusal
from .wording import CRITERIA

DAYS = 90
WEEK = dt.timedelta(days=7)
#: Reasons in the history that stand for a promised update, late or in time.
GIVES_WORD = {"managing.give_word", "managing.close"}


@dataclass
class Week:
    """The requests of one week and their outcomes."""

    ends_at: dt.datetime
    accepted: int = 0
    declined: int = 0
    ended: int = 0
    waiting: int = 0
    in_time: int = 0
    late: int = 0
    #: From the request to the answer, in elapsed seconds.
    waits: list[float] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return self.accepted + self.declined + self.ended + self.waiting

    @property
    def median(self) -> float | None:
        """The median time to an answer, in seconds."""
        return statistics.median(self.waits) if self.waits else None


@dataclass(frozen=True)
class Figures:
    """Everything that the page shows."""

    weeks: list[Week]
    #: Requests that were sent and refused, and how many of them failed each criterion.
    refused: int
    refused_by: list[tuple[str, int]]
    words_in_time: int
    words_late: int
    #: Promised updates that are overdue now.
    overdue: int

    @property
    def asked(self) -> int:
        return sum(week.asked for week in self.weeks)

    @property
    def accepted(self) -> int:
        return sum(week.accepted for week in self.weeks)

    @property
    def declined(self) -> int:
        return sum(week.declined for week in self.weeks)

    @property
    def in_time(self) -> int:
        return sum(week.in_time for week in self.weeks)

    @property
    def late(self) -> int:
        return sum(week.late for week in self.weeks)

    @property
    def median(self) -> float | None:
        waits = [wait for week in self.weeks for wait in week.waits]
        return statistics.median(waits) if waits else None


def figures(now: dt.datetime) -> Figures:
    """The last 90 days, in four queries."""
    since = now - dt.timedelta(days=DAYS)
    overdue = Q(state="accepted", next_word_due_at__lt=now)
    rows = Escalation.objects.filter(Q(requested_at__gt=since, requested_at__lte=now) | overdue)
    asked = [each for each in rows if since < each.requested_at <= now]
    refusals = Refusal.objects.filter(refused_at__gt=since, refused_at__lte=now)
    by: dict[str, int] = dict(refusals.values_list("criterion").annotate(number=Count("pk")))
    in_time, late = words_kept(since, now)
    return Figures(
        weeks=weeks_of(asked, now),
        refused=refusals.aggregate(number=Count("submission", distinct=True))["number"],
        refused_by=sorted(
            ((CRITERIA.get(code, code), number) for code, number in by.items()),
            key=lambda each: (-each[1], each[0]),
        ),
        words_in_time=in_time,
        words_late=late,
        overdue=sum(each.is_word_overdue(now) for each in rows),
    )


def weeks_of(asked: Iterable[Escalation], now: dt.datetime) -> list[Week]:
    """The weeks in which these were requested, oldest first."""
    number = -(-DAYS // 7)
    weeks = [Week(ends_at=now - WEEK * back) for back in reversed(range(number))]
    for each in asked:
        week = weeks[-1 - int((now - each.requested_at) / WEEK)]
        if each.state == "declined":
            week.declined += 1
        elif each.importance is not None:  # accepted, whether or not it is closed by now
            week.accepted += 1
        elif each.state == "closed":
            week.ended += 1
        else:
            week.waiting += 1
        if each.answered_at is not None:
            week.waits.append((each.answered_at - each.requested_at).total_seconds())
            if each.answered_at <= each.answer_due_at:
                week.in_time += 1
            else:
                week.late += 1
        elif each.is_answer_overdue(now):
            week.late += 1
    return weeks


def words_kept(since: dt.datetime, now: dt.datetime) -> tuple[int, int]:
    """How many promised updates were given in time and how many late, from the history."""
    history = Escalation.history.filter(history_date__lte=now)
    given = history.filter(history_date__gt=since, history_change_reason__in=GIVES_WORD)
    rows = (
        history.filter(id__in=given.values("id"))
        .order_by("id", "history_date", "history_id")
        .values_list("id", "history_date", "next_word_due_at", "history_change_reason")
    )
    kept: Counter[bool] = Counter()
    last: tuple[int, dt.datetime | None] = (0, None)
    for pk, at, promised, why in rows:
        before = last[1] if last[0] == pk else None
        if why in GIVES_WORD and at > since and before is not None:
            kept[at <= before] += 1
        last = (pk, promised)
    return kept[True], kept[False]


WIDTH, HEIGHT, GAP = 640, 180, 8


@dataclass(frozen=True)
class Part:
    """One rectangle; `series` is its number, which the stylesheet colours."""

    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    """One place on the axis: its stacked parts, the label below, and the sum above."""

    label: str
    total: int
    middle: float
    top: float
    parts: list[Part]


@dataclass(frozen=True)
class Chart:
    series: list[str]
    columns: list[Column]
    width: int = WIDTH
    height: int = HEIGHT


def stacked(series: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """A column for each row; its height is the sum of its values relative to the highest."""
    most = max([sum(values) for _, values in rows] or [0]) or 1
    step = WIDTH / max(len(rows), 1)
    columns = []
    for number, (label, values) in enumerate(rows):
        y = float(HEIGHT)
        parts = []
        for index, value in enumerate(values):
            height = round((HEIGHT - 20) * value / most, 1)
            y = round(y - height, 1)
            if value:
                x = round(number * step + GAP / 2, 1)
                parts.append(Part(index + 1, x, y, round(step - GAP, 1), height))
        middle = round((number + 0.5) * step, 1)
        columns.append(Column(label, sum(values), middle, y - 5, parts))
    return Chart(list(series), columns)
