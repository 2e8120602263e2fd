"""Mail by SMTP, with a time limit for the whole mail and not only for each answer.

A server that sends or accepts one byte now and then would hold a worker for ever.
"""

import smtplib
import socket
import threading
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp


class _Timed:
    """Its socket is closed when the time is up, so that waiting for it fails at once."""

    sock: socket.socket | None
    _timer: threading.Timer | None = None

    def _get_socket(self, *args: Any) -> socket.socket:
        made: socket.socket = super()._get_socket(*args)  # type: ignore[misc]
        self._timer = timer = threading.Timer(settings.EMAIL_TOTAL_SECONDS, _cut, [made.dup()])
        timer.daemon = True
        timer.start()
        return made

    def close(self) -> None:
        super().close()  # type: ignore[misc]
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _cut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # already closed
    finally:
        sock.close()


class _Smtp(_Timed, smtplib.SMTP):
    pass


class _SmtpOverTls(_Timed, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's backend; `EMAIL_TIMEOUT` limits one answer, `EMAIL_TOTAL_SECONDS` all of them."""

    @property
    def connection_class(self) -> Any:
        return _SmtpOverTls if self.use_ssl else _Smtp
