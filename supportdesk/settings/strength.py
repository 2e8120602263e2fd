"""Values that are too weak for the FedRAMP realm: they end its start, each in one line.

`manage.py check --deploy` checks the rest (fedramp/checks.py): what a start on a test
machine may lack, and a deployment may not.
"""

import ipaddress
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

#: Values of PostgreSQL's `sslmode` that continue without encryption if the server wants it.
CLEAR = {"disable", "allow", "prefer"}


def refuse_weak(settings: Mapping[str, Any]) -> None:
    """Ends the process if a setting of the FedRAMP realm is weaker than its controls."""
    if settings["REALM"] != "fedramp":
        return
    look = _in_development if settings["DEVELOPMENT"] else _deployed
    for what in look(settings):
        sys.exit(f"supportdesk: {what}")


def _in_development(settings: Mapping[str, Any]) -> Iterator[str]:
    """Development has no secrets: it serves only this machine."""
    hosts = [str(urlsplit(settings["SITE_URL"]).hostname), *settings["ALLOWED_HOSTS"]]
    for host in hosts:
        if not is_this_machine(host):
            yield (
                f"ENVIRONMENT is {settings['ENVIRONMENT']}, and {host!r} is no name of this "
                "machine. A FedRAMP realm that others reach must be ENVIRONMENT=production."
            )


def _deployed(settings: Mapping[str, Any]) -> Iterator[str]:
    key = settings["SECRET_KEY"]
    if len(key) < 50 or len(set(key)) < 10 or key.startswith(("development-only", "django-insec")):
        yield "SECRET_KEY is too weak; it must be 50 random characters or more (SC-12)."
    if len(set(settings["PIN_KEY"])) < 16:
        yield "PIN_KEY is too weak; it must be random: openssl rand -hex 32 (SC-12)."
    if not settings["SITE_URL"].startswith("https://"):
        yield "SITE_URL must begin with https:// (SC-8)."
    if "*" in settings["ALLOWED_HOSTS"]:
        yield "ALLOWED_HOSTS has '*'; it must name the hosts that are served."
    if settings["AXES_FAILURE_LIMIT"] > 3:
        yield "SIGN_IN_FAILURE_LIMIT must be 3 at most (AC-7)."
    if settings["AXES_COOLOFF_TIME"] < 0.5:
        yield "SIGN_IN_LOCK_HOURS must be 0.5 at least (AC-7)."
    if settings["SIGN_IN_FAILURE_MINUTES"] < 15:
        yield "SIGN_IN_FAILURE_MINUTES must be 15 at least (AC-7)."
    if settings["DORMANT_DAYS"] > 35:
        yield "DORMANT_DAYS must be 35 at most (AC-2)."
    mode = settings["DATABASES"]["default"].get("OPTIONS", {}).get("sslmode")
    if mode in CLEAR:
        yield f"DATABASE_URL has sslmode={mode}; it must be verify-full or require (SC-8)."


def is_this_machine(host: str) -> bool:
    """Whether the name can only be this machine's own."""
    host = host.strip("[].").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
