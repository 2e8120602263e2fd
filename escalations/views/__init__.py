"""The portal pages of this app: they choose what to show, and decide nothing."""

from .asking import ask_for_help, ask_for_medium, help_panel
from .attention import ask_management
from .details import details, one

__all__ = [
    "ask_for_help",
    "ask_for_medium",
    "ask_management",
    "details",
    "help_panel",
    "one",
]
