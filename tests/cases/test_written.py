"""People's texts as HTML: what becomes a link, and what stays as typed."""

import re
from html import unescape

import pytest

from cases.text_html import as_block, linked

SITE = "https://x.example"


def links(text):
    return re.findall(r'<a href="([^"]*)"', linked(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ASP.NET", id="A1"),
        pytest.param("System.Net", id="A2"),
        pytest.param("VB.NET", id="A2-VB"),
        "Built with ASP.NET, see System.Net.Http",
        "genesys.com",
        "file.log at 10:30",
        "www.",
        "a@b",
        "user@host",
        "javascript://alert",
    ],
)
def test_what_only_looks_like_an_address_is_no_link(text):
    """A1, A2."""
    assert links(text) == []
    assert linked(text) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"See {SITE}.", SITE),
        (f"({SITE}):", SITE),
        (f"[{SITE}/a_(b)],", f"{SITE}/a_(b)"),
        ("WWW.x.example, please", "http://WWW.x.example"),
        ("mail dana@acme.example!", "mailto:dana@acme.example"),
        ("<dana@acme.example>", "mailto:dana@acme.example"),
        (f"ASP.NET {SITE}/?a=1&copy=2&lt=3", f"{SITE}/?a=1&amp;copy=2&amp;lt=3"),
        (f'"{SITE}/?q=a&b=1"', f"{SITE}/?q=a&amp;b=1"),
        (f"{SITE}/<b>", f"{SITE}/"),
    ],
)
def test_an_address_is_one_link_and_no_character_is_lost(text, address):
    assert links(text) == [address]
    assert unescape(re.sub(r"</?a[^>]*>", "", linked(text))) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Agent\tCalls\tAHT\nA1\t44\t03:10", id="W1"),
        pytest.param('Traceback:\n  File "x.py", line 1\n    f()\nKeyError', id="W2"),
        pytest.param("    def f():\n        return 1", id="W4"),
        pytest.param("one\n\n\n\ntwo", id="W6"),
        "\n\nbegins with blank lines",
        "<b>&amp; & &lt;</b>",
    ],
)
def test_each_character_stands_as_typed(text):
    block = as_block(text)
    assert block.startswith('<div class="written" dir="auto">')
    assert unescape(block[len('<div class="written" dir="auto">') : -len("</div>")]) == text


def test_nothing_makes_no_element():
    assert as_block("") == ""
