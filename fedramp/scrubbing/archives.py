"""A tar as a stream: its members one after the other, in flat memory, with nothing on a disk.

The library only parses single headers here: its own reader takes headers of any length into
memory, and goes wherever they say. Owners, times and all else in a header is dropped.
"""

import tarfile
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

_BLOCK = tarfile.BLOCKSIZE
_PART = 64 * 1024
#: A header for the next one holds names and numbers: it is no longer than this.
_EXTENDED_MOST = 16 * 1024
#: At most this many of them precede a member: a global one, its own, a name, a link.
_EXTENDED_IN_A_ROW = 4
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.XGLTYPE)
_LONG = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
#: Types of members without content of their own: links, devices, folders.
_EMPTY = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.FIFOTYPE,
    tarfile.DIRTYPE,
)


class Readable(Protocol):
    def read(self, size: int, /) -> bytes:
        """This many bytes; fewer only at the end."""


class Content:
    """The content of one member. Raises ReadError if the archive ends too early."""

    def __init__(self, source: Readable, size: int) -> None:
        self._source, self.left = source, size

    def read(self, size: int) -> bytes:
        part = _whole(self._source, min(size, self.left))
        self.left -= len(part)
        return part


class Member(NamedTuple):
    """One member: a file with its content, or something else (a link, a device, a folder)."""

    name: str
    content: Content
    is_file: bool
    is_sparse: bool


def members(source: Readable, passed: Callable[[int], None]) -> Iterator[Member]:
    """The members in turn; unread content is skipped.

    `passed` is called with the number of bytes that belong to no content. Raises TarError if it is
    not a tar, or ends too early.
    """
    while True:
        found = _next(source, passed)
        if found is None:
            return
        size = found.content.left
        yield found
        while found.content.left:
            passed(len(found.content.read(_PART)))
        passed(len(_whole(source, -size % _BLOCK)))


def _next(source: Readable, passed: Callable[[int], None]) -> Member | None:
    told: dict[str, str] = {}
    for _ in range(_EXTENDED_IN_A_ROW + 1):
        header = source.read(_BLOCK)
        passed(_BLOCK)
        if not header or header == bytes(_BLOCK):
            return None
        info = tarfile.TarInfo.frombuf(header, "utf-8", "replace")
        if info.type not in (*_PAX, *_LONG):
            return _member(source, info, told)
        if not 0 <= info.size <= _EXTENDED_MOST:
            raise tarfile.HeaderError
        extended = _whole(source, info.size + -info.size % _BLOCK)[: info.size]
        passed(len(extended))
        if info.type == tarfile.GNUTYPE_LONGNAME:
            told["path"] = _text(extended)
        elif info.type in _PAX:
            told.update(_records(extended))
    raise tarfile.HeaderError


def _member(source: Readable, info: tarfile.TarInfo, told: dict[str, str]) -> Member:
    size = 0 if info.type in _EMPTY else int(told.get("size", info.size))
    if size < 0:
        raise tarfile.HeaderError
    is_sparse = info.type == tarfile.GNUTYPE_SPARSE or any(
        each.startswith("GNU.sparse.") for each in told
    )
    name = told.get("path", info.name)
    return Member(name, Content(source, size), info.type in tarfile.REGULAR_TYPES, is_sparse)


def _records(extended: bytes) -> Iterator[tuple[str, str]]:
    """ "23 path=logs/agent.log" and a line's end: the length counts itself."""
    at = 0
    while at < len(extended) and extended[at : at + 1] != b"\0":
        digits, _, _ = extended[at : at + 8].partition(b" ")
        length = int(digits)
        key, sign, value = extended[at + len(digits) + 1 : at + length].partition(b"=")
        if not sign or length <= len(digits) or at + length > len(extended):
            raise tarfile.HeaderError
        yield _text(key), _text(value)
        at += length


def _text(value: bytes) -> str:
    return value.partition(b"\0")[0].rstrip(b"\n").decode("utf-8", "replace")


def _whole(source: Readable, size: int) -> bytes:
    part = source.read(size) if size else b""
    if len(part) < size:
        raise tarfile.ReadError
    return part
