"""The staff's pages of this app. The services decide."""

from . import engagements, escalations, queues, reasons, reviews

__all__ = ["engagements", "escalations", "queues", "reasons", "reviews"]
