"""FED-2: a process that has something of the other realm refuses, and each has its addresses."""

import re
import subprocess
import sys

import environ
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import get_resolver

from fedramp.models import RealmMark
from supportdesk import boundary
from supportdesk.checks import walk
from supportdesk.dev.start import ROOT
from tests.database.template import MigratedFile
from tests.environment import of_product

pytestmark = [pytest.mark.django_db]

OTHER = {"commercial": "fedramp", "fedramp": "commercial"}[settings.REALM]


def manage(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=of_product(**variables),
        capture_output=True,
        text=True,
    )


@pytest.mark.rule("FED-2")
@pytest.mark.realm("fedramp")
@pytest.mark.embedded
def test_a_process_on_the_other_realms_database_refuses(tmp_path, migrations_kept_in):
    database = tmp_path / "db.sqlite3"
    kept = MigratedFile(migrations_kept_in, "fedramp", database).load()
    assert kept, "the database of this run"
    own = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{database}"}
    assert manage("migrate", "fedramp", "-v0", REALM="fedramp", **own).returncode == 0
    ways = [
        ["manage.py", "sweep"],
        ["manage.py", "migrate"],
        ["-m", "celery", "--app", "supportdesk", "beat", "--pidfile="],
        ["-c", "import supportdesk.wsgi"],
    ]
    for way in ways:
        done = subprocess.run(
            [sys.executable, *way],
            cwd=ROOT,
            env=of_product(REALM="commercial", **own),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode != 0, way
        assert "this database belongs to the fedramp realm" in done.stdout + done.stderr, way


@pytest.mark.rule("FED-2")
@pytest.mark.realm("fedramp")
@pytest.mark.embedded
def test_a_process_with_what_the_other_realm_has_refuses(tmp_path):
    theirs = {
        "DATABASE_URL": "postgres://one:secret@db.example:5432/desk",
        "BROKER_URL": "redis://:secret@redis.example/4",
        "SECRET_KEY": "their-secret-key",
        "FILES_DIR": str(tmp_path / "files"),
    }
    # The same things written in another way are the same things.
    ours = {
        "database": {"DATABASE_URL": "postgres://two:other@DB.example/desk"},
        "broker": {"BROKER_URL": "redis://redis.example:6379/4"},
        "secret-key": {"SECRET_KEY": "their-secret-key"},
        "files": {"FILES_DIR": str(tmp_path / "x" / ".." / "files")},
    }
    told = manage("fingerprints", REALM="commercial", DATA_DIR=str(tmp_path), **theirs).stdout
    assert "secret" not in told.replace("secret-key:", "")
    common = {"DATA_DIR": str(tmp_path), "OTHER_REALM_FINGERPRINTS": told.strip()}
    for name, variables in ours.items():
        done = manage("fingerprints", REALM="fedramp", **common, **variables)
        assert done.returncode == 1
        assert done.stderr.startswith(f"supportdesk: the {name} of this process is that of the")
        assert done.stderr.count("\n") == 1
    assert manage("fingerprints", REALM="fedramp", **common).returncode == 0


THEIRS = {
    "DATABASE_URL": "postgres://one@localhost/desk",
    "BROKER_URL": "redis://localhost/4",
    "CACHE_URL": "redis://localhost/5",
    "SECRET_KEY": "their-secret-key",
}
#: The same by another name, and what the refusal calls it.
OURS = [
    ("database", {"DATABASE_URL": "postgres://two@127.0.0.1/desk"}),
    ("database", {"DATABASE_URL": "postgres://two@[::1]:5432/desk"}),
    ("database", {"DATABASE_URL": "postgres:///desk"}),
    ("broker", {"BROKER_URL": "redis://127.0.0.1:6379/4"}),
    ("broker", {"BROKER_URL": "redis://[::1]/4"}),
    ("cache", {"CACHE_URL": "redis://:secret@127.0.0.2/5"}),
    ("cache", {"CACHE_URL": "redis://localhost/4"}),
    ("broker", {"BROKER_URL": "redis://localhost/5"}),
    ("files", {"FILES_DIR": "{theirs}"}),
    ("files", {"FILES_DIR": "{theirs}/deep/within"}),
    ("files", {"FILES_DIR": "{link}"}),
    ("files", {"FILES_DIR": "{link}/within"}),
    ("broker", {"BROKER_DIR": "{theirs}/broker"}),
    ("data folder", {"DATA_DIR": "{theirs}/var", "FILES_DIR": "{own}"}),
    ("database", {"DATABASE_URL": "sqlite:///{theirs}/db.sqlite3"}),
]
FINE = [
    {"DATABASE_URL": "postgres://one@localhost/other"},
    {"BROKER_URL": "redis://localhost/6", "CACHE_URL": "redis://localhost/6"},
    {"FILES_DIR": "{theirs}-not"},
]


@pytest.mark.rule("FED-2")
@pytest.mark.realm("fedramp")
@pytest.mark.embedded
def test_the_same_thing_by_another_name_is_the_same_thing(tmp_path, monkeypatch, settings):
    theirs, link, own = tmp_path / "theirs", tmp_path / "link", tmp_path / "own"
    theirs.mkdir()
    link.symlink_to(theirs)
    told = manage(
        "fingerprints",
        REALM="commercial",
        DATA_DIR=str(tmp_path / "commercial"),
        FILES_DIR=str(theirs),
        **THEIRS,
    ).stdout.strip()
    assert "cache:" in told

    def refusal(changes):
        """What this process would say of its settings with these changes."""
        places = {"theirs": theirs, "link": link, "own": own}
        values = {name: each.format(**places) for name, each in changes.items()}
        database = database_of(values.get("DATABASE_URL"), own)
        monkeypatch.setitem(settings.DATABASES, "default", database)
        settings.CELERY_BROKER_URL = values.get("BROKER_URL", "filesystem://localhost")
        folder = {} if "BROKER_URL" in values else {"data_folder_in": own / "broker"}
        if "BROKER_DIR" in values:
            folder = {"data_folder_in": values["BROKER_DIR"]}
        settings.CELERY_BROKER_TRANSPORT_OPTIONS = folder
        settings.REDIS_CACHE_URL = values.get("CACHE_URL", "")
        settings.FILES_DIR = values.get("FILES_DIR", own / "files")
        settings.DATA_DIR = values.get("DATA_DIR", own)
        settings.OTHER_REALM_FINGERPRINTS = told.split(",")
        try:
            boundary.refuse_shared()
        except boundary.RealmsMixed as error:
            return str(error)
        return ""

    for name, changes in OURS:
        expected = f"the {name} of this process is that of the other realm."
        assert refusal(changes).startswith(expected), changes
    for changes in FINE:
        assert refusal(changes) == "", changes


def database_of(url, own):
    if url is None:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(own / "db.sqlite3")}
    return dict(environ.Env.db_url_config(url))


@pytest.mark.rule("FED-2")
@pytest.mark.realm("fedramp")
@pytest.mark.embedded
def test_a_cache_of_the_other_realm_ends_the_start(tmp_path):
    cache = {"CACHE_URL": "redis://localhost:6399/5"}
    told = manage("fingerprints", REALM="commercial", DATA_DIR=str(tmp_path), **cache).stdout
    other = {"CACHE_URL": "redis://127.0.0.1:6399/5"}
    variables = {"DATA_DIR": str(tmp_path), "OTHER_REALM_FINGERPRINTS": told.strip()}
    done = manage("fingerprints", REALM="fedramp", **variables, **other)
    assert done.returncode == 1
    assert done.stderr.startswith("supportdesk: the cache of this process is that of the other")


def test_the_database_is_marked_once_and_its_mark_is_looked_at():
    assert RealmMark.objects.get().realm == settings.REALM
    boundary._ours.clear()
    boundary._look(None, connection)
    assert boundary._ours
    with pytest.raises(IntegrityError), transaction.atomic():
        RealmMark.objects.create(pk=2, realm=OTHER)


#: Beginnings of the addresses that one realm has and the other has not.
ONLY_IN = {
    "fedramp": {
        "accounts/notice/",
        "session/",
        "invitation/",
        "profile/pin/",
        "admin/fedramp/skill/",
        "admin/fedramp/pincheck/",
        "admin/fedramp/auditentry/",
    },
    "commercial": {"get-started/", "applicants/", "admin/cases/applicant/"},
}


@pytest.mark.rule("FED-2")
def test_addresses_that_a_realm_has_not_are_absent():
    paths = [path for path, _ in walk(get_resolver().url_patterns)]
    for beginning in ONLY_IN[OTHER]:
        assert not [path for path in paths if path.startswith(beginning)]
    for beginning in ONLY_IN[settings.REALM]:
        assert [path for path in paths if path.startswith(beginning)]


@pytest.mark.rule("FED-11")
@pytest.mark.realm("fedramp")
def test_this_realm_has_no_api_for_a_mobile_app():
    paths = [path for path, _ in walk(get_resolver().url_patterns)]
    assert not [path for path in paths if path.startswith("api")]


def test_the_table_of_controls_names_tests_that_exist():
    words = (ROOT / "docs" / "fedramp-controls.md").read_text()
    named = set(re.findall(r"`((?:\w+/)?test_\w+\.py)`", words))
    tests = ROOT / "tests"
    missing = [
        each for each in named if not any((tests / x / each).exists() for x in ("", "fedramp"))
    ]
    assert len(named) > 15
    assert missing == []
