"""FED-7 for files: scrubbed as a stream, packed or not; what cannot be read is refused."""

import gzip
import io
import random
import resource
import tempfile
import zipfile
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import jobs
from cases.actors import Actor
from cases.errors import Invalid
from cases.models import Attachment
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp.quarantine.storage import QuarantineReader, encrypt_file, new_key
from fedramp.scrubbing import files, refusals, texts
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

LINE = (
    "2025-02-11T08:14:22.731Z INFO ivr ani=+18165550142 conv=636feb0c-e7e5-4d53-bbaf-a7fc3425bec4"
)
LOG = f"{LINE}\n{LINE}\n\nRegards,\nHelena Okonkwo\n"
CLEAN = LOG.replace("+18165550142", "[PHONE-1]").replace("Helena Okonkwo", "[PERSON-1]")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def sent(desk, name, content, case=None):
    case = case or desk.case()
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body="See the file.",
        files=check_files([SimpleUploadedFile(name, content)]),
    )
    return Attachment.objects.latest("pk")


def scrubbed(attachment):
    """What the job has made of it."""
    assert attachment.scan_state == "cleaning"
    assert jobs.run("scrub-files") == 1
    return Attachment.objects.get(pk=attachment.pk)


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_log_is_scrubbed_by_content_and_name(desk):
    stored = sent(desk, "trace of 816-555-0142.log", LOG.encode())
    assert stored.file.read().decode() == CLEAN
    assert stored.name == "trace of [PHONE-1].log"
    assert stored.size == len(CLEAN)


def test_other_encodings_are_read_and_stored_as_utf_8(desk):
    for encoding in ("utf-16", "utf-8-sig", "cp1252"):
        stored = sent(desk, "x.log", ("é " + LOG).encode(encoding))
        assert stored.file.read().decode() == "é " + CLEAN


def test_packed_texts_are_scrubbed_and_packed_again(desk):
    stored = scrubbed(sent(desk, "x.log.gz", gzip.compress(LOG.encode())))
    assert gzip.decompress(stored.file.read()).decode() == CLEAN
    stored = sent(desk, "x.zip", zipped(**{"a/one.log": LOG, "Helena Okonkwo.txt": "x"}))
    stored = scrubbed(stored)
    with zipfile.ZipFile(stored.file) as archive:
        first, second = archive.namelist()
        assert archive.read(first).decode() == CLEAN
        assert (first, second) == ("a/one.log", "[PERSON-1].txt")


def test_what_cannot_be_read_is_refused_at_once_and_nothing_is_stored(desk):
    case = desk.case()
    inner = zipped(**{"x.log": LOG})
    many = zipped(**{f"{number}.log": LOG for number in range(refusals.MEMBERS_MOST + 1)})
    before = everything_stored()
    for name, content, words in (
        ("screen.png", PNG, "it is a picture, .* Copy the words that it shows"),
        ("x.zip", zipped(**{"a/screen.png": PNG}), "“a/screen.png” in it is a picture"),
        ("x.gz", gzip.compress(PNG), "it is a picture"),
        ("x.zip", zipped(**{"x.zip": inner}), "Unpack the inner one"),
        ("x.gz", gzip.compress(gzip.compress(LOG.encode())), "Unpack the inner one"),
        ("x.zip", many, "200 files in an archive"),
        ("x.zip", inner[:-1].replace(b"\x01\x02", b"\x01\x03") + b"x", "damaged"),
        ("x.zip", b"PK\x03\x04" + b"x" * 100, "damaged"),
        ("x.log", LOG.encode() * 200 + random.randbytes(5000), "bytes that are not text"),
    ):
        with pytest.raises(Invalid, match=words):
            sent(desk, name, content, case)
        assert everything_stored() == before, name


def test_a_log_of_two_encodings_loses_no_letter(desk):
    """What is no UTF-8 is read as the code page of Windows, wherever it begins."""
    text = "x" * 20_000 + "\nRegards,\nJosé Núñez\n"
    stored = sent(desk, "x.log", text.encode("utf-8") + "é".encode("cp1252"))
    assert stored.file.read().decode() == "x" * 20_000 + "\nRegards,\n[PERSON-1]\né"


def test_the_digest_of_a_file_tells_nothing_without_the_key(desk):
    stored = sent(desk, "x.log", LOG.encode())
    assert stored.sha256 != check_files([SimpleUploadedFile("x", LOG.encode())])[0].sha256


def test_a_large_log_takes_flat_memory(desk):
    """Decrypted, scrubbed and written: no part in memory grows with the file."""
    case, key = desk.case(), new_key()
    with tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as lying:
        for _ in range(120):
            sent.write((LINE + "\n").encode() * 1000)
        sent.seek(0)
        encrypt_file(sent, lying, key)
        scrub = partial(files.scrub_file, engine=texts.scrubber(case))
        scrub(io.BytesIO(LOG.encode() * 1000), io.BytesIO())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with tempfile.TemporaryFile() as out:
            scrub(io.BufferedReader(QuarantineReader(lying, key)), out)
            assert out.tell() > 10_000_000
            out.seek(0)
            assert b"816555" not in out.read(1_000_000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 8_000, f"{grown} kB"
