"""Checks of the project as a whole: its shape, its house rules, its generated pages."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cases.documents import DOCUMENTS
from fedramp import realm_triggers
from tests import architecture

ROOT = Path(settings.BASE_DIR)
TABLES = "0001_tables"
APPS = ("cases", "escalations", "fedramp", "supportdesk")
MADE = (
    "package-lock.json",
    "requirements.txt",
    "requirements-bench.txt",
    "requirements-dev.txt",
    "requirements-model.txt",
    "requirements-node.txt",
)
#: Migrations written by Django, and test vectors: nobody reads them from top to bottom.
LONG = re.compile(r"(^|/)migrations/0\d\d\d_|\.(json|csv|svg|png|tsv|jsonl)$")
#: Mail texts are not HTML; the HTML beside them is escaped (tests/cases/test_notices.py).
RAW_TEMPLATES = re.compile(
    r"^((cases|escalations|fedramp)/templates/mail|supportdesk/templates/account/email)/\w+\.txt$"
)
#: `update()` writes no history: it may change only these columns, which have none.
COLUMNS_WITHOUT_HISTORY = {"revision", "next_due_at", "acts_at", "put_off_because", "progress"}
#: Tables without history; see WITHOUT_HISTORY in tests/cases/test_history.py.
TABLES_WITHOUT_HISTORY = (
    "SearchText.",
    "Heartbeat.",
    "QuarantinedFile.",
    "WorkerPulse.",
    "Placeholder.",
    "KeyCheck.",
    "VouchedIdentity.",
)


def files(*suffixes: str) -> list[Path]:
    """The files of the project known to version control, and new ones."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:  # an archive without version control
        found = [path for path in ROOT.rglob("*") if not _is_made(path)]
    else:
        found = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in found if path.is_file() and path.name.endswith(suffixes)]


def _is_made(path: Path) -> bool:
    made = {".venv", "node_modules", "var", ".git", "staticfiles", "__pycache__"}
    return bool(made & set(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code() -> Iterator[tuple[str, ast.Module]]:
    for path in files(".py"):
        if name(path).startswith(APPS):
            yield name(path), ast.parse(path.read_text())


def test_no_file_is_longer_than_400_lines():
    long = {
        name(path): lines
        for path in files(".py", ".html", ".css", ".js", ".md", ".txt", ".yml", "Makefile")
        if path.name not in MADE
        and not LONG.search(name(path))
        and (lines := path.read_text().count("\n")) > 400
    }
    assert long == {}


def too_long(paths: Iterable[Path], width: int = 100) -> list[str]:
    return [
        f"{name(path)}:{number}: {len(line)} columns"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > width
    ]


def test_no_line_of_a_document_is_longer_than_100_columns():
    found = too_long(files(".md"))
    assert found == [], "\n".join(found)


def test_no_line_of_a_template_is_longer_than_100_columns():
    templates = [path for path in files(".html", ".txt") if "/templates/" in name(path)]
    assert templates
    found = too_long(templates)
    assert found == [], "\n".join(found)


def test_nothing_is_left_to_do_in_a_comment():
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    found = [
        f"{name(path)}:{number}"
        for path in files(".py", ".html", ".css", ".js", ".md", "Makefile")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_no_path_of_a_machine_is_written_down():
    machine = re.compile(r"(?<![\w.])/(home|Users|root|work)/\w")
    found = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in files(".py", ".html", ".md", ".toml", ".txt", "Makefile", ".example", "run")
        if name(path) != name(Path(__file__))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if machine.search(line)
    ]
    assert found == []


def test_the_log_is_for_logging_and_print_for_the_start_script():
    found = [
        f"{module}:{node.lineno}"
        for module, tree in code()
        if module != "supportdesk/dev/start.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert found == []


def test_no_import_leads_back_to_where_it_began():
    """Imports in functions and those for types count as well."""
    graph = grimp.build_graph(*APPS, cache_dir=None)
    imports = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def test_an_import_in_a_function_says_why_it_is_there():
    """In a comment beside it, or beside or above the imports that it follows."""
    found = []
    for module, tree in code():
        lines = ["", *(ROOT / module).read_text().splitlines()]
        imports = [
            node
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        of_imports = {n for node in imports for n in range(node.lineno, node.end_lineno + 1)}
        for node in imports:
            above = node.lineno - 1
            while above in of_imports or not lines[above]:
                above -= 1
            reasons = [lines[above].lstrip(), *lines[above + 1 : node.lineno + 1]]
            if not any(re.search(r"(^|  )# (?!noqa: [A-Z0-9, ]+$)", each) for each in reasons):
                found.append(f"{module}:{node.lineno}: {lines[node.lineno].strip()}")
    assert found == []


@pytest.mark.rule("CASE-9")
def test_no_query_changes_rows_past_their_history():
    """`QuerySet.update()` and raw SQL write no history (house rule 1)."""
    found = [
        f"{module}:{node.lineno}"
        for module, tree in code()
        if "/migrations/" not in module
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"update", "bulk_update", "raw", "update_or_create"}
        and "objects" in (rows := ast.unparse(node.func.value))
        and not rows.startswith(TABLES_WITHOUT_HISTORY)
        and not {each.arg for each in node.keywords} <= COLUMNS_WITHOUT_HISTORY
    ]
    assert found == []


def test_a_case_is_fetched_anew_and_never_refreshed():
    """`refresh_from_db` can leave the protection of the state switched off for the process."""
    found = [
        f"{name(path)}:{number}"
        for path in files(".py")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\bcase\w*\.refresh_from_db", line)
    ]
    assert found == []


def test_no_template_switches_escaping_off():
    raw = re.compile(r"\|\s*safe\b|autoescape off|safeseq")
    found = [
        name(path)
        for path in files(".html", ".txt")
        if "/templates/" in name(path)
        and not RAW_TEMPLATES.match(name(path))
        and raw.search(path.read_text())
    ]
    assert found == []


def test_only_services_call_transitions():
    """House rule 1: a service changes a state, by name or through the table of actions."""
    transitions = {"assign", "ask", "answer", "engage", "resume", "propose", "accept", "persist"}
    found = [
        f"{module}:{node.lineno}"
        for module, tree in code()
        if module.startswith("cases/") and not module.startswith(("cases/services/", "cases/demo/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in transitions
        and ast.unparse(node.func.value) in {"case", "self.case", "obj", "self.object"}
    ]
    assert found == []


def test_the_made_pages_of_the_documentation_are_up_to_date():
    for page, write in DOCUMENTS.items():
        text = (ROOT / "docs" / page).read_text()
        assert text == write(), f"docs/{page}: run manage.py document"


def test_the_picture_of_the_architecture_is_up_to_date():
    assert architecture.PICTURE.read_text() == architecture.draw(), "python -m tests.architecture"


@pytest.mark.parametrize("app", APPS)
def test_no_rooms_import_each_other(app):
    assert [each for each in architecture.circles(architecture.rooms(app)) if len(each) > 1] == []


def test_each_link_of_a_document_leads_to_a_file():
    link = re.compile(r"(?:\]\(|^\[[^\]]+\]: )([^)\s#]+)", re.MULTILINE)
    lost = [
        f"{name(path)}: {target}"
        for path in files(".md")
        for target in link.findall(path.read_text())
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert lost == []


def test_no_module_is_named_by_a_gerund():
    """A module is a thing: `links`, not `linking`. Call routing is a thing, and so is a wording."""
    nouns = {"routing", "state_wording", "wording"}
    product = {path for path in files(".py") if path.relative_to(ROOT).parts[0] in APPS}
    assert product
    assert {path.stem for path in product if path.stem.endswith("ing")} == nouns


def test_each_decision_has_a_number_of_its_own():
    """And every reference to a decision's file names one that exists."""
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert [number for number in set(numbers) if numbers.count(number) > 1] == []
    for page, number in zip(pages, numbers, strict=True):
        assert page.read_text().startswith(f"# {int(number)}. "), page.name
    there = {page.name for page in pages}
    for path in files(".md", ".py", ".html"):
        named = set(re.findall(r"decisions/(\d{4}-[\w-]+\.md)", path.read_text()))
        assert named <= there, f"{name(path)} names {named - there}"


def test_migrations_are_linear_and_named():
    loader = MigrationLoader(None)
    for app in ("cases", "escalations", "fedramp"):
        ours = [key for key in loader.graph.nodes if key[0] == app]
        if not ours:
            continue
        assert len(loader.graph.leaf_nodes(app)) == 1
        assert not any("_auto_" in key[1] or "merge" in key[1] for key in ours)
        numbers = sorted(int(key[1][:4]) for key in ours)
        assert numbers == list(range(1, len(numbers) + 1))


def test_each_migration_can_be_taken_back():
    loader = MigrationLoader(None)
    ours = [key for key in loader.graph.nodes if key[0] in APPS]
    stuck = [
        f"{key[0]}.{key[1]}: {operation}"
        for key in ours
        for operation in loader.get_migration(*key).operations
        if not operation.reversible
    ]
    assert ours
    assert stuck == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_follows_the_tables_goes_back_and_forward_again():
    """The search's index, triggers, rows that each desk begins with, and later additions."""
    executor = MigrationExecutor(connection)
    newest = {key for key in executor.loader.graph.leaf_nodes() if key[0] in APPS}
    tables = [key for key in executor.loader.graph.nodes if key[0] in APPS and key[1] == TABLES]
    realm_triggers.uninstall()  # `migrate` does so first, since a table may be made again
    executor.migrate(tables)
    ours = {key for key in MigrationRecorder(connection).applied_migrations() if key[0] in APPS}
    assert ours & set(executor.loader.graph.nodes) == set(tables)
    executor = MigrationExecutor(connection)
    executor.migrate(sorted(newest))
    realm_triggers.install()
    assert newest <= set(MigrationRecorder(connection).applied_migrations())
    ContentType.objects.clear_cache()


@pytest.mark.django_db
def test_the_database_of_a_trial_installation_counts_as_migrated():
    """It has the rows of the replaced migrations, and not of those that replace them."""
    loader = MigrationLoader(connection)
    squashed = [key for key in loader.replacements if key[0] in APPS]
    assert squashed
    for app, name in squashed:
        MigrationRecorder(connection).record_unapplied(app, name)
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
