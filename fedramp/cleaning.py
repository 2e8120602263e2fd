"""FED-7 at work: the texts of this realm are scrubbed as they are stored, by what the case knows.

Belongs here: what joins the engine in `rules/` to the database: whose case a text is of, the people
of that case, and the numbers of its placeholders.
"""

import logging
import re
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parseaddr

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.utils.crypto import salted_hmac

from cases.errors import Invalid
from cases.models import Case, Notice, Person

from .models import Placeholder
from .rules.identities import Identities
from .rules.names import Label, labelled
from .rules.numbering import Numbering, Numbers, plain
from .rules.prose import Labelled
from .rules.redaction import Scrubber
from .rules.streams import scrubbed

log = logging.getLogger(__name__)

#: No text that a person types is longer; a log belongs in a file, which goes through as a stream.
MOST = 400_000
#: So long the model may read in one text, in seconds by the clock on the wall; then the text is
#: refused. The rules take linear time, and need no limit of their own.
READS_FOR = 20
#: People of one organization that are looked for in a text.
PEOPLE = 500
HELD = (
    "This text could not be checked for personal information, so nothing of it was stored. "
    "Please try again; a long text is better sent as a file."
)
WORDS = {
    "TOKEN": ("password or token", "passwords or tokens"),
    "EMAIL": ("e-mail address", "e-mail addresses"),
    "CARD": ("card number", "card numbers"),
    "IBAN": ("bank account", "bank accounts"),
    "SSN": ("social security number", "social security numbers"),
    "PASSPORT": ("passport number", "passport numbers"),
    "LICENSE": ("driver's license", "driver's licenses"),
    "ACCOUNT": ("account number", "account numbers"),
    "BIRTHDATE": ("date of birth", "dates of birth"),
    "MAC": ("hardware address", "hardware addresses"),
    "IP": ("IP address", "IP addresses"),
    "LOCATION": ("location", "locations"),
    "PHONE": ("telephone number", "telephone numbers"),
    "USERNAME": ("user name", "user names"),
    "ADDRESS": ("postal address", "postal addresses"),
    "PERSON": ("name", "names"),
    "PRIVATE": ("passage", "passages"),
}


def clean(text: str, about: models.Model | None) -> str:
    """The text without what is personal. The numbers of its placeholders are those of its case.

    Raises Invalid, with nothing stored, where the text is too long, the engine fails or it takes
    longer than `READS_FOR`. What was typed stays in the form that showed the error.
    """
    if not text or text.isspace():
        return text
    if len(text) > MOST:
        raise Invalid("body", HELD)
    if isinstance(about, Notice) and about.case_id is None:
        return text  # of an account: from the desk to its owner, of no case
    said = not _is_the_desks(about)
    try:
        engine = scrubber(case_of(about), said=said, reads=reading(READS_FOR))
        cleaned = "".join(scrubbed([text], engine))
    except Exception:  # noqa: BLE001 - whatever fails, the text is refused and never stored raw
        # Without the exception itself: it may quote the text.
        log.error("A text could not be scrubbed, and was refused.")
        raise Invalid("body", HELD) from None
    if said and about is not None:
        tell(engine.removed, case_of(about))
    return cleaned


class Told:
    """What was removed, by kind, and from the texts of which cases."""

    def __init__(self) -> None:
        self.removed: Counter[str] = Counter()
        self.cases: list[Case] = []


_told: ContextVar[Told | None] = ContextVar("told", default=None)


@contextmanager
def collecting() -> Iterator[Told]:
    """Within, what is removed from texts and files of objects is told."""
    told = Told()
    token = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(token)


def tell(removed: Counter[str], case: Case | None) -> None:
    """Counts what was just removed for whoever is collecting."""
    if (told := _told.get()) is not None and removed:
        told.removed.update(removed)
        if case is not None:
            told.cases.append(case)


def _is_the_desks(about: models.Model | None) -> bool:
    """Whether the words are those of the desk's own templates: a mail, or what a job wrote."""
    return isinstance(about, Notice) or bool(getattr(about, "job", ""))


class TooSlow(Exception):
    """The engine read in one text or file for longer than it may."""


def reading(seconds: float, model: Labelled = labelled) -> Labelled:
    """The model, for so long from now on; then it raises TooSlow."""
    until = time.monotonic() + seconds

    def reads(piece: str) -> list[Label]:
        if time.monotonic() > until:
            raise TooSlow
        return model(piece)

    return reads


def scrubber(case: Case | None, *, said: bool = True, reads: Labelled = labelled) -> Scrubber:
    """The engine with what is known of the case.

    In what a person `said` the people of the case and the model's names are looked for too.
    """
    numbers: Numbering = Numbers() if case is None else CaseNumbers(case)
    people = _people(case) if case and said else Identities()
    return Scrubber(people, numbers, reads if said else None, _ours())


def _ours() -> frozenset[str]:
    """What is nobody's: the numbers and addresses of Product Support itself."""
    return frozenset((settings.SUPPORT_PHONE, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def case_of(about: models.Model | None) -> Case | None:
    """The case whose text this is; None where it is of no case."""
    for _ in range(3):
        if about is None or isinstance(about, Case):
            return about
        about = next(
            (
                getattr(about, name, None)
                for name in ("case", "entry", "escalation")
                if hasattr(type(about), name)
            ),
            None,
        )
    return None


def _people(case: Case) -> Identities:
    """Contacts of the organization, the opener and the owner; read once for each loaded case."""
    found = case.__dict__.get("_identities")
    if found is None:
        people = Person.objects.filter(
            Q(memberships__organization=case.organization_id)
            | Q(pk__in=[pk for pk in (case.contact_id, case.owner_id) if pk])
        )
        rows = people.distinct().order_by("pk").values("name", "email", "phone")[:PEOPLE]
        known = [{name: str(value) for name, value in row.items()} for row in rows]
        found = case.__dict__["_identities"] = Identities(known)
    return found


class CaseNumbers:
    """The numbers of one case's placeholders, as the database remembers them.

    The caller holds the case's lock, or has not stored the case yet; then they are stored with it.
    """

    def __init__(self, case: Case) -> None:
        self._case = case

    def number(self, kind: str, value: str) -> int:
        digest = digest_of(self._case, kind, value)
        known = self._known()
        if digest not in known:
            known[digest] = number = self._last(kind) + 1
            row = Placeholder(case=self._case, kind=kind, number=number, digest=digest)
            if self._case.pk:
                row.save(force_insert=True)
            else:
                self._case.__dict__.setdefault("_placeholders", []).append(row)
        return known[digest]

    def _known(self) -> dict[str, int]:
        known: dict[str, int] | None = self._case.__dict__.get("_numbers")
        if known is None:
            stored = Placeholder.objects.filter(case=self._case) if self._case.pk else None
            known = dict(stored.values_list("digest", "number")) if stored is not None else {}
            self._case.__dict__["_numbers"] = known
        return known

    def _last(self, kind: str) -> int:
        if self._case.pk:
            newest = Placeholder.objects.filter(case=self._case, kind=kind)
            return newest.aggregate(last=Max("number"))["last"] or 0
        return sum(row.kind == kind for row in self._case.__dict__.get("_placeholders", ()))

    def marked(self, kind: str, value: str) -> str:
        """The placeholder of what a person marked in a text of the case."""
        return f"[{kind}-{self.number(kind, _normal(self._case, kind, value))}]"

    def known_as(self, value: str, kinds: Collection[str]) -> str:
        """The placeholder of a value that was removed from the case before; empty for others."""
        for kind in kinds:
            digest = digest_of(self._case, kind, _normal(self._case, kind, value))
            if number := self._known().get(digest):
                return f"[{kind}-{number}]"
        return ""

    def kinds(self) -> set[str]:
        """Of which kinds values were removed from the case."""
        return set(Placeholder.objects.filter(case=self._case).values_list("kind", flat=True))


def digest_of(case: Case, kind: str, value: str) -> str:
    """The same for the same value of the case, and of no use without the realm's key."""
    text = f"{case.number}:{kind}:{value}"
    return salted_hmac("fedramp.placeholder", text, algorithm="sha256").hexdigest()


def _normal(case: Case, kind: str, value: str) -> str:
    """As the engine numbers it: one person has one number, however spelled."""
    return plain(kind, _people(case).full_name(value) if kind == "PERSON" else value)


#: Words in a row that are compared with what was removed.
_WORDS_MOST = 10
_WORD = re.compile(r"\S+")
_AT_THE_ENDS = ".,;:!?()[]{}<>\"'“”\u2018\u2019„`"


def without_known(text: str, case: Case) -> str:
    """The text without what was removed from the case before, though nothing in it tells why.

    For words about a removal: they must not bring the value back.
    """
    numbers = CaseNumbers(case)
    kinds = sorted(numbers.kinds())
    words = [match.span() for match in _WORD.finditer(text)] if kinds else []
    pieces, last, at = [], 0, 0
    while at < len(words):
        for upto in range(min(len(words), at + _WORDS_MOST), at, -1):
            part = text[words[at][0] : words[upto - 1][1]]
            value = part.strip(_AT_THE_ENDS)
            if value and (known := numbers.known_as(value, kinds)):
                start = words[at][0] + part.index(value)
                pieces += [text[last:start], known]
                last, at = start + len(value), upto
                break
        else:
            at += 1
    return "".join((*pieces, text[last:]))


def store_numbers(sender: object, instance: Case, created: bool, **kwargs: object) -> None:
    """A case was stored for the first time: so are the numbers that its own texts were given."""
    rows = instance.__dict__.pop("_placeholders", ())
    if rows:
        for row in rows:
            row.case = instance
        Placeholder.objects.bulk_create(rows)


def in_words(removed: Counter[str]) -> str:
    """ "2 e-mail addresses and 1 name"; empty for nothing."""
    said = list(_said(removed))
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))


def _said(removed: Counter[str]) -> Iterator[str]:
    for kind, (one, many) in WORDS.items():
        if count := removed[kind]:
            yield f"{count} {one if count == 1 else many}"
