"""Values that their shape reveals, or a word beside them; each kind has its module and its pass.

Belongs here: mail addresses, and the one place that calls all kinds. Every pattern is linear and
every repeat is bounded; a single pattern for all would hide a right finding behind a longer wrong
one.
"""

from collections.abc import Iterator

from .accounts import accounts, told_accounts
from .birth_dates import birth_dates, told_birth_dates
from .identity_numbers import identity_numbers, told_identity_numbers
from .logins import logins, told_logins
from .machines import machines
from .people import is_listed
from .phone_places import phone_places, told_phone_places
from .phones import phones, told_phones
from .positions import positions, told_positions
from .projection import compiled
from .secrets import secrets
from .shared_secrets import shared_secrets, told_shared_secrets
from .spans import Span, bare, line_before
from .spoken import NO_LOCAL, spoken
from .user_names import told_user_names, user_names

_DIGITS = frozenset(b"0123456789")

_EMAIL = compiled(
    rb"[A-Za-z0-9._%+'=/\-\xc0-\xff]{1,64}@[A-Za-z0-9\-\xc0-\xff]{1,63}"
    rb"(?:\.[A-Za-z0-9\-\xc0-\xff]{1,63}){1,8}"
)
_SPELT = compiled(
    rb"[A-Za-z0-9._+\-\xc0-\xff]{1,64}(?: ?(?:\(dot\)|\[dot\]|\{dot\}|\[\.\]|\(\.\)| dot )"
    rb" ?[A-Za-z0-9._+\-\xc0-\xff]{1,64}){0,3}"
    rb" ?(?:@|\(at\)|\[at\]|\{at\}|\(@\)|\[@\]|\{@\}| at ) ?[A-Za-z0-9\-]{1,63}"
    rb"(?: ?(?:\.|\(dot\)|\[dot\]|\{dot\}|\[\.\]|\(\.\)| dot ) ?[A-Za-z0-9\-]{1,63}){1,6}",
    fold=True,
)
_SPELT_MARK = compiled(rb"[(\[{](?:at|@|dot|\.)[)\]}]| dot ", fold=True)
_SPACED_NAME = compiled(
    rb"(?:[A-Z\xc0-\xde'\-] ){2,20}[A-Z\xc0-\xde]"
    rb"(?: {2,4}(?:[A-Z\xc0-\xde'\-] ){1,20}[A-Z\xc0-\xde]){1,3}"
)
_CALL_ID = compiled(rb"call-?id[\"']?\s?[:=]\s?[\"'<]?$", fold=True)
_MESSAGE_ID = compiled(
    rb"^(?:message-id|in-reply-to|references|content-id|resent-message-id)\s?:[^\n]{0,400}$"
    rb"|message[ \-]?id(?: is| was)?[ :=]{1,3}<[^\s<>]{0,200}$",
    fold=True,
)


def shapes(text: bytes) -> Iterator[Span]:
    """Everything that its shape, its key or a word beside it reveals, in any line."""
    if b"@" in text:
        yield from _emails(text)
    yield from machines(text)
    yield from secrets(text)
    yield from shared_secrets(text)
    yield from phones(text)
    yield from phone_places(text)
    yield from accounts(text)
    yield from identity_numbers(text)
    yield from birth_dates(text)
    yield from positions(text)
    yield from user_names(text)
    yield from logins(text)


def told(text: bytes) -> Iterator[Span]:
    """Values in prose that shape and preceding words reveal; in a log they would not count."""
    if _SPELT_MARK.search(text):
        for match in _SPELT.finditer(text):
            first = match.group().split(b" ", 1)[0].lower()
            if _SPELT_MARK.search(match.group()) and first not in NO_LOCAL:
                yield Span(*match.span(), "EMAIL")
    yield from told_phones(text)
    yield from told_phone_places(text)
    yield from told_shared_secrets(text)
    yield from told_accounts(text)
    yield from told_identity_numbers(text)
    yield from told_birth_dates(text)
    yield from told_positions(text)
    yield from told_user_names(text)
    yield from told_logins(text)
    yield from spoken(text)
    for match in _SPACED_NAME.finditer(text):
        # A heading is spaced like this too, and is of everyday words or of no names.
        words = [word.replace(b" ", b"") for word in match.group().split(b"  ") if word.strip()]
        if any(is_listed(word.title()) for word in words):
            yield Span(*match.span(), "PERSON")


# --- Mail addresses ---------------------------------------------------------------------------


def _emails(text: bytes) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        start, end = match.span()
        found = match.group()
        local, _, domain = found.partition(b"@")
        # A key, a path or an escape that runs into the address is not part of it.
        for sign in (b"=", b"/", b"%"):
            cut = local.rfind(sign) + 1
            if cut and sign == b"%" and local[cut : cut + 2].isalnum():
                cut += 2
            start, local = start + cut, local[cut:]
        top = domain.rsplit(b".", 1)[-1]
        while not top.isalpha() and b"." in domain:  # a trailing ".5" or similar
            if not any(each in _DIGITS for each in top):
                break
            return_to = domain.rfind(b".")
            end -= len(domain) - return_to
            domain = domain[:return_to]
            top = domain.rsplit(b".", 1)[-1]
        stripped = local.lstrip(b".'-")
        start, local = start + len(local) - len(stripped), stripped
        if not local or b"." not in domain or len(top) < 2 or local in (b"git", b"anonymous"):
            continue
        if b"@2x" in found or b"@3x" in found:
            continue
        digits = bare(local)
        named = len(digits) >= 4 or len(local) >= 20
        if _CALL_ID.search(line_before(text, start)) or (named and _named_message(text, start)):
            continue  # it names a call or a message, not a person
        if len(digits) >= 7 and not local.strip(b"+0123456789"):
            # A number at a host: the number is a person's, the host is not.
            yield Span(start, start + len(local), "PHONE")
        else:
            yield Span(start, end, "EMAIL")


def _named_message(text: bytes, start: int) -> bool:
    line = text[text.rfind(b"\n", max(0, start - 400), start) + 1 : start]
    return _MESSAGE_ID.search(line) is not None
