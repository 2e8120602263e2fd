"""A desk as `make run` starts it: real web, worker and beat processes, on a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from supportdesk.dev.start import HOSTS, ROOT, answers, commands
from tests.database.template import Migrated, MigratedFile, MigratedTemplate, on_server
from tests.environment import of_product

START_SECONDS = 120


class RunningDesk:
    """One realm's processes. `kill` is SIGKILL; `start` after it is a restart on the same data."""

    def __init__(self, folder: Path, realm: str, **variables: str) -> None:
        #: A test that is about the system-use notice (AC-8) asks for one; the others go in at once.
        self.variables = {"SYSTEM_USE_NOTICE": "", **variables}
        self.folder = folder
        self.realm = realm
        self.port = _free_port()
        self.url = f"http://{HOSTS[realm]}:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.hours_later = 0.0
        self._database = _Database(folder / realm / "db.sqlite3")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **of_product(),
            "REALM": self.realm,
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "DATABASE_URL": self._database.url,
            "PYTHONPATH": str(Path(__file__).parent / "moved_clock"),
            "CLOCK_MOVED_BY_HOURS": str(self.hours_later),
            **self.variables,
        }

    def prepare(self, migrations_kept_in: Path) -> None:
        """What `manage.py prepare` does; migrations that ran before are not run again."""
        if new := self._database.create(migrations_kept_in, self.realm):
            self.manage("migrate", "-v0")
            new.keep()
        self.manage("prepare")

    def manage(self, *arguments: str) -> str:
        """The output of a management command on this desk's data."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *names: str) -> None:
        """Web, workers and beat run, or those named; returns when the web answers."""
        for name, command in commands(self.realm, self.port).items():
            if name not in self.processes and (not names or name in names):
                log = (self.folder / f"{name}.log").open("ab")
                self.processes[name] = subprocess.Popen(
                    command,
                    shell=True,
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        end = time.monotonic() + START_SECONDS
        while not answers(self.realm, self.port):
            assert time.monotonic() < end, self.logs()
            time.sleep(0.1)

    def kill(self, *names: str) -> None:
        """SIGKILL for the whole process group of each: nothing can be tidied up."""
        for name in names or tuple(self.processes):
            process = self.processes.pop(name)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=20)

    def restart(self, *, hours_later: float) -> None:
        """All processes are killed, and live on that many hours later."""
        self.kill()
        self.hours_later = hours_later
        self.start()

    def close(self) -> None:
        self.kill()
        self._database.drop()

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def mails(self, to: str = "") -> list[EmailMessage]:
        """The mails that left the desk, oldest first; with `to`, those to this address."""
        files = sorted((self.folder / self.realm / "mail").glob("*.eml"), key=os.path.getmtime)
        mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
        return [mail for mail in mails if not to or mail["To"] == to]  # type: ignore[misc]

    def wait_for_mail(self, to: str, containing: str, seconds: float = 150) -> EmailMessage:
        """The first mail to the address whose text contains the words."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for mail in self.mails(to):
                if containing in text_of(mail):
                    return mail
            time.sleep(0.2)
        raise AssertionError(f"no mail to {to} with “{containing}”\n{self.logs()}")


def text_of(mail: EmailMessage) -> str:
    """Subject and plain text of a mail, its lines as they were written."""
    body = mail.get_body(("plain",))
    assert body is not None
    return f"{mail['Subject']}\n{body.get_content()}"


class _Database:
    """A fresh database of the kind that this test run uses."""

    def __init__(self, sqlite_path: Path) -> None:
        self._on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
        self._path, self._name = sqlite_path, f"desk_{uuid.uuid4().hex[:12]}"
        self.url = f"sqlite:///{sqlite_path}"
        if not self._on_sqlite:
            parts = urlsplit(os.environ["DATABASE_URL"])
            self.url = parts._replace(path=f"/{self._name}").geturl()

    def create(self, migrations_kept_in: Path, realm: str) -> Migrated | None:
        """It is there. Returns what keeps its migrations, where they have yet to run."""
        if self._on_sqlite:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = MigratedFile(migrations_kept_in, realm, self._path)
            return None if file.load() else file
        made = MigratedTemplate(migrations_kept_in, realm, self._name)
        laid = made.load()
        with on_server() as server:
            template = made.template or "template1"
            server.execute(f'CREATE DATABASE "{self._name}" TEMPLATE "{template}"')
        return None if laid else made

    def drop(self) -> None:
        if not self._on_sqlite:
            with on_server() as server:
                server.execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
