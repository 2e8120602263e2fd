"""FED-7: what is personal in the name of a file goes, however it is written there."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import jobs
from cases.actors import Actor
from cases.models import Attachment
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp.scrubber.engine import Scrubber
from fedramp.scrubber.file_names import scrub_name
from fedramp.scrubber.identities import Identities
from tests.world import NOW

pytestmark = [pytest.mark.rule("FED-7"), pytest.mark.crossed]

REMOVED = {
    "dump_219-09-9999_final.txt": "dump_[SSN-1]_final.txt",
    "card 4111 1111 1111 1111.txt": "card [CARD-1].txt",
    "192.168.4.7.log": "[IP-1].log",
    "dump-219_09_9999-final.tar.gz": "dump-[SSN-1]-final.tar.gz",
    "dump.219.09.9999.txt": "dump.[SSN-1].txt",
    "dump%20219%2D09%2D9999.txt": "dump [SSN-1].txt",
    "card_4111-1111_1111 1111.csv": "card_[CARD-1].csv",
    "card_4111_1111_1111_1111_old.csv": "card_[CARD-1]_old.csv",
    "trace_192_168_4_7.log.gz": "trace_[IP-1].log.gz",
    "trace-192-168-4-7.log": "trace-[IP-1].log",
    "call_816-555-0142_1.log": "call_[PHONE-1]_1.log",
    "tess.ng@desk.example": "[EMAIL-1].example",
    "log_tess.ng@desk.example.txt": "[EMAIL-1].txt",
    "tess%40desk.example.txt": "[EMAIL-1].txt",
    "trace-of_Helena_Okonkwo.txt": "trace-of_[PERSON-1].txt",
    "helena-okonkwo.cv.txt": "[PERSON-1].cv.txt",
    "helena.okonkwo": "[PERSON-1]",
    "Helena Okonkwo.7z": "[PERSON-1].7z",
    "trace_10.1.2.3.7z": "trace_[IP-1].7z",
    "192.168.4.7.log.1": "[IP-1].log.1",
    "816-555-0142.log.2026-11-29": "[PHONE-1].log.2026-11-29",
    "of Helena Okonkwo.xlsx": "of [PERSON-1].xlsx",
    "of Helena Okonkwo.eml.txt": "of [PERSON-1].eml.txt",
    "tess.ng@desk.zip.txt": "[EMAIL-1].zip.txt",
}
KEPT = (
    "gc-edge_2026-11-29_10.15.30.log",
    "release-2.14.0.txt",
    "trace 12.tar.gz",
    "100%25 cpu.txt",
    "README",
    "[SSN-1]_final.txt",
    "conversation-636feb0c-e7e5-4d53-bbaf-a7fc3425bec4.log",
)


def engine():
    return Scrubber(Identities([{"name": "Helena Okonkwo", "email": "", "phone": ""}]))


@pytest.mark.parametrize("name", REMOVED)
def test_removed(name):
    clean = scrub_name(name, engine())
    assert clean == REMOVED[name]
    assert scrub_name(clean, engine()) == clean


@pytest.mark.parametrize("name", KEPT)
def test_kept(name):
    assert scrub_name(name, engine()) == name


def test_a_long_name_keeps_its_extension():
    name = "_".join(["5.6.7.8 x"] * 14) + ".txt"
    clean = scrub_name(name, engine(), most=150)
    assert len(clean) <= 150
    assert clean.endswith(".txt")
    assert "5.6.7.8" not in clean
    assert clean.startswith("[IP-1] x_[IP-1] x")


@pytest.mark.django_db
@pytest.mark.realm("fedramp")
def test_stored_names_of_files_and_members_hold_nothing(desk):
    def sent(name, content):
        post_entry(
            case_id=case.pk,
            actor=Actor.of(desk.designated),
            now=NOW,
            body="see the file",
            files=check_files([SimpleUploadedFile(name, content)]),
        )
        return Attachment.objects.latest("pk")

    case = desk.owned_case()
    assert sent("dump_219-09-9999_final.txt", b"calm").name == "dump_[SSN-1]_final.txt"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("logs_192.168.4.7/dump_219_09_9999.txt", "calm")
    file = sent("of_219.09.9999.zip", packed.getvalue())
    jobs.run("scrub-files")
    file = Attachment.objects.get(pk=file.pk)
    assert file.name == "of_[SSN-1].zip"
    with zipfile.ZipFile(io.BytesIO(file.file.read())) as archive:
        assert archive.namelist() == ["logs_[IP-1]/dump_[SSN-1].txt"]
