"""Codes of the second factor: counted per person, in the database, so by all processes together.

A code has a million values: without a limit whoever knows the password finds one. The limit and
the time of waiting are those of the password (`settings.AXES_*`), but it follows the person and
not the address that the codes come from.
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

from .. import audit
from . import mfa

BY_KEY = "A code does not open this desk for you. Use your security key."


def may_try(person: Person, *, now: dt.datetime) -> bool:
    """Whether one more code may be looked at; if so, it is counted before it is.

    Counted first, as of several codes that arrive at once each must see the others. False once
    the limit is reached, until the time of waiting has passed since the last code that counted.
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
    """A right code was given: the wrong ones before it count no more."""
    _attempts(person).delete()


def _attempts(person: Person) -> QuerySet[AccessAttempt]:
    return AccessAttempt.objects.filter(username=_key(person))


def _key(person: Person) -> str:
    # Names that somebody typed are digests (`accounts.axes_username`): none is ever this.
    return f"CODES-OF-{person.pk}"


class _CountedCode:
    """A form that looks at a code only while the person may try one; else 429, the locked page."""

    user: Person

    def clean_code(self) -> str:
        if mfa.only_key_counts(self.user):
            audit.failed(audit.Event.FAILED, self.user, context.request, "code instead of a key")
            raise ValidationError(BY_KEY)
        if not may_try(self.user, now=timezone.now()):
            # The mark by which axes' middleware answers with `accounts.locked_out`.
            context.request.axes_locked_out = True
            audit.failed(audit.Event.LOCKED, self.user, context.request, "second factor")
            raise ValidationError("There were too many wrong codes.", code="too_many_codes")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            audit.failed(audit.Event.FAILED, self.user, context.request, "second factor")
            raise
        forget(self.user)
        return code


class AuthenticateForm(_CountedCode, forms.AuthenticateForm):
    """The code after the password."""


class ReauthenticateForm(_CountedCode, forms.ReauthenticateForm):
    """The code before a change of the account."""
