"""FED-7 for files: scrubbed as a stream, packed or not; what cannot be read is refused."""

import gzip
import io
import resource
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.actors import Actor
from cases.errors import Invalid
from cases.models import Attachment
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp import files
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
    stored = sent(desk, "x.log.gz", gzip.compress(LOG.encode()))
    assert gzip.decompress(stored.file.read()).decode() == CLEAN
    stored = sent(desk, "x.zip", zipped(**{"a/one.log": LOG, "Helena Okonkwo.txt": "x"}))
    with zipfile.ZipFile(stored.file) as archive:
        first, second = archive.namelist()
        assert archive.read(first).decode() == CLEAN
        assert (first, second) == ("001-a-one.log", "002-[PERSON-1].txt")


def test_what_cannot_be_read_is_refused_and_nothing_is_stored(desk, monkeypatch):
    case = desk.case()
    monkeypatch.setattr(files, "UNPACKED_MOST", 1_000_000)
    bomb = gzip.compress(b"x " * 2_000_000)
    before = everything_stored()
    for name, content, words in (
        ("screen.png", PNG, "describe in words what a picture shows"),
        ("x.zip", zipped(**{"screen.png": PNG}), "describe in words"),
        ("x.gz", gzip.compress(PNG), "describe in words"),
        ("x.gz", bomb, "too large"),
        ("x.gz", gzip.compress(LOG.encode() * 50)[:-30], "damaged"),
        ("x.zip", b"PK\x03\x04" + b"x" * 100, "damaged"),
    ):
        with pytest.raises(Invalid, match=words):
            sent(desk, name, content, case)
        assert everything_stored() == before, name


def test_the_digest_of_a_file_tells_nothing_without_the_key(desk):
    stored = sent(desk, "x.log", LOG.encode())
    assert stored.sha256 != check_files([SimpleUploadedFile("x", LOG.encode())])[0].sha256


@pytest.mark.crossed
def test_a_large_log_takes_flat_memory(desk):
    sent(desk, "warm.log", LOG.encode())
    content = (LINE + "\n").encode() * 120_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    checked = check_files([SimpleUploadedFile("big.log", content)])[0]
    out = files.clean_file(checked, desk.case())
    assert out.size > 10_000_000
    assert b"816555" not in out.content.read(1_000_000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40_000, f"{grown} kB"
