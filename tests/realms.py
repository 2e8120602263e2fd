"""A database as it was before it had the realm's rules (FED-1, FED-8)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from cases.models import Organization
from fedramp import realm_triggers


@contextmanager
def without_rules() -> Iterator[None]:
    """Within, the rules of `fedramp.realm_triggers` have no effect."""
    _check_keys("IMMEDIATE")  # PostgreSQL drops no trigger while some wait for the commit
    realm_triggers.uninstall()
    yield
    _check_keys("IMMEDIATE")
    realm_triggers.install()
    _check_keys("DEFERRED")


def flag(organization: Organization) -> Organization:
    """Flags the organization although it has open cases."""
    with without_rules():
        Organization.objects.filter(pk=organization.pk).update(is_fedramp=True)
    organization.is_fedramp = True
    return organization


def _check_keys(when: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL {when}")
