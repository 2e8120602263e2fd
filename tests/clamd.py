"""A virus scanner for tests: the part of clamd that its client uses."""

import socketserver
import struct
import threading

import pytest


class _Clamd(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.command = self.rfile.read(10)
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.scanned.append(content)
        answer = self.server.answers.pop(0) if self.server.answers else None
        if answer is None:
            answer = b"stream: Test FOUND" if b"virus" in content else b"stream: OK"
        self.wfile.write(answer + b"\n")


@pytest.fixture
def clamd(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as server:
        server.scanned, server.answers = [], []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_URL = "tcp://{}:{}".format(*server.server_address)
        yield server
        server.shutdown()
