"""Codes that are told as secrets: a PIN, a one-time code, a passcode, the check digits of a card.

An error's, a country's, a wrap-up's or a product's code is none.
"""

from collections.abc import Iterator

from .projection import compiled
from .spans import Span, bare, line_before

_CODES = (
    rb"pin's|pins?|pin[ \-]?code|(?:host|moderator|attendee|leader) (?:key|pin)"
    rb"|(?:key ?(?:safe|box)|sec|server ?room|side door|front door|back door|building|alarm|lobby"
    rb"|elevator|wifi|wi-fi|locker|pool|roof)(?:'s)? code|alarm ?code|deur ?code|toegangscode"
    rb"|t\xfcr ?code|combination(?: to| of| for)?(?: the| my)? ?(?:lock ?box|safe|gate"
    rb"|door|lock)?|cvv2?|cvc2?|cvn|cid|csc|otp|one[- ]time (?:pass)?(?:code|word|pin)"
    rb"|(?:verification|security|passcode"
    rb"|access|auth(?:entication|orization)?|unlock|door|gate|garage|alarm|lock ?box|login|log-in"
    rb"|sign[ \-]?in|2fa|mfa|sms|two[- ]factor"
    rb"|reset|activation|confirmation|backup|recovery|voicemail|bridge|host|moderator|participant"
    rb"|entry|pairing|pickup|card)"
    rb" (?:code|pin|number|passcode|password)|pass ?code|sicherheitscode|best\xe4tigungscode"
    rb"|zugangscode|freischaltcode|pr\xfcfziffer"
    rb"|code (?:porte|portail|portillon|immeuble|d'entr\xe9e|coffre)"
    rb"|code de (?:v\xe9rification|s\xe9curit\xe9|confirmation)|code d'acc\xe8s|digicode"
    rb"|c\xf3digo de (?:verificaci\xf3n|seguridad|acceso)"
    rb"|codice di (?:verifica|sicurezza)|c\xf3digo de (?:verifica\xe7\xe3o|seguran\xe7a)"
    rb"|[\xc1\xe1]tv\xe9teli k\xf3d|4-digit|3-digit|four digit|three digit|(?:ur|your"
    rb"|the) code(?: is)?|code"
)
_CODE_TOLD = compiled(
    rb"(?:^|[^A-Za-z])("
    + _CODES
    + rb")(?:[ _\-]?(?:number|code|no\.?|nr\.?|#))?(?: (?:for|of|to|on|u|you"
    rb"|that|at) (?:[a-z]{1,12} ){0,3}[a-z]{1,14})?"
    rb"[\"']?[ \t]{0,3}(?:[:=#]|is|was|ist|est|es|\xe9|changed to|to|is now|set to|it'?s|mine is"
    rb"|->|,? ?(?:mine|it|hers|his|yours)(?: is| was|'s)?|u sent me|you sent(?: me)?|i got"
    rb"|i received|we got|he got|she got|from the (?:text|sms)| ){0,4}[ \t]{0,3}[\"'(]?"
    rb"([A-Za-z0-9](?:[ \-]?[A-Za-z0-9]){2,9})#?",
    fold=True,
)
_CODE_LATER = compiled(
    rb"\b(\d{4,8}|\d{3}[ \-]\d{3}) is (?:your|the|my|his|her)[^\n.]{0,40}(?:code|pin|password"
    rb"|passcode|otp)\b",
    fold=True,
)
_NO_CODE = compiled(
    rb"(?:area|country|zip|post(?:al)?|error|status|response|reason|cause|result|exit|return"
    rb"|wrap[- ]?up|product|color|colour|dial\w{0,3}"
    rb"|promo|discount|coupon|voucher|source|bar|qr|feature|event|disposition|sip|http|skill"
    rb"|failure|iso|language|currency|queue|campaign|cost|job"
    rb"|release|hangup|disconnect|fault|booking|tracking|project|dress|site|agent|team|org|feature"
    rb"|short|q850|billing|department|use|gets|says|shows|throws|returns|ui)(?: |[ ]?[\"'])$",
    fold=True,
)
_ANY_CODE = compiled(rb"^(?:ur|your|the) code", fold=True)
_SURE_CODE = compiled(
    rb"^(?:pin|combi|cvv|cvc|cvn|otp|one|2fa|mfa|pass|verif|secur|gate|door|digi|unlock|sms|two"
    rb"|backup"
    rb"|recovery|[\xc1\xe1]tv|4-|3-|four|three|host|moder|attend|leader|key|sec|server|side|front"
    rb"|back"
    rb"|build|alarm|lobby|elev|wi-?fi|locker|pool|roof|deur|toegang|t\xfcr|code (?:p|im|d'|co))",
    fold=True,
)
_DIGITS_RUN = compiled(rb"\d[\d \-]{1,10}\d")


#: The answer to "enter the code that we sent": digits alone, by the next speaker.
_REPLIED = compiled(
    rb"(?:(?:enter|type|give|tell|read|what(?:'s| is)|get|got|sen[dt]|need|confirm)[^\n]{0,24}"
    rb"\b(?:code|otp|pin|passcode|one.time)\b[^\n]{0,60}|\b(?:otp|2fa code|verification code"
    rb"|security code|cvv|c\xf3digo de (?:verificaci\xf3n|seguridad))\b[^\n]{0,40})\r?\n"
    rb"(?:[^\n:]{0,48}: ?\r?\n)?(?:[^\n]{0,48}[:>\]] ?"
    rb"|[A-Z][^\n:]{0,40} \d{1,2}:\d\d(?::\d\d)?\r?\n)(?:(?:yes|ok|okay|haan|sure|its|it's"
    rb"|it is|si"
    rb"|s\xed|ja|oui|here|um|uh|sorry)[ ,.:]{1,3}){0,3}[\"']?(\d{3,8}|\d{3}[ \-]\d{3})[\"']?"
    rb"[ .!]{0,3}(?:\r?$|\r?\n|\")",
    fold=True,
    rare=True,
)
#: In other languages a code of six digits is one that was sent.
_SIX = compiled(
    rb"(?:^|[^A-Za-z])(?:c[o\xf3]digo|codice|kode|k\xf3d|kod(?:unuz)?|ihr code|votre code"
    rb"|(?:mfa|2fa|otp|sms|log ?in|sign.?in|verification) code)"
    rb"(?: (?:de|di|ist|est|es|\xe9|is|pin|sms|otp|at the time|was|and|the|here)){0,4}[ :]{1,3}"
    rb"(\d{6}|\d{3}[ \-]\d{3})\b",
    fold=True,
)
#: After the digits of a card: "and the code is 180".
_AFTER_CARD = compiled(
    rb"\d[ .\-]?\d{3}[^A-Za-z0-9\n]{1,4}(?:(?:exp\w{0,6}\.?|valid|thru|until|gueltig|bis)? ?"
    rb"\d\d ?[/\-] ?\d{2,4}[^A-Za-z0-9\n]{1,4})?(?:and|with|the|code|sec(?:urity)?|cvv|cvc|cid|cv"
    rb"|is|on|back|of|it|,|[ ]|:){1,12}(\d{3,4})\b",
    fold=True,
)
_CARD = compiled(rb"\d{4}[ .\-]?\d{4,6}[ .\-]?\d{4,5}")


#: "The last OTP which arrived was 609174"; Google's own form.
_ARRIVED = compiled(
    rb"\b(?:otp|last code|latest code|(?:mfa|2fa|sms|verification|login"
    rb"|one.time) code)\b[^\n.!?0-9]"
    rb"{1,48} (?:was|is|reads?|said)[ :]{1,2}(\d{4,8})\b|\b(G-\d{6})\b",
    fold=True,
)


def told_codes(text: bytes) -> Iterator[Span]:
    """Codes that a sentence reveals."""
    for match in _ARRIVED.finditer(text):
        yield Span(*match.span(1 if match.start(1) >= 0 else 2), "TOKEN")
    for match in _CODE_TOLD.finditer(text):
        yield from _code(text, match.start(1), match.group(1), *match.span(2))
    for match in _CODE_LATER.finditer(text):
        yield Span(*match.span(1), "TOKEN")
    for match in _REPLIED.finditer(text):
        yield Span(*match.span(1), "TOKEN")
    for match in _SIX.finditer(text):
        if not _NO_CODE.search(line_before(text, match.start() + 1, 16)):
            yield Span(*match.span(1), "TOKEN")
    for match in _AFTER_CARD.finditer(text):
        near = text[max(0, match.start() - 16) : match.end()]
        if b"code" in near.lower() and _CARD.search(near):
            yield Span(*match.span(1), "TOKEN")


def _code(text: bytes, at: int, word: bytes, start: int, end: int) -> Iterator[Span]:
    """A PIN, a card's check digits, a code that was sent: the digits after their word."""
    before = line_before(text, at, 16)
    if _NO_CODE.search(before):
        return
    sure = _SURE_CODE.search(word) is not None
    value = text[start:end]
    run = _DIGITS_RUN.match(value) or None
    if run and not value[run.end() : run.end() + 1].isalnum():
        end = start + run.end()
    elif b" " in value:
        end = start + value.index(b" ")
    value = text[start:end]
    digits = bare(value)
    if not digits or (
        text[end : end + 1] in (b".", b":", b"/") and text[end + 1 : end + 2].isdigit()
    ):
        return
    card = word.lower().startswith((b"security code", b"card code", b"pr\xfcf"))
    if card and value.isdigit() and len(value) in (3, 4):
        yield Span(start, end, "TOKEN")
        return
    if word.lower() in (b"cid", b"csc", b"cvv", b"cvc", b"cvv2", b"cvc2", b"cvn"):
        if value.isdigit() and 3 <= len(value) <= 4:
            yield Span(start, end, "TOKEN")
        return
    if value.lower() in (b"2fa",) or len(value) < 4:
        return
    if sure and (len(digits) >= 4 or (len(digits) >= 1 and len(value) >= 6)):
        if 4 <= len(digits) <= 10 or not value.isdigit():
            yield Span(start, end, "TOKEN")
    elif len(digits) in (3, 4, 5, 6, 8, 9) and len(bare(value)) == len(
        value.translate(None, b" -")
    ):
        loose = word.lower() == b"code" or _ANY_CODE.search(word) is not None
        if not loose or _SENT.search(text[max(0, at - 60) : at] + text[end : end + 40]):
            yield Span(start, end, "TOKEN")


#: Beside a bare "code", something that says it is one to sign in or to pay with.
_SENT = compiled(
    rb"(?:verif|factor|2fa|mfa|otp|log ?in|card|cvv|exp\w{0,4} ?\d|requested|expires|sign|password"
    rb"|do not"
    rb"|don't|reply stop|\bsms\b|body=|share|sent me|texted|one.time|never give|valid for|ur code"
    rb"|u sent|dial \+?\d|bridge)",
    fold=True,
)
