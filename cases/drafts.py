"""What a person typed before the session ended, kept until they have signed in again.

Each portal form carries a signed token that says who was typing in it and where it is sent. When
such a form arrives from a browser that is no longer signed in, its texts go into the browser's new
session, and are shown again in the same form to the same person only. They are scrubbed like
everything the realm stores, and disappear with the session. Files cannot be kept: a browser does
not fill them in again.
"""

import datetime as dt

from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpRequest
from django.urls import resolve
from django.utils import timezone

from . import realm
from .models import Organization, Person
from .rules.search import case_number_in

FIELD = "kept_for"
_SALT = "cases.kept"
_SESSION_KEY = "kept"
#: A form may have been open for this long.
_TOKEN_AGE = dt.timedelta(days=7)
#: Its texts are offered for this long.
_DRAFT_AGE = dt.timedelta(hours=1)
#: Session rows stay small; longer texts belong in a file anyway.
_MAX_CHARACTERS = 300_000
_MAX_FORMS = 5
#: How many sessions one step of the job removes.
_AT_ONCE = 500
_NOT_TYPED = {"csrfmiddlewaretoken", FIELD, "submission", "version", "seen", "seen_entry", "asked"}


def token(person: Person, address: str) -> str:
    """The value of the hidden field: this person types in the form that is sent to `address`."""
    return signing.dumps([person.pk, address], salt=_SALT)


def keep(request: HttpRequest) -> bool:
    """Keep the posted texts in this browser's session; False if the form does not prove who typed.

    A form of another person than the one signed in is not kept: a stranger's page must not be able
    to put words into a person's form.
    """
    try:
        person_id, address = signing.loads(
            request.POST.get(FIELD, ""), salt=_SALT, max_age=_TOKEN_AGE
        )
    except signing.BadSignature:
        return False
    if address != request.path:
        return False
    if request.user.is_authenticated and request.user.pk != person_id:
        return False
    if _belongs_elsewhere(address):
        return False
    scrub = realm.current().scrub
    texts = {
        name: scrub(str(text)[:_MAX_CHARACTERS])
        for name, text in request.POST.items()
        if name not in _NOT_TYPED
    }
    if sum(len(text) for text in texts.values()) > _MAX_CHARACTERS:
        texts = {name: text[: _MAX_CHARACTERS // len(texts)] for name, text in texts.items()}
    forms = dict(request.session.get(_SESSION_KEY, {}))
    forms.pop(address, None)
    forms[address] = {"person": person_id, "at": timezone.now().timestamp(), "texts": texts}
    request.session[_SESSION_KEY] = dict(list(forms.items())[-_MAX_FORMS:])
    return True


def _belongs_elsewhere(address: str) -> bool:
    """FED-1: whether the form is about an organization whose cases this realm may not hold."""
    about = resolve(address).kwargs  # it resolves: the request got here
    found = None
    if number := about.get("number"):
        found = Organization.objects.filter(cases__number=case_number_in(number)).first()
    elif short_name := about.get("short_name"):
        found = Organization.objects.filter(short_name=short_name).first()
    return found is not None and not realm.current().may_open_for(found)


def texts_for(request: HttpRequest, address: str) -> dict[str, str]:
    """What this person typed in this form; empty for anybody else, and after an hour."""
    form = request.session.get(_SESSION_KEY, {}).get(address)
    if not form or form["person"] != request.user.pk:
        return {}
    if timezone.now().timestamp() - form["at"] > _DRAFT_AGE.total_seconds():
        return {}
    return dict(form["texts"])


def forget(request: HttpRequest, address: str) -> None:
    """The form was sent: nothing is kept for it any longer."""
    forms = request.session.get(_SESSION_KEY, {})
    if address in forms:
        request.session[_SESSION_KEY] = {
            name: form for name, form in forms.items() if name != address
        }


def clear_sessions(now: dt.datetime) -> int:
    """Remove some expired sessions, with the drafts in them; returns how many.

    Nothing else removes the session of a browser that never came back.
    """
    gone = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:_AT_ONCE])
    Session.objects.filter(pk__in=gone, expire_date__lt=now).delete()
    return len(gone)
