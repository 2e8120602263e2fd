"""The one task of Celery: it runs a job by its name, and carries no content."""

from celery import shared_task

from . import jobs
from .job_table import TASK


@shared_task(name=TASK)
def run_job(name: str) -> int:
    """Does the job's due work; returns how much that was."""
    return jobs.run(name)
