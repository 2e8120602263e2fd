"""Cases with known answers, read from their own folder; the project keeps no copy of them."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cases.rules.business_time import Calendar, add, add_days, between, end_of_day_after

VECTORS = Path(settings.BASE_DIR).parent / "shared" / "vectors" / "business_time.json"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

pytestmark = [
    pytest.mark.rule("SLA-8"),
    pytest.mark.skipif(
        not VECTORS.is_file(),
        reason=f"NO VECTORS: {VECTORS} is missing, so no known answer of business time was checked",
    ),
]


def load() -> list[dict[str, Any]]:
    return json.loads(VECTORS.read_text()) if VECTORS.is_file() else [{"id": "none"}]


def wall_time(text: str) -> tuple[int, int]:
    hour, minute = text.split(":")
    return int(hour), int(minute)


def intervals(plain: list[list[str]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return [(wall_time(opens), wall_time(closes)) for opens, closes in plain]


def calendar_of(vector: dict[str, Any]) -> Calendar:
    return Calendar.from_plain(
        tz=vector["tz"],
        week={WEEKDAYS.index(day): intervals(hours) for day, hours in vector["week"].items()},
        holidays=[dt.date.fromisoformat(day) for day in vector.get("holidays", [])],
        overrides={
            dt.date.fromisoformat(day): intervals(hours)
            for day, hours in vector.get("overrides", {}).items()
        },
    )


def answer(vector: dict[str, Any]) -> dt.datetime | dt.timedelta:
    calendar, start = calendar_of(vector), dt.datetime.fromisoformat(vector["start"])
    match vector["op"]:
        case "add":
            return add(calendar, start, dt.timedelta(seconds=vector["seconds"]))
        case "between":
            return between(calendar, start, dt.datetime.fromisoformat(vector["end"]))
        case "add_days":
            return add_days(calendar, start, vector["days"])
        case "add_days_eod":
            return end_of_day_after(calendar, start, vector["days"])
    raise ValueError(f"unknown operation {vector['op']}")


@pytest.mark.parametrize("vector", load(), ids=lambda vector: f"vector-{vector['id']}")
def test_the_known_answer(vector):
    if vector["op"] == "between":
        assert answer(vector) == dt.timedelta(seconds=vector["expected"])
        return
    expected = dt.datetime.fromisoformat(vector["expected"])
    calendar, found = calendar_of(vector), answer(vector)
    if vector.get("boundary") == "far" and found != expected:
        # This project answers near: the closing instant before that opening.
        assert between(calendar, found, expected) == dt.timedelta(0)
        assert found == add(calendar, found, dt.timedelta(0))
        return
    assert found == expected
