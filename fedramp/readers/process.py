"""Starts the process that reads one file of strangers, and hands on what it tells."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from .output import DAMAGED, TOO_MUCH, Refused

#: The greatest size of a file that is read by a process of its own: it is held in its memory.
SIZE_MOST = 50 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]
_MODULE = ["-m", "fedramp.readers"]
_PART = 64 * 1024
#: A line of the process has at most this many bytes: a text's piece, each character as six.
_LINE_MOST = 1024 * 1024
_TICK = 0.5


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class TooLong(Exception):
    """The process did not end in time."""


def told(
    source: Readable, *, seconds: float, waiting: Callable[[], None] = lambda: None
) -> Generator[dict[str, Any], None, None]:
    """What the process tells of the file, thing by thing (`output.Output`).

    `waiting` is called while it works. Raises Refused for a file that it cannot read, also if it
    ran out of memory; TooLong after so many seconds. The process never outlives the iteration.
    """
    until = time.monotonic() + seconds
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, *_MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={},  # it needs no setting, and may know no key
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        _send(source, process.stdin)
        for line in _lines(process.stdout, until, waiting):
            thing = json.loads(line)
            if "refused" in thing:
                raise Refused(str(thing["refused"]))
            if "end" in thing:
                return
            yield thing
        raise Refused(TOO_MUCH)  # it was ended by its bounds
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _send(source: Readable, to: IO[bytes]) -> None:
    left = SIZE_MOST
    try:
        while part := source.read(_PART):
            left -= len(part)
            if left < 0:
                raise Refused(TOO_MUCH)
            to.write(part)
        to.close()
    except BrokenPipeError:
        raise Refused(DAMAGED) from None
    finally:
        with contextlib.suppress(BrokenPipeError):
            to.close()


def _lines(stdout: IO[bytes], until: float, waiting: Callable[[], None]) -> Iterator[bytes]:
    held = b""
    while True:
        ready, _, _ = select.select([stdout], [], [], _TICK)
        waiting()
        if time.monotonic() > until:
            raise TooLong
        if not ready:
            continue
        part = os.read(stdout.fileno(), _PART)
        if not part:
            return
        *lines, held = (held + part).split(b"\n")
        if len(held) > _LINE_MOST:
            raise Refused(TOO_MUCH)
        yield from lines
