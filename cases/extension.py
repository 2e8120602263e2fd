"""The seams: where this app acts on those above it, which it does not know.

One signal and two registries. Receivers and entries are registered when their app is ready
(`AppConfig.ready`), and run in the caller's transaction: what they raise undoes all of it.
"""

from collections.abc import Callable
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

#: HELP-1: what stands at the lower right of the contact's case page, each rendered from a template
#: of its own. Called once a page view; the flag says whether the contact is a Designated one.
case_page_parts: list[Callable[["SignedInRequest", "Case", bool], "SafeString"]] = []


def veto_of(case: "Case") -> str:
    """Why no job may close this case now; "" where one may (RESP-6)."""
    return next((reason for veto in closing_vetoes if (reason := veto(case))), "")
