"""Mails in development: shows the files of `supportdesk.dev.mail_files` in the admin.

Outside development these addresses do not exist: a sign-in mail is for its addressee alone.
"""

import datetime as dt
import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

#: The list shows at most this many mails.
MOST = 200


@dataclass
class Mail:
    name: str
    to: str
    subject: str
    date: dt.datetime | None
    text: str = ""


def mails(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The newest mails, newest first, for those who may read notices; else PermissionDenied."""
    _demand_right(request)
    folder = Path(settings.MAIL_DIR)
    files = sorted(folder.glob("*.eml"), key=lambda each: each.stat().st_mtime, reverse=True)
    context = {
        **site.each_context(request),
        "title": "Mails (development)",
        "mails": [_read(each) for each in files[:MOST]],
    }
    return TemplateResponse(request, "admin/mails.html", context)


def mail(site: AdminSite, request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its text part, for those who may read notices; else PermissionDenied."""
    _demand_right(request)
    folder = Path(settings.MAIL_DIR)
    # Chosen from the names in the folder: nothing that was typed becomes a path.
    found = next((each for each in folder.glob("*.eml") if each.stem == name), None)
    if found is None:
        raise Http404
    shown = _read(found)
    context = {
        **site.each_context(request),
        "title": shown.subject,
        "heading": shown.subject,
        "mail": shown,
    }
    return TemplateResponse(request, "admin/mail.html", context)


def _demand_right(request: HttpRequest) -> None:
    if not request.user.has_perm("cases.view_notice"):
        raise PermissionDenied


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(preferencelist=("plain",))
    return Mail(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=_sent_at(message),
        text=part.get_content() if part else "",
    )


def _sent_at(message: EmailMessage) -> dt.datetime | None:
    """When it was sent. Django writes UTC as "-0000", which parses as a time without a zone."""
    if not message["Date"]:
        return None
    sent_at: dt.datetime = message["Date"].datetime
    return sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=dt.UTC)
