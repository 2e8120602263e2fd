"""A Celery worker killed with signal 9 in the middle of recomputing clocks, again and again.

What it says of its progress is what is done, also at the moment of its death; the next worker goes
on there, and each clock counts anew once. On PostgreSQL and Redis.
"""

import datetime as dt
import random
import time
import uuid

import pytest
from django.conf import settings
from django.db.models import Count, Subquery
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.models import CarePlan, Case, Clock, Recomputation
from cases.roles import OPERATIONS_ADMINISTRATOR
from cases.services.recalculations import ask_to_recompute
from tests import many, world
from tests.admin.pages import text_of
from tests.concurrency.forks import Forks

pytestmark = pytest.mark.servers

CASES, KILLS, BATCH = 240, 6, 5
REASON = "job: recompute-clocks"
#: A queue of this test's own; small batches, so that there are many moments to be killed in.
CODE = f"""
import datetime as dt
from celery.apps import worker as _
from celery.concurrency import solo as _
from celery.worker import consumer as _
from django.db import connection
from cases.services import recalculations
from supportdesk.celery import app

recalculations.BATCH = {BATCH}
app.conf.task_default_queue = "{{queue}}"
app.conf.broker_transport_options = {{{{
    **app.conf.broker_transport_options, "visibility_timeout": 4, "unacked_restore_interval": 1
}}}}
app.conf.beat_schedule = {{{{
    "recompute-clocks": {{{{**app.conf.beat_schedule["recompute-clocks"], "schedule": 0.3}}}}
}}}}
app.loader.import_default_modules()
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


def fill(desk) -> dt.datetime:
    """So many cases of one customer with a running response clock; returns when all are due."""
    now = timezone.now()
    before = many.make_cases(desk, CASES, now, state="new")
    Case.objects.filter(pk__gt=before).update(
        organization=desk.organization, deployment=desk.deployment, contact=desk.designated
    )
    due = now + dt.timedelta(days=400)
    many.insert(
        Clock,
        f"cases_case WHERE id > {before}",
        case="id",
        kind="'response'",
        started_at="created_at",
        due_at=f"timestamptz '{due}'",
        acts_at=f"timestamptz '{due}'",
    )
    return due


def progress() -> tuple[int, int, bool]:
    """What the row says is done, what was done, and whether it says that this is all; at once."""
    made = Clock.history.filter(history_change_reason=REASON).order_by()
    row = Recomputation.objects.annotate(
        made=Subquery(
            made.values("history_change_reason").annotate(rows=Count("pk")).values("rows")[:1]
        )
    ).get()
    return row.done, row.made or 0, row.finished_at is not None


def wait_for(done: int, *, finished: bool = False) -> None:
    """Until so many cases are done: counted in work, and not in seconds."""
    end = time.monotonic() + 60
    while progress()[0] < done or (finished and not progress()[2]):
        assert time.monotonic() < end, progress()
        time.sleep(0.01)


@pytest.mark.rule("SLA-6")
def test_killed_workers_count_each_clock_anew_once_and_tell_the_truth(desk, tmp_path):
    due = fill(desk)
    reader = world.person("oscar@support.example", roles=(OPERATIONS_ADMINISTRATOR,))
    client = Client()
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[-1])
    organization = desk.organization
    page = reverse("admin:cases_organization_change", args=[organization.pk])
    organization.plan = CarePlan.objects.get(code="premium_care")
    organization.save()
    ask_to_recompute(organization, actor=Actor.of(desk.expert), now=timezone.now())
    rng = random.Random(3)
    with Forks(CODE.format(queue=f"recomputing-{uuid.uuid4().hex}"), tmp_path) as forks:
        forks.start("beat")
        for killed in range(KILLS):
            worker = forks.start("worker")
            wait_for((killed + 1) * CASES // (KILLS + 2))
            time.sleep(rng.uniform(0, 0.02))
            forks.kill(worker)
            time.sleep(0.1)  # the database rolls back what the dead one had begun
            done, made, finished = progress()
            assert done == made
            assert 0 < done < CASES, "the kills came too late to prove anything"
            assert not finished
            assert f"{done} of {CASES} cases" in text_of(client.get(page))
        forks.start("worker")
        wait_for(CASES, finished=True)
        row = Recomputation.objects.get()
    assert (row.done, row.total, row.failed) == (CASES, CASES, 0)
    assert row.finished_at is not None
    assert f"{CASES} cases" in text_of(client.get(page))
    assert not Clock.objects.filter(due_at=due).exists()
    assert Clock.objects.running().count() == CASES
    times = Clock.history.filter(history_change_reason=REASON).order_by()
    each = times.values("id").annotate(rows=Count("pk")).values_list("rows", flat=True)
    assert list(each) == [1] * CASES
    assert not Case.objects.filter(next_due_at=None).exists()
