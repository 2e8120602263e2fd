"""Reads one file whatever it is, and in turn what is attached to it or packed in it."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import IO

from . import kinds
from .encodings import HEAD, Decoder
from .output import CONTROLS, NESTED, NO_TEXT, TOO_MUCH, Output, Refused
from .zipped import check

FILES_MOST = 200
UNPACKED_MOST = 200 * 1024 * 1024


_MODULES = {
    kinds.WORDS: "word_files",
    kinds.SHEETS: "sheets",
    kinds.SLIDES: "slides",
    kinds.PDF: "pdf",
    kinds.MAIL: "mail",
    kinds.OUTLOOK: "outlook",
}


def read(source: IO[bytes], output: Output) -> None:
    """The texts of an Office file, a PDF or a mail. Raises Refused if it has none."""
    _Whole(output).read(source, kinds.kind_of(source))


class Within:
    """Puts the texts of a file under its path within another."""

    def __init__(self, output: Output, path: tuple[str, ...]) -> None:
        self._output, self._path = output, path
        self.read_as, self.left_out = output.read_as, output.left_out
        self.has_words = False

    def begin(self, *path: str, extension: str = "") -> None:
        self._output.begin(*self._path, *path, extension=extension)

    def text(self, text: str) -> None:
        self.has_words = self.has_words or not text.isspace()
        self._output.text(text)

    def not_read(self, kind: str, *path: str) -> None:
        self._output.not_read(kind, *self._path, *path)


class _Whole:
    """Counts how much more may be unpacked, at any depth."""

    def __init__(self, output: Output) -> None:
        self._output, self._files, self._left = output, FILES_MOST, UNPACKED_MOST

    def read(self, source: IO[bytes], kind: str, output: Output | None = None) -> None:
        output = output or self._output
        if kind in (kinds.WORDS, kinds.SHEETS, kinds.SLIDES):
            with zipfile.ZipFile(source) as package:
                check(package)
            source.seek(0)
        read = reader(kind)
        if kind not in (kinds.MAIL, kinds.OUTLOOK):
            read(source, output)
            return

        def attached(content: bytes, path: tuple[str, ...]) -> None:
            self._attached(content, path, output)

        read(source, output, attached)

    def _attached(
        self, content: bytes, path: tuple[str, ...], output: Output, *, packed: bool = False
    ) -> None:
        """By the same rules as if it were sent alone; what cannot be read is named."""
        self._files -= 1
        self._left -= len(content)
        if self._files < 0 or self._left < 0:
            raise Refused(TOO_MUCH)
        kind = kinds.OTHER
        try:
            kind = kinds.kind_of(io.BytesIO(content))
            if kind in kinds.PACKED_INSIDE and packed:
                output.not_read(kinds.OTHER_PACKED, *path)
            elif kind in kinds.PACKED_INSIDE:
                for name, inner in self._unpacked(content, kind, path):
                    self._attached(inner, name, output, packed=True)
            elif kind == kinds.TEXT:
                decoder = Decoder()
                text = "".join(decoder.decoded([content]))
                output.begin(*path)
                output.text(text)
                for each in decoder.read_as:
                    output.read_as(each)
                output.left_out(CONTROLS, decoder.left_out)
            elif kind in kinds.READ:
                within = Within(output, path)
                self.read(io.BytesIO(content), kind, within)
                if not within.has_words:
                    raise Refused(NO_TEXT)
            else:
                output.not_read(kind, *path)
        except Refused as error:
            if error.code in (TOO_MUCH, NESTED):
                raise
            output.not_read(kind, *path)
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - whatever a library raises, it is not what it seems
            output.not_read(kind, *path)

    def _unpacked(
        self, content: bytes, kind: str, path: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], bytes]]:
        source = io.BytesIO(content)
        if kind == kinds.ZIP:
            with zipfile.ZipFile(source) as archive:
                check(archive)
                for member in archive.infolist():
                    if not member.is_dir():
                        yield (*path, *member.filename.split("/")), archive.read(member)
            return
        if kind == kinds.GZIP:
            with gzip.GzipFile(fileobj=source) as packed:
                content = packed.read(self._left + 1)
            if kinds.kind_of_head(content[:HEAD]) != kinds.TAR:
                yield (*path[:-1], path[-1].removesuffix(".gz")), content
                return
            source = io.BytesIO(content)
        with tarfile.open(fileobj=source) as archive:
            for entry in archive:
                inner = archive.extractfile(entry) if entry.isreg() else None
                if inner is not None:
                    yield (*path, *entry.name.split("/")), inner.read(self._left + 1)


def reader(kind: str) -> Callable[..., None]:
    """The function that reads such a file. Raises Refused for a kind that is not read.

    Each library is loaded only when it is needed: most take a good part of a second.
    """
    if kind not in kinds.READ:
        raise Refused(kind)
    module = import_module(f"{__package__}.{_MODULES[kind]}")
    found: Callable[..., None] = module.read
    return found
