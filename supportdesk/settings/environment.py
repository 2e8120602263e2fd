"""Facts of the environment, read once for all settings: which deployment and realm this is."""

import os
import sys
from pathlib import Path

import environ

from .variables import Variables, refuse

BASE_DIR = Path(__file__).resolve().parent.parent.parent

if (BASE_DIR / ".env").is_file():
    environ.Env.read_env(str(BASE_DIR / ".env"))
env = Variables()


def required(name: str) -> str:
    """The variable's value; ends the start with one clear line if it is missing or empty."""
    if (value := os.environ.get(name)) is None:
        sys.exit(
            f"supportdesk: {name} is not set. Set it (see .env.example), "
            "or set ENVIRONMENT=development to try the desk on this machine."
        )
    if not value.strip():
        refuse(name, "is empty", "set to a value (see .env.example)")
    return value


ENVIRONMENT = env.choice("ENVIRONMENT", "production", ("production", "development", "test"))
#: `test` is another name for `development`.
DEVELOPMENT = ENVIRONMENT != "production"

if not DEVELOPMENT:
    required("REALM")
REALM = env.choice("REALM", "commercial", ("commercial", "fedramp"))
#: The host name in development.
DEFAULT_HOST = {"commercial": "localhost", "fedramp": "fedramp.localhost"}[REALM]
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var") / REALM
