"""The portal pages of this app: they choose what to show, and decide nothing."""

from .attention import ask_management
from .details import details, one
from .help_requests import ask_for_help, help_panel
from .levels import ask_for_priority, ask_for_severity, withdraw

__all__ = [
    "ask_for_help",
    "ask_for_priority",
    "ask_for_severity",
    "ask_management",
    "details",
    "help_panel",
    "one",
    "withdraw",
]
