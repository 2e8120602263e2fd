"""The only way into the outbox: a notice of a registered type, to everybody whom it names.

The rows are written in the caller's transaction, always with the same number of queries;
nothing leaves the process here. `jobs.sweeps.deliver_one` sends them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from . import realm
from .actors import Actor
from .job_table import wake
from .mail_messages import mail_host, mail_text
from .models import Case, Clock, Entry, Notice, Person
from .notice_types import REGISTRY, NoticeType
from .persistence import save_all
from .promises import closings
from .recipients import Addressee, Groups, Occasion, is_reachable
from .rules.actions import Side


def notify(
    event: str,
    occurrence: str = "",
    *,
    actor: Actor,
    now: dt.datetime,
    case: Case | None = None,
    is_secret: bool = False,
    **words: Any,
) -> list[Notice]:
    """A mail to each person whom the registry names is in the outbox.

    Once per occurrence and person; the occurrence is that of the `entry`, unless it is named. The
    caller is in the transaction that caused it. `words` are further data for the audiences and the
    template. An internal entry is refused: no mail may ever carry it out of the desk (FEED-3).
    """
    occasion = Occasion(occurrence or str(words["entry"].pk), case, words)
    return _tell(event, [occasion], actor=actor, now=now, is_secret=is_secret)


def notify_all(
    event: str, entries: Sequence[Entry], *, actor: Actor, now: dt.datetime
) -> list[Notice]:
    """Like `notify`, for one entry in each of several cases."""
    occasions = [Occasion(str(each.pk), each.case, {"entry": each}) for each in entries]
    return _tell(event, occasions, actor=actor, now=now)


def notify_of_clocks(
    event: str, clocks: Sequence[Clock], *, actor: Actor, now: dt.datetime, words: str = ""
) -> list[Notice]:
    """A mail about each clock to each person whom the registry names, once per clock and person.

    One clock a case. A second call for the same clock queues nothing, but a warning that was
    withdrawn and given again is mailed again (SLA-6). The caller holds the locks of the cases.
    """
    occasions = [
        Occasion(f"clock:{_occurrence(event, each)}", each.case, {"clock": each, "words": words})
        for each in clocks
    ]
    return _tell(event, occasions, actor=actor, now=now, again=True)


def _occurrence(event: str, clock: Clock) -> str:
    if event == "clock_warning" and clock.warned_at:
        return f"{clock.pk}:{clock.warned_at.isoformat()}"
    return str(clock.pk)


def notify_of_failure(failed: Notice, *, actor: Actor, now: dt.datetime) -> list[Notice]:
    """The people who work the case are told that this mail about it was given up, once each time.

    A mail about another failed mail causes none. The caller holds the notice's lock.
    """
    if failed.case is None or failed.event == "notice_failed":
        return []
    words = f"{settings.SITE_URL}/admin/cases/notice/{failed.pk}/change/"
    occasion = Occasion(
        f"{failed.pk}:{now.isoformat()}", failed.case, {"failed": failed, "words": words}
    )
    return _tell("notice_failed", [occasion], actor=actor, now=now)


def tell_unheard(cases: Iterable[Case], *, actor: Actor, now: dt.datetime) -> list[Notice]:
    """The owner of each of these cases, or the leads of the unassigned queue, are told that nobody
    on the customer's side can answer any longer; once a day a case, whoever wrote it."""
    occasions = [Occasion(f"{case.pk}:{now.date()}", case) for case in cases]
    return _tell("unheard", occasions, actor=actor, now=now, again=True)


def recipients(event: str, cases: Iterable[Case], *, actor: Actor) -> dict[Case, list[Person]]:
    """The people whom the registry names for this event in each of these cases, by primary key."""
    occasions = [Occasion("", case) for case in cases]
    read, _ = _readers(REGISTRY[event], occasions, actor)
    return {
        occasion.case: [each for each in readers if isinstance(each, Person)]
        for occasion, readers in zip(occasions, read, strict=True)
    }


def _readers(
    told: NoticeType, occasions: Sequence[Occasion], actor: Actor
) -> tuple[list[list[Person | Addressee]], set[int]]:
    """The readers of each occasion, by primary key; and cases where nobody is left to answer."""
    cases = [each.about for each in occasions if each.about]
    groups = Groups(cases, actor=actor, always=told.always)
    read = []
    for occasion in occasions:
        named = [each for audience in told.to for each in audience(groups, occasion)]
        people = {each.pk: each for each in named if isinstance(each, Person)}
        if actor.person and not told.receipt:
            people.pop(actor.person.pk, None)
        readers: list[Person | Addressee] = [each for each in named if isinstance(each, Addressee)]
        readers += [people[pk] for pk in sorted(people) if is_reachable(people[pk])]
        read.append(readers)
    return read, groups.unheard


def _tell(
    event: str,
    occasions: Sequence[Occasion],
    *,
    actor: Actor,
    now: dt.datetime,
    again: bool = False,
    is_secret: bool = False,
) -> list[Notice]:
    """The mails are in the outbox; a worker is told after the commit.

    With `again`, those that were queued before are skipped. If a type names an address, that only
    reader is not part of the key.
    """
    told = REGISTRY[event]
    if any(getattr(each.words.get("entry"), "is_internal", False) for each in occasions):
        raise ValueError("An internal entry is told to nobody.")
    read, unheard = _readers(told, occasions, actor)
    if unheard and actor.side is not Side.CONTACT:
        tell_unheard(
            [each.case for each in occasions if each.about and each.about.pk in unheard],
            actor=actor,
            now=now,
        )
    word = told.stored_as or event
    mails = {
        f"{word}:{occasion.key}" + (f":{each.pk}" if isinstance(each, Person) else ""): (
            occasion,
            Addressee(each.email, each) if isinstance(each, Person) else each,
        )
        for occasion, readers in zip(occasions, read, strict=True)
        for each in readers
    }
    if again:
        for key in Notice.objects.filter(key__in=mails).values_list("key", flat=True):
            del mails[key]
    # Read once, if the words name them at all.
    times = cache(partial(closings, [each.about for each in occasions if each.about], now))
    notices = [
        _mail(
            told=told,
            occasion=occasion,
            reader=reader,
            actor=actor,
            now=now,
            key=key,
            is_secret=is_secret,
            closes_at=partial(_closing_of, occasion.about, times),
        )
        for key, (occasion, reader) in mails.items()
    ]
    if notices:
        save_all(notices, actor=actor, now=now, why=f"notices.{word}")
        wake("deliver-notices")
    return notices


def _closing_of(
    case: Case | None, times: Callable[[], Mapping[int, dt.datetime]]
) -> dt.datetime | None:
    return times().get(case.pk) if case else None


def _mail(
    *,
    told: NoticeType,
    occasion: Occasion,
    reader: Addressee,
    actor: Actor,
    now: dt.datetime,
    key: str,
    is_secret: bool,
    closes_at: Callable[[], dt.datetime | None],
) -> Notice:
    """A mail that is not stored yet."""
    subject, text = rendered(
        told.event, occasion, person=reader.person, actor=actor, closes_at=closes_at
    )
    return Notice(
        key=key,
        event=told.stored_as or told.event,
        case=occasion.about,
        person=reader.person,
        email=reader.email,
        subject=" ".join(subject.split())[:250],
        text=text,
        message_id=f"<{uuid4().hex}@{mail_host()}>",
        is_secret=is_secret,
        created_at=now,
        due_at=now,
    )


def rendered(
    event: str, occasion: Occasion, *, person: Person | None, actor: Actor, **words: Any
) -> tuple[str, str]:
    """The subject and the text of this mail to this person, with times in their zone."""
    told, case = REGISTRY[event], occasion.about
    carries_content = realm.current().mails_carry_content
    page = told.page or (case_page if case else None)
    context = {
        **common_context(person),
        "case": case,
        "actor": _name_of(actor, with_name=carries_content),
        "with_content": carries_content,
        "url": page and f"{settings.SITE_URL}{page(occasion, person)}",
        **words,
        **occasion.words,
    }
    if case and not carries_content:
        subject = case.number
    elif told.subject:
        subject = told.subject.format(**context)
    else:
        subject = f"{occasion.case.number}: {occasion.case.subject}"
    with timezone.override(person.time_zone if person else "UTC"):
        text = mail_text(f"mail/{told.template or event}.txt", context)
    return subject, text


def common_context(person: Person | None) -> dict[str, Any]:
    """The context of every mail's template."""
    return {
        "person": person,
        "portal_title": realm.current().portal_title,
        "site_url": settings.SITE_URL,
        "support_phone": settings.SUPPORT_PHONE,
        "link_days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }


def case_page(occasion: Occasion, person: Person | None) -> str:
    """The page of the case on the reader's side; for a bare address, on the staff's."""
    if person and not person.is_staff:
        return occasion.case.get_absolute_url()
    return f"/admin/cases/case/{occasion.case.pk}/change/"


def _name_of(actor: Actor, *, with_name: bool) -> str:
    """Who did it: by name only if mails may carry what the case holds (FED-13)."""
    if actor.person and with_name:
        return str(actor.person)
    return {
        Side.CONTACT: "A Designated Contact",
        Side.STAFF: "Product Support",
        Side.JOB: "The support desk",
    }[actor.side]
