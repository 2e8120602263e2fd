"""What tests of requests ask again and again."""

import pytest

from cases.models import Notice
from escalations.errors import NotEligible
from escalations.models import EscalationReason
from escalations.questions import signed
from tests.stored import everything_stored


def refused(office, case, *, error=NotEligible, person=None, **fields):
    """Asking is refused with this error, and leaves nothing behind."""
    before = everything_stored()
    with pytest.raises(error) as caught:
        office.ask(case, person, **fields)
    assert everything_stored() == before
    return caught.value


def told(event: str) -> set[str]:
    """The addresses that a mail about this event is for."""
    return set(Notice.objects.filter(event=event).values_list("email", flat=True))


def asked() -> str:
    """What a form for help carries that is shown now: its questions (HELP-2)."""
    return signed(EscalationReason.objects.filter(is_active=True).prefetch_related("prompts"))
