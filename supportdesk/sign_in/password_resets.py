"""“I forgot the password”: the request is stored, and a worker mails the link.

Storing it takes the same time for known and unknown addresses, so the time of the answer does not
reveal which it was. The rest takes longer for a known address (token, texts, the mail's row), but
the worker does it, and nobody waits for it.
"""

import datetime as dt
import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from cases.job_table import wake
from cases.models import Person, ResetRequest

log = logging.getLogger(__name__)
PUT_OFF = dt.timedelta(hours=1)


class ResetForm(ResetPasswordForm):
    """One query, one row and one signal, whoever has the address."""

    person: Person | None = None

    def clean_email(self) -> str:
        email: str = get_adapter().clean_email(self.cleaned_data["email"].strip().lower())
        self.person = Person.objects.filter(email=email, is_active=True).first()
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        with transaction.atomic():
            now = timezone.now()
            ResetRequest.objects.create(person=self.person, asked_at=now, due_at=now)
            wake("send-reset-links")
        return str(self.cleaned_data["email"])


def send_one(now: dt.datetime) -> bool:
    """Put the link for the next request into the outbox, and delete the request.

    False if none is waiting. A request that fails is postponed by an hour; the others go on.
    """
    with transaction.atomic():
        waiting = ResetRequest.objects.filter(due_at__lte=now)
        request = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if request is None:
            return False
        try:
            with transaction.atomic():
                if request.person is not None and request.person.is_active:
                    _send(request.person)
                request.delete()
        except Exception as error:  # noqa: BLE001 - one failure must not hold up the others
            log.warning("a link for a new password was not sent: %s", type(error).__name__)
            request.due_at = now + PUT_OFF
            request.save(update_fields=["due_at"])
    return True


def _send(person: Person) -> None:
    adapter = get_adapter()
    uid, token = user_pk_to_url_str(person), default_token_generator.make_token(person)
    url = adapter.get_reset_password_from_key_url(f"{uid}-{token}")
    context = {"user": person, "password_reset_url": url, "uid": uid, "key": token}
    adapter.send_password_reset_mail(person, person.email, context)
