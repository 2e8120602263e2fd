"""Ways in for contacts: invitation (FED-3), OpenID account (IA-8); and the mark of a session."""

import datetime as dt

from django.db import models
from django.db.models import Q

from cases.models import Notice, Person
from cases.models.history import history

#: FED-3: how long an invitation can be accepted, counted from when the mail was sent.
LIFETIME = dt.timedelta(hours=24)


class Invitation(models.Model):
    """One link to accept, mailed to one contact. The token itself is only in the mail."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    history = history(excluded_fields=["token_hash"])

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(accepted_at__isnull=True, replaced_at__isnull=True),
                name="invitation_one_open_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    def ends_at(self) -> dt.datetime | None:
        """When it runs out; None while the mail has not left. The caller loaded the notice."""
        return self.notice.sent_at + LIFETIME if self.notice.sent_at else None

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it can be accepted. A mail that waits may be out already: its worker died."""
        if self.accepted_at or self.replaced_at:
            return False
        ends_at = self.ends_at()
        if ends_at is None:
            return self.notice.state == Notice.State.QUEUED
        return now < ends_at

    def state(self, now: dt.datetime) -> str:
        """In words, for those who asked for the access and those who gave it."""
        if self.accepted_at:
            return "Accepted"
        if self.replaced_at:
            return "Replaced by a newer one"
        if self.is_open(now):
            return "Sent, not accepted yet" if self.notice.sent_at else "Being sent"
        return "Ran out" if self.notice.sent_at else "Could not be sent"


class OidcAccount(models.Model):
    """One contact's account at the provider, by what never changes: its issuer and subject.

    Created only by accepting an invitation: never by a matching e-mail address.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="oidc_account")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()

    history = history()

    class Meta:
        verbose_name = "OIDC account"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="oidcaccount_of_one_person")
        ]

    def __str__(self) -> str:
        return f"Account of person {self.person_id}"


class SessionMark(models.Model):
    """One row for each session that ends when idle. Narrow, since each click writes it.

    It is not a record: sign-ins and their ends are in the audit log.
    """

    key = models.CharField(max_length=43, primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    active_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
