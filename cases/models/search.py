"""The texts that the search reads, in a table of its own.

The case row is rewritten by every sweep, which would each time pay for a text index on it.
"""

from django.db import models
from django.db.models import Q

from ..fields import FoldedTextField
from ..rules.search import SEARCH_MAX, case_number_in, folded
from .cases import Case, CaseQuerySet
from .entries import Entry


class SearchText(models.Model):
    """The opening text of a case (no entry), or the body of one entry. Derived: no history."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    entry = models.OneToOneField(Entry, models.CASCADE, null=True, related_name="+")
    is_public = models.BooleanField()
    text = FoldedTextField()

    def __str__(self) -> str:
        return f"Search text {self.pk}"


def matching(cases: CaseQuerySet, typed: str, *, internal: bool) -> CaseQuerySet:
    """The cases whose number is, or whose subject or texts contain, what was typed.

    `internal` says whether internal entries are searched too: never for contacts (FEED-3).
    """
    # A longer pattern cannot be searched: SQLite refuses it, PostgreSQL would read all texts.
    typed = typed[:SEARCH_MAX]
    if not (words := folded(typed)):
        return cases
    texts = SearchText.objects.filter(text__contains=words)
    if not internal:
        texts = texts.filter(is_public=True)
    return cases.filter(Q(number=case_number_in(typed)) | Q(pk__in=texts.values("case_id")))
