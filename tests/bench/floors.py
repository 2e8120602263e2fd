"""What a page, an entry or a sweep costs at least: hand-written SQL, and the bare template."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment

from cases.models import Case, Clock, Entry, Notice, SearchText

QUEUE = """
SELECT c.*, o.name, p.name, w.name FROM cases_case c
JOIN cases_organization o ON o.id = c.organization_id JOIN cases_careplan p ON p.id = o.plan_id
LEFT JOIN cases_person w ON w.id = c.owner_id WHERE c.state <> 'closed'
ORDER BY c.severity, c.next_due_at NULLS LAST, c.id LIMIT 50
"""
CASE = """
SELECT c.*, e.*, a.name FROM cases_case c
JOIN cases_organization o ON o.id = c.organization_id JOIN cases_entry e ON e.case_id = c.id
LEFT JOIN cases_person a ON a.id = e.author_id WHERE c.id = %(case)s
ORDER BY e.created_at DESC, e.id DESC LIMIT 50
"""
PORTAL = """
SELECT c.*, o.name, w.name FROM cases_case c JOIN cases_organization o ON o.id = c.organization_id
LEFT JOIN cases_person w ON w.id = c.owner_id WHERE c.organization_id =
(SELECT m.organization_id FROM cases_membership m WHERE m.person_id = %(person)s)
ORDER BY c.updated_at DESC, c.id DESC LIMIT 25
"""


def rows(sql: str, parameters: dict[str, int]) -> list[tuple[Any, ...]]:
    """What the statement finds; fetched, and made into nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def rendering_of(client: Client, address: str) -> Callable[[], str]:
    """Renders the template of this page again, with the values that the view found."""
    setup_test_environment(debug=False)  # it keeps what is rendered, and takes its time for it
    try:
        response: Any = client.get(address)
    finally:
        teardown_test_environment()
    page = getattr(response, "template_name", None) or response.templates[0].name
    drawn = next(
        number for number, each in enumerate(response.templates) if each.name and each.name in page
    )
    template, context = response.templates[drawn], response.context[drawn]
    return lambda: str(template.render(context))


def writing_again(case: Case) -> Callable[[], None]:
    """Writes the rows of the case's newest entry once more, by one statement."""
    entry = case.entries.latest("pk")
    notices = Notice.objects.filter(case=case, created_at=entry.created_at)
    written: list[tuple[Any, int, dict[str, str]]] = [
        (Entry, entry.pk, {"submission": "gen_random_uuid()"}),
        (Entry.history.model, entry.history.latest().pk, {}),
        (Case.history.model, case.history.latest().pk, {}),
    ]
    for notice in notices:
        written += [
            (Notice, notice.pk, _NEW_NOTICE),
            (Notice.history.model, notice.history.latest().pk, {}),
        ]
    parts = [
        _again(model, f"{model._meta.pk.column} = {pk}", **instead)
        for model, pk, instead in written
    ]
    steps = ", ".join(f"step{number} AS ({sql})" for number, sql in enumerate(parts))
    statement = (
        f"WITH {steps} UPDATE cases_case SET version = version, updated_at = updated_at "  # noqa: S608
        f"WHERE id = {case.pk}"
    )

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return write


def sweep_seconds(after: int) -> float:
    """Writes the rows that the closing of the cases after this one wrote, once more."""
    closed = f"case_id > {after}"
    statements = [
        f"UPDATE cases_case SET version = version, state = state WHERE id > {after}",  # noqa: S608
        f"UPDATE cases_clock SET ended_at = ended_at WHERE {closed}",  # noqa: S608
        _again(Case.history.model, f"id > {after} AND state = 'closed'"),
        _again(Clock.history.model, f"{closed} AND state = 'met'"),
        _again(Entry, f"{closed} AND event = 'closed'"),
        _again(Entry.history.model, f"{closed} AND event = 'closed'"),
        _again(SearchText, f"{closed} AND entry_id IS NULL", entry_id="NULL"),
        _again(Notice, f"{closed} AND event = 'closed'", **_NEW_NOTICE),
        _again(Notice.history.model, f"{closed} AND event = 'closed'"),
    ]
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return time.perf_counter() - begun


_NEW_NOTICE = {"key": "gen_random_uuid()", "message_id": "gen_random_uuid()"}


def _again(model: Any, where: str, **instead: str) -> str:
    """Inserts the rows of the model once more, under new keys."""
    columns = [each.column for each in model._meta.concrete_fields if not each.primary_key]
    values = [instead.get(each, f'"{each}"') for each in columns]
    table, into = model._meta.db_table, '", "'.join(columns)
    return (
        f'INSERT INTO {table} ("{into}") SELECT {", ".join(values)} '  # noqa: S608
        f"FROM {table} WHERE {where}"
    )
