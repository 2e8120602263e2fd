"""Fifty press the button at once, over HTTP: one escalation, and forty-nine clear answers.

As in test_escalation_races.py, and with its negative control; here the whole way is real: sockets,
sessions, forms, and a thread and a connection to the database for each request.
"""

import pytest
from django.db import connection

from cases.models import Entry, Notice
from escalations.models import Escalation
from tests.concurrency.sending import Sender, statuses
from tests.concurrency.test_escalation_races import ASKING, ONE_ACTIVE, office, unlock
from tests.concurrency.test_races import fails_at_least_once
from tests.concurrency.together import together
from tests.escalations.asking import asked
from tests.escalations.world import LONG_AGO

__all__ = ["office"]

pytestmark = pytest.mark.servers


def fifty_send_the_form(office, server):
    case = office.case(updated_at=LONG_AGO)
    sender = Sender(server, f"{case.get_absolute_url()}help/", office.desk.designated)
    details = "Nothing has happened for two weeks."
    answers = together(
        [sender.form(reason="other", details=details, asked=asked()) for _ in range(ASKING)]
    )
    assert statuses(answers) == [302] + [409] * (ASKING - 1)
    for status, said in answers:
        if status == 409:
            assert "The case cannot be escalated now." in said
            assert "This case has already been escalated." in said
            assert details in said, "what was typed stays"
    assert Escalation.objects.filter(case=case).count() == 1
    assert case.entries.filter(event=Entry.Event.ESCALATED).count() == 1
    assert Notice.objects.filter(case=case, event="escalation_received").count() == 1


@pytest.mark.rule("ESC-5")
@pytest.mark.rule("ESC-14")
def test_of_fifty_forms_at_once_one_is_carried_out(office, server):
    fifty_send_the_form(office, server)


def test_without_lock_and_constraint_there_are_several(office, server, monkeypatch):
    unlock(monkeypatch)
    once = next(each for each in Escalation._meta.constraints if each.name == ONE_ACTIVE)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Escalation, once)
    try:
        fails_at_least_once(fifty_send_the_form, office, server)
        assert Escalation.objects.count() > 1
    finally:
        Escalation.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Escalation, once)
