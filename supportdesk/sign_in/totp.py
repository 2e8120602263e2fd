"""Codes of the second factor: counted per person, in the database, for all processes together.

There are a million codes: without a limit, anybody who knows the password could find the right one.
Limit and waiting time are those of the password (`settings.AXES_*`), but they apply to the person,
not to the address that the codes come from.
"""

import datetime as dt

from allauth.core import context
from allauth.mfa.base import forms
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cases.models import Person
from fedramp.audit import Event

from . import audit, mfa

BY_KEY = "You cannot use a code here. Use your security key."


def may_try(person: Person, *, now: dt.datetime) -> bool:
    """Whether one more code may be checked; if so, it is counted first.

    It is counted first so that codes that arrive at the same time see each other. False once the
    limit is reached, until the waiting time has passed since the last code that counted.
    """
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        attempt = _attempts(person).first()
        waits_until = now - (get_cool_off() or dt.timedelta())
        if attempt is None:
            AccessAttempt.objects.create(username=_key(person), failures_since_start=1)
            return True
        added_to = now - dt.timedelta(minutes=settings.SIGN_IN_FAILURE_MINUTES)
        is_locked = attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT
        if attempt.attempt_time <= (waits_until if is_locked else added_to):
            attempt.failures_since_start = 0
        if attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT:
            return False
        attempt.failures_since_start += 1
        attempt.attempt_time = now
        attempt.save()
        return True


def forget(person: Person) -> None:
    """After a right code, the earlier wrong ones no longer count."""
    _attempts(person).delete()


def _attempts(person: Person) -> QuerySet[AccessAttempt]:
    return AccessAttempt.objects.filter(username=_key(person))


def _key(person: Person) -> str:
    # Typed names are digests (`adapter.axes_username`): none can equal this one.
    return f"CODES-OF-{person.pk}"


class _CountedCode:
    """A form that checks a code only while the person may try; otherwise 429, the locked page."""

    user: Person

    def clean_code(self) -> str:
        if mfa.only_key_counts(self.user):
            audit.failed(Event.FAILED, self.user, context.request, "code instead of a key")
            raise ValidationError(BY_KEY)
        if not may_try(self.user, now=timezone.now()):
            # With this mark axes' middleware answers with `adapter.locked_out`.
            context.request.axes_locked_out = True
            audit.failed(Event.LOCKED, self.user, context.request, "second factor")
            raise ValidationError("There were too many wrong codes.", code="too_many_codes")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            audit.failed(Event.FAILED, self.user, context.request, "second factor")
            raise
        forget(self.user)
        return code


class AuthenticateForm(_CountedCode, forms.AuthenticateForm):
    """The code after the password."""


class ReauthenticateForm(_CountedCode, forms.ReauthenticateForm):
    """The code before a change of the account."""
