"""The last gate of FED-7 on PostgreSQL: the database itself refuses what bypasses Django.

Raw SQL, COPY and a console do not pass through the field that scrubs. A trigger on each scrubbed
column, its history and the admin's log refuses what is plainly personal: mail addresses, social
security numbers, telephone numbers, tokens. It looks for less than the engine removes, so it never
refuses what the engine stored. SQLite, the default for trying the desk, has no such gate.
"""

import re
from email.utils import parseaddr
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import connections

from cases.fields import is_scrubbed

NAME = "fedramp_no_personal_information"
_TOPS = "com|org|net|gov|edu|mil|us|io|info|example"


def scrubbed_columns() -> dict[str, list[str]]:
    """The scrubbed columns of each table, including history and the admin's log."""
    found: dict[str, list[str]] = {LogEntry._meta.db_table: ["change_message", "object_repr"]}
    for model in apps.get_models():
        names = [str(field.column) for field in model._meta.concrete_fields if is_scrubbed(field)]
        columns = {field.column for field in model._meta.concrete_fields}
        if names and "history_change_reason" in columns:
            names.append("history_change_reason")
        if names:
            found[model._meta.db_table] = sorted(names)
    return found


def _pattern() -> str:
    own = re.escape(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    phone = "".join(each for each in settings.SUPPORT_PHONE if each.isdigit())
    return "|".join(
        (
            rf"(^|[\s<(,;:=])(?!git@|{own})[[:alpha:]]{{2,30}}([._-][[:alpha:]]{{2,30}}){{0,2}}"
            rf"@[[:alnum:]-]{{2,40}}(\.[[:alnum:]-]{{2,40}}){{0,3}}\.({_TOPS})($|[\s>),;:])",
            r"(^|[\s:=(,;])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}($|[\s,;)])",
            rf"(^|[\s:=(,;])\+(?!{phone})1[2-9]\d{{2}}[2-9]\d{{6}}($|[\s,;)])",
            r"eyJ[A-Za-z0-9_-]{10,200}\.eyJ[A-Za-z0-9_-]{10,200}\.",
        )
    )


_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    written jsonb := to_jsonb(NEW);
    scrubbed text;
BEGIN
    IF TG_TABLE_NAME LIKE 'cases%notice' AND written->>'case_id' IS NULL THEN
        RETURN NEW;  -- a mail about an account, to its owner: of no case
    END IF;
    FOREACH scrubbed IN ARRAY TG_ARGV LOOP
        IF written->>scrubbed ~ {pattern} THEN
            RAISE EXCEPTION 'Column % of % would hold personal information (FED-7).',
                scrubbed, TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END
$body$
"""


def install(sender: object = None, *, using: str = "default", **kwargs: Any) -> None:
    """Every scrubbed column has its trigger, and no other table has one. After each migrate."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if LogEntry._meta.db_table not in present:
            return
        pattern = "'" + _pattern().replace("'", "''") + "'"
        cursor.execute(_FUNCTION.replace("{name}", NAME).replace("{pattern}", pattern))
        wanted = {table: each for table, each in scrubbed_columns().items() if table in present}
        for table in set(installed(using)) - set(wanted):
            cursor.execute(f'DROP TRIGGER {NAME} ON "{table}"')
        for table, columns in wanted.items():
            names = ", ".join(f'"{column}"' for column in columns)
            arguments = ", ".join(f"'{column}'" for column in columns)
            cursor.execute(
                f'CREATE OR REPLACE TRIGGER {NAME} BEFORE INSERT OR UPDATE OF {names} ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {NAME}({arguments})"
            )


def installed(using: str = "default") -> dict[str, list[str]]:
    """The columns of each table that a trigger watches, from the database's catalogue."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE t.tgname = %s AND n.nspname = current_schema() AND t.tgenabled <> 'D'",
            [NAME],
        )
        return {
            table: sorted(bytes(arguments).decode().rstrip("\0").split("\0"))
            for table, arguments in cursor.fetchall()
        }
