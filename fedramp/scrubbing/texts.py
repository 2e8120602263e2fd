"""FED-7 at work: texts of this realm are scrubbed as they are stored, by what the case knows.

Belongs here: what joins the engine to the database: the case of a text, the people of that case,
and the numbers of its placeholders.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parseaddr
from typing import cast

from django.conf import settings
from django.db import models

from cases.errors import Invalid
from cases.models import Attachment, Case, Entry, Notice

from ..scrubber.engine import Scrubber
from ..scrubber.file_names import scrub_name
from ..scrubber.identities import Identities
from ..scrubber.names import Label, labelled
from ..scrubber.placeholders import Numbering, Numbers
from ..scrubber.prose import Labelled
from ..scrubber.streams import scrubbed
from .case_numbers import CaseNumbers, is_internal
from .people import people_of

log = logging.getLogger(__name__)

#: The longest text that a person types; a log belongs in a file, which is read as a stream.
MOST = 400_000
#: How long the model may read in one text, in seconds of wall time; then the text is refused. The
#: rules take linear time, and need no limit of their own.
READS_FOR = 20
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
    "NATIONAL_ID": ("national identity number", "national identity numbers"),
    "MEDICAL_ID": ("medical or insurance number", "medical or insurance numbers"),
    "VEHICLE": ("vehicle number", "vehicle numbers"),
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


def scrub_text(text: str, about: models.Model | None) -> str:
    """The text without personal information. The numbers of its placeholders are those of its case.

    Raises Invalid, with nothing stored, if the text is too long, the engine fails or it takes
    longer than `READS_FOR`. The typed text stays in the form that shows the error.
    """
    if not text or text.isspace():
        return text
    if len(text) > MOST:
        raise Invalid("body", HELD)
    if isinstance(about, Notice) and about.case_id is None:
        return text  # about an account: from the desk to its owner, of no case
    said = not _is_the_desks(about)
    try:
        engine = scrubber(about, said=said, reads=reading(READS_FOR))
        if isinstance(about, Attachment):
            most = Attachment._meta.get_field("name").max_length or 0
            stored = scrub_name(text, engine, most=most)
        else:
            stored = "".join(scrubbed([text], engine))
    except Exception:  # noqa: BLE001 - on any failure, the text is refused and never stored raw
        # Without the exception itself: it may quote the text.
        log.error("A text could not be scrubbed, and was refused.")
        raise Invalid("body", HELD) from None
    if said and about is not None:
        add_feedback(engine.counts, case_of(about))
    return stored


def scrub_attachment_name(name: str, entry: models.Model | None) -> str:
    """The name of a file that belongs to this entry, as it will be stored."""
    about = Attachment(entry=entry) if isinstance(entry, Entry) else entry
    return scrub_text(name, about)


class Feedback:
    """What was scrubbed, by kind, and from the texts of which cases; what else is to be told."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.cases: list[Case] = []
        self.told: list[str] = []


_feedback: ContextVar[Feedback | None] = ContextVar("feedback", default=None)


@contextmanager
def collecting() -> Iterator[Feedback]:
    """Within it, scrubbed values in texts and files of objects are counted."""
    feedback = Feedback()
    token = _feedback.set(feedback)
    try:
        yield feedback
    finally:
        _feedback.reset(token)


def add_feedback(counts: Counter[str], case: Case | None) -> None:
    """Count what was just scrubbed, for an outer collector."""
    if (feedback := _feedback.get()) is not None and counts:
        feedback.counts.update(counts)
        if case is not None:
            feedback.cases.append(case)


def tell(words: str) -> None:
    """Tell the writer of this request, once it was carried out."""
    if (feedback := _feedback.get()) is not None:
        feedback.told.append(words)


def _is_the_desks(about: models.Model | None) -> bool:
    """Whether the words are those of the desk's own templates: a mail, or a job's text."""
    return isinstance(about, Notice) or bool(getattr(about, "job", ""))


class TooSlow(Exception):
    """The engine read in one text or file for longer than allowed."""


def reading(seconds: float, model: Labelled = labelled) -> Labelled:
    """The model, for this long from now on; then it raises TooSlow."""
    until = time.monotonic() + seconds

    def reads(piece: str) -> list[Label]:
        if time.monotonic() > until:
            raise TooSlow
        return model(piece)

    return reads


def scrubber(
    about: models.Model | None, *, said: bool = True, reads: Labelled = labelled
) -> Scrubber:
    """The engine with what is known about the case of this text or file.

    In words that a person `said` it also looks for the people of the case and the model's names.
    """
    case, numbers = case_of(about), cast(Numbering, Numbers())
    if case is not None:
        numbers = CaseNumbers(case, internal=is_internal(about))
    people = people_of(case) if case and said else Identities()
    return Scrubber(people, numbers, reads if said else None, _ours())


def _ours() -> frozenset[str]:
    """The numbers and addresses of Product Support itself, which are not personal."""
    return frozenset((settings.SUPPORT_PHONE, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def case_of(about: models.Model | None) -> Case | None:
    """The case of this text; None if there is none."""
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


def in_words(counts: Counter[str]) -> str:
    """ "2 e-mail addresses and 1 name"; empty for nothing."""
    said = list(_said(counts))
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))


def _said(counts: Counter[str]) -> Iterator[str]:
    for kind, (one, many) in WORDS.items():
        if count := counts[kind]:
            yield f"{count} {one if count == 1 else many}"
