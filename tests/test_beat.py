"""Beat rings by a clock that nobody can set, and needs no file."""

import datetime as dt

import pytest
import time_machine

from supportdesk.celery import app
from supportdesk.workers.beat import Scheduler

pytestmark = [pytest.mark.crossed]


@pytest.fixture
def rung(monkeypatch):
    names: list[str] = []
    monkeypatch.setattr(
        Scheduler, "apply_entry", lambda self, entry, producer: names.append(entry.name)
    )
    return names


def test_it_starts_where_nothing_can_be_written_and_is_the_one_of_the_settings(tmp_path, rung):
    """The documented command has no folder for a schedule."""
    command = app.Beat(schedule=str(tmp_path / "missing" / "schedule"))
    service = command.Service(
        app=app, scheduler_cls=command.scheduler_cls, schedule_filename=command.schedule
    )
    beat = service.get_scheduler()
    assert isinstance(beat, Scheduler)
    beat.tick()
    assert set(rung) == set(app.conf.beat_schedule)
    assert not (tmp_path / "missing").exists()


def test_it_rings_on_when_the_clock_was_a_week_ahead_and_is_set_back(monkeypatch, rung):
    beat = Scheduler(app=app)
    at = 1000.0
    monkeypatch.setattr("supportdesk.workers.beat.time.monotonic", lambda: at)
    now = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    with time_machine.travel(now + dt.timedelta(days=7)):
        beat.tick()
    assert len(rung) == len(app.conf.beat_schedule)
    rung.clear()
    with time_machine.travel(now):
        assert beat.tick() == 5.0 or beat.tick() <= 15.0
        assert rung == []
        at += 31.0
        beat.tick()
    assert {"deliver-notices", "warn-of-clocks"} <= set(rung)
    assert "clear-sessions" not in rung
