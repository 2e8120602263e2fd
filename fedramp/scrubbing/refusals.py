"""Why a file is not kept, and what its sender can do instead (FED-7)."""

from ..readers import kinds, output
from ..readers.encodings import NotText
from ..readers.output import Refused
from ..readers.process import SIZE_MOST, TooLong

#: The greatest size of an unpacked file.
UNPACKED_MOST = 300 * 1024 * 1024
MEMBERS_MOST = 200
#: How long one file may take, in seconds of wall time: ten times what 300 MB take.
SCRUBS_FOR = 600

REFUSED_WITH = "“{name}” was not kept: {why}"
PACKED_TWICE = "is packed itself. Unpack the inner one, and pack the texts once."
LOCKED_ZIP = "is packed with a password, or in a way that cannot be read. Pack it as plain .zip."
SPARSE = "contains a sparse file. Pack it again without the option for sparse files."
TOO_LARGE = (
    "is more than can be checked once it is unpacked: at most {most} MB, and {members} files in an "
    "archive. Send the part that matters, or several smaller files."
)
NO_TEXT = (
    "begins as text, but then contains bytes that are not text. Save it as plain text in UTF-8, "
    "without the binary part, and send it again."
)
TOO_SLOW = (
    "could not be checked for personal information within {minutes} minutes. Send the part that "
    "matters, or several smaller files."
)
BROKEN = "is damaged and could not be read to its end. Please create and send it again."

_PICTURE = (
    "Copy the words that it shows into a text file, and describe in words the rest of it: the "
    "page, the colors, what is missing. If only the picture itself will do, say so in the case."
)
_UNLOCK = "Remove the password, and send it again."
_UNLOCK_OFFICE = (
    f"{_UNLOCK} In Office: File, Info, Protect, Encrypt with Password, and leave it empty."
)
#: What a file of a kind is, and the next step of who has one.
_KINDS = {
    kinds.PICTURE: ("a picture", _PICTURE),
    kinds.SOUND: (
        "a recording",
        "Write down in a text file what is said and when (a transcript), and give the "
        "conversation ID.",
    ),
    kinds.VIDEO: (
        "a video",
        "Describe step by step in a text file what it shows, with the time of each step.",
    ),
    kinds.CAPTURE: (
        "a packet capture",
        "Export the packets as text: in Wireshark with File, Export Packet Dissections, As Plain "
        "Text; or by the command: tshark -r trace.pcap -V > trace.txt. Then attach the text.",
    ),
    kinds.OTHER_PACKED: (
        "a packed file of a kind that is not read (such as .7z or .rar)",
        "Unpack it, and pack the files as .zip.",
    ),
    kinds.RICH_TEXT: ("a text in Rich Text Format", "Save it as .docx or as plain text."),
    kinds.EVENTS: (
        "a Windows event log",
        "In the Event Viewer choose Save All Events As, and there Text or CSV.",
    ),
    kinds.OLD_WORDS: ("a Word file of the old kind (.doc)", "Open it, and save it as .docx."),
    kinds.OLD_SHEETS: ("an Excel file of the old kind (.xls)", "Open it, and save it as .xlsx."),
    kinds.OLD_SLIDES: (
        "a PowerPoint file of the old kind (.ppt)",
        "Open it, and save it as .pptx.",
    ),
    kinds.BINARY_SHEETS: ("a binary Excel file (.xlsb)", "Open it, and save it as .xlsx."),
    kinds.OPEN_WORDS: ("an OpenDocument text (.odt)", "Open it, and save it as .docx."),
    kinds.OPEN_SLIDES: (
        "an OpenDocument presentation (.odp)",
        "Open it, and save it as .pptx.",
    ),
    kinds.DRAWING: ("a drawing", "Describe in words what it shows."),
    kinds.APPLE: (
        "a file of Pages, Numbers or Keynote",
        "Export it to Word, Excel, PowerPoint or PDF, and send that.",
    ),
    kinds.LOCKED_OFFICE: ("an Office file with a password", _UNLOCK_OFFICE),
    kinds.OUTLOOK_STORE: (
        "a data file of Outlook",
        "Save the messages that matter as .msg or .eml.",
    ),
    kinds.MAILBOX: ("a mailbox", "Save the messages that matter as .eml, one by one."),
    kinds.PROGRAM: ("a program", "Say in words its name, version, size and SHA-256."),
    kinds.DATABASE: ("a database", "Export the rows that matter as CSV."),
    kinds.OTHER: (
        "a file of a kind that is not read",
        "Copy the lines that matter into a text file, export tables as CSV, or describe in words "
        "what it shows.",
    ),
}
_CODES = {
    output.LOCKED: f"is protected with a password. {_UNLOCK}",
    output.DAMAGED: (
        "is damaged, or more than can be read. Open it, save it anew and send that, or copy the "
        "part that matters into a text file."
    ),
    output.TOO_MUCH: (
        f"is more than can be read: at most {SIZE_MOST // (1024 * 1024)} MB, 2,000,000 cells, "
        "2,000 pages or slides, and 200 attached files. Send the part that matters, or export it "
        "as text or CSV."
    ),
    output.NO_TEXT: f"has no text that can be read, as if it were scanned. {_PICTURE}",
    output.NESTED: (
        "has messages within messages, too many to be read. Save the inner one that matters, and "
        "send that."
    ),
}


class FileRefused(Exception):
    """The file cannot be kept; `why` gives the reason, and how to send what is needed."""

    def __init__(self, why: str, *, subject: str = "it") -> None:
        super().__init__(why)
        self._why, self.subject = why, subject

    @property
    def why(self) -> str:
        return f"{self.subject} {self._why}"

    def of_member(self, name: str) -> "FileRefused":
        """The same, said of the file of this name in the archive."""
        return FileRefused(self._why, subject=f"“{name}” in it")


def of_kind(kind: str) -> FileRefused:
    """A file of this kind is not kept."""
    what, step = _KINDS.get(kind, _KINDS[kinds.OTHER])
    return FileRefused(f"is {what}, which cannot be checked for personal information. {step}")


def what_it_is(kind: str) -> str:
    """ "a picture"; of what is usually read, that it could not be."""
    return _KINDS[kind][0] if kind in _KINDS else "it could not be read"


def of_reader(error: Refused | TooLong | NotText) -> FileRefused:
    """What the reader found, in words."""
    if isinstance(error, NotText):
        return FileRefused(NO_TEXT)
    if isinstance(error, TooLong):
        return FileRefused(_CODES[output.TOO_MUCH])
    if error.code in kinds.PACKED_INSIDE:
        return FileRefused(PACKED_TWICE)
    return FileRefused(_CODES[error.code]) if error.code in _CODES else of_kind(error.code)


def too_slow(seconds: float) -> FileRefused:
    return FileRefused(TOO_SLOW.format(minutes=int(seconds // 60)))


def too_large() -> FileRefused:
    words = TOO_LARGE.format(most=UNPACKED_MOST // (1024 * 1024), members=MEMBERS_MOST)
    return FileRefused(words)
