"""Reports about scrubbing (FED-7, IR-9): "This was not personal", "Redact this too"."""

import datetime as dt
import re
from collections.abc import Sequence

from django.db import transaction

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Case, Person
from cases.persistence import save
from cases.rules.actions import Side
from cases.services.locks import lock_case
from cases.services.texts import checked

from ..models import Placeholder, ScrubReport
from ..redaction.passages import Reach, is_looked_for, redact, same_at, stands_elsewhere
from ..scrubber.passages import PLACEHOLDER, letters, passages
from ..scrubbing.case_numbers import CaseNumbers, digests_of, normal, without_known
from ..scrubbing.feedback import CONTENT, Text, files_of, known_placeholders, marks_of, texts_of
from ..scrubbing.texts import WORDS

REDACT = "fedramp.redact_passage"
REVIEW = "fedramp.review_scrub_report"
REASON_MAX = 300
#: A longer passage is a text of its own, which is redacted whole.
PASSAGE_MAX = 300
_TYPED = re.compile(r"\b([A-Z][A-Z_]{1,19})-(\d{1,9})\b")
#: How many placeholders of a file are reported at once.
TYPED_MOST = 20
DECIDED = ["state", "decided_by", "decided_at", "remark", "removed"]
#: The kinds of a passage, the most frequent first.
KINDS = tuple(dict.fromkeys(("PERSON", "EMAIL", "PHONE", "ADDRESS", "USERNAME", *WORDS)))


def say_not_personal(
    *,
    case_id: int,
    marks: Sequence[str],
    reason: str,
    actor: Actor,
    now: dt.datetime,
    file: str = "",
    placeholders: str = "",
) -> list[ScrubReport]:
    """Each of these placeholders in the actor's own texts waits for a review; nothing is restored.

    `marks` are keys of `feedback.marks_of`; `placeholders` are those that the actor read in the
    `file`, one of their own, by its public id: "PERSON-3, IP-12". Nothing is reported twice. The
    reason is stored without any value that was removed from the case. Raises NotAllowed (the actor
    may not write in the case), Invalid for a placeholder that is not in their texts or was never
    removed from the case, or a file that is not theirs.
    """
    reason = checked("reason", reason, most=REASON_MAX)
    with transaction.atomic():
        case = lock_case(case_id)
        _check_writes(actor, case)
        assert actor.person is not None
        mine = {mark.key: mark for mark in marks_of(case, actor.person)}
        wanted = file or placeholders
        if not (marks or wanted) or not set(marks) <= set(mine):
            raise Invalid("marks", "Choose what was not personal: placeholders in your own texts.")
        places = [(mine[key].text.key, mine[key].kind, mine[key].number) for key in marks]
        places += _in_file(case, actor.person, file, placeholders) if wanted else []
        by_staff = actor.side is Side.STAFF
        reason = without_known(reason, case, written_by_staff=by_staff, read_by_staff=by_staff)
        made = []
        for target, kind, number in dict.fromkeys(places):
            place = {"target": target, "kind": kind, "number": number}
            said = ScrubReport.Said.NOT_PERSONAL
            if not ScrubReport.objects.filter(said=said, **place).exists():
                report = ScrubReport(
                    case=case, said=said, **place, reason=reason, said_by=actor.person, said_at=now
                )
                save(report, actor=actor, now=now, why="removals.not_personal")
                made.append(report)
    return made


def _in_file(
    case: Case, writer: Person, file: str, placeholders: str
) -> list[tuple[str, str, int]]:
    """The place of a report about a file, for each placeholder. The file itself is not read."""
    attachment = next(
        (each for each in files_of(case, writer) if str(each.public_id) == file), None
    )
    if attachment is None:
        raise Invalid("file", "Choose one of your own files from which something was scrubbed.")
    typed = [(kind, int(number)) for kind, number in _TYPED.findall(placeholders.upper())]
    known = known_placeholders(case, writer)
    if not typed or len(typed) > TYPED_MOST or not set(typed) <= known:
        raise Invalid("placeholders", "Type them as they appear in the file: PERSON-3, IP-12.")
    return [(f"cases.attachment:{attachment.pk}:{CONTENT}", *each) for each in typed]


def markable(case: Case, actor: Actor) -> list[Text]:
    """The texts in which this person may mark a passage: staff in any, contacts in their own.

    Raises NotAllowed if they may not mark any.
    """
    if actor.side is Side.STAFF:
        if not (actor.may(REDACT) and actor.may_see(case)):
            raise NotAllowed("Your role does not allow you to redact passages.")
        return texts_of(case)
    _check_writes(actor, case)
    assert actor.person is not None
    return texts_of(case, actor.person)


def check_passage(
    *, case_id: int, text: str, kind: str, passage: str, actor: Actor
) -> tuple[Text, str, int]:
    """The text, the passage and how often it occurs there; nothing is redacted yet.

    Raises like `redact_passage`.
    """
    case = Case.objects.get(pk=case_id)
    return _checked(case, text=text, kind=kind, passage=passage, actor=actor)


def redact_passage(
    *, case_id: int, text: str, kind: str, passage: str, actor: Actor, now: dt.datetime
) -> ScrubReport:
    """A placeholder replaces the passage in the case, at once and beyond recovery.

    By staff: in every text of the case, its history, its mails, the search and unsent drafts
    (`redaction.passages`). By a contact: in what the organization wrote, with history, search and
    drafts; for what others wrote the report is a request, which the review decides. The contact is
    not told whether there is any (FEED-3). Somebody else reviews it afterwards in either case.
    Kind, number, places and lengths are recorded. Raises NotAllowed (`markable`); Invalid("text",
    "kind", "passage") for what cannot be redacted, also if somebody else redacted it a moment
    before.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        found, passage, _ = _checked(case, text=text, kind=kind, passage=passage, actor=actor)
        by_staff = actor.side is Side.STAFF
        number = _number(case, found, kind=kind, passage=passage, by_staff=by_staff)
        placeholder = f"[{kind}-{number}]"
        elsewhere = [] if by_staff else stands_elsewhere(case, passage, kind)
        report = ScrubReport(
            case=case,
            said=ScrubReport.Said.MISSED,
            target=found.key,
            kind=kind,
            number=number,
            said_by=actor.person,
            said_at=now,
            removed=redact(
                case,
                passage=passage,
                kind=kind,
                placeholder=placeholder,
                target=(found.label, found.row, found.field),
                reach=Reach.INCIDENT if by_staff else Reach.ORGANIZATION,
            ),
            elsewhere=elsewhere,
        )
        save(report, actor=actor, now=now, why="removals.missed")
    return report


def _number(case: Case, marked: Text, *, kind: str, passage: str, by_staff: bool) -> int:
    """From the series that contacts read, unless no contact reads the passage (FEED-3)."""
    internal = by_staff and marked.is_internal
    if internal and is_looked_for(passage):
        read = (each for each in texts_of(case) if not each.is_internal)
        internal = not any(passages(each.text, passage, kind) for each in read)
    return CaseNumbers(case, internal=internal).marked(kind, passage)


def _redact_elsewhere(case: Case, report: ScrubReport) -> None:
    """A contact's passage is redacted in what others wrote too; never in the incident."""

    def is_it(value: str) -> bool:
        digests = digests_of(case, report.kind, normal(case, report.kind, value)) if value else []
        rows = Placeholder.objects.filter(
            case=case, kind=report.kind, number=report.number, digest__in=digests
        )
        return rows.exists()

    for place in report.elsewhere:
        if (passage := same_at(case, place, is_it)) is not None:
            label, row, field = place["text"].split(":")
            report.removed += redact(
                case,
                passage=passage,
                kind=report.kind,
                placeholder=report.placeholder,
                target=(label, int(row), field),
                reach=Reach.CASE,
            )


def review(
    *, report_id: int, personal: bool, remark: str, actor: Actor, now: dt.datetime
) -> ScrubReport:
    """The report is decided; its writer reads the verdict and the remark. Nothing is restored.

    If a contact's passage was personal, it is redacted in what others wrote too; else it stays
    there. Raises NotAllowed without the right (and, for such a passage, without the right to redact
    passages), and for the writer of the report; NotPossible if it was decided;
    Invalid("remark") if the review disagrees and does not say why.
    """
    if not actor.may(REVIEW):
        raise NotAllowed("Your role does not allow you to review scrub reports.")
    remark = checked("remark", remark, most=REASON_MAX)
    with transaction.atomic():
        case = lock_case(ScrubReport.objects.values_list("case_id", flat=True).get(pk=report_id))
        report = ScrubReport.objects.select_for_update(of=("self",)).get(pk=report_id)
        if actor.person is None or report.said_by_id == actor.person.pk:
            raise NotAllowed("A second person must review it: you reported it yourself.")
        if report.state != ScrubReport.State.ASKED:
            raise NotPossible("This has already been reviewed.")
        states = ScrubReport.State
        report.state = states.PERSONAL if personal else states.NOT_PERSONAL
        if not report.is_right and not remark:
            raise Invalid("remark", "Say why: the person who reported it can read it.")
        report.case = case
        read_by_staff = report.said_by.is_staff
        report.remark = without_known(
            remark, case, written_by_staff=True, read_by_staff=read_by_staff
        )
        if personal and report.elsewhere:
            if not actor.may(REDACT):
                raise NotAllowed("Your role does not allow you to redact passages.")
            _redact_elsewhere(case, report)
        report.decided_by, report.decided_at = actor.person, now
        save(report, actor=actor, now=now, why="removals.review", fields=DECIDED)
    return report


def _check_writes(actor: Actor, case: Case) -> None:
    """ACC-1, ACC-2: a Designated Contact of the organization, or staff who see cases."""
    if actor.person is None or not actor.may_see(case):
        raise NotAllowed("This case is not open to you.")
    if actor.side is Side.CONTACT and not actor.is_designated_for(case.organization_id):
        raise NotAllowed("Only a Designated Contact of the organization can write in its cases.")


def _checked(
    case: Case, *, text: str, kind: str, passage: str, actor: Actor
) -> tuple[Text, str, int]:
    found = next((each for each in markable(case, actor) if each.key == text), None)
    if found is None:
        raise Invalid("text", "Choose the text that contains it.")
    if kind not in KINDS:
        raise Invalid("kind", "Choose what it is.")
    passage = checked("passage", passage, most=PASSAGE_MAX, needed="Copy the passage here.")
    if PLACEHOLDER.search(passage):
        raise Invalid("passage", "Leave placeholders out: mark what comes before or after them.")
    if not letters(passage):
        raise Invalid("passage", "Mark words or numbers.")
    if kind == "PHONE" and sum(each.isdecimal() for each in passage) < 6:
        raise Invalid("kind", "A telephone number has six digits or more: choose something else.")
    times = len(passages(found.text, passage, kind))
    if not times:
        raise Invalid(
            "passage", "That text does not contain this, or it is part of a word: mark whole words."
        )
    return found, passage, times
