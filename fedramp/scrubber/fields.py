"""Fields: a key and its value, in whatever notation, as a reading of lines `key: value`.

What `key=value` and `"key": "value"` need no reading for; here are the notations in which something
stands between: pairs of name and value in JSON and XML, cells of HTML, forms whose answer is on the
next line or in the next column.
"""

from collections.abc import Iterator

from .patterns import Match, Pattern
from .projection import compiled
from .readings import Reading

_NAMES = (
    rb"(?:name|key|k|header|field|fieldname|field_name|attribute|attr|label|id|property|param"
    rb"|parameter|question|title|prop|code|type|variable|column|prompt)"
)
_VALUES = (
    rb"(?:value|val|v|text|content|answer|displayvalue|stringvalue|string_value|data|response)"
)
_TEXT = rb"((?:[^\"\\\n]|\\.){1,900})"
_BETWEEN = (
    rb"\s{0,20},\s{0,40}(?:\"[A-Za-z_]{1,20}\"\s?:\s?\"?[^\",{}\n]{0,60}\"?\s?,\s{0,40}){0,3}"
)
_JSON_PAIR = compiled(
    rb"\""
    + _NAMES
    + rb"\"\s{0,4}:\s{0,4}\"([^\"\\\n]{1,80})\""
    + _BETWEEN
    + rb"\""
    + _VALUES
    + rb"\"\s{0,4}:\s{0,4}(?:\[\s{0,20})?(?:\""
    + _TEXT
    + rb"\"|(-?\d[\d.]{2,30}))",
    fold=True,
)
_JSON_TURNED = compiled(
    rb"\""
    + _VALUES
    + rb"\"\s{0,4}:\s{0,4}(?:\""
    + _TEXT
    + rb"\"|(-?\d[\d.]{2,30}))"
    + _BETWEEN
    + rb"\""
    + _NAMES
    + rb"\"\s{0,4}:\s{0,4}\"([^\"\\\n]{1,80})\"",
    fold=True,
)
_JSON_TUPLE = compiled(
    rb"[\[(]\s{0,8}[\"']([A-Za-z][^\"'\\\n]{1,60})[\"']\s{0,4},\s{0,4}[\"']"
    rb"([^\"'\\\n]{1,900})[\"']\s{0,8}[\])]"
)
_JSON_LIST = compiled(rb"\"([^\"\\\n]{1,60})\"\s{0,4}:\s{0,4}\[\s{0,40}\"")
_JSON_ITEM = compiled(_TEXT + rb"\"(?:\s{0,20},\s{0,40}\")?")
_NAMED = rb"(?:name|key|id|friendlyname|field|label|attribute|property|param|n|k)"
_XML_PAIR = compiled(
    rb"<[A-Za-z][^<>]{0,80}?\b" + _NAMED + rb"\s?=\s?[\"']([^\"'<>]{1,80})[\"'][^<>]{0,120}?\b"
    rb"(?:value|val|content|v)\s?=\s?[\"']([^\"'<>]{1,400})[\"']",
    fold=True,
)
_XML_TURNED = compiled(
    rb"<[A-Za-z][^<>]{0,80}?\b(?:value|val|content|v)\s?=\s?[\"']([^\"'<>]{1,400})[\"']"
    rb"[^<>]{0,120}?\b" + _NAMED + rb"\s?=\s?[\"']([^\"'<>]{1,80})[\"']",
    fold=True,
)
_XML_NAMED = compiled(
    rb"<[A-Za-z][^<>]{0,80}?\b" + _NAMED + rb"\s?=\s?[\"']([^\"'<>]{1,80})[\"'][^<>]{0,200}>"
    rb"\s{0,40}(?:<[A-Za-z:]{1,30}(?: [^<>]{0,120})?>\s{0,40})?([^<>]{1,400})<",
    fold=True,
)
_CELL = rb"(?:td|th|dt|dd|label|b|strong|span|div|p|li|key|name|h\d)"
_HTML_PAIR = compiled(
    rb"<" + _CELL + rb"(?: [^<>]{0,200})?>\s{0,20}(?:<(?:b|strong|span)(?: [^<>]{0,100})?>)?"
    rb"([^<>\n]{1,48}?)\s{0,4}:?\s{0,10}(?:</(?:b|strong|span)>)?:?\s{0,4}</"
    + _CELL
    + rb">\s{0,40}(?:<(?:td|dd|span|input|p|div|a|value|string|b|i|em)(?: [^<>]{0,200})?>"
    rb"\s{0,20}){0,2}"
    rb"([^<>]{1,300})",
    fold=True,
)
#: `name=q  value=…`, as a browser's tools list them; a part of a form; pairs in quotes, as a server
#: of calls logs them; a number or a name in quotes or brackets after its key.
_LISTED = compiled(
    rb"\bname\s?[=:]\s?[\"']?([\w.\- ]{1,60}?)[\"']?[\s,;]{1,60}"
    rb"value\s?[=:]\s?[\"']?([^\n\"']{1,400})",
    fold=True,
)
_FORM_PART = compiled(
    rb"form-data; name=\"([^\"\n]{1,60})\"[^\n]{0,200}\r?\n"
    rb"(?:[A-Za-z\-]{1,40}:[^\n]{0,200}\r?\n){0,4}"
    rb"\r?\n([^\n]{1,400})"
)
_QUOTED_PAIR = compiled(
    rb"['\"]([A-Za-z_][A-Za-z0-9_ .\-]{1,40})['\"]\s{1,8}['\"]([^'\"\n]{1,300})['\"]"
)
_AFTER_KEY = compiled(
    rb"([A-Za-z][A-Za-z0-9_ \-]{1,32}?) ?(?:i ?= ?(?:0x)?[0-9A-Fa-f, ]{0,20}'|\[|=? ?\()"
    rb"([^'\])\n]{2,100})['\])]"
)
_QUERY = compiled(
    rb"(?:[?&;]|^|[ \"'/])([A-Za-z_][A-Za-z0-9_.\-\[\]]{0,40})="
    rb"([^&;\s\"'<>\x00+]{1,100}\+[^&;\s\"'<>\x00]{1,400})"
)
_INSERT = compiled(
    rb"insert into [^\s(]{1,80}\s{0,8}\(([^()]{1,900})\)\s{0,8}values\s{0,8}", fold=True
)
_ROW = compiled(rb"\s{0,8},?\s{0,8}\(([^\n]{1,900})\)")
_SQL_VALUE = compiled(rb"\s{0,8}(?:'((?:[^'\n]|''){0,400})'|([^,'()]{1,80}))\s{0,8},?")
#: Words of which one must be in a key that stands by itself, on a line or in a column.
_WORDS = (
    rb"(?:[a-z]{0,12}name|names?|nombre|apellidos?|nom|pr\xe9nom|prenom|vorname|nachname|nome"
    rb"|cognome|sobrenome|naam|caller|customer|client|agent|contact|patient|employee|member"
    rb"|requester|reporter|reported by|requested by|submitted by|opened by|poc|attn|user|username"
    rb"|user ?id|login|logon|account|acct|e-?mail|mail|phone|tel|telephone|telefon|tel\xe9fono"
    rb"|telefono|t\xe9l|mobile|cell|fax|ani|dnis|cli|callback|number|dob|birth|birthday|born|geburtsdatum|nacimiento"
    rb"|naissance|nascita|nascimento|ssn|social|passport|passnummer|licen[cs]e|address"
    rb"|adresse|direcci\xf3n"
    rb"|indirizzo|endere\xe7o|street|stra\xdfe|addr|city|zip|postcode|plz|card|cc|cvv|cvc|iban|bank|mrn"
    rb"|medical|insurance|policy|medicare|nhs|tax|tin|itin|id|dni|nie|cpf|cnpj|curp|rfc|nif|cuit|rut"
    rb"|pesel|bsn|aadhaar|pan|nino|sin|ni|password|passwd|pwd|pw|passwort|contrase\xf1a|senha"
    rb"|mot de passe|passphrase|pin|otp|secret|token|key|ip|mac|gps|location|coordinates|latitude"
    rb"|longitude|vin|plate)"
)
_TELLING = compiled(rb"\b" + _WORDS + rb"\b", fold=True)
#: A value that ends like a key is the next key: a row of headers.
_TELLING_ALONE = compiled(rb"^[^0-9@]{0,24}\b" + _WORDS + rb"[ \t|:*]{0,4}$", fold=True)
_KEY_TEXT = rb"([A-Za-z\xc0-\xff][^\n\t:;|{}<>=\"]{1,48}?)"
_NEXT_LINE = compiled(
    rb"^[ \t>*|#\-]{0,6}" + _KEY_TEXT + rb"[ \t]{0,3}\??[:?]?\**[ \t]{0,4}\r?\n(?:[ \t]{0,4}\r?\n)?"
    rb"[ \t>*|]{0,8}([^\s:][^\n]{0,160})$"
)
_NEXT_COLUMN = compiled(
    rb"^[ \t>*|\"\-\xbf]{0,8}"
    + _KEY_TEXT
    + rb"(?:[ \t]{2,60}|\t|\**[ ]?\|[ ]?\**|\",[ ]?\"|,\"|[ ]?[._]{2,60}[ ]?:?[ ]?"
    rb"|[ ]?(?:=>|->|-->|\x96|\x97|-)[ ])"
    rb"[ \t]{0,8}([^\s|\"][^\n|\"]{0,160})"
)
_NESTED = compiled(
    rb"^([ \t]{0,20})[\"']?"
    + _KEY_TEXT
    + rb"[\"']?:[ \t]{0,4}\r?\n(?:[ \t]{1,40}[\w.\-]{1,40}:[^\n]{0,80}\n){0,3}"
    rb"[ \t]{1,40}value:[ \t]{1,4}([^\n]{1,200})"
)


def fields(parent: Reading) -> Iterator[Reading]:
    """The fields of the parent, each as one line; nothing if it has none."""
    text, source = parent.text, parent.said
    reading = Reading(parent)
    quoted = b'"' in text
    if quoted and b":" in text:
        _pairs(reading, source, text, _JSON_PAIR, 1, (2, 3))
        _pairs(reading, source, text, _JSON_TURNED, 3, (1, 2))
        _lists(reading, source, text)
    if b"[" in text or b"(" in text:
        _pairs(reading, source, text, _JSON_TUPLE, 1, (2,))
    if b"<" in text:
        for pattern, key, value in (
            (_XML_PAIR, 1, 2),
            (_XML_TURNED, 2, 1),
            (_XML_NAMED, 1, 2),
            (_HTML_PAIR, 1, 2),
        ):
            _pairs(reading, source, text, pattern, key, (value,))
    if b"value:" in text:
        _pairs(reading, source, text, _NESTED, 2, (3,))
    if b"value" in text or b"VALUE" in text:
        _pairs(reading, source, text, _LISTED, 1, (2,))
    if b"form-data" in text:
        _pairs(reading, source, text, _FORM_PART, 1, (2,))
    if b"' '" in text or b'" "' in text:
        _pairs(reading, source, text, _QUOTED_PAIR, 1, (2,))
    _query(reading, source, text)
    if b"INSERT" in text or b"insert" in text:
        _inserted(reading, source, text)
    if reading.said:
        yield reading


def forms(parent: Reading) -> Iterator[Reading]:
    """The answers of a form that people filled in: on the next line, in the next column."""
    reading = Reading(parent)
    for pattern in (_NEXT_LINE, _NEXT_COLUMN, _AFTER_KEY):
        _answers(reading, parent.said, parent.text, pattern)
    if reading.said:
        yield reading


def _line(reading: Reading, source: str, match: Match, key: int, value: int) -> None:
    reading.copy(source, *match.span(key))
    reading.make(": ")
    reading.copy(source, *match.span(value))
    reading.make("\n")


def _pairs(
    reading: Reading, source: str, text: bytes, pattern: Pattern, key: int, values: tuple[int, ...]
) -> None:
    at = 0
    while match := pattern.search(text, at):
        value = next(each for each in values if match.start(each) >= 0)
        _line(reading, source, match, key, value)
        # The next pair may share a cell or a brace with this one.
        at = max(match.start() + 1, min(match.end(key), match.end(value)))


def _lists(reading: Reading, source: str, text: bytes) -> None:
    for match in _JSON_LIST.finditer(text):
        at = match.end()
        for _ in range(100):
            item = _JSON_ITEM.match(text, at)
            if item is None:
                break
            reading.copy(source, match.start(1), _singular(match))
            reading.make(": ")
            reading.copy(source, *item.span(1))
            reading.make("\n")
            at = item.end()
            if text[at - 2 : at - 1] not in (b",", b" ", b"\n", b"\t"):
                break


def _singular(match: Match) -> int:
    """Where the key ends without its plural: of `ssnList` and `phones`, `ssn` and `phone`."""
    key = match.group(1)
    for plural in (b"List", b"_list", b"Numbers", b"es", b"s"):
        if key.endswith(plural) and len(key) > len(plural) + 2:
            return match.end(1) - (1 if plural == b"es" else len(plural))
    return match.end(1)


def _inserted(reading: Reading, source: str, text: bytes) -> None:
    """Each value of `INSERT INTO t (a, b) VALUES (1, 'x'), …` with its column."""
    for match in _INSERT.finditer(text):
        columns = []
        at = match.start(1)
        for name in match.group(1).split(b","):
            lead = len(name) - len(name.lstrip(b' \n\t`"['))
            columns.append((at + lead, at + len(name.rstrip(b' \n\t`"]'))))
            at += len(name) + 1
        at = match.end()
        while row := _ROW.match(text, at):
            place = row.start(1)
            for column in columns:
                value = _SQL_VALUE.match(text, place)
                if value is None or place >= row.end(1):
                    break
                group = 1 if value.start(1) >= 0 else 2
                reading.copy(source, *column)
                reading.make(": ")
                reading.copy(source, *value.span(group))
                reading.make("\n")
                place = value.end()
            at = row.end()


def _query(reading: Reading, source: str, text: bytes) -> None:
    """The values of addresses and forms that have a sign for a space."""
    if b"+" not in text:
        return
    for match in _QUERY.finditer(text):
        start, end = match.span(2)
        reading.copy(source, *match.span(1))
        reading.make(": ")
        for place in range(start, end):
            if text[place : place + 1] == b"+" and place > start:
                reading.decode(" ", place, place + 1)
            else:
                reading.copy(source, place, place + 1)
        reading.make("\n")


def _answers(reading: Reading, source: str, text: bytes, pattern: Pattern) -> None:
    at = 0
    while match := pattern.search(text, at):
        if _TELLING.search(match.group(1)) and not _TELLING_ALONE.search(match.group(2)):
            _line(reading, source, match, 1, 2)
        at = match.start(2)
