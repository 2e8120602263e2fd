"""The hour that occurs twice, and the one that does not exist (America/New_York, 2026)."""

import datetime as dt
import re

import pytest
from django import forms
from django.utils import timezone

from cases.forms import moment_field

FIRST = dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)  # 01:30 EDT
SECOND = dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)  # 01:30 EST


class Form(forms.Form):
    at = moment_field("When")


@pytest.fixture(autouse=True)
def in_new_york():
    with timezone.override("America/New_York"):
        yield


def sent(text):
    return Form({"at": text})


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(SECOND, id="D1"),
        pytest.param(FIRST, id="D4"),
        FIRST - dt.timedelta(minutes=31),
        SECOND + dt.timedelta(minutes=30),
        dt.datetime(2026, 3, 8, 7, 0, tzinfo=dt.UTC),
    ],
)
def test_the_form_takes_what_it_filled_in(at):
    html = str(Form(initial={"at": at})["at"])
    filled = re.search(r'value="([^"]+)"', html).group(1)
    form = sent(filled)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["at"] == at
    assert ('type="text"' in html) == (at in (FIRST, SECOND))
    assert ('type="datetime-local"' in html) == (at not in (FIRST, SECOND))


def test_the_hour_that_comes_twice_is_asked_for():
    """D1, D4: what is typed without an offset may be either."""
    form = sent("2026-11-01T01:30")
    assert not form.is_valid()
    (error,) = form.errors["at"]
    assert "Write 2026-11-01 01:30 -0400 for the first, and 2026-11-01 01:30 -0500" in error
    assert 'type="text"' in str(form["at"])  # so that the answer can be written
    for written, meant in (("2026-11-01 01:30 -0400", FIRST), ("2026-11-01 01:30 -0500", SECOND)):
        assert sent(written).is_valid()
        assert sent(written).fields["at"].clean(written) == meant


def test_the_hour_that_does_not_exist_is_said_to():
    form = sent("2026-03-08T02:30")
    assert not form.is_valid()
    (error,) = form.errors["at"]
    assert (
        error
        == "This time does not exist, since the clocks go forward. The next valid time is 03:30."
    )


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_odd_times_are_no_fault_of_the_desk(text):
    form = sent(text)
    form.is_valid()
    assert text or form.errors["at"] == ["Say when."]
