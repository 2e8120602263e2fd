"""`manage.py scrub`, without Django: a log stream needs no apps, and half the memory."""

import argparse
import codecs
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from ..scrubber.engine import Scrubber
from ..scrubber.names import labelled as labelled
from ..scrubber.streams import scrub, scrubbed

HELP = (
    "Remove personal data from standard input, and write the rest to standard output. "
    "Works in either realm, without a database."
)
_AT_ONCE = 64 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='one {"text": ...} a line, optionally with "known", the people of the case',
    )
    parser.add_argument(
        "--rules-only", action="store_true", help="do not load the model that reads names"
    )


def main(arguments: list[str]) -> int:
    """Read standard input to its end; 0, or 1 if a line of JSON could not be read."""
    parser = argparse.ArgumentParser("manage.py scrub", description=HELP)
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return run(jsonl=options.jsonl, reads=None if options.rules_only else labelled)


def run(*, jsonl: bool, reads: Any) -> int:
    if jsonl:
        wrong = 0
        for line in sys.stdin.buffer:
            answer = _answer(line, reads)
            wrong += "error" in answer
            sys.stdout.write(json.dumps(answer) + "\n")
        if wrong:
            sys.stderr.write(f"{wrong} line(s) could not be read; nothing of them was written.\n")
        return int(bool(wrong))
    scrubber = Scrubber(labelled=reads)
    for part in scrubbed(_parts(sys.stdin.buffer), scrubber):
        sys.stdout.buffer.write(part.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(scrubber.counts.items()))
    sys.stderr.write(f"Removed: {kinds or 'nothing'}.\n")
    return 0


def _answer(line: bytes, reads: Any) -> dict[str, Any]:
    """The answer to one line. An unreadable line is held back, and the answer says so."""
    try:
        document = json.loads(line)
        text, known = document["text"], document.get("known") or ()
    except (ValueError, TypeError, KeyError, AttributeError):
        return {"error": 'not {"text": ...}'}
    if not isinstance(text, str) or not all(isinstance(each, dict) for each in known):
        return {"error": 'not {"text": ...}'}
    found = scrub(text, known=known, labelled=reads)
    return {"text": found.text, "removed": found.counts}


def _parts(stream: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while part := stream.read(_AT_ONCE):
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)
