"""The locks that a service takes before it checks anything, in one order: organization, case."""

from django.db import transaction

from .. import realm
from ..actors import Actor
from ..errors import CaseChanged, NotPossible
from ..models import Case, Organization
from ..rules.actions import Side

BELONGS_ELSEWHERE = (
    "This is a FedRAMP organization: its cases belong in the FedRAMP portal. Please open the "
    "case there; Product Support redirects any case that is here. Nothing was stored."
)


def lock_case(case_id: int, *, wherever_it_belongs: bool = False) -> Case:
    """The case, read again under its row lock, with owner and organization; the caller is in a
    transaction.

    FED-1: this is the gate. Neither contacts nor staff for them write in a case that belongs in
    the other realm: raises NotPossible. Only code that removes its words, and jobs that add none,
    pass `wherever_it_belongs`.
    """
    assert transaction.get_connection().in_atomic_block, "a lock needs a transaction"
    cases = Case.objects.select_related("owner", "organization")
    case = cases.select_for_update(of=("self",)).get(pk=case_id)
    # Read after the lock: the joined row may be older than the lock's previous holder.
    case.organization.refresh_from_db(fields=["is_fedramp"])
    if not wherever_it_belongs:
        check_belongs_here(case.organization)
    found: Case = case
    return found


def lock_organization(organization_id: int) -> Organization:
    """FED-1: the organization under its lock, so that its realm does not change meanwhile.

    This lock is taken before that of any case. Raises NotPossible if its cases belong elsewhere.
    """
    rows = Organization.objects.select_for_update(no_key=True, of=("self",))
    organization: Organization = rows.get(pk=organization_id)
    check_belongs_here(organization)
    return organization


def check_version(case: Case, seen: int | None, *, actor: Actor) -> None:
    """Raises CaseChanged if a form was shown for an older version of this locked case.

    Staff see `version`, contacts `public_version`; None means that no form was shown.
    """
    current = case.public_version if actor.side is Side.CONTACT else case.version
    if seen is not None and seen != current:
        raise CaseChanged


def check_belongs_here(organization: Organization) -> None:
    """FED-1: raises NotPossible if this organization's cases belong in the other realm."""
    if not realm.current().may_open_for(organization):
        raise NotPossible(BELONGS_ELSEWHERE)
