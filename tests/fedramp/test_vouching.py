"""FED-7: what a person types about himself censors nobody's texts."""

import pytest

from cases.actors import Actor
from cases.models import Case, Entry, Person
from cases.persistence import save
from cases.services.accounts import change_profile
from cases.services.feeds import post_entry
from fedramp.models import VouchedIdentity
from fedramp.scrubber.common_words import is_a_name
from fedramp.services.invitations import invite
from tests.world import NOW

TEXT = "Please restart the gateway 1234567890, do not ask, and mend the quillonbase."


def read(desk, text=TEXT):
    case = Case.objects.get(pk=desk.owned_case().pk)
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body=text)
    return Entry.objects.latest("pk").body


def call_oneself(someone, name, phone=""):
    change_profile(
        person_id=someone.pk,
        actor=Actor.of(someone),
        now=NOW,
        name=name,
        phone=phone,
        time_zone="UTC",
        mail_my_cases=True,
        mail_all_cases=False,
    )


def call(someone, name, by):
    person = Person.objects.get(pk=someone.pk)
    person.name = name
    save(person, actor=by, now=NOW, why="", fields=["name"])


@pytest.mark.django_db
@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-7")
@pytest.mark.parametrize("name", ["Restart The Gateway", "Restart Gateway", "Zuzka Quillonbase"])
def test_a_name_of_the_own_profile_takes_nothing_from_texts(desk, name):
    call_oneself(desk.read_only, name, phone="1234567890")
    assert read(desk) == TEXT


@pytest.mark.django_db
@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-7")
def test_a_name_that_staff_gave_is_known_and_stays_when_its_owner_changes_it(desk):
    call(desk.read_only, "Zuzka Quillonbase", Actor.of(desk.expert))
    expected = TEXT.replace("quillonbase", "[PERSON-1]")
    assert read(desk) == expected
    call_oneself(desk.read_only, "Restart Gateway")
    assert read(desk) == expected


@pytest.mark.django_db
@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-7")
@pytest.mark.parametrize("name", ["Restart The Gateway", "Restart Gateway", "Please Ask", "Ask"])
def test_common_words_are_no_name_whoever_gives_them(desk, name):
    call(desk.read_only, name, Actor.of(desk.expert))
    assert read(desk) == TEXT


@pytest.mark.django_db
@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-7")
def test_of_a_name_with_a_common_word_the_whole_is_known(desk):
    call(desk.read_only, "Zuzka Gateway", Actor.of(desk.expert))
    text = "Zuzka Gateway says: restart the gateway."
    assert read(desk, text) == "[PERSON-1] says: restart the gateway."


@pytest.mark.django_db
@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-7")
def test_an_invitation_vouches(desk):
    someone = desk.read_only
    call_oneself(someone, "Zuzka Quillonbase")
    assert read(desk) == TEXT
    someone = Person.objects.get(pk=someone.pk)
    someone.set_unusable_password()
    someone.save()
    VouchedIdentity.objects.filter(person=someone).update(name="")
    invite(person_id=someone.pk, actor=Actor.of_job("test"), now=NOW)
    assert read(desk) == TEXT.replace("quillonbase", "[PERSON-1]")


@pytest.mark.crossed
@pytest.mark.rule("FED-7")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Will Grant", True),
        ("Anna Bridges", True),
        ("Ludwig van Beethoven", True),
        ("Mary-Ann O'Neill", True),
        ("John Page", True),
        ("Restart The Gateway", False),
        ("Network Down", False),
        ("the", False),
        ("Agent 47", False),
        ("", False),
    ],
)
def test_what_can_be_a_name(name, expected):
    assert is_a_name(name) is expected
