"""Thin Celery wrappers for the sign-in's own jobs; see `cases.tasks`."""

from celery import shared_task

from cases import jobs
from cases.tasks import ring


@shared_task
def send_reset_links() -> int:
    """Mail the requested links to choose a new password."""
    return jobs.run("send-reset-links")


def ring_reset_links() -> None:
    """Wake the worker that mails them."""
    ring(send_reset_links)
