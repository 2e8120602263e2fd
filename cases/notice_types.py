"""What the desk tells, and whom: one registry, which each app fills when it is ready.

Every mail of the desk has a row, also those about a sign-in: nothing else reaches the outbox. A
new one is a row, its template, and a call of `notices.notify`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from .models import Person
from .recipients import (
    Audience,
    Occasion,
    account_manager,
    another_who_works_it,
    applicant,
    contacts,
    deciders,
    former_address,
    opener,
    owner,
    owner_and_leads,
    owner_or_leads,
)


@dataclass(frozen=True)
class NoticeType:
    """One row of the registry: what happened, who reads it, and where the mail's link leads.

    The words are those of `mail/<event>.txt`, or of another template. A person who did it is not
    told, except by a receipt. `always` goes past the choice of a contact to get no mail: for what
    they must not miss. The subject is a format string of the template's context; a mail about a
    case has the case's number instead, with its subject where mails carry content (FED-13).
    """

    event: str
    what: str
    to: tuple[Audience, ...]
    always: bool = False
    receipt: bool = False
    subject: str = ""
    template: str = ""
    #: What the outbox calls it, where another type has that name here.
    stored_as: str = ""
    #: The path for this reader; the page of the case unless something else is said.
    page: Callable[[Occasion, Person | None], str] | None = None


#: Heading in docs/notices.md -> the types of one app.
GROUPS: dict[str, Sequence[NoticeType]] = {}
#: Event -> its type.
REGISTRY: dict[str, NoticeType] = {}


def register(heading: str, types: Sequence[NoticeType]) -> None:
    """These are notices from now on. Called by each app when it is ready."""
    GROUPS[heading] = types
    for each in types:
        if REGISTRY.setdefault(each.event, each) is not each:
            raise ValueError(f"Two notice types are called {each.event}.")


def applicant_page(occasion: Occasion, person: Person | None) -> str:
    """Where this reader decides on the applicant."""
    is_staff = person is not None and person.is_staff
    page = "admin:cases_applicant_change" if is_staff else "portal:applicant"
    return reverse(page, args=[occasion.words["applicant"].pk])


CASES = [
    NoticeType("opened", "A case was opened.", (opener,), receipt=True),
    NoticeType("taken", "A support expert took the case.", (contacts,)),
    NoticeType("assigned", "The case was assigned, or handed over.", (owner,)),
    NoticeType(
        "question", "Product Support asks the customer a question.", (contacts,), always=True
    ),
    NoticeType("third_party", "The case waits for a third party.", (contacts,)),
    NoticeType("resumed", "The third party has done its part, and work goes on.", (contacts,)),
    NoticeType("resolution", "Product Support proposes a resolution.", (contacts,), always=True),
    NoticeType("accepted", "A contact accepted the resolution.", (contacts, owner)),
    NoticeType("persists", "A contact reported that the issue persists.", (contacts, owner)),
    NoticeType("closed", "The case was closed.", (contacts, owner), always=True),
    NoticeType("reopened", "The case was reopened.", (contacts, owner)),
    NoticeType("entry", "Somebody wrote a public entry in the case.", (contacts, owner)),
    # Where the words came from, the contacts were told of them.
    NoticeType("moved", "A contact's entry was moved here from another feed.", (owner_or_leads,)),
    NoticeType("severity", "Product Support changed the severity.", (contacts,)),
    NoticeType("clock_warning", "A clock of the case is due soon.", (owner_or_leads,)),
    NoticeType("clock_breached", "A clock of the case ran out.", (owner_or_leads,)),
    NoticeType(
        "closing_notice", "Without an answer the case will be closed.", (contacts,), always=True
    ),
    NoticeType(
        "closing_held",
        "Something holds a case open that is due for closing.",
        (owner_or_leads,),
    ),
    NoticeType(
        "closing_unheard",
        "No contact is left who can be told of the closing (RESP-1).",
        (owner_and_leads,),
    ),
    NoticeType("extended", "Product Support gives more time.", (contacts,), always=True),
    NoticeType("notice_failed", "A mail about the case was given up.", (another_who_works_it,)),
    NoticeType("platform", "The issue affects the platform.", (contacts,)),
    NoticeType("single", "The issue does not affect the platform.", (contacts,)),
    NoticeType("restored", "The service was restored (RCA-1).", (contacts, owner), always=True),
    NoticeType(
        "not_restored", "The service was not restored after all.", (contacts, owner), always=True
    ),
    NoticeType(
        "analysis_asked",
        "A contact asks for the analysis, for documents, or for a meeting.",
        (owner_or_leads,),
    ),
    NoticeType(
        "analysis_delivered", "The root cause analysis was delivered.", (contacts,), always=True
    ),
    NoticeType("meeting_recorded", "The meeting about the analysis was recorded.", (contacts,)),
    NoticeType(
        "critical",
        "The case is Critical, from its opening or since a change (PLAN-3).",
        (account_manager,),
    ),
    NoticeType(
        "released",
        "The Case Owner left, or lost the role: the case waits for another one.",
        (contacts, owner_or_leads),
    ),
    NoticeType(
        "unheard",
        "Nobody on the customer's side is left who could answer.",
        (owner_or_leads,),
        receipt=True,
    ),
]
ACCESS = [
    NoticeType(
        "applicant",
        "Somebody asks for access by “Get started” (ACC-5).",
        (deciders,),
        subject="{portal_title}: somebody asks for access",
        page=applicant_page,
    ),
    NoticeType(
        "applicant_decided",
        "Access was granted or declined.",
        (applicant,),
        subject="{portal_title}: {news}",
    ),
    NoticeType(
        "sign_in_changed",
        "The address or the sign-in of an account was changed (FED-6).",
        (former_address,),
        subject="{portal_title}: your sign-in was changed",
    ),
]
