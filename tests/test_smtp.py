"""A mail server that hangs, or sends a byte now and then, blocks a worker only for a while."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from supportdesk.celery import app
from supportdesk.dev.start import commands
from supportdesk.smtp import EmailBackend

pytestmark = pytest.mark.crossed


@contextmanager
def mail_server(says: bytes, every: float) -> Iterator[int]:
    """Sends this to every client, again and again; yields the port."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            one, _ = server.accept()
            with one:
                while not ended.is_set():
                    try:
                        one.sendall(says)
                    except OSError:
                        return
                    ended.wait(every)

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        ended.set()
        thread.join(timeout=5)


@pytest.mark.parametrize("says", [b"", b"2", b"220-still here\r\n"])
def test_a_server_that_hangs_is_left_when_the_time_is_up(settings, says):
    """The time limit of one answer never ends while bytes arrive."""
    settings.EMAIL_TOTAL_SECONDS = 0.6
    with mail_server(says, 0.1) as port:
        backend = EmailBackend(host="127.0.0.1", port=port, timeout=20)
        message = EmailMessage("Subject", "Words", to=["dana@acme.example"], connection=backend)
        begun = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT011 - any of smtplib's: all are
            message.send()
        assert 0.5 < time.monotonic() - begun < 5


def test_mail_has_a_queue_and_workers_of_its_own():
    """The workers of other jobs never take a mail, whatever they wait for."""
    queue = f"supportdesk-{settings.REALM}-mail"
    for name, entry in app.conf.beat_schedule.items():
        taken_from = app.amqp.router.route(entry["options"], entry["task"])["queue"].name
        assert (taken_from == queue) == (name == "deliver-notices")
    started = commands(settings.REALM, 8000)
    assert f"--queues {queue}" in started["mail"]
    assert "--queues" not in started["worker"]
