"""Thin Celery wrappers of the sign-in's own jobs; see `cases.tasks`."""

from celery import shared_task

from cases import jobs
from cases.tasks import ring


@shared_task
def send_reset_links() -> int:
    """Mails the links to choose a new password that were asked for."""
    return jobs.run("send-reset-links")


def ring_reset_links() -> None:
    """Wakes who mails them."""
    ring(send_reset_links)
