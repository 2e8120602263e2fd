"""Sign-in through the realm's OpenID provider, for contacts, if one is configured (IA-8).

Three addresses: to the provider, back from it, and to it with an invitation. All are links, not
forms: the Content-Security-Policy lets no form lead to another host. Nothing changes before the
answer has proved who came back.
"""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases import gates, realm
from cases.models import Person
from fedramp import oidc, oidc_session
from fedramp.audit import Event, record
from fedramp.services import invitations
from fedramp.services.oidc_accounts import NotProved, Proof, person_of
from fedramp.views.invitations import dead, private

from . import adapter, audit


@never_cache
@require_GET
@gates.public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Go to the provider, then to `next`; if signed in, prove one's identity again (IA-11)."""
    return _send(request, next=request.GET.get("next", ""))


@never_cache
@require_GET
@gates.public
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Go to the provider, to accept the invitation with the account there (FED-3)."""
    if invitations.find(token, now=timezone.now()) is None:
        return dead(request)
    return private(_send(request, invitation=invitations.hashed(token)))


@never_cache
@require_GET
@gates.public
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider: accept the invitation, or sign the person in, or neither."""
    try:
        errand, proof = oidc.receive(request)
        if "invitation" in errand:
            return _accept(request, errand["invitation"], proof)
        return _enter(request, person_of(proof), errand.get("next", ""))
    except NotProved as error:
        return _refuse(request, error)


def _send(request: HttpRequest, **errand: str) -> HttpResponse:
    try:
        return oidc.send(request, **errand)
    except NotProved as error:
        return _refuse(request, error)


def _accept(request: HttpRequest, token_hash: str, proof: Proof) -> HttpResponse:
    """As with a password: accepting does not sign in, and the notice comes first."""
    invitations.accept_by_provider(token_hash=token_hash, proof=proof, now=timezone.now())
    logout(request)  # whoever was signed in here before
    name = realm.current().sign_in_provider
    messages.success(request, f"Your access has been set up. Sign in with {name}.")
    return redirect("account_login")


def _enter(request: HttpRequest, person: Person, then: str) -> HttpResponse:
    """Sign in, unless a page of the desk must come first (the notice, AC-8)."""
    address = then if adapter.is_ours(then) else resolve_url("portal:start")
    if request.user.is_authenticated:
        if request.user != person:
            raise NotProved("another person", person)
        answer = redirect(address)
    else:
        answer = perform_login(request, person, redirect_url=address)
    if request.user == person:
        oidc_session.note(request)
    return answer


def _refuse(request: HttpRequest, error: NotProved) -> HttpResponse:
    """The page says what can be done about it; the log says what it was."""
    record(
        Event.FAILED,
        now=timezone.now(),
        person=error.person,
        address=audit.address_of(request),
        detail=f"provider: {error.code}",
    )
    context = {"words": error.message}
    return render(request, "account/provider_refused.html", context, status=400)


urlpatterns = [
    path("accounts/provider/", sign_in, name="provider_sign_in"),
    path("accounts/provider/callback/", callback, name="provider_callback"),
    path("invitation/<str:token>/provider/", accept, name="provider_accept"),
]
