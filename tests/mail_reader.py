"""The visible text and the links of a mail in HTML."""

import re
from html.parser import HTMLParser

from cases.mail_messages import as_html
from cases.models import Notice

BLOCKS = {"p", "div", "br"}
#: Anything like an address in the text of a mail must be a link in its HTML.
ADDRESS = re.compile(r"https?://[^\s<>\"']+")


class Reader(HTMLParser):
    """Reads HTML as a mail program shows it, with white space unchanged."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: dict[str, str] = {}
        self.tags: set[str] = set()
        self._href: str | None = None
        self._seen = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self._seen = self._seen or tag == "body"
        if tag == "a":
            self._href = dict(attrs)["href"]
            self.links[self._href] = ""

    def handle_endtag(self, tag):
        if tag == "a":
            self._href = None
        if tag in BLOCKS:
            self.text += "\n"

    def handle_data(self, data):
        if not self._seen or (not data.strip() and "\n" in data):
            return
        self.text += data
        if self._href is not None:
            self.links[self._href] += data


def read(notice: Notice) -> Reader:
    """The mail's HTML, parsed; its first line is the frame's heading."""
    seen = Reader(as_html(notice))
    seen.text = seen.text.split("\n", 1)[1]
    return seen


def assert_reads_as_its_text(notice: Notice) -> Reader:
    """The HTML part has the words of the text part, and each address in it is a link to there."""
    seen = read(notice)
    assert seen.text.rstrip("\n") == notice.text.rstrip("\n")
    assert seen.tags <= {"html", "head", "meta", "title", "body", "div", "p", "br", "a"}
    for found in ADDRESS.findall(notice.text):
        address = found.rstrip(".,:;!?)”")
        assert any(shown.startswith(address) for shown in seen.links.values()), address
    return seen
