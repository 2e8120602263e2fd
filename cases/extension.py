"""The hooks through which this app acts on the apps above it, which it does not know.

One signal and a few registries. Receivers and entries are registered when their app is ready
(`AppConfig.ready`), and run in the caller's transaction: an exception undoes all of it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.safestring import SafeString

from .actors import Actor
from .gates import SignedInRequest
from .models import Case, Entry

#: Cases were closed, by anybody; `cases` are locked, `actor` and `now` are those of the closing.
#: Send with `send`, not `send_robust`: a receiver that fails keeps the cases open.
cases_closed = Signal()

#: Staff wrote to the customers in the feeds of these locked cases, as SLA-1 counts it; `actor` and
#: `now` are those of the entry. Send with `send`.
staff_wrote = Signal()

#: FED-6: a person's address, account or sign-in was changed; `person`, `what` (one of "address",
#: "account", "reset"), `actor` and `now`. Sent in the transaction of the change.
sign_in_changed = Signal()

#: A person's rights may have changed: `person_id`, to be read again; work that they can no longer
#: do is given back. `actor` and `now` are those of the giving back. Send with `send`.
rights_changed = Signal()

#: Each finds people who hold work that they can no longer do, by primary key.
holders_gone: list[Callable[[], Iterable[int]]] = []

#: RESP-6: each is called before a job closes these cases, and returns why it must not close some of
#: them, by primary key.
closing_vetoes: list[Callable[[Sequence[Case]], Mapping[int, str]]] = []

#: A link to an action on another page: its label, and the address.
Link = tuple[str, str]


@dataclass(frozen=True)
class StaffCaseParts:
    """What an app above adds to the staff's case page. Its actions have pages of their own."""

    #: Further buttons in the head of every page about the case; they cost no query.
    links: Callable[[HttpRequest, Case], list[Link]]
    #: A card in the side column, from a template of its own; and the link for each entry shown that
    #: has an action, by its primary key.
    show: Callable[[HttpRequest, Case, Sequence[Entry]], tuple[SafeString, dict[int, Link]]]


#: MGT-7 and others: called once per page view by `cases.admin.case_page`.
staff_case_parts: list[StaffCaseParts] = []


@dataclass(frozen=True)
class Tab:
    """A page of the case beside its feed: the words of the link, and a few about its content."""

    label: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class CasePagePart:
    """What an app adds to the contact's case page: a panel at the lower right, and tabs."""

    panel: SafeString
    tabs: tuple[Tab, ...] = ()


#: HELP-1, FEED-1, ESC-3: called once per page view with the entries that the page shows; the flag
#: says whether the contact is a Designated one. Each renders its panel from a template of its own.
case_page_parts: list[Callable[[SignedInRequest, Case, bool, Sequence[Entry]], CasePagePart]] = []

#: ESC-3: called with the entries that another page of the case shows a contact, in order.
entries_shown: list[Callable[[SignedInRequest, Case, Sequence[Entry]], None]] = []


def vetoes_of(cases: Sequence[Case]) -> dict[int, str]:
    """Why no job may close some of these cases now, by primary key: the first reason (RESP-6)."""
    return {pk: why for veto in reversed(closing_vetoes) for pk, why in veto(cases).items()}


@dataclass(frozen=True)
class FurtherClocks:
    """Clocks that an app above keeps in rows of its own (MGT-9); they run like those here.

    `warn` and `breach` do some of what is due, and return how much. `count_anew` is called in the
    transaction that changes the terms of this locked case (SLA-6); `running` says how many run in
    these cases by their calendar.
    """

    warn: Callable[[dt.datetime], int]
    breach: Callable[[dt.datetime], int]
    count_anew: Callable[[Case, Actor, dt.datetime], None]
    running: Callable[[QuerySet[Case]], int]


further_clocks: list[FurtherClocks] = []
