"""People's texts as HTML: as typed, escaped, with their addresses as links.

The only way for every page, print and mail. `white-space: pre-wrap` keeps the shape of the text
(tabs, indentation, blank lines), and each line has its own writing direction.
"""

import re
from typing import Any

from django.utils.html import Urlizer, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .rules.texts import LINE_END

#: A line that contains an address.
ADDRESS = re.compile(r"^(.*(?:://|\bwww\.|@).*)$", re.MULTILINE | re.IGNORECASE)


class _Addresses(Urlizer):
    """Django's, for explicit addresses only: with a scheme, `www.`, or an e-mail address.

    Django also takes any word that ends in `.net` for a site: `ASP.NET`, `System.Net`. And it reads
    words as HTML, in which `?a=1&copy=2` would lose its `&copy`; so it is given HTML.
    """

    simple_url_2_re = re.compile(r"^www\.[^\W_][^@]*\.", re.IGNORECASE)

    def trim_punctuation(self, word: str) -> tuple[str, str, str]:
        """Django's loses one of several kinds of punctuation after an address: `(x.example):`."""
        lead, middle, _ = super().trim_punctuation(word)
        return lead, middle, word[len(lead) + len(middle) :]

    def handle_word(self, word: str, **options: Any) -> str:
        return str(super().handle_word(escape(word), **{**options, "safe_input": True}))


_addresses = _Addresses()


def linked(text: str) -> SafeString:
    """The text, escaped, with its addresses as links.

    Django takes each word apart, whatever the line contains, which was three quarters of the cost
    of a mail: so it gets only the lines that may contain an address.
    """
    text = LINE_END.sub("\n", str(text))
    pieces = enumerate(ADDRESS.split(text))  # every second one is such a line
    return mark_safe(  # noqa: S308 - each piece is escaped, here or by `_Addresses`
        "".join(
            _addresses(each, nofollow=True) if at % 2 else str(escape(each)) for at, each in pieces
        )
    )


def as_block(text: str) -> SafeString:
    """The text for a page, whose stylesheet keeps the shape of `.written`."""
    return format_html('<div class="written" dir="auto">{}</div>', linked(text)) if text else EMPTY


def as_lines(text: str) -> SafeString:
    """The text for a mail, one element per line: not every mail program keeps line ends, and none
    gives each line its own writing direction."""
    lines = linked(text).rstrip("\n").split("\n")
    return format_html_join(
        "",
        '<div dir="auto">{}</div>',
        ((mark_safe(line or "<br>"),) for line in lines),  # noqa: S308 - escaped by `linked`
    )


EMPTY = SafeString("")
