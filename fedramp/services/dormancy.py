"""Unused accounts are disabled (AC-2); an access administrator enables them again."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from cases.actors import Actor
from cases.models import Person
from cases.notices import notify
from cases.persistence import save
from cases.roles import ACCESS_ADMINISTRATOR
from cases.services.departures import give_back

from ..models import SessionMark
from ..notices import admitted_administrators

DORMANCY = Actor.of_job("disable-dormant-accounts")
#: This many in one transaction, with one mail about all of them.
_AT_ONCE = 100


def dormant(now: dt.datetime) -> QuerySet[Person]:
    """Active people who in `DORMANT_DAYS` have neither signed in, nor joined, nor been enabled."""
    limit = now - dt.timedelta(days=settings.DORMANT_DAYS)
    rows = Person.history.model.objects
    newest_off = rows.filter(id=OuterRef("id"), is_active=False).order_by("-history_id")
    enabled = (
        rows.filter(id=OuterRef("pk"), is_active=True)
        .annotate(off=Subquery(newest_off.values("history_id")[:1]))
        .filter(history_id__gt=F("off"))
        .order_by("history_id")
    )
    return (
        Person.objects.filter(is_active=True, joined_at__lte=limit)
        .filter(Q(last_login=None) | Q(last_login__lte=limit))
        .annotate(enabled_at=Subquery(enabled.values("history_date")[:1]))
        .filter(Q(enabled_at=None) | Q(enabled_at__lte=limit))
    )


def disable_dormant(now: dt.datetime) -> int:
    """Some dormant accounts are disabled, and the access administrators told once; how many.

    The last access administrator whom the realm admits stays: nobody could enable anybody again.
    """
    with transaction.atomic():
        # One sweep at a time: two must not each disable one of the last two administrators.
        Group.objects.select_for_update().get(name=ACCESS_ADMINISTRATOR)
        administrators = set(admitted_administrators())
        found = dormant(now).exclude(pk__in=[each.pk for each in administrators])
        people = list(found.order_by("pk").select_for_update(of=("self",), no_key=True)[:_AT_ONCE])
        for each in dormant(now).filter(pk__in=[each.pk for each in administrators]):
            if len(administrators) > 1:
                administrators.discard(each)
                people.append(each)
        for person in people:
            person.is_active = False
            save(person, actor=DORMANCY, now=now, why="dormancy.disable", fields=["is_active"])
        SessionMark.objects.filter(person__in=people).delete()
        for person in people:
            give_back(person_id=person.pk, now=now)
        if people:
            notify(
                "dormant",
                now.isoformat(),
                actor=DORMANCY,
                now=now,
                number=len(people),
                days=settings.DORMANT_DAYS,
            )
    return len(people)
