"""The staff's pages of this app. They show; the services decide."""

from . import escalations, reasons, reviews

__all__ = ["escalations", "reasons", "reviews"]
