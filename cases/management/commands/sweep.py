"""`manage.py sweep`: everything that is due, once; for cron and for tests."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.job_table import JOBS
from cases.jobs import run


class Command(BaseCommand):
    help = "Run every background job once: clocks, closing notices, closings, scans, mail."

    def handle(self, *args: Any, **options: Any) -> None:
        for job in JOBS.values():
            self.stdout.write(f"{job.name}: {run(job.name)}")
