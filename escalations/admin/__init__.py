"""The staff's pages of this app. They show; the services decide."""

from . import escalations, reviews

__all__ = ["escalations", "reviews"]
