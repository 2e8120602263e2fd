"""Where a text says what somebody marked: the same value, whole words, no placeholder (FED-7)."""

import pytest

from fedramp.scrubber.passages import passages, replaced

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]


@pytest.mark.parametrize(
    ("text", "passage", "kind", "left"),
    [
        ("Bob Finch called. BOB  FINCH again.", "Bob Finch", "PERSON", "X called. X again."),
        ("Bob\nFinch, Bob\u200b Finch", "bob finch", "PERSON", "X, X"),
        ("Will will not.", "Will", "PERSON", "X will not."),
        ("Bobby, bob_1, Bob's", "Bob", "PERSON", "Bobby, bob_1, X's"),
        ("Jose\u0301 and José", "José", "PERSON", "X and X"),
        ("+1 (816) 555-0142, 816.555.0142", "816 555 0142", "PHONE", "X, X"),
        ("18165550142 and 98165550142", "816-555-0142", "PHONE", "X and 98165550142"),
        ("+44 20 7946 0958; 00442079460958", "+44 20 7946 0958", "PHONE", "X; X"),
        ("\uff18\uff11\uff16-555-0142", "816-555-0142", "PHONE", "X"),
        ("t@x.gov, T@X.GOV, t x gov", "t@x.gov", "EMAIL", "X, X, t x gov"),
        ("the (tall one) and tall one", "(tall one)", "PRIVATE", "the X and X"),
        ("[PERSON-1] and PERSON 1", "PERSON", "PRIVATE", "[PERSON-1] and X 1"),
        ("Лев Толстой", "лев толстой", "PERSON", "X"),
        ("nothing of it", "Bob Finch", "PERSON", "nothing of it"),
        ("aa aa aa", "aa aa", "PRIVATE", "X aa"),
    ],
)
def test_the_same_value_is_found_in_its_spellings(text, passage, kind, left):
    assert replaced(text, passages(text, passage, kind), "X") == left


def test_it_is_found_at_the_end_of_a_long_text():
    text = "Bob Finc [PERSON-1] " * 5_000
    assert passages(text, "Bob Finch", "PERSON") == []
    assert passages(f"{text}Bob Finch", "Bob Finch", "PERSON") == [(100_000, 100_009)]
