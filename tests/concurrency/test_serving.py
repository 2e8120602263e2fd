"""The web server: who sends slowly, and who waits for a lock, holds up nobody else."""

import socket
import threading
import time
from http.client import HTTPConnection

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from cases.models import Case, Entry
from tests.concurrency.sending import Sender
from tests.concurrency.served import HOST, served, took

HEADS, BODIES = 25, 25
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory):
    """One for all tests here: loading the project is what takes the time."""
    times = {"REQUEST_HEAD_SECONDS": "3", "REQUEST_BODY_SECONDS": "1", "DATABASE_LOCK_SECONDS": "2"}
    with served(tmp_path_factory.mktemp("served"), **times) as running:
        yield running


class Slow:
    """A client that sends its request byte by byte, until it is cut off."""

    def __init__(self, port: int, *, sends_body: bool) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        if sends_body:
            head = b"POST /accounts/login/ HTTP/1.1\r\nHost: %s\r\n%sContent-Length: 5000\r\n\r\n"
            self.sock.sendall(head % (HOST.encode(), FORM))
        else:
            self.sock.sendall(b"GET / HTTP/1.1\r\n")

    def send(self) -> bool:
        """Whether the server still listens to one more byte."""
        try:
            self.sock.sendall(b"x")
        except OSError:
            return False
        return True

    def answer(self) -> bytes:
        try:
            return self.sock.recv(4096)
        except ConnectionResetError:
            return b""
        finally:
            self.sock.close()


def test_fifty_slow_clients_hold_up_nobody_and_are_cut_off(desk, server):
    """25 never finish their headers, 25 their bodies: each holds a connection, and no thread."""
    took(server.port, "/accounts/login/")  # its templates are read once
    begun = time.monotonic()
    slow = [Slow(server.port, sends_body=False) for _ in range(HEADS)]
    slow += [Slow(server.port, sends_body=True) for _ in range(BODIES)]
    waits = []
    for _ in range(5):
        assert [each.send() for each in slow] == [True] * len(slow)
        status, seconds = took(server.port, "/accounts/login/")
        assert status in {200, 302}
        waits.append(seconds)
    assert time.monotonic() - begun < 3, "they were cut off meanwhile, and prove nothing"
    assert max(waits) < 1.5, waits
    while True in [each.send() for each in slow] and time.monotonic() < begun + 20:
        time.sleep(0.2)
    assert time.monotonic() < begun + 20, "somebody is listened to for ever"
    assert {each.answer()[:12] for each in slow} <= {b"HTTP/1.1 408", b""}


def test_a_slow_but_honest_line_is_waited_for(server):
    """It takes longer than a form may, and brings more bytes a second than it must."""
    browser = HTTPConnection("127.0.0.1", server.port, timeout=30)
    browser.putrequest("POST", "/accounts/login/", skip_host=True)
    browser.putheader("Host", HOST)
    browser.putheader("Content-Type", "application/x-www-form-urlencoded")
    browser.putheader("Content-Length", str(18 * 4096))
    browser.endheaders()
    for _ in range(18):
        browser.send(b"x" * 4096)
        time.sleep(0.3)
    assert browser.getresponse().status == 403  # it carries no token: but all of it was read


@pytest.mark.servers
def test_nine_locked_cases_hold_up_neither_pages_nor_health(desk, server):
    """Each of the nine is told that somebody works on it, and has its words; nothing is stored."""
    cases = [desk.case_in("in_progress") for _ in range(9)]
    client = Client()
    client.force_login(desk.designated, backend=settings.AUTHENTICATION_BACKENDS[-1])
    cookies = "; ".join(f"{key}={cookie.value}" for key, cookie in client.cookies.items())
    senders = [Sender(server, each.get_absolute_url(), desk.designated) for each in cases]
    with transaction.atomic():
        list(Case.objects.select_for_update().filter(pk__in=[each.pk for each in cases]))
        said = []

        def write(case, sender):
            sender.address += "entry/"
            said.append(sender.form(body=f"Words of {case.number} <b>", version=1)())

        threads = [
            threading.Thread(target=write, args=each) for each in zip(cases, senders, strict=True)
        ]
        for thread in threads:
            thread.start()
        time.sleep(1.2)
        assert not said, "nobody waits: this proves nothing"
        for address in ("/healthz", "/cases/", "/healthz", "/"):
            status, seconds = took(server.port, address, cookies)
            assert (status, seconds < 1) == (200, True), (address, status, seconds)
        for thread in threads:
            thread.join()
    assert [status for status, _ in said] == [409] * 9
    for case in cases:
        assert any(f"Words of {case.number} <b>" in words for _, words in said)
    assert not Entry.objects.filter(body__startswith="Words of").exists()
