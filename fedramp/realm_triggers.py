"""The last gate of FED-1 and FED-8: combinations that the database refuses in this realm.

A check constraint sees one row. These rules concern two tables, or the realm, so they are triggers,
on both databases, and are made again after each migrate. They catch what bypasses every form and
service (a console, an import, two simultaneous requests), with an IntegrityError that names the
rule. Existing rows are left alone until somebody changes a column of the rule.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connections

from cases import realm

PREFIX = "realm_rule_"

_FLAGGED = "EXISTS (SELECT 1 FROM cases_organization o WHERE o.id = NEW.organization_id AND {})"
#: PostgreSQL: waits for a transaction that is setting the flag, and makes it wait for this one.
_LOCK = "PERFORM 1 FROM cases_organization WHERE id = NEW.organization_id FOR SHARE;"


@dataclass(frozen=True)
class Rule:
    """A condition that a row must not meet after an INSERT, or an UPDATE of these columns."""

    name: str
    table: str
    when: str
    refused: str
    words: str
    locks: bool = False


def _deployment(name: str, refused: str, words: str) -> list[Rule]:
    columns = "organization_id, offering_type, hosting, region"
    return [
        Rule(f"{name}_new", "cases_deployment", "INSERT", refused, words, locks=True),
        Rule(name, "cases_deployment", f"UPDATE OF {columns}", refused, words, locks=True),
    ]


_EVERYWHERE = [
    *_deployment(
        "deployment_offering",
        f"NEW.offering_type = 'fedramp' AND {_FLAGGED.format('NOT o.is_fedramp')}",
        "A FedRAMP deployment belongs to a FedRAMP organization (FED-8).",
    ),
    Rule(
        "organization_unflagged",
        "cases_organization",
        "UPDATE OF is_fedramp",
        "OLD.is_fedramp AND NOT NEW.is_fedramp AND EXISTS (SELECT 1 FROM cases_deployment d "
        "WHERE d.organization_id = NEW.id AND d.offering_type = 'fedramp')",
        "An organization with FedRAMP deployments is a FedRAMP organization (FED-8).",
    ),
]
_ELSEWHERE = "A FedRAMP organization has no case in the commercial realm (FED-1)."
_COMMERCIAL = [
    Rule(
        "case_opened",
        "cases_case",
        "INSERT",
        _FLAGGED.format("o.is_fedramp"),
        _ELSEWHERE,
        locks=True,
    ),
    Rule(
        "case_reopened",
        "cases_case",
        "UPDATE OF state, organization_id",
        "NEW.state <> 'closed' AND (OLD.state = 'closed' OR OLD.organization_id <> "
        f"NEW.organization_id) AND {_FLAGGED.format('o.is_fedramp')}",
        _ELSEWHERE,
        locks=True,
    ),
    Rule(
        "organization_flagged",
        "cases_organization",
        "UPDATE OF is_fedramp",
        "NEW.is_fedramp AND NOT OLD.is_fedramp AND EXISTS (SELECT 1 FROM cases_case c "
        "WHERE c.organization_id = NEW.id AND c.state <> 'closed')",
        "It has open cases: they are redirected first (FED-1).",
    ),
]
_FEDRAMP = [
    *_deployment(
        "deployment_hosting",
        "NOT (NEW.offering_type = 'fedramp' AND NEW.hosting = 'cloud' "
        "AND NEW.region = 'us-east-2')",
        "In this realm a deployment is FedRAMP, in us-east-2 (FED-8).",
    ),
    *(
        Rule(
            f"organization_of_realm{name}",
            "cases_organization",
            when,
            "NOT NEW.is_fedramp",
            "In this realm every organization is a FedRAMP organization (FED-1).",
        )
        for name, when in (("_new", "INSERT"), ("", "UPDATE OF is_fedramp"))
    ),
]


def rules() -> list[Rule]:
    """The rules of the realm that this process serves."""
    return [*_EVERYWHERE, *(_FEDRAMP if realm.current().name == "fedramp" else _COMMERCIAL)]


def install(sender: object = None, *, using: str = "default", **kwargs: Any) -> None:
    """Install this realm's rules, and no others with this prefix. Called after each migrate."""
    connection = connections[using]
    uninstall(using=using)
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for rule in rules():
            if rule.table in present:
                for statement in _statements(rule, connection.vendor):
                    cursor.execute(statement)


def uninstall(sender: object = None, *, using: str = "default", **kwargs: Any) -> None:
    """Remove all rules: a migration changes these tables, and SQLite re-creates them for it."""
    vendor = connections[using].vendor
    with connections[using].cursor() as cursor:
        for name in installed(using):
            if vendor == "postgresql":
                cursor.execute(f'DROP FUNCTION "{name}" CASCADE')
            elif vendor == "sqlite":
                cursor.execute(f'DROP TRIGGER "{name}"')


def installed(using: str = "default") -> dict[str, str]:
    """The table of each installed rule, by the trigger's name, as the database reports it."""
    asked = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT t.tgname, c.relname FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled <> 'D'",
    }
    with connections[using].cursor() as cursor:
        cursor.execute(asked[connections[using].vendor])
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def _statements(rule: Rule, vendor: str) -> list[str]:
    name = PREFIX + rule.name
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{name}" BEFORE {rule.when} ON "{rule.table}" FOR EACH ROW '
            f"WHEN {rule.refused} BEGIN SELECT RAISE(ABORT, '{rule.words}'); END"
        ]
    lock = _LOCK if rule.locks else ""
    return [
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN {lock} '
        f"IF {rule.refused} THEN RAISE EXCEPTION '{rule.words}' "
        "USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $body$",
        f'CREATE TRIGGER "{name}" BEFORE {rule.when} ON "{rule.table}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{name}"()',
    ]
