"""The contacts' pages of the FedRAMP realm. A view chooses what to show; the services decide."""

from .access import access_requests, ask_for_access
from .files import file_progress, file_scrubbed
from .invitations import invitation
from .pins import pin
from .scrub_reports import redact_passage, scrubbed

__all__ = [
    "access_requests",
    "ask_for_access",
    "file_progress",
    "file_scrubbed",
    "invitation",
    "pin",
    "redact_passage",
    "scrubbed",
]
