"""Failed passwords: makes axes count as the settings say (AC-7).

The sign-in is locked after a number of failures, each less than `SIGN_IN_FAILURE_MINUTES` after the
one before, for `SIGN_IN_LOCK_HOURS` from the last. Codes of the second factor: see `totp`.

Of a failure we keep its time, where it came from, and a digest of the name (`axes_username`).
"""

import datetime as dt
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from . import adapter


@receiver(pre_save, sender=AccessAttempt)
def keep_nothing_that_was_sent(instance: AccessAttempt, **kwargs: Any) -> None:
    """Axes would store the whole form and query beside the digest of the name."""
    instance.get_data = instance.post_data = instance.http_accept = ""


class Handler(AxesDatabaseHandler):
    """Counts a failure, and forgets earlier failures that are too old to count with it."""

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        if request is None:
            super().user_login_failed(sender, credentials, request, **kwargs)
            return
        asked: Any = request
        # Another user agent does not make it another browser.
        asked.axes_user_agent = ""
        was_locked = self.get_failures(asked, credentials) >= get_failure_limit(asked, credentials)
        if not was_locked:
            self._forget(asked, credentials)
        super().user_login_failed(sender, credentials, asked, **kwargs)
        if asked.axes_locked_out and not was_locked:
            # Failures from several addresses end together: the lock begins with the last one.
            for attempts in self.filter_user_attempts(asked, credentials):
                attempts.update(attempt_time=asked.axes_attempt_time)

    def get_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> list[QuerySet[AccessAttempt]]:
        """The failures that count: the lock is over in the second in which its time ends."""
        asked: Any = request
        since = asked.axes_attempt_time - (get_cool_off(request) or dt.timedelta())
        return [
            attempts.filter(attempt_time__gt=since)
            for attempts in self.filter_user_attempts(request, credentials)
        ]

    def reset_attempts(
        self,
        *,
        ip_address: str | None = None,
        username: str | None = None,
        ip_or_username: bool = False,
    ) -> int:
        """End a lock early: `manage.py axes_reset_username`, with the e-mail address."""
        ended: int = super().reset_attempts(
            ip_address=ip_address,
            username=adapter.name_digest(username) if username else None,
            ip_or_username=ip_or_username,
        )
        return ended

    def _forget(self, request: Any, credentials: dict[str, Any]) -> None:
        span = dt.timedelta(minutes=settings.SIGN_IN_FAILURE_MINUTES)
        for attempts in self.filter_user_attempts(request, credentials):
            attempts.filter(attempt_time__lte=request.axes_attempt_time - span).delete()
