"""What transcripts spell out: numbers digit by digit, mail addresses, names letter by letter.

A run of number words counts from seven digits on, or from fewer where a word before it says what
they are; its kind is that of the nearest such word, and otherwise a telephone number.
"""

from collections.abc import Iterator

from .projection import compiled
from .spans import Known, Span

_VALUES = {
    word: value
    for value, words in (
        (1, "zero oh o one two three four five six seven eight nine niner nought naught"),
        (2, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
        (1, "cero uno una dos tres cuatro cinco seis siete ocho nueve"),
        (1, "null eins zwei zwo drei vier f\xfcnf sechs sieben acht neun"),
        (1, "z\xe9ro un deux trois quatre cinq sept huit neuf"),
        (2, "dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante"),
        (1, "um dois duas tr\xeas quatro meia sete oito nove"),
        (1, "due tre quattro cinque sei sette otto"),
        (1, "nul een \xe9\xe9n twee drie vijf zes zeven negen"),
        (
            2,
            "diez once doce trece catorce quince veinte treinta cuarenta cincuenta sesenta setenta",
        ),
        (
            2,
            "ochenta noventa zehn elf zw\xf6lf zwanzig drei\xdfig vierzig f\xfcnfzig sechzig",
        ),
        (2, "siebzig achtzig neunzig"),
    )
    for word in words.encode("latin-1").split()
}
_TENS = frozenset(b"twenty thirty forty fourty fifty sixty seventy eighty ninety".split())
_TIMES = {b"double": 2, b"triple": 3, b"treble": 3, b"doble": 2, b"triplo": 3, b"doppel": 2}
_MANY = {
    b"hundred": 2,
    b"thousand": 3,
    b"hundert": 2,
    b"cientos": 2,
    b"mil": 3,
    b"cien": 3,
    b"ciento": 3,
    b"cent": 2,
}
_MORE = frozenset(
    b"millones mill\xf3n doscientos trescientos cuatrocientos quinientos seiscientos setecientos"
    b" ochocientos novecientos".split()
)
_BETWEEN = frozenset(
    b"area code and uh um y e und et dash hyphen then guion gui\xf3n tiret espace space dot plus"
    b" m\xe1s".split()
)
_LETTERS = frozenset(
    b"alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike"
    b" november oscar papa quebec romeo sierra tango uniform "
    b"victor whiskey whisky xray x-ray yankee zulu".split()
)


def _longest(word: bytes) -> int:
    return -len(word)


_WORDS = [*_VALUES, *_TENS, *_TIMES, *_MANY, *_MORE]
_SORTED: list[bytes] = sorted(_WORDS, key=_longest)
_ANY = b"|".join(_SORTED)
_SORTED_LETTERS: list[bytes] = sorted(_LETTERS, key=_longest)
_NATO = b"|".join(_SORTED_LETTERS)
_STEP = rb"(?:[ \t]{1,2}| - |, {0,2}|\. {0,2}|-|\.\.\.? ?|, (?:uh|um),? |\r?\n)"
_RUN = compiled(
    rb"(?:(?:\+ ?|\bplus |\bstar |\b)(?:"
    + _ANY
    + rb"|[0-9]{1,4}))(?:"
    + _STEP
    + rb"(?:(?:area code|and|uh|um|y|und|et|dash|hyphen|then|guion|gui\xf3n|tiret|"
    + _ANY
    + rb"|[0-9]{1,4}))){2,60}\b",
    fold=True,
)
_GROUP = rb"(?:" + _ANY + rb"|[0-9]{1,3})(?:[ \-](?:" + _ANY + rb"|[0-9]{1,3})){0,3}"
_ADDRESS = compiled(
    rb"\b" + _GROUP + rb"(?: (?:dot|punto|punkt|point) " + _GROUP + rb"){3}\b", fold=True
)
_SPLIT = compiled(rb"[A-Za-z\xc0-\xff]{1,16}|[0-9]{1,4}")

#: The nearest of these before a run says what it is.
_KINDS = (
    ("SSN", rb"social|ssn|soc sec"),
    ("CARD", rb"card|visa|mastercard|amex|tarjeta|karte"),
    (
        "TOKEN",
        rb"\bpin\b|passcode|(?:gate|door|access|security|verification|the|my|your|is|entry) code"
        rb"|cvv|three digits on|security|c\xf3digo|last three|code on the back|code for the",
    ),
    ("ACCOUNT", rb"account|routing|kontonummer|cuenta|iban|kundennummer"),
    ("MEDICAL_ID", rb"member|medical record|mrn|patient|policy|medicare|medicaid"),
    (
        "NATIONAL_ID",
        rb"\brut\b|\bdni\b|c\xe9dula|curp|national|passport|insurance number|aadhaar|\bid\b"
        rb"|\bid number",
    ),
    ("LICENSE", rb"licen[cs]e"),
    (
        "PHONE",
        rb"phone|number|call|reach|tel\w{0,6}|cell|mobile|ring|nummer|n\xfamero|num\xe9ro|dial"
        rb"|text|fax|handy|callback|contact",
    ),
)
_KIND = tuple((kind, compiled(words, fold=True)) for kind, words in _KINDS)
_PIN = compiled(
    rb"(?:\bpin\b|passcode|code on the back|code for the|expir|ends (?:in|with)|ending in|(?:gate"
    rb"|door|security|access|verification|entry|alarm|lock ?box"
    rb"|card) code|one time code|cvv|digits on the back|last four|last 4|pin number|c\xf3digo)"
    rb"|\bcode(?: is|'s|s)?(?: now| changed)?(?: to|,? it'?s)?[^A-Za-z0-9]{1,4}$",
    fold=True,
)
_NO_RUN = compiled(
    rb"(?:ticket|case|order|confirmation|reference|ref|conversation|interaction|extension|press"
    rb"|between|version|option|incident|booking|invoice)(?: (?:number|id|is"
    rb"|no))?[^A-Za-z0-9\n]{0,3}(?:is |was )?$",
    fold=True,
)
_MEMBER = compiled(
    rb"(?:member|policy|id|license|licence|passport|record|plate|account"
    rb"|reference number for my)(?: (?:id|number|plate|is|it's|code)){0,3}[ ,:]{1,3}((?:(?:"
    + _NATO
    + rb"|[a-z]|"
    + _ANY
    + rb"|\d{1,4})[ ,\-]{1,3}){4,24}(?:"
    + _NATO
    + rb"|[a-z]|"
    + _ANY
    + rb"|\d{1,4}))\b",
    fold=True,
)

# --- Mail addresses and names -----------------------------------------------------------------

_TOP = (
    rb"(?:com|org|net|edu|gov|mil|info|biz|example|test|io|co|us|uk|de|fr|es|it|nl|br|mx|in|ca|au"
    rb"|jp|eu|ch|at|be|pl|ru|cn|local|me|tv|za|ie|se|no|dk|fi|pt|nz|jm|ke|ng|gh|tz|ug|zw|pk|bd|lk"
    rb"|ph"
    rb"|my|sg|hk|tw|kr|th|vn|id|sa|ae|qa|kw|il|tr|gr|ro|bg|hu|cz|sk|hr|rs|ua|kz|lt|lv|ee|lu|mt|cy"
    rb"|cl|ar|pe|co|ec|uy|bo|py|cr|gt|pa|do|tt|bb|bs|care|health|energy|support|online|app|dev)"
)
_AT = (
    rb"(?: at | \xe0 | \xe4t | arroba | at-zeichen | klammeraffe | arobase | chiocciola "
    rb"| apenstaartje "
    rb"| @ | \(at\) )"
)
_MAIL = compiled(
    rb"((?:[A-Za-z0-9\xc0-\xff._+\-]{1,40}(?: dot | punkt | punto | point | ponto | punt "
    rb"| underscore | unterstrich | gui\xf3n bajo | guion bajo | tiret | dash | hyphen | minus "
    rb"| bindestrich | plus |-)){0,8}[A-Za-z0-9\xc0-\xff._+\-]{1,40}),?"
    + _AT
    + rb"((?:(?:proton|g|gee|hot|out|fast|i) (?:mail|look|cloud)|[A-Za-z0-9\-]{1,40}(?: dash "
    rb"| hyphen | minus | bindestrich )?){1,4}(?: (?:[a-z0-9]|one|two|three|four|five|six|seven"
    rb"|eight"
    rb"|nine|zero|oh)\b){0,4}(?:(?: dot "
    rb"| punkt | punto | point | ponto | punt |\.)[A-Za-z0-9\-]{1,40}){0,3}(?: dot | punkt "
    rb"| punto | point | ponto | punt |\.)" + _TOP + rb")\b",
    fold=True,
)
_MAIL_MARK = compiled(
    rb" (?:dot|punkt|punto|point|ponto|arroba|at|\xe4t|arobase|chiocciola|klammeraffe) ", fold=True
)
_KNOWN_HOST = compiled(
    rb"\b(?:gmail|yahoo|hotmail|outlook|icloud|aol|proton|protonmail|gmx|web|live|msn|comcast"
    rb"|verizon|att|me|mail|googlemail|ymail|posteo|orange|libero|uol)(?:\.| dot )",
    fold=True,
)
_AS = rb"(?:,? (?:as in|for|like|wie|comme|de|come|as) [A-Za-z\xc0-\xff]{2,14})"
_SINGLE = compiled(
    rb"(?:(?:\b[A-Za-z0-9](?:"
    + _AS
    + rb")?|\b(?:double [a-z]|dot|underscore|dash|hyphen|minus|"
    + _NATO
    + rb"|"
    + _ANY
    + rb"))[ ,\-]{1,2}){1,28}$",
    fold=True,
)
NO_LOCAL = frozenset(
    b"look looked looking is was are page pages site available find found live now up down us me"
    b" here hosted runs only portal found started arrives".split()
)
_AS_IN = compiled(
    rb"\b[A-Z]" + _AS + rb"(?:[,.;]?(?: and)?[ ,]{1,2}[A-Z](?:" + _AS + rb"|\b)){1,24}",
    fold=True,
)
_LETTERED = compiled(
    rb"\b[A-Z\xc0-\xde](?:-[A-Z\xc0-\xde]){2,20}\b|\b[A-Z\xc0-\xde](?:\. ?[A-Z\xc0-\xde]){3,20}\b"
    rb"|\b[a-z](?:-[a-z]){3,20}\b"
)
_SPELLS = compiled(
    rb"(?:spell\w{0,4}|spelt|name|that'?s|it'?s|letters?|buchstabier\w{0,3}|deletre\w{0,3}"
    rb"|\xe9p[e\xe8]l\w{0,3}|surname|written)[^\n]{0,40}$",
    fold=True,
)
_SPELT_SPACED = compiled(
    rb"(?:spell(?:ed|ing|s|t)?|spelt|buchstabier\w{0,3}|deletrea\w{0,2}|\xe9pel\w{0,3})(?: (?:it"
    rb"|that|is|as|out|my|last|first|name|the|with|a|with a"
    rb"|lo)){0,4}[ :,]{1,3}((?:[A-Za-z][ ,\-]{1,2}|double [a-z][ ,]{1,2}){2,24}[A-Za-z])\b",
    fold=True,
)
_SPELT_NATO = compiled(rb"(?:" + _NATO + rb")(?:[ ,\-]{1,3}(?:" + _NATO + rb")){3,24}", fold=True)


def spoken(text: bytes) -> Iterator[Span]:
    """Every value that is spelt out in this prose."""
    for match in _RUN.finditer(text):
        yield from _number(text, *match.span())
    if b" dot " in text or b" punto " in text or b" punkt " in text:
        for match in _ADDRESS.finditer(text):
            yield Span(*match.span(), "IP")
    for match in _MEMBER.finditer(text):
        said = match.group(1)
        if _count(said) + _letters(said) >= 6 and _count(said) >= 3:
            yield Span(*match.span(1), "MEDICAL_ID")
    if _MAIL_MARK.search(text):
        for match in _MAIL.finditer(text):
            yield from _mail(text, match.start(1), match.end(), match.group(1), match.group())
    for match in _AS_IN.finditer(text):
        if (
            match.group().lower().count(b" as in ")
            + match.group().lower().count(b" for ")
            + match.group().count(b" wie ")
            + match.group().lower().count(b" like ")
            >= 2
        ):
            yield Known(*match.span(), "PERSON")
    for match in _LETTERED.finditer(text):
        letters = match.group().translate(None, b"-. ")
        if _SPELLS.search(text[max(0, match.start() - 60) : match.start()]) and len(letters) > 2:
            yield Known(*match.span(), "PERSON")
    for match in _SPELT_SPACED.finditer(text):
        yield Known(*match.span(1), "PERSON")
    for match in _SPELT_NATO.finditer(text):
        near = text[max(0, match.start() - 60) : match.start()]
        if _SPELLS.search(near) and b"skill" not in near.lower():
            yield Known(*match.span(), "PERSON")


def _letters(said: bytes) -> int:
    return sum(
        1
        for match in _SPLIT.finditer(said)
        if match.group().lower() in _LETTERS
        or (len(match.group()) == 1 and match.group().isalpha())
    )


def _count(said: bytes) -> int:
    """How many digits the words make."""
    total, times, tens = 0, 1, False
    for match in _SPLIT.finditer(said):
        word = match.group().lower()
        if word.isdigit():
            total += len(word) * times
        elif word in _TIMES:
            times = _TIMES[word]
            continue
        elif word in _TENS:
            total += 2
            tens = True
            times = 1
            continue
        elif word in _MANY or word in _MORE:
            total += _MANY.get(word, 3) - (word in _MANY)
        elif word in _VALUES:
            total += 0 if tens and _VALUES[word] == 1 else _VALUES[word] * times
        times, tens = 1, False
    return total


def _number(text: bytes, start: int, end: int) -> Iterator[Span]:
    if start and (text[start - 1 : start].isalnum() or text[start - 1] >= 0xC0):
        return
    said = text[start:end]
    if text[end : end + 1] == b":" and b"\n" in said:
        said = said[: said.rindex(b"\n")]  # the next line's time
    if (hour := _HOUR.match(said)) is not None and said[hour.end() : hour.end() + 1].isalpha():
        start, said = start + hour.end(), said[hour.end() :]  # "after 6, eight one eight"
    words = [match.group().lower() for match in _SPLIT.finditer(said)]
    named = sum(not word.isdigit() and word not in _BETWEEN for word in words)
    while words and words[-1] in _BETWEEN:
        cut = said.lower().rfind(words[-1])
        said = said[:cut].rstrip(b" ,.-\r\n")
        words.pop()
    if said[-1:] in (b",", b".", b"-", b" "):
        said = said.rstrip(b" ,.-")
    hash_ = _HASH.match(text, start + len(said))
    count = _count(said)
    before = text[max(0, start - 90) : start]
    if named < 3 or (named < len(words) // 3):
        return
    if _NO_RUN.search(before) or _ERROR.search(before):
        return
    least = 7
    if _PIN.search(before[-60:]):
        least = 3
    elif any(pattern.search(before) for kind, pattern in _KIND[:-1]):
        least = 6
    if count < least:
        return
    if len({word for word in words if word not in _BETWEEN}) < 2:
        return
    end = hash_.end() if hash_ else start + len(said)
    if text[max(0, start - 10) : start].lower() == b"area code ":
        start -= 10
    yield Span(start, end, _kind(before, count))


_HOUR = compiled(rb"\d{1,2}, ")
_ERROR = compiled(rb"(?:error|fault|exception|it reads|message says)[^\n]{0,40}$", fold=True)
_HASH = compiled(rb",? (?:hash|pound|star|raute|alm\.?hadilla|almohadilla)\b", fold=True)


def _kind(before: bytes, count: int) -> str:
    last, found = -1, ""
    for kind, pattern in _KIND:
        for match in pattern.finditer(before):
            if match.start() > last:
                last, found = match.start(), kind
    if count >= 15:
        return "CARD" if found not in ("ACCOUNT", "NATIONAL_ID") else found
    if not found:
        return "PHONE"
    return "PHONE" if found == "CARD" and count < 12 else found


def _mail(text: bytes, start: int, end: int, local: bytes, found: bytes) -> Iterator[Span]:
    marked = _MAIL_MARK.search(found[len(local) + 3 :]) or _MAIL_MARK.search(local)
    if not marked and not _KNOWN_HOST.search(found):
        return
    if b" at " in found.lower() and local.lower() in NO_LOCAL:
        return
    lead = _SINGLE.search(text[max(0, start - 160) : start])
    if lead is not None and len(local) <= 20 and len(lead.group().split()) > (len(local) > 1):
        start = start - len(lead.group())
    elif _INITIAL.search(text[max(0, start - 24) : start]):
        start -= 2
    yield Span(start, end, "EMAIL")


_INITIAL = compiled(
    rb"(?:mail|address|message|is|it's|adresse|correo|courriel|to|at)[ :]{1,2}[a-z] $", fold=True
)
