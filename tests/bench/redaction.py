"""FED-7: the bars of the labelled data, and what scrubbing costs in time and memory."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fedramp.scrubber.names import labelled
from fedramp.scrubber.streams import scrub

from . import exams

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "pii"
OWN = ROOT / "tests" / "fedramp" / "pii"
#: Presidio's own environment, which `make bench` tries to install.
PRESIDIO = ROOT / ".venv" / "bench" / "bin" / "python"
TITLE = "## Scrubbing personal data (FED-7)"
#: Time and memory of one command, told by a process that has none of its own to add.
OF_A_CHILD = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
TICKET = (
    "Since the upgrade to release-2024.11.3 the agents of queue Billing-EN cannot answer calls. "
    "Conversation 636feb0c-e7e5-4d53-bbaf-a7fc3425bec4 shows ECONN856. "
)
NAMED = "Hi Oluwaseun,\n\nyesterday Sergei Volkonsky and Thandiwe lost audio.\n\n"
LOG = (
    "2025-02-11T08:14:22.731Z WARN [media-574] edge.Media - stream 2 conv=636feb0c-e7e5-4d53-bbaf-"
    "a7fc3425bec4 pkts=42089309 lost=177 seq=8927980923 ssrc=0xaa359151 port=8080 ver=2.15.1.64\n"
    '203.113.77.8 - - [09/Dec/2024:20:00:26 +0000] "GET /api/v2/queues?pageSize=25 HTTP/1.1" 200 '
    '75543646 "https://apps.contactcloud.example/directory" "Mozilla/5.0" rt=0.057\n'
)
HOSTILE = ("1", "@", "+", " ", "[", "1.", "a@", "%40")


def report() -> tuple[str, list[str]]:
    """The section of the page, and the bars that are broken."""
    broken: list[str] = []
    rows: list[str] = []

    def row(what: str, value: float, unit: str, bar: float, *, least: bool = False) -> None:
        rows.append(f"| {what} | {value:.3g} {unit} | {'>=' if least else '<='} {bar:g} {unit} |")
        if (value < bar) if least else (value > bar):
            broken.append(what)

    scrub(TICKET, labelled=labelled)
    ticket = (NAMED + TICKET * 8)[:980] + "\n\nRegards,\nHelena Okonkwo\n"
    row("a ticket of 1 KB, with names", 1000 * _seconds(ticket, labelled), "ms", 60)
    for sign in HOSTILE:
        row(f"100 KB of `{sign}`", _seconds(sign * (100_000 // len(sign)), None), "s", 1)
    line = (LOG.replace("\n", " ") * 3000)[:1_000_000]
    row("one line of 1 MB", _seconds(line, None), "s", 1)
    size, spent, memory, counted = _logs()
    row("logs, with the start of the process", size / spent, "MB/s", 8, least=True)
    row("memory for them", memory, "MB", 100)
    row("false removals per MB of logs", (counted - 60_000) / size, "", 50)
    scores, missed = _scores()
    broken += missed
    table = ["| what | measured | bar |", "| --- | --- | --- |", *rows]
    return "\n".join([TITLE, "", *scores, "", *table, ""]), broken


def _logs() -> tuple[float, float, float, int]:
    """Megabytes, seconds of the processor and megabytes of memory; how much was removed."""
    with tempfile.TemporaryFile() as log:
        log.write(LOG.encode() * 60_000)
        size = log.tell() / 1e6
        log.seek(0)
        ran = subprocess.run(
            [sys.executable, "-c", OF_A_CHILD, sys.executable, "manage.py", "scrub"],
            cwd=ROOT,
            stdin=log,
            capture_output=True,
            text=True,
            check=True,
        )
        spent, memory = map(float, ran.stdout.split())
        counted = sum(int(each) for each in re.findall(r" (\d+)", ran.stderr))
        return size, spent, memory, counted


def _scores() -> tuple[list[str], list[str]]:
    """Tables of recall, precision and hard negatives, and the bars that are broken.

    Presidio is measured too as the field's reference, and cannot break anything.
    """
    if not (DATA / "score.py").is_file():
        return ["The labelled data is missing: recall and precision were not measured."], []
    ours = [sys.executable, "manage.py", "scrub", "--jsonl"]
    theirs = [PRESIDIO, ROOT / "tests" / "bench" / "presidio.py"]
    lines, broken = ["Recall (R), precision (P), and hard negatives touched (neg)."], []
    lines += [
        "",
        "Sets whose authors did not know the engine. The first figures are those of the first",
        "scoring, and are never edited; *now* is what a seen set scores today.",
        "",
        *exams.report(),
    ]
    for name, folder in (("shared", DATA), ("our own, written along with the engine", OWN)):
        said, kept = _scored(folder, ours)
        if not kept:
            broken.append(f"the bars of the labelled data ({name})")
        reference = _scored(folder, theirs)[0] if PRESIDIO.exists() else "could not be installed"
        lines += ["", f"Seen data: {name}.", "", "| engine | measured |", "| --- | --- |"]
        lines += [f"| this desk | {each} |" for each in said.split("; ")]
        lines += [
            f"| Presidio, small spaCy model, 0.4 | {each} |" for each in reference.split("; ")
        ]
    return lines, broken


def _scored(folder: Path, command: list[str | Path]) -> tuple[str, bool]:
    ran = subprocess.run(
        [sys.executable, DATA / "score.py", folder, "--", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout.strip() or "did not run", not ran.returncode


def _seconds(text: str, reads: object) -> float:
    """The time of the processor for a text that was not seen before."""
    labelled.cache_clear()
    started = time.process_time()
    scrub(text, labelled=reads)  # type: ignore[arg-type]
    return time.process_time() - started
