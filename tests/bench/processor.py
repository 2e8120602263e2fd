"""The processor's time of pages, an entry and a sweep, to compare two versions of the desk.

`make bench PARTS=processor` in each version, in turns: on a machine that others use too, the time
that the process itself took says more than the time that went by.
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from cases.models import Case
from cases.roles import sync_roles
from tests import many, world

from . import desk as bench

CALLS = 40


def report(size: int, due: int) -> tuple[str, list[str]]:
    """One line of JSON, in milliseconds; there are no budgets."""
    with bench.own_database():
        sync_roles()
        desk = world.build()
        many.make_organizations(desk, 20)
        many.make_cases(desk, size, timezone.now(), due_in=bench.FAR)
        bench.vacuum()
        staff, contact = bench.signed_in(desk.expert), bench.signed_in(desk.designated)
        own = Case.objects.filter(organization=desk.organization, state="in_progress")
        case, quiet = own.order_by("-pk")[:2]
        address = f"/admin/cases/case/{quiet.pk}/change/"
        figures = {
            "queue page": median(lambda: bench.ok(staff.get("/admin/cases/case/?queue=open"))),
            "case page": median(lambda: bench.ok(staff.get(address))),
            "portal list": median(lambda: bench.ok(contact.get("/cases/"))),
            "posting an entry": median(
                lambda form: bench.ok(contact.post(f"{case.get_absolute_url()}entry/", form), 302),
                prepare=lambda: [bench.form_of(case)],
            ),
            f"sweep of {due:,}": bench.sweep(desk, due, workers=1).processor * 1e3,
        }
    return json.dumps({name: round(each, 2) for name, each in figures.items()}), []


def median(call: Callable[..., object], prepare: Callable[[], Sequence[Any]] = tuple) -> float:
    took = []
    for _ in range(CALLS):
        given = prepare()
        begun = time.process_time()
        call(*given)
        took.append(time.process_time() - begun)
    return statistics.median(took) * 1e3
