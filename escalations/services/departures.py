"""Departures: escalations whose owner left or lost the role, and engaged managers (MGT)."""

import datetime as dt

from cases.actors import Actor
from cases.models import Notice, Person
from cases.notices import notify

from ..models import Escalation, EscalationEntry, ManagerEngagement
from .ownership import say
from .persistence import lock_escalation, save_escalation


def give_back(*, person_id: int, actor: Actor, now: dt.datetime) -> int:
    """Active escalations that this person can no longer manage wait for a new owner.

    One under review is in the review queue again; an accepted one stays accepted, with its promised
    word, and any Escalation Owner can hand it over. Its feed says so, and all who review
    escalations are told. If an engaged manager left, the Case Owner is told. Called in the
    transaction that gives back the person's cases.
    """
    person = Person.objects.get(pk=person_id)
    who = Actor.of(person)
    returned = 0
    if not who.may("escalations.manage_escalation"):
        owned = Escalation.objects.active().filter(owner=person).order_by("case", "pk")
        for pk in list(owned.values_list("pk", flat=True)):
            returned += _release(pk, person, actor=actor, now=now)
    if not who.may("escalations.be_engaged"):
        for engagement in ManagerEngagement.objects.queue_of(person).select_related("case"):
            if Notice.objects.filter(key__startswith=f"manager_left:m{engagement.pk}:").exists():
                continue
            notify(
                "manager_left",
                f"m{engagement.pk}",
                case=engagement.case,
                actor=actor,
                now=now,
                name=str(person),
            )
    return returned


def _release(escalation_id: int, person: Person, *, actor: Actor, now: dt.datetime) -> bool:
    _, escalation = lock_escalation(escalation_id, wherever_it_belongs=True)
    if escalation.owner_id != person.pk or not escalation.is_active:
        return False  # handed over, or ended, while we waited for its lock
    if escalation.state == "under_review":
        escalation.give_back()
    else:
        escalation.owner = None
    save_escalation(
        escalation, actor=actor, now=now, why="leaving.release", fields=["state", "owner"]
    )
    say(
        escalation,
        "escalation_released",
        EscalationEntry.Event.RELEASED,
        actor,
        now,
        body=(
            f"{person} is no longer looking after this escalation. It is waiting for a new "
            "Escalation Owner; all promises remain in force."
        ),
        from_value=str(person)[:120],
    )
    return True


def owners_gone() -> list[int]:
    """The people who own an active escalation and cannot manage it, by primary key."""
    owned = Escalation.objects.active().filter(owner__isnull=False)
    people = Person.objects.filter(pk__in=owned.values("owner")).order_by("pk")
    return [
        person.pk for person in people if not Actor.of(person).may("escalations.manage_escalation")
    ]
