"""FED-7: of Office files and PDF the text is kept, scrubbed; who sends one is told so."""

import csv
import io
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import jobs
from cases.errors import Invalid
from cases.models import Attachment, Entry
from cases.services.files import CheckedFile, FileScrubber, check_files
from fedramp.models import QuarantinedFile
from fedramp.services.file_reviews import _can_be_scrubbed
from tests.admin.pages import composer, page_url, text_of
from tests.fedramp import made_files as made
from tests.fedramp.made_files import scrubbed, sent, text_in, texts_in, unnumbered
from tests.portal.conftest import browse, fields_of
from tests.stored import everything_stored, stored_files

__all__ = ["browse"]

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

CLEAN = "Call [PERSON] on [PHONE]."
ONLY_TEXT = "Only the text was kept, not the file itself."
ZIP = b"PK\x03\x04"


def downloaded(client, file):
    answer = client.get(f"/files/{file.public_id}/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content), answer


def test_the_sender_is_told_before_and_after_and_opens_the_text(
    browse, desk, django_capture_on_commit_callbacks
):
    """Through the pages: from the form of the portal to the download by staff."""
    case, client = desk.owned_case(), browse(desk.designated)
    action = f"/cases/{case.number}/entry/"
    page = client.get(case.get_absolute_url())
    assert "only the text is kept, scrubbed. The file itself is not stored" in text_of(page)
    upload = SimpleUploadedFile("of Helena Okonkwo.docx", made.word_file())
    form = {**fields_of(page, action=action), "body": "See the file.", "files": [upload]}
    words = text_of(client.post(action, form, follow=True))
    assert "Of “of [PERSON].docx” only the text will be kept, scrubbed, and not the" in unnumbered(
        words
    )
    assert all(ZIP not in default_storage.open(each).read() for each in stored_files())

    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.run("scrub-files") == 1
    file = Attachment.objects.get()
    assert (unnumbered(file.name), file.content_type) == ("of [PERSON].docx.txt", "text/plain")
    assert not QuarantinedFile.objects.exists()
    assert stored_files() == [file.file.name]
    assert file.history.latest().name == file.name
    for reader in (client, browse(desk.expert)):
        content, answer = downloaded(reader, file)
        assert unnumbered(content.decode()).startswith("\nboxed words\ninserted words\n" + CLEAN)
        assert '"of [PERSON].docx.txt"' in unnumbered(answer["Content-Disposition"])
    words = text_of(client.get(case.get_absolute_url()))
    assert f"{ONLY_TEXT} Left out: 1 deleted passage, 1 hidden passage." in words
    assert "Removed: 1 telephone number and " in words
    words = text_of(browse(desk.expert).get(page_url(case)))
    assert ONLY_TEXT in words


def test_the_forms_of_staff_say_it_too(browse, desk):
    case, client = desk.owned_case(), browse(desk.expert)
    page = client.get(page_url(case))
    assert "only the text is kept, scrubbed. The file itself is not stored" in text_of(page)
    action = reverse("admin:cases_case_entry", args=[case.pk, "internal"])
    upload = SimpleUploadedFile("plan.pptx", made.presentation())
    typed = composer(case, "internal", "See the file.", files=[upload])
    page = client.post(action, {**fields_of(page, action=action), **typed}, follow=True)
    assert "Of “plan.pptx” only the text will be kept" in text_of(page)


def test_what_people_see_of_a_word_file_is_kept_and_nothing_else(desk):
    file = scrubbed(sent(desk, "a.docx", made.word_file()))
    text = text_in(file)
    assert text == (
        f"\nboxed words\ninserted words\n{CLEAN}\nName\tRoom\n[PERSON]\tB 12\n\nAlso \n"
        "\n== Header ==\nThe header\n\n== Footer ==\nThe footer\n"
        "\n== Footnotes ==\n1. The footnote\n\n== Comments ==\n0. The comment\n"
    )


def test_each_visible_sheet_is_a_csv_that_opens_again(desk):
    file = scrubbed(sent(desk, "calls.xlsx", made.workbook()))
    assert (file.name, file.content_type) == ("calls.xlsx.zip", "application/zip")
    found = texts_in(file)
    assert list(found) == ["Calls.csv", "Of [PERSON].csv"]
    assert list(csv.reader(io.StringIO(found["Calls.csv"]))) == [
        ["Name", "Phone", "Minutes", "Remark"],
        ["[PERSON]", "[PHONE]", "4", "one two, three"],
        ["", "", "4"],
        ["'=HYPERLINK(A1)"],
    ]
    assert found["Of [PERSON].csv"] == "[PHONE]\r\n"
    assert file.note.startswith("Removed: ")
    assert file.note.endswith(f"{ONLY_TEXT} Left out: 1 list of comments, 1 hidden sheet.")


@pytest.mark.parametrize(
    ("name", "content", "kept", "text"),
    [
        ("a.xlsx", made.workbook(sheets=1), "a.xlsx.csv", '[PHONE],4,"one two, three"'),
        ("a.xlsm", made.workbook(sheets=1), "a.xlsm.csv", "[PERSON],[PHONE]"),
        ("a.ods", made.open_workbook(), "a.ods.csv", CLEAN),
        ("a.pptx", made.presentation(), "a.pptx.txt", f"Slide 1 ==\nThe title\n{CLEAN}\nleft\t"),
        ("a.pdf", made.pdf(made.SAID, "x"), "a.pdf.txt", f"== Page 1 ==\n{CLEAN}\n"),
        # It is what it contains, whatever it is called.
        ("a.log", made.pdf(made.SAID), "a.log.txt", CLEAN),
        ("a.zip", made.word_file(), "a.zip.txt", CLEAN),
    ],
)
def test_a_file_with_a_single_text_is_kept_as_that(desk, name, content, kept, text):
    file = scrubbed(sent(desk, name, content))
    assert file.name == kept
    assert text in text_in(file)
    assert ONLY_TEXT in unnumbered(file.note)


def test_what_is_left_out_is_named(desk):
    word = made.repacked(
        made.word_file("calm"),
        {
            "word/vbaProject.bin": b"x",
            "word/media/image1.png": made.PNG,
            "word/embeddings/oleObject1.bin": b"x",
        },
    )
    book = made.repacked(
        made.workbook(sheets=1),
        {
            "xl/externalLinks/externalLink1.xml": b"<x/>",
            "xl/pivotCache/pivotCacheRecords1.xml": b"",
        },
    )
    for name, content, words in (
        ("a.docm", word, "1 part with macros, 1 picture, 1 embedded object, 1 deleted passage"),
        ("a.xlsx", book, "1 link to another workbook, 1 cache of a pivot table"),
        (
            "a.pdf",
            made.pdf("calm", "", extras=True),
            "1 page without text, 1 attached file, 1 script",
        ),
        ("a.pptx", made.presentation(), "1 hidden slide"),
    ):
        file = scrubbed(sent(desk, name, content))
        assert words in unnumbered(file.note), file.note
        text = file.file.read()
        assert b"unseen" not in text.lower()
        assert b"Helena" not in text


def test_a_formula_that_was_never_calculated_is_told(desk):
    """As programs write it that do not calculate: there is no value to be kept."""
    book = made.repacked(
        made.workbook(sheets=1),
        {
            "xl/worksheets/sheet1.xml": lambda xml: xml.replace(
                b'<v>4</v></c></row><row r="4"', b'<v></v></c></row><row r="4"'
            )
        },
    )
    assert "1 formula without a stored result" in scrubbed(sent(desk, "a.xlsx", book)).note


REFUSED = {
    "password.docx": (made.compound({"EncryptedPackage": b"x"}), "with a password.*Remove the"),
    "a.doc": (made.compound({"WordDocument": b"x"}), "save it as .docx"),
    "a.xls": (made.compound({"Workbook": b"x"}), "save it as .xlsx"),
    "a.ppt": (made.compound({"PowerPoint Document": b"x"}), "save it as .pptx"),
    "a.xlsb": (made.zipped({"xl/workbook.bin": b"x"}), "save it as .xlsx"),
    "a.odt": (
        made.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
        "save it as .docx",
    ),
    "a.rtf": (b"{\\rtf1 Jos\\'e9}", "Save it as .docx or as plain text"),
    "a.png": (made.PNG, "Copy the words that it shows into a text file"),
    "a.pcap": (b"\xd4\xc3\xb2\xa1" + bytes(99), "As Plain Text; or by the command: tshark -r"),
    "a.wav": (b"RIFF\x24\x08\0\0WAVEfmt " + bytes(99), "what is said and when .a transcript"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(99), "Unpack it, and pack the files as .zip"),
    "a.evtx": (b"ElfFile\0" + bytes(99), "Save All Events As"),
    "a.exe": (b"MZ\x90\0" + b"\0\3" * 60, "Say in words its name, version"),
    "a.bin": (bytes(range(256)) * 40, "Copy the lines that matter"),
}


#: In an archive: whether they can be read shows only when they are unpacked.
TOLD_BY_THE_JOB = {"password.docx", "a.doc", "a.xls", "a.ppt", "a.xlsb", "a.odt"}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_the_next_step_of_its_kind(desk, name):
    case, (content, words) = desk.case(), REFUSED[name]
    before = everything_stored()
    with pytest.raises(Invalid, match=words) as refused:
        sent(desk, name, content, case)
    assert f"“{name}” was not kept" in refused.value.message
    assert everything_stored() == before
    packed = made.zipped({f"of Helena Okonkwo/{name}": content, "b.log": "x"})
    if name in TOLD_BY_THE_JOB:
        file = sent(desk, "a.zip", packed, desk.owned_case())
        jobs.run("scrub-files")
        told = Attachment.objects.get(pk=file.pk).note
    else:
        with pytest.raises(Invalid, match=words) as refused:
            sent(desk, "a.zip", packed, case)
        told = refused.value.message
        assert everything_stored() == before
    assert f"“of [PERSON]/{name}” in it is a" in unnumbered(told)
    assert re.search(words, told)


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "' + b"ha" * 9 + b'">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 10) for n in range(9)
) + b"]>"  # fmt: skip


def with_entities(content):
    part = "word/document.xml"
    return made.repacked(
        content,
        {
            part: lambda xml: xml.replace(b"<w:document", LAUGHS + b"<w:document", 1).replace(
                b"boxed", b"&a8;"
            )
        },
    )


SPARSE = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    b"</sheetData></worksheet>"
)
ONLY_LATER = {
    "a picture.pdf": (made.pdf("", ""), "has no text that can be read, as if it were scanned"),
    "password.pdf": (made.pdf("x", password="secret"), "protected with a password"),
    "cut.docx": (made.repacked(made.word_file(), {"word/document.xml": b"<x"}), "damaged"),
    "laughs.docx": (with_entities(made.word_file()), "damaged"),
    "bomb.docx": (
        made.repacked(made.word_file(), {"word/media/a.xml": bytes(210 * 1024 * 1024)}),
        "more than can be read",
    ),
    "far apart.xlsx": (
        made.repacked(made.workbook(sheets=1), {"xl/worksheets/sheet1.xml": SPARSE}),
        "more than can be read: at most 50 MB",
    ),
    "cut.pdf": (made.pdf("x")[:300], "damaged"),
}


@pytest.mark.parametrize("name", ONLY_LATER)
def test_what_cannot_be_read_is_refused_by_the_job(desk, name, django_capture_on_commit_callbacks):
    content, words = ONLY_LATER[name]
    file = sent(desk, name, content, desk.owned_case())
    assert file.scan_state == "cleaning"
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run("scrub-files")
    told = Attachment.objects.get()
    assert (told.scan_state, told.file.name) == ("refused", "")
    assert words in told.note
    assert words in Entry.objects.get(event="file_refused").body
    assert stored_files() == []


def test_files_in_an_archive_are_read_as_if_sent_alone(desk):
    content = made.zipped(
        {
            "of Helena Okonkwo/trace.log": "calm",
            "of Helena Okonkwo/a.docx": made.word_file(),
            "calls.xlsx": made.workbook(),
            "b/calls.xlsx.csv": "kept",
            "a.pdf": made.pdf(made.SAID),
            "again/trace.log": "a",
            "AGAIN/trace.log": "b",
        }
    )
    file = scrubbed(sent(desk, "all.zip", content))
    assert file.name == "all.zip"
    found = texts_in(file)
    assert list(found) == [
        "of [PERSON]/trace.log",
        "of [PERSON]/a.docx.txt",
        "calls.xlsx/Calls.csv",
        "calls.xlsx/Of [PERSON].csv",
        "b/calls.xlsx.csv",
        "a.pdf.txt",
        "again/trace.log",
        "AGAIN/trace-2.log",
    ]
    assert "Of Office files, PDF and mail in it only the text was kept." in unnumbered(file.note)
    assert "1 hidden sheet" in unnumbered(file.note)


def test_a_refused_file_in_an_archive_is_named_by_the_job(desk):
    content = made.zipped({"a.log": "calm", "of Helena Okonkwo.pdf": made.pdf("")})
    file = sent(desk, "all.zip", content, desk.owned_case())
    jobs.run("scrub-files")
    told = Attachment.objects.get(pk=file.pk)
    assert unnumbered(told.note).startswith("“of [PERSON].pdf” in it has no text that can be read")


def test_the_original_of_a_pdf_may_still_go_by_two_people():
    """Only its text would be kept otherwise; a text or its archive goes by the scrubber."""
    for content, is_scrubbed in (
        (made.pdf("x"), False),
        (made.word_file(), False),
        (made.PNG, False),
        (b"a log", True),
        (made.zipped({"a.log": "x"}), True),
    ):
        (file,) = check_files([SimpleUploadedFile("a", content)])
        assert _can_be_scrubbed(file) is is_scrubbed


def test_the_commercial_realm_keeps_a_file_as_it_is():
    """FED-10: there it is not looked into."""
    file = CheckedFile(ContentFile(b"x"), "a.docx", "application/zip", 1, "")
    assert FileScrubber().scrub(file, about=None) is file
