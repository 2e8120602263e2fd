"""The web server: gunicorn's processes, with waitress in each.

gunicorn starts, watches and ends the processes, which share its sockets. In each, waitress reads
requests in one loop and gives a request to a thread only when it has arrived completely: a slow
sender holds a connection, but no thread. waitress has no limit for a request that trickles in; here
it ends after a time (`supportdesk/settings/limits.py`). The loop sends the answers, too.

There are three kinds of threads, so that none waits for another: threads that read pages, threads
that process forms and may wait for a lock, and one that reports whether the desk is well.
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
#: This many bytes of a body are kept in memory; a larger one goes into an unnamed file.
_IN_MEMORY = 128 * 1024
_FILES_MOST = 8192
_TICK = 1.0

_LATE = b"The request did not arrive in time.\n"
_LATE_ANSWER = (
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_LATE), _LATE)
)


class Channel(HTTPChannel):
    """A connection that knows when the request arriving on it began."""

    #: None while no request is arriving.
    begun_at: float | None = None
    arrived = 0

    def received(self, data: bytes) -> bool:
        """As in waitress; also counts what came."""
        if self.begun_at is None:
            self.begun_at, self.arrived = time.monotonic(), 0
        self.arrived += len(data)
        took: bool = super().received(data)
        if self.request is None:
            self.begun_at = None
        return took

    def end_if_late(self) -> None:
        """Answer 408 to a request that takes longer than it may, and close its connection."""
        if self.begun_at is None:
            return
        if self.requests:  # nothing is read while one is processed: the next begins after it
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
    """Shared by both kinds of socket: who processes which request, and who is late."""

    channel_class = Channel
    active_channels: dict[int, Channel]
    reading: ThreadedTaskDispatcher
    writing: ThreadedTaskDispatcher
    health: ThreadedTaskDispatcher

    def add_task(self, channel: Channel) -> None:
        """A thread of the right kind processes the channel's first request."""
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
        """A proxy on this machine; it names the client."""
        return ("127.0.0.1", None)


class Worker(GunicornWorker):
    """gunicorn's worker class; see `gunicorn.conf.py`."""

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        if cfg.is_ssl:
            raise ValueError("A proxy ends TLS, not this server: see docs/deployment.md.")

    def run(self) -> None:
        """Serve until gunicorn says stop; requests that have begun are finished."""
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
        # A connection may have one file for its request and one for its answer.
        connection_limit=min(files, _FILES_MOST) // 4,
        cleanup_interval=1,
        channel_timeout=settings.CONNECTION_IDLE_SECONDS,
        recv_bytes=64 * 1024,
        inbuf_overflow=_IN_MEMORY,
        max_request_header_size=64 * 1024,
        max_request_body_size=settings.ATTACHMENTS_PER_ENTRY * settings.ATTACHMENT_MAX_BYTES
        + settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        # The setting BEHIND_TLS_PROXY decides which headers of a proxy count.
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
