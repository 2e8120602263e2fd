"""Numbers that states, clinics and insurers give to people, and their passports and licences.

Two ways to be found: by their form (`identity_shapes`), or by a cue, the number's own name before
it (`identity_cues`). After an unmistakable cue the check digits do not count, since people mistype
numbers; a cue that is further away in the line asks for them.
"""

from collections.abc import Iterator

from . import check_digits as check
from .answers import ANSWER
from .identity_cues import CUES
from .identity_shapes import shaped, told_shaped
from .projection import compiled
from .spans import Span, apart, bare, begins

_IS = rb"(?:is|was|are|ist|lautet|lauten|est|es|e|on file|reads?|ends|LIKE '%)"
_GAP = (
    rb"(?:'s)?(?:[ _\-]{0,2}(?:numbers?|no|nos|nr|num|nummer|n\xfamero|numero|num\xe9ro|card|code"
    rb"|id|ids|#|n[\xb0\xba])\b\.?|[ _\-]{0,2}#){0,3}"
    rb"(?: ?\([^()\n]{1,24}\))?"
    rb"(?:,[ ]{1,2}| (?:Ohio|Texas|Florida|California|Per[u\xfa]|M[e\xe9]xico|Chile|Argentina"
    rb")[ :]{1,2})?"
    rb"(?: (?:of|for|from|de|da|do|di|von|del|della|dele|dela|du|der|des"
    rb"|no)\b(?: [A-Za-z\xc0-\xff.']{1,14}){0,3})?"
    rb"[\"']?[ \t]{0,4}"
    rb"(?:<- (?:STRING|NUMBER):|[:=#>\-]{1,2}|\*\*:?|" + _IS + rb"\b|[\xe9\xe8] |=>|->|\xbf)?"
    rb"(?: (?:is|now|also|actually|listed as|still|on file|the|my|his|her)\b){0,2}[:=]?[ \t]{0,4}"
    rb"(?:" + ANSWER + rb"|\r?\n[ \t]{0,8}(?:[A-Z][A-Za-z]{1,20}: ?)?)?[\"'(\[#]{0,2}"
)
_CUED = compiled(
    rb"(?:"
    + rb"|".join(rb"(" + cue + rb")" for _, cue in CUES)
    + rb")(?:\b|_|[ .:#=\"'>])"
    + _GAP
    + rb"((?:[A-Z]{1,5}[ .\-/]?){0,2}\d[A-Z0-9 .\-/_]{2,32}|[A-Z]{6,20}\d[A-Z0-9]{0,12})",
    fold=True,
    rare=True,
)
_KIND_GROUPS = range(1, len(CUES) + 1)
_VALUE = len(CUES) + 1
#: Words besides: they count in capitals only, or with a sign between them and the number.
_WORDS = frozenset(
    b"run fin pan nie tc epic ine pis tag tz rg nin tin spi placa sin nam cnp nip nss afm avs icn"
    b" npi dea"
    b" cns nis bvn targa matr\xedcula secu nas crn lic polis".split()
)
#: Never without something between: they would be a part of another word or number.
_CLOSE = frozenset(b"bvn dl cdl vin dni nif rut idnr pnr fnr oln".split())
#: After such a word the number is a thing's.
_THINGS = compiled(
    rb"(?:order|ticket|case|service|software|product|server|system|api|volume|cpu|trial"
    rb"|enterprise|site|feature|add-on|genesys|windows|office|storage|billing code|security"
    rb"|retention|group)[ _\-]$",
    fold=True,
)
_OF_THINGS = frozenset((b"license", b"licence", b"account", b"policy", b"plate", b"acct"))
_GOODS = compiled(rb"(?:sku|ean|upc|gtin|qty|part|key|type)\b", fold=True)
_TOKEN = compiled(rb"[A-Za-z0-9]{1,30}(?:[.\-/_][A-Za-z0-9]{1,20}){0,6}")
_DATE = compiled(rb"(?:19|20)\d\d-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}:\d\d")
#: The check digit of Hong Kong: A123456(3).
_IN_BRACKETS = compiled(rb" ?\([0-9A]\)")
_UUID = compiled(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", fold=True)
_NEXT = compiled(rb"(?: ?(?:,|;|/|&) ?| (?:and|or|und|et|y|o|ou) )(?:\(?[A-Z]{2}\)? )?(?:[\"'])?")

#: Further away in the line: the cue, how many digits, and the check that they must pass.
_FAR: tuple[tuple[bytes, int, check.Check], ...] = (
    (rb"pesel", 11, check.polish),
    (rb"bsn|burgerservice", 9, check.dutch),
    (rb"steuer", 11, check.german),
    (rb"nhs", 10, check.british_health),
    (rb"\bsin\b|social insurance", 9, check.nine_digits_of_luhn),
    (rb"aadh?a{1,2}r|uidai", 12, check.aadhaar),
    (rb"my ?number", 12, check.japanese),
    (rb"tfn|tax file", 9, check.australian_tax),
    (rb"\bnif\b|contribuinte", 9, check.portuguese),
    (rb"cpf", 11, check.cpf),
    (rb"cui[tl]", 11, check.cuit),
    (rb"(?:sa|rsa) ?id|south african", 13, check.south_african),
    (rb"id ?n(?:o|um|umber)|teudat|identity", 13, check.south_african),
    (rb"id ?n(?:o|um|umber)|teudat|identity|\bt\.?z\b", 9, check.nine_digits_of_luhn),
    (rb"\btc|kimlik", 11, check.turkish),
    (rb"routing|\baba\b", 9, check.routing),
    (rb"f\xf8dsel|personnummer", 11, check.norwegian),
)
_FAR_CUES = tuple((compiled(cue, fold=True), size, passes) for cue, size, passes in _FAR)
_ANY_FAR = compiled(rb"|".join(cue for cue, _, _ in _FAR), fold=True)
_DIGITS = compiled(rb"\d(?:[ .\-]?\d){8,13}")
_FAR_MOST = 100
#: The fields of HL7 and of X12.
_FIELDS = compiled(
    rb"\|([A-Z0-9][A-Z0-9\-]{3,24})\^{2,4}[A-Z0-9 ]{0,20}\^?(?:MR[A-Z]{0,3}|PI|PT|SS|DL|PN|NI"
    rb"|XX)\b"
    rb"|/patients?/([A-Z]{0,3}\d{5,12})\b"
    rb"|\*(?:MI|SY|34|EJ|1W)\*([A-Z0-9]{5,24})[~*]"
)
#: A label in another script, of which the projection keeps only that it is one.
_FOREIGN = compiled(
    rb"\xe9{2,12}[ :\"'\xbf(]{0,4}(\d(?:[ \-]?\d){11}|[1-9]\d{5} ?\d{4} ?\d{4} ?\d{3}[\dX])"
)


def identity_numbers(text: bytes) -> Iterator[Span]:
    """Numbers that their form or their name before them tells, in any line."""
    yield from shaped(text)
    if b"^" in text or b"*" in text or b"/patient" in text:
        for match in _FIELDS.finditer(text):
            group = next(each for each in (1, 2, 3) if match.start(each) >= 0)
            yield Span(*match.span(group), "MEDICAL_ID")
    for match in _CUED.finditer(text):
        group = next(number for number in _KIND_GROUPS if match.start(number) >= 0)
        kind, cue, start = CUES[group - 1][0], match.group(group), match.start(_VALUE)
        gap = text[match.end(group) : start]
        if begins(text, match.start()) and _is_cue(text, match.start(), cue, gap):
            yield from _listed(text, start, kind)


def told_identity_numbers(text: bytes) -> Iterator[Span]:
    """Numbers that would be too common in a log: by form, or by a cue further away."""
    yield from told_shaped(text)
    yield from _bare_ids(text)
    if _ANY_FAR.search(text):
        yield from _far(text)
    if b"\xe9\xe9" in text:
        for match in _FOREIGN.finditer(text):
            number = match.group(1).translate(None, b" -")
            if check.japanese(number) or check.chinese(number):
                yield Span(*match.span(1), "NATIONAL_ID")


#: "(ID 9107280858089)", "ID nr 7812…", "her ID no 28441907"; rodné číslo after its letters.
_BARE_ID = compiled(
    rb"(?:^|[^A-Za-z0-9_\-.])(?:(?i:id|sa id|rsa id)(?:[ .]?(?i:nr|no|num|number"
    rb"|#))?[.:#]{0,2} ?\(?"
    rb"(\d{13}|\d{6} \d{4} \d{3})\b|(?:(?:^|[,;(]|[Hh]er|[Hh]is|[Mm]y|[Tt]heir|[Nn]ational) ?)"
    rb"(?:ID|Id|id) (?i:nr|no|num|number)[.:]{0,2} ?(\d{7,13})\b"
    rb"|(?:R[C\xc8]|r\.c\.|rodn\xe9 c[i\xed]slo)[ :]{1,3}(\d{6}/?\d{3,4})\b"
    rb"|\bC\.?C\.?[ :#]{1,3}(?:(?i:no\.?|n[\xba\xb0]\.?|number)[ ]?)?(\d{1,2}\.\d{3}\.\d{3}"
    rb"|1\.\d{3}\.\d{3}\.\d{3})\b"
    rb"|\b(?:EDIPI|DOD ?ID|CAC)\b[^\n0-9]{0,32}(\d{10})\b|\b([AP]\d{9}[A-Z])\b)",
)


def _bare_ids(text: bytes) -> Iterator[Span]:
    for match in _BARE_ID.finditer(text):
        group = next(each for each in (1, 2, 3, 4, 5, 6) if match.start(each) >= 0)
        digits = bare(match.group(group))
        if group == 1 and not check.is_day(digits[2:4], digits[4:6]):
            continue
        if group == 6 and b"KRA" not in text[max(0, match.start() - 40) : match.end()]:
            continue
        yield Span(*match.span(group), "NATIONAL_ID")
    for match in _IN_QUOTES.finditer(text):
        near = text[max(0, match.start() - 300) : match.start()].lower()
        if b"passport" in near and len(bare(match.group(1))) >= 3:
            yield Span(*match.span(1), "PASSPORT")
    lowered = text[:4000].lower()
    if b"aadh" in lowered or b"uidai" in lowered or b"pan" in lowered:
        for match in _TWELVE.finditer(text):
            if check.aadhaar(match.group(1)):
                yield Span(*match.span(1), "NATIONAL_ID")


_IN_QUOTES = compiled(rb"[a-z\xdf-\xff] \(\"?([A-Z0-9]{7,9})\"?\)")
_TWELVE = compiled(rb"(?:^|[^0-9A-Za-z.\-_/])([2-9]\d{11})\b")


def _listed(text: bytes, start: int, kind: str) -> Iterator[Span]:
    """The number here, and those that continue a list."""
    for _ in range(12):
        end = _end(text, start, kind)
        if not end:
            return
        yield Span(start, end, kind)
        more = _NEXT.match(text, end)
        if more is None or more.end() == end:
            return
        start = more.end()


def _far(text: bytes) -> Iterator[Span]:
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        digits = bare(match.group())
        before = text[max(0, start - _FAR_MOST) : start]
        before = before[before.rfind(b"\n") + 1 :]
        for cue, size, passes in _FAR_CUES:
            if size == len(digits) and passes(digits) and cue.search(before):
                if apart(text, start, end, b".-", b"_"):
                    yield Span(start, end, "NATIONAL_ID")
                break


def _is_cue(text: bytes, at: int, cue: bytes, gap: bytes) -> bool:
    word = cue.lower()
    if not gap:
        return False
    if word in _OF_THINGS and _THINGS.search(text[max(0, at - 16) : at]):
        return False
    if gap[:1] == b"-" and word in _WORDS | _CLOSE | _OF_THINGS:
        return False
    if word in _WORDS:
        return cue.isupper() or any(sign in gap for sign in (b":", b"=", b"#", b'"', b">", b" n"))
    return True


def _end(text: bytes, start: int, kind: str) -> int:
    """Where the number ends that begins here: words with digits, as one would write a number."""
    if _DATE.match(text, start) or _UUID.match(text, start) or _GOODS.match(text, start):
        return 0
    at, end, taken, digits = start, 0, 0, 0
    for _ in range(9):
        match = _TOKEN.match(text, at)
        if match is None:
            break
        word = match.group().translate(None, b".-/_")
        figures = len(bare(word))
        letters = len(word) - figures
        small = bool(figures) and letters > 2 and word.translate(None, b"0123456789").islower()
        if small or (not figures and not (word.isupper() and letters < 6)):
            break
        if taken and not _continues(word, figures, taken, 0 if kind == "LICENSE" else digits):
            break
        taken, digits, end = taken + len(word), digits + figures, match.end()
        if taken >= 24 or text[end : end + 1] != b" ":
            break
        at = end + 1
    while end > start and not text[end - 1 : end].isalnum():
        end -= 1
    if (checked := _IN_BRACKETS.match(text, end)) is not None:
        end = checked.end()
    if kind == "VEHICLE":
        enough = digits >= 2 and taken >= 4
    elif kind in ("MEDICAL_ID", "LICENSE", "PASSPORT"):
        enough = digits >= 4 and taken >= 5
    elif kind == "NATIONAL_ID":
        enough = digits >= 5 or (digits >= 3 and taken in (9, 10) and b" " not in text[start:end])
    else:
        enough = digits >= 5
    if not enough or taken > 26 or (end < len(text) and text[end] == 0x40):
        return 0
    return end


def _continues(word: bytes, figures: int, taken: int, digits: int) -> bool:
    """Whether a further word belongs to the number: short groups of it, or its last letter."""
    if not figures:
        return len(word) == 1
    if digits >= 9 and len(word) > 4:
        return False
    return len(word) <= 6 or digits < 4
