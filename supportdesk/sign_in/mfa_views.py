"""The pages of the second factor that offer or refuse other things than allauth's.

Addresses, names and procedures are allauth's own; `urls` puts these pages first.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import flows
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.generic import RedirectView

from cases.gates import public, signed_in
from cases.models import Person

from . import mfa

LAST = (
    "Your account must have at least one factor. Add another security key first, then remove "
    "this one."
)


class SecondFactorPage(IndexView):
    """The person's factors: keys, an app, recovery codes; what can be added and removed."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        person = self.request.user
        keys = context["authenticators"].get(mfa.KEY, [])
        one = len(keys) == 1
        stays = one and not mfa.may_remove(keys[0].instance, person)
        by_key = mfa.must_be_key(person)
        return {**context, "keys": keys, "last_stays": stays, "keys_are_needed": by_key}


class AuthenticatePage(AuthenticateView):
    """After the password: the key, the code, or both, depending on what the person has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        person = self.stage.login.user
        has = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        by_key = mfa.KEY in has
        if by_key and mfa.must_be_key(person):
            has = {mfa.KEY}
        codes = bool(has - {mfa.KEY})
        return {**context, "by_key": by_key, "by_code": codes, "by_app": mfa.APP in has}


class _Told:
    """Shows an error on the page itself, with a new challenge for the key."""

    def form_invalid(self: Any, form: Any) -> HttpResponse:
        answer: HttpResponse = self.render_to_response({**self.get_context_data(), "form": form})
        return answer


class AddKeyPage(_Told, views.AddWebAuthnView):
    """A new key. If keys are required there are no recovery codes: a code opens nothing."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        person = self.request.user
        needed = mfa.must_be_key(person) and not mfa.keys_of(person).exists()
        return {**context, "first_needed": needed}

    def form_valid(self, form: Any) -> HttpResponse:
        request, person = self.request, self.request.user
        if not mfa.must_be_key(person):
            answer: HttpResponse = super().form_valid(form)
            return answer
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=person.pk)
            # Under the lock, so that of two people with the password only one adds the first key.
            if page := mfa.page_first(request, person):
                return HttpResponseRedirect(page)
            name, credential = form.cleaned_data["name"], form.cleaned_data["credential"]
            key = flows.signup_authenticator(request, person, name, credential)
            post_authentication(request, key)
            get_adapter(request).send_notification_mail("mfa/email/webauthn_added", person)
        return HttpResponseRedirect(reverse("mfa_index"))


class RemoveKeyPage(views.RemoveWebAuthnView):
    """Removes a key, but never the last factor that the person must have."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        may = mfa.may_remove(self.object, self.request.user)
        return {**context, "why_not": "" if may else LAST}

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            # If two tabs remove two keys, the second one sees that only one is left.
            person = Person.objects.select_for_update().get(pk=self.request.user.pk)
            if mfa.may_remove(self.object, person):
                answer: HttpResponse = super().form_valid(form)
                return answer
        messages.error(self.request, LAST)
        return HttpResponseRedirect(reverse("mfa_index"))


class ReauthenticateByKeyPage(_Told, views.ReauthenticateWebAuthnView):
    """The key once more. After a refusal, the person can try again here."""


KEYS = "webauthn/"
urlpatterns = [
    path("", signed_in(SecondFactorPage.as_view()), name="mfa_index"),
    # allauth's own gate comes first: a person who has just given the right password.
    path("authenticate/", public(AuthenticatePage.as_view()), name="mfa_authenticate"),
    path(KEYS, signed_in(RedirectView.as_view(pattern_name="mfa_index")), name="mfa_list_webauthn"),
    path(f"{KEYS}add/", signed_in(AddKeyPage.as_view()), name="mfa_add_webauthn"),
    path(
        f"{KEYS}keys/<int:pk>/remove/",
        signed_in(RemoveKeyPage.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        f"{KEYS}reauthenticate/",
        signed_in(ReauthenticateByKeyPage.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
]
