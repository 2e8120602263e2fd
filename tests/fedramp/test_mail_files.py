"""FED-7: mail is decoded and scrubbed part by part; what is attached, as if it were sent alone."""

import base64
import io

import pytest

from cases import jobs
from cases.models import Attachment
from fedramp.readers import kinds
from tests.fedramp import made_files as made
from tests.fedramp.made_files import (
    PNG,
    SAID,
    mail,
    scrubbed,
    sent,
    text_in,
    texts_in,
    unnumbered,
    zipped,
)

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

CLEAN = "Call [PERSON] on [PHONE]."


def test_a_mail_without_files_is_one_text_with_its_headers_decoded(desk):
    message = mail(Cc="Helena Okonkwo <h@agency.example>")
    message.set_content(f"Die Störung\n{SAID}\n", cte="base64")
    message.add_alternative("<p>The same for programs</p>", subtype="html")
    file = scrubbed(sent(desk, "of Helena Okonkwo.eml", message.as_bytes()))
    assert (unnumbered(file.name), file.content_type) == ("of [PERSON].eml.txt", "text/plain")
    text = text_in(file)
    assert "Subject: Störung\n" in text
    assert "Die Störung\nCall [PERSON] on [PHONE].\n" in text
    assert "The same" not in text
    for raw in ("José", "jose", "Okonkwo", "h@agency", "0142", "=?utf-8"):
        assert raw not in text
    assert "Only the text was kept, not the file itself." in unnumbered(file.note)


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_words_are_decoded_whatever_they_are_written_in(desk, cte, charset):
    message = mail()
    html = f"<style>p {{}}</style><table><tr><td>Störung</td><td>{SAID}</td></tr></table>&amp; more"
    message.set_content(html, subtype="html", charset=charset, cte=cte)
    text = text_in(scrubbed(sent(desk, "a.eml", message.as_bytes())))
    assert text.endswith(f"\nStörung\t{CLEAN}\n& more\n")


def attached():
    """A mail with files of every kind, and a mail within it."""
    inner = mail(Subject="Inner")
    inner.set_content("<b>Inner</b> words", subtype="html")
    inner.add_attachment(b"deep log", maintype="text", subtype="plain", filename="deep.log")
    message = mail()
    message.set_content("Outer words")
    for name, content in (
        ("of Helena Okonkwo.log", f"Störung\n{SAID}\n".encode("cp1252")),
        ("a.docx", made.word_file()),
        ("calls.xlsx", made.workbook()),
        ("logs.zip", zipped({"d/x.log": "packed", "a.pdf": made.pdf(SAID)})),
        ("screen of Helena Okonkwo.png", PNG),
        ("twice.zip", zipped({"in.zip": zipped({"x.log": "x"})})),
        ("locked.pdf", made.pdf("x", password="secret")),
    ):
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    message.add_attachment(inner)
    return message.as_bytes()


def test_what_is_attached_is_read_as_if_sent_alone_and_the_rest_is_named(desk):
    file = scrubbed(sent(desk, "a.eml", attached()))
    assert (file.name, file.content_type) == ("a.eml.zip", "application/zip")
    found = texts_in(file)
    assert list(found) == [
        "message.txt",
        "of [PERSON].log",
        "a.docx.txt",
        "calls.xlsx/Calls.csv",
        "calls.xlsx/Of [PERSON].csv",
        "logs.zip/d/x.log",
        "logs.zip/a.pdf.txt",
        "message 8/message.txt",
        "message 8/deep.log",
    ]
    assert found["of [PERSON].log"] == "Störung\nCall [PERSON] on [PHONE].\n"
    assert found["message 8/message.txt"].endswith("\nInner words\n")
    assert found["message 8/deep.log"] == "deep log"
    assert "“screen of [PERSON].png” (a picture)" in unnumbered(file.note)
    assert "“twice.zip/in.zip” (a packed file" in unnumbered(file.note)
    assert "“locked.pdf” (it could not be read)" in unnumbered(file.note)
    assert "Its text was Windows-1252, and is kept as UTF-8." in unnumbered(file.note)


def test_a_message_of_outlook_is_read_likewise(desk):
    content = made.outlook(SAID, ("a.log", SAID.encode()), ("x.png", PNG))
    file = scrubbed(sent(desk, "a.msg", content))
    assert file.name == "a.msg.zip"
    found = texts_in(file)
    assert list(found) == ["message.txt", "a.log"]
    assert "Subject: Störung\n" in found["message.txt"]
    assert found["message.txt"].endswith(f"\n{CLEAN}\n")
    assert found["a.log"] == CLEAN
    assert "“x.png” (a picture)" in unnumbered(file.note)


def test_a_mail_in_an_archive_is_a_folder_of_it(desk):
    file = scrubbed(sent(desk, "a.zip", zipped({"b/a.eml": attached(), "x.log": "x"})))
    assert {"b/a.eml/message.txt", "b/a.eml/message 8/deep.log", "x.log"} <= set(texts_in(file))


def test_no_name_of_an_attached_file_leads_out_of_the_archive(desk):
    message = mail()
    message.set_content("words")
    slips = zipped({"../../../up.log": "x", "C:\\logs\\a.log": "y"})
    for name, content in (("../../etc/passwd", b"a log"), ("..", b"b log"), ("z.zip", slips)):
        message.add_attachment(content, maintype="text", subtype="plain", filename=name)
    file = scrubbed(sent(desk, "a.eml", message.as_bytes()))
    assert list(texts_in(file)) == [
        *("message.txt", "etc/passwd", "file", "z.zip/up.log", "z.zip/C_/logs/a.log")
    ]


def test_a_damaged_file_in_a_mail_is_left_out_alone(desk):
    message = mail()
    message.set_content("words")
    for name, content in (
        ("a.docx", made.repacked(made.word_file(), {"word/document.xml": b"<x"})),
        ("a.xlsx", made.repacked(made.workbook(), {"xl/workbook.xml": b"<x"})),
        ("a.pdf", made.pdf("x")[:300]),
        ("a.msg", made.outlook("x")[:1600]),
        ("cut.zip", zipped({"a.log": "x" * 99})[:-30]),
        ("b.log", b"a log"),
    ):
        message.add_attachment(content, maintype="text", subtype="plain", filename=name)
    file = scrubbed(sent(desk, "a.eml", message.as_bytes()))
    assert list(texts_in(file)) == ["message.txt", "b.log"]
    for name in ("a.docx", "a.xlsx", "a.pdf", "a.msg", "cut.zip"):
        assert f"“{name}” (" in unnumbered(file.note)


def nested(depth):
    """Each one the only part of the next."""
    content = b"From: a@b.example\nDate: x\nSubject: s\n\nthe innermost"
    for _ in range(depth):
        head = b"From: a@b.example\nDate: x\nSubject: s\nMIME-Version: 1.0\n"
        content = head + b"Content-Type: message/rfc822\n\n" + content
    return content


def many(parts):
    head = b"From: a@b.example\nDate: x\nSubject: s\nMIME-Version: 1.0\n"
    part = b"--b\nContent-Type: text/plain; name=x.txt\n\nhi\n"
    return head + b"Content-Type: multipart/mixed; boundary=b\n\n" + part * parts + b"--b--\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (nested(500), "messages within messages, too many"),
        (many(500), "more than can be read"),
    ],
)
def test_a_mail_that_is_nested_or_divided_beyond_reason_is_refused(desk, content, words):
    file = sent(desk, "a.eml", content, desk.owned_case())
    jobs.run("scrub-files")
    told = Attachment.objects.get(pk=file.pk)
    assert (told.scan_state, words in told.note) == ("refused", True), told.note


def test_ten_messages_deep_are_read(desk):
    found = texts_in(scrubbed(sent(desk, "a.eml", nested(9))))
    assert list(found)[-1] == "message 1/" * 9 + "message.txt"
    assert list(found.values())[-1].endswith("the innermost\n")


def test_a_log_that_speaks_of_mail_is_no_mail():
    for text in (
        b"From: sip:a@b.example\nTo: sip:c@d.example\nCall-ID: 1\nCSeq: 1\n\n",
        b"Subject: my case\nDate: today\n\nwords",
        b"INFO From: a\nDate: b\n\n",
        b"From: a@b.example\nDate: x\nSubject: y\nthis is no header\n",
    ):
        assert kinds.kind_of_head(text) == kinds.TEXT, text
    assert kinds.kind_of_head(b"From a@b Sun\nFrom: a\nDate: x\nTo: y\n\nhi") == kinds.MAILBOX


def test_a_wrong_charset_or_encoding_loses_no_word(desk):
    head = b"From: a@b.example\nDate: x\nSubject: =?x-unknown?q?a?=\nMIME-Version: 1.0\n"
    body = b'Content-Type: text/plain; charset="x-unknown"\n\nSt\xf6rung seit gestern\n'
    text = text_in(scrubbed(sent(desk, "a.eml", head + body)))
    assert "Subject: =?x-unknown?q?a?=\n" in text
    assert "Störung seit gestern" in text
    broken = (
        head
        + b"Content-Transfer-Encoding: base64\n\n"
        + base64.b64encode(b"some words")[:-3]
        + b"*"
    )
    assert "some" in text_in(scrubbed(sent(desk, "b.eml", broken)))


def test_the_type_of_a_message_is_found_wherever_its_names_stand():
    content = made.outlook("x")
    assert kinds.kind_of(io.BytesIO(content)) == kinds.OUTLOOK
    assert kinds.kind_of(io.BytesIO(made.compound({"other": b"x"}))) == kinds.OTHER
