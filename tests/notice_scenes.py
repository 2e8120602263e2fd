"""Events on a desk that make it send each notice: one scene for each row.

The notices of case states are in tests/cases/test_notices.py.
"""

import datetime as dt
import uuid

from allauth.account.adapter import get_adapter

from cases.actors import Actor
from cases.jobs.clocks import breach_due, close_due, remind_due, warn_due
from cases.models import Membership, Person
from cases.notices import notify_of_failure
from cases.roles import ACCESS_ADMINISTRATOR
from cases.services import applicants, closures, departures
from cases.services.feeds import post_entry
from cases.services.incidents import withdraw_restoration
from escalations.services import answer_clock, management
from escalations.services.attention import send_management_attention
from escalations.services.feeds import move_to_escalation, post_in_feed
from escalations.services.owner_requests import request_severity_change, withdraw_request
from escalations.services.owner_reviews import answer_review, engage_manager
from fedramp.services import access, dormancy, invitations, pins, redactions
from tests import realms
from tests.escalations.test_management_requests import ATTENTION
from tests.escalations.test_moving import answer_in_the_escalation, move, waiting
from tests.escalations.world import Office
from tests.incidents import contact_asks, platform_case, restore
from tests.outbox import queue_mail
from tests.world import LONG_AGO, NOW, membership, person

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LATER = NOW + HOUR
TEST = Actor.of_job("test")

DANA = "dana@acme.example"


def opened(office: Office) -> None:
    office.desk.case()


def moved(office: Office) -> None:
    _, escalation = waiting(office)
    move(office, answer_in_the_escalation(office, escalation, NOW + 2 * HOUR), NOW + DAY)


def clock_warning(office: Office) -> None:
    clock = office.desk.case().clocks.get()
    warn_due(clock.warns_at)


def clock_breached(office: Office) -> None:
    office.desk.case()
    breach_due(NOW + 9 * DAY)


def closing_notice(office: Office) -> None:
    office.desk.case_in("awaiting_customer")
    remind_due(NOW + 2 * DAY)


def closing_held(office: Office) -> None:
    waiting(office, "propose")
    close_due(NOW + 30 * DAY)


def closing_unheard(office: Office) -> None:
    office.desk.case_in("awaiting_customer")
    Membership.objects.filter(organization=office.desk.organization).delete()
    remind_due(NOW + 2 * DAY)


def extended(office: Office) -> None:
    case, actor = office.desk.case_in("awaiting_customer"), Actor.of(office.desk.expert)
    closures.extend(case_id=case.pk, actor=actor, now=LATER, reason="A holiday.")


def notice_failed(office: Office) -> None:
    case, dana = office.case(), office.desk.designated
    lost = queue_mail(key="x", words="x", email=DANA, now=NOW, case=case, person=dana)
    notify_of_failure(lost, actor=TEST, now=LATER)


def platform(office: Office) -> None:
    platform_case(office.desk)


def single(office: Office) -> None:
    office.desk.act("leave_incident", platform_case(office.desk), text="It is one trunk.")


def restored(office: Office):
    case = platform_case(office.desk)
    restore(office.desk, case.incident, who=office.desk.colleague)
    return type(case).objects.get(pk=case.pk)


def not_restored(office: Office) -> None:
    withdraw_restoration(
        incident_id=restored(office).incident_id,
        seen=LATER,
        reason="It failed again.",
        actor=Actor.of(office.desk.colleague),
        now=NOW + 2 * HOUR,
    )


def analysis_asked(office: Office) -> None:
    contact_asks(office.desk, restored(office), now=NOW + 2 * HOUR)


def analysis_delivered(office: Office):
    case = restored(office)
    return office.desk.act("deliver_analysis", case, text="The switch.", now=NOW + 2 * HOUR)


def meeting_recorded(office: Office) -> None:
    case, at = analysis_delivered(office), NOW + 3 * HOUR
    contact_asks(office.desk, case, "ask_discussion", at)
    office.desk.act("record_meeting", case, text="Agreed.", held_at=at, now=at)


def critical(office: Office) -> None:
    office.desk.case(priority=1, phone_24x7="+1 555 0142")


def leave(someone: Person) -> None:
    """Bypasses every service and signal, which could give the work back at once."""
    Person.objects.filter(pk=someone.pk).update(is_active=False)
    departures.give_back(person_id=someone.pk, now=LATER)


def released(office: Office) -> None:
    office.case()
    leave(office.desk.expert)


def unheard(office: Office) -> None:
    case = office.case()
    Membership.objects.filter(organization=office.desk.organization).delete()
    office.desk.act("ask", case, text="Which trunk?", now=LATER)


def applicant(office: Office):
    return applicants.ask(
        name="Nell",
        email="nell@acme.example",
        phone="",
        organization="acme",
        role="designated",
        note="",
        submission=uuid.uuid4(),
        now=NOW,
    )


def applicant_decided(office: Office) -> None:
    applicants.decide(
        applicant_id=applicant(office).pk,
        granted=True,
        role="designated",
        words="",
        actor=Actor.of(office.desk.designated),
        now=LATER,
    )


def sign_in_changed(office: Office) -> None:
    office.desk.designated.email = "new@acme.example"
    office.desk.designated.save()


def escalation_requested(office: Office):
    return office.ask(office.case())


def escalation_declined(office: Office) -> None:
    management.decline(
        escalation_id=office.under_review().pk,
        actor=Actor.of(office.owner),
        now=LATER,
        codes=["the_case_is_open"],
        words="Not yet.",
    )


def escalation_word(office: Office) -> None:
    management.give_word(
        escalation_id=office.accepted().pk,
        actor=Actor.of(office.owner),
        now=LATER,
        body="Development has it.",
        next_word_due_at=NOW + DAY,
    )


def escalation_message(office: Office) -> None:
    post_in_feed(
        escalation_id=office.accepted().pk,
        actor=Actor.of(office.other_owner),
        now=LATER,
        body="I look after it meanwhile.",
    )


def escalation_moved(office: Office) -> None:
    escalation, dana = office.accepted(), Actor.of(office.desk.designated)
    entry = post_entry(case_id=escalation.case_id, actor=dana, now=LATER, body="And now?")
    move_to_escalation(
        entry_id=entry.pk,
        escalation_id=escalation.pk,
        actor=Actor.of(office.desk.expert),
        now=LATER,
    )


def escalation_handed_over(office: Office) -> None:
    management.hand_over(
        escalation_id=office.accepted().pk,
        actor=Actor.of(office.owner),
        now=LATER,
        owner=office.other_owner,
    )


def escalation_released(office: Office) -> None:
    office.accepted()
    leave(office.owner)


def escalation_closed(office: Office) -> None:
    management.close(
        escalation_id=office.accepted().pk,
        actor=Actor.of(office.owner),
        now=LATER,
        justification="It is done.",
    )


def escalation_answer_due(office: Office) -> None:
    answer_clock.warn(escalation_requested(office).answer_warns_at)


def escalation_answer_late(office: Office) -> None:
    answer_clock.breach(escalation_requested(office).answer_due_at + DAY)


def escalation_ended(office: Office) -> None:
    office.desk.act("close", office.accepted().case, text="Done.", now=LATER)


def review_requested(office: Office):
    return request_severity_change(
        case_id=office.case(severity=4).pk,
        actor=Actor.of(office.desk.designated),
        now=NOW,
        severity=3,
        details="It has become worse.",
    )


def review_withdrawn(office: Office) -> None:
    review, dana = review_requested(office), office.desk.designated
    withdraw_request(review_id=review.pk, actor=Actor.of(dana), now=LATER)


def review_answered(office: Office) -> None:
    review, erin = review_requested(office), Actor.of(office.desk.expert)
    answer_review(review_id=review.pk, actor=erin, now=LATER, done=False, words="No.")


def manager_engaged(office: Office) -> None:
    case, erin = office.case(severity=1), Actor.of(office.desk.expert)
    engage_manager(case_id=case.pk, actor=erin, now=NOW, manager=office.manager)


def manager_left(office: Office) -> None:
    manager_engaged(office)
    leave(office.manager)


def management_attention(office: Office) -> None:
    case, dana = office.accepted().case, Actor.of(office.desk.designated)
    send_management_attention(case_id=case.pk, actor=dana, now=LATER, **ATTENTION)


def invitation(office: Office) -> None:
    nell = Person.objects.create(email="nell@acme.example", name="Nell Newcomer", password="!")
    membership(nell, office.desk.organization, "designated")
    invitations.invite(person_id=nell.pk, actor=TEST, now=NOW)


def access_asked(office: Office):
    person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    return access.ask(
        organization=office.desk.organization,
        people=(access.Asked("Nell", "nell@acme.example", "designated"),),
        note="",
        submission=uuid.uuid4(),
        actor=Actor.of(office.desk.designated),
        now=NOW,
    )


def access_decided(office: Office) -> None:
    row = access_asked(office).people.get()
    ada = Actor.of(Person.objects.get(email="ada@support.example"))
    access.decide(row_id=row.pk, granted=False, words="No.", actor=ada, now=LATER)


def pin_locked(office: Office) -> None:
    pins.renew(person_id=office.desk.designated.pk, actor=Actor.of(office.desk.designated), now=NOW)
    for _ in range(pins.MISSES):
        pins.check(email=DANA, digits="x", actor=Actor.of(office.desk.expert), now=NOW)


def dormant(office: Office) -> None:
    person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,), last_login=NOW)
    Person.objects.update(last_login=NOW)
    person("asleep@acme.example", joined_at=LONG_AGO)
    dormancy.disable_dormant(NOW)


def redirected(office: Office) -> None:
    case = office.case()
    realms.flag(office.desk.organization)
    erin = Actor.of(office.desk.expert)
    redactions.redirect_case(case_id=case.pk, reason="Seen.", actor=erin, now=LATER)


def account(prefix: str):
    def happens(office: Office) -> None:
        office.desk.designated.last_login = NOW  # else a link to choose a password is an invitation
        context = {"user": office.desk.designated, "timestamp": NOW}
        get_adapter().send_mail(prefix, DANA, context)

    return happens
