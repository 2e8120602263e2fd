"""`make run`, as its users run it: clear refusals, a clean end, nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from supportdesk.dev.start import HOSTS, ROOT, answers, leftovers
from tests.database.template import MigratedFile
from tests.environment import of_product

# One realm is enough: a start is always both realms.
pytestmark = [pytest.mark.realm("commercial"), pytest.mark.embedded]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """As a user's shell has it: without the test run's database or broker."""
    own = {"DATABASE_URL", "BROKER_URL", "REALM"}
    return {
        **{name: value for name, value in of_product().items() if name not in own},
        "DATA_DIR": str(folder),
        "DEMO": "0",
        **more,
    }


def refusal(folder: Path, **more: str) -> str:
    """The output of a start that must fail."""
    done = subprocess.run(
        [sys.executable, "-m", "supportdesk.dev.start"],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    return done.stderr


def free_ports() -> dict[str, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return {"commercial": one.getsockname()[1], "fedramp": two.getsockname()[1]}


@contextmanager
def started(folder: Path, ports: dict[str, int]) -> Iterator[subprocess.Popen[str]]:
    """A start whose two realms answer; it is killed at the end, whatever happened."""
    variables = {f"PORT_{realm.upper()}": str(port) for realm, port in ports.items()}
    with (folder / "output.log").open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "supportdesk.dev.start"],
            cwd=ROOT,
            env=environment(folder, **variables),
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,
        )
    try:
        wait_until_up(ports, process, folder)
        yield process
    finally:
        process.kill()
        process.wait()
        for pid in leftovers(folder):
            os.kill(pid, signal.SIGKILL)


def wait_until_up(ports: dict[str, int], process: subprocess.Popen[str], folder: Path) -> None:
    end = time.monotonic() + 90
    while not all(answers(realm, port) for realm, port in ports.items()):
        assert process.poll() is None, (folder / "output.log").read_text()
        assert time.monotonic() < end, (folder / "output.log").read_text()
        time.sleep(0.2)


def wait_until_gone(folder: Path) -> list[int]:
    end = time.monotonic() + 15
    while time.monotonic() < end and any(leftovers(folder)):
        time.sleep(0.1)
    return list(leftovers(folder))


def test_a_taken_port_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = refusal(tmp_path, PORT_FEDRAMP=port, PORT_COMMERCIAL=str(int(port) - 1))
    assert words.startswith(f"supportdesk: port {port} is taken.")
    assert words.count("\n") == 1


def test_a_port_that_is_none_is_one_clear_line(tmp_path):
    words = refusal(tmp_path, PORT_COMMERCIAL="eight")
    assert words == "supportdesk: PORT_COMMERCIAL is 'eight'; it must be a port number.\n"


def test_an_unwritable_folder_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    words = refusal(tmp_path / "file" / "var")
    assert words.startswith("supportdesk: cannot write to ")
    assert words.count("\n") == 1


def test_a_python_of_another_version_is_one_clear_line(tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    python.chmod(0o755)
    done = subprocess.run(
        [
            "make",
            "--no-print-directory",
            f"{tmp_path}/venv/uv.stamp",
            f"VENV={tmp_path}/venv",
            f"PYTHON={python}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stdout == f"supportdesk: Python 3.11 is needed; {python} is Python 3.9.2.\n"


def test_outside_development_a_missing_secret_ends_the_start():
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**bare, "REALM": "commercial"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("supportdesk: SECRET_KEY is not set.")
    assert done.stderr.count("\n") == 1


def test_a_start_its_killing_and_the_next_one(tmp_path, migrations_kept_in):
    """Both realms answer; the next start ends what a killed one left; Ctrl-C leaves nothing.

    One realm's database is from an earlier start, the other's is made from scratch.
    """
    ports = free_ports()
    (tmp_path / "commercial").mkdir()
    MigratedFile(migrations_kept_in, "commercial", tmp_path / "commercial" / "db.sqlite3").load()
    with started(tmp_path, ports) as process:
        assert set(HOSTS) == set(ports)
        assert "the desk runs already" in refusal(tmp_path)
        process.kill()
        process.wait()
        orphans = set(leftovers(tmp_path))
        assert len(orphans) >= 6
        with started(tmp_path, ports) as second:
            end = time.monotonic() + 30
            while orphans & set(leftovers(tmp_path)) and time.monotonic() < end:
                time.sleep(0.1)
            assert not orphans & set(leftovers(tmp_path))
            wait_until_up(ports, second, tmp_path)
            second.send_signal(signal.SIGINT)
            assert second.wait(timeout=30) == 0
        assert wait_until_gone(tmp_path) == []
    output = (tmp_path / "output.log").read_text()
    assert f"http://localhost:{ports['commercial']}" in output
    assert f"http://fedramp.localhost:{ports['fedramp']}" in output
