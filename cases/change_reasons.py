"""Why a row was changed, in words: the history stores a code, and pages show these words (CASE-9).

The code is a short word that queries can rely on; it never contains what a person wrote. Each app
adds its own codes when it is ready; a test checks that every code used has its words.
"""

from .models import Entry
from .rules.actions import ACTIONS

REASONS: dict[str, str] = {
    "admin.add": "Added in the admin",
    "admin.change": "Changed in the admin",
    "admin.delete": "Deleted in the admin",
    "applicants.ask": "Access requested",
    "applicants.decide": "Access request decided",
    "clocks.breached": "Clock breached",
    "clocks.cancelled": "Clock cancelled",
    "clocks.met": "Clock met",
    "clocks.moved": "Due time moved",
    "clocks.recomputed": "Clock recalculated",
    "clocks.resumed": "Clock resumed",
    "clocks.started": "Clock started",
    "closing.close": "Closed after silence",
    "closing.extend": "Closing postponed",
    "closing.notice": "Notice before closing",
    "closing.notice_first": "Notice before closing comes first",
    "demo": "Demonstration data",
    "feeds.post_entry": "Update written",
    "files.refuse": "File refused",
    "files.store_files": "File received",
    "incidents.rename_incident": "Incident renamed",
    "incidents.restore_service": "Service restored",
    "incidents.state_times": "Times of the incident stated",
    "incidents.withdraw_restoration": "Restoration withdrawn",
    "leaving.release": "Released: its owner can no longer work on it",
    "lifecycle.reassign": "Case Owner changed",
    "linking.link_cases": "Linked with another case",
    "linking.unlink_cases": "Link removed",
    "moving.reopen": "Reopened: an answer had arrived before it was closed",
    "moving.take_in": "Message moved here from Escalation Details",
    "notices.resend": "Mail sent again",
    "opening.open_case": "Case opened",
    "profiles.change_profile": "Profile changed",
    "recomputing.ask": "Recalculation requested",
    "severity.change_severity": "Severity changed",
    "signing_in.reset_sign_in": "Sign-in reset",
    **{f"lifecycle.{action.name}": action.label for action in ACTIONS.values()},
    **{f"feed.{event.value}": f"Entry: {event.label}" for event in Entry.Event},
}
#: Codes that end in a name of their own.
FAMILIES = {"notices.": "Mail queued"}


def in_words(code: str) -> str:
    """The words for a stored code. A code that no longer exists is shown as words too."""
    for family, words in FAMILIES.items():
        if code not in REASONS and code.startswith(family):
            return words
    return REASONS.get(code) or code.rpartition(".")[2].replace("_", " ").capitalize()
