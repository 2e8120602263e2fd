"""IA-8, IA-11: a contact whose sign-in is the OpenID provider's, from the invitation on."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from cases import jobs
from cases.actors import Actor
from cases.errors import NotPossible
from cases.jobs.sweeps import deliver_one
from cases.models import Notice
from cases.roles import ACCESS_ADMINISTRATOR
from fedramp.models import AuditEntry, Invitation, OidcAccount, Pin, SessionMark
from fedramp.services.invitations import accept, invite
from fedramp.services.pins import digits_of
from tests.fedramp.oidc_accounts import (
    SUBJECT,
    begin,
    bound,
    come_back,
    failures,
    is_signed_in,
    newcomer,
)
from tests.stored import everything_stored
from tests.world import PASSWORD, person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

#: Invitations are accepted soon after they were sent; the clock is the real one.
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def nell(desk):
    return newcomer(desk)


@pytest.fixture
def administrator(desk):
    return person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))


@pytest.fixture
def invited(administrator):
    """`invited(person)`: the address by which this person accepts a fresh invitation."""

    def send(someone):
        invitation = invite(person_id=someone.pk, actor=Actor.of(administrator), now=NOW)
        text = Notice.objects.get(pk=invitation.notice_id).text
        while deliver_one(NOW):
            pass
        return re.search(r"/invitation/[\w-]+/", text).group(0)

    return send


def accepted(address, provider, client=None, **claims):
    client = client or Client()
    asked = begin(client, f"{address}provider/")
    provider.says(asked, **claims)
    return come_back(client, asked)


def signed_in(provider, client=None, **claims):
    client = client or Client()
    asked = begin(client)
    provider.says(asked, **claims)
    come_back(client, asked)
    return client


def stored():
    """Everything but the sessions: who is on the way to the provider has one."""
    return {**everything_stored(), "django_session": 0}


# --- The invitation


@pytest.mark.rule("FED-3", "FED-4")
def test_accepting_binds_the_account_sets_no_password_and_issues_the_pin(
    provider, desk, nell, invited
):
    address = invited(nell)
    before = stored()
    page = Client().get(address)
    assert f"{address}provider/" in page.content.decode()
    assert "<form" not in page.content.decode().split("<main")[1]
    begin(Client(), f"{address}provider/")
    assert stored() == before
    other = Client()  # somebody was signed in here before
    other.force_login(desk.read_only, backend=configured.AUTHENTICATION_BACKENDS[-1])
    answer = accepted(address, provider, other)
    assert answer.url == reverse("account_login")
    assert not is_signed_in(other)
    account = OidcAccount.objects.get(person=nell)
    assert (account.issuer, account.subject) == (provider.issuer, SUBJECT)
    nell.refresh_from_db()
    assert not nell.has_usable_password()
    assert Pin.objects.filter(person=nell).count() == 1
    assert Invitation.objects.get(person=nell).accepted_at is not None
    history = OidcAccount.history.get()
    assert (history.history_user, history.history_change_reason) == (nell, "invitations.accept")
    detail = "account at the provider bound"
    assert AuditEntry.objects.get(event="rights", detail=detail).about == f"person {nell.pk}"
    # From now on by the account, whatever its e-mail address is.
    client = signed_in(provider, email="nell@elsewhere.example", email_verified=False)
    assert client.session["_auth_user_id"] == str(nell.pk)


FAULTS = {
    "a different e-mail": ("other e-mail", {"email": "eve@acme.example"}),
    "no e-mail": ("e-mail not verified", {"email": None}),
    "unverified": ("e-mail not verified", {"email_verified": False}),
    "verified in words": ("e-mail not verified", {"email_verified": "true"}),
    "verified or not is not said": ("e-mail not verified", {"email_verified": None}),
}


@pytest.mark.rule("FED-3")
def test_an_account_with_another_e_mail_or_an_unverified_one_accepts_nothing(
    provider, nell, invited, subtests
):
    address = invited(nell)
    provider.userinfo = {"sub": SUBJECT}
    before = stored()
    for fault, (code, claims) in FAULTS.items():
        with subtests.test(fault):
            answer = accepted(address, provider, **claims)
            assert answer.status_code == 400
            assert failures()[-1] == (nell.email, f"provider: {code}")
            assert stored() == before
    assert accepted(address, provider, email="Nell@ACME.example").status_code == 302


@pytest.mark.rule("FED-3")
def test_the_e_mail_may_stand_in_the_userinfo_of_the_same_subject_alone(provider, nell, invited):
    address = invited(nell)
    told = {"email": "nell@acme.example", "email_verified": True}
    silent = {"email": None, "email_verified": None}
    for sub, status in (("somebody-else", 400), (None, 400), (SUBJECT, 302)):
        provider.userinfo = {"sub": sub, **told}
        assert accepted(address, provider, **silent).status_code == status
    assert failures() == [(None, "provider: userinfo")] * 2


@pytest.mark.rule("FED-3")
def test_an_account_of_somebody_else_accepts_nothing(provider, desk, nell, invited):
    bound(desk.read_only, provider.issuer)
    address = invited(nell)
    assert accepted(address, provider).status_code == 400
    assert failures() == [(nell.email, "provider: account of another person")]
    assert not OidcAccount.objects.filter(person=nell).exists()
    assert not Pin.objects.filter(person=nell).exists()
    assert Invitation.objects.get(person=nell).accepted_at is None


@pytest.mark.rule("FED-3")
def test_a_dead_invitation_leads_nowhere_also_if_it_died_on_the_way(provider, nell, invited):
    first = invited(nell)
    client = Client()
    asked = begin(client, f"{first}provider/")
    provider.says(asked)
    second = invited(nell)
    assert come_back(client, asked).status_code == 400  # replaced meanwhile
    assert accepted(second, provider).status_code == 302
    for address in (first, second, "/invitation/unknown/"):
        assert client.get(f"{address}provider/").status_code == 410
    assert failures() == [(None, "provider: invitation")]
    late = invited(nell)
    with time_machine.travel(NOW + dt.timedelta(hours=25)):
        assert Client().get(f"{late}provider/").status_code == 410


@pytest.mark.rule("FED-3")
def test_no_password_is_set_where_a_provider_is_configured(provider, nell, invited):
    address = invited(nell)
    form = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert Client().post(address, form).status_code == 405
    with pytest.raises(NotPossible):
        accept(token=address.split("/")[2], password=PASSWORD, now=NOW)
    accepted(address, provider)
    mails = Notice.objects.count()
    Client().post(reverse("account_reset_password"), {"email": nell.email})
    jobs.run("send-reset-links")
    assert Notice.objects.count() == mails
    nell.refresh_from_db()
    assert not nell.has_usable_password()


@pytest.mark.rule("FED-3")
def test_a_new_invitation_binds_another_account_and_ends_what_was_before(
    provider, desk, invited, sign_in, administrator
):
    """A contact who has a password, and one whose account at the provider is another one now."""
    dana = desk.designated
    totp.TOTP.activate(dana, totp.generate_totp_secret())
    by_password = Client()
    by_password.force_login(dana, backend=configured.AUTHENTICATION_BACKENDS[-1])
    page = sign_in(administrator).get(reverse("admin:cases_person_change", args=[dana.pk]))
    assert "Send an invitation" in page.content.decode()
    address = invited(dana)
    dana.refresh_from_db()
    assert dana.check_password(PASSWORD)  # until it is accepted
    accepted(address, provider, email=dana.email)
    assert by_password.get("/profile/").status_code == 302
    assert not Authenticator.objects.filter(user=dana).exists()
    form = {"login": dana.email, "password": PASSWORD}
    Client().post("/accounts/login/", form)
    assert AuditEntry.objects.filter(event="failed", detail="password", person=dana).exists()
    client = signed_in(provider)
    assert client.get("/profile/").status_code == 200
    accepted(invited(dana), provider, email=dana.email, sub="a-newer-account")
    assert client.get("/profile/").status_code == 302
    assert not is_signed_in(signed_in(provider))
    assert is_signed_in(signed_in(provider, sub="a-newer-account"))


# --- Who comes in


def test_who_is_unknown_disabled_or_staff_does_not_come_in(provider, desk, nell, subtests):
    """An e-mail address that is alike makes nobody's account: `nell` has it, and accepted none."""
    bound(desk.read_only, provider.issuer, "disabled")
    desk.read_only.is_active = False
    desk.read_only.save()
    bound(desk.expert, provider.issuer, "staff")
    bound(desk.designated, "https://elsewhere.example", "of another issuer")
    for subject, email, code in (
        (SUBJECT, None, "unknown account"),
        ("of another issuer", None, "unknown account"),
        ("disabled", desk.read_only.email, "disabled"),
        ("staff", desk.expert.email, "staff"),
    ):
        with subtests.test(subject):
            before = stored()
            assert not is_signed_in(signed_in(provider, sub=subject))
            assert failures()[-1] == (email, f"provider: {code}")
            assert stored() == before


def test_the_notice_comes_first_and_leads_back_to_the_provider(provider, nell, settings):
    bound(nell, provider.issuer)
    settings.SYSTEM_USE_NOTICE = "Use is monitored."
    client = signed_in(provider)
    assert not is_signed_in(client)
    assert client.get("/accounts/login/?next=/profile/").url.startswith("/accounts/notice/")
    page = client.post("/accounts/notice/", {"next": "/profile/"}, follow=True)
    assert reverse("provider_sign_in") + "?next=/profile/" in page.content.decode()
    assert is_signed_in(signed_in(provider, client))
    assert AuditEntry.objects.filter(event="notice", person=nell).count() == 1


def test_it_leads_nowhere_else(provider, nell):
    bound(nell, provider.issuer)
    for then in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        client = Client()
        asked = begin(client, next=then)
        provider.says(asked)
        assert come_back(client, asked).url == "/"


def test_the_second_factor_is_the_providers(provider, nell, settings):
    settings.CONTACT_SECOND_FACTOR_REQUIRED = True
    bound(nell, provider.issuer)
    client = signed_in(provider)
    page = client.get("/profile/")
    assert page.status_code == 200
    assert "/accounts/2fa/" not in page.content.decode()
    assert "/accounts/password/" not in page.content.decode()
    for address in ("", "totp/activate/", "recovery-codes/generate/"):
        assert client.get(f"/accounts/2fa/{address}").status_code == 404
    assert client.get("/accounts/password/change/", follow=True).status_code == 404
    # Not by any other way of signing in.
    other = Client()
    other.force_login(nell, backend=configured.AUTHENTICATION_BACKENDS[-1])
    assert other.get("/profile/").url == reverse("mfa_index")


# --- The session


@pytest.mark.rule("FED-4")
def test_the_pin_is_shown_after_a_fresh_proof_at_the_provider(provider, desk, nell, invited):
    accepted(invited(nell), provider)
    digits = digits_of(Pin.objects.get(person=nell))
    shown = f"{digits[:3]} {digits[3:]}"
    page = reverse("fedramp:pin")
    with time_machine.travel(NOW, tick=False) as clock:
        client = signed_in(provider)
        began = client.session["signed_in_at"]
        clock.shift(300)
        assert shown in client.get(page).content.decode()
        clock.shift(1)
        asks = client.get(page).content.decode()
        assert shown not in asks
        assert f"{reverse('provider_sign_in')}?next={page}" in asks
        assert shown not in client.post(page).content.decode()
        assert digits_of(Pin.objects.get(person=nell)) == digits
        # Somebody else's proof is none, and does not end the session.
        bound(desk.read_only, provider.issuer, "somebody-else")
        signed_in(provider, client, sub="somebody-else")
        assert failures() == [(desk.read_only.email, "provider: another person")]
        assert shown not in client.get(page).content.decode()
        asked = begin(client, next=page)
        provider.says(asked)
        assert come_back(client, asked).url == page
        assert shown in client.get(page).content.decode()
        # It is the same session: it does not last longer for that.
        assert client.session["signed_in_at"] == began
        assert AuditEntry.objects.filter(event="signed_in").count() == 1


def test_without_a_password_and_without_a_proof_no_pin_is_shown(provider, nell):
    client = Client()
    client.force_login(nell, backend=configured.AUTHENTICATION_BACKENDS[-1])
    assert "Confirm with Okta" in client.get(reverse("fedramp:pin")).content.decode()


def test_the_session_ends_as_every_other(provider, nell):
    bound(nell, provider.issuer)
    with time_machine.travel(NOW, tick=False) as clock:
        client = signed_in(provider)
        clock.shift(15 * 60 - 1)
        assert client.get("/profile/").status_code == 200
        clock.shift(15 * 60)
        assert client.get("/profile/").status_code == 302
        client = signed_in(provider)
        for hours, status in ((11, 200), (1, 302)):
            clock.shift(hours * 3600)
            SessionMark.objects.update(active_at=dt.datetime.now(dt.UTC))
            assert client.get("/profile/").status_code == status
        client = signed_in(provider)
        client.post("/accounts/logout/")
        assert not is_signed_in(client)
