"""Reading variables of the environment: a wrong value ends the start in one line.

A wrong value is never replaced by another one: not an empty address by a default, not a misspelt
"true" by no. The line names the variable and what is expected; of the value it shows nothing
that may be a secret.
"""

import builtins
import importlib.util
import os
import re
import sys
from collections.abc import Collection
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

import environ

Text = builtins.str
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
DATABASES = ("postgres", "postgresql", "psql", "pgsql", "sqlite")
BROKERS = ("redis", "rediss", "redis+socket", "sentinel", "filesystem")
CACHE_SERVERS = ("redis", "rediss", "unix")
MAILS = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail")
_HOSTS_NEEDED = {"redis", "rediss", "sentinel", "tcp", "smtp", "smtps", "smtp+tls", "smtp+ssl"}
HOST = r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]|\*"
#: The greatest number of any setting.
MOST = 1e6
FINGERPRINT = r"[a-z-]+:[0-9a-f]{32}"


def refuse(name: Text, is_wrong: Text, expected: Text) -> NoReturn:
    """Ends the process with the one line."""
    sys.exit(f"supportdesk: {name} {is_wrong}; it must be {expected}.")


class Variables:
    """`default` is for a variable that is not set at all; an empty one is wrong unless a method
    says otherwise."""

    def str(
        self,
        name: Text,
        default: Text | None = None,
        *,
        multiline: builtins.bool = False,
        may_be_empty: builtins.bool = False,
        pattern: Text = "",
        expected: Text = "left out, or set to a value",
    ) -> Text:
        """The value as it is. It may be empty if the default is empty, or none is given."""
        value = os.environ.get(name)
        if value is None:
            return default or ""
        if not value.strip():
            if not default or may_be_empty:
                return ""
            refuse(name, "is empty", expected)
        if pattern and not re.search(pattern, value):
            refuse(name, _shown(value), expected)
        return value.replace("\\n", "\n") if multiline else value

    def int(
        self,
        name: Text,
        default: builtins.int,
        *,
        least: builtins.int = 1,
        most: builtins.float = MOST,
    ) -> builtins.int:
        expected = "a whole number " + _range(least, most)
        if (value := os.environ.get(name)) is None:
            return default
        if not re.fullmatch(r"-?[0-9]{1,9}", value.strip()):
            refuse(name, _shown(value), expected)
        if not least <= builtins.int(value) <= most:
            refuse(name, _shown(value), expected)
        return builtins.int(value)

    def float(
        self,
        name: Text,
        default: builtins.float,
        *,
        least: builtins.float = 0,
        most: builtins.float = MOST,
    ) -> builtins.float:
        expected = "a number " + _range(least, most)
        if (value := os.environ.get(name)) is None:
            return default
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", value.strip()):
            refuse(name, _shown(value), expected)
        if not least <= builtins.float(value) <= most:
            refuse(name, _shown(value), expected)
        return builtins.float(value)

    def bool(self, name: Text, default: builtins.bool) -> builtins.bool:
        if (value := os.environ.get(name)) is None:
            return default
        if (word := value.strip().lower()) not in _TRUE | _FALSE:
            refuse(name, _shown(value), "1 or 0")
        return word in _TRUE

    def list(
        self, name: Text, default: builtins.list[Text], *, each: Text = ".+", expected: Text = ""
    ) -> builtins.list[Text]:
        """Separated by commas; `each` is the pattern of one."""
        expected = f"left out, or a list with commas between{expected and ': ' + expected}"
        if (value := os.environ.get(name)) is None:
            return default
        found = [one for part in value.split(",") if (one := part.strip())]
        if not found:
            refuse(name, "is empty", expected)
        for one in found:
            if not re.fullmatch(each, one):
                refuse(name, f"has {_shown(one).removeprefix('is ')}", expected)
        return found

    def choice(self, name: Text, default: Text, among: Collection[Text]) -> Text:
        value = os.environ.get(name, default)
        if value not in among:
            refuse(name, _shown(value), "one of " + ", ".join(among))
        return value

    def folder(self, name: Text, default: Path | Text) -> Path:
        """An absolute path, so that all processes mean the same one, wherever they were started."""
        value = os.environ.get(name)
        if value is None:
            return Path(default)
        if not value.strip() or "\0" in value:
            refuse(name, "is empty", "the path of a folder")
        return Path(value).absolute()

    def web(self, name: Text, default: Text, *, is_site: builtins.bool = False) -> Text:
        """A web address; of the site itself, without a path. Empty if the default is."""
        expected = (
            "an address like https://support.example.com"
            + (", without a path" if is_site else "")
            + ("" if default or is_site else ", or left out")
        )
        value = self.str(name, default, expected=expected)
        if not value and not is_site:
            return value
        parts = _split(name, value, expected)
        plain = not (parts.query or parts.fragment or parts.username or parts.path.strip("/"))
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or re.search(r"\s", value)
            or (is_site and not plain)
        ):
            refuse(name, _shown(value), expected)
        return value

    def url(self, name: Text, default: Text, schemes: Collection[Text]) -> Text:
        """The address of a server. It may hold a password: no part of it is shown."""
        value = self.str(name, default, expected=_begins(schemes))
        if value:
            check_url(name, value, schemes)
        return value

    def mailbox(self, name: Text, default: Text, *, may_be_empty: builtins.bool = False) -> Text:
        expected = "an e-mail address, as Product Support <support@example.com>"
        value = self.str(name, default, expected=expected, may_be_empty=may_be_empty)
        address = parseaddr(value)[1]
        if value and (not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or re.search(r"[\r\n]", value)):
            refuse(name, _shown(value), expected)
        return value

    def dotted(self, name: Text, default: Text) -> Text:
        """The path of a Python class whose package is installed."""
        value = self.str(name, default)
        if value and not (
            re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", value)
            and importlib.util.find_spec(value.split(".")[0])
        ):
            refuse(name, _shown(value), "the path of a class that is installed, or left out")
        return value

    def database(self, name: Text, otherwise: Path) -> dict[Text, Any]:
        """Django's settings of the database: a file of SQLite, if none is named."""
        if (value := os.environ.get(name)) is None:
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": builtins.str(otherwise)}
        parts = check_url(name, value, DATABASES)
        if not parts.path.strip("/"):
            refuse(name, "names no database", "an address that ends with the name of a database")
        return dict(environ.Env.db_url_config(value))

    def mail(self, name: Text) -> dict[Text, Any]:
        """Django's settings of the mail server."""
        value = self.str(name)
        check_url(name, value, MAILS)
        return dict(environ.Env.email_url_config(value))


def check_url(name: Text, value: Text, schemes: Collection[Text]) -> SplitResult:
    """The parts of the address, if it begins with one of `schemes`."""
    parts = _split(name, value, _begins(schemes))
    lacks_host = parts.scheme in _HOSTS_NEEDED and not parts.hostname
    if parts.scheme not in schemes or lacks_host or value != value.strip():
        refuse(name, "is not such an address" if value.strip() else "is empty", _begins(schemes))
    return parts


def made(name: Text, folder: Path) -> Path:
    """The folder, which now exists; if it cannot be made, the start ends with its name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"supportdesk: the folder {folder} of {name} cannot be made: {error.strerror}.")
    return folder


def _split(name: Text, value: Text, expected: Text) -> SplitResult:
    try:
        parts = urlsplit(value)
        if "," not in parts.netloc:  # several servers of one database
            _ = parts.port
    except ValueError:
        refuse(name, "is not a readable address", expected)
    return parts


def _begins(schemes: Collection[Text]) -> Text:
    return "an address that begins with " + " or ".join(f"{each}://" for each in schemes)


def _shown(value: Text) -> Text:
    if not value.strip():
        return "is empty"
    shown = value if len(value) <= 40 else value[:40] + "…"
    return f"is {shown!r}"


def _range(least: builtins.float, most: builtins.float) -> Text:
    return f"from {least:g}" + (f" to {most:g}" if most < MOST else "")
