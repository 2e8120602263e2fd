"""Numbers that states, clinics and insurers give to people, and their passports and licences.

Two ways to be found. By shape alone, where the form and the check digits leave little to chance.
By a cue: the number's own name before it, in the languages in which people write it; then the check
digits count only where the cue is weak, since people mistype numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from . import check_digits as check
from .projection import compiled
from .spans import Span, apart, begins, line_before

_NO_SIGNS = b" .-/_\\"


@dataclass(frozen=True)
class Shape:
    """A number that is told by its form and its check digits; `prose`: only in prose."""

    pattern: bytes
    check: check.Check
    prose: bool = False


def _any(number: bytes) -> bool:
    return True


def _rfc(number: bytes) -> bool:
    return check.is_day(number[6:8], number[8:10])


def _emirati(number: bytes) -> bool:
    return number[:3] == b"784" and (number[3:5] in (b"19", b"20"))


def _medicare(number: bytes) -> bool:
    return True


SHAPES = (
    # Italy: codice fiscale. Mexico: CURP, RFC of a person.
    Shape(
        rb"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]",
        check.italian,
    ),
    Shape(rb"[A-Z]{3} [A-Z]{3} \d\d[A-EHLMPRST]\d\d [A-Z]\d{3}[A-Z]", check.italian),
    Shape(rb"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d", check.curp),
    Shape(rb"[A-Z&\xd1]{4}\d{6}[A-Z0-9]{3}", _rfc),
    # United Kingdom: National Insurance.
    Shape(
        rb"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: \d\d){3} [A-D]"
        rb"|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:-\d\d){3}-[A-D]",
        _any,
    ),
    Shape(rb"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{6} ?[A-D]", _any, prose=True),
    # Spain: NIE, DNI. Singapore, Taiwan. Finland. Ireland.
    Shape(rb"[XYZ][ \-]?\d{7}[ \-]?[A-Z]", check.spanish),
    Shape(rb"\d{8}[ \-]?[A-Z]|\d{2}\.\d{3}\.\d{3}[ \-]?[A-Z]", check.spanish, prose=True),
    Shape(rb"[STFGM]\d{7}[A-Z]", check.singaporean),
    Shape(rb"[A-Z][1289]\d{8}", check.taiwanese, prose=True),
    Shape(rb"\d{6}[\-+A]\d{3}[0-9A-FHJ-NPR-Y]", check.finnish),
    Shape(rb"\d{7}[A-W][A-IW]", check.irish, prose=True),
    # Switzerland. Belgium. Brazil. Chile. Emirates. South Korea. China.
    Shape(rb"756[.\- ]\d{4}[.\- ]\d{4}[.\- ]\d\d|756\d{10}", check.ean),
    Shape(rb"\d\d\.\d\d\.\d\d[\- ]\d{3}\.\d\d", check.belgian),
    Shape(rb"\d{3}\.\d{3}\.\d{3}-\d\d", check.cpf),
    Shape(rb"\d\d\.\d{3}\.\d{3}/\d{4}-\d\d", check.cnpj),
    Shape(rb"\d{1,2}\.\d{3}\.\d{3}-[\dKk]", check.rut),
    Shape(rb"784-\d{4}-\d{7}-\d", _emirati),
    Shape(rb"\d{6}-[1-8]\d{6}", check.korean),
    Shape(rb"[1-9]\d{5}(?:19|20)\d{9}[\dXx]", check.chinese),
    # France. Argentina. India. Sweden, Norway, Turkey. US Medicare.
    Shape(
        rb"[1-4] \d\d (?:0\d|1[0-2]|[2-4]\d) \d[\dAB] \d{3} \d{3} \d\d"
        rb"|[1-4] \d\d \d\d \d[\dAB] \d{3} \d{3}[ \-/]{1,3}\d\d|[1-4]\d\d(?:0\d"
        rb"|1[0-2])\d[\dAB]\d{6} ?\d\d",
        check.french,
    ),
    Shape(rb"(?:20|23|24|25|26|27|30|33|34)-\d{8}-\d", check.cuit),
    Shape(rb"[2-9]\d{3} \d{4} \d{4}|[2-9]\d{3}-\d{4}-\d{4}", check.aadhaar),
    Shape(rb"[A-Z]{3}P[A-Z]\d{4}[A-Z]", _any, prose=True),
    Shape(rb"(?:19|20)?\d{6}[\-+]\d{4}", check.swedish),
    Shape(rb"\d{6} \d{5}", check.norwegian),
    Shape(rb"[1-9]\d{10}", check.turkish, prose=True),
    Shape(
        rb"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-[AC-HJKMNP-RT-Y]{2}\d\d",
        _medicare,
    ),
    Shape(
        rb"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y]{2}\d\d",
        _medicare,
    ),
)
_COMPILED = tuple((shape, compiled(rb"(?:" + shape.pattern + rb")")) for shape in SHAPES)
#: One pass over all: what begins like one of them.
_GATE = compiled(rb"|".join(shape.pattern for shape in SHAPES if not shape.prose))
_MEDICAL_SHAPES = (SHAPES[-1], SHAPES[-2])

#: Kind, the cue, and the check that a weak cue asks for.
_CUES: tuple[tuple[str, bytes, check.Check | None], ...] = (
    (
        "PASSPORT",
        rb"passports?|passeport|pasaporte|reisepass(?:nummer)?|passaporto|passaporte"
        rb"|paspoort(?:nummer)?|paszport|pp_?no|pp ?#|travel doc(?:ument)?|green card|i-94"
        rb"|visa (?:number|no\.?)",
        None,
    ),
    (
        "LICENSE",
        rb"driv(?:er|ing)(?:'?s?'?)?[ _\-]?licen[cs]e|licen[cs]e|licencia(?: de conducir)?"
        rb"|permis de conduire|f\xfchrerschein(?:nummer)?|carnet de conducir|patente di guida"
        rb"|rijbewijs(?:nummer)?|prawo jazdy"
        rb"|cnh|dl(?:n|[ _]?no|[ _]?num(?:ber)?)?|oln|lic(?: ?#|\.? no\.?)|cdl"
        rb"|operator'?s licen[cs]e|state id",
        None,
    ),
    (
        "MEDICAL_ID",
        rb"mrns?|m\.r\.n\.|med(?:ical)?[ _\-]?rec(?:ord)?s?|patient[ _\-]?(?:id|no|num(?:ber)?|#"
        rb"|ref)|chart(?: ?(?:no\.?|number|#))|medicare|medicaid|mbi|hicn|health[ _\-]?(?:plan"
        rb"|card|insurance)|member[ _\-]?(?:id|no|num(?:ber)?|#)|memberid"
        rb"|subscriber[ _\-]?(?:id|no|num(?:ber)?|#)|insurance[ _\-]?(?:id|no|num(?:ber)?|#"
        rb"|policy)|ins_id|policy[ _\-]?(?:id|no|num(?:ber)?|holder|#)|policy"
        rb"|beneficiary[ _\-]?(?:id|no|number|#)|group[ _\-]?(?:no\.?|number|#)|rx ?(?:bin|grp|#"
        rb"|no\.?|number)"
        rb"|nhs|hospital (?:no\.?|number)|versichertennummer|krankenversicherungsnummer|kvnr"
        rb"|carte vitale|ohip|medical ?(?:id|number|no)|veteran id|icn|npi|dea",
        None,
    ),
    (
        "NATIONAL_ID",
        rb"national[ _\-]?(?:id(?:entity|entification)?|insurance|number)|nationalid|n\.?i\.?no"
        rb"|ni (?:no\.?|number|#)|nino|identity[ _\-]?(?:card|no\.?|number|document)"
        rb"|id[ _\-]?(?:card|doc(?:ument)?)|(?:government|gov|citizen|resident|sa|emirates|qatar"
        rb"|saudi|civil|state|personal|uae|hk|hong kong|malaysian|thai)[ _\-]?id"
        rb"|social insurance|sin number|personal ?ausweis(?:nummer)?|ausweis(?:nummer)?"
        rb"|steuer-?[ ]?id(?:nr|entifikationsnummer)?\.?|steueridentifikationsnummer"
        rb"|steuer(?:nummer|nr\.?)|idnr\.?|tin|sozialversicherungsnummer|sv-?(?:nummer|nr\.?)"
        rb"|ahv(?:-?(?:nummer|nr\.?))?|avs|rentenversicherungsnummer"
        rb"|num\xe9ro de s\xe9cu(?:rit\xe9 sociale)?|s\xe9cu(?:rit\xe9 sociale)?|secu|nir|insee"
        rb"|num\xe9ro fiscal|spi|carte d'identit\xe9|cni|codice[ _]?fiscale|cod\.? ?fisc\.?|c\.f\."
        rb"|partita iva|burgerservicenummer|bsn|rijksregister(?:nummer|nr\.?)|registre national"
        rb"|niss|insz"
        rb"|pesel|personnummer|pnr|f\xf8dselsnummer|fnr|cpr(?:-?(?:nummer|nr\.?))?|hetu"
        rb"|henkil\xf6tunnus|sotu|pps(?:n|[ -]?(?:no\.?|number))?|contribuinte|nif|nie|dni"
        rb"|cart\xe3o de cidad\xe3o|bilhete de identidade|cpf|cnpj|rg|pis|curp|rfc|nss|imss|ine"
        rb"|clave de elector"
        rb"|cuil|cuit|rut|run|c[\xe9e]dula(?: de (?:ciudadan\xeda|identidad))?"
        rb"|carn[\xe9e] de identidad|c\.c\.|aadha{1,2}r|adhaar|aadhar|uidai|pan(?: ?(?:card|no\.?"
        rb"|number))?|voter ?id|epic|my ?number|individual ?number|rrn|nric|fin(?: ?no\.?)?|mykad"
        rb"|tfn|tax file|ird|idnumber|id_number|national_?no|nin|nik|ktp|tckn|tc kimlik|tc"
        rb"|teudat zehut|t\.z\.|tz|iqama"
        rb"|a[ -]?number|alien (?:registration )?(?:no\.?|number|#)|alien #|uscis(?: ?#| number)?"
        rb"|dod[ _-]?id|edipi|edi-?pi|cac (?:id|no\.?|number)|service (?:number|no\.?)"
        rb"|employee ?(?:id|no\.?|number|#)|known traveler(?: number)?|ktn|ktn|inmate (?:no\.?"
        rb"|number|id)|va file(?: number| no\.?)?|c-file|claim number|case worker id",
        None,
    ),
    (
        "ACCOUNT",
        rb"(?:bank |customer |checking |savings |patron |billing |utility |loan |credit "
        rb"|debit )?(?:account|acct|a/c)(?: ?(?:no\.?|number|num|nr\.?|#))|(?:bank |customer "
        rb"|checking |savings |patron |utility )(?:account|acct)|(?:account|acct|a/c)"
        rb"|customer ?(?:no\.?|number|nr\.?|#)|accountnumber|acctno|konto(?:nummer|nr\.?)?"
        rb"|kunden(?:nummer|nr\.?|konto)|kd-?nr\.?"
        rb"|compte(?: bancaire)?|num\xe9ro de compte|num\xe9ro de client|n\xb0 client"
        rb"|cuenta(?: bancaria)?|n\xfamero de cuenta|clabe|conta(?: corrente)?|rekening(?:nummer)?"
        rb"|klantnummer|numero cliente|membership(?: ?(?:id|no\.?|number|#))?|loyalty(?: ?(?:id"
        rb"|no\.?|number|#))|frequent flyer",
        None,
    ),
    (
        "VEHICLE",
        rb"vin|(?:licen[cs]e|number|car|vehicle|registration)[ _\-]?plates?|plate(?: ?(?:no\.?"
        rb"|number|#))?|tag ?#|kennzeichen|immatriculation|matr\xedcula|placa|targa|kenteken"
        rb"|vehicle reg(?:istration)?|reg(?:istration)? (?:no\.?|number|plate)",
        None,
    ),
)
_GAP = (
    rb"(?:'s)?(?:[ _\-]{0,2}(?:numbers?|no|nos|nr|num|nummer|n\xfamero|numero|num\xe9ro|card|code"
    rb"|id|ids|#|n[\xb0\xba])\.?){0,3}"
    rb"(?: ?\([^()\n]{1,24}\))?(?: (?:of|for|de|da|do|von"
    rb"|del) (?:[A-Za-z\xc0-\xff.']{1,14} ?){1,3}| (?:dele|dela|dele no cadastro))?[\"']?[ \t]{0,4}"
    rb"(?:[:=#>\-]{1,2}|is|was|are|ist|lautet|est|es|\xe9|\xe8|on file|reads?|=>|->|LIKE '%|\xbf"
    rb"|\?)?(?: (?:is|now|also|actually|listed as|still"
    rb"|on file))?[:=]?[ \t]{0,4}(?:\r?\n[ \t]{0,8}(?:[A-Z][A-Za-z]{1,20}: ?)?)?[\"'(\[#]{0,2}"
)
_CUED = compiled(
    rb"(?:"
    + rb"|".join(rb"(" + cue + rb")" for _, cue, _ in _CUES)
    + rb")(?:\b|_)"
    + _GAP
    + rb"([A-Z0-9][A-Z0-9 .\-/_]{3,34}|[A-Z0-9]{4})",
    fold=True,
)
#: Cues that are words besides: in capitals, or with a separator.
_WEAK = frozenset(
    b"tin cc c.c. spi ine run rut fin pan nie nif tc tz rg pis epic nin nik secu avs e policy"
    b" account acct compte cuenta conta konto license licence "
    b"licencia dl cdl vin tag targa placa plate medicare medicaid icn npi dea idnr ird ktp my"
    b" number individual number mbi passport passports nss pnr fnr oln".split()
)
#: After such a word the number is a thing's.
_THINGS = compiled(
    rb"(?:order|ticket|case|service|software|product|server|system|api|user|volume|cpu|trial"
    rb"|enterprise|site|feature|add-on|genesys|windows|office)[ _\-]$",
    fold=True,
)
_TOKEN = compiled(rb"[A-Za-z0-9]{1,30}(?:[.\-/_][A-Za-z0-9]{1,20}){0,6}")
_DATE = compiled(rb"(?:19|20)\d\d-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}:\d\d")
_UUID = compiled(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", fold=True)


def identity_numbers(text: bytes) -> Iterator[Span]:
    """Numbers that their form or their name before them tells, in any line."""
    past = 0
    for gate in _GATE.finditer(text):
        # What it found may hide another: so all of them look at the place, and a little around it.
        if gate.start() >= past:
            past = gate.end() + 24
            yield from _shaped(text, max(0, gate.start() - 24), past, prose=False)
    for match in _CUED.finditer(text):
        place = next(n for n in range(1, len(_CUES) + 1) if match.start(n) >= 0)
        kind = _CUES[place - 1][0]
        cue = match.group(place)
        if not begins(text, match.start()):
            continue
        gap = text[match.end(place) : match.start(len(_CUES) + 1)]
        if not _is_cue(text, match.start(), cue, gap):
            continue
        start = match.start(len(_CUES) + 1)
        for _ in range(12):
            end = _end(text, start, kind, cue.lower())
            if not end:
                break
            yield Span(start, end, kind)
            more = _NEXT.match(text, end)
            if more is None or not more.group():
                break
            start = more.end()


_NEXT = compiled(rb"(?: ?(?:,|;|/|&) ?| (?:and|or|und|et|y|e|o|ou) )(?:\(?[A-Z]{2}\)? )?")


def told_identity_numbers(text: bytes) -> Iterator[Span]:
    """Numbers whose form would be too common in a log."""
    yield from _shaped(text, 0, len(text), prose=True)


def _shaped(text: bytes, first: int, last: int, *, prose: bool) -> Iterator[Span]:
    part = text[first:last]
    for shape, pattern in _COMPILED:
        if shape.prose != prose:
            continue
        for match in pattern.finditer(part):
            start, end = match.start() + first, match.end() + first
            number = (
                match.group().translate(None, _NO_SIGNS)
                if shape.check is not check.finnish
                else match.group()
            )
            if not apart(text, start, end, b".-+/", b"_") or not shape.check(number.upper()):
                continue
            if _DENIED.search(line_before(text, start, 32)):
                continue
            yield Span(start, end, "MEDICAL_ID" if shape in _MEDICAL_SHAPES else "NATIONAL_ID")


_DENIED = compiled(
    rb"(?:order|ticket|case|ref(?:erence)?|invoice|transaction|txn|sku|part|pn|serial|tracking"
    rb"|build|version|model|rev|batch|job|session|trace"
    rb"|conversation|interaction|commit|hash|uuid|guid|ts|epoch|time)(?: ?(?:no|number|id|is"
    rb"|#))?[^A-Za-z0-9\n]{0,4}$",
    fold=True,
)


def _is_cue(text: bytes, at: int, cue: bytes, gap: bytes) -> bool:
    word = cue.lower()
    if word in (b"sin number",) or word not in _WEAK:
        # A short word of letters needs a border of its own, which the gap gives.
        return bool(gap.strip(b"")) or not text[at + len(cue) : at + len(cue) + 1].isalpha()
    if not gap:
        return False
    if _THINGS.search(text[max(0, at - 16) : at]) and word in (
        b"license",
        b"licence",
        b"account",
        b"policy",
        b"plate",
    ):
        return False
    marked = (
        any(sign in gap for sign in (b":", b"=", b"#", b">", b'"'))
        or b" no" in gap.lower()
        or b"number" in gap.lower()
        or b" is" in gap
    )
    if word in (
        b"run",
        b"fin",
        b"pan",
        b"nie",
        b"tc",
        b"epic",
        b"ine",
        b"pis",
        b"e",
        b"tag",
        b"tz",
        b"rg",
        b"nin",
        b"tin",
        b"spi",
        b"my number",
        b"placa",
    ):
        return (
            (marked and cue.isupper())
            or cue.isupper()
            or (marked and word in (b"rut", b"nie", b"tin", b"pan"))
        )
    return True


def _end(text: bytes, start: int, kind: str, cue: bytes) -> int:
    """Where the number ends that begins here: words with digits, as one would write a number."""
    at, taken, digits = start, 0, 0
    end = 0
    if _DATE.match(text, start) or _UUID.match(text, start):
        return 0
    for _ in range(8):
        match = _TOKEN.match(text, at)
        if match is None:
            break
        word = match.group()
        letters = word.translate(None, b"0123456789.-/_")
        figures = (
            len(word) - len(letters) - sum(word.count(sign) for sign in (b".", b"-", b"/", b"_"))
        )
        if not figures and not (word.isupper() and len(word) <= 3):
            break
        if taken and figures and len(word) > 6 and digits >= 4:
            break
        if taken and digits >= 7 and len(word) > 5 and figures != len(word):
            break
        if letters.islower() and len(letters) > 2 and figures:
            if not taken:
                # A word with a digit: agent2, or a hash.
                break
            break
        if not figures and digits and len(word) > 1:
            break
        taken += len(letters) + figures
        digits += figures
        end = match.end()
        if (
            taken >= 6 and len(word) >= 6 and not (kind == "NATIONAL_ID" and len(word) <= 8)
        ) or taken >= 24:
            break
        if text[end : end + 1] != b" ":
            break
        at = end + 1
    least = 4 if kind in ("MEDICAL_ID", "VEHICLE") else 5
    if (
        digits
        < (2 if kind == "VEHICLE" else 4 if kind in ("LICENSE", "PASSPORT", "MEDICAL_ID") else 5)
        or taken < least
        or taken > 26
    ):
        return 0
    while end > start and not text[end - 1 : end].isalnum():
        end -= 1
    if text[end : end + 1] in (b"@", b":") and text[end + 1 : end + 2].isalnum():
        return 0
    return end
