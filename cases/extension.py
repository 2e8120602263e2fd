"""The seams: where this app acts on those above it, which it does not know.

One signal and two registries. Receivers and entries are registered when their app is ready
(`AppConfig.ready`), and run in the caller's transaction: what they raise undoes all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.dispatch import Signal

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from .gates import SignedInRequest
    from .models import Case

#: A case was closed, by whomever; `case` is locked, `actor` and `now` are those of the closing.
#: Send with `send`, not `send_robust`: a receiver that fails keeps the case open.
case_closed = Signal()

#: RESP-6: each is asked before a job closes a case, and returns why it must not, or "".
closing_vetoes: list[Callable[["Case"], str]] = []


@dataclass(frozen=True)
class Tab:
    """A page of the case beside its feed: the words of the link, and a few on what is there."""

    label: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class CasePagePart:
    """What an app adds to the contact's case page: a panel at the lower right, and tabs."""

    panel: "SafeString"
    tabs: tuple[Tab, ...] = ()


#: HELP-1, FEED-1: called once a page view; the flag says whether the contact is a Designated one.
#: Each renders its panel from a template of its own.
case_page_parts: list[Callable[["SignedInRequest", "Case", bool], CasePagePart]] = []


def veto_of(case: "Case") -> str:
    """Why no job may close this case now; "" where one may (RESP-6)."""
    return next((reason for veto in closing_vetoes if (reason := veto(case))), "")
