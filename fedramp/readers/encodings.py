"""Text in any usual encoding, part by part, in flat memory.

Line by line: what is UTF-8 is read so; other lines are read in the one encoding that fits those
seen so far. So a log that was written by two programs loses no letter. Control characters that no
reader sees (NUL, BEL, Ctrl-Z) are left out.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator

from charset_normalizer import from_bytes

#: A part is decoded once it is this long, up to the end of its last line.
_BLOCK = 64 * 1024
#: What decides about the encoding: at most this much of the lines that are not UTF-8.
_SAMPLE_MOST = 16 * 1024
#: With this many bytes beyond ASCII, the decision stands.
_ENOUGH = 400
#: More than this much of lines that are not text, and the file is none.
_BINARY_MOST = 1024
HEAD = 8192

WESTERN, CENTRAL, LATIN_2 = "cp1252", "cp1250", "iso8859_2"
TURKISH = "cp1254"
_OTHERS = [
    *("cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1251", "koi8_r", "cp1253", "cp1255"),
    *("cp1256", "tis_620"),
]
NAMES = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    WESTERN: "Windows-1252",
    CENTRAL: "Windows-1250",
    LATIN_2: "ISO-8859-2",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp1253": "Windows-1253",
    TURKISH: "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "tis_620": "TIS-620",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}
#: The letters beyond ASCII of one language each, of those that are written in these code pages.
_WEST = (
    *("àâæçéèêëîïôœùûüÿ", "äöüß", "áéíóúüñ", "áâãàçéêíóôõúü", "àèéìòù", "åäöæøé"),
    "ðþáéíóúýæö",
)
_MIDDLE = ("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "čćđšž", "ăâîşţ")
_LANGUAGES = {
    WESTERN: _WEST,
    CENTRAL: _MIDDLE,
    LATIN_2: _MIDDLE,
    TURKISH: ("çğ\u0131öşüâîûi\u0307",),
}
#: Dashes, quotes, currencies and the like, which tell of no language.
_SIGNS = set(
    "\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u2022\u20ac\u2122"
    "\u00a0\u00a1\u00a3\u00a7\u00a9\u00ab\u00ae\u00b0\u00b4\u00b7\u00bb\u00bf"
)
#: Control characters that a reader of a log sees, or that move its cursor.
_KEPT = "\t\n\r\x08\x0b\x0c\x1b"
_LEFT_OUT = dict.fromkeys(n for n in (*range(32), 127) if chr(n) not in _KEPT)
#: Of those, the ones that terminals, DOS editors and interrupted programs leave behind.
_HARMLESS = {0: None, 7: None, 14: None, 15: None, 26: None, 127: None}
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
#: Characters of three bytes and more, which other encodings do not happen to look like.
_SURELY_UTF_8 = re.compile("[\u0800-\ufffc\U00010000-\U0010ffff]")
_NULS = re.compile(rb"\0{8,}")


class NotText(Exception):
    """It begins as a text, but is none."""


class Decoder:
    """The text of a file. `read_as` are the names of its encodings other than UTF-8; so many
    control characters were left out.
    """

    def __init__(self) -> None:
        self.read_as: list[str] = []
        self.left_out = 0
        self._sample = b""
        self._encoding = ""
        self._binary = 0

    def decoded(self, parts: Iterable[bytes]) -> Iterator[str]:
        """The text, part by part. Raises NotText for one that is mostly something else."""
        held, wide = b"", None
        for place, part in enumerate(parts):
            if not place and (encoding := _wide(part[:HEAD])):
                wide = codecs.getincrementaldecoder(encoding)("replace")
                self._was(encoding)
            if wide is not None:
                yield self._visible(wide.decode(part)).removeprefix("\ufeff")
                continue
            held += part
            if len(held) >= _BLOCK:
                at = _end(held)
                yield self._visible(self._block(held[:at]))
                held = held[at:]
        rest = wide.decode(b"", final=True) if wide is not None else self._block(held)
        yield self._visible(rest)

    def _block(self, block: bytes) -> str:
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError:
            lines = block.splitlines(keepends=True)
            self._decide(lines)
            text = "".join(self._line(line) for line in lines)
        if "\x1b$" in text and (other := _decoded(block, "iso2022_jp")):
            self._was("iso2022_jp")
            text = other
        return text.removeprefix("\ufeff")

    def _decide(self, lines: list[bytes]) -> None:
        if len(_HIGH_RUN.sub(b"", self._sample)) + _ENOUGH <= len(self._sample):
            return
        wrong = b"".join(line for line in lines if not _is_utf_8(line))
        self._sample += _whole_lines(wrong[:_SAMPLE_MOST])
        self._encoding = _guess(self._sample)

    def _line(self, line: bytes) -> str:
        text = line.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        if not wrong or len(_SURELY_UTF_8.findall(text)) * 2 > wrong:
            return line.decode("utf-8", _OR_WESTERN)  # at most a wrong byte or two
        self._was(self._encoding)
        return line.decode(self._encoding, "replace")

    def _was(self, encoding: str) -> None:
        name = NAMES[encoding]
        if name not in self.read_as:
            self.read_as.append(name)

    def _visible(self, text: str) -> str:
        seen = visible(text)
        self.left_out += len(text) - len(seen)
        if len(seen) != len(text) or "\ufffd" in text:
            self._binary += sum(
                len(line) for line in text.translate(_HARMLESS).splitlines() if _is_binary(line)
            )
            if self._binary > _BINARY_MOST:
                raise NotText
        return seen


def visible(text: str) -> str:
    """Without the control characters that no reader sees."""
    return text.translate(_LEFT_OUT)


def is_text(head: bytes) -> bool:
    """Whether a file with these first bytes is a text, in whatever encoding."""
    body = _NULS.sub(b"", head)
    if not body or body.startswith(b"%PDF-"):
        return False
    if encoding := _wide(head):
        text = head.decode(encoding, "ignore").translate(_HARMLESS)
        return not _is_binary(text, share=200)
    odd = sum(byte < 32 and chr(byte) not in _KEPT and byte not in (7, 14, 15, 26) for byte in body)
    return odd * 200 <= len(body) and not _is_noise(body)


def _is_noise(body: bytes) -> bool:
    """Bytes that are text in none of the encodings."""
    lines = _whole_lines(body)
    return all(
        text.count("\ufffd") * 100 > len(text)
        for text in (body.decode("utf-8", "replace"), lines.decode(_guess(lines), "replace"))
    )


def _whole_lines(part: bytes) -> bytes:
    """Without the last line, which may end in the middle of a character; if it is not the only."""
    return part[: part.rfind(b"\n") + 1] or part


def _is_utf_8(line: bytes) -> bool:
    return _decoded(line, "utf-8") is not None


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError as error:
        # The head of a file may end in the middle of a character.
        if len(line) == HEAD and error.start >= HEAD - 4:
            return _decoded(line[: error.start], encoding)
        return None


def _is_binary(line: str, share: int = 20) -> bool:
    odd = sum(
        (char < " " and char not in _KEPT) or char == "\ufffd" or _is_nothing(char) for char in line
    )
    return odd > 2 and odd * share > len(line)


def _is_nothing(char: str) -> bool:
    return char > "\u00ff" and unicodedata.category(char) in ("Cn", "Co", "Cs")


def _wide(head: bytes) -> str:
    """UTF-16 or UTF-32, by their mark or by where the NULs are; empty for another encoding."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            return encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for many, few, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        # A line's end and a digit suffice: not every script has NULs in its letters.
        if many * 50 > len(head) // 2 and few * 20 <= many and len(head) >= 4:
            text = head[: len(head) // 2 * 2].decode(encoding, "ignore")
            if not _is_binary(text.translate(_HARMLESS), share=100) and "\n" in text + "\n":
                return encoding
    return ""


def _guess(sample: bytes) -> str:
    """The encoding of these lines, which are not UTF-8; the Western one if nothing tells."""
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    if sum(run for run in runs if run > 1) * 2 >= sum(runs) or len(runs) * 3 > len(sample):
        asked = [*_OTHERS, WESTERN, CENTRAL]
        # The second time for texts in which half of the signs are half as wide.
        for threshold in (0.2, 0.9):
            best = from_bytes(sample, cp_isolation=asked, threshold=threshold).best()
            if best is not None:
                break
        if best is not None and best.encoding in _OTHERS:
            return best.encoding
    return max((WESTERN, CENTRAL, LATIN_2, TURKISH), key=lambda each: _fits(sample, each))


def _fits(sample: bytes, encoding: str) -> float:
    """How well one language explains the letters beyond ASCII."""
    found = [each for each in sample.decode(encoding, "replace").lower() if each > "\x7f"]
    letters = [each for each in found if each not in _SIGNS]
    most = max(sum(each in language for each in letters) for language in _LANGUAGES[encoding])
    return most / max(1, len(letters))


def _end(held: bytes) -> int:
    """After a line or a word; without any, before the last character of UTF-8."""
    for sign in (b"\n", b" ", b","):
        if (at := held.rfind(sign)) >= 0:
            return at + 1
    at = len(held)
    while at > len(held) - 4 and held[at - 1] >= 0x80:
        at -= 1
    return at or len(held)


def _western(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode(WESTERN, "replace"), error.end


_OR_WESTERN = "or-western"
codecs.register_error(_OR_WESTERN, _western)
