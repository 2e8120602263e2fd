"""Mail in development: one file per message, named by its Message-ID."""

import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FileBackend(BaseEmailBackend):
    """Writes each message to `settings.MAIL_DIR` as a file that any mail program can open.

    The same Message-ID gives the same file: a second delivery after a crash replaces the first,
    like a mailbox that drops duplicates.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            content = message.message()
            name = re.sub(r"[^A-Za-z0-9@.-]", "", content["Message-ID"])
            part = folder / f".{name}.part"
            part.write_bytes(content.as_bytes())
            part.replace(folder / f"{name}.eml")
        return len(email_messages)
