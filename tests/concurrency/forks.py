"""Processes of the desk that a test can kill: forked from one that has loaded the project.

Loading the project takes a second of the processor; fifty killed workers would take a minute.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.environment import of_product

#: Reads a line, forks, and runs the function of that name in a process group of its own. Answers
#: with the process id. `%s` defines the functions.
STARTER = """
import os, signal, sys
import django
django.setup()

%s

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    child = os.fork()
    if not child:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        globals()[line.strip()]()
        os._exit(0)
    os.setpgid(child, child)
    print(child, flush=True)
"""


def database_url() -> str:
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    return f"postgres://{here['USER']}@{here['HOST']}:{here['PORT']}/{here['NAME']}"


def environment(data: Path) -> dict[str, str]:
    """As in development, on the database of this test, with a data folder of its own."""
    return of_product(DATA_DIR=str(data), DATABASE_URL=database_url(), LOG_LEVEL="ERROR")


class Forks:
    """Starts functions of `code` as processes. Used as a context, it leaves none behind."""

    def __init__(self, code: str, data: Path) -> None:
        self.alive: list[int] = []
        self.starter = subprocess.Popen(
            [sys.executable, "-c", STARTER % code],
            cwd=settings.BASE_DIR,
            env=environment(data),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Forks":
        return self

    def __exit__(self, *error: object) -> None:
        for process in list(self.alive):
            self.kill(process)
        assert self.starter.stdin is not None
        self.starter.stdin.close()
        self.starter.wait(timeout=10)

    def start(self, function: str) -> int:
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        self.starter.stdin.write(f"{function}\n")
        self.starter.stdin.flush()
        process = int(self.starter.stdout.readline())
        self.alive.append(process)
        return process

    def kill(self, process: int) -> None:
        """With signal 9, and all that it started: nobody is asked to finish anything."""
        self.alive.remove(process)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
