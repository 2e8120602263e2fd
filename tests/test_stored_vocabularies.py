"""Words in databases, sessions and mails of running desks: the code must still know them.

`vocabularies.json` has them as they are stored. Renaming a class or module changes none of them. A
word that disappears is a change of what is stored: remove it from the file in the commit whose
migration rewrites the rows or, if none can (the reason of a history row, a session, a signature),
together with the words by which pages still show it. A new word is free until a desk has stored
it; add it to the file with the release that brings it.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import _get_all_permissions
from django.db import models

from cases.notice_types import REGISTRY
from cases.roles import ROLES
from cases.rules.actions import ACTIONS
from escalations.rules import criteria

ROOT = Path(settings.BASE_DIR)
APPS = ("cases", "escalations", "fedramp", "supportdesk")
STORED = json.loads((Path(__file__).parent / "vocabularies.json").read_text())

#: A reason in a history: `feeds.post_entry`, or one word.
REASON = re.compile(r"[a-z_{}]+(\.[a-z_{}]+)?")


@cache
def _modules() -> list[ast.Module]:
    return [
        ast.parse(path.read_text())
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def _nodes() -> Iterator[ast.AST]:
    return (node for module in _modules() for node in ast.walk(module))


def _calls() -> Iterator[tuple[str, ast.Call, dict[str, str]]]:
    """Each call: the name that is called, the call, and the constants of its module."""
    for module in _modules():
        names = _named_texts(module)
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                called = node.func
                name = getattr(called, "attr", None) or getattr(called, "id", "")
                yield name, node, names


def _named_texts(module: ast.Module) -> dict[str, str]:
    """`NAME = "text"`, and `A, B = "one", "two"`."""
    named = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            to, value = node.targets[0], node.value
            pairs = zip(
                to.elts if isinstance(to, ast.Tuple) else [to],
                value.elts if isinstance(value, ast.Tuple) else [value],
                strict=False,
            )
            named |= {ast.unparse(name): text for name, of in pairs if (text := _text(of))}
    return named


def _text(node: ast.AST | None, names: dict[str, str] | None = None) -> str:
    """The text in the source, with `{}` for the variables of an f-string; empty for no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values
        )
    if isinstance(node, ast.Name) and names:
        return names.get(node.id, "")
    return ""


def _arguments(name: str) -> Iterator[str]:
    """The texts that are passed as this keyword anywhere, or are its default."""
    for _, call, names in _calls():
        for each in call.keywords:
            if each.arg == name:
                yield _text(each.value, names)
    for node in _nodes():
        if isinstance(node, ast.FunctionDef):
            of = dict(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
            yield from (_text(default) for arg, default in of.items() if arg.arg == name)


def reasons() -> Iterable[str]:
    """`why` of each change, even if another service passes it, or it is no longer stored but the
    history page still knows it."""
    passed = {each for each in _arguments("why") if REASON.fullmatch(each)}
    kinds = {each.split(".")[0] for each in passed if "." in each}
    written = {_text(node) for node in _nodes()}
    return passed | {
        each
        for each in written
        if "." in each and REASON.fullmatch(each) and each.split(".")[0] in kinds
        if not each.endswith(".md")
    }


def events_of_mails() -> Iterable[str]:
    """As the outbox stores them."""
    return {each.stored_as or each.event for each in REGISTRY.values()}


def session_keys() -> Iterable[str]:
    """`request.session[KEY]`, or its `get`."""
    session = r"session(?:\.get\(|\[)(\w+|'\w+')"
    for module in _modules():
        names = _named_texts(module)
        for key in re.findall(session, ast.unparse(module)):
            if text := key.strip("'") if "'" in key else names.get(key):
                yield text


def salts() -> Iterable[str]:
    """The salts of signatures and digests: what was made with one is checked with the same one."""
    for name, call, names in _calls():
        if name == "salted_hmac":
            yield _text(call.args[0], names)
        yield from (_text(each.value, names) for each in call.keywords if each.arg == "salt")


def jobs() -> Iterable[str]:
    """The names of jobs in heartbeats, in histories, and in entries of the feed."""
    for name, call, names in _calls():
        if name in {"Job", "of_job"}:
            named = [each.value for each in call.keywords if each.arg == "name"]
            yield from filter(None, [_text((named or call.args)[0], names)])


def _models() -> Iterator[type[models.Model]]:
    return (model for app in APPS for model in apps.get_app_config(app).get_models())


def tables() -> Iterable[str]:
    return {model._meta.db_table for model in _models()}


def content_types() -> Iterable[str]:
    return {model._meta.label_lower for model in _models()}


def permissions() -> Iterable[str]:
    return {
        f"{model._meta.app_label}.{codename}"
        for model in _models()
        for codename, _ in _get_all_permissions(model._meta)
        if "historical" not in codename
    }


def choices() -> Iterable[str]:
    """`cases.case.state=open`: states, kinds of clocks, events of entries, and all others."""
    return {
        f"{model._meta.label_lower}.{field.name}={value}"
        for model in _models()
        if not model.__name__.startswith("Historical")
        for field in model._meta.get_fields()
        for value, _ in getattr(field, "flatchoices", ())
    }


VOCABULARIES = {
    "actions": lambda: ACTIONS,
    "choices": choices,
    "content types": content_types,
    "criteria": lambda: [check.__name__ for _, check in criteria.CRITERIA],
    "events of mails": events_of_mails,
    "jobs": jobs,
    "permissions": permissions,
    "reasons": reasons,
    "roles": lambda: ROLES,
    "salts": salts,
    "session keys": session_keys,
    "tables": tables,
}


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_the_code_knows_the_words_that_are_stored(vocabulary: str):
    assert STORED[vocabulary]
    assert set(STORED[vocabulary]) - set(VOCABULARIES[vocabulary]()) == set()


def test_each_stored_vocabulary_is_compared():
    # The keys of mails: tests/test_notices.py, which sends each one.
    assert sorted(STORED) == sorted([*VOCABULARIES, "keys of mails"])
