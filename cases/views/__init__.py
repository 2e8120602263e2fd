"""The portal's pages. A view chooses what to show; the services decide."""

from .applicants import applicant, applicants, get_started, get_started_done
from .cases import act, case, entry
from .files import file
from .lists import cases
from .new_case import choose, open_for, opened
from .pages import announcements, before, start
from .profile import profile

__all__ = [
    "act",
    "announcements",
    "applicant",
    "applicants",
    "before",
    "case",
    "cases",
    "choose",
    "entry",
    "file",
    "get_started",
    "get_started_done",
    "open_for",
    "opened",
    "profile",
    "start",
]
