"""When a process of one realm of `make run` ends, the other realm goes on, and this is reported."""

import subprocess
import sys

import pytest

pytestmark = [pytest.mark.realm("commercial"), pytest.mark.embedded]

RUN = """
from supportdesk.dev.processes import Realms
realms = Realms()
realms.add_process("commercial-web", "exec sleep 60")
realms.add_process("commercial-worker", "sleep 0.2; exit 3")
realms.add_process("fedramp-web", "sleep 1.5; echo still here; exit 4")
realms.add_process("fedramp-worker", "exec sleep 60")
realms.loop()
print("code", realms.returncode)
"""


def test_one_realms_end_does_not_end_the_other():
    done = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, timeout=60)
    said = done.stdout
    assert "the commercial realm ends, since its worker did (exit code 3)" in said
    assert "The fedramp realm goes on." in said
    assert said.index("commercial-web stopped") < said.index("still here")
    assert said.index("still here") < said.index("the fedramp realm ends, since its web did")
    assert "fedramp-worker stopped" in said
    assert said.rstrip().endswith("code 3")
