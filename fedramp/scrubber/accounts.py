"""Numbers of payment cards, of bank accounts, and the American social security number."""

from collections.abc import Iterator
from functools import lru_cache

from .check_digits import luhn, routing
from .patterns import Match, Pattern
from .projection import compiled
from .spans import Span, apart, bare, begins, ends, line_before

_CARD = compiled(rb"\d(?:[ .\-]?\d){12,18}", rare=True)
#: As cards are printed: with any sign between the groups, and digits before or behind them.
_GROUPED = compiled(
    rb"\d{4}(?:[ ]{1,3}|[.\-/_\t,]|\xbf| - )\d{4}(?:[ ]{1,3}|[.\-/_\t,]|\xbf| - )\d{4}(?:[ ]{1,3}"
    rb"|[.\-/_\t,]|\xbf| - )\d{4}(?:[ .\-/_]\d{3})?"
    rb"|3[47]\d{2}(?:[ .\-/_\t]| - |  )\d{6}(?:[ .\-/_\t]| - |  )\d{5}"
    rb"|3[0689]\d{2}[ .\-/_\t]\d{6}[ .\-/_\t]\d{4}"
    rb"|\d{6}[ \-]\d{10}|\d{8} \d{8}",
    rare=True,
)
_SOLID = compiled(rb"\d{13,19}", rare=True)
_SSN = compiled(rb"(\d{3})( ?- ?|\.|_|  ?|/|\xbf)(\d{2})( ?- ?|\.|_|  ?|/|\xbf)(\d{4})", rare=True)
_SSN_WORDS = (
    rb"ssns?|ss ?#|ss (?:no|num(?:ber)?)\.?|ss|social(?: security| sec\.?)?|social insurance"
    rb"|soc\.? ?sec\.?|socsec|soc|itin|tin|tax ?id|tax ?payer ?id(?:entification)?|seguro social"
    rb"|social[ _]?security"
)
_SSN_TOLD = compiled(
    rb"(?:" + _SSN_WORDS + rb")(?: ?(?:numbers?|no\.?|#|nr|num|n\xfamero))?"
    rb"(?: ?\([^)\n]{1,16}\))?[\"']?(?: (?:on file|given"
    rb"|for [a-z]{2,12}))?[ \t:=#\"'(>,\-\[]{0,4}(?:\r?\n[ \t]{0,8})?(?:is|was|of|are|ends? in|es"
    rb"|it's|as|\?[^\n]{0,4}\r?\n[^\n:>]{0,48}[:>])?[ \t:=#\"'(>]{0,4}"
    rb"(\d(?:[ .\-/_]{0,3}\d){8})",
    fold=True,
    rare=True,
)
#: The last four digits of one are part of it.
_SSN_LAST = compiled(
    rb"(?:(?:last|final)[ _\-]?(?:four|4)(?: digits)?[ :(]{1,3}(?:is |was "
    rb"|are )?(\d{4})\)?,? (?:of|on|from|for)(?: (?:the"
    rb"|my|your|his|her|their|caller'?s?))? (?:ssn?|social|soc)\b"
    rb"|(?:(?:last|final) ?(?:four|4)(?: digits)?(?: of| on)?(?: (?:the|my|your|his|her|their"
    rb"|caller'?s?|customer'?s?))?[ :]{0,2}(?:ssn?|social|soc)(?: security)?(?: number| #)?"
    rb"|(?:ssn?|social|soc)(?: security)?(?:[ _]?number)?[ _,]{0,2}(?:\(?(?:last|ending"
    rb"|ends)[ _]?(?:4|four|in|with)?(?: digits)?\)?))"
    rb"[\"']?[^A-Za-z0-9\n]{0,5}(?:is|was|are|in"
    rb"|:)?[^A-Za-z0-9\n]{0,4}(?:\?[^\n]{0,4}\r?\n[^\n:>]{0,48}[:>][^0-9\n]{0,12})?(\d{4})\b)",
    fold=True,
    rare=True,
)
_LAST_FOUR = compiled(
    rb"\blast ?(?:four|4)(?: digits)?[ :]{1,2}(?:is |was |are )?(\d{4})\b", fold=True
)
_SSN_MASKED = compiled(rb"(?:[xX*#]{3}[ \-]?[xX*#]{2}[ \-]?)(\d{4})\b", rare=True)
_MORE = compiled(rb"(?:, ?|; ?| and | or | / | & |\r?\n ?|,? and )(\d(?:[ .\-]?\d){8})\b")
_ACCOUNT = rb"[A-Z]{2} ?\d{2}(?:[ .\-]{0,2}[A-Z0-9]){11,30}"
_IBAN, _IBAN_SMALL = compiled(_ACCOUNT, rare=True), compiled(_ACCOUNT, fold=True)
_IBAN_TOLD = compiled(
    rb"iban[^A-Za-z0-9]{0,4}(?:is |ist |es |nr\.? ?|no\.? ?|number "
    rb"|: ?){0,2}([A-Z]{2} ?\d{2}(?:(?:[ .\-]|\r?\n)?[A-Z0-9]){11,30})",
    fold=True,
    rare=True,
)
_LENGTHS = {
    code: int(length)
    for code, length in (
        each.split(b":")
        for each in (
            b"AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BI:27 BR:29 BY:28 CH:21 CR:22"
            b" CY:28 CZ:24 "
            b"DE:22 DJ:27 DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FK:18 FO:18 FR:27 GB:22 GE:22 GI:23"
            b" GL:18 GR:27 "
            b"GT:28 HN:28 HR:21 HU:28 IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32"
            b" LI:21 LT:20 LU:20 "
            b"LV:21 LY:25 MC:27 MD:24 ME:22 MK:19 MN:20 MR:27 MT:31 MU:30 NI:28 NL:18 NO:15 OM:23"
            b" PK:24 PL:28 PS:29 PT:25 "
            b"QA:29 RO:24 RS:22 RU:33 SA:24 SC:31 SD:18 SE:24 SI:19 SK:24 SM:27 SO:23 ST:25 SV:28"
            b" TL:23 TN:24 TR:26 UA:29 "
            b"VA:22 VG:24 XK:20 YE:30"
        ).split()
    )
}
_ROUTING = compiled(
    rb"(?:^|[^A-Za-z])(?:routing|aba|rtn|transit|rout\.?)(?: ?(?:transit )?(?:number|no\.?|num"
    rb"|nr\.?|#))?[\"']?[ :=#\"'(]{1,4}(?:is |was )?(\d{9}|\d{4}[ \-]\d{4}[ \-]\d)\b",
    fold=True,
    rare=True,
)
_SORT = compiled(
    rb"\bsort(?: ?code)?[ :=#\"'(]{1,4}(?:is |was )?(\d{2}[ \-]?\d{2}[ \-]?\d{2})\b"
    rb"|\bbsb[ :=#\"'(]{1,4}(?:is |was )?(\d{3}[ \-]?\d{3})\b",
    fold=True,
    rare=True,
)
_ORDER = compiled(
    rb"(?:order|transaction|txn|ref(?:erence)?|invoice|tracking|case|ticket|conversation|id"
    rb"|interaction|imei|iccid|sim|imsi"
    rb"|seq|serial|batch|trace|span|ssrc|session|request|correlation|account)(?: ?(?:no\.?"
    rb"|number|id|#))?"
    rb"[^A-Za-z0-9]{0,4}$",
    fold=True,
)
_CARD_TOLD = compiled(
    rb"(?:card|cc|visa|mastercard|amex|credit|debit|pan|discover|carte|karte|kartennummer|tarjeta"
    rb"|cart\xe3o|carta)[^\n]{0,16}$",
    fold=True,
)


def accounts(text: bytes) -> Iterator[Span]:
    """Cards, bank accounts and social security numbers in any line."""
    for card in _cards(text):
        yield card
        yield from _beside_card(text, card.end)
    for match in _SSN.finditer(text):
        if _is_ssn(text, match):
            yield Span(*match.span(), "SSN")
    for match in _SSN_TOLD.finditer(text):
        start, end = match.span(1)
        if not ends(text, end) or not begins(text, match.start()):
            continue
        yield Span(start, end, "SSN")
        while (more := _MORE.match(text, end)) is not None:
            yield Span(*more.span(1), "SSN")
            end = more.end()
    for match in _SSN_LAST.finditer(text):
        yield Span(*match.span(1 if match.start(1) >= 0 else 2), "SSN")
    for match in _SSN_MASKED.finditer(text):
        yield Span(*match.span(1), "SSN")
    yield from _ibans(_IBAN, text)
    for match in _IBAN_TOLD.finditer(text):
        if end := _iban_end(text, *match.span(1), told=True):
            yield Span(match.start(1), end, "IBAN")
    for match in _ROUTING.finditer(text):
        if routing(bare(match.group(1))):
            yield Span(*match.span(1), "ACCOUNT")
    for match in _SORT.finditer(text):
        yield Span(*(match.span(1) if match.start(1) >= 0 else match.span(2)), "ACCOUNT")


def told_accounts(text: bytes) -> Iterator[Span]:
    """In prose, an account in small letters too; and four digits of a number that was named."""
    yield from _ibans(_IBAN_SMALL, text)
    for match in _LAST_FOUR.finditer(text):
        before = text[max(0, match.start() - 120) : match.start()].lower()
        if any(word in before for word in (b"dod id", b"edipi", b"ssn", b"social")):
            yield Span(*match.span(1), "SSN")


#: Behind a card: when it expires, and its check digits.
_EXPIRY = compiled(
    rb"[ ,;|/\t(&\"']{1,4}(?:(?:exp(?:ir\w{0,6}|\.)?|valid(?: thru| until)?|val|thru|vto|ablauf"
    rb"|gueltig|g\xfcltig|bis|good thru|ex)(?:[ _]?date)?\.?[:= \"']{0,4})?"
    rb"((?:0[1-9]|1[0-2]) ?[/\-] ?(?:20)?[2-4]\d|(?:0[1-9]|1[0-2])[2-4]\d)\b"
    rb"(?:[ ,;|/\t)&]{1,4}(?:(?:code|cvv2?|cvc2?|cvn|cid|csc|sec(?:urity)?(?: code)?|cv)"
    rb"[:= #\"']{0,3})?(\d{3,4})\b)?",
    fold=True,
)


_THEN = compiled(
    rb"[ ,;(]{1,3}(?:and )?(?:then|cvv2?|cvc2?|cid|csc|[34][ -]digit code|(?:the )?code)[ :(]{1,2}"
    rb"(?:is |was )?(\d{3,4})\b|[ ]?\([34][ -]digit code[ :](\d{3,4})\)",
    fold=True,
)


def _beside_card(text: bytes, end: int) -> Iterator[Span]:
    then = _THEN.match(text, end)
    if then is not None:
        yield Span(*then.span(1 if then.start(1) >= 0 else 2), "TOKEN")
    match = _EXPIRY.match(text, end)
    if match is None:
        return
    if match.start(2) >= 0:  # the date by itself pays for nothing
        yield Span(*match.span(1), "CARD")
        yield Span(*match.span(2), "TOKEN")


# --- Cards ------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
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


def _cards(text: bytes) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        if _is_card(text, *match.span()):
            yield Span(*match.span(), "CARD")
    at = 0
    while (grouped := _GROUPED.search(text, at)) is not None:
        start, end = grouped.span()
        if _is_grouped(text, start, end):
            yield Span(start, end, "CARD")
            at = end
            continue
        if end - start > 19 and _is_grouped(text, start, end - 4):
            yield Span(start, end - 4, "CARD")
            at = end - 4
            continue
        at = start + 4  # what looked like its first group may be a year or a count before it
    for match in _SOLID.finditer(text):
        start, end = match.span()
        if end - start in (15, 16) and _is_solid(text, start, end):
            yield Span(start, end, "CARD")


def _is_card(text: bytes, start: int, end: int) -> bool:
    digits = bare(text[start:end])
    if not apart(text, start, end, b".-") or digits[:1] not in b"23456":
        return False
    before = line_before(text, start)
    told = _CARD_TOLD.search(before)
    if len(set(digits)) < (2 if told else 3):
        return False
    if told:
        return (_issued(digits) or luhn(digits)) and len(digits) >= 13
    if not _issued(digits) or not luhn(digits):
        return False
    run = text[start:end]
    if b"." in run and (b" " in run or b"-" in run):
        return False  # a version followed by a number
    return _ORDER.search(before) is None


def _is_grouped(text: bytes, start: int, end: int) -> bool:
    digits = bare(text[start:end])
    if (
        not apart(text, start, end, b"", b"_")
        or len(set(digits)) < 2
        or len(digits) not in (14, 15, 16, 19)
    ):
        return False
    if (
        text[start - 1 : start] in (b".", b"-", b"+")
        and text[max(0, start - 2) : start - 1].isdigit()
    ):
        return False
    if not _issued(digits):
        return False
    if luhn(digits):
        return _ORDER.search(line_before(text, start)) is None
    return _CARD_TOLD.search(line_before(text, start)) is not None


def _is_solid(text: bytes, start: int, end: int) -> bool:
    """Sixteen digits beside further digits or signs: an expiry date, a time, a file's name."""
    digits = text[start:end]
    if len(set(digits)) < 3 or not _issued(digits) or not luhn(digits):
        return False
    if start and text[start - 1] in b".-+" and text[start - 2 : start - 1].isdigit():
        return False
    if not apart(text, start, end, b"", b"_") or (
        text[end : end + 2][1:].isdigit() and text[end] in b".-"
    ):
        return False
    return _ORDER.search(line_before(text, start)) is None


def _is_ssn(text: bytes, match: Match) -> bool:
    area, sign, group, second, serial = (match.group(each) for each in range(1, 6))
    if sign != second:
        return False
    named = text[max(0, match.start() - 3) : match.start()].lower() == b"ssn"
    if not (apart(text, *match.span(), b"-/", b"_") or (named and sign == b"-")):
        return False
    if (
        text[match.end() : match.end() + 1] == b"."
        and text[match.end() + 1 : match.end() + 2].isdigit()
    ):
        return False
    if area in (b"000", b"666") or area[:1] == b"9" or group == b"00" or serial == b"0000":
        return False
    if b"-" in sign or sign == b"_":
        return True
    before = line_before(text, match.start(), 60)
    if sign in (b".", b"/") and text[match.end() : match.end() + 1] == sign:
        return False
    if _SSN_NEAR.search(before):
        return True
    if sign.strip():
        return sign == b"." and _NUMBERED.search(before) is None
    # Three groups with spaces: neither part of a row of numbers nor of a telephone number.
    after = text[match.end() : match.end() + 3].lstrip(b" ")
    return _DATED.search(before) is not None or (
        not (
            before.rstrip()[-1:].isdigit()
            or after[:1].isdigit()
            or before.rstrip()[-1:] in (b"+", b")")
        )
        and not _NUMBERED.search(before)
    )


_DATED = compiled(rb"\b(?:19|20)\d\d[01]\d[0-3]\d[ ,;|\t]{1,3}$")
_SSN_NEAR = compiled(rb"(?:ssn|social|soc\b|ss ?#|security)", fold=True)
_NUMBERED = compiled(
    rb"(?:ticket|case|order|ref\w{0,6}|invoice|part|pn|serial|tracking|tel\w{0,6}|phone|call|fax"
    rb"|mobile?|cell|version|build|port|bytes|id|no|num\w{0,4}|acct|account"
    rb"|conf\w{0,8})[^A-Za-z0-9\n]{0,5}$",
    fold=True,
)


# --- Bank accounts ----------------------------------------------------------------------------


def _ibans(pattern: Pattern, text: bytes) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if end := _iban_end(text, *match.span()):
            yield Span(match.start(), end, "IBAN")


_GAPS = b" .-\r\n"


def _iban_end(text: bytes, start: int, end: int, *, told: bool = False) -> int:
    """Where the account number ends; 0 if it is not one."""
    if start and (text[start - 1 : start].isalnum() or text[start - 1] >= 0xC0) and not told:
        return 0
    found = text[start:end].upper()
    length = _LENGTHS.get(found[:2])
    if length is None:
        return 0
    taken = 0
    for place, each in enumerate(found):
        taken += each not in _GAPS
        if taken == length:
            digits = found[: place + 1].translate(None, _GAPS)
            number = "".join(str(int(chr(c), 36)) for c in digits[4:] + digits[:4])
            right = int(number) % 97 == 1
            told = told or b"iban" in line_before(text, start, 16).lower()
            return start + place + 1 if right or told else 0
    return 0
