"""The words of a notice and of the log about a mail that a server refused."""

import logging
import smtplib

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from cases.jobs.sweeps import deliver_one
from cases.models import Notice
from tests.outbox import queue_mail

DANA = "dana@acme.example"
REFUSALS = [
    (
        smtplib.SMTPRecipientsRefused({DANA: (550, b"5.1.1 <dana@acme.example>: user unknown")}),
        "SMTPRecipientsRefused: 550 5.1.1 (the addressee): user unknown",
        "SMTPRecipientsRefused 550",
    ),
    (
        smtplib.SMTPDataError(451, b"4.7.1 try\r\nlater"),
        "SMTPDataError: 451 4.7.1 try later",
        "SMTPDataError 451",
    ),
    (
        smtplib.SMTPSenderRefused(553, b"not allowed", "desk@support.example"),
        "SMTPSenderRefused: 553 not allowed",
        "SMTPSenderRefused 553",
    ),
    (smtplib.SMTPDataError(554, b""), "SMTPDataError: 554", "SMTPDataError 554"),
    (smtplib.SMTPRecipientsRefused({}), "SMTPRecipientsRefused", "SMTPRecipientsRefused"),
    (smtplib.SMTPServerDisconnected("gone"), "SMTPServerDisconnected", "SMTPServerDisconnected"),
    (ConnectionRefusedError(111, "refused"), "ConnectionRefusedError", "ConnectionRefusedError"),
]


class Refusing(BaseEmailBackend):
    error: Exception

    def send_messages(self, messages):
        raise self.error


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "said", "logged"), REFUSALS)
def test_the_notice_says_what_the_server_answered_and_the_log_its_code(
    settings, caplog, error, said, logged
):
    settings.EMAIL_BACKEND = "tests.cases.test_mail_failures.Refusing"
    Refusing.error = error
    queue_mail(
        key="one",
        words="Words of the mail",
        subject="Subject of the mail",
        email=DANA,
        now=timezone.now(),
    )
    with caplog.at_level(logging.WARNING):
        assert deliver_one(timezone.now())
    notice = Notice.objects.get()
    assert (notice.state, notice.last_error) == ("queued", said)
    (line,) = [each.getMessage() for each in caplog.records if each.name == "cases.jobs.sweeps"]
    assert line == f"notice {notice.pk} was not sent: {logged}"


@pytest.mark.django_db
def test_a_long_answer_is_cut(settings):
    settings.EMAIL_BACKEND = "tests.cases.test_mail_failures.Refusing"
    Refusing.error = smtplib.SMTPDataError(554, b"x" * 5000)
    queue_mail(
        key="one",
        words="Words",
        subject="x",
        email=DANA,
        now=timezone.now(),
    )
    assert deliver_one(timezone.now())
    error = Notice.objects.get().last_error
    assert error.startswith("SMTPDataError: 554 xxx")
    assert error.endswith("…")
    assert len(error) <= 200
