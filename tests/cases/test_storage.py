"""A file has its name when its transaction is committed; files without a row are removed."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from cases import jobs
from cases.models import Attachment, Heartbeat
from cases.services import stray_files

pytestmark = pytest.mark.django_db


def stored() -> set[str]:
    root = Path(default_storage.path(""))
    return {str(each.relative_to(root)) for each in root.rglob("*") if each.is_file()}


def test_a_file_is_moved_on_commit_and_readable_before(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert default_storage.save("ab/one", ContentFile(b"words")) == "ab/one"
        assert stored() == {"ab/one.new"}
        assert default_storage.open("ab/one").read() == b"words"
        assert default_storage.size("ab/one") == 5
        assert default_storage.listdir("ab") == ([], ["one"])
    assert stored() == {"ab/one"}
    assert default_storage.open("ab/one").read() == b"words"
    default_storage.delete("ab/one")
    assert stored() == set()


def test_what_was_written_in_part_is_removed(monkeypatch):
    class Breaks(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"the first half"
            raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        default_storage.save("ab/one", Breaks(b"x"))
    assert stored() == set()


def age(name: str, days: float) -> None:
    at = (timezone.now() - dt.timedelta(days=days)).timestamp()
    os.utime(default_storage.path(name), (at, at))


@pytest.mark.parametrize("suffix", ["", ".new"])
def test_the_job_removes_what_no_row_names_after_a_day(desk, suffix):
    """A kill leaves it under either name. What a row names stays, and so does what is young."""
    case = desk.case_in("in_progress")
    root = Path(default_storage.path(""))
    for name in ("ab/stray", "cd/young", "held/sealed"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / f"{name}{suffix}").write_bytes(b"left")
    age("ab/stray", 1.01)
    age("cd/young", 0.99)
    age("held/sealed", 3)
    named = default_storage.save("ef/named", ContentFile(b"words"))
    Attachment.objects.create(
        entry=case.entries.first(),
        file=named,
        name="trace.log",
        content_type="text/plain",
        size=5,
        sha256="",
        created_at=timezone.now(),
        scan_state="not_scanned",
    )
    age(named, 3)
    before = stored()
    assert jobs.run("remove-stray-files") == 1
    assert before - stored() == {f"ab/stray{suffix}"}
    assert Heartbeat.objects.get(job="remove-stray-files").did == 1
    assert stray_files.remove_some(timezone.now()) == 0
