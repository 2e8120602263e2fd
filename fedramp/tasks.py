"""Thin Celery wrappers of the FedRAMP realm's own jobs; see `cases.tasks`."""

from celery import shared_task

from cases import jobs


@shared_task
def disable_dormant_accounts() -> int:
    """Disables the accounts that nobody uses."""
    return jobs.run("disable-dormant-accounts")
