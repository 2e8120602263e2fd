"""The web server: gunicorn's processes, with waitress in each.

gunicorn starts, watches and ends the processes, which share its sockets. In each, waitress reads
requests in one loop and hands a request to a thread only when all of it has arrived: whoever sends
slowly holds a connection, and no thread. What waitress lets run for ever, a request that trickles
in, ends here after a time (`supportdesk/settings/timeouts.py`). Answers are sent by the loop, too.

Threads are of three kinds, so that none waits for another: those that read pages, those that carry
forms out and may wait for a lock, and one that says whether the desk is well.
"""

import os
import resource
import socket
import time
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker as GunicornWorker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher

HEALTH = "/healthz"
READING = {"GET", "HEAD", "OPTIONS"}
#: Of a body so many bytes are kept in memory; what is more goes into a file without a name.
_IN_MEMORY = 128 * 1024
_FILES_MOST = 8192
_TICK = 1.0

_LATE = b"The request did not arrive in time.\n"
_LATE_ANSWER = (
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_LATE), _LATE)
)


class Channel(HTTPChannel):
    """A connection, which knows since when the request that arrives on it does."""

    #: None while no request is arriving.
    begun_at: float | None = None
    arrived = 0

    def received(self, data: bytes) -> bool:
        """As waitress does; counts what came."""
        if self.begun_at is None:
            self.begun_at, self.arrived = time.monotonic(), 0
        self.arrived += len(data)
        took: bool = super().received(data)
        if self.request is None:
            self.begun_at = None
        return took

    def end_if_late(self) -> None:
        """A request that takes longer than it may is answered 408, and its connection closed."""
        if self.begun_at is None:
            return
        if self.requests:  # nothing is read while one is carried out: the next begins after it
            self.begun_at, self.arrived = time.monotonic(), 0
            return
        if time.monotonic() - self.begun_at <= self._allowed():
            return
        with self.outbuf_lock:
            self.outbufs[-1].append(_LATE_ANSWER)
            self.total_outbufs_len += len(_LATE_ANSWER)
            self.close_when_flushed = True
        self.begun_at = None

    def _allowed(self) -> float:
        if self.request is None or not self.request.headers_finished:
            return float(settings.REQUEST_HEAD_SECONDS)
        by_rate = self.arrived / settings.REQUEST_BYTES_PER_SECOND
        return float(settings.REQUEST_HEAD_SECONDS + settings.REQUEST_BODY_SECONDS + by_rate)


class Desk:
    """What both kinds of socket share: who carries out which request, and who is late."""

    channel_class = Channel
    active_channels: dict[int, Channel]
    reading: ThreadedTaskDispatcher
    writing: ThreadedTaskDispatcher
    health: ThreadedTaskDispatcher

    def add_task(self, channel: Channel) -> None:
        """The first request of the channel is carried out by a thread of its kind."""
        request = channel.requests[0]
        if getattr(request, "path", "") == HEALTH:
            self.health.add_task(channel)
        elif request.error or request.command in READING:
            self.reading.add_task(channel)
        else:
            self.writing.add_task(channel)

    def maintenance(self, now: float) -> None:
        super().maintenance(now)  # type: ignore[misc]
        for channel in list(self.active_channels.values()):
            channel.end_if_late()


class TcpServer(Desk, TcpWSGIServer):
    pass


class UnixServer(Desk, UnixWSGIServer):
    def fix_addr(self, addr: Any) -> tuple[str, None]:
        """A proxy on this machine; the client is whom the proxy names."""
        return ("127.0.0.1", None)


class Worker(GunicornWorker):
    """gunicorn's worker class; see `gunicorn.conf.py`."""

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        if cfg.is_ssl:
            raise ValueError("A proxy ends TLS, not this server: see docs/deployment.md.")

    def run(self) -> None:
        """Serves until gunicorn says that it is enough; what was begun then is finished."""
        pools = [_threads(self.cfg.threads), _threads(self.cfg.threads), _threads(1)]
        sockets: dict[int, Any] = {}
        adjustments = _adjustments(self.cfg)
        servers = [
            _serve(each.sock, self.wsgi, adjustments, sockets, *pools) for each in self.sockets
        ]
        while self.alive and self.ppid == os.getppid():
            self.notify()
            wasyncore.loop(timeout=_TICK, use_poll=True, map=sockets, count=1)
        for server in servers:
            server.accepting = False
        end = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < end and any(_at_work(server) for server in servers):
            self.notify()
            wasyncore.loop(timeout=0.1, use_poll=True, map=sockets, count=1)
        for pool in pools:
            pool.shutdown(timeout=0)


def _threads(number: int) -> ThreadedTaskDispatcher:
    pool = ThreadedTaskDispatcher()
    pool.set_thread_count(number)
    return pool


def _at_work(server: Any) -> bool:
    return any(
        channel.requests or channel.total_outbufs_len for channel in server.active_channels.values()
    )


def _serve(
    sock: socket.socket,
    application: Any,
    adjustments: Adjustments,
    sockets: dict[int, Any],
    reading: ThreadedTaskDispatcher,
    writing: ThreadedTaskDispatcher,
    health: ThreadedTaskDispatcher,
) -> Any:
    kind = UnixServer if sock.family == socket.AF_UNIX else TcpServer
    server = kind(
        application,
        sockets,
        False,
        sock,
        dispatcher=reading,
        adj=adjustments,
        sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
        bind_socket=False,
    )
    server.reading, server.writing, server.health = reading, writing, health
    server.accept_connections()
    return server


def _adjustments(cfg: Any) -> Adjustments:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _FILES_MOST if hard == resource.RLIM_INFINITY else min(hard, _FILES_MOST)
    files = max(soft, files)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return Adjustments(
        threads=cfg.threads,
        backlog=cfg.backlog,
        # A connection may have a file for its request, and one for its answer.
        connection_limit=min(files, _FILES_MOST) // 4,
        cleanup_interval=1,
        channel_timeout=settings.CONNECTION_IDLE_SECONDS,
        recv_bytes=64 * 1024,
        inbuf_overflow=_IN_MEMORY,
        max_request_header_size=64 * 1024,
        max_request_body_size=settings.ATTACHMENTS_PER_ENTRY * settings.ATTACHMENT_MAX_BYTES
        + settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        # Which headers of a proxy count, says the settings' BEHIND_TLS_PROXY.
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
