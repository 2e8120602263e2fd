"""The numbers of placeholders: the same value of a kind gets the same number."""

import hashlib
import unicodedata
from typing import Protocol


class Numbering(Protocol):
    """Remembers which value has which number."""

    def number(self, kind: str, value: str) -> int:
        """The number of this value, given in the form of `plain`; a new one if it has none."""


def plain(kind: str, value: str) -> str:
    """The value without the differences between its spellings."""
    if value.isascii():
        if kind in ("EMAIL", "IP", "USERNAME"):
            return value.lower()
        if kind == "PHONE":
            return _american(value.translate(_NO_SIGNS))
    folded = unicodedata.normalize("NFKC", value).casefold()
    if kind == "EMAIL":
        return "".join(folded.split())
    kept = "".join(each for each in folded if each.isalnum())
    if kind == "PHONE":
        return _american("".join(each for each in kept if each.isdigit()))
    return kept


_NO_SIGNS = {code: None for code in range(128) if not chr(code).isdigit()}


def _american(digits: str) -> str:
    """Without the international prefix, and the same with or without the 1."""
    digits = digits.removeprefix("00")
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


class Numbers:
    """Numbers that live as long as this object. It keeps only short digests of the values.

    Memory is bounded: after `most` different values, a new value still gets a number, but it is
    not remembered.
    """

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._last: dict[str, int] = {}
        self._known: dict[bytes, int] = {}

    def number(self, kind: str, value: str) -> int:
        key = hashlib.blake2b(f"{kind}:{value}".encode("utf-8", "replace"), digest_size=8).digest()
        known = self._known.get(key)
        if known is None:
            known = self._last[kind] = self._last.get(kind, 0) + 1
            if len(self._known) < self._most:
                self._known[key] = known
        return known
