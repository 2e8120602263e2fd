"""Thin Celery wrappers of the FedRAMP realm's own jobs; see `cases.tasks`."""

from celery import shared_task

from cases import jobs


@shared_task
def disable_dormant_accounts() -> int:
    """Disable the accounts that nobody uses."""
    return jobs.run("disable-dormant-accounts")


@shared_task
def seal_audit_log() -> int:
    """Seal the newest entries of the audit log."""
    return jobs.run("seal-audit-log")


@shared_task
def anchor_audit_log() -> int:
    """Write the day's anchor of the audit log."""
    return jobs.run("anchor-audit-log")


@shared_task(time_limit=840)
def scrub_files() -> int:
    """Scrub the files in quarantine. A file may take minutes."""
    return jobs.run("scrub-files")


@shared_task
def scan_held_files() -> int:
    """Scan the files that wait for a second person for viruses."""
    return jobs.run("scan-held-files")


@shared_task
def destroy_held_files() -> int:
    """Destroy quarantined files that nobody waits for any longer."""
    return jobs.run("destroy-held-files")
