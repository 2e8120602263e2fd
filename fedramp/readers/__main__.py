"""The process that reads one file of strangers: bytes on its standard input, lines of JSON out.

It has no keys, writes no file, and is bounded in memory and time, so that a file made to do harm
ends this process and nothing else. See `process.py` for who starts it.
"""

import io
import json
import resource
import sys

from . import kinds, whole
from .output import DAMAGED, NO_TEXT, TOO_MUCH, Refused

MEMORY_MOST = 1024 * 1024 * 1024
SECONDS_MOST = 120
#: A longer text is told in several lines.
_LINE = 64 * 1024


class Lines:
    """Tells each thing as a line. A text without words is not told."""

    def __init__(self) -> None:
        self.has_words = False
        self._begun: dict[str, object] = {}
        self._blank = ""

    def begin(self, *path: str, extension: str = "") -> None:
        self._begun = {"begin": path, "extension": extension}
        self._blank = ""

    def text(self, text: str) -> None:
        if self._begun and not text.strip():
            self._blank += text
            return
        if self._begun:
            _tell(self._begun)
            text, self._begun, self.has_words = self._blank + text, {}, True
        for at in range(0, len(text), _LINE):
            _tell({"text": text[at : at + _LINE]})

    def read_as(self, encoding: str) -> None:
        _tell({"read_as": encoding})

    def left_out(self, what: str, number: int = 1) -> None:
        if number:
            _tell({"left_out": what, "number": number})

    def not_read(self, kind: str, *path: str) -> None:
        _tell({"not_read": kind, "path": path})


def main() -> None:
    source = io.BytesIO(sys.stdin.buffer.read())
    lines = Lines()
    code = ""
    try:
        _bound(kinds.kind_of(source))
        whole.read(source, lines)
        code = "" if lines.has_words else NO_TEXT
    except Refused as error:
        code = error.code
    except (MemoryError, RecursionError):
        code = TOO_MUCH
    except Exception:  # noqa: BLE001 - whatever a library raises, the file is not what it seems
        code = DAMAGED
    _tell({"refused": code} if code else {"end": True})
    sys.stdout.flush()


def _bound(kind: str) -> None:
    """From here on, so much memory and time, and no file; what is needed is loaded before."""
    whole.reader(kind)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MOST, SECONDS_MOST))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


if __name__ == "__main__":
    main()
