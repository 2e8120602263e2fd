"""The staff's pages of this app. They show; the services decide."""

from . import engagements, escalations, queues, reasons, reviews

__all__ = ["engagements", "escalations", "queues", "reasons", "reviews"]
