"""Sign-in: allauth's adapter and the functions that axes calls."""

from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from cases import realm
from cases.actors import Actor, staff_gate
from cases.models import Person
from cases.notices import common_context, notify

from . import mfa, use_notification

RESET = "account/email/password_reset_key"
INVITATION = "account/email/invitation"
ACCOUNTS = Actor.of_job("accounts")
#: The keys under which allauth, Django and axes pass on the name.
CREDENTIALS = ("email", "username", "login")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody can sign up by themselves; every mail about an account goes through the outbox."""

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Refuse people whom the realm does not admit (FED-6), and anybody who has not acknowledged
        its notice (AC-8), however they sign in."""
        if user.is_staff and not staff_gate().admits(user):
            return not_admitted(request)
        if use_notification.is_due(request):
            return use_notification.ask(request)
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How a person proves their identity again; by a key alone if they must use one (IA-2)."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and mfa.only_key_counts(user):
            page = reverse("mfa_reauthenticate_webauthn")
            return [each for each in methods if each["url"] == page]
        return methods

    def get_reset_password_from_key_url(self, key: str) -> str:
        """A link in a mail has this desk's own address, whatever host the request names."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))

    def is_safe_url(self, url: str | None) -> bool:
        return is_ours(url)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue allauth's mail: only the addressee can read a token in it.

        For somebody who has never signed in, the link to choose a password is an invitation.
        """
        person = context.get("user") or Person.objects.filter(email__iexact=email).first()
        if template_prefix == RESET and _must_be_invited(person):
            return  # FED-3: only an invitation leads to the first password
        if template_prefix == RESET and person is not None and person.last_login is None:
            template_prefix = INVITATION
        event = template_prefix.rsplit("/", 1)[-1]
        message = self.render_mail(template_prefix, email, {**context, **common_context(person)})
        notify(
            "account_invitation" if template_prefix == INVITATION else event,
            uuid4().hex,
            actor=ACCOUNTS,
            now=timezone.now(),
            is_secret=True,
            subject=message.subject,
            words=message.body,
            email=email,
            reader=person,
        )


def _must_be_invited(person: Person | None) -> bool:
    """Whether this contact has never accepted an invitation, in a realm that invites contacts."""
    return (
        realm.current().invites_contacts
        and person is not None
        and not person.is_staff
        and not person.has_usable_password()
    )


def is_ours(url: str | None) -> bool:
    """Whether we may redirect there: to a path, or an address below SITE_URL."""
    site = urlsplit(settings.SITE_URL)
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={site.netloc}, require_https=site.scheme == "https"
    )


def not_admitted(request: HttpRequest) -> HttpResponse:
    """End the session and show a page that says why; it shows nothing of the realm."""
    logout(request)
    words = realm.current().staff_refusal
    return render(request, "account/not_admitted.html", {"words": words}, status=403)


def typed_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail address of a sign-in, in lower case; or whatever was typed there."""
    credentials = credentials or {}
    typed = next((credentials[each] for each in CREDENTIALS if credentials.get(each)), "")
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    return str(typed or "").strip().lower()


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The key by which failed sign-ins are counted, in the database and in the log.

    A keyed digest of the name counts as well, and what was typed is not kept. It may be a password
    in the wrong field, or the address of somebody who has nothing to do with the desk.
    """
    return name_digest(typed_name(request, credentials))


def name_digest(name: str) -> str:
    """A digest that is the same for the same name in this realm, and cannot be reversed."""
    salt = "supportdesk.accounts.failed_sign_in"
    return salted_hmac(salt, name.strip().lower(), algorithm="sha256").hexdigest()


def client_ip(request: HttpRequest) -> str | None:
    """Where a request comes from, for axes and allauth: behind a proxy, what the proxy says."""
    return get_client_ip(request)


def locked_out(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """The page for a person whose sign-in is locked for a while."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
