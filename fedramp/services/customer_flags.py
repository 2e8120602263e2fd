"""An organization becomes a FedRAMP customer: its cases leave the commercial realm (FED-1)."""

import datetime as dt

from django.db.models import QuerySet

from cases import realm
from cases.actors import Actor
from cases.errors import NotAllowed, NotPossible
from cases.models import Case, Organization
from cases.persistence import save
from cases.services.files import files_in_transaction
from cases.services.locks import lock_case
from cases.services.texts import checked

from .redactions import REDIRECT, redirect_locked

CHANGE = "cases.change_organization"


def flag_organization(
    *, organization_id: int, reason: str, actor: Actor, now: dt.datetime
) -> list[Case]:
    """The organization is flagged, and each of its open cases redirected; these are returned.

    One transaction: every case is redirected (closed, the link mailed to its contact, its words
    removed beyond recovery), or the flag is not set. Cases that were closed before keep their words
    until somebody redirects them. Raises NotAllowed without both rights; NotPossible if it is
    flagged already, or in the realm that holds its cases; Invalid without a reason.
    """
    if not (actor.may(REDIRECT) and actor.may(CHANGE)):
        raise NotAllowed("Your role does not allow you to flag a FedRAMP organization.")
    reason = checked("reason", reason, most=1000, needed="Say how you know.")
    with files_in_transaction():
        rows = Organization.objects.select_for_update(no_key=True, of=("self",))
        organization = rows.get(pk=organization_id)
        if organization.is_fedramp or realm.current().name == "fedramp":
            raise NotPossible("It is already a FedRAMP organization.")
        redirected = []
        for case_id in open_cases(organization).order_by("pk").values_list("pk", flat=True):
            case = lock_case(case_id)
            if case.is_open:
                redirect_locked(case, reason=reason, actor=actor, now=now)
                redirected.append(case)
        organization.is_fedramp = True
        save(organization, actor=actor, now=now, why="flagging.flag", fields=["is_fedramp"])
    return redirected


def open_cases(organization: Organization) -> QuerySet[Case]:
    """The cases that stand in the way of the flag."""
    return organization.cases.exclude(state="closed")
