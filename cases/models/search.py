"""What the search looks in, in a table of its own.

The case row is rewritten by every sweep; a text index on it would be paid for each time.
"""

from django.db import models

from ..fields import FoldedTextField
from .cases import Case
from .entries import Entry


class SearchText(models.Model):
    """The opening text of a case (no entry), or the body of one entry. Derived: no history."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    entry = models.OneToOneField(Entry, models.CASCADE, null=True, related_name="+")
    is_public = models.BooleanField()
    text = FoldedTextField()

    def __str__(self) -> str:
        return f"Search text {self.pk}"
