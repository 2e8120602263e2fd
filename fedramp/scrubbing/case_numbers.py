"""The numbers of one case's placeholders, as the database remembers them (FED-7).

Two separate series (FEED-3): one for what contacts of the organization can read, one for what
they cannot. If a contact writes a value that only an internal note holds, it gets a new number,
like any other new value, and no gap shows what they cannot read. Staff read both: in internal
texts a value has the number that contacts see, if it has one.
"""

import re
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Max
from django.utils.crypto import salted_hmac

from cases.models import Attachment, Case, Entry, Notice

from ..models import FileReview, Placeholder, Redaction, ScrubReport
from ..scrubber.placeholders import plain
from .people import people_of

#: Internal numbers begin after this: no number is used for two values.
INTERNAL_AFTER = 100_000
#: Texts about a case that no contact reads, whoever wrote them.
INTERNAL_MODELS = (Redaction, FileReview)
INTERNAL_LABELS = {"escalations.managerengagement"}


def is_internal(about: models.Model | None) -> bool:
    """Whether no contact can read the texts of this object (FEED-3)."""
    if isinstance(about, Attachment):
        about = about.entry
    if visibility := getattr(about, "visibility", ""):
        return bool(visibility == Entry.Visibility.INTERNAL)
    if isinstance(about, ScrubReport):
        return about.said_by.is_staff
    if isinstance(about, Notice):
        return about.person is None or about.person.is_staff
    return isinstance(about, INTERNAL_MODELS) or (
        about is not None and about._meta.label_lower in INTERNAL_LABELS
    )


def known_numbers(case: Case, *, internal: bool) -> dict[str, int]:
    """Digest and number of what was removed from what contacts can read; with `internal`, of all.

    If a value has a number in both series, the one that contacts read is returned.
    """
    rows = Placeholder.objects.filter(case=case).order_by("-is_internal", "pk")
    if not internal:
        rows = rows.filter(is_internal=False)
    return dict(rows.values_list("digest", "number"))


def last_numbers(case: Case, *, internal: bool) -> dict[str, int]:
    """The last number of each kind in one series; the next one is free.

    Numbers from before the series were separated belong to the first one, and stay taken.
    """
    rows = Placeholder.objects.filter(case=case).order_by()
    if internal:
        found = rows.filter(number__gt=INTERNAL_AFTER)
    else:
        found = rows.filter(number__lte=INTERNAL_AFTER)
    return dict(found.values_list("kind").annotate(last=Max("number")))


def first_number(*, internal: bool) -> int:
    """The first number of a series."""
    return INTERNAL_AFTER + 1 if internal else 1


class CaseNumbers:
    """The numbers of a case for one kind of reader.

    The caller holds the case's lock, or has not stored the case yet; then they are stored with it.
    """

    def __init__(self, case: Case, *, internal: bool) -> None:
        self._case, self._internal = case, internal

    def number(self, kind: str, value: str) -> int:
        digest, *older = digests_of(self._case, kind, value)
        known = self._known()
        for old in older:
            if old in known and digest not in known:
                # The realm's key was changed since: the number is now found by the new digest.
                Placeholder.objects.filter(case=self._case, digest=old).update(digest=digest)
                known[digest] = known.pop(old)
        if digest in known:
            return known[digest]
        known[digest] = number = self._next(kind)
        row = Placeholder(
            case=self._case, kind=kind, number=number, digest=digest, is_internal=self._internal
        )
        if self._case.pk:
            row.save(force_insert=True)
        else:
            self._case.__dict__.setdefault("_placeholders", []).append(row)
        return number

    def _known(self) -> dict[str, int]:
        name = "_numbers_internal" if self._internal else "_numbers"
        known: dict[str, int] | None = self._case.__dict__.get(name)
        if known is None:
            known = known_numbers(self._case, internal=self._internal) if self._case.pk else {}
            self._case.__dict__[name] = known
        return known

    def _next(self, kind: str) -> int:
        if not self._case.pk:
            rows = self._case.__dict__.get("_placeholders", ())
            found: int = 1 + sum(row.kind == kind for row in rows)
            return found
        last = last_numbers(self._case, internal=self._internal).get(kind)
        return last + 1 if last else first_number(internal=self._internal)

    def marked(self, kind: str, value: str) -> int:
        """The number of what a person marked in a text of the case."""
        return self.number(kind, normal(self._case, kind, value))

    def known_as(self, value: str, kinds: Collection[str]) -> str:
        """The placeholder of a value that was removed from the case before; empty for others."""
        for kind in kinds:
            for digest in digests_of(self._case, kind, normal(self._case, kind, value)):
                if number := self._known().get(digest):
                    return f"[{kind}-{number}]"
        return ""

    def kinds(self) -> set[str]:
        """The kinds of values that were removed from what this reader can read."""
        rows = Placeholder.objects.filter(case=self._case)
        if not self._internal:
            rows = rows.filter(is_internal=False)
        return set(rows.values_list("kind", flat=True))


def digests_of(case: Case, kind: str, value: str) -> list[str]:
    """The same for the same value of the case, and useless without the realm's key.

    The first one uses the present key, the others those of `SECRET_KEY_FALLBACKS`.
    """
    text = f"{case.number}:{kind}:{value}"
    return [
        salted_hmac("fedramp.placeholder", text, secret=key, algorithm="sha256").hexdigest()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def normal(case: Case, kind: str, value: str) -> str:
    """The value as the engine numbers it: a person has one number in any spelling."""
    return plain(kind, people_of(case).full_name(value) if kind == "PERSON" else value)


#: How many words in a row are compared with what was removed.
_WORDS_MOST = 10
_WORD = re.compile(r"\S+")
_AT_THE_ENDS = ".,;:!?()[]{}<>\"'“”\u2018\u2019„`"


def without_known(text: str, case: Case, *, written_by_staff: bool, read_by_staff: bool) -> str:
    """The text without what was removed from the case before, though nothing in it tells why.

    For words about a redaction: they must not repeat the value. A contact's text is compared only
    with what contacts can read, so that guessing reveals nothing; a staff text with all of it, and
    contacts who read it find numbers of their own series.
    """
    seen = CaseNumbers(case, internal=written_by_staff)
    shown = CaseNumbers(case, internal=read_by_staff)
    kinds = sorted(seen.kinds())
    words = [match.span() for match in _WORD.finditer(text)] if kinds else []
    pieces, last, at = [], 0, 0
    while at < len(words):
        for upto in range(min(len(words), at + _WORDS_MOST), at, -1):
            part = text[words[at][0] : words[upto - 1][1]]
            value = part.strip(_AT_THE_ENDS)
            if value and (known := seen.known_as(value, kinds)):
                kind = known[1:].rsplit("-", 1)[0]
                start = words[at][0] + part.index(value)
                pieces += [text[last:start], f"[{kind}-{shown.marked(kind, value)}]"]
                last, at = start + len(value), upto
                break
        else:
            at += 1
    return "".join((*pieces, text[last:]))


def store_numbers(sender: object, instance: Case, created: bool, **kwargs: object) -> None:
    """A case was stored for the first time: the numbers given in its own texts are stored, too."""
    rows = instance.__dict__.pop("_placeholders", ())
    if rows:
        for row in rows:
            row.case = instance
        Placeholder.objects.bulk_create(rows)
