"""FED-3: a contact is invited by mail, and accepts within 24 hours of its sending, once."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases import jobs
from cases.actors import Actor
from cases.errors import NotAllowed, NotPossible
from cases.jobs.sweeps import deliver_one
from cases.models import Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR
from fedramp.models import Invitation, Pin
from fedramp.services.invitations import DEAD, accept, hashed, invite
from tests.stored import everything_stored
from tests.world import NOW, PASSWORD, membership, person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

GOOD = "a quiet harbour at dusk"
SENT = NOW + dt.timedelta(minutes=3)
DAY = dt.timedelta(hours=24)


@pytest.fixture
def administrator(desk):
    return person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))


@pytest.fixture
def newcomer(desk):
    someone = Person.objects.create(email="nell@acme.example", name="Nell Newcomer")
    someone.set_unusable_password()
    someone.save()
    membership(someone, desk.organization, "designated")
    return someone


def token_of(invitation: Invitation) -> str:
    """As the addressee reads it in the mail."""
    text = Notice.objects.get(pk=invitation.notice_id).text
    return re.search(r"/invitation/([\w-]+)/", text).group(1)


@pytest.fixture
def sent(administrator, newcomer):
    """An invitation whose mail left at SENT, and its token."""
    invitation = invite(person_id=newcomer.pk, actor=Actor.of(administrator), now=NOW)
    token = token_of(invitation)
    deliver(SENT)
    return Invitation.objects.get(pk=invitation.pk), token


def deliver(at: dt.datetime) -> None:
    with time_machine.travel(at, tick=False):
        while deliver_one(at):
            pass


def open_link(token: str, at: dt.datetime, data: dict | None = None):
    client = Client()
    address = reverse("fedramp:invitation", args=[token])
    with time_machine.travel(at, tick=False):
        if data is None:
            return client.get(address)
        return client.post(address, data)


def words(password: str) -> dict:
    return {"new_password1": password, "new_password2": password}


@pytest.mark.rule("FED-3")
def test_the_token_is_long_stands_in_the_mail_alone_and_goes_with_it(sent, mailoutbox):
    invitation, token = sent
    assert len(token) >= 43  # 256 bits in base64
    assert invitation.token_hash == hashed(token)
    notice = invitation.notice
    assert (notice.sent_at, notice.text) == (SENT, "(removed)")
    assert token in mailoutbox[0].body
    for model in (Invitation, Notice, Invitation.history.model, Notice.history.model):
        assert token not in repr(list(model.objects.values_list())), model


@pytest.mark.rule("FED-3")
def test_opening_the_link_changes_nothing_and_accepting_does(sent, newcomer):
    invitation, token = sent
    before = everything_stored()
    for _ in range(3):
        page = open_link(token, SENT)
        assert page.status_code == 200
        assert "nell@acme.example" in page.content.decode()
        assert page["Referrer-Policy"] == "origin"
        assert "no-store" in page["Cache-Control"]
    assert everything_stored() == before
    done = open_link(token, SENT, words(GOOD))
    assert done.url == reverse("account_login")
    newcomer = Person.objects.get(pk=newcomer.pk)
    assert newcomer.check_password(GOOD)
    assert Pin.objects.filter(person=newcomer).count() == 1
    invitation.refresh_from_db()
    assert invitation.accepted_at == SENT


@pytest.mark.rule("FED-3")
@pytest.mark.parametrize(
    ("after", "works"),
    [(DAY - dt.timedelta(seconds=1), True), (DAY, False), (DAY + dt.timedelta(seconds=1), False)],
)
def test_it_ends_24_hours_after_its_sending(sent, newcomer, after, works):
    _, token = sent
    status = open_link(token, SENT + after, words(GOOD)).status_code
    assert status == (302 if works else 410)
    assert Person.objects.get(pk=newcomer.pk).has_usable_password() is works


@pytest.mark.rule("FED-3")
def test_used_replaced_too_old_and_unknown_are_the_same_page(sent, administrator, newcomer, desk):
    _, replaced = sent
    again = invite(person_id=newcomer.pk, actor=Actor.of(administrator), now=SENT)
    used = token_of(again)
    assert open_link(used, SENT, words(GOOD)).status_code == 302
    other = Person.objects.create(email="o@acme.example", name="O", password="!")
    old = token_of(invite(person_id=other.pk, actor=Actor.of(administrator), now=SENT))
    deliver(SENT)
    pages = []
    for token, at in ((replaced, SENT), (used, SENT), (old, SENT + DAY), ("unknown", SENT)):
        before = everything_stored()
        for data in (None, words("another long password")):
            answer = open_link(token, at, data)
            assert answer.status_code == 410
            pages.append(answer.content)
        assert everything_stored() == before
        with pytest.raises(NotPossible, match=DEAD):
            accept(token=token, password=GOOD, now=at)
    assert len(set(pages)) == 1


@pytest.mark.rule("FED-3")
def test_after_a_change_of_the_address_the_old_addressee_gets_in_no_more(sent, newcomer):
    _, token = sent
    newcomer.email = "nell.newcomer@acme.example"
    newcomer.save()
    assert open_link(token, SENT).status_code == 410
    assert open_link(token, SENT, words(GOOD)).status_code == 410
    assert not Person.objects.get(pk=newcomer.pk).has_usable_password()


@pytest.mark.rule("FED-3")
@pytest.mark.parametrize(
    ("password", "works"),
    [
        ("thirteen-chrs", False),
        ("fourteen-chars", True),
        ("passwordpassword", False),  # a common one, twice
        ("1234-Superman-1234", False),  # and one with digits around it
        ("aaaaaaaaaaaaaaaa", False),
        ("nell@acme.example", False),
        ("all lower case letters", True),
        ("", False),
    ],
)
def test_a_password_is_long_and_uncommon_and_nothing_else(sent, newcomer, password, works):
    _, token = sent
    answer = open_link(token, SENT, words(password))
    assert answer.status_code == (302 if works else 200)
    assert Person.objects.get(pk=newcomer.pk).has_usable_password() is works


@pytest.mark.rule("FED-3")
def test_who_may_invite_whom(desk, administrator, newcomer):
    before = everything_stored()
    refused = [
        (desk.expert, newcomer, NotAllowed),
        (desk.designated, newcomer, NotAllowed),
        (administrator, desk.expert, NotPossible),
        (administrator, desk.designated, NotPossible),  # has accepted: has a password
    ]
    for by, about, error in refused:
        with pytest.raises(error):
            invite(person_id=about.pk, actor=Actor.of(by), now=NOW)
    newcomer.is_active = False
    newcomer.save()
    with pytest.raises(NotPossible):
        invite(person_id=newcomer.pk, actor=Actor.of(administrator), now=NOW)
    after = everything_stored()
    changed = {key for key in before if before[key] != after[key]}
    assert changed <= {"cases_historicalperson"}


@pytest.mark.rule("FED-3")
def test_an_invitation_is_the_only_way_to_the_first_password(administrator, newcomer, sign_in):
    before = Notice.objects.count()
    Client().post(reverse("account_reset_password"), {"email": newcomer.email})
    jobs.run("send-reset-links")
    assert Notice.objects.count() == before
    admin = sign_in(administrator)
    admin.post(reverse("admin:cases_person_link", args=[newcomer.pk]))
    assert Notice.objects.get(event="invitation").email == newcomer.email
    # Who has accepted gets a link by the forgotten-password page as everywhere.
    newcomer.set_password(PASSWORD)
    newcomer.save()
    Client().post(reverse("account_reset_password"), {"email": newcomer.email})
    jobs.run("send-reset-links")
    assert Notice.objects.count() == before + 2
