"""When somebody last did something in a session (AC-11, AC-12)."""

from django.db import models

from cases.models import Person


class SessionMark(models.Model):
    """One row a session that ends when nothing is done. Narrow, since each click writes it.

    It is no record of anything: the audit log tells of sign-ins and of their end.
    """

    key = models.CharField(max_length=43, primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    active_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
