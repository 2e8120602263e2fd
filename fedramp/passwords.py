"""Passwords that are long, but among the first that an attacker tries (IA-5)."""

import string
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

FEWEST_CHARACTERS = 5
AROUND = string.digits + string.punctuation + " "


class LengthenedPasswordValidator:
    """Refuses a common password that was only made longer: repeated, or with digits around it.

    The list of common passwords has hardly any of fourteen characters: by itself it would refuse
    almost nothing here.
    """

    def __init__(self) -> None:
        self.common = CommonPasswordValidator()

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError; does not reveal which word it found."""
        lowered = password.lower()
        core = lowered.strip(AROUND)
        for word in {core, _repeated(lowered), _repeated(core)}:
            if len(set(word)) < FEWEST_CHARACTERS or word in self.common.passwords:
                raise ValidationError(
                    "This is a common password made longer. Choose several words that do not "
                    "belong together.",
                    code="password_too_common",
                )

    def get_help_text(self) -> str:
        return "Your password cannot be a common password made longer."


def _repeated(text: str) -> str:
    """The shortest piece whose repetition is the text; the text itself if there is none."""
    again = (text + text).find(text, 1)
    return text[:again] if again > 0 else text
