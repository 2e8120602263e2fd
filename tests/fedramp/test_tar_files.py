"""FED-7 for tar archives: read as a stream, nothing laid on a disk, packed again without owners."""

import gzip
import io
import random
import tarfile
import time

import pytest

from cases import jobs
from cases.errors import Invalid
from cases.models import Attachment
from fedramp.scrubbing import looks, runs
from tests.fedramp.test_scrubbed_files import CLEAN, LOG, PNG, scrubbed, sent, zipped
from tests.stored import everything_stored, stored_files

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

BLOCK = tarfile.BLOCKSIZE


def member(name, content=b"", **told):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for each, value in told.items():
        setattr(info, each, value)
    return info, content


def tar(*members, form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def header(kind, size, name="x"):
    """A header by itself, which says what it likes."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def unpacked(content):
    """The members of what was stored, with their contents."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return [(each, archive.extractfile(each).read().decode()) for each in archive]


@pytest.fixture
def refused(django_capture_on_commit_callbacks):
    """`refused(file)`: the word with which the job refused it; nothing of it is stored."""

    def word(attachment):
        assert attachment.scan_state == "cleaning"
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.run("scrub-files") == 1
        told = Attachment.objects.get(pk=attachment.pk)
        assert (told.scan_state, stored_files()) == ("refused", [])
        return told.note

    return word


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz", "x.tgz"])
def test_a_tar_is_scrubbed_and_packed_again_as_it_was(desk, name, form):
    long = "logs/" + "d" * 90 + "/agent.log"
    members = [member(long, LOG.encode()), member("of Helena Okonkwo.txt", b"x"), member("none")]
    packs = name != "x.tar"
    content = tar(*members, form=form)
    stored = scrubbed(sent(desk, name, gzip.compress(content) if packs else content))
    assert stored.name == name
    content = stored.file.read()
    found = unpacked(gzip.decompress(content) if packs else content)
    assert [(each.name, text) for each, text in found] == [
        (long, CLEAN),
        ("of [PERSON-1].txt", "x"),
        ("none", ""),
    ]


def test_nothing_that_a_header_tells_is_carried_over(desk):
    """Owners, times, comments and attributes are personal, and no part of the text."""
    info, content = member("a.log", b"calm\n", uname="hokonkwo", gname="staff", uid=1042, gid=77)
    info.mtime, info.mode = 1_700_000_000.5, 0o4755
    info.pax_headers = {
        "comment": "by Helena Okonkwo",
        "SCHILY.xattr.user.author": "helena.okonkwo@agency.example",
        "uname": "hokonkwo",
        "atime": "1700000001.25",
    }
    stored = scrubbed(sent(desk, "x.tar", tar((info, content))))
    raw = stored.file.read()
    ((kept, text),) = unpacked(raw)
    assert (kept.name, text) == ("a.log", "calm\n")
    assert (kept.uid, kept.gid, kept.uname, kept.gname, kept.mtime) == (0, 0, "", "", 0)
    assert (kept.mode, kept.pax_headers) == (0o644, {})
    for word in (b"kon", b"author", b"comment", b"1700000", b"staff"):
        assert word not in raw


def test_links_devices_and_folders_are_left_out_and_no_name_leads_out_of_it(desk):
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
    others = [member(f"o{n}", type=kind, linkname="/etc/passwd") for n, kind in enumerate(kinds)]
    names = ("/etc/passwd", "../../up.log", "a/../../b.log")
    stored = sent(desk, "x.tar", tar(*others, *(member(each, b"calm\n") for each in names)))
    found = unpacked(scrubbed(stored).file.read())
    assert [each.name for each, _ in found] == [
        *("etc/passwd", "up.log", "a/b.log"),
    ]
    assert all(each.isreg() and text == "calm\n" for each, text in found)


def test_what_cannot_be_read_is_refused_at_once_and_nothing_is_stored(desk):
    case = desk.case()
    good = tar(member("a.log", LOG.encode()))
    many = tar(*(member(f"{number}.log", b"x") for number in range(10_000)))
    links = tar(*(member(f"{n}", type=tarfile.SYMTYPE, linkname="a") for n in range(10_000)))
    extended = header(tarfile.XHDTYPE, 5) + b"x" * BLOCK
    before = everything_stored()
    for content, words in (
        (tar(member("a/screen.png", PNG)), "“a/screen.png” in it is a picture"),
        (tar(member("a.log", LOG.encode()), member("b.png", PNG)), "“b.png” in it is a picture"),
        (tar(member("in.tar", good)), "Unpack the inner one"),
        (tar(member("in.gz", gzip.compress(LOG.encode()))), "Unpack the inner one"),
        (tar(member("in.zip", zipped(**{"x.log": LOG}))), "Unpack the inner one"),
        (many, "200 files in an archive"),
        (links, "200 files in an archive"),
        (header(tarfile.GNUTYPE_SPARSE, 3) + b"abc" + bytes(BLOCK), "a sparse file"),
        # It says that it is longer than it is, shorter, less than nothing, more than there is.
        (header(b"0", 9_000) + b"x" * 3 * BLOCK, "damaged"),
        (header(b"0", 100) + b"x" * 3 * BLOCK, "damaged"),
        (header(b"0", -1) + b"x" * 3 * BLOCK, "damaged"),
        (header(b"0", 1 << 70) + b"x" * 3 * BLOCK, "damaged"),
        (header(b"0", 3)[:-1] + b"\1" + b"abc" + bytes(BLOCK - 3), "damaged"),
        (header(tarfile.XHDTYPE, 1 << 40) + b"x" * BLOCK, "damaged"),
        (header(tarfile.GNUTYPE_LONGNAME, -5) + b"x" * BLOCK, "damaged"),
        (extended + good, "damaged"),
        (header(tarfile.XHDTYPE, 9) + b"-3 size=1".ljust(BLOCK, b"\0") + good, "damaged"),
        (header(tarfile.XHDTYPE, 9) + b"9 size=z\n".ljust(BLOCK, b"\0") + good, "damaged"),
        (header(tarfile.XHDTYPE, 0) * 10_000 + good, "damaged"),
        (good[: BLOCK + 100], "damaged"),
    ):
        for packed in (content, gzip.compress(content)):
            with pytest.raises(Invalid, match=words):
                sent(desk, "x.tar.gz", packed, case)
        assert everything_stored() == before, words


def test_what_shows_only_later_is_refused_by_the_job(desk, refused, monkeypatch):
    monkeypatch.setattr(runs, "UNPACKED_MOST", 1_000_000)
    monkeypatch.setattr(looks, "LOOK_MOST", 10_000)
    first = member("a.log", b"calm and quiet\n" * 20_000)
    large = member("b.log", b"calm and quiet\n" * 80_000)
    for content, words in (
        (tar(first, large), "Send the part that matters"),
        (tar(first, member("b.png", PNG)), "“b.png” in it is a picture"),
        (
            tar(first, member("b.log", b"calm\n" * 4000 + random.randbytes(5000))),
            "bytes that are not text",
        ),
        (tar(first)[:200_000], "damaged"),
        (tar(first).rstrip(b"\0") + b"x" * 2 * BLOCK, "damaged"),
    ):
        assert words in refused(sent(desk, "x.tgz", gzip.compress(content))), words


def test_a_bomb_of_ten_gigabytes_is_refused_before_it_is_unpacked(desk, refused):
    """Passed over or not, what was unpacked counts."""
    zeros = gzip.compress(bytes(1 << 24))
    large = b"".join([gzip.compress(header(b"V", 1 << 33)), *[zeros] * 640])
    started = time.process_time()
    assert "Send the part that matters" in refused(sent(desk, "x.tgz", large))
    assert time.process_time() - started < 20


def test_records_with_holes_are_refused_however_they_are_told(desk):
    record = b"22 GNU.sparse.major=1\n"
    extended = header(tarfile.XHDTYPE, len(record)) + record.ljust(BLOCK, b"\0")
    with pytest.raises(Invalid, match="a sparse file"):
        sent(desk, "x.tar", extended + tar(member("a.log", LOG.encode())))


def test_the_size_of_an_extended_header_counts(desk):
    record = b"10 size=5\n"
    extended = header(tarfile.XHDTYPE, len(record)) + record.ljust(BLOCK, b"\0")
    content = header(b"0", 0, "a.log") + b"calm\n".ljust(BLOCK, b"\0") + bytes(2 * BLOCK)
    stored = scrubbed(sent(desk, "x.tar", extended + content))
    assert [text for _, text in unpacked(stored.file.read())] == ["calm\n"]
