"""The gates and the queues of this app. Contacts reach objects only through `visible_to`."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F

from cases.models import Case, Person


class OfCaseQuerySet(models.QuerySet):
    """Rows that belong to a case are seen by those who see the case (ACC-4)."""

    def visible_to(self, person: Person) -> Self:
        return self.filter(case__in=Case.objects.visible_to(person))


class EscalationQuerySet(OfCaseQuerySet):
    def active(self) -> Self:
        """ESC-5: Requested, Under Review or Accepted."""
        return self.filter(state__in=["requested", "under_review", "accepted"])

    def to_review(self) -> Self:
        """MGT-1: the Escalation Owners' review queue, oldest due first."""
        return self.filter(state__in=["requested", "under_review"]).order_by("answer_due_at", "id")

    def ranked(self, now: dt.datetime) -> Self:
        """MGT-3, MGT-4: accepted ones, overdue words first, then by importance and urgency."""
        return self.filter(state="accepted").order_by(*self.ranking(now))

    @staticmethod
    def ranking(now: dt.datetime) -> tuple[Any, ...]:
        """The order of `ranked`."""
        overdue = models.Case(
            models.When(next_word_due_at__lt=now, then=0),
            default=1,
            output_field=models.SmallIntegerField(),
        )
        next_word = F("next_word_due_at").asc(nulls_last=True)
        return (overdue.asc(), "importance", "urgency", next_word, "id")


class EscalationEntryQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(visibility="public")

    def visible_to(self, person: Person) -> Self:
        """Public entries of the escalations of cases that this contact sees (FEED-3)."""
        return self.public().filter(escalation__case__in=Case.objects.visible_to(person))


class OwnerReviewQuerySet(OfCaseQuerySet):
    def open(self) -> Self:
        return self.filter(state="open")

    def queue_of(self, person: Person) -> Self:
        """MGT-6: what waits for this Case Owner, oldest first; what has no owner waits for all."""
        mine = models.Q(case__owner=person) | models.Q(case__owner=None)
        return self.open().filter(mine).order_by("requested_at", "id")


class AttentionQuerySet(OfCaseQuerySet):
    def waiting(self) -> Self:
        """MGT-8: not answered yet, in a case that is open."""
        return self.filter(state="waiting")


class EngagementQuerySet(OfCaseQuerySet):
    def open(self) -> Self:
        """On a case that is not closed."""
        return self.exclude(case__state="closed")

    def queue_of(self, person: Person) -> Self:
        """MGT-7: the open cases on which this manager stands."""
        return self.open().filter(manager=person)
