"""What `manage.py check --deploy` refuses in the FedRAMP realm, and who may own the audit log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import registry, run_checks
from django.db import connection

from fedramp import checks
from fedramp.checks import who_runs_the_desk_owns_no_audit_log
from tests.test_environment import PRODUCTION

GOOD = {
    **PRODUCTION,
    # A port at which nothing answers: no test reaches a database by it.
    "DATABASE_URL": "postgres://desk@127.0.0.1:1/desk?sslmode=verify-full",
    "CLAMD_URL": "unix:///run/clamd.ctl",
}
MARK = pytest.mark.realm("fedramp")


def check(tmp_path, **changes):
    """What the command says of this deployment, and its exit code."""
    variables = {name: each for name, each in {**GOOD, **changes}.items() if each is not None}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=Path(settings.BASE_DIR),
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


@MARK
@pytest.mark.embedded
def test_a_good_deployment_passes_where_no_database_answers(tmp_path):
    code, said = check(tmp_path)
    assert code == 0, said
    assert "fedramp.I001" in said, "that the owner could not be looked at is said"
    assert "fedramp.E" not in said


@pytest.mark.embedded
def test_the_command_refuses_each_of_what_is_not_encrypted(tmp_path):
    code, said = check(
        tmp_path,
        DATABASE_URL="postgres://desk@127.0.0.1:1/desk",
        BROKER_URL="redis://redis.example/1",
        CACHE_URL="redis://redis.example/2",
        EMAIL_URL="smtp://mail.example",
        CLAMD_URL=None,
    )
    found = [f"fedramp.E00{number}" in said for number in (3, 4, 5, 6)]
    if settings.REALM == "fedramp":
        assert (code, found) == (1, [True] * 4), said
        assert said.count("fedramp.E004") == 2
    else:  # a choice of the deployment there
        assert (code, found) == (0, [False] * 4), said


def found_in(**changes):
    """The errors of the settings with these changes."""
    with pytest.MonkeyPatch.context() as patch:
        good = {
            "ENVIRONMENT": "production",
            "DATABASES": {"default": postgres(sslmode="verify-full")},
            "CELERY_BROKER_URL": "rediss://redis.example/1?ssl_cert_reqs=required",
            "REDIS_CACHE_URL": "",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_USE_TLS": True,
            "CLAMD_URL": "unix:///run/clamd.ctl",
        }
        for name, value in {**good, **changes}.items():
            patch.setattr(settings, name, value)
        return [each.id for each in checks._settings()]


def postgres(**options):
    host = options.pop("host", "db.example")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host,
        "NAME": "desk",
        "OPTIONS": options,
    }


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({}, []),
        ({"ENVIRONMENT": "development"}, ["fedramp.E001"]),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, ["fedramp.E002"]),
        ({"DATABASES": {"default": postgres()}}, ["fedramp.E003"]),
        ({"DATABASES": {"default": postgres(sslmode="prefer")}}, ["fedramp.E003"]),
        ({"DATABASES": {"default": postgres(sslmode="require")}}, []),
        ({"DATABASES": {"default": postgres(host="/run/postgresql")}}, []),
        ({"DATABASES": {"default": postgres(host="")}}, []),
        ({"CELERY_BROKER_URL": "redis://127.0.0.1/1"}, ["fedramp.E004"]),
        ({"CELERY_BROKER_URL": "rediss://r.example/1?ssl_cert_reqs=CERT_NONE"}, ["fedramp.E004"]),
        ({"REDIS_CACHE_URL": "redis://r.example/2"}, ["fedramp.E004"]),
        ({"REDIS_CACHE_URL": "unix:///run/redis.sock"}, []),
        ({"EMAIL_USE_TLS": False}, ["fedramp.E005"]),
        ({"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True}, []),
        ({"EMAIL_BACKEND": "supportdesk.dev.mail_files.FileBackend"}, ["fedramp.E005"]),
        ({"CLAMD_URL": ""}, ["fedramp.E006"]),
    ],
)
def test_each_lack_is_named_alone(changes, errors):
    assert found_in(**changes) == errors


@MARK
def test_the_checks_are_asked_for_deployments_alone():
    assert who_runs_the_desk_owns_no_audit_log in registry.registry.deployment_checks
    ids = {each.id for each in run_checks(include_deployment_checks=False)}
    assert not [each for each in ids if str(each).startswith("fedramp.E")]


@MARK
@pytest.mark.servers
@pytest.mark.django_db
def test_who_owns_the_audit_log_or_may_is_refused_and_who_may_not_passes():
    owner, runs = "desk_test_owner", "desk_test_run"

    def ids():
        return [each.id for each in who_runs_the_desk_owns_no_audit_log(None)]

    def run(*statements):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    assert ids() == ["fedramp.E007"], "a superuser"
    run(f"CREATE ROLE {owner}", f"CREATE ROLE {runs}", f"GRANT USAGE ON SCHEMA public TO {runs}")
    for table in checks.KEPT:
        run(f"ALTER TABLE {table} OWNER TO {owner}", f"GRANT SELECT, INSERT ON {table} TO {runs}")
    run(f"SET LOCAL ROLE {owner}")
    assert ids() == ["fedramp.E007"]
    run(f"SET LOCAL ROLE {runs}")
    assert ids() == []
    run("RESET ROLE", f"GRANT {owner} TO {runs}", f"SET LOCAL ROLE {runs}")
    assert ids() == ["fedramp.E007"], "who may become the owner"
    run("RESET ROLE")


@MARK
@pytest.mark.servers
@pytest.mark.django_db
def test_a_database_that_is_not_migrated_is_said_and_not_passed_over(monkeypatch):
    monkeypatch.setattr(checks, "KEPT", ("no_such_table",))
    assert [each.id for each in who_runs_the_desk_owns_no_audit_log(None)] == ["fedramp.I001"]
