"""The gates and the queues: which rows a person may see, and in which order work comes.

Objects reach a contact's view only through `visible_to` (ACC-4); staff see all of their realm.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from .rules.search import case_number_in, folded

if TYPE_CHECKING:
    from .models import Membership, Person


SEARCH_MAX = 200


class CaseQuerySet(models.QuerySet):
    def visible_to(self, person: "Person", roles: "Sequence[Membership] | None" = None) -> Self:
        """The cases of the organizations of which this contact is a member (ACC-2, ACC-4).

        `roles` are the contact's memberships, where they were read already: the organizations are
        named by their keys then. Of a join PostgreSQL thinks that it leaves hardly any case, and
        sorts all of a contact of several organizations to find the newest.
        """
        from .models import Membership

        if not person.is_active:
            return self.none()
        if roles is not None:
            assert all(role.person_id == person.pk for role in roles), "roles of somebody else"
            return self.filter(organization_id__in=[role.organization_id for role in roles])
        return self.filter(
            organization_id__in=Membership.objects.filter(person=person).values("organization_id")
        )

    def open(self) -> Self:
        # Written as the partial indexes are: SQLite uses one only if the two are the same.
        return self.exclude(state="closed")

    def by_urgency(self) -> Self:
        """SEV-3: by severity, then by the next deadline, then by age."""
        return self.order_by("severity", F("next_due_at").asc(nulls_last=True), "id")

    def unassigned(self) -> Self:
        return self.filter(state="new")

    def owned_by(self, person: "Person") -> Self:
        return self.open().filter(owner=person)

    def search(self, text: str, *, internal: bool) -> Self:
        """Cases whose number is, or whose subject or texts contain, what was typed.

        `internal` says whether internal entries are searched too: never for contacts (FEED-3).
        """
        from .models import SearchText

        # A longer pattern is no search: SQLite refuses it, PostgreSQL would read all texts for it.
        text = text[:SEARCH_MAX]
        if not (words := folded(text)):
            return self
        texts = SearchText.objects.filter(text__contains=words)
        if not internal:
            texts = texts.filter(is_public=True)
        return self.filter(Q(number=case_number_in(text)) | Q(pk__in=texts.values("case_id")))


class EntryQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(visibility="public")

    def visible_to(self, person: "Person") -> Self:
        """Public entries of the cases that this contact sees (FEED-3)."""
        from .models import Case

        return self.public().filter(case__in=Case.objects.visible_to(person))


class AttachmentQuerySet(models.QuerySet):
    def servable(self) -> Self:
        """Those that may leave the desk: scanned and clean, or no scanner is configured."""
        return self.filter(scan_state__in=["clean", "not_scanned"])

    def visible_to(self, person: "Person") -> Self:
        """Files of the entries that this contact sees."""
        from .models import Entry

        return self.filter(entry__in=Entry.objects.visible_to(person))


class NoticeQuerySet(models.QuerySet):
    def due(self, now: object) -> Self:
        return self.filter(state="queued", due_at__lte=now).order_by("due_at", "id")


class ClockQuerySet(models.QuerySet):
    def running(self) -> Self:
        # Written as the partial index is: SQLite uses it only if the two are the same.
        return self.filter(state="running")

    def open(self) -> Self:
        """Those that still count: running, or breached and what was promised still lacks."""
        return self.filter(Q(state="running") | Q(state="breached", ended_at=None))

    def to_act(self, now: object, *kinds: str) -> Self:
        """Running clocks of these kinds at which a sweep looks now, the longest waiting first."""
        due = self.running().filter(acts_at__lte=now).order_by("acts_at", "id")
        return due.filter(kind=kinds[0]) if len(kinds) == 1 else due.filter(kind__in=kinds)
