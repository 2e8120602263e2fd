"""Quarantined files: AES-256-GCM, chunk by chunk, under a key for this one file.

Memory use does not depend on the file's size, and any part can be read without the rest. Each
chunk is encrypted with its position and with whether it is the last: if chunks are swapped or left
out, the file does not open.
"""

import io
import secrets
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_CHUNK = 64 * 1024
_TAG = 16


class CannotBeOpened(Exception):
    """The file was encrypted with another key, or changed since."""


def new_key() -> bytes:
    """256 random bits. Without them, the encrypted content is lost."""
    return secrets.token_bytes(32)


def encrypt_file(source: IO[bytes], out: IO[bytes], key: bytes) -> None:
    """Write all of `source`, from its current position, to `out`, encrypted."""
    cipher, place = AESGCM(key), 0
    part = source.read(_CHUNK)
    while True:
        following = source.read(_CHUNK)
        out.write(cipher.encrypt(_nonce(place, is_last=not following), part, None))
        if not following:
            return
        place, part = place + 1, following


class QuarantineReader(io.RawIOBase):
    """Reads encrypted content at any position. Raises CannotBeOpened if it does not open."""

    def __init__(self, encrypted: IO[bytes], key: bytes) -> None:
        self._encrypted, self._cipher = encrypted, AESGCM(key)
        encrypted.seek(0, io.SEEK_END)
        length = encrypted.tell()
        self._chunks = max(1, -(-length // (_CHUNK + _TAG)))
        self.size = length - self._chunks * _TAG
        if self.size < 0:
            raise CannotBeOpened
        self._at = 0
        self._opened: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self.size:
            return 0
        place, within = divmod(self._at, _CHUNK)
        part = self._chunk(place)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _chunk(self, place: int) -> bytes:
        if self._opened[0] != place:
            self._encrypted.seek(place * (_CHUNK + _TAG))
            encrypted = self._encrypted.read(_CHUNK + _TAG)
            nonce = _nonce(place, is_last=place == self._chunks - 1)
            try:
                self._opened = (place, self._cipher.decrypt(nonce, encrypted, None))
            except InvalidTag:
                raise CannotBeOpened from None
        return self._opened[1]


def _nonce(place: int, *, is_last: bool) -> bytes:
    """Never twice under one key: the key encrypts one file once."""
    return place.to_bytes(11, "big") + bytes([is_last])
