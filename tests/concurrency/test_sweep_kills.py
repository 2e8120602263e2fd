"""Celery workers killed with signal 9 in the middle of the clocks' sweeps, again and again.

Every case is closed once, every notice queued once, history and feed are whole, and no clock is
left behind. Run again without the lock, it must fail. On PostgreSQL and Redis.
"""

import datetime as dt
import random
import time
import uuid

import pytest
from django.db.models import Count
from django.utils import timezone

from cases.models import Case, Clock, Entry, Notice
from cases.rules.clocks import DONE_BY_JOBS, Kind
from tests import many
from tests.concurrency.forks import Forks
from tests.world import Desk, open_always

pytestmark = pytest.mark.servers

WORKERS = 3
#: Small batches, so that there are many moments to be killed in. A queue of this test's own; that
#: of its mail nobody serves here: deliveries have a test of their own.
CODE = """
import datetime as dt
import time
from celery.apps import worker as _
from celery.concurrency import solo as _
from celery.worker import consumer as _
from django.db import connection
from django.template.loader import get_template
from cases.jobs import clocks
from cases.models.clocks import ClockQuerySet
from supportdesk.celery import app

clocks.BATCH = 10
if {unlocked}:
    # And some time between the look at a row and what is done about it: a quick machine has little.
    ClockQuerySet.select_for_update = lambda self, **options: self
    look = clocks._one_a_case
    clocks._one_a_case = lambda due: (look(due), time.sleep(0.05))[0]
app.conf.task_default_queue = "{queue}"
app.conf.broker_transport_options = {{
    **app.conf.broker_transport_options, "visibility_timeout": 4, "unacked_restore_interval": 1
}}
SWEEPS = ["warn-of-clocks", "breach-clocks", "send-closing-notices", "close-silent-cases"]
app.conf.beat_schedule = {{
    name: {{**app.conf.beat_schedule[name], "schedule": 0.5}} for name in SWEEPS
}}

# What a worker loads before its first case is loaded here: a start is a third of a second then.
app.loader.import_default_modules()
for job in (clocks.remind_due, clocks.close_due, clocks.breach_due):
    job(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
for name in ("closed.txt", "closing_notice.txt", "clock_breached.txt"):
    get_template("mail/" + name)
connection.close()

def worker():
    app.worker_main([
        "worker", "-P", "solo", "-l", "CRITICAL",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ])

def beat():
    import os, tempfile
    schedule = os.path.join(tempfile.mkdtemp(dir=os.environ["DATA_DIR"]), "schedule")
    app.Beat(schedule=schedule, max_interval=0.2, loglevel="CRITICAL", quiet=True).run()
"""


def fill(desk: Desk, cases: int, now: dt.datetime) -> int:
    """So many due clocks of every kind that a sweep acts on; returns how many."""
    open_always(desk.organization.calendar)
    third = cases // 3
    many.make_cases(desk, third, now, state="resolution_proposed")
    many.make_cases(desk, third, now, state="awaiting_customer")
    waiting = many.make_cases(desk, third, now, state="awaiting_customer")
    # Of the last third the notice is due, and the closing far away.
    Clock.objects.filter(case__gt=waiting).delete()
    Notice.objects.filter(case__gt=waiting).delete()
    late = f"timestamptz '{now + dt.timedelta(days=9)}'"
    overdue = "next_due_at - interval '1 minute'"
    for kind, due in ((Kind.REMINDER, overdue), (Kind.CLOSURE, late), (Kind.RESPONSE, overdue)):
        many.insert(
            Clock,
            f"cases_case WHERE id > {waiting}",
            case="id",
            kind=f"'{kind}'",
            started_at="state_since_at",
            due_at=due,
            acts_at=due,
        )
    return due_clocks(now)


def due_clocks(now: dt.datetime) -> int:
    return Clock.objects.to_act(now, *DONE_BY_JOBS, Kind.RESPONSE).count()


def sweep_and_kill(
    desk: Desk, tmp_path, *, cases: int, kills: int, beats: int = 1, unlocked: bool = False
) -> None:
    now = timezone.now()
    due = fill(desk, cases, now)
    rng = random.Random(beats)
    code = CODE.format(queue=f"kills-{uuid.uuid4().hex}", unlocked=unlocked)
    step = due // (kills + 10)
    with Forks(code, tmp_path) as forks:
        for _ in range(beats):
            forks.start("beat")
        workers = [forks.start("worker") for _ in range(WORKERS)]
        for killed in range(kills):
            wait_for(due - step * (killed + 1), now)
            time.sleep(rng.uniform(0, 0.03))
            victim = rng.randrange(WORKERS)
            forks.kill(workers[victim])
            workers[victim] = forks.start("worker")
        assert due_clocks(now), "the kills came too late to prove anything"
        wait_for(0, now)


def wait_for(left: int, now: dt.datetime) -> None:
    """Until no more than so many clocks are due: counted in work, and not in seconds."""
    end = time.monotonic() + 60
    while due_clocks(now) > left:
        assert time.monotonic() < end, f"{due_clocks(now)} clocks are due still"
        time.sleep(0.05)


def assert_done_once(cases: int) -> None:
    third = cases // 3
    closed = Case.objects.filter(state="closed")
    assert closed.count() == 2 * third
    assert Case.objects.filter(state="awaiting_customer").count() == third
    # Made, and closed or announced: two versions, with one row of history each.
    assert set(Case.objects.values_list("version", flat=True)) == {2}
    assert counted(Case.history.values("id")) == {2: 3 * third}

    said = {Entry.Event.CLOSED: 2 * third, Entry.Event.NOTICE: third}
    for event, cases in said.items():
        entries = Entry.objects.filter(event=event)
        assert counted(entries.values("case")) == {1: cases}
        assert counted(Entry.history.filter(event=event).values("id")) == {1: cases}
    told = {"closed": 2, "closing_notice": 1, "clock_breached": 1}
    for event, people in told.items():
        # Those that were made had a key of their own.
        notices = Notice.objects.filter(event=event).exclude(key__startswith="made:")
        cases = third * 2 if event == "closed" else third
        assert counted(notices.values("case")) == {people: cases}
        history = Notice.history.filter(id__in=notices.values("pk"))
        assert counted(history.values("id")) == {1: cases * people}

    assert not Clock.objects.exclude(put_off_because="").exists()
    left = Clock.objects.running()
    assert set(left.values_list("kind", "case__state")) == {("closure", "awaiting_customer")}
    assert left.count() == third
    ended = Clock.history.filter(state__in=["met", "breached"])
    assert counted(ended.values("id")) == {1: 4 * third}


def counted(rows) -> dict[int, int]:
    """How many of the groups have how many rows."""
    sizes = rows.order_by().annotate(rows=Count("pk")).values_list("rows", flat=True)
    return {size: list(sizes).count(size) for size in set(sizes)}


@pytest.mark.rule("RESP-4")
def test_workers_killed_fifty_times_do_everything_once(desk, tmp_path):
    sweep_and_kill(desk, tmp_path, cases=2100, kills=50)
    assert_done_once(2100)


@pytest.mark.rule("RESP-4")
def test_two_beats_at_once_change_nothing(desk, tmp_path):
    sweep_and_kill(desk, tmp_path, cases=300, kills=5, beats=2)
    assert_done_once(300)


def test_without_the_lock_it_is_done_twice(desk, tmp_path):
    sweep_and_kill(desk, tmp_path, cases=240, kills=1, beats=2, unlocked=True)
    with pytest.raises(AssertionError):
        assert_done_once(240)
