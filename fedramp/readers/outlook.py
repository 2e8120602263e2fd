"""Messages of Outlook (`.msg`): the headers and the words; attached files in turn."""

from typing import IO

from olefile.olefile import OleFileError
from oxmsg import Message

from .html_text import text_of
from .mail import PARTS_MOST, Attached
from .output import (
    ATTACHED_MESSAGES,
    DAMAGED,
    RICH_TEXTS,
    TOO_MUCH,
    Output,
    Refused,
    one_line,
)

#: The property of a message whose words are stored only so.
_RICH_TEXT = 0x1009


def read(source: IO[bytes], output: Output, attached: Attached) -> None:
    """A text for the message, and what `attached` makes of each attached file."""
    try:
        message = Message.load(source)
        _read(message, output, attached)
    except (OleFileError, AssertionError):
        raise Refused(DAMAGED) from None


def _read(message: Message, output: Output, attached: Attached) -> None:
    files = message.attachments
    if len(files) > PARTS_MOST:
        raise Refused(TOO_MUCH)
    output.begin("message.txt")
    told = {
        "From": message.sender,
        "To": ", ".join(f"{each.name} <{each.email_address}>" for each in message.recipients),
        "Date": message.sent_date,
        "Subject": message.subject,
    }
    # What is told of the way of the message, as in other mail; the rest stands above.
    told |= {k: v for k, v in message.message_headers.items() if k not in told}
    for name, value in told.items():
        if value:
            output.text(f"{name}: {one_line(str(value))}\n")
    words = message.body or text_of(message.html_body or "")
    output.text(f"\n{words}\n")
    if not words and message.properties.binary_prop_value(_RICH_TEXT):
        output.left_out(RICH_TEXTS)
    for number, each in enumerate(files, 1):
        if content := each.file_bytes:
            attached(content, (one_line(each.file_name or "") or f"file {number}",))
        else:
            output.left_out(ATTACHED_MESSAGES)
