"""What counts as a text: nothing invisible does, in any service; texts keep their shape."""

import inspect
import re
from pathlib import Path

import pytest

from cases.actors import Actor
from cases.errors import Invalid
from cases.form_fields import LineField, TextField
from cases.forms import TOO_LONG
from cases.models import Case, Clock, Entry, Notice, Person
from cases.rules.texts import has_words, length, one_line, tidied
from cases.services.accounts import change_profile
from cases.services.feeds import post_entry
from cases.services.texts import BODY_MAX, checked
from tests.world import NOW

ROOT = Path(__file__).parents[2]
INVISIBLE = {
    "I1 zero width space": "\u200b\u200b",
    "I1 word joiner": "\u2060",
    "I1 mark of byte order": "\ufeff",
    "I1 right-to-left mark": "\u200f",
    "I2 empty Braille cell": "\u2800",
    "I3 filler of Hangul": "\u3164",
    "I3 other fillers": "\u115f\u1160\uffa0",
    "I5 soft hyphen": "\u00ad",
    "I6 combining marks alone": "\u0301\u0308",
    "I6 variation selectors": "\ufe0f\U000e0100",
    "tags": "\U000e0041\U000e007f",
    "joiners": "\u200d\u200c\u034f",
    "no-break spaces": "\u00a0\u202f\u3000",
    "line separators": "\u2028\u2029",
    "invisible operators": "\u2061\u2064\u2065",
    "turning of the direction": "\u202e\u202c\u2066",
    "stand-in of an object": "\ufffc",
    "private use": "\ue000",
    "no character": "\uffff\ufdd0",
    "mixed": " \u200b\t\u00ad\n\u2800 ",
}
invisible = pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE.keys())


@invisible
def test_what_shows_nothing_is_no_text(text):
    assert not has_words(text)
    assert tidied(text) == one_line(text) == ""
    assert has_words(f"{text}x{text}")


@pytest.mark.parametrize(
    "text",
    ["a", ".", "?", "e\u0301", "\u0645", "\u4e2d", "\U0001fae8", "\U0001f468\u200d\U0001f4bb"],
)
def test_whatever_shows_something_is_text(text):
    """Also a new emoji, which Python's tables do not know."""
    assert has_words(text)
    assert tidied(text) == one_line(text) == text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("    def f():\n        return 1", "    def f():\n        return 1", id="W4"),
        ("\n \n\n\tindented\n\n\n\nend \n \n", "\tindented\n\n\n\nend"),
        ("a\r\nb\rc\n", "a\nb\nc"),
    ],
)
def test_a_text_keeps_its_shape(typed, stored):
    assert tidied(typed) == stored
    assert TextField().clean(typed) == stored
    assert checked("body", typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("Rudi\r\nBcc: x@y.example", "Rudi Bcc: x@y.example", id="I8"),
        ("a\x00\x1b\x85\u2028b", "a b"),
        ("evil\u202eexe.gpj", "evilexe.gpj"),
        ("  two \t words ", "two words"),
        ("\u0646\u200c\u0647", "\u0646\u200c\u0647"),
    ],
)
def test_a_name_is_one_line(typed, stored):
    assert one_line(typed) == stored


def test_the_browser_and_the_server_count_alike():
    """L1: a line end is one, and what lies beyond the first plane is two."""
    typed = "line\r\n" * 9990 + "x" * 40
    assert length(typed) == 49_990
    assert len(checked("body", typed)) == 49_990
    assert TextField(max_length=BODY_MAX).clean(typed) == typed.replace("\r\n", "\n")
    assert length("\U0001fae8" * 3) == 6
    with pytest.raises(Invalid, match="50,002 characters; at most 50,000"):
        checked("body", "\U0001fae8" * 25_001)
    field = LineField(max_length=4, error_messages={"max_length": TOO_LONG})
    assert field.clean("\U0001fae8\U0001fae8") == "\U0001fae8\U0001fae8"
    with pytest.raises(Exception, match="This is 5 characters long; at most 4 fit"):
        field.clean("\U0001fae8\U0001fae8x")


@pytest.mark.rule("SLA-1")
@invisible
def test_an_entry_without_words_meets_no_clock(desk, text):
    """I4."""
    case = desk.owned_case()
    before = Entry.objects.count(), Notice.objects.count()
    with pytest.raises(Invalid):
        post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body=text)
    assert (Entry.objects.count(), Notice.objects.count()) == before
    assert Clock.objects.get(case=case, kind="response").state == "running"
    # Nor is such a word a reason.
    with pytest.raises(Invalid):
        desk.act("close", case, text=text)
    assert Case.objects.get(pk=case.pk).state == "in_progress"


@pytest.mark.rule("RESP-3")
def test_an_entry_without_words_stops_no_closing(desk):
    case = desk.case_in("awaiting_customer")
    with pytest.raises(Invalid):
        post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body="\u200b")
    assert Case.objects.get(pk=case.pk).state == "awaiting_customer"
    assert Clock.objects.get(case=case, kind="closure").state == "running"


@invisible
@pytest.mark.parametrize("field", ["subject", "description", "business_impact"])
def test_a_case_is_not_opened_without_words(desk, field, text):
    """I1, I2."""
    with pytest.raises(Invalid) as refused:
        desk.case(**{field: text})
    assert refused.value.field == field
    assert not Entry.objects.exists()


def test_a_subject_is_one_line(desk):
    case = desk.case(subject="Calls\r\ndrop\u2028again", description="    indented\r\n\r\n\tmore")
    assert case.subject == "Calls drop again"
    assert case.description == "    indented\n\n\tmore"


@pytest.mark.parametrize("name", ["\u200b", "\u3164", " "])
def test_nobody_is_nameless(desk, name):
    """I7, in the service; the form says the same."""
    with pytest.raises(Invalid):
        change_profile(
            person_id=desk.designated.pk,
            actor=Actor.of(desk.designated),
            now=NOW,
            name=name,
            phone="",
            time_zone="UTC",
            mail_my_cases=True,
            mail_all_cases=False,
        )
    assert Person.objects.get(pk=desk.designated.pk).name == "Dana Designated"


def test_every_form_field_for_words_is_one_of_ours():
    """A plain CharField would take a text of nothing; those here hold no words."""
    allowed = {"chosen", "seen", "previewed", "reason", "number", "phone", "phone_24x7", "q", "pin"}
    allowed |= {
        "asked",
        "callback_phone",
        "placeholders",
        "passage",
        "typed",
        "code",
        "credential",
        "answer",
    }
    found = []
    folders = ("cases", "escalations", "fedramp", "supportdesk")
    for path in (each for folder in folders for each in (ROOT / folder).rglob("*.py")):
        for name in re.findall(r"(\w+) = (?:django_)?forms\.CharField\(", path.read_text()):
            if name not in allowed:
                found.append(f"{path.relative_to(ROOT)}: {name}")
    assert found == []


def test_services_ask_for_words_through_the_one_check():
    """No service goes by `strip` alone."""
    wrong = []
    for folder in ("cases/services", "escalations/services", "fedramp/services"):
        for path in (ROOT / folder).glob("*.py"):
            for line in path.read_text().splitlines():
                if ".strip()" in line and "email" not in line and "printable" not in line:
                    wrong.append(f"{path.name}: {line.strip()}")
    assert wrong == []
    assert "has_words" in inspect.getsource(tidied)
