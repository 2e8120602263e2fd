"""The staff's pages of this app. They show; the services decide."""

from . import engagements, escalations, reasons, reviews

__all__ = ["engagements", "escalations", "reasons", "reviews"]
