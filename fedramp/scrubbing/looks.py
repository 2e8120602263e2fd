"""What shows of a file at once, while its sender waits (FED-7)."""

import gzip
import zipfile
from collections.abc import Callable, Iterable
from typing import IO

from ..readers import kinds
from ..readers.encodings import HEAD
from ..readers.output import TOO_MUCH, Refused
from ..readers.process import SIZE_MOST
from . import packed
from .archives import Readable
from .packed import Packed, damage_is_told
from .refusals import PACKED_TWICE, FileRefused, of_kind, of_reader

#: Says a member's name as it may be told.
Said = Callable[[tuple[str, ...]], str]
#: How much of a tar is checked while its sender waits; the job reads the rest.
LOOK_MOST = 8 * 1024 * 1024


def look(source: IO[bytes], said: Said) -> str:
    """The kind of the file. The position is at the beginning.

    Raises FileRefused if it, or a file packed in it, is of a kind that is not read.
    """
    try:
        with damage_is_told():
            return _look(source, said)
    finally:
        source.seek(0)


def _look(source: IO[bytes], said: Said) -> str:
    kind = packed.kind_of(source)
    if kind == kinds.GZIP:
        with gzip.GzipFile(fileobj=source) as unpacked:
            head = unpacked.read(HEAD)
            if kinds.kind_of_head(head) == kinds.TAR:
                unpacked.seek(0)
                _look_into_tar(unpacked, said)
            else:
                _check_head(head)
    elif kind == kinds.TAR:
        _look_into_tar(source, said)
    elif kind == kinds.ZIP:
        with zipfile.ZipFile(source) as archive:
            _check_all(packed.of_zip(archive), said)
    elif kind in kinds.READ:
        source.seek(0, 2)
        if source.tell() > SIZE_MOST:
            raise of_reader(Refused(TOO_MUCH))
    elif kind != kinds.TEXT:
        raise of_kind(kind)
    return kind


class _LookedEnough(Exception):
    """The job reads the rest."""


def _look_into_tar(source: Readable, said: Said) -> None:
    read = 0

    def passed(size: int) -> None:
        nonlocal read
        read += size
        if read > LOOK_MOST:
            raise _LookedEnough

    try:
        _check_all(packed.of_tar(source, passed), said)
    except _LookedEnough:
        return


def _check_all(files: Iterable[Packed], said: Said) -> None:
    for each in files:
        try:
            _check_head(each.content.read(HEAD))
        except FileRefused as error:
            raise error.of_member(said(each.path)) from None


def _check_head(head: bytes) -> None:
    """A ZIP that may be an Office file is looked at by the job."""
    kind = kinds.kind_of_head(head)
    if kind == kinds.TEXT or kind in kinds.READ or kinds.may_be_office(head):
        return
    raise FileRefused(PACKED_TWICE) if kind in kinds.PACKED_INSIDE else of_kind(kind)
