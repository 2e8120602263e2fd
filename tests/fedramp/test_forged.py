"""What no page of this realm offers, sent by hand: refused, with nothing stored."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.roles import ACCESS_ADMINISTRATOR
from fedramp.models import Redaction, Skill
from tests.stored import everything_stored
from tests.world import NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

TEN_MEGABYTES = "x" * 10_000_000


@pytest.mark.rule("FED-5", "FED-6")
def test_a_forged_form_is_refused_and_stores_nothing(desk, sign_in):
    ada = person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    case = desk.case()
    subject = f"cases.case:{case.pk}:subject"
    asked = Redaction.objects.create(
        case=case, what="text", target=subject, reason="x", asked_by=desk.expert, asked_at=NOW
    )

    def address(name: str, *args: int) -> str:
        return reverse(f"admin:fedramp_{name}", args=args)

    attest = address("skill_attest")
    withdraw = address("skill_withdraw", Skill.objects.get(person=ada).pk)
    ask, decide = address("redaction_ask", case.pk), address("redaction_decide", asked.pk)
    call = address("pincheck_telephone")
    ends_on = timezone.now().date() + dt.timedelta(days=100)
    skill = {"status": "citizen", "is_in_us": "on", "evidence": "Seen.", "ends_on": ends_on}
    admin, staff = sign_in(ada), sign_in(desk.expert)
    before = everything_stored()
    for client, where, form, status in (
        (admin, attest, {**skill, "person": ada.pk}, 422),  # the own skill
        (admin, attest, {**skill, "person": desk.designated.pk}, 422),
        (admin, attest, {**skill, "person": desk.expert.pk, "evidence": TEN_MEGABYTES}, 422),
        (admin, withdraw, {"reason": TEN_MEGABYTES}, 422),
        (staff, decide, {"decision": "confirm"}, 403),  # the own request
        (staff, ask, {"target": subject, "reason": TEN_MEGABYTES}, 422),
        (staff, ask, {"target": f"cases.person:{ada.pk}:email", "reason": "x"}, 422),
        (staff, ask, {"target": "nothing", "reason": "x"}, 422),
        (staff, call, {"email": "dana@acme.example", "pin": TEN_MEGABYTES}, 422),
        (staff, call, {"email": TEN_MEGABYTES, "pin": "1"}, 422),
        (staff, attest, {**skill, "person": desk.colleague.pk}, 403),
        (admin, call, {"email": "dana@acme.example", "pin": "1"}, 403),
    ):
        answer = client.post(where, {**form, "submission": str(uuid.uuid4())})
        assert answer.status_code == status, where
        assert len(answer.content) < 11_000_000
    assert everything_stored() == before
