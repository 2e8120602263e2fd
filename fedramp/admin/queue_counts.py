"""How much waits in the queues of this realm's own, for the side bar."""

import datetime as dt
from collections import Counter

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Value
from django.http import HttpRequest
from django.utils import timezone

from cases import realm

from ..models import Acceptance, RemovalReport, RequestedPerson, Skill

#: Every page of the admin shows the counts; they may be this old.
COUNT_SECONDS = 10
MOST = 2_000


#: What waits in the list of a model, and the right of who looks after it.
RIGHTS = {
    "skill": "fedramp.attest_skill",
    "requestedperson": "fedramp.decide_access",
    "acceptance": "fedramp.accept_file",
    "removalreport": "fedramp.review_removal",
}
NOBODY = 0


def counts(request: HttpRequest) -> dict[str, str]:
    """What waits for this person's decision, by model; empty for who decides on nothing.

    Nobody is the second person for what he asked himself: that waits for others.
    """
    mine = [model for model, right in RIGHTS.items() if request.user.has_perm(right)]
    if not (realm.current().invites_contacts and mine):
        return {}
    found: list[tuple[str, int]] | None = cache.get("fedramp-counts")
    if found is None:
        found = _waiting()
        cache.set("fedramp-counts", found, COUNT_SECONDS)
    numbers = Counter(model for model, asked_by in found if asked_by != request.user.pk)
    return {model: str(numbers[model]) for model in mine if numbers[model]}


def _waiting() -> list[tuple[str, int]]:
    """Each thing that waits, with who asked for it. One query: it is asked on every page."""
    due = timezone.now() + dt.timedelta(days=settings.FEDRAMP_SKILL_REVIEW_DAYS)
    skills, *others = (
        rows.order_by().values_list(Value(model), asked_by)
        for model, rows, asked_by in (
            ("skill", Skill.objects.standing().filter(ends_at__lte=due), Value(NOBODY)),
            ("requestedperson", RequestedPerson.objects.filter(state="asked"), Value(NOBODY)),
            ("acceptance", Acceptance.objects.filter(state="asked"), F("asked_by")),
            ("removalreport", RemovalReport.objects.filter(state="asked"), F("said_by")),
        )
    )
    return list(skills.union(*others, all=True)[:MOST])
