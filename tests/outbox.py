"""Mails in the outbox without an event of the desk, for tests of their delivery."""

import datetime as dt
from typing import Any
from uuid import uuid4

from cases.actors import Actor
from cases.mail_messages import mail_host
from cases.models import Notice
from cases.persistence import save


def queue_mail(
    *, key: str, words: str, subject: str = "x", email: str, now: dt.datetime, **fields: Any
) -> Notice:
    """Queues the mail as the desk would store it."""
    notice = Notice(
        key=key,
        event="entry",
        subject=subject,
        text=f"{words}\n",
        email=email,
        message_id=f"<{uuid4().hex}@{mail_host()}>",
        created_at=now,
        due_at=now,
        **fields,
    )
    save(notice, actor=Actor.of_job("test"), now=now, why="notices.entry")
    return notice
