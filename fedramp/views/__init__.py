"""The contacts' pages of the FedRAMP realm. A view chooses what to show; the services decide."""

from .access import access_requests, ask_for_access
from .files import file_progress, file_removed
from .invitations import invitation
from .pins import pin
from .scrub_reports import redact_passage, removed

__all__ = [
    "access_requests",
    "ask_for_access",
    "file_progress",
    "file_removed",
    "invitation",
    "pin",
    "redact_passage",
    "removed",
]
