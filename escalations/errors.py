"""Refusals of this app; see `cases.errors` for the others."""

from collections.abc import Sequence

from cases.errors import NotPossible

from . import wording
from .rules.criteria import Eligibility


class NotEligible(NotPossible):
    """The criteria refuse the escalation (ESC-14); `eligibility` says which, and why."""

    def __init__(self, eligibility: Eligibility) -> None:
        super().__init__(wording.refusal(eligibility))
        self.eligibility = eligibility


class QuestionsChanged(NotPossible):
    """HELP-2: the form asked other questions than it does now; `changes` lists the differences."""

    def __init__(self, changes: Sequence[str]) -> None:
        self.changes = list(changes)
        super().__init__(
            " ".join(
                [
                    "The form changed while you were writing, so nothing was sent.",
                    *self.changes,
                    "Everything you wrote is kept: check it, then send it again.",
                ]
            )
        )
