"""Values that their shape reveals, each with what defines the shape.

Every pattern is linear and every repeat is bounded. Each kind has its own pass, since a single
pattern for all would hide a right finding behind a longer wrong one.
"""

import ipaddress
from collections.abc import Iterator
from functools import lru_cache

from .patterns import Match, Pattern
from .phones import phones, told_phones
from .projection import compiled
from .spans import Span, bare

_WORD = frozenset(b"0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(
    range(0xC0, 0x100)
)
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
_IP4 = compiled(
    rb"\d{1,3}(?:\.\d{1,3}){3}"
    rb"|\d{1,3}(?:(?:\[\.\]|\(\.\)|\[dot\]|\(dot\))\d{1,3}){3}",
    fold=True,
)
_IP4_PART = compiled(rb"\d{1,3}")
_IP6 = compiled(rb"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}")
_MAC = compiled(
    rb"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"
    rb"|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}"
)
_CARD = compiled(rb"\d(?:[ .\-]?\d){12,18}")
_SSN = compiled(rb"(\d{3})(-| - )(\d{2})(-| - )(\d{4})")
_SSN_TOLD = compiled(
    rb"(?:ssn|social security|social insurance|soc\.? sec\.?|itin|tin)(?: ?(?:number|no\.?|#|nr))?"
    rb"[ :=#\"'(]{0,4}(?:is|was|of)?[ :=#\"'(]{0,4}(\d(?:[ .\-]{0,3}\d){8})",
    fold=True,
)
_ACCOUNT = rb"[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?"
_IBAN, _IBAN_SMALL = compiled(_ACCOUNT), compiled(_ACCOUNT, fold=True)
_IBAN_TOLD = compiled(
    rb"iban[^A-Za-z0-9]{0,4}([A-Z]{2}\d{2}(?:(?:[ \-]|\r?\n)?[A-Z0-9]){11,30})", fold=True
)
_GPS = compiled(
    rb"-?\d{1,2}\.\d{4,12}(?:\xb0? ?[NS])?[ ,;/]{1,3}-?\d{1,3}\.\d{4,12}(?:\xb0? ?[EW])?"
)
_TOKEN = compiled(
    rb"eyJ[A-Za-z0-9_\-]{8,900}\.[A-Za-z0-9_\-]{4,900}"
    rb"|(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,255}|xox[abprs]-[A-Za-z0-9\-]{10,200}"
    rb"|sk_(?:live|test)_[A-Za-z0-9]{10,200}|AIza[A-Za-z0-9_\-]{35}|glpat-[A-Za-z0-9_\-]{20,64}"
)
_BEARER = compiled(
    rb"(?:bearer|basic|digest|negotiate)(?: {1,3}|\s?[=:]\s?)([A-Za-z0-9._~+/=\-]{12,900})",
    fold=True,
)
_SPACED_NAME = compiled(
    rb"(?:[A-Z\xc0-\xde'\-] ){2,20}[A-Z\xc0-\xde]"
    rb"(?: {2,4}(?:[A-Z\xc0-\xde'\-] ){1,20}[A-Z\xc0-\xde]){1,3}"
)
_TOKEN_REST = compiled(rb"[A-Za-z0-9._~+/=\-]*")

_IBAN_LENGTHS = {
    code: int(length)
    for code, length in (
        each.split(b":")
        for each in (
            b"AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 CH:21 CR:22 CY:28 CZ:24 "
            b"DE:22 DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 "
            b"GT:28 HR:21 HU:28 IE:22 IL:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LI:21 LT:20 LU:20 "
            b"LV:21 MC:27 MD:24 ME:22 MK:19 MR:27 MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 "
            b"QA:29 RO:24 RS:22 SA:24 SE:24 SI:19 SK:24 SM:27 TN:24 TR:26 UA:29 VA:22 XK:20"
        ).split()
    )
}

#: Words before four dotted numbers that make them a version, and that make them an address.
_VERSION = compiled(
    rb"(?:^|[^A-Za-z])(?:version|release|build|upgrad\w{0,5}|updat\w{0,3}|running|firmware"
    rb"|browser|patch\w{0,3}|ver|rev"
    rb"|installed|install|hotfix|client|driver|agent|sdk|app|software|rollback|rolled"
    rb"|downgrad\w{0,5}"
    rb"|section|chapter|clause|paragraph|rfc|oid"
    rb"|chrome|chromium|edge|firefox|safari|v|v\.|both on|still on|is on|are on"
    rb"|on version)(?:[^A-Za-z0-9_\-\n][^\n]{0,23})?$",
    fold=True,
)
_ADDRESS = compiled(
    rb"(?:ip|ipv4|addr|address|host|peer|src|dst|source|dest|destination|remote|server|gateway"
    rb"|gw|via"
    rb"|udp|tcp|tls|dhcp\w{0,6}|ping|connect\w{0,3}|listen\w{0,3}|bind|route|subnet|dns|nat"
    rb"|proxy|sip"
    rb"|client ip|blocked|reach|unreachable|@)[^A-Za-z0-9\n]{0,5}(?:to|from|at|is|for|with)?"
    rb"[^A-Za-z0-9\n]{0,4}$",
    fold=True,
)
_KEY = compiled(rb"([A-Za-z_.\-]{1,40})=[\"']?$")
_KEY_ENDS = (b"=", b'"', b"'")
_VERSION_KEY = compiled(
    rb"ver|vers|release|build|rev|firmware|fw|sw|sdk|software|browser|patch", fold=True
)
_ORDER = compiled(
    rb"(?:order|transaction|txn|ref(?:erence)?|invoice|tracking|case|ticket|conversation|id"
    rb"|interaction|"
    rb"seq|serial|batch|trace|span|ssrc|session|request|correlation|account)(?: ?(?:no\.?"
    rb"|number|id|#))?"
    rb"[^A-Za-z0-9]{0,4}$",
    fold=True,
)
_CARD_TOLD = compiled(rb"(?:card|cc|visa|mastercard|amex|credit|debit|pan)[^\n]{0,16}$", fold=True)
_CALL_ID = compiled(rb"call-?id[\"']?\s?[:=]\s?[\"'<]?$", fold=True)
_MESSAGE_ID = compiled(
    rb"^(?:message-id|in-reply-to|references|content-id"
    rb"|resent-message-id)\s?:[^\n]{0,400}$",
    fold=True,
)


def shapes(text: bytes) -> Iterator[Span]:
    """Everything that its shape reveals, in any line."""
    if b"@" in text:
        yield from _emails(text)
    yield from _numbered_addresses(text)
    yield from _tokens(text)
    yield from phones(text)
    for match in _CARD.finditer(text):
        if _is_card(text, *match.span()):
            yield Span(*match.span(), "CARD")
    for match in _SSN.finditer(text):
        if _is_ssn(text, match):
            yield Span(*match.span(), "SSN")
    for match in _SSN_TOLD.finditer(text):
        yield Span(*match.span(1), "SSN")
    yield from _accounts(_IBAN, text)
    for match in _IBAN_TOLD.finditer(text):
        if end := _iban_end(text, *match.span(1)):
            yield Span(match.start(1), end, "IBAN")
    for match in _GPS.finditer(text):
        if _apart(text, *match.span()):
            yield Span(*match.span(), "LOCATION")


def told(text: bytes) -> Iterator[Span]:
    """Values in prose that shape and preceding words reveal; in a log they would not count."""
    if _SPELT_MARK.search(text):
        for match in _SPELT.finditer(text):
            if _SPELT_MARK.search(match.group()):
                yield Span(*match.span(), "EMAIL")
    yield from told_phones(text)
    yield from _accounts(_IBAN_SMALL, text)
    for match in _SPACED_NAME.finditer(text):
        yield Span(*match.span(), "PERSON")


def _apart(text: bytes, start: int, end: int, inside: bytes = b".") -> bool:
    """Whether a finding is separate, and not part of a longer word or number."""
    if start and (
        text[start - 1] in _WORD
        or (text[start - 1] in inside and start > 1 and text[start - 2] in _WORD)
    ):
        return False
    return not (
        end < len(text)
        and (
            text[end] in _WORD
            or (text[end] in inside and end + 1 < len(text) and text[end + 1] in _WORD)
        )
    )


def _line_before(text: bytes, start: int, most: int = 48) -> bytes:
    before = text[max(0, start - most) : start]
    return before[before.rfind(b"\n") + 1 :]


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
        if not local or b"." not in domain or len(top) < 2 or local == b"git":
            continue
        if b"@2x" in found or b"@3x" in found:
            continue
        digits = bare(local)
        named = len(digits) >= 4 or len(local) >= 20
        if _CALL_ID.search(_line_before(text, start)) or (named and _named_message(text, start)):
            continue  # it names a call or a message, not a person
        if len(digits) >= 7 and not local.strip(b"+0123456789"):
            # A number at a host: the number is a person's, the host is not.
            yield Span(start, start + len(local), "PHONE")
        else:
            yield Span(start, end, "EMAIL")


def _named_message(text: bytes, start: int) -> bool:
    line = text[text.rfind(b"\n", max(0, start - 400), start) + 1 : start]
    return _MESSAGE_ID.search(line) is not None


# --- Addresses of machines --------------------------------------------------------------------


def _numbered_addresses(text: bytes) -> Iterator[Span]:
    for match in _IP4.finditer(text):
        start, end = match.span()
        form = _form(match.group())
        if form and _apart(text, start, end, b".-") and not _is_version(text, start, end, form):
            yield Span(start, end, "IP")
    if b":" not in text and b"-" not in text and b"." not in text:
        return
    for match in _MAC.finditer(text):
        start, end = match.span()
        apart = _apart(text, start, end, b":-.") and text[end : end + 1] not in (b":", b"-")
        if apart and bare(match.group()):
            yield Span(start, end, "MAC")
    for match in _IP6.finditer(text):
        start, end = match.span()
        found = match.group()
        if found.endswith(b":") and not found.endswith(b"::"):
            end, found = end - 1, found[:-1]
        long = len(bare(found)) >= 2 and len(found) >= 6
        whole = b"::" in found or found.count(b":") == 7
        if long and whole and _apart(text, start, end, b":") and _is_address(found):
            yield Span(start, end, "IP")


def _is_address(found: bytes) -> bool:
    try:
        return ipaddress.ip_address(found.decode()).version == 6
    except ValueError:
        return False


_WRONG, _PADDED, _RIGHT = range(3)


@lru_cache(maxsize=4096)
def _form(found: bytes) -> int:
    """Whether four dotted numbers can be an address; cached, as every line has the same ones."""
    parts = (
        [part.group() for part in _IP4_PART.finditer(found)]
        if b"(" in found or b"[" in found
        else found.split(b".")
    )
    if max(map(int, parts)) > 255:
        return _WRONG
    padded = any(len(each) > 1 and each[:1] == b"0" for each in parts)
    return _PADDED if padded else _RIGHT


def _is_version(text: bytes, start: int, end: int, form: int) -> bool:
    if form == _PADDED:
        return True  # 10.01.2.3: addresses are not written like this
    after = text[end : end + 2]
    if after[:1] == b":" and after[1:2].isdigit():
        return False
    if text[start - 1 : start] == b"[" and after[:1] == b"]":
        return False  # Received: from host ([203.0.113.7])
    before = _line_before(text, start)
    if not before:
        return False  # at the start of the line, as in a web server's log
    if before[-1:] == b"/" and before[-2:-1].isalnum():
        return True  # Product/1.2.3.4
    if before[-1:] in _KEY_ENDS and (key := _KEY.search(before)):
        return _VERSION_KEY.search(key.group(1)) is not None
    if _ADDRESS.search(before):
        return False
    return _VERSION.search(before) is not None


# --- Secrets ----------------------------------------------------------------------------------


def _tokens(text: bytes) -> Iterator[Span]:
    past = 0
    for pattern, group in ((_TOKEN, 0), (_BEARER, 1)):
        for match in pattern.finditer(text):
            start, end = match.span(group)
            if start < past or (start and group == 0 and text[start - 1] in _WORD):
                continue
            # The rest of a long one: it extends to the last letter or digit of a secret.
            rest = _TOKEN_REST.match(text, end)
            past = end = rest.end() if rest else end
            yield Span(start, end, "TOKEN")
        past = 0


# --- Numbers of people ------------------------------------------------------------------------


def _luhn(digits: bytes) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = digit - 48
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _issued(digits: bytes) -> bool:
    """Whether an issuer gives out numbers with this start and length."""
    two, four, size = int(digits[:2]), int(digits[:4]), len(digits)
    if two in (34, 37):
        return size == 15
    if digits[:1] == b"4":
        return size in (13, 16, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return size == 16
    if four == 6011 or two in (64, 65, 62) or 3528 <= four <= 3589:
        return 16 <= size <= 19
    if two in (36, 38, 39, 30):
        return size in (14, 16)
    return (two in (50, 60) or 56 <= two <= 69) and 12 <= size <= 19


def _is_card(text: bytes, start: int, end: int) -> bool:
    digits = bare(text[start:end])
    if not _apart(text, start, end, b".-") or digits[:1] not in b"23456":
        return False
    before = _line_before(text, start)
    told = _CARD_TOLD.search(before)
    if len(set(digits)) < (2 if told else 3):
        return False
    if told:
        return (_issued(digits) or _luhn(digits)) and len(digits) >= 13
    if not _issued(digits) or not _luhn(digits):
        return False
    run = text[start:end]
    if b"." in run and (b" " in run or b"-" in run):
        return False  # a version followed by a number
    return _ORDER.search(before) is None


def _is_ssn(text: bytes, match: Match) -> bool:
    area, sign, group, second, serial = (match.group(each) for each in range(1, 6))
    if sign != second or not _apart(text, *match.span(), b".-"):
        return False
    return not (area in (b"000", b"666") or area[:1] == b"9" or group == b"00" or serial == b"0000")


def _accounts(pattern: Pattern, text: bytes) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if end := _iban_end(text, *match.span()):
            yield Span(match.start(), end, "IBAN")


def _iban_end(text: bytes, start: int, end: int) -> int:
    """Where the account number ends; 0 if it is not one."""
    if start and text[start - 1] in _WORD:
        return 0
    found = text[start:end].upper()
    length = _IBAN_LENGTHS.get(found[:2])
    if length is None:
        return 0
    taken = 0
    for place, each in enumerate(found):
        taken += each not in b" -\r\n"
        if taken == length:
            digits = found[: place + 1].translate(None, b" -\r\n")
            number = "".join(str(int(chr(c), 36)) for c in digits[4:] + digits[:4])
            right = int(number) % 97 == 1
            told = b"iban" in _line_before(text, start, 16).lower()
            return start + place + 1 if right or told else 0
    return 0
