"""The pages on which contacts ask for help: at most 15 queries, however much stands on them."""

import datetime as dt

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actors import Actor
from cases.models import Case
from cases.services.feeds import post_entry
from escalations.models import (
    Escalation,
    EscalationEntry,
    EscalationReason,
    ManagementAttention,
    OwnerReview,
)
from tests.incidents import contact_asks, join
from tests.world import NOW

from .world import LONG_AGO

PAGES = [
    "",
    "?whole=1",
    "help/panel/",
    "help/",
    "severity/",
    "priority/",
    "management/",
    "escalation/",
    "escalation/?whole=1",
]


def add(office, escalation, rows):
    """So many more of everything that these pages list; straight into the tables."""
    case, contact = escalation.case, office.desk.designated
    reason = EscalationReason.objects.get(code="case_update")
    for row in range(rows):
        at = NOW - dt.timedelta(days=10, minutes=row)
        earlier = Escalation.objects.create(
            case=case,
            requested_by=contact,
            requested_at=at,
            reason=escalation.reason,
            severity=3,
            answer_due_at=at,
            closed_at=at,
            closing_justification="It is fixed.",
            state="closed",
        )
        for of in (earlier, escalation):
            EscalationEntry.objects.create(
                escalation=of,
                visibility="public",
                author=office.owner if row % 2 else contact,
                author_side="staff" if row % 2 else "contact",
                body=f"Word {row}",
                created_at=at,
            )
        OwnerReview.objects.create(
            case=case,
            kind="help",
            reason=reason,
            requested_by=contact,
            requested_at=at,
            state="done",
            answer="Done.",
            answered_by=office.desk.expert,
            answered_at=at,
        )
        ManagementAttention.objects.create(
            case=case,
            requested_by=contact,
            requested_at=at,
            customer_name="Acme",
            problem="No progress",
            region="US",
            description="Calls drop.",
            impact="Much.",
            product="CX",
            state="answered",
            settled_at=at,
        )
        new = EscalationReason.objects.create(
            code=f"r{row}-{rows}", label="R", routing="escalation"
        )
        new.prompts.create(question="Which?")


def test_queries_do_not_grow_with_rows(office, client):
    client.force_login(office.desk.designated)
    escalation = office.accepted(office.case(severity=3))
    case = escalation.case

    def count():
        found = {}
        for page in PAGES:
            client.get(case.get_absolute_url() + page)  # fills the caches, and reads
            with CaptureQueriesContext(connection) as queries:
                client.get(case.get_absolute_url() + page)
            found[page] = len(queries)
        return found

    with time_machine.travel(NOW, tick=False):
        add(office, escalation, 2)
        few = count()
        add(office, escalation, 45)
        many = count()
    assert few == many
    assert max(many.values()) <= 15, many


def test_the_fullest_case_page_keeps_to_the_budget(office, client):
    """Platform-level, escalated, with a question that waits, and more entries than are shown."""
    desk = office.desk
    case = office.case(severity=2)
    join(desk, case, now=LONG_AGO)
    contact_asks(desk, case, now=LONG_AGO)
    office.read(case)
    office.accepted(Case.objects.get(pk=case.pk))
    for _ in range(41):
        post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body="One more.")
    desk.act("ask", case, text="Is it so?")
    client.force_login(desk.designated)
    with time_machine.travel(NOW, tick=False):
        client.get(case.get_absolute_url())  # fills the caches, and reads
        with CaptureQueriesContext(connection) as queries:
            client.get(case.get_absolute_url())
    told = "\n".join(each["sql"] for each in queries.captured_queries)
    assert len(queries) <= 15, told
