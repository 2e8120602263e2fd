"""FED-7 for files: 100 MB through the engine as the job takes it, encrypted, plain and packed."""

import gzip
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .worker import memory

ROOT = Path(__file__).resolve().parents[2]
SIZE = 100_000_000
LINE = (
    b"2025-02-11T08:14:22.731Z WARN [media-574] edge.Media - stream 2 conv=636feb0c-e7e5-4d53-bbaf-"
    b"a7fc3425bec4 pkts=42089309 lost=177 seq=89279%05d ssrc=0xaa359151 port=8080 ver=2.15.1.64\n"
    b'203.113.%d.%d - - [09/Dec/2024:20:00:26 +0000] "GET /api/v2/queues?pageSize=25 HTTP/1.1" 200 '
    b'75543646 "https://apps.contactcloud.example/directory" "Mozilla/5.0" rt=0.057\n'
)
PROSE = (
    b"Hi Oluwaseun,\n\nyesterday Sergei Volkonsky and Thandiwe lost audio in queue Billing, part "
    b"%d of many. Nobody could answer, and the callers of the morning were cut off.\n\n"
)
#: Megabytes of memory at most; speed in megabytes a second at least, where the model does not read.
MOST = {"plain": 120, "gzip": 120, "prose": 220}
LEAST = 8


def report() -> tuple[str, list[str]]:
    """The section of the page, and the bars that are broken."""
    from cases.documents import paragraph  # needs Django, which `measure` sets up for itself

    rows, broken = [], []
    for what, most in MOST.items():
        ran = subprocess.run(
            [sys.executable, "-m", "tests.bench.files", what],
            cwd=ROOT,
            env={
                "DJANGO_SETTINGS_MODULE": "supportdesk.settings",
                **os.environ,
                "REALM": "fedramp",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, megabytes = (float(each) for each in ran.stdout.split())
        speed = SIZE / 1e6 / seconds
        fast = LEAST if what != "prose" else 0
        bar = f">= {fast} MB/s" if fast else ""
        rows.append(f"| {what} | {speed:.3g} MB/s | {bar} | {megabytes:.0f} MB | <= {most} MB |")
        broken += [f"a file of 100 MB, {what}: speed"] * (speed < fast)
        broken += [f"a file of 100 MB, {what}: memory"] * (megabytes > most)
    words = paragraph(
        "A log of 100 MB is decrypted, unpacked, scrubbed and packed again in its own process. "
        "The speed is measured in processor time; the memory is that of the whole process, Django "
        "included. The third file begins with 40,000 characters of prose, for which the model is "
        "loaded."
    )
    head = ["| 100 MB | speed | bar | peak memory | bar |", "| --- | --- | --- | --- | --- |"]
    return "\n".join(["## Files of 100 MB (FED-7)", "", *words, "", *head, *rows, ""]), broken


def measure(what: str) -> None:
    """Writes seconds and megabytes."""
    import django

    django.setup()
    from fedramp.quarantine.storage import QuarantineReader, encrypt_file, new_key
    from fedramp.scrubber.engine import Scrubber
    from fedramp.scrubber.identities import Identities
    from fedramp.scrubber.names import labelled
    from fedramp.scrubber.placeholders import Numbers
    from fedramp.scrubbing.files import GZIP, TEXT, scrub_file

    known = [{"name": "Thandiwe Mokoena", "email": "t.mokoena@agency.example", "phone": ""}]
    with (
        tempfile.TemporaryFile() as sent,
        tempfile.TemporaryFile() as lying,
        tempfile.TemporaryFile() as out,
    ):
        packed = gzip.GzipFile("", "wb", 1, sent, 0) if what == "gzip" else sent
        written = sum(packed.write(PROSE % each) for each in range(230 * (what == "prose")))
        while written < SIZE:
            written += packed.write(LINE % (written % 99_991, written % 251, written % 241))
        if what == "gzip":
            packed.close()
        sent.seek(0)
        key = new_key()
        encrypt_file(sent, lying, key)
        started = time.process_time()
        engine = Scrubber(Identities(known), Numbers(), labelled)
        source = io.BufferedReader(QuarantineReader(lying, key))
        scrub_file(source, out, GZIP if what == "gzip" else TEXT, engine)
        spent = time.process_time() - started
    sys.stdout.write(f"{spent} {memory()}\n")


if __name__ == "__main__":
    measure(sys.argv[1])
