"""Second factors: who must have which one, and what a session has proved (IA-2).

The factors themselves: codes are in `totp`, keys in `webauthn`.
"""

from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from cases import realm
from cases.models import Person

KEY, APP = Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP
#: These change nothing and show nothing; the set-up pages need them.
OPEN = (settings.STATIC_URL, "/session/")


def are_required_of(person: Person) -> bool:
    """Whether nothing opens for this person until a second factor is set up."""
    if person.is_staff:
        return bool(settings.STAFF_SECOND_FACTOR_REQUIRED)
    return bool(settings.CONTACT_SECOND_FACTOR_REQUIRED)


def must_be_key(person: Person) -> bool:
    """Whether only a security key opens the desk for this person, and no code does."""
    by_key = person.is_staff and realm.current().staff_sign_in_with_keys
    return by_key and are_required_of(person)


def keys_of(person: Person) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user_id=person.pk, type=KEY)


def only_key_counts(person: Person) -> bool:
    """Whether the person can sign in and prove their identity again only by a key.

    Not before the first key: until then a password or an old code must do.
    """
    return must_be_key(person) and keys_of(person).exists()


def may_remove(key: Authenticator, person: Person) -> bool:
    """Whether it is not the person's last required factor. The caller locks the person's row."""
    if not are_required_of(person):
        return True
    kinds = [KEY] if must_be_key(person) else [KEY, APP]
    factors = Authenticator.objects.filter(user_id=person.pk, type__in=kinds)
    return factors.exclude(pk=key.pk).exists()


def proved(request: HttpRequest, person: Person) -> list[str]:
    """The kinds of second factor that this session proved, in order, each once."""
    records = get_authentication_records(request, person)
    return list(dict.fromkeys(each["type"] for each in records if each["method"] == "mfa"))


def page_first(request: HttpRequest, person: Person) -> str:
    """The page that this session must pass before any other; "" for none."""
    if not are_required_of(person) or request.path.startswith(OPEN):
        return ""
    if must_be_key(person):
        return "" if KEY in proved(request, person) else _key_first(request, person)
    if request.path.startswith("/accounts/"):
        return ""
    has_one = Authenticator.objects.filter(user_id=person.pk).exists()
    return "" if has_one else reverse("mfa_index")


def _key_first(request: HttpRequest, person: Person) -> str:
    """After a password alone, one page opens: the one that adds the first key, and what leads to
    it. A person who has a key must prove it first: adding another would bypass the key."""
    leave = reverse("account_logout")
    if keys_of(person).exists():
        page = reverse("mfa_reauthenticate_webauthn")
        if request.path in (page, leave):
            return ""
        then = request.get_full_path() if request.method == "GET" else ""
        return f"{page}?{urlencode({'next': then})}" if then else page
    page = reverse("mfa_add_webauthn")
    again = (reverse("account_reauthenticate"), reverse("mfa_reauthenticate"))
    return "" if request.path in (page, leave, *again) else page
