"""The files in an archive, one after the other, within bounds and in flat memory."""

import errno
import gzip
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from ..readers import kinds, zipped
from ..readers.encodings import HEAD
from .archives import Member, Readable, members
from .refusals import BROKEN, LOCKED_ZIP, MEMBERS_MOST, SPARSE, FileRefused, too_large
from .runs import path_of

#: Folders, links and devices are left out of a tar; it has at most this many of them.
NAMED_MOST = 5 * MEMBERS_MOST
#: The list of an archive's members is read as a whole: it is no larger than this.
_LIST_MOST = 2 * 1024 * 1024


class Packed(NamedTuple):
    """One file in an archive."""

    path: tuple[str, ...]
    content: Readable


@contextmanager
def damage_is_told() -> Iterator[None]:
    """Errors of the libraries for files that are not what they seem become a FileRefused."""
    try:
        yield
    except (
        EOFError,
        ValueError,
        NotImplementedError,
        gzip.BadGzipFile,
        struct.error,
        tarfile.TarError,
        zlib.error,
        zipfile.BadZipFile,
    ):
        raise FileRefused(BROKEN) from None
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the beginning, from a false archive header
            raise
        raise FileRefused(BROKEN) from None


def kind_of(source: IO[bytes]) -> str:
    """The kind of a file, by its content; the position is at the beginning."""
    source.seek(0)
    if kinds.kind_of_head(source.read(HEAD)) == kinds.ZIP:
        _check_list(source)
    return kinds.kind_of(source)


def of_zip(archive: zipfile.ZipFile) -> Iterator[Packed]:
    """The files of a ZIP. Raises FileRefused for too many, and for one that is encrypted."""
    found = [each for each in archive.infolist() if not each.is_dir()]
    if len(found) > MEMBERS_MOST:
        raise too_large()
    for each in found:
        if each.flag_bits & 1 or each.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise FileRefused(LOCKED_ZIP)
    for each in found:
        with archive.open(each) as content:
            yield Packed(path_of(each.filename), content)


def of_tar(source: Readable, passed: Callable[[int], None]) -> Iterator[Packed]:
    """The files of a tar; links, devices and folders are left out."""
    count = 0
    for named, member in enumerate(members(source, passed), 1):
        count += member.is_file
        if count > MEMBERS_MOST or named > NAMED_MOST:
            raise too_large()
        if member.is_sparse:
            raise FileRefused(SPARSE)
        if member.is_file:
            yield _of_member(member)


def _of_member(member: Member) -> Packed:
    return Packed(path_of(member.name), member.content)


def _check_list(source: IO[bytes]) -> None:
    """The library reads an archive's list into memory, however long the archive says it is."""
    source.seek(0, 2)
    source.seek(max(0, source.tell() - 0xFFFF - 22))
    tail = source.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise FileRefused(BROKEN)
    count, length = struct.unpack_from("<HL", tail, at + 10)
    is_long = count > zipped.PARTS_MOST or length > _LIST_MOST
    if is_long or b"PK\x06\x07" in tail[max(0, at - 20) : at]:
        raise too_large()
    source.seek(0)
