"""What the environment says, read once for all settings: which deployment and realm this is."""

import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"))


def required(name: str) -> str:
    """The variable's value; ends the start with one clear line where it is missing."""
    try:
        return env.str(name)
    except ImproperlyConfigured:
        sys.exit(
            f"supportdesk: {name} is not set. Set it (see .env.example), "
            "or set ENVIRONMENT=development to try the desk on this machine."
        )


ENVIRONMENT = env.str("ENVIRONMENT", default="production")
DEVELOPMENT = ENVIRONMENT in {"development", "test"}

REALM = env.str("REALM", default="commercial") if DEVELOPMENT else required("REALM")
if REALM not in {"commercial", "fedramp"}:
    sys.exit(f"supportdesk: REALM is {REALM!r}; it must be 'commercial' or 'fedramp'.")
