"""Mail files (`.eml`, `.mht`): the headers and the words, decoded; attached files in turn.

Of two versions of the same words the plain one is taken. What is attached is read by the same
rules as if it were sent alone; what cannot be read is left out and named.
"""

import base64
import email
import re
from collections.abc import Callable, Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from typing import IO

from .encodings import Decoder
from .html_text import text_of
from .output import NESTED, TOO_MUCH, Output, Refused, one_line

PARTS_MOST = 200
DEPTH_MOST = 10
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
#: Reads an attached file, given its content and its path.
Attached = Callable[[bytes, tuple[str, ...]], None]


def read(source: IO[bytes], output: Output, attached: Attached) -> None:
    """A text for the message, and what `attached` makes of each attached file."""
    try:
        message = email.message_from_binary_file(source)
        _Mail(output, attached).read(message, ())
    except RecursionError:
        raise Refused(NESTED) from None


class _Mail:
    def __init__(self, output: Output, attached: Attached) -> None:
        self._output, self._attached = output, attached
        self._left = PARTS_MOST

    def read(self, message: Message, path: tuple[str, ...]) -> None:
        if len(path) > DEPTH_MOST:
            raise Refused(NESTED)
        parts = list(self._leaves(message))
        words = [each for each in parts if _is_words(each)]
        self._output.begin(*path, "message.txt")
        for name, value in message.items():
            self._output.text(f"{name}: {one_line(_plain(value))}\n")
        for each in words:
            self._output.text(f"\n{_words(each)}\n")
        for number, each in enumerate((part for part in parts if part not in words), 1):
            self._file(each, path, number)

    def _file(self, part: Message, path: tuple[str, ...], number: int) -> None:
        name = one_line(_plain(part.get_filename() or ""))
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and isinstance(inner[0], Message):
                self.read(inner[0], (*path, name or f"message {number}"))
            return
        if content := _content(part):
            self._attached(content, (*path, name or f"file {number}"))

    def _leaves(self, message: Message) -> Iterator[Message]:
        """The parts with a content of their own, in their order; of alternatives one."""
        self._left -= 1
        if self._left < 0:
            raise Refused(TOO_MUCH)
        payload = message.get_payload() if message.get_content_maintype() == "multipart" else None
        children = [each for each in payload or () if isinstance(each, Message)]
        if not children:
            yield message
        elif message.get_content_subtype() == "alternative":
            yield from self._alternative(children)
        else:
            for each in children:
                yield from self._leaves(each)

    def _alternative(self, children: list[Message]) -> Iterator[Message]:
        found = [list(self._leaves(each)) for each in children]
        flat = [part for parts in found for part in parts]
        plain = [
            part
            for part in flat
            if part.get_content_type() == "text/plain" and _is_words(part) and _words(part).strip()
        ]
        for part in flat:
            if not _is_words(part) or not plain or part in plain:
                yield part


def _is_words(part: Message) -> bool:
    is_file = part.get_content_disposition() == "attachment" or part.get_filename()
    return part.get_content_type() in ("text/plain", "text/html") and not is_file


def _content(part: Message) -> bytes:
    """The decoded bytes. Damaged base64, too: nobody could see what it still contains."""
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        found = _NOT_BASE64.sub("", str(part.get_payload()))
        return base64.b64decode(found[: len(found) - (len(found) % 4 == 1)] + "==")
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _words(part: Message) -> str:
    text = _decoded(_content(part), part.get_content_charset() or "")
    return text_of(text) if part.get_content_subtype() == "html" else text


def _decoded(raw: bytes, charset: str) -> str:
    try:
        if charset and charset.lower() not in ("us-ascii", "ascii"):
            raw = raw.decode(charset).encode("utf-8", "replace")
    except (LookupError, UnicodeError):
        pass  # it is read as any text without a name of its encoding
    return "".join(Decoder().decoded([raw]))


def _plain(value: object) -> str:
    """A header's text without its encoding; as it is, if that is wrong."""
    try:
        return str(make_header(decode_header(str(value))))
    except (MessageError, LookupError, ValueError):
        return str(value)
