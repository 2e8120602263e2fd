"""FED-4 and FED-5: the contact's own PIN, and what staff learn of it by telephone."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cases.actors import Actor
from cases.errors import NotAllowed, NotPossible
from cases.models import Case, Notice
from fedramp.crypto import decrypt, digest, encrypt
from fedramp.models import Pin, PinCheck
from fedramp.services.pins import caller_of, check, digits_of, renew
from tests.admin.pages import url
from tests.stored import everything_stored
from tests.world import NOW, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

PAGE = "/admin/fedramp/pincheck/telephone/"


@pytest.fixture
def digits(desk):
    """The Designated Contact's PIN."""
    return digits_of(renew(person_id=desk.designated.pk, actor=Actor.of(desk.designated), now=NOW))


def wrong(digits: str, number: int = 1) -> str:
    return f"{(int(digits) + number) % 1_000_000:06}"


def heard(desk, digits: str, email: str = "dana@acme.example") -> bool:
    return check(email=email, digits=digits, actor=Actor.of(desk.expert), now=NOW)


def outcomes() -> list[str]:
    return list(PinCheck.objects.order_by("pk").values_list("outcome", flat=True))


# --- The PIN itself


@pytest.mark.rule("FED-4")
def test_a_pin_is_encrypted_for_its_owner_and_realm(desk, digits):
    pin = Pin.objects.get(person=desk.designated)
    assert re.fullmatch(r"\d{6}", digits)
    assert digits.encode() not in bytes(pin.sealed)
    binding = f"fedramp:{desk.designated.pk}"
    assert decrypt(pin.sealed, bound_to=binding) == digits
    changed = bytes(pin.sealed[:-1]) + bytes([pin.sealed[-1] ^ 1])
    for encrypted, bound_to in (
        (pin.sealed, f"fedramp:{desk.read_only.pk}"),
        (pin.sealed, f"commercial:{desk.designated.pk}"),
        (changed, binding),
    ):
        with pytest.raises(ValueError, match="another owner"):
            decrypt(encrypted, bound_to=bound_to)
    rows = [*Pin.objects.values_list(), *Pin.history.values_list(), *PinCheck.objects.values_list()]
    assert digits not in repr(rows)


@pytest.mark.rule("FED-4")
def test_under_another_key_or_in_another_realm_it_is_worth_nothing(desk, digits, settings):
    encrypted = encrypt(digits, bound_to="x")
    before = digest(digits)
    for name, value in (("PIN_KEY", b"\x01" * 32), ("REALM", "commercial")):
        old = getattr(settings, name)
        setattr(settings, name, value)
        with pytest.raises(ValueError, match="another owner"):
            decrypt(encrypted, bound_to="x")
        assert digest(digits) != before
        setattr(settings, name, old)


@pytest.mark.rule("FED-4")
def test_each_contact_has_another_and_only_the_owner_renews_it(desk, digits, monkeypatch):
    draws = iter([int(digits), int(digits), 123457])
    monkeypatch.setattr("fedramp.services.pins.secrets.randbelow", lambda _: next(draws))
    other = renew(person_id=desk.read_only.pk, actor=Actor.of(desk.read_only), now=NOW)
    assert digits_of(other) == "123457"
    for by in (desk.designated, desk.expert):
        with pytest.raises(NotAllowed):
            renew(person_id=desk.read_only.pk, actor=Actor.of(by), now=NOW)


@pytest.mark.rule("FED-4")
def test_it_is_shown_to_its_owner_after_fresh_authentication_alone(desk, digits):
    client = Client()
    client.force_login(desk.designated, backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = reverse("fedramp:pin")
    assert client.get(reverse("portal:profile")).content.decode().count(page) == 1
    assert client.get(page).url.startswith("/accounts/reauthenticate/")
    again = reverse("account_reauthenticate")
    client.post(f"{again}?next={page}", {"password": PASSWORD})
    assert f"{digits[:3]} {digits[3:]}" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    renewed = digits_of(Pin.objects.get(person=desk.designated))
    assert renewed != digits
    assert f"{renewed[:3]} {renewed[3:]}" in client.get(page).content.decode()


# --- The check by telephone


@pytest.mark.rule("FED-5")
def test_a_match_is_a_match_however_it_is_typed_and_each_check_is_recorded(desk, digits):
    assert not heard(desk, wrong(digits))
    assert heard(desk, digits)
    assert heard(desk, f" {digits[:3]} {digits[3:]} ", "DANA@acme.example")
    assert not heard(desk, "")
    assert outcomes() == ["miss", "match", "match", "miss"]
    row = PinCheck.objects.first()
    assert (row.person, row.asked_by, row.asked_at) == (desk.designated, desk.expert, NOW)


@pytest.mark.rule("FED-5")
def test_unknown_no_pin_and_locked_are_answered_like_a_miss(desk, digits, sign_in):
    staff = sign_in(desk.expert)

    def answer(email: str, pin: str) -> str:
        page = staff.post(PAGE, {"email": email, "pin": pin})
        assert page.status_code == 422
        text = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page.content.decode())
        return re.sub(r"\s+", " ", text)

    answers = {answer("dana@acme.example", wrong(digits))}
    answers |= {answer("rudi@acme.example", digits)}  # has no PIN
    answers |= {answer("nobody@acme.example", digits)}
    answers |= {answer("erin@support.example", digits)}  # staff are no contacts
    for _ in range(4):
        answers |= {answer("dana@acme.example", wrong(digits))}
    answers |= {answer("dana@acme.example", digits)}  # the right one, of a PIN that is locked
    assert len(answers) == 1
    assert "No match" in answers.pop()
    assert outcomes() == ["miss", "no_pin", "unknown", "unknown", *["miss"] * 4, "locked"]


@pytest.mark.rule("FED-5")
def test_five_misses_lock_and_replace_it_and_tell_the_owner(desk, digits):
    for number in range(1, 5):
        assert not heard(desk, wrong(digits, number))
    assert heard(desk, digits)  # a match before the fifth: counting begins anew
    for number in range(1, 6):
        assert not Notice.objects.filter(event="pin_locked").exists()
        assert not heard(desk, wrong(digits, number))
    pin = Pin.objects.get(person=desk.designated)
    assert pin.locked_at == NOW
    assert digits_of(pin) != digits
    assert not heard(desk, digits_of(pin))  # nobody knows it, and it would not do
    notice = Notice.objects.get(event="pin_locked")
    assert notice.email == desk.designated.email
    assert digits not in notice.text
    assert digits_of(pin) not in notice.text
    renewed = renew(person_id=desk.designated.pk, actor=Actor.of(desk.designated), now=NOW)
    assert heard(desk, digits_of(renewed))


@pytest.mark.rule("FED-5")
def test_only_staff_with_the_right_check(desk, digits):
    before = everything_stored()
    for by in (desk.designated, desk.read_only):
        with pytest.raises(NotAllowed):
            check(email="dana@acme.example", digits=digits, actor=Actor.of(by), now=NOW)
    assert everything_stored() == before


@pytest.mark.rule("FED-5", "FED-12")
def test_no_case_detail_stands_on_the_telephone_page_before_a_match(desk, digits, sign_in):
    case = desk.owned_case(subject="Zebra crossing")
    staff, colleague = sign_in(desk.expert), sign_in(desk.colleague)
    pages = [
        staff.get(PAGE),
        staff.get(PAGE, {"q": "dana"}),
        staff.get(PAGE, {"email": "dana@acme.example"}),
        staff.post(PAGE, {"email": "dana@acme.example", "pin": wrong(digits)}),
        staff.get(PAGE, {"q": case.number}),
    ]
    for page in pages:
        text = page.content.decode()
        assert "Zebra" not in text
        assert f">{case.number}<" not in text
        assert "Script of the call: FedRAMP customer" in text
    assert "Dana Designated" in pages[1].content.decode()
    right = {"email": "dana@acme.example", "pin": digits}
    assert staff.post(PAGE, right).status_code == 302
    text = staff.get(PAGE).content.decode()
    assert "Zebra crossing" in text
    assert case.number in text
    assert digits not in text
    assert "Zebra" not in colleague.get(PAGE).content.decode()
    # The next caller's miss ends what the last one's match showed; so does time.
    staff.post(PAGE, {"email": "olga@globex.example", "pin": digits})
    assert "Zebra" not in staff.get(PAGE).content.decode()
    staff.post(PAGE, right)
    with time_machine.travel(dt.timedelta(minutes=30)):
        assert "Zebra" not in staff.get(PAGE).content.decode()


HALF_AN_HOUR = dt.timedelta(minutes=30)
SECOND = dt.timedelta(seconds=1)


def opened_by_telephone(desk, by=None, now=NOW, **changed):
    """Whether the case is opened for the caller."""
    try:
        desk.case(actor=Actor.of(by or desk.expert), contact=desk.designated, now=now, **changed)
    except NotPossible as error:
        assert "Check the caller's PIN first" in error.message  # noqa: PT017
        return False
    return True


@pytest.mark.rule("FED-5")
@pytest.mark.parametrize(
    ("after", "holds"),
    [
        (dt.timedelta(), True),
        (HALF_AN_HOUR - SECOND, True),
        (HALF_AN_HOUR, False),
        (-SECOND, False),
    ],
)
def test_a_case_is_opened_for_a_caller_whose_pin_matched_in_this_call(desk, digits, after, holds):
    before = everything_stored()
    assert not opened_by_telephone(desk)
    assert everything_stored() == before
    assert heard(desk, digits)
    assert opened_by_telephone(desk, now=NOW + after) is holds
    assert Case.objects.count() == holds


@pytest.mark.rule("FED-5")
def test_a_match_is_good_for_who_made_it_and_until_the_next_check(desk, digits):
    assert heard(desk, digits)
    assert not opened_by_telephone(desk, by=desk.colleague)
    assert opened_by_telephone(desk)
    assert not heard(desk, digits, "olga@globex.example")  # somebody else calls
    assert not opened_by_telephone(desk)
    assert heard(desk, digits)
    assert not heard(desk, wrong(digits))  # the same one, who did not know it again
    assert not opened_by_telephone(desk)
    assert heard(desk, digits)
    desk.designated.is_active = False
    desk.designated.save()
    assert caller_of(desk.expert, now=NOW) is None


@pytest.mark.rule("FED-5")
def test_the_form_for_callers_asks_for_the_check_first_and_loses_no_word(desk, digits, sign_in):
    staff = sign_in(desk.expert)
    form = url("open_for", desk.designated.memberships.get().pk)
    first = staff.get(form, follow=True)
    assert first.redirect_chain[-1][0] == f"{PAGE}?email=dana%40acme.example"
    assert "Check the caller&#x27;s PIN first" in first.content.decode()
    assert 'name="subject"' not in first.content.decode()
    typed = {
        "deployment": desk.deployment.pk,
        "priority": 3,
        "subject": "No audio",
        "description": "Since this morning.",
        "business_impact": "Forty agents cannot work.",
        "submission": str(uuid.uuid4()),
    }
    before = everything_stored()
    late = staff.post(form, typed)  # the match ended while it was written
    assert late.status_code == 422
    assert "Since this morning." in late.content.decode()
    assert f"{PAGE}?email=dana%40acme.example" in late.content.decode()
    assert everything_stored() == before
    staff.post(PAGE, {"email": "dana@acme.example", "pin": digits})
    assert form in staff.get(PAGE).content.decode()
    assert staff.get(form).status_code == 200
    assert staff.post(form, typed).status_code == 302
    assert Case.objects.get().contact == desk.designated


def test_the_digits_are_not_kept_anywhere_after_a_check(desk, digits, sign_in, caplog):
    guess = wrong(digits)
    staff = sign_in(desk.expert)
    staff.post(PAGE, {"email": "dana@acme.example", "pin": guess})
    staff.post(PAGE, {"email": "dana@acme.example", "pin": digits})
    rows = [*PinCheck.objects.values_list(), *PinCheck.history.values_list()]
    assert guess not in repr(rows) + repr(dict(staff.session)) + caplog.text
    assert digits not in repr(rows) + repr(dict(staff.session)) + caplog.text
