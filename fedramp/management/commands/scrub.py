"""`manage.py scrub`: what is personal is removed from a text on standard input."""

import codecs
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fedramp.rules.names import labelled
from fedramp.rules.redaction import Scrubber
from fedramp.rules.streams import scrub, scrubbed

_AT_ONCE = 64 * 1024


class Command(BaseCommand):
    help = (
        "Remove what is personal from standard input, and write the rest to standard output. "
        "Works in either realm, and asks no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help='one {"text": ...} a line, optionally with "known", the people of the case',
        )
        parser.add_argument(
            "--rules-only", action="store_true", help="do not load the model that reads names"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        reads = None if options["rules_only"] else labelled
        if options["jsonl"]:
            wrong = 0
            for line in sys.stdin.buffer:
                answer = _answer(line, reads)
                wrong += "error" in answer
                sys.stdout.write(json.dumps(answer) + "\n")
            if wrong:
                raise CommandError(
                    f"{wrong} line(s) could not be read; nothing of them was written."
                )
            return
        scrubber = Scrubber(labelled=reads)
        for part in scrubbed(_parts(sys.stdin.buffer), scrubber):
            sys.stdout.buffer.write(part.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(scrubber.removed.items()))
        self.stderr.write(f"Removed: {kinds or 'nothing'}.")


def _answer(line: bytes, reads: Any) -> dict[str, Any]:
    """The answer to one line. A line that cannot be read is held back, and says so."""
    try:
        document = json.loads(line)
        text, known = document["text"], document.get("known") or ()
    except (ValueError, TypeError, KeyError, AttributeError):
        return {"error": 'not {"text": ...}'}
    if not isinstance(text, str) or not all(isinstance(each, dict) for each in known):
        return {"error": 'not {"text": ...}'}
    found = scrub(text, known=known, labelled=reads)
    return {"text": found.text, "removed": found.removed}


def _parts(stream: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while part := stream.read(_AT_ONCE):
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)
