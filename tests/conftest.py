"""Fixtures for all tests. The world is built through the services, not by hand."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from cases import notices
from cases.roles import sync_roles
from tests import kept_rows, mail_reader, taken_back, world
from tests.browser import chromium
from tests.migrated import Migrated, MigratedFile, MigratedTemplate

HERE = Path(__file__).parent
EMBEDDED = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")

#: What differs between the realms: it runs in both, on each database. All else runs in the
#: commercial realm on SQLite and in the FedRAMP realm on PostgreSQL, as do tests marked `crossed`:
#: in both realms and on both databases, in half of the time.
DIFFERS = {
    "admin/test_forged_lookups.py",
    "admin/test_walk.py",
    "browser/test_access_pages.py",
    "cases/test_mails_as_html.py",
    "cases/test_notices.py",
    "cases/test_opening.py",
    "fedramp",
    "life",
    "portal/test_sign_in.py",
    "portal/test_url_walk.py",
    "test_environment.py",
    "test_odd_input.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of one realm does not exist in the other; for the rest see the markers' words."""
    crossed = EMBEDDED is (settings.REALM == "commercial")
    deselected = [
        item
        for item in items
        if ((mark := item.get_closest_marker("realm")) and mark.args[0] != settings.REALM)
        or (item.get_closest_marker("embedded") and not EMBEDDED)
        or (is_crossed(item) and not crossed)
    ]
    if deselected:
        items[:] = [item for item in items if item not in deselected]
        deselected[0].config.hook.pytest_deselected(items=deselected)
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """What takes long begins early among its kind, so that nobody waits for it at the end.

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


def is_crossed(item: pytest.Item) -> bool:
    """Whether it runs in one realm for each database; a test of one realm always runs there."""
    if item.get_closest_marker("realm"):
        return False
    path = item.path.relative_to(HERE)
    differs = {str(path), str(path.parent)} & DIFFERS
    return bool(item.get_closest_marker("crossed") or not differs)


@pytest.fixture(scope="session")
def migrations_kept_in(request, tmp_path_factory) -> Path:
    """The folder of the databases as migrations leave them, see tests/migrated.py.

    A run without pytest's cache keeps them for itself alone.
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
    """What `Migrated` laid there is not erased; the folder goes with the run."""
    migrated.load()
    if isinstance(migrated, MigratedTemplate):
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template or None
    return django_db_keepdb or EMBEDDED


@pytest.fixture(scope="session")
def django_db_setup(migrated, django_db_setup, django_db_blocker) -> None:
    """The test database has the staff roles, as one that `manage.py prepare` made."""
    if not EMBEDDED:
        connection.close()
    migrated.keep()
    with django_db_blocker.unblock():
        sync_roles()
        taken_back.keep()


@pytest.fixture(scope="session", autouse=True)
def every_mail_is_read() -> None:
    """Whatever mail a test queues: its HTML reads as its text, and its addresses are links."""
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
    return kept_rows.once(world.build)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One loud line where the browser tests could not run."""
    if chromium.path() is None:
        terminalreporter.write_line(chromium.MISSING, red=True, bold=True)
