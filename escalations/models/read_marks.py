"""What a contact has read (ESC-3)."""

from django.db import models

from cases.models import Case, Entry, Person
from cases.models.history import history


class ReadMark(models.Model):
    """The newest public entry by Product Support that this contact was shown in this case."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "case"], name="read_mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} read {self.entry_id}"
