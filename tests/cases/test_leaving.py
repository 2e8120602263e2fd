"""When a person leaves, their work waits for others, and their mails reach somebody (O1, O2)."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from cases import jobs
from cases.actors import Actor
from cases.jobs.sweeps import deliver_one
from cases.models import Case, Clock, Membership, Notice, Person
from cases.roles import ESCALATION_OWNER, PRODUCT_SUPPORT_MANAGER
from cases.services.departures import give_back, release_one
from cases.services.feeds import post_entry
from tests.stored import everything_stored
from tests.world import NOW, Desk, membership, person

LATER = NOW + dt.timedelta(hours=2)
LEAD = "lena@support.example"


@pytest.fixture
def lead(desk) -> Person:
    return person(LEAD, name="Lena Lead", roles=(PRODUCT_SUPPORT_MANAGER,))


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("email", flat=True))


def lose(someone: Person, loss: str) -> None:
    """As the database may say it, whoever wrote it there: past every service and signal."""
    if loss == "role":
        someone.groups.set(Group.objects.filter(name=ESCALATION_OWNER))
    elif loss == "skill":
        someone.skills.update(ends_at=dt.datetime(2021, 1, 1, tzinfo=dt.UTC))
    else:
        field = {"account": "is_active", "staff": "is_staff"}[loss]
        Person.objects.filter(pk=someone.pk).update(**{field: False})


LOSSES = ["account", "staff", "role", pytest.param("skill", marks=pytest.mark.realm("fedramp"))]
SAID = {
    "O1": ("in_progress", "entry"),
    "O2": ("resolution_proposed", "persists"),
    "reopened": ("closed", "reopened"),
    "accepted": ("resolution_proposed", "accepted"),
}


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("said", SAID)
def test_until_the_case_is_given_back_its_mails_go_to_a_lead(desk, lead, loss, said):
    """O1, O2, and their kind: nothing ran since the owner was lost."""
    state, event = SAID[said]
    case = desk.case_in(state)
    lose(desk.expert, loss)
    Notice.objects.all().delete()
    if event == "entry":
        post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=LATER, body="Again.")
    else:
        action = {"persists": "persist", "reopened": "reopen", "accepted": "accept"}[event]
        desk.act(action, case, actor=desk.designated, text="Again.", now=LATER)
    if event == "reopened":
        assert Case.objects.get(pk=case.pk).state == "new", "it stands in the queue"
    else:
        assert told(event) == {LEAD}


@pytest.mark.rule("CASE-8")
@pytest.mark.rule("FED-6")
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    "state", ["in_progress", "awaiting_customer", "awaiting_third_party", "resolution_proposed"]
)
def test_the_open_cases_of_who_is_gone_stand_in_the_unassigned_queue(desk, lead, loss, state):
    case = desk.case_in(state)
    closed = desk.case_in("closed")
    lose(desk.expert, loss)
    assert release_one(LATER) == 1
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.owner, stored.third_party) == ("new", None, "")
    assert stored in Case.objects.unassigned()
    assert stored.staff_updated_at == case.staff_updated_at, "no update by Product Support"
    entry = stored.entries.get(event="released")
    assert (entry.author_side, entry.created_at) == ("job", LATER)
    assert "Erin Expert is no longer working on this case" in entry.body
    assert stored.history.first().history_change_reason == "job: release-cases"
    assert not stored.clocks.running().exclude(kind__in=["response", "restoration"]).exists()
    assert told("released") == {LEAD, desk.designated.email}
    assert Case.objects.get(pk=closed.pk).owner == desk.expert, "reopened, it goes to New (CASE-8)"
    before = everything_stored()
    assert release_one(LATER) == 0
    assert give_back(person_id=desk.expert.pk, now=LATER) == 0
    assert everything_stored() == before


def test_nothing_is_taken_from_who_can_work_cases(desk):
    desk.case_in("awaiting_customer")
    before = everything_stored()
    assert release_one(LATER) == 0
    assert give_back(person_id=desk.expert.pk, now=LATER) == 0
    assert everything_stored() == before
    assert "release-cases" in jobs.JOBS


@pytest.mark.rule("RESP-2")
def test_what_was_given_back_is_not_closed_by_a_job(desk, lead):
    desk.case_in("resolution_proposed")
    lose(desk.expert, "account")
    release_one(LATER)
    assert not Clock.objects.running().filter(kind="proposal").exists()


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("what", ["is_active", "role"])
def test_an_access_administrator_withdraws_and_the_cases_go_back_at_once(desk, lead, client, what):
    case = desk.owned_case()
    admin = person("ada@support.example", roles=("Access Administrator",))
    client.force_login(admin)
    address = f"/admin/cases/person/{desk.expert.pk}/change/"
    fields = {
        "name": desk.expert.name,
        "email": desk.expert.email,
        "phone": "",
        "time_zone": "UTC",
        "is_staff": "on",
    }
    if what == "role":
        fields |= {"is_active": "on"}
    else:
        fields |= {"groups": [group.pk for group in desk.expert.groups.all()]}
    answer = client.post(address, fields, follow=True)
    assert Case.objects.get(pk=case.pk).state == "new", answer.content.decode()[:500]
    assert "waiting for a new owner" in answer.content.decode()
    assert told("released") >= {LEAD}


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-6")
def test_a_withdrawn_skill_gives_the_cases_back_at_once(desk, lead):
    from fedramp.services.skills import withdraw

    admin = person("ada@support.example", roles=("Access Administrator",))
    case = desk.owned_case()
    skill = desk.expert.skills.get()
    withdraw(skill_id=skill.pk, reason="Moved abroad.", actor=Actor.of(admin), now=LATER)
    assert Case.objects.get(pk=case.pk).state == "new"


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-6")
@pytest.mark.parametrize("how", ["address", "reset"])
def test_a_changed_address_or_a_reset_gives_the_cases_back_at_once(desk, lead, how):
    from cases.services.accounts import reset_sign_in

    admin = person("ada@support.example", roles=("Access Administrator",))
    case = desk.owned_case()
    if how == "reset":
        reset_sign_in(person_id=desk.expert.pk, actor=Actor.of(admin), now=LATER)
    else:
        desk.expert.email = "erin.new@support.example"
        desk.expert.save()
    assert Case.objects.get(pk=case.pk).state == "new"
    assert told("released") >= {LEAD}


@pytest.mark.rule("CASE-7")
@pytest.mark.parametrize("by_contact", [True, False])
def test_what_a_contact_closes_before_anybody_owned_it_is_read_by_a_lead(desk, lead, by_contact):
    """It leaves the queue of unassigned cases with words in it that nobody on staff has seen."""
    who = desk.designated if by_contact else desk.expert
    case = desk.case()
    post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body="It was trunk 4.")
    desk.act("close", case, actor=who, text="We changed the codec. Is that safe?", now=LATER)
    assert (LEAD in told("closed")) is by_contact


# --- The customer's side ------------------------------------------------------------------------


def leaves(someone: Person, how: str) -> None:
    if how == "membership":
        Membership.objects.get(person=someone).delete()
    elif how == "role":
        Membership.objects.filter(person=someone).update(role="read_only")
    else:
        someone.is_active = False
        someone.save()


@pytest.mark.rule("ACC-1")
@pytest.mark.parametrize("how", ["membership", "account", "role"])
@pytest.mark.parametrize("quiet", [True, False])
def test_with_the_opener_gone_another_designated_contact_is_asked(desk, how, quiet):
    case = desk.owned_case()
    other = person("dora@acme.example", name="Dora", mail_my_cases=not quiet)
    membership(other, desk.organization, "designated")
    leaves(desk.designated, how)
    Notice.objects.all().delete()
    desk.act("ask", case, text="Which trunk?", now=LATER)
    assert other.email in told("question")
    assert desk.outsider.email not in told("question")
    assert not told("unheard")


@pytest.mark.parametrize("how", ["membership", "account", "role"])
def test_with_no_designated_contact_left_the_owner_is_told_so_once_a_day(desk, how):
    case = desk.owned_case()
    leaves(desk.designated, how)
    Notice.objects.all().delete()
    desk.act("ask", case, text="Which trunk?", now=LATER)
    assert told("unheard") == {desk.expert.email}, "although it was he who asked"
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=LATER, body="Anybody?")
    assert Notice.objects.filter(event="unheard").count() == 1
    tomorrow = LATER + dt.timedelta(days=1)
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=tomorrow, body="Anybody?")
    assert Notice.objects.filter(event="unheard").count() == 2


def test_a_mail_that_waited_for_who_left_is_told_to_the_owner(desk):
    case = desk.owned_case()
    Notice.objects.all().delete()
    desk.act("ask", case, text="Which trunk?", now=LATER)
    leaves(desk.designated, "membership")
    deliver_one(LATER)
    assert told("notice_failed") == {desk.expert.email}


@pytest.mark.rule("PLAN-3")
@pytest.mark.parametrize("gone", [True, False])
def test_for_an_account_manager_who_left_a_lead_is_told(desk: Desk, lead, gone):
    manager = person("tam@support.example", roles=("Support Expert",))
    desk.organization.technical_account_manager = manager
    desk.organization.save()
    if gone:
        lose(manager, "account")
    desk.case(priority=1, phone_24x7="+1 555 0142")
    assert told("critical") == ({LEAD} if gone else {manager.email})
