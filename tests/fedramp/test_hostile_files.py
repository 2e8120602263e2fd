"""FED-7: a file that was made to do harm ends the process that reads it, and nothing else."""

import io
import resource
import subprocess
import time
import zlib

import pytest

from fedramp.readers import process
from fedramp.readers.output import Refused
from fedramp.readers.process import TooLong, told
from tests.fedramp import made_files as made

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

SECRET = "the key of the realm"


@pytest.fixture
def started(monkeypatch):
    """The processes that were started, with what they were given."""
    found, popen = [], subprocess.Popen

    def start(*arguments, **options):
        found.append((popen(*arguments, **options), options))
        return found[-1][0]

    monkeypatch.setattr(process.subprocess, "Popen", start)
    return found


def things(content, seconds=60.0):
    return list(told(io.BytesIO(content), seconds=seconds))


def word_file(body):
    """With this instead of its body."""

    def changed(xml):
        return xml[: xml.index(b"<w:body>") + 8] + body + xml[xml.index(b"</w:body>") :]

    return made.repacked(made.word_file(), {"word/document.xml": changed})


def workbook(rows):
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    sheet = head + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    return made.repacked(made.workbook(sheets=1), {"xl/worksheets/sheet1.xml": sheet})


def pdf(pages, stream, filters):
    """Each page has the same content."""
    kids = b" ".join(b"%d 0 R" % (4 + page) for page in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Filter[%s]/Length %d>>stream\n%s\nendstream" % (filters, len(stream), stream),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R/Resources<<>>>>"] * pages,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF"
    return out + head + table + tail % (len(objects) + 1, len(out))


P = b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>"
HOSTILE = {
    "a package of 210 MB": lambda: word_file(bytes(220_000_000)),
    "a paragraph of 60 MB": lambda: word_file(P % (b"x " * 30_000_000)),
    "a million elements deep": lambda: word_file(b"<w:p>" * 1_000_000),
    "four million cells": lambda: workbook(
        (b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>") * 40_000
    ),
    "10,000 pages": lambda: pdf(10_000, b"", b""),
    "a page of 400 MB": lambda: pdf(1, zlib.compress(bytes(400_000_000), 9), b"/FlateDecode"),
    "a page packed twice": lambda: pdf(
        1, zlib.compress(zlib.compress(bytes(400_000_000), 9), 9), b"/FlateDecode/FlateDecode"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_too_much_is_refused_within_seconds_and_in_bounds(started, name):
    content = HOSTILE[name]()
    # The most of any child so far: of this one, only if no test before had a larger one. A child is
    # as large as this process, until it runs the program that it was made for.
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.monotonic()
    with pytest.raises(Refused):
        things(content)
    assert time.monotonic() - began < 30
    assert started[0][0].poll() is not None
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert used <= max(before, own, 1_200_000), f"{used} kB"


def test_nothing_is_fetched_from_this_machine_or_another(tmp_path):
    """An entity that names a file of this machine stays what it is."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
    words = made.repacked(
        word_file(P % b"calm &x;"),
        {"word/document.xml": lambda xml: xml.replace(b"<w:document", entity + b"<w:document", 1)},
    )
    book = workbook(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>')
    book = made.repacked(book, {"xl/worksheets/sheet1.xml": lambda xml: entity + xml})
    for content in (words, book):
        try:
            found = str(things(content))
        except Refused:
            found = ""
        assert SECRET not in found


def test_the_process_knows_no_key_and_ends_with_the_reading(started, monkeypatch):
    monkeypatch.setenv("PIN_KEY", SECRET)
    reading = told(io.BytesIO(made.word_file()), seconds=60)
    assert "begin" in next(reading)
    reading.close()
    ((child, options),) = started
    assert options["env"] == {}
    assert child.poll() is not None


def test_a_process_that_does_not_end_in_time_is_ended(started, monkeypatch):
    monkeypatch.setattr(process, "_MODULE", ["-c", "import time; time.sleep(60)"])
    waited = []
    with pytest.raises(TooLong):
        list(told(io.BytesIO(b"x"), seconds=0.6, waiting=lambda: waited.append(1)))
    assert waited
    assert started[0][0].poll() is not None


@pytest.mark.parametrize(
    "script",
    [
        "raise SystemExit(1)",
        "import os; os.abort()",
        "import sys; sys.stdin.buffer.read(); print('{}')",
        "import sys; sys.stdin.buffer.read(); print('x' * 3_000_000)",
    ],
)
def test_a_process_that_breaks_off_has_read_nothing(monkeypatch, script):
    monkeypatch.setattr(process, "_MODULE", ["-c", script])
    with pytest.raises(Refused):
        list(told(io.BytesIO(b"x" * 1_000_000), seconds=30))


def test_a_file_above_the_size_is_not_read(started, monkeypatch):
    monkeypatch.setattr(process, "SIZE_MOST", 10_000)
    with pytest.raises(Refused):
        things(made.word_file())
    assert started[0][0].poll() is not None
