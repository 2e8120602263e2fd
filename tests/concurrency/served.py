"""The desk's own web server, with the settings of `gunicorn.conf.py`, on this test's database."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings

from supportdesk.dev.start import HOSTS, answers
from tests.concurrency.forks import environment

HOST = HOSTS[settings.REALM]


@contextmanager
def served(data: Path, **variables: str) -> Iterator[SimpleNamespace]:
    """A server that answers, with what `Sender` asks of one; it is ended at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data / "web.log"
    command = f"gunicorn supportdesk.wsgi --bind 127.0.0.1:{port} --workers 1 --threads 4"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command.split()],
            cwd=settings.BASE_DIR,
            env={
                **environment(data),
                "LOG_LEVEL": "WARNING",
                "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
                **variables,
            },
            stdout=output,
            stderr=output,
        )
    try:
        end = time.monotonic() + 60
        while not answers(settings.REALM, port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield SimpleNamespace(url=f"http://127.0.0.1:{port}", port=port, log=log)
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0, log.read_text()


def took(port: int, address: str, cookies: str = "") -> tuple[int, float]:
    """Status and seconds of one ordinary request."""
    begun = time.monotonic()
    browser = HTTPConnection("127.0.0.1", port, timeout=60)
    browser.request("GET", address, headers={"Host": HOST, "Cookie": cookies})
    status = browser.getresponse().status
    browser.close()
    return status, time.monotonic() - begun
