"""Texts written by other programs, names with new emoji, and refusals that say what to do."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.errors import Invalid
from cases.models import Attachment
from cases.services.files import check_files, safe_file_name
from tests.portal.conftest import fields_of

LOG = b"08:14:02 INVITE sip:x trying\r\n" * 40
TEXTS = {
    "T1 Shift_JIS": "\u756a\u53f7,\u72b6\u614b\r\n1,\u901a\u8a71\u4e2d\r\n".encode("shift_jis"),
    "T2 GB18030": ("\u53f7\u7801,\u72b6\u6001\n" * 20).encode("gb18030"),
    "T3 begins with NULs": b"\0" * 512 + LOG,
    "T4 Windows-1251": (
        "\u041d\u043e\u043c\u0435\u0440 \u0437\u0432\u043e\u043d\u043a\u0430\n" * 20
    ).encode("cp1251"),
    "T5 ends with 0x1A": LOG + b"\x1a",
    "T6 with BEL": b"done\x07\n" + LOG,
    "T7 UTF-16LE without mark": "Agent,Calls\r\nA1,44\r\n".encode("utf-16-le"),
    "T7 UTF-16BE without mark": "Agent,Calls\r\nA1,44\r\n".encode("utf-16-be"),
    "T8 one bad byte": "Gr\u00fc\u00dfe \u756a\u53f7 ".encode() * 40 + b"\x81" + LOG,
}
texts = pytest.mark.parametrize("content", TEXTS.values(), ids=TEXTS.keys())


def upload(content, name="export.csv"):
    return SimpleUploadedFile(name, content)


@pytest.mark.realm("commercial")
@texts
def test_a_text_is_taken_as_it_is(content):
    """T1 to T8."""
    (checked,) = check_files([upload(content)])
    assert (checked.content_type, checked.size) == ("text/plain", len(content))
    assert checked.content.read() == content


@pytest.mark.parametrize(
    ("name", "content", "step"),
    [
        ("a.exe", b"MZ\x90\x00" + b"\x00\x03" * 60, "Pack the file as ZIP"),
        ("a.bmp", b"BM" + b"\x3a\x00\x00\x00" + b"\x00" * 60, "PNG or JPEG|Pack the file"),
        ("a.txt", b"", "choose it again"),
        ("a.bin", bytes(range(256)) * 8, "Pack the file as ZIP"),
    ],
)
@pytest.mark.realm("commercial")
def test_a_refusal_names_the_next_step(name, content, step):
    with pytest.raises(Invalid, match=step):
        check_files([upload(content, name)])


def test_a_refusal_by_size_or_number_names_the_next_step(settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    with pytest.raises(Invalid, match="split it into several files"):
        check_files([upload(b"x" * 11)])
    with pytest.raises(Invalid, match="send the others with a further update"):
        check_files([upload(b"x")] * 11)


@pytest.mark.parametrize("name", ["log \U0001fae8.txt", "\u540d\U0001f600.log"])
def test_emoji_stay_in_file_names(name):
    """F1: also one that is newer than Python's tables."""
    assert safe_file_name(name) == name


def test_no_character_at_all_does_not_stay():
    assert safe_file_name("a\uffff\ufdd0\U000e0fff.txt") == "a.txt"


def test_too_many_files_come_back_with_the_text(desk, browse):
    """R1: without script; the form says how many fit."""
    case = desk.owned_case()
    client = browse(desk.designated)
    address = f"{case.get_absolute_url()}entry/"
    form = fields_of(client.get(case.get_absolute_url()), action=address)
    files = [upload(b"x", f"{each}.txt") for each in range(21)]
    answer = client.post(address, {**form, "body": "Every word of mine", "files": files})
    assert answer.status_code == 200
    assert "Every word of mine" in answer.content.decode()
    assert "At most 10 files at a time" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES >= 100
