"""The project: settings, URLs, Celery, middleware, and pages that show two apps at once."""

from .celery import app as celery_app

__all__ = ["celery_app"]
