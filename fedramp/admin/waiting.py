"""How much waits in the queues of access administrators, for the side bar."""

import datetime as dt
from collections import Counter

from django.conf import settings
from django.core.cache import cache
from django.db.models import Value
from django.http import HttpRequest
from django.utils import timezone

from cases import realm

from ..models import RequestedPerson, Skill

#: Every page of the admin shows the counts; they may be this old.
COUNT_SECONDS = 10


def counts(request: HttpRequest) -> dict[str, str]:
    """What waits, by model; empty for who decides on nothing."""
    here = realm.current().invites_contacts
    if not (here and request.user.has_perm("fedramp.attest_skill")):
        return {}
    found: dict[str, str] | None = cache.get("access-counts")
    if found is None:
        due = timezone.now() + dt.timedelta(days=settings.FEDRAMP_SKILL_REVIEW_DAYS)
        skills = Skill.objects.standing().filter(ends_at__lte=due).order_by()
        people = RequestedPerson.objects.filter(state="asked").order_by()
        # One query for both: it is asked on every page.
        rows = skills.values_list(Value("skill")).union(
            people.values_list(Value("requestedperson")), all=True
        )
        found = {model: str(number) for model, number in Counter(row[0] for row in rows).items()}
        cache.set("access-counts", found, COUNT_SECONDS)
    return found
