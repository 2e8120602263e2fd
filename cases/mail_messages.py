"""A notice as mail programs and servers see it: text, HTML, headers, and a server's answer."""

import re
import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.context import make_context
from django.template.loader import get_template, render_to_string

from . import realm
from .models import Case, Notice
from .rules.texts import LINE_END

ANSWER_MAX = 160
#: Servers' answers name the refused addressee. The notice itself has the address.
_ADDRESSEE = re.compile(r"<?[^\s<>]+@[^\s<>,;:]+>?")


def mail_text(template: str, context: dict[str, Any]) -> str:
    """The text of a mail, with the template's values in it unchanged.

    Django escapes in every template, even in plain text, where `&amp;` breaks a link.
    """
    words = get_template(template).template.render(  # type: ignore[attr-defined]
        make_context(context, autoescape=False)
    )
    return LINE_END.sub("\n", words).strip() + "\n"


def as_html(notice: Notice) -> str:
    """The text of the mail as HTML: made when it is sent, and not stored."""
    frame = {
        "subject": notice.subject,
        "text": notice.text,
        "portal_title": realm.current().portal_title,
    }
    return render_to_string("mail/frame.html", frame)


def mail_host() -> str:
    """The host in the IDs of mails."""
    return settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"


def message_of(notice: Notice) -> EmailMultiAlternatives:
    """The mail: text and HTML, with a stable Message-ID.

    Mail programs that use headers group the mails of one case: they all answer one ID, which is
    the case's and not that of any mail.
    """
    headers = {"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"}
    if notice.case is not None:
        headers["In-Reply-To"] = headers["References"] = thread_id(notice.case)
    message = EmailMultiAlternatives(
        subject=notice.subject,
        body=notice.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.email],
        headers=headers,
    )
    message.attach_alternative(as_html(notice), "text/html")
    return message


def thread_id(case: Case) -> str:
    """The ID that all mails of the case answer. It reveals no more than their subject line."""
    return f"<case.{case.number.lower()}@{mail_host()}>"


def failure(error: Exception) -> str:
    """What went wrong, and the server's answer: its code and words, without addresses.

    For the notice only, not for the log: a server may repeat what it was sent.
    """
    code, answer = _answer(error)
    words = _ADDRESSEE.sub("(the addressee)", " ".join(answer.split()))
    if len(words) > ANSWER_MAX:
        words = words[: ANSWER_MAX - 1] + "…"
    said = f"{code} {words}".strip() if code else ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def failure_for_log(error: Exception) -> str:
    """The kind of failure and the server's code: nothing of the mail, and no address."""
    code, _ = _answer(error)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _answer(error: Exception) -> tuple[int, str]:
    """The server's code and words; (0, "") if no server answered."""
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return int(code), words.decode("utf-8", "replace") if isinstance(words, bytes) else words
