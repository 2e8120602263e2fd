"""The portal's pages. A view chooses what to show; the services decide."""

from .cases import act, case, entry
from .files import file
from .lists import cases
from .opening import choose, open_for, opened
from .pages import announcements, start
from .profile import profile

__all__ = [
    "act",
    "announcements",
    "case",
    "cases",
    "choose",
    "entry",
    "file",
    "open_for",
    "opened",
    "profile",
    "start",
]
