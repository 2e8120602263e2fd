"""Every empty or odd variable is named in one clear line, and stops the start."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache.backends.redis import RedisCache

from supportdesk.settings.database import limit_waits

ROOT = Path(settings.BASE_DIR)

#: Reads the settings once for each set of variables from stdin, in one process.
READ = """
import io, json, os, sys, types
sys.path.insert(0, os.getcwd())
basis, cases, said = json.loads(os.environ.pop("BASIS")), json.load(sys.stdin), []
for changes in cases:
    for name in [each for each in sys.modules if each.startswith("supportdesk")]:
        del sys.modules[name]
    desk = sys.modules["supportdesk"] = types.ModuleType("supportdesk")
    desk.__path__ = ["supportdesk"]  # without Celery, which would read them too
    os.environ.clear()
    os.environ.update(basis)
    for name, value in changes.items():
        os.environ[name] = value
        if value is None: del os.environ[name]
    try:
        import supportdesk.settings
        said.append("")
    except SystemExit as error:
        said.append(str(error.code))
print(json.dumps(said))
"""
KEY = "kB3x9Qw1-ZrT5yUe_7LmPo2aSdFgHjK4vCnXb8N6iR0tYwEqAzMlOpUhGf"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "REALM": settings.REALM,
    "SECRET_KEY": KEY,
    "SITE_URL": "https://desk.example",
    "DATABASE_URL": "postgres://desk@db.example/desk?sslmode=require",
    "BROKER_URL": "rediss://redis.example/1",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "PIN_KEY": "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f",
}


def read(*cases, basis=PRODUCTION):
    """The output of a start with each of these changes; "" if it succeeds."""
    done = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "BASIS": json.dumps({**basis, **OWN_FOLDER})},
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


OWN_FOLDER = {"DATA_DIR": os.environ["DATA_DIR"], "STATIC_ROOT": os.environ["DATA_DIR"]}
NUMBER = ["", " ", "abc", "-1", "1e3", "9" * 30, "٣"]
FLAG = ["", "ture", "2"]
WEB = ["desk", "ftp://desk.example", "https://", "https://desk.example:99999", "https://a b"]
#: Wrong values of each variable. None: any text will do, even an empty one.
WRONG = {
    "ENVIRONMENT": ["", "prod", "Production"],
    "REALM": ["", "FedRAMP"],
    "SECRET_KEY": ["", "  "],
    "SECRET_KEY_FALLBACKS": ["", ","],
    "PIN_KEY_FALLBACKS": ["", ","] if settings.REALM == "fedramp" else None,
    "SITE_URL": ["", *WEB, "https://desk.example/desk", "https://one@desk.example"],
    "DATABASE_URL": ["", "desk", "mysql://db/desk", "postgres://db:port/desk", "postgres://db"],
    "BROKER_URL": ["", "redis", "redis://", "amqp://guest@localhost", "redis://host:x/1"],
    "EMAIL_URL": ["", "mail.example", "smtp://", "smtp://mail:x"],
    "ALLOWED_HOSTS": ["", ",", "https://desk.example"],
    "BEHIND_TLS_PROXY": FLAG,
    "CACHE_URL": ["redis.example", "redis://", "memcached://host"],
    "DEFAULT_FROM_EMAIL": ["", "Product Support", "a@b\r\nBcc: c@d"],
    "DATA_DIR": ["", " "],
    "FILES_DIR": ["", " "],
    "AUDIT_ANCHOR_FILE": ["", " "],
    "BROKER_DIR": None,  # only of the embedded broker: below
    "FILES_BACKEND": ["s3", "no_such_package.Storage"],
    "STATIC_ROOT": [""],
    "CLAMD_URL": ["clamd", "http://clamd", "tcp://", "tcp://clamd:x"],
    "ATTACHMENT_MAX_MB": [*NUMBER, "0"],
    "CLOSING_NOTICE_AFTER_DAYS": [*NUMBER, "0"],
    "CLOSING_AFTER_DAYS": [*NUMBER, "0"],
    "CLOSING_DAYS_AFTER_NOTICE": [*NUMBER, "0"],
    "ACCESS_DUE_DAYS": [*NUMBER, "0"],
    "SUPPORT_PHONE": ["", "none"],
    "HELP_BUTTON_LABEL": None,
    "MANAGEMENT_ATTENTION_ADDRESS": ["management"],
    "MANAGEMENT_ATTENTION_PER_DAY": [*NUMBER, "0"],
    "ESCALATION_ANSWER_HOURS": [*NUMBER, "0"],
    "ESCALATION_WARN_PERCENT": [*NUMBER, "0", "101"],
    "WEB_CONCURRENCY": [*NUMBER, "0"],
    "WEB_THREADS": [*NUMBER, "0"],
    "REQUEST_HEAD_SECONDS": [*NUMBER, "0"],
    "REQUEST_BODY_SECONDS": [*NUMBER, "0"],
    "REQUEST_BYTES_PER_SECOND": [*NUMBER, "0"],
    "CONNECTION_IDLE_SECONDS": [*NUMBER, "0"],
    "DATABASE_CONNECT_SECONDS": [*NUMBER, "0"],
    "EMAIL_TOTAL_SECONDS": [*NUMBER, "0"],
    "DATABASE_LOCK_SECONDS": [*NUMBER, "-1"],
    "DATABASE_STATEMENT_SECONDS": [*NUMBER, "-1"],
    "KNOWLEDGE_BASE_URL": WEB,
    "TUTORIALS_URL": WEB,
    "STATUS_PAGE_URL": WEB,
    "FEDRAMP_PORTAL_URL": WEB,
    "FEDRAMP_SKILL_DAYS": [*NUMBER, "0"],
    "FEDRAMP_SKILL_REVIEW_DAYS": NUMBER,
    "SIGN_IN_FAILURE_LIMIT": [*NUMBER, "0"],
    "SIGN_IN_LOCK_HOURS": [*NUMBER, "0"],
    "SIGN_IN_FAILURE_MINUTES": [*NUMBER, "0"],
    "SESSION_HOURS": [*NUMBER, "0"],
    "STAFF_IDLE_MINUTES": NUMBER,
    "CONTACT_IDLE_MINUTES": NUMBER,
    "DORMANT_DAYS": [*NUMBER, "0"],
    "OTHER_REALM_FINGERPRINTS": ["", "database", "database:xyz"],
    "SYSTEM_USE_NOTICE": None,
    "STAFF_SECOND_FACTOR_REQUIRED": FLAG,
    "CONTACT_SECOND_FACTOR_REQUIRED": FLAG,
    "LOG_LEVEL": ["", "LOUD"],
    "CELERY_LOG_LEVEL": ["", "LOUD"],
    "PORT": [*NUMBER, "0", "65536"],
    "DEBUG": None,  # only in development: below
    "PIN_KEY": ["", "00", "z" * 64] if settings.REALM == "fedramp" else None,
    "OIDC_ISSUER": WEB if settings.REALM == "fedramp" else None,
    "OIDC_NAME": None,
    # With the issuer: tests/fedramp/test_provider_settings.py
    "OIDC_CLIENT_ID": None,
    "OIDC_CLIENT_SECRET": None,
    "OIDC_ACR_VALUES": None,
}


def test_each_wrong_value_is_named_in_one_line():
    """Among them `BROKER_URL=`, `SITE_URL=`, `DATABASE_URL=`, `ATTACHMENT_MAX_MB=abc`."""
    cases = [(name, each) for name, wrong in WRONG.items() for each in wrong or ()]
    said = read({}, *({name: value} for name, value in cases))
    assert said[0] == ""
    shape = r"supportdesk: {} (is|has|names) [^\n]+; it must be [^\n]+\."
    wrong = [
        (name, value, line)
        for (name, value), line in zip(cases, said[1:], strict=True)
        if not re.fullmatch(shape.format(name), line)
        and not line.startswith(f"supportdesk: {name} must be 64 hexadecimal digits")
    ]
    assert wrong == []


def test_no_line_shows_a_password():
    secret = "s3cr3t"
    for line in read(
        {"DATABASE_URL": f"mysql://desk:{secret}@db/desk"},
        {"DATABASE_URL": f"postgres://desk:{secret}@db:port/desk"},
        {"BROKER_URL": f"amqp://desk:{secret}@redis"},
        {"CACHE_URL": f"memcached://:{secret}@redis"},
        {"EMAIL_URL": f"imap://desk:{secret}@mail"},
    ):
        assert line.startswith("supportdesk: ")
        assert secret not in line


def test_in_development_too():
    basis = {"ENVIRONMENT": "development", "REALM": settings.REALM}
    cases = [
        ("DEBUG", "maybe"),
        ("BROKER_DIR", ""),
        *((name, "") for name in ("BROKER_URL", "SITE_URL", "DATABASE_URL", "SECRET_KEY")),
        ("ATTACHMENT_MAX_MB", "abc"),
    ]
    said = read({}, *({name: value} for name, value in cases), basis=basis)
    assert said[0] == ""
    for (name, _), line in zip(cases, said[1:], strict=True):
        assert line.startswith(f"supportdesk: {name} is "), line
    (folder,) = read({"DATA_DIR": "/proc/nowhere"}, basis=basis)
    assert folder.startswith("supportdesk: the folder /proc/nowhere/")
    assert "DATA_DIR" in folder


def test_what_may_be_empty_and_odd_but_right_values_are_taken():
    for line in read(
        {"CLAMD_URL": "", "CACHE_URL": "", "FILES_BACKEND": "", "OIDC_ISSUER": ""},
        {"MANAGEMENT_ATTENTION_ADDRESS": "", "FEDRAMP_PORTAL_URL": "", "STATUS_PAGE_URL": ""},
        {"CLAMD_URL": "unix:///run/clamd.ctl", "SITE_URL": "https://desk.example:8443/"},
        {"DATABASE_URL": "postgres://desk@one,two/desk", "ALLOWED_HOSTS": "a.example, [::1]"},
        {"LOG_LEVEL": "ERROR", "BEHIND_TLS_PROXY": "Yes", "STAFF_IDLE_MINUTES": "7.5"},
        {"DATABASE_URL": "postgres:///desk?host=/run/postgresql", "CACHE_URL": "unix:///r.sock"},
    ):
        assert line == ""


@pytest.mark.parametrize("url", ["redis://localhost/5", "unix:///run/redis.sock"])
def test_a_cache_that_says_nothing_holds_no_request(url):
    """A server that accepts the connection and stays silent would block a request for ever without
    redis-py's default time limits; an earlier version had none."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json, supportdesk.settings as s; print(json.dumps(s.CACHES))",
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **PRODUCTION, **OWN_FOLDER, "CACHE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    of_cache = json.loads(done.stdout)["default"]
    location = of_cache.pop("LOCATION")
    client = RedisCache(location, of_cache)._cache.get_client()
    opened = client.connection_pool.make_connection()
    assert 1 <= opened.socket_timeout <= 10
    assert 1 <= opened.socket_connect_timeout <= 10


def test_limits_of_time_are_added_to_the_options_that_an_address_has():
    options = {"options": "-c search_path=desk"}
    limit_waits(options, lock=4, statement=0.5)
    limits = "-c lock_timeout=4000 -c statement_timeout=500"
    assert options == {"options": f"-c search_path=desk {limits}"}


def test_the_table_has_every_variable():
    """All variables in the settings, and all in `.env.example`."""
    read_of = re.compile(r"(?:env\.\w+|required|database|made|mail)\(\s*\"([A-Z][A-Z_]+)\"")
    found = {
        name
        for path in (ROOT / "supportdesk").rglob("*.py")
        for name in read_of.findall(path.read_text())
    }
    told = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    # `make run` reads these itself: tests/test_start.py
    of_start = {"PORT_COMMERCIAL", "PORT_FEDRAMP", "DEMO", "RELOAD"}
    assert found | told - of_start == set(WRONG)


#: Weaker than a control of the FedRAMP realm allows.
WEAK = {
    "SECRET_KEY": ["x", "x" * 64, f"development-only-fedramp-{'x' * 40}", KEY[:40]],
    "PIN_KEY": ["00" * 32, "ab" * 32, "0123456789abcdef" * 4],
    "SIGN_IN_FAILURE_LIMIT": ["50", "4"],
    "SIGN_IN_LOCK_HOURS": ["0.1"],
    "SIGN_IN_FAILURE_MINUTES": ["5"],
    "DORMANT_DAYS": ["36"],
    "SITE_URL": ["http://desk.example"],
    "ALLOWED_HOSTS": ["*"],
    "DATABASE_URL": [
        f"postgres://desk@db.example/desk?sslmode={mode}" for mode in ("disable", "allow", "prefer")
    ],
}


def test_weak_values_are_refused_in_the_fedramp_realm():
    """Commercial deployments choose for themselves; the same values, only the realm differs."""
    cases = [(name, each) for name, weak in WEAK.items() for each in weak]
    said = read(*({name: value} for name, value in cases))
    for (name, value), line in zip(cases, said, strict=True):
        if settings.REALM == "fedramp":
            assert line.startswith(f"supportdesk: {name} "), (name, value, line)
            assert "\n" not in line
        else:
            assert line == "", (name, value, line)


def test_development_is_refused_where_others_reach_it():
    basis = {"ENVIRONMENT": "development", "REALM": settings.REALM}
    away = read(
        {"SITE_URL": "https://desk.example"},
        {"ALLOWED_HOSTS": "fedramp.localhost,desk.example"},
        {"ENVIRONMENT": "test", "SITE_URL": "https://desk.example"},
        basis=basis,
    )
    here = read(
        {"SITE_URL": "http://fedramp.localhost:9001"},
        {"SITE_URL": "http://127.0.0.1:9001", "ALLOWED_HOSTS": "localhost,[::1],.localhost"},
        basis=basis,
    )
    assert here == ["", ""]
    for line in away:
        if settings.REALM == "fedramp":
            assert line.startswith("supportdesk: ENVIRONMENT is ")
        else:
            assert line == ""
