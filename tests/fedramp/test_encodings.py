"""FED-7: a text in any usual encoding is a text: read, scrubbed, kept as UTF-8, and said so."""

import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import jobs
from cases.models import Attachment
from fedramp.readers import kinds
from fedramp.readers.encodings import HEAD, Decoder, NotText, is_text
from fedramp.scrubbing import files
from tests.admin.pages import text_of
from tests.fedramp.made_files import scrubbed, sent, zipped
from tests.portal.conftest import browse, fields_of

__all__ = ["browse"]

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

LOG = "2026-11-29 08:14:02 INFO ani=+18165550142 trying\n"
TEXTS = {
    "cp1252": ("Grüße aus München, der Anruf von José Núñez fiel aus\n", "Windows-1252"),
    "latin-1": ("événement n°12: agent déjà connecté à Genève\n", "Windows-1252"),
    "cp1250": ("Dvořák Jiří zavolal a hovor spadl po třech minutách\n", "Windows-1250"),
    "iso8859_2": ("žluťoučký kůň úpěl ďábelské ódy, řekl šéf\n", "ISO-8859-2"),
    "cp1251": ("Номер звонка не найден, оператор отключился\n", "Windows-1251"),
    "koi8_r": ("Номер звонка не найден, оператор отключился\n", "KOI8-R"),
    "cp1253": ("Σφάλμα σύνδεσης κλήσης με τον πράκτορα\n", "Windows-1253"),
    "cp1254": ("Müşteri görüşmesi kesildi, lütfen tekrar bağlan\u0131n\n", "Windows-1254"),
    "shift_jis": ("エラー: 接続が切断されました。担当者 山田太郎\n", "Shift_JIS"),
    "euc_jp": ("エラー: 接続が切断されました。担当者 山田太郎\n", "EUC-JP"),
    "iso2022_jp": ("エラー: 接続が切断されました。\n", "ISO-2022-JP"),
    "gb18030": ("错误: 连接已断开 坐席 王小明 报告\n", "GB18030"),
    "big5": ("錯誤: 連線中斷 客服 王小明 回報\n", "Big5"),
    "euc_kr": ("통화가 끊어졌습니다. 상담원 김철수 보고\n", "EUC-KR"),
    "utf-16": ("Grüße 通话 통화\n", "UTF-16"),
    "utf-16-le": ("Agent,Calls\nA1,44\n", "UTF-16"),
    "utf-16-be": ("状态通话中坐席\n", "UTF-16"),
    "utf-32": ("Grüße\n", "UTF-32"),
}


def read(content, part=8192):
    decoder = Decoder()
    pieces = (content[at : at + part] for at in range(0, len(content), part))
    return "".join(decoder.decoded(pieces)), decoder


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("times", [1, 20, 3000])
def test_the_encoding_is_found(encoding, times):
    """In few words and in many, beside lines that are plain ASCII, however it arrives."""
    words, name = TEXTS[encoding]
    text = LOG + words * times + LOG
    content = text.encode(encoding)
    assert is_text(content[:HEAD])
    assert kinds.kind_of_head(content[:HEAD]) == kinds.TEXT
    for part in (1000, 8192, 64 * 1024) if times < 3000 else (8192,):
        found, decoder = read(content, part)
        assert found == text
        assert decoder.read_as == [name]


@pytest.mark.parametrize("encoding", TEXTS)
def test_it_is_scrubbed_and_kept_as_utf_8_and_said_so(desk, encoding):
    words, name = TEXTS[encoding]
    file = sent(desk, "a.csv", (LOG * 3 + words).encode(encoding))
    text = file.file.read().decode()
    assert text.count("ani=[PHONE-1]") == 3
    assert "8165550142" not in text
    assert file.note.endswith(f"Its text was {name}, and is kept as UTF-8.")
    assert file.content_type == "text/plain"


def test_who_sends_it_is_told_at_once(desk, browse):
    case, client = desk.owned_case(), browse(desk.designated)
    action = f"/cases/{case.number}/entry/"
    upload = SimpleUploadedFile("export.csv", "番号,状態\r\n1,通話中\r\n".encode("shift_jis"))
    form = fields_of(client.get(case.get_absolute_url()), action=action)
    page = client.post(action, {**form, "body": "x", "files": [upload]}, follow=True)
    assert "About “export.csv”: Its text was Shift_JIS, and is kept as UTF-8." in text_of(page)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"\0" * 5000 + b"calm\n", "calm\n"),
        (b"calm\n\x1a", "calm\n"),
        (b"\x07done\x07\n", "done\n"),
        (b"a\0b\n" + b"calm\n" * 99, "ab\n" + "calm\n" * 99),
        ("Grüße 番号 ".encode() * 40 + b"\x81 calm\n", "Grüße 番号 " * 40 + "\ufffd calm\n"),
        ("Grüße\n".encode("utf-8-sig"), "Grüße\n"),
    ],
)
def test_characters_that_are_none_make_no_text_binary(desk, content, kept):
    file = sent(desk, "a.log", content)
    assert file.file.read().decode() == kept
    gone = sum(content.count(each) for each in (b"\0", b"\x07", b"\x1a"))
    words = f"Left out: {gone} control character{'s' * (gone != 1)}."
    assert file.note == (words if gone else "")


def test_a_value_that_is_cut_by_a_nul_is_found(desk):
    file = sent(desk, "a.log", b"ani=+1816\05550142 calm\n" * 9)
    assert file.file.read().decode() == "ani=[PHONE-1] calm\n" * 9


def test_a_log_of_several_encodings_loses_no_letter():
    text = "x" * 70_000 + "\nplain\n" + "José\n" * 3
    found, _ = read(text.encode() + "José Núñez\n".encode("cp1252") + "통화\n".encode())
    assert found == text + "José Núñez\n통화\n"


@pytest.mark.parametrize("seed", range(5))
def test_what_turns_binary_is_refused_wherever_it_does(seed):
    noise = random.Random(seed).randbytes(4000)
    for head in (b"", LOG.encode() * 3, LOG.encode() * 3000):
        if not is_text((head + noise)[:HEAD]):
            continue
        with pytest.raises(NotText):
            read(head + noise)
    assert not is_text(noise)
    assert not is_text(bytes(HEAD))


def test_a_packed_text_is_read_likewise(desk):
    words, name = TEXTS["gb18030"]
    file = scrubbed(sent(desk, "a.zip", zipped({"a.log": words.encode("gb18030")})))
    assert f"Its text was {name}" in file.note


def test_a_large_text_is_decided_by_its_first_lines_and_takes_flat_memory(desk, monkeypatch):
    """The words beyond ASCII begin late; nothing before and after them is kept in memory."""
    monkeypatch.setattr(files, "AT_ONCE_MOST", 1000)
    words = TEXTS["cp1252"][0]
    content = (LOG * 4000).encode() + words.encode("cp1252") * 3
    file = sent(desk, "a.log", content)
    assert jobs.run("scrub-files") == 1
    file = Attachment.objects.get(pk=file.pk)
    assert file.file.read().decode().endswith("fiel aus\n")
    assert "Windows-1252" in file.note
    decoder, held = Decoder(), []

    class Source:
        def __iter__(self):
            for _ in range(50):
                held.append(len(decoder._sample))
                yield words.encode("cp1252") * 1000

    total = sum(len(each) for each in decoder.decoded(Source()))
    assert total == 50 * 1000 * len(words)
    assert max(held) < 64 * 1024
