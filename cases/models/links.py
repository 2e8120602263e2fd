"""Links between cases (CASE-11)."""

from django.db import models
from django.db.models import F, Q

from .cases import Case
from .history import history
from .parties import Person


class CaseLink(models.Model):
    """CASE-11: a case is a duplicate of, or related to, another of the same organization."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", "Duplicate of"
        RELATED = "related", "Related to"

    from_case = models.ForeignKey(Case, models.CASCADE, related_name="links_out")
    to_case = models.ForeignKey(Case, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=10, choices=Kind)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    history = history()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["from_case", "to_case"], name="case_link_once"),
            models.CheckConstraint(
                condition=~Q(from_case=F("to_case")), name="case_link_to_another_case"
            ),
            models.CheckConstraint(
                condition=Q(kind="duplicate") | Q(from_case__lt=F("to_case")),
                name="case_link_related_is_stored_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_case}: {self.get_kind_display()} {self.to_case}"
