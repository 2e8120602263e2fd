"""FED-7: a file not yet scrubbed is encrypted; it opens as a whole or in parts, or not at all."""

import io
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedramp.quarantine.storage import CannotBeOpened, QuarantineReader, encrypt_file, new_key
from fedramp.quarantine.upload_handler import NamelessFileUploadHandler

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

CHUNK = 64 * 1024
WORDS = secrets.token_bytes(3 * CHUNK)


def encrypted(content, key):
    out = io.BytesIO()
    encrypt_file(io.BytesIO(content), out, key)
    return out


@given(
    size=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 7]),
    at=st.integers(0, 3 * CHUNK),
    length=st.integers(1, 2 * CHUNK),
)
def test_any_part_opens_as_it_was(size, at, length):
    content, key = WORDS[:size], new_key()
    lying = encrypted(content, key)
    assert content[:16] not in lying.getvalue() or size < 16
    reader = io.BufferedReader(QuarantineReader(lying, key))
    assert reader.read() == content
    reader.seek(at)
    assert reader.read(length) == content[at : at + length]
    reader.seek(0, io.SEEK_END)
    assert reader.tell() == size


@pytest.mark.parametrize(
    "damage",
    [
        lambda lying: lying[:-1],
        lambda lying: lying[: CHUNK + 16],
        lambda lying: lying[CHUNK + 16 : 2 * (CHUNK + 16)] + lying[: CHUNK + 16] + lying[131104:],
        lambda lying: bytes([lying[0] ^ 1]) + lying[1:],
        lambda lying: b"",
    ],
    ids=["cut", "the rest left out", "exchanged", "changed", "emptied"],
)
def test_what_was_changed_or_has_another_key_does_not_open(damage):
    key = new_key()
    lying = encrypted(WORDS, key).getvalue()
    assert QuarantineReader(io.BytesIO(lying), key).readall() == WORDS
    for content, opens_with in ((damage(lying), key), (lying, new_key())):
        with pytest.raises(CannotBeOpened):
            QuarantineReader(io.BytesIO(content), opens_with).readall()


def test_an_upload_lies_in_a_file_without_a_name(settings):
    assert settings.FILE_UPLOAD_HANDLERS[1].endswith(NamelessFileUploadHandler.__name__)
    handler = NamelessFileUploadHandler()
    handler.new_file("files", "a.log", "text/plain", None)
    assert handler.receive_data_chunk(b"one line", 0) is None
    upload = handler.file_complete(8)
    assert (upload.name, upload.size, upload.read()) == ("a.log", 8, b"one line")
    assert isinstance(upload.file.name, int), "nobody else can open it, and it ends with us"
