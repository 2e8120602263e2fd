"""Celery: beat's schedule is made from the table of jobs, and no job queues its successor."""

import os
import sys
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from django.conf import settings
from django.utils.functional import SimpleLazyObject

from cases.job_table import schedule

from .workers import pulse  # noqa: F401 - its signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")

app = Celery("supportdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
#: Made when beat asks for it: by then all apps are ready, and their jobs are in the table.
app.conf.beat_schedule = SimpleLazyObject(schedule)


@setup_logging.connect
def use_django_logging(**kwargs: Any) -> None:
    """Celery logs as Django does: one configuration for all processes."""
    dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def look_at_the_database(**kwargs: Any) -> None:
    """A worker or beat on the other realm's database ends before it does anything."""
    # It imports the settings, which import this package first.
    from .boundary import RealmsMixed, refuse_foreign_database

    try:
        refuse_foreign_database()
    except RealmsMixed as error:
        sys.exit(f"supportdesk: {error}")
