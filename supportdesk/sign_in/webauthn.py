"""Security keys (WebAuthn): which answer of a key counts (IA-2).

allauth and fido2 do the procedure. This module adds what they leave open: the single origin of this
realm (they would accept a page of any host below the realm's own), the counter that reveals a
copied key, and malformed answers. Who needs a key: `mfa`. The pages: `mfa_views`.
"""

from struct import error as StructError
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms
from django import forms as django_forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from fido2.cose import UnsupportedKey
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from cases import realm
from cases.form_fields import LineField
from cases.models import Person
from fedramp.audit import Event

from . import audit, mfa

NOT_TAKEN = "This key was not accepted. Use a key that you have added to this account."
NOT_ADDED = "The key could not be added. Try again, or use another key."
NO_ANSWER = "No key responded. Press the button, and follow the instructions of your browser."


class Adapter(DefaultMFAAdapter):
    """The realm is the relying party, whatever host name a request claims."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = urlsplit(settings.SITE_URL).hostname or ""
        return {"id": host, "name": realm.current().portal_title}

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        return f"Security key {mfa.keys_of(user).count() + 1}"


def origin() -> str:
    """The only origin whose pages may ask for a key: that of SITE_URL, as a browser writes it."""
    site = urlsplit(settings.SITE_URL)
    usual = {"https": 443, "http": 80}.get(site.scheme)
    port = "" if site.port in (None, usual) else f":{site.port}"
    return f"{site.scheme}://{site.hostname}{port}"


def _read(kind: Any, sent: Any) -> Any:
    """The answer of a key, parsed.

    Raises ValueError if it is not one, or was given to a page outside this realm.
    """
    try:
        answer = kind.from_dict(sent)
        if answer.response.client_data.origin != origin():
            raise ValueError("an answer for another origin")
    except (AttributeError, IndexError, KeyError, RecursionError, StructError, TypeError) as error:
        raise ValueError("not the answer of a key") from error
    return answer


class _CredentialField(django_forms.JSONField):
    """The answer of a key; it is read once, and never shown again."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(NO_ANSWER) from error

    def bound_data(self, data: Any, initial: Any) -> None:
        return None


class _Credential(django_forms.Form):
    """A form that carries the answer of a key."""

    credential = _CredentialField(
        widget=django_forms.HiddenInput,
        error_messages={"required": NO_ANSWER, "invalid": NO_ANSWER},
    )


class AddForm(_Credential, forms.AddWebAuthnForm):
    """A new key, with a name."""

    name = LineField(
        label="Name of the key",
        max_length=60,
        required=False,
        help_text="So that you can tell your keys apart, such as “blue, on my key ring”.",
    )

    def clean_credential(self) -> Any:
        """Check that the answer registers a key that the desk can verify later."""
        sent = self.cleaned_data["credential"]
        try:
            made = _read(RegistrationResponse, sent).response.attestation_object.auth_data
        except ValueError as error:
            raise ValidationError(NOT_ADDED) from error
        if not made.credential_data or isinstance(made.credential_data.public_key, UnsupportedKey):
            raise ValidationError(NOT_ADDED)
        return sent

    def clean(self) -> dict[str, Any]:
        try:
            values: dict[str, Any] = super().clean() or {}
        except ValidationError as error:
            raise ValidationError(NOT_ADDED) from error
        return values


class EditForm(forms.EditWebAuthnForm):
    """Another name for a key."""

    name = LineField(label="Name of the key", max_length=60)


class _AnswerOfKey(_Credential):
    """Accepts the answer of one of the person's keys, once; records each refusal."""

    user: Person

    def clean_credential(self) -> Authenticator:
        sent = self.cleaned_data["credential"]
        try:
            answer = _read(AuthenticationResponse, sent)
            key: Authenticator = super().clean_credential()  # type: ignore[misc]
            if not _counts_on(key, answer.response.authenticator_data.counter):
                raise ValueError("the counter did not increase")
        except (ValueError, ValidationError) as error:
            audit.failed(Event.FAILED, self.user, context.request, "security key")
            raise ValidationError(NOT_TAKEN) from error
        return key


def _counts_on(key: Authenticator, counter: int) -> bool:
    """Whether the key's counter has increased since its last answer; if so, stores it.

    If it decreased or did not change, the key is a copy. Keys that do not count always say 0.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=key.pk).first()
        if row is None:
            return False
        seen = row.data.get("counter", row.wrap().authenticator_data.counter)
        if (seen or counter) and counter <= seen:
            return False
        row.data["counter"] = counter
        row.save(update_fields=["data"])
    return True


class AuthenticateForm(_AnswerOfKey, forms.AuthenticateWebAuthnForm):
    """The key after the password."""


class ReauthenticateForm(_AnswerOfKey, forms.ReauthenticateWebAuthnForm):
    """The key before a change of the account, or before the telephone PIN is shown."""
