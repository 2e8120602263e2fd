"""The notices of the desk and their readers: one registry, which each app fills when ready.

Every mail of the desk has a row, including those about a sign-in: nothing else reaches the
outbox. A new one is a row, its template, and a call of `notices.notify`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from . import recipients as to
from .models import Person
from .recipients import Audience, Occasion


@dataclass(frozen=True)
class NoticeType:
    """One row of the registry: what happened, who reads it, and where the mail's link leads.

    The words are those of `mail/<event>.txt`, or of another template. The person who did it is not
    told, except by a receipt. `always` overrides a contact's choice to get no mail: for what
    they must not miss. The subject is a format string of the template's context; a mail about a
    case has the case's number instead, with its subject if mails carry content (FED-13).
    """

    event: str
    what: str
    to: tuple[Audience, ...]
    always: bool = False
    receipt: bool = False
    subject: str = ""
    template: str = ""
    #: Its name in the outbox, if another type has that name here.
    stored_as: str = ""
    #: The path for this reader; by default the page of the case.
    page: Callable[[Occasion, Person | None], str] | None = None


def row(event: str, what: str, *readers: Audience, **more: Any) -> NoticeType:
    """The row of this event."""
    return NoticeType(event, what, readers, **more)


#: Heading in docs/notices.md -> the types of one app.
GROUPS: dict[str, Sequence[NoticeType]] = {}
#: Event -> its type.
REGISTRY: dict[str, NoticeType] = {}


def register(heading: str, types: Sequence[NoticeType]) -> None:
    """Add these notices to the registry. Called by each app when it is ready."""
    GROUPS[heading] = types
    for each in types:
        if REGISTRY.setdefault(each.event, each) is not each:
            raise ValueError(f"Two notice types are called {each.event}.")


def applicant_page(occasion: Occasion, person: Person | None) -> str:
    """The page on which this reader decides on the applicant."""
    is_staff = person is not None and person.is_staff
    page = "admin:cases_applicant_change" if is_staff else "portal:applicant"
    return reverse(page, args=[occasion.words["applicant"].pk])


CASES = [
    row("opened", "A case was opened.", to.opener, receipt=True),
    row("taken", "A support expert took the case.", to.contacts),
    row("assigned", "The case was assigned, or handed over.", to.owner),
    row("question", "Product Support asks the customer a question.", to.contacts, always=True),
    row("third_party", "The case waits for a third party.", to.contacts),
    row("resumed", "The third party has done its part, and work goes on.", to.contacts),
    row("resolution", "Product Support proposes a resolution.", to.contacts, always=True),
    row("accepted", "A contact accepted the resolution.", to.contacts, to.owner),
    row("persists", "A contact reported that the issue persists.", to.contacts, to.owner),
    row("closed", "The case was closed.", to.contacts, to.owner, always=True),
    row("reopened", "The case was reopened.", to.contacts, to.owner),
    row("entry", "Somebody wrote a public entry in the case.", to.contacts, to.owner),
    # The contacts were told when the words were written in the other feed.
    row("moved", "A contact's entry was moved here from another feed.", to.owner_or_leads),
    row("severity", "Product Support changed the severity.", to.contacts),
    row("clock_warning", "A clock of the case is due soon.", to.owner_or_leads),
    row("clock_breached", "A clock of the case ran out.", to.owner_or_leads),
    row("closing_notice", "Without an answer the case will be closed.", to.contacts, always=True),
    row("closing_held", "Something holds a case open that is due for closing.", to.owner_or_leads),
    row(
        "closing_unheard",
        "No contact is left who can be told of the closing (RESP-1).",
        to.owner_and_leads,
    ),
    row("extended", "Product Support gives more time.", to.contacts, always=True),
    row("notice_failed", "A mail about the case was given up.", to.another_who_works_it),
    row("platform", "The issue affects the platform.", to.contacts),
    row("single", "The issue does not affect the platform.", to.contacts),
    row("restored", "The service was restored (RCA-1).", to.contacts, to.owner, always=True),
    row(
        "not_restored",
        "The service was not restored after all.",
        to.contacts,
        to.owner,
        always=True,
    ),
    row(
        "analysis_asked",
        "A contact asks for the analysis, for documents, or for a meeting.",
        to.owner_or_leads,
    ),
    row("analysis_delivered", "The root cause analysis was delivered.", to.contacts, always=True),
    row("meeting_recorded", "The meeting about the analysis was recorded.", to.contacts),
    row(
        "critical",
        "The case is Critical, from its opening or since a change (PLAN-3).",
        to.account_manager,
    ),
    row(
        "released",
        "The Case Owner left, or lost the role: the case waits for another one.",
        to.contacts,
        to.owner_or_leads,
    ),
    row(
        "unheard",
        "Nobody on the customer's side is left who could answer.",
        to.owner_or_leads,
        receipt=True,
    ),
]
ACCESS = [
    row(
        "applicant",
        "Somebody asks for access by “Get started” (ACC-5).",
        to.deciders,
        subject="{portal_title}: access requested",
        page=applicant_page,
    ),
    row(
        "applicant_decided",
        "Access was granted or declined.",
        to.applicant,
        subject="{portal_title}: {news}",
    ),
    row(
        "sign_in_changed",
        "The address or the sign-in of an account was changed (FED-6).",
        to.former_address,
        subject="{portal_title}: your sign-in was changed",
    ),
]
