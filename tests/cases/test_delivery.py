"""Delivery from the outbox: retries, leases, secrets, and a real SMTP conversation."""

import datetime as dt
import smtplib
import socketserver
import threading
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from cases.jobs import sweep, sweeps
from cases.jobs.sweeps import LEASE, MAX_ATTEMPTS, deliver_one
from cases.models import Membership, Notice
from cases.roles import PRODUCT_SUPPORT_MANAGER
from tests.outbox import queue_mail
from tests.world import NOW, person


class Failing(EmailBackend):
    """Refuses whoever is in `refused`; delivers to all others."""

    refused: set[str] = set()

    def send_messages(self, messages):
        if {address for message in messages for address in message.to} & self.refused:
            raise smtplib.SMTPServerDisconnected("gone")
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def at_the_edge(settings):
    settings.EMAIL_BACKEND = "tests.cases.test_delivery.Failing"
    Failing.refused = set()


def queue(key: str, email: str = "dana@acme.example", **fields) -> Notice:
    return queue_mail(
        key=key,
        words=f"Words of {key}",
        subject=f"Subject of {key}",
        email=email,
        now=fields.pop("now", timezone.now()),
        **fields,
    )


@pytest.mark.django_db
def test_a_mail_is_sent_once_with_its_message_id_in_text_and_html():
    notice = queue("one")
    assert deliver_one(timezone.now())
    assert not deliver_one(timezone.now())

    (sent,) = mail.outbox
    assert sent.message()["Message-ID"] == notice.message_id
    assert sent.message()["Auto-Submitted"] == "auto-generated"
    assert sent.to == ["dana@acme.example"]
    assert "Words of one" in sent.body
    assert "Words of one" in sent.alternatives[0].content
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts, notice.due_at) == ("sent", 1, None)
    assert notice.sent_at is not None
    assert {row.history_change_reason for row in notice.history.all()[:2]} == {
        "job: deliver-notices"
    }


@pytest.mark.django_db
def test_what_is_not_due_waits():
    now = timezone.now()
    queue("later", now=now + dt.timedelta(seconds=1))
    assert not deliver_one(now)
    assert deliver_one(now + dt.timedelta(seconds=1))


@pytest.mark.django_db
def test_a_failure_puts_off_longer_each_time_and_is_given_up_at_last():
    queue("one")
    Failing.refused = {"dana@acme.example"}
    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        notice = Notice.objects.get()
        assert (notice.state, notice.attempts) == ("queued", attempt - 1)
        assert not deliver_one(notice.due_at - dt.timedelta(seconds=1))
        assert deliver_one(notice.due_at)
        notice = Notice.objects.get()
        if notice.due_at:
            waits.append(round((notice.due_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert (notice.state, notice.attempts, notice.sent_at) == ("failed", MAX_ATTEMPTS, None)
    assert notice.last_error == "SMTPServerDisconnected"
    assert not deliver_one(timezone.now() + dt.timedelta(days=365))
    assert mail.outbox == []


@pytest.mark.parametrize("who", ["owner", "nobody", "owner's own mail"])
def test_whose_case_it_is_hears_of_a_mail_that_was_given_up(desk, who):
    lead = person("lead@support.example", roles=(PRODUCT_SUPPORT_MANAGER,))
    case = desk.case() if who == "nobody" else desk.owned_case()
    Notice.objects.all().delete()
    addressee = desk.expert if who == "owner's own mail" else desk.designated
    failed = queue("one", addressee.email, case=case, person=addressee)
    Failing.refused = {addressee.email}

    def give_up(*keys):
        while due := Notice.objects.filter(pk__in=keys, due_at__isnull=False).first():
            deliver_one(due.due_at)

    give_up(failed.pk)
    told = Notice.objects.filter(event="notice_failed")
    assert [each.email for each in told] == [desk.expert.email if who == "owner" else lead.email]
    assert case.number in told[0].text
    assert f"/admin/cases/notice/{failed.pk}/change/" in told[0].text
    assert "Words of one" not in told[0].text

    # Sent again by hand, and given up again: that is told again. Of a telling, nobody is told.
    Notice.objects.filter(pk=failed.pk).update(state="queued", attempts=0, due_at=timezone.now())
    Failing.refused |= {lead.email, desk.expert.email}
    give_up(failed.pk)
    assert told.all().count() == 2
    give_up(*told.all().values_list("pk", flat=True))
    assert told.all().count() == told.filter(state="failed").count() == 2


@pytest.mark.django_db
def test_one_bad_mail_does_not_hold_up_the_others():
    queue("bad", "bad@acme.example", now=timezone.now() - dt.timedelta(hours=1))
    for number in range(5):
        queue(f"good {number}")
    Failing.refused = {"bad@acme.example"}
    assert sweep(deliver_one) == 6
    assert len(mail.outbox) == 5
    assert Notice.objects.get(state="queued").key == "bad"


@pytest.mark.django_db
@pytest.mark.parametrize("instruction", ["_send", "_mark_sent"])
def test_a_worker_killed_before_or_after_sending_leaves_a_lease_that_runs_out(
    monkeypatch, instruction
):
    """Before the mail left: it leaves later, once. After: again, with the same Message-ID."""
    notice = queue("one")

    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(sweeps, instruction, kill)
        with pytest.raises(Killed):
            deliver_one(now)
    left_before = len(mail.outbox)
    assert left_before == (0 if instruction == "_send" else 1)

    assert not deliver_one(now + LEASE - dt.timedelta(seconds=1))
    assert deliver_one(now + LEASE)
    assert not deliver_one(now + 10 * LEASE)
    assert len(mail.outbox) == left_before + 1
    assert {each.message()["Message-ID"] for each in mail.outbox} == {notice.message_id}
    assert Notice.objects.get().state == "sent"


@pytest.mark.django_db
def test_what_kills_its_worker_each_time_is_given_up(monkeypatch):
    queue("poison")

    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    monkeypatch.setattr(sweeps, "_send", kill)
    now = timezone.now()
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Killed):
            deliver_one(now)
        now += LEASE
    assert deliver_one(now)
    notice = Notice.objects.get()
    assert (notice.state, notice.last_error) == ("failed", "no worker came back")


@pytest.mark.django_db
@pytest.mark.parametrize("slow_one", ["sends", "fails"])
def test_a_worker_slower_than_its_lease_does_not_undo_what_the_next_one_did(monkeypatch, slow_one):
    queue("one")
    now = timezone.now()
    send = sweeps._send

    def slow(notice):
        monkeypatch.setattr(sweeps, "_send", send)
        assert deliver_one(now + LEASE)  # another worker, while this one still waits
        if slow_one == "fails":
            raise TimeoutError
        send(notice)

    monkeypatch.setattr(sweeps, "_send", slow)
    deliver_one(now)
    notice = Notice.objects.get()
    assert (notice.state, notice.due_at, notice.last_error) == ("sent", None, "")
    assert notice.history.filter(state="sent").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["sent", "failed"])
def test_a_secret_is_gone_when_the_mail_is_and_was_never_in_history(end):
    notice = queue("secret", is_secret=True)
    assert "Words of secret" in notice.text
    if end == "failed":
        Failing.refused = {"dana@acme.example"}
        for _ in range(MAX_ATTEMPTS):
            deliver_one(Notice.objects.get().due_at)
    else:
        deliver_one(timezone.now())
        assert "Words of secret" in mail.outbox[0].body
    notice = Notice.objects.get()
    assert (notice.state, notice.text) == (end, "(removed)")
    columns = {field.name for field in Notice.history.model._meta.fields}
    assert "text" not in columns
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_historicalnotice")
        assert "Words of" not in repr(cursor.fetchall())


@pytest.mark.rule("ACC-4")
@pytest.mark.parametrize("loss", ["membership", "account"])
def test_who_may_no_longer_read_the_case_does_not_get_the_mail_that_waited(desk, loss):
    desk.case(now=NOW)
    if loss == "membership":
        Membership.objects.get(person=desk.designated).delete()
    else:
        desk.designated.is_active = False
        desk.designated.save()
    assert deliver_one(timezone.now())
    notice = Notice.objects.get()
    assert (notice.state, notice.last_error) == ("failed", "no longer concerned")
    assert mail.outbox == []


@pytest.mark.django_db
def test_the_same_occurrence_is_never_queued_twice():
    queue("one")
    with pytest.raises(IntegrityError), transaction.atomic():
        queue("one")
    assert Notice.objects.count() == 1


class _Smtp(socketserver.StreamRequestHandler):
    """As much of SMTP as a client speaks; `script` names what to answer to DATA, in turn."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.wfile.write(b"354 go\r\n")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += self.rfile.readline()
                answer = self.server.script.pop(0)
                if answer.startswith(b"250"):
                    self.server.received.append(body[:-3])
                self.wfile.write(answer + b"\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.mark.django_db
def test_a_real_mail_server_that_is_busy_at_first():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.received, server.script = [], [b"451 try later", b"250 taken"]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host, port = server.server_address
        try:
            with override_settings(
                EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
                EMAIL_HOST=host,
                EMAIL_PORT=port,
            ):
                notice = queue("one")
                deliver_one(timezone.now())
                assert Notice.objects.get().last_error == "SMTPDataError: 451 try later"
                deliver_one(Notice.objects.get().due_at)
        finally:
            server.shutdown()
        (received,) = server.received
    message = message_from_bytes(received, policy=default)
    assert message["Message-ID"] == notice.message_id
    assert message["Subject"] == "Subject of one"
    assert message.get_body(("html",)) is not None
    assert Notice.objects.get().state == "sent"
