"""The rules of docs/rules.md that have a test, and those that do not yet."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
RULES = ROOT / "docs" / "rules.md"

#: Rules without a test, each with an open issue. The list only gets shorter: the change that adds
#: the test removes the rule.
OPEN = {
    # the customer's pages and the administration of access
    *("PLAN-4", "PLAN-5"),
}


def proved() -> set[str]:
    """The rules that a test names in its marker."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for named in re.findall(r"mark\.rule\(([^)]*)\)", path.read_text()):
            found |= set(re.findall(r'"([A-Z]+-\d+)"', named))
    return found


def written() -> set[str]:
    """The rules of the specification."""
    return set(re.findall(r"^- \*\*([A-Z]+-\d+)\*\* ", RULES.read_text(), re.MULTILINE))


def test_every_rule_is_proved_or_known_to_be_open():
    assert written() - proved() - OPEN == set()


def test_no_test_names_a_rule_that_does_not_exist():
    assert (proved() | OPEN) - written() == set()
