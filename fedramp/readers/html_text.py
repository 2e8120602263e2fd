"""The words of an HTML text, as a mail without a plain version has them."""

import re
from html.parser import HTMLParser

_WHITE = re.compile(r"\s+")
_UNSEEN = {"script", "style", "head", "title", "template"}
_LINES = {"p", "div", "br", "tr", "li", "table", "ul", "ol", "hr", "blockquote", "pre"}
_LINES |= {f"h{level}" for level in range(1, 7)}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _LINES:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append("\t")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _LINES:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(_WHITE.sub(" ", data))


def text_of(html: str) -> str:
    """What a reader sees, line by line; a table's cells with tabs between them."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = ("".join(words.pieces)).split("\n")
    cleaned = [
        "\t".join(" ".join(cell.split()) for cell in line.split("\t")).strip() for line in lines
    ]
    return "\n".join(line for line in cleaned if line)
