"""Celery: the beat schedule is this file, and no job queues its successor."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

from supportdesk.settings.environment import REALM

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")

app = Celery("supportdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A dictionary of our own until it is whole: reading `app.conf` would load the settings now.
_schedule: dict[str, dict[str, Any]] = {
    "warn-of-clocks": {"task": "cases.tasks.warn_of_clocks", "schedule": 30.0},
    "breach-clocks": {"task": "cases.tasks.breach_clocks", "schedule": 30.0},
    "send-closing-notices": {"task": "cases.tasks.send_closing_notices", "schedule": 60.0},
    "close-silent-cases": {"task": "cases.tasks.close_silent_cases", "schedule": 60.0},
    "recompute-clocks": {"task": "cases.tasks.recompute_clocks", "schedule": 30.0},
    "deliver-notices": {"task": "cases.tasks.deliver_notices", "schedule": 15.0},
    "scan-attachments": {"task": "cases.tasks.scan_attachments", "schedule": 30.0},
    "release-cases": {"task": "cases.tasks.release_cases", "schedule": 60.0},
    "clear-sessions": {"task": "cases.tasks.clear_sessions", "schedule": 3600.0},
    "remove-stray-files": {"task": "cases.tasks.remove_stray_files", "schedule": 3600.0},
}
_schedule["send-reset-links"] = {
    "task": "supportdesk.tasks.send_reset_links",
    "schedule": 15.0,
}
if REALM == "fedramp":
    _schedule["disable-dormant-accounts"] = {
        "task": "fedramp.tasks.disable_dormant_accounts",
        "schedule": 3600.0,
    }
    _schedule["seal-audit-log"] = {
        "task": "fedramp.tasks.seal_audit_log",
        "schedule": 60.0,
    }
    _schedule["anchor-audit-log"] = {
        "task": "fedramp.tasks.anchor_audit_log",
        "schedule": 3600.0,
    }
    _schedule["scrub-files"] = {"task": "fedramp.tasks.scrub_files", "schedule": 30.0}
    _schedule["scan-held-files"] = {
        "task": "fedramp.tasks.scan_held_files",
        "schedule": 30.0,
    }
    _schedule["destroy-held-files"] = {
        "task": "fedramp.tasks.destroy_held_files",
        "schedule": 3600.0,
    }
app.conf.beat_schedule = _schedule

from supportdesk.workers import pulse  # noqa: E402, F401 - its signals


@setup_logging.connect
def use_django_logging(**kwargs: Any) -> None:
    """Celery logs as Django does: one configuration for all processes."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def look_at_the_database(**kwargs: Any) -> None:
    """A worker or beat on the other realm's database ends before it does anything."""
    from supportdesk.boundary import RealmsMixed, refuse_foreign_database

    try:
        refuse_foreign_database()
    except RealmsMixed as error:
        sys.exit(f"supportdesk: {error}")
