"""Refusals of this app; see `cases.errors` for the others."""

from cases.errors import NotPossible

from . import words
from .rules.criteria import Eligibility


class NotEligible(NotPossible):
    """The criteria refuse the escalation (ESC-14); `eligibility` says which, and why."""

    def __init__(self, eligibility: Eligibility) -> None:
        super().__init__(words.refusal(eligibility))
        self.eligibility = eligibility
