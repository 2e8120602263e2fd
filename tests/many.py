"""Many cases at once, on PostgreSQL: for the benchmarks, and for tests that need thousands.

The database makes the rows itself (INSERT .. SELECT), not the services: only later changes to them
are measured or tested. A column that is not named gets its field's default.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, models

from cases import realm
from cases.models import Case, Clock, Deployment, Entry, Membership, Notice, Organization, Person
from cases.models import SearchText as Search
from tests.world import Desk

#: The number of cases in each state, out of ten thousand; the rest is closed.
MIX = {
    "new": 200,
    "in_progress": 400,
    "awaiting_customer": 200,
    "awaiting_third_party": 100,
    "resolution_proposed": 100,
}
#: In these a case waits for the customer, and a job closes it.
WAITING = {"awaiting_customer": "closure", "resolution_proposed": "proposal"}
WORDS = "Every second transfer drops after a few seconds, and agents call back by hand. "


def make_organizations(desk: Desk, count: int) -> None:
    """Further customers, each with a deployment and a Designated Contact."""
    like = desk.organization
    made = Organization.objects.bulk_create(
        Organization(
            name=f"Customer {number}",
            short_name=f"customer-{number}",
            calendar=like.calendar,
            plan=like.plan,
            is_fedramp=like.is_fedramp,
        )
        for number in range(count)
    )
    Deployment.objects.bulk_create(
        Deployment(
            organization=each,
            name="Production",
            product="Cloud",
            region="us-east-2",
            offering_type=desk.deployment.offering_type,
        )
        for each in made
    )
    people = Person.objects.bulk_create(
        Person(email=f"contact@{each.short_name}.example", name=f"Contact of {each}", password="!")
        for each in made
    )
    Membership.objects.bulk_create(
        Membership(person=person, organization=each, role="designated")
        for each, person in zip(made, people, strict=True)
    )


def make_cases(
    desk: Desk,
    count: int,
    now: dt.datetime,
    *,
    state: str = "",
    due_in: dt.timedelta = dt.timedelta(0),
) -> int:
    """Cases with feed, search text and history; returns the id before the first.

    In all states as in `MIX`, or all in one. Every tenth belongs to the desk's own organization, if
    there are others. A case that waits for the customer has a clock due then; if it is to be closed
    without an answer, the notice was sent long ago.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM cases_case")
        before: int = cursor.fetchone()[0]
    customers = list(
        Membership.objects.filter(role="designated", organization__deployments__isnull=False)
        .order_by("-organization_id", "pk")
        .exclude(organization=desk.organization)
        .values_list("organization_id", "organization__deployments", "person_id")
    ) or [(desk.organization.pk, desk.deployment.pk, desk.designated.pk)]
    own = (desk.organization.pk, desk.deployment.pk, desk.designated.pk)
    which = f"CASE WHEN n %% 10 = 0 THEN 1 ELSE 2 + n %% {len(customers)} END"
    organizations, deployments, contacts = (
        f"({_array(each)})[{which}]" for each in zip(own, *customers, strict=True)
    )
    stands = f"'{state}'" if state else _mixed()
    age = "(n %% 700) * interval '1 hour'"
    insert(
        Case,
        f"(SELECT n, {stands} AS stands "  # noqa: S608
        f"FROM generate_series({before + 1}, {before + count}) n) s",
        number=f"'{realm.current().case_number_prefix}-' || upper(lpad(to_hex(n), 7, '0'))",
        organization=organizations,
        deployment=deployments,
        contact=contacts,
        owner=f"CASE WHEN stands <> 'new' THEN {desk.expert.pk} END",
        subject="'Calls drop after transfer ' || n",
        description=_text(WORDS * 3),
        business_impact=_text(WORDS),
        priority="3",
        severity="2 + n %% 3",
        state="stands",
        third_party="CASE WHEN stands = 'awaiting_third_party' THEN 'development' ELSE '' END",
        created_at=f"{_time(now)} - interval '30 days' - {age}",
        state_since_at=f"{_time(now)} - interval '10 days'",
        updated_at=f"{_time(now)} - interval '10 days' - {age}",
        staff_updated_at=f"{_time(now)} - interval '10 days'",
        closed_at=f"CASE WHEN stands = 'closed' THEN {_time(now)} - interval '10 days' END",
        next_due_at=f"CASE WHEN stands IN ('awaiting_customer', 'resolution_proposed') "
        f"THEN {_time(now + due_in)} END",
    )
    made = f"cases_case WHERE id > {before}"
    feed = {"case": "id", "visibility": "'public'", "body": _text(WORDS)}
    insert(
        Entry,
        made,
        **feed,
        event="'message'",
        author="contact_id",
        author_side="'contact'",
        created_at="created_at",
    )
    insert(
        Entry,
        f"{made} AND owner_id IS NOT NULL",
        **feed,
        event="CASE state WHEN 'awaiting_customer' THEN 'question' "
        "WHEN 'resolution_proposed' THEN 'resolution' ELSE 'message' END",
        author="owner_id",
        author_side="'staff'",
        created_at="state_since_at",
    )
    insert(Search, made, case="id", is_public="true", text="subject || description")
    for waits, kind in WAITING.items():
        insert(
            Clock,
            f"{made} AND state = '{waits}'",
            case="id",
            kind=f"'{kind}'",
            started_at="state_since_at",
            due_at="next_due_at",
            acts_at="next_due_at",
        )
    insert(
        Notice,
        f"{made} AND state = 'awaiting_customer'",
        key="'made:' || id",
        event="'closing_notice'",
        case="id",
        person="contact_id",
        email="'somebody@customer.example'",
        message_id="'<made-' || id || '@desk.example>'",
        state="'sent'",
        created_at="state_since_at",
        sent_at="state_since_at",
        attempts="1",
    )
    for model, column in ((Case, "id"), (Entry, "case_id"), (Clock, "case_id")):
        _make_history(model, f"{column} > {before}")
    return before


def insert(model: type[models.Model], source: str, **columns: str) -> None:
    """One row of the model for each row of `source`; the columns are SQL expressions."""
    names, values, constants = [], [], []
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        names.append(field.column)
        values.append(columns.pop(field.name, "%s"))
        if values[-1] == "%s":
            constants.append(field.get_db_prep_save(field.get_default(), connection))
    assert not columns, f"{model.__name__} has no {', '.join(columns)}"
    _insert(model, names, values, source, constants)


def _make_history(model: Any, where: str) -> None:
    """Each row gets the history row of its creation."""
    history = model.history.model
    names = [field.column for field in history.tracked_fields]
    values = [*names, "now()", "'+'", "'made'"]
    names += ["history_date", "history_type", "history_change_reason"]
    _insert(history, names, values, f"{model._meta.db_table} WHERE {where}", [])


def _insert(
    model: type[models.Model],
    names: Iterable[str],
    values: Iterable[str],
    source: str,
    constants: Iterable[object],
) -> None:
    table, into = model._meta.db_table, '", "'.join(names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ("{into}") SELECT {", ".join(values)} FROM {source}',  # noqa: S608
            # Without parameters, a % in the SQL is a plain one.
            list(constants) or None,
        )


def _mixed() -> str:
    """The state of case number n."""
    upto, whens = 0, []
    for state, share in MIX.items():
        upto += share
        whens.append(f"WHEN n %% 10000 * 7919 %% 10000 < {upto} THEN '{state}'")
    return f"CASE {' '.join(whens)} ELSE 'closed' END"


def _array(ids: Iterable[int]) -> str:
    return f"ARRAY[{','.join(map(str, ids))}]"


def _text(words: str) -> str:
    return f"'{words}'"


def _time(at: dt.datetime) -> str:
    return f"timestamptz '{at.isoformat()}'"
