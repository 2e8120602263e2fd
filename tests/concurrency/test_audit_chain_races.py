"""Many write into the audit log while several seal it: one chain, and nobody waits for another.

Those who write take no lock of the chain's, so they can stand in no circle with those who seal.
"""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from fedramp.audit import Event, record
from fedramp.models import AuditEntry, AuditSeal
from fedramp.services import audit_seals
from tests.concurrency.test_races import fails_at_least_once
from tests.concurrency.together import together

pytestmark = [pytest.mark.servers, pytest.mark.realm("fedramp")]

WRITERS, SEALERS, EACH = 8, 6, 15


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchors.jsonl"


def write():
    for number in range(EACH):
        with transaction.atomic():
            record(Event.READ, now=timezone.now(), about=f"F-{number:07}")
            if number % 5 == 4:
                transaction.set_rollback(True)  # its number is never seen


def seal():
    return sum(audit_seals.seal_some(timezone.now()) for _ in range(EACH))


def write_and_seal():
    before = AuditSeal.objects.count()
    outcomes = together([write] * WRITERS + [seal] * SEALERS)
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    sealed = sum(outcomes[WRITERS:])
    assert AuditSeal.objects.count() == before + sealed
    while audit_seals.seal_some(timezone.now()):
        pass
    now = timezone.now()
    audit_seals.anchor_due(now)
    assert list(audit_seals.verify(now + dt.timedelta(minutes=1))) == []
    numbers = set(AuditEntry.objects.values_list("pk", flat=True))
    assert set(AuditSeal.objects.values_list("entry_id", flat=True)) == numbers
    assert len(numbers) >= WRITERS * EACH * 4 // 5


def test_writers_and_sealers_at_once_leave_one_whole_chain():
    write_and_seal()


def test_without_the_lock_sealers_run_into_each_other(monkeypatch):
    monkeypatch.setattr(audit_seals, "one_sealer_at_a_time", lambda: None)
    fails_at_least_once(write_and_seal)
