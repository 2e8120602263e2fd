"""FED-2: a process that has something of the other realm refuses, and each has its addresses."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import get_resolver

from fedramp.models import RealmMark
from supportdesk import boundary
from supportdesk.checks import walk
from supportdesk.start import ROOT
from tests.migrated import MigratedFile

pytestmark = [pytest.mark.django_db]

OTHER = {"commercial": "fedramp", "fedramp": "commercial"}[settings.REALM]


def manage(*arguments, **variables):
    environment = {**os.environ, "ENVIRONMENT": "development", **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
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
            env={**os.environ, "ENVIRONMENT": "development", "REALM": "commercial", **own},
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
