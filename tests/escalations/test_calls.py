"""Calls for another severity or priority, as staff record them (SEV-5)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible, SentBefore
from cases.models import Case, Clock, Notice
from escalations.models import OwnerReview
from escalations.selectors import newest_support_entry
from escalations.services.owner_requests import record_call
from escalations.services.owner_reviews import answer_review
from tests.admin.pages import page_url as case_url
from tests.admin.pages import text_of
from tests.stored import everything_stored
from tests.world import NOW, staff_of_every_role

from .asking import told
from .test_staff_queues import signed_in
from .world import LONG_AGO

PHONE = "+1 212 555 0142"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def office(office):
    """The expert has the Designated Contact on the telephone."""
    office.desk.hears(office.desk.designated, now=NOW)
    return office


def call(office, case, actor=None, **fields):
    return record_call(
        case_id=case.pk,
        actor=Actor.of(actor or office.desk.expert),
        now=NOW,
        **{
            "caller": office.desk.designated,
            "called_at": NOW,
            "kind": "severity",
            "level": 2,
            "details": "No agent can transfer.",
            **fields,
        },
    )


def refused(error, call, *, match=None):
    before = everything_stored()
    with pytest.raises(error, match=match) as caught:
        call()
    assert everything_stored() == before
    return caught.value


@pytest.mark.rule("SEV-5")
@pytest.mark.rule("MGT-6")
def test_a_call_stands_in_the_case_with_its_caller_and_its_time_and_waits_for_an_answer(office):
    case = office.case()
    review = call(office, case, called_at=NOW - dt.timedelta(minutes=7))
    assert (review.requested_by, review.recorded_by) == (office.desk.designated, office.desk.expert)
    entry = case.entries.get(event="called")
    assert (entry.visibility, entry.author) == ("public", office.desk.expert)
    assert entry.from_value == "Dana Designated"
    assert entry.to_value == "2026-03-03 14:53 UTC: change the severity to 2 - High"
    assert entry.body == "No agent can transfer."
    assert list(OwnerReview.objects.all().queue_of(office.desk.expert)) == [review]
    answer(office, review)
    assert Case.objects.get(pk=case.pk).severity == 2
    assert told("review_answered") == {office.desk.designated.email}


def answer(office, review, done=True):
    return answer_review(
        review_id=review.pk, actor=Actor.of(office.desk.expert), now=NOW, done=done, words="Agreed."
    )


@pytest.mark.rule("SEV-5")
@pytest.mark.rule("ACC-6")
def test_to_critical_takes_the_24x7_number_unless_the_case_has_one(office):
    case = office.case()
    error = refused(Invalid, lambda: call(office, case, level=1), match="24x7")
    assert error.field == "callback_phone"
    answer(office, call(office, case, level=1, callback_phone=PHONE))
    changed = Case.objects.get(pk=case.pk)
    assert (changed.severity, changed.phone_24x7) == (1, PHONE)
    known = office.case(phone_24x7="+1 555 0111")
    answer(office, call(office, known, level=1))
    assert Case.objects.get(pk=known.pk).phone_24x7 == "+1 555 0111"


@pytest.mark.rule("SEV-2")
@pytest.mark.rule("SEV-5")
def test_a_caller_designates_another_priority(office):
    case = office.case()
    answer(office, call(office, case, kind="priority", level=1, callback_phone=PHONE))
    changed = Case.objects.get(pk=case.pk)
    assert (changed.priority, changed.severity, changed.phone_24x7) == (1, 3, PHONE)


@pytest.mark.rule("SEV-5")
@pytest.mark.parametrize(
    ("at", "field"),
    [
        (NOW + SECOND, "called_at"),
        (NOW, ""),
        (LONG_AGO, ""),
        (LONG_AGO - SECOND, "called_at"),
        (None, "called_at"),
    ],
)
def test_a_call_came_between_the_opening_and_now(office, at, field):
    case = office.case()
    if not field:
        assert call(office, case, called_at=at).called_at == at
        return
    assert refused(Invalid, lambda: call(office, case, called_at=at)).field == field


@pytest.mark.rule("SEV-5")
def test_a_call_within_the_minute_of_the_opening_counts(office):
    """Whoever opens a case and calls at once: the form knows no seconds."""
    case = office.desk.case(now=NOW - 5 * SECOND)
    call(office, case, called_at=NOW - dt.timedelta(minutes=1))


@pytest.mark.rule("SEV-5")
@pytest.mark.rule("ACC-1")
def test_what_else_is_refused(office):
    case = office.case()
    for who in (office.desk.read_only, office.desk.outsider, office.desk.expert, None):
        error = refused(Invalid, lambda who=who: call(office, case, caller=who))
        assert error.field == "caller"
    for kind, level in (("severity", 3), ("priority", 3), ("severity", 5), ("help", 2)):
        assert (
            refused(Invalid, lambda k=kind, n=level: call(office, case, kind=k, level=n)).field
            == "wanted"
        )
    refused(Invalid, lambda: call(office, case, details=" "))
    for role, person in staff_of_every_role().items():
        if role not in ("Support Expert", "Product Support Manager"):
            refused(NotAllowed, lambda person=person: call(office, case, person))
    refused(NotAllowed, lambda: call(office, case, office.desk.designated))
    call(office, case)
    refused(NotPossible, lambda: call(office, case), match="waits for the Case Owner")
    closed = office.desk.act("close", office.case(), text="Done.")
    refused(NotPossible, lambda: call(office, closed), match="reopen it first")


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-5")
@pytest.mark.rule("SEV-5")
def test_no_call_is_recorded_before_the_pin_matched(office):
    case = office.case()
    refused(NotPossible, lambda: call(office, case, office.desk.colleague), match="PIN")
    assert call(office, case)


@pytest.mark.rule("SEV-5")
def test_a_second_click_records_nothing_twice(office):
    case, form = office.case(), uuid.uuid4()
    first = call(office, case, submission=form)
    before = everything_stored()
    assert call(office, case, submission=form) == first
    assert everything_stored() == before
    for fields in ({"level": 4}, {"details": "Else."}, {"called_at": NOW - SECOND}):
        refused(SentBefore, lambda fields=fields: call(office, case, submission=form, **fields))


@pytest.mark.rule("ESC-13")
@pytest.mark.rule("ESC-3")
@pytest.mark.rule("SLA-1")
def test_a_recorded_call_is_no_update_by_product_support(office):
    case = office.case()
    updated, newest = case.staff_updated_at, newest_support_entry(case)
    call(office, case)
    assert Case.objects.get(pk=case.pk).staff_updated_at == updated
    assert newest_support_entry(case) == newest
    new = office.desk.case()
    call(office, new)
    assert Clock.objects.running().filter(case=new, kind="response").exists()


@pytest.mark.rule("FED-13")
def test_the_owner_is_told_by_mail_as_the_realm_allows(office):
    case = office.desk.act("take", office.desk.case(), actor=office.desk.colleague)
    call(office, case, level=1, callback_phone=PHONE)
    mail = Notice.objects.get(event="review_requested")
    assert mail.email == office.desk.colleague.email
    assert "recorded a call" in mail.text
    carries = realm.current().mails_carry_content
    for words in ("No agent can transfer.", PHONE, "1 - Critical", "Erin"):
        assert (words in mail.text) == carries


# --- The page -----------------------------------------------------------------------------------


@pytest.fixture
def expert(office):
    return signed_in(office.desk.expert)


def form_of(office, **fields):
    return {
        "caller": office.desk.designated.pk,
        "called_at": "2026-03-03T14:53",
        "wanted": "severity-1",
        "details": "No agent can transfer.",
        "callback_phone": PHONE,
        "submission": str(uuid.uuid4()),
        **fields,
    }


@pytest.mark.rule("SEV-5")
def test_staff_record_a_call_and_answer_it_with_the_number_in_sight(office, expert):
    with time_machine.travel(NOW, tick=False):
        case = office.case()
        address = reverse("admin:escalations_escalation_record_call", args=[case.pk])
        assert f'href="{address}"' in expert.get(case_url(case)).content.decode()
        page = expert.get(address)
        assert set(page.context["form"].fields["caller"].queryset) == {office.desk.designated}
        before = everything_stored()
        late = expert.post(address, form_of(office, called_at="2026-03-03T15:01"))
        assert (late.status_code, everything_stored()) == (422, before)
        assert "This is in the future" in text_of(late)
        assert "No agent can transfer." in late.content.decode()
        form = form_of(office)
        for _ in range(2):
            answer = expert.post(address, form)
            review = OwnerReview.objects.get()
            assert answer.url == reverse("admin:escalations_ownerreview_change", args=[review.pk])
        link = f'<a href="tel:+12125550142"><strong>{PHONE}</strong></a>'
        page = expert.get(answer.url)
        assert link in " ".join(page.content.decode().split()).replace(" >", ">")
        assert "Dana Designated called today 14:53; recorded by Erin Expert" in text_of(page)
        page = expert.get(case_url(case))
        assert link in " ".join(page.content.decode().split()).replace(" >", ">")
        assert "Telephone call by Dana Designated, 2026-03-03 14:53 UTC: change" in text_of(page)
        queue = expert.get("/admin/escalations/ownerreview/?queue=mine").content.decode()
        assert f'Callback number: <a href="tel:+12125550142">{PHONE}</a>' in queue
        words = {"done": "done", "words": "Agreed.", "submission": str(uuid.uuid4())}
        expert.post(reverse("admin:escalations_ownerreview_answer", args=[review.pk]), words)
    assert Case.objects.get(pk=case.pk).severity == 1


@pytest.mark.rule("ACC-7")
@pytest.mark.rule("SEV-5")
def test_nobody_else_opens_the_page(office):
    case = office.case()
    address = reverse("admin:escalations_escalation_record_call", args=[case.pk])
    for role, person in staff_of_every_role().items():
        allowed = role in ("Support Expert", "Product Support Manager")
        assert signed_in(person).get(address).status_code == (200 if allowed else 403), role
