"""Fixtures for all tests. The world is built through the services, not by hand."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from cases import notices
from cases.roles import sync_roles
from tests import mail_reader, world
from tests.browser import chromium
from tests.database import flush, snapshot
from tests.database.template import Migrated, MigratedFile, MigratedTemplate

HERE = Path(__file__).parent
EMBEDDED = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")

#: Tests of what differs between the realms: `make test` runs them in both; see `runs_here`.
DIFFERS = {
    "browser/test_access_pages.py",
    "cases/test_mails_as_html.py",
    "cases/test_notices.py",
    "cases/test_opening.py",
    "fedramp",
    "life",
    "portal/test_sign_in.py",
    "portal/test_url_walk.py",
    "test_environment.py",
    "test_notices.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Drops the tests that belong to another run."""
    elsewhere = [item for item in items if not runs_here(item)]
    if elsewhere:
        items[:] = [item for item in items if item not in elsewhere]
        elsewhere[0].config.hook.pytest_deselected(items=elsewhere)
    items.sort(key=turn)


def runs_here(item: pytest.Item) -> bool:
    """Each test runs in the commercial realm on SQLite and in the FedRAMP realm on PostgreSQL: in
    both realms and on both databases, in half the time.

    A test of one realm runs there on both databases. Tests of what differs between the realms run
    in both on SQLite too, unless marked `crossed`. Tests without a database run only on SQLite.
    """
    if item.get_closest_marker("embedded") and not EMBEDDED:
        return False
    if mark := item.get_closest_marker("realm"):
        return bool(mark.args[0] == settings.REALM)
    if EMBEDDED is (settings.REALM == "commercial"):
        return EMBEDDED or needs_database(item)
    return EMBEDDED and differs(item) and not item.get_closest_marker("crossed")


def differs(item: pytest.Item) -> bool:
    path = item.path.relative_to(HERE)
    return bool({str(path), str(path.parent)} & DIFFERS)


def needs_database(item: pytest.Item) -> bool:
    """Or another server; tests of browsers or processes have their own fixtures for it."""
    marks = ("django_db", "browser", "servers", "crossed")
    fixtures = {"db", "transactional_db"} & set(item.fixturenames)
    return bool(fixtures) or any(item.get_closest_marker(mark) for mark in marks)


def turn(item: pytest.Item) -> int:
    """Long tests begin early among their kind, so that nobody waits for them at the end.

    Tests that mostly wait for other processes come first, those with real transactions last.
    """
    if item.path.name in ("test_start.py", "test_whole_life.py", "test_crossing.py"):
        return 0
    if item.get_closest_marker("browser"):
        if item.path.name == "test_session_end.py":  # it waits for the end of a session
            return 2
        return 3 if "checks" in item.fixturenames else 4
    database = item.get_closest_marker("django_db")
    return 2 if database and database.kwargs.get("transaction") else 1


@pytest.fixture(scope="session")
def migrations_kept_in(request, tmp_path_factory) -> Path:
    """The folder of the databases as migrations leave them, see tests/database/template.py.

    A run without pytest's cache has a folder of its own.
    """
    if not request.config.pluginmanager.hasplugin("cacheprovider"):
        return tmp_path_factory.mktemp("migrated")
    return request.config.cache.mkdir("migrated")


@pytest.fixture(scope="session")
def migrated(django_db_modify_db_settings_parallel_suffix, migrations_kept_in) -> Migrated:
    if EMBEDDED:
        database = Path(connection.settings_dict["TEST"]["NAME"])
        return MigratedFile(migrations_kept_in, settings.REALM, database)
    name = connection.creation._get_test_db_name()
    return MigratedTemplate(migrations_kept_in, settings.REALM, name)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, migrated) -> bool:
    """What `Migrated` put there is not erased; the folder is deleted with the run."""
    migrated.load()
    if isinstance(migrated, MigratedTemplate):
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template or None
    return django_db_keepdb or EMBEDDED


@pytest.fixture(scope="session")
def django_db_setup(migrated, django_db_setup, django_db_blocker) -> None:
    """The test database has the staff roles, like one made by `manage.py prepare`."""
    if not EMBEDDED:
        connection.close()
    migrated.keep()
    with django_db_blocker.unblock():
        sync_roles()
        flush.keep()


@pytest.fixture(scope="session", autouse=True)
def every_mail_is_read() -> None:
    """Checks every mail that a test queues: its HTML reads as its text, its addresses are links."""
    make = notices._mail

    def made_and_read(**mail):
        notice = make(**mail)
        mail_reader.assert_reads_as_its_text(notice)
        return notice

    notices._mail = made_and_read


@pytest.fixture(autouse=True)
def files_of_this_test(tmp_path, settings) -> None:
    """Attachments and mails of a test go to its own folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "cases.storage.FileStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    settings.MAIL_DIR = tmp_path / "mail"


@pytest.fixture
def desk(db) -> world.Desk:
    """An organization with a Designated and a Read-Only contact, an outsider, and staff."""
    return snapshot.once(world.build)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One conspicuous line if the browser tests could not run."""
    if chromium.path() is None:
        terminalreporter.write_line(chromium.MISSING, red=True, bold=True)
