"""Secrets: passwords, tokens, keys, cookies, signatures, and the codes that are told as such.

What a hash, fingerprint, etag or ID of a commit or conversation looks like is no evidence: a secret
is told by its prefix, its key, its header, or the word before it.
"""

from collections.abc import Iterator

from .codes import told_codes
from .projection import compiled
from .spans import Span, bare

_WORD = frozenset(b"0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

_PREFIXED = compiled(
    rb"eyJ[A-Za-z0-9_\-]{8,900}\.[A-Za-z0-9_\-]{4,900}"
    rb"|(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,255}"
    rb"|github_pat_[A-Za-z0-9_]{20,255}"
    rb"|xox[abeoprs]-[A-Za-z0-9\-]{10,200}|xapp-\d-[A-Za-z0-9\-]{10,200}"
    rb"|[srp]k_(?:live|test)_[A-Za-z0-9]{10,200}|whsec_[A-Za-z0-9+/=]{16,100}"
    rb"|AIza[A-Za-z0-9_\-]{35}|ya29\.[A-Za-z0-9_\-]{20,900}|GOCSPX-[A-Za-z0-9_\-]{20,40}"
    rb"|gl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_\-]{20,64}|npm_[A-Za-z0-9]{30,60}"
    rb"|pypi-[A-Za-z0-9_\-]{50,250}"
    rb"|SG\.[A-Za-z0-9_\-]{16,32}\.[A-Za-z0-9_\-]{16,64}|hv[sbr]\.[A-Za-z0-9_\-]{20,200}"
    rb"|sk-(?:ant-|proj-|svcacct-|or-v1-)?[A-Za-z0-9_\-]{20,200}|hf_[A-Za-z0-9]{30,60}"
    rb"|dop_v1_[a-f0-9]{64}"
    rb"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|dckr_pat_[A-Za-z0-9_\-]{20,60}|dapi[a-f0-9]{32}"
    rb"|ATATT3[A-Za-z0-9_\-=]{30,250}|PMAK-[A-Za-z0-9\-]{30,80}|NRAK-[A-Z0-9]{27}"
    rb"|lin_api_[A-Za-z0-9]{30,60}"
    rb"|xkeysib-[A-Za-z0-9\-]{30,120}|key-[a-f0-9]{32}|SK[a-f0-9]{32}|figd_[A-Za-z0-9_\-]{30,60}"
    rb"|T[A-Z0-9]{8,11}/B[A-Z0-9]{8,11}/[A-Za-z0-9]{20,30}|tskey-[A-Za-z0-9\-]{20,80}"
    rb"|AGE-SECRET-KEY-1[A-Z0-9]{50,60}|ntn_[A-Za-z0-9]{30,60}",
    rare=True,
)
#: Stored passwords: htpasswd, shadow, LDAP, Django, Cisco.
_HASHED = compiled(
    rb"\$(?:apr1|[1-9y]|2[abxy]|gy|argon2\w{0,2}|pbkdf2[\w\-]{0,12}|scrypt|md5|sha1|8|9"
    rb"|14)\$[A-Za-z0-9./+=,$]{8,200}"
    rb"|\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|ARGON2|PBKDF2)\}[A-Za-z0-9./+=$]{8,200}"
    rb"|pbkdf2_sha\d{1,3}\$\d{1,8}\$[A-Za-z0-9./+=$]{8,200}",
    rare=True,
)
_REST = compiled(rb"[A-Za-z0-9._~+/=\-]*")
_SCHEME = compiled(
    rb"(?:bearer|basic|negotiate|ntlm|hawk)(?: {1,3}|%20|\+"
    rb"|\s?[=:]\s?)[\"']?([A-Za-z0-9._~+/=\-]{12,900})",
    fold=True,
    rare=True,
)
_HEADER = compiled(
    rb"(?:proxy-)?authori[sz]ation[\"']?[ \t]{0,3}[:=,][ \t]{0,3}[\"']?"
    rb"(?:[A-Za-z][A-Za-z0-9\-_]{1,30} {1,3})?"
    rb"([^\s\"',;=\x00]{8,900})(?:={1,2}(?:[\s\"',;]|$)|[\s\"',;]|$)",
    fold=True,
    rare=True,
)
#: The value of a parameter that signs or proves something.
_SIGNED = compiled(
    rb"(?:^|[?&;\s,\"'(]|%3F|%26)(?:x-(?:amz|goog)-(?:signature|credential|security-token)"
    rb"|sig(?:nature)?|hmac"
    rb"|sharedaccesssignature|accountkey|sharedaccesskey|assertion|client_assertion"
    rb"|saml(?:response|request|art)"
    rb"|id_token|access_token|refresh_token|client_secret|apikey|api_key|auth_token|authtoken|sas"
    rb"|jwt|cnonce"
    rb"|code_verifier|otp_secret|refresh|subscription-key|nonce_?secret|hash_token)"
    rb"(?:=|%3D)[\"']?([^\s\"'&;,<>\x00]{8,900})",
    fold=True,
    rare=True,
)
_DIGEST = compiled(rb"\b(?:response|rspauth)=\"?([0-9a-f]{32,128})\b", fold=True, rare=True)
_OAUTH = compiled(
    rb"(?:^|[?&\s\"'])(?:code|state)=([^\s\"'&;,<>\x00]{10,900})", fold=True, rare=True
)
_COOKIES = compiled(
    rb"(?:^|[^A-Za-z])(set-)?cookies?[\"']?[ \t]{0,2}[:=][ \t]{0,2}[\[\"']{0,3}([^\n\x00]{3,1000})",
    fold=True,
    rare=True,
)
_COOKIE = compiled(rb"([A-Za-z0-9_.\-]{1,64})=\"?([^\s\"';,\x00]{1,900})")
_STAMP = compiled(rb"(?:19|20)\d\d-\d\d-\d\d|\d{1,6}(?:\.\d{1,6}){0,3}$")
_NO_COOKIE = frozenset(
    b"path domain expires max-age samesite secure httponly version comment priority partitioned"
    b" lang locale"
    b" theme language tz timezone currency country".split()
)
_BLOCK = compiled(rb"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_BLOCK_LINE = compiled(
    rb"(?:\r?\n|\\n|\\r\\n| )(?:[A-Za-z0-9+/=]{4,80}|[A-Za-z\-]{3,20}: [^\n\\]{1,80}"
    rb"|=[A-Za-z0-9+/]{4})?"
)
_SRTP = compiled(rb"\binline:([A-Za-z0-9+/=]{16,100})", rare=True)

#: Words that announce a secret, in the languages of customers.
_PASSWORD = (
    rb"pass(?:word|wd| ?phrase|wort|code)s?|psw|pwd|passwrd|pasword|passw|kennwort|losungswort"
    rb"|mot de passe|mdp|contrase\xf1a"
    rb"|contrasena|clave|senha|wachtwoord|has\x6co|parola|l\xf6senord|adgangskode|salasana|sifre"
)
_KEYED = compiled(
    rb"("
    + _PASSWORD
    + rb"|pass|pw|secret|token|api[ _\-]?key|api[ _\-]?secret|(?:access|account|subscription"
    rb"|shared|secret"
    rb"|private|encryption|signing|license|app|client|master|storage|session|auth|consumer"
    rb"|service)[ _\-]?key"
    rb"|credentials?|creds|psk|pre-?shared-?key|wpa[_\-]?key|wi-?fi[ _\-]?(?:key|pass)"
    rb"|network[ _\-]?key|sessionid|jsessionid|phpsessid"
    rb"|session_?token|x-auth"
    rb"|community|rememberme|remember_me|[a-z.]{0,12}sess(?:ion)?(?:_?id)?|connect\.sid|sid"
    rb"|csrf\w{0,10}|xsrf\w{0,10}"
    rb"|signaturevalue|securitytoken|key_?string|otp|pin|cvv2?|cvc2?|cvn)"
    rb"([\"']?(?: ?\((?:current|new|temp\w{0,6}|old|initial)\))?[ \t]{0,12}(?:[:=]|>|=>|->"
    rb"|\xbf)[ \t]{0,12}\\?[\"'`]?)",
    fold=True,
    rare=True,
)
_QUOTED = compiled(rb"[^\"'`\\<\n\x00]{1,200}")
_BARE = compiled(rb"[^\s\"'`\\,;&<>()\[\]{}|\x00]{1,900}")
_STRICT = compiled(_PASSWORD, fold=True)
_SESSION = compiled(rb"sess|sid$", fold=True)
#: In programs, the value of a key is often another name.
_NAME_OF_CODE = compiled(
    rb"(?:self|this|request|config|settings|parsed|os"
    rb"|[A-Z][A-Za-z]{2,20})?(?:\.[A-Za-z_]{1,40}){1,4}|[a-z]{2,20}(?:_[a-z]{2,20}){1,4}"
)
_CODE = compiled(rb"^(?:otp|pin|cvv2?|cvc2?|cvn)$", fold=True)
_SIGNS = compiled(
    rb"[0-9][^\n]*[A-Za-z]|[A-Za-z][^\n]*[0-9]|[A-Za-z0-9][!@#$%^&*~?+=]+[A-Za-z0-9]"
    rb"|[A-Za-z][!@#$%^&*]"
)
#: As providers write the passwords of apps: four times four letters.
_APP = compiled(rb"[a-z]{4}(?:[\- ][a-z]{4}){3}")
_UUID = compiled(rb"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", fold=True)
#: Never a secret after such a word.
_PLAIN = frozenset(
    b"true false null none nil undefined required expired invalid incorrect wrong missing empty"
    b" reset changed "
    b"change policy hidden redacted removed unknown see same yes no not set unset is was here"
    b" failed failure "
    b"basic bearer digest string password passwd pass secret token public private optional default"
    b" disabled "
    b"enabled error success valid field prompt forgotten never expires attached below above sent"
    b" masked "
    b"function return new object value values self this request response header required,"
    b" changeme* "
    b"and for from the with to in on of or my your his her our their a an it as at by if user"
    b" username "
    b"case sensitive broken root admin administrator system anonymous guest service nobody users"
    b" agent agents "
    b"shared all phone ip name id has".split()
)
#: "The password is ...", "temp pw ...", followed by the signs of a secret.
_TOLD = compiled(
    rb"(?:^|[^A-Za-z])(?:" + _PASSWORD + rb"|pw|pass|secret)(?:[ \-]?(?:key|phrase))?"
    rb"(?: ?\([^()\n]{1,20}\))?"
    rb"(?: (?:temporal|provis[o\xf3]ria|tempor[a\xe1]ria|provisoire|temporaire|tempor\xe4r\w{0,2}"
    rb"|nueva"
    rb"|nova|nouveau|neue?s?|initial\w{0,2}|tijdelijk|provvisoria|provisional))?"
    rb"(?: (?:for|of|to|on|f\xfcr|de|del|pour|do|da) (?:[A-Za-z]{1,12} ){0,3}[A-Za-z\-]{1,20})?"
    rb"(?:'s)?(?:[ \t]{1,2}(?:is|was|of|ist|lautet|war|est|es|\xe9|era|was set|set|was changed"
    rb"|changed|reset"
    rb"|to|still|now|again|again:"
    rb"|currently|=|->|=>|:|to:|called|just|into"
    rb"|will be|a|em|en|in|auf|as)){0,5}[ \t]{0,2}[:=,]?[ \t]{1,2}(?:[\"'`]"
    rb"|\(?\xab ?)?([^\s\"'`\x00]{5,64})",
    fold=True,
)
_RESET = compiled(
    rb"(?:reset|changed?|set|switched|updated) (?:it |them |her |his "
    rb"|the \w{2,12} )?(?:back )?to [\"'`]?([^\s\"'`\x00]{7,64})",
    fold=True,
)
_QUOTED_TOLD = compiled(
    rb"(?:" + _PASSWORD + rb""
    rb"|\bpw)(?: [a-z]{1,10}){0,4}[: ]{1,3}[\"'`]([^\"'`\n\x00]{4,60})[\"'`]",
    fold=True,
)
#: On the line below the word.
_BELOW = compiled(
    rb"(?:^|[^A-Za-z])(?:" + _PASSWORD + rb"|pw|pass|secret|token|api key)(?: (?:for|of|to"
    rb"|on) [^\n:]{1,40})?[ \t]{0,3}:?[ \t]{0,3}\r?\n"
    rb"(?:[ \t]{0,8}[a-zA-Z]{3,20}: ?[A-Za-z0-9_\-]{1,40}\r?\n){0,2}[ \t]{0,8}(?:value: ?)?[\"'`]?"
    rb"([^\s\"'`:\x00]{6,64})[\"'`]?[ \t]{0,3}(?:\r?\n|$)",
    fold=True,
)
_PAIRED = compiled(
    rb"(?:user(?:name)?|login|id|account|cred\w{0,8})(?: ?(?:/|\|) ?(?:pass(?:word)?|pw|pwd"
    rb"|pin))?[ \t]{0,2}[:=][ \t]{0,2}[\"']?"
    rb"([^\s/:\"',\x00]{2,64}) ?(?:/|\|) ?[\"']?([^\s\"',\x00]{4,64})",
    fold=True,
)
_CREDENTIALS = compiled(
    rb"://([^/\s:@\x00]{0,64}:[^/\s@\x00]{1,128})@|(?:^|[ \t])(?:-u"
    rb"|--user)[ =][\"']?([^\s:\x00\"']{1,64}:[^\s\x00\"']{1,128})",
    rare=True,
)
_COMMANDS = compiled(
    rb"(?:(?:secret|password|key|md5|key-string|community) (?:0|5|7|8|9|encrypted|cipher|simple) "
    rb"|(?:snmp-server|snmp) community "
    rb"|r[ow]community6? |pre-shared-key (?:local |remote |address [^\s]{1,40} key )?(?:\d )?"
    rb"|isakmp key (?:\d )?|wpa-psk ascii \d? ?"
    rb"|-server key (?:\d )?|ppp chap password (?:\d )?|sshpass -p ?[\"']?|mysql[^\n]{0,60} -p"
    rb"|--password[= ][\"']?|-P ?[\"']|ConvertTo-SecureString (?:-String )?[\"']"
    rb"|-AsPlainText [\"']|net use [^\n]{0,60} /user:[^\s]{1,40} "
    rb"|identified by [\"']|requirepass |-pw ) ?([^\s\"'\x00]{4,100})",
    fold=True,
    rare=True,
)


def secrets(text: bytes) -> Iterator[Span]:
    """Every secret that its form, its key or its header reveals, in any line."""
    yield from _long(text)
    for match in _HASHED.finditer(text):
        yield Span(*match.span(), "TOKEN")
    if b"-----BEGIN " in text:
        yield from _blocks(text)
    if b"=" in text or b"%3D" in text:
        for pattern in (_SIGNED, _DIGEST):
            for match in pattern.finditer(text):
                yield Span(*match.span(1), "TOKEN")
        for match in _OAUTH.finditer(text):
            if _mixed(match.group(1)) and not _UUID.search(match.group(1)):
                yield Span(*match.span(1), "TOKEN")
    for match in _HEADER.finditer(text):
        said = match.group(1)
        if said.lower() not in _PLAIN and not said.endswith((b"-SHA256", b"-SHA512", b"-SHA1")):
            yield Span(*match.span(1), "TOKEN")
    for match in _COOKIES.finditer(text):
        yield from _cookies(text, *match.span(2), stored=match.start(1) >= 0)
    for match in _KEYED.finditer(text):
        yield from _keyed(text, match.start(), match.end(1), match.end())
    for pattern in (_SRTP, _COMMANDS):
        for match in pattern.finditer(text):
            if match.group(1).lower() not in _PLAIN:
                yield Span(*match.span(1), "TOKEN")
    for match in _CREDENTIALS.finditer(text):
        start, end = match.span(1) if match.start(1) >= 0 else match.span(2)
        if _UUID.search(text[start:end].split(b":", 1)[0]):
            start = text.index(b":", start) + 1  # the id of a client is no secret
        yield Span(start, end, "TOKEN")


def told_secrets(text: bytes) -> Iterator[Span]:
    """Passwords and codes that a sentence reveals."""
    for pattern in (_TOLD, _RESET, _BELOW):
        for match in pattern.finditer(text):
            said = match.group(1).rstrip(b".,;:!?)")
            if text[match.start() : match.start() + 1] == b"=":
                continue  # spf=pass (sender IP is …)
            if len(said) >= 5 and is_secret(said) and b"@" not in said[1:-1].replace(b"P@", b""):
                yield Span(match.start(1), match.start(1) + len(said), "TOKEN")
    for match in _QUOTED_TOLD.finditer(text):
        said = match.group(1)
        words = said.count(b" ")
        phrase = b"phrase" in match.group().lower() and words < 8
        if said.lower() not in _PLAIN and (words < 2 or phrase or (words < 5 and bare(said))):
            yield Span(*match.span(1), "TOKEN")
    for match in _PAIRED.finditer(text):
        said = match.group(2).rstrip(b".,;)")
        if is_secret(said):
            yield Span(match.start(2), match.start(2) + len(said), "TOKEN")
    yield from told_codes(text)


def is_secret(said: bytes) -> bool:
    """Whether it has the look of a password: letters with digits or signs, and no plain word."""
    if said.lower() in _PLAIN or b"://" in said or said[:1] in (b"(", b"["):
        return False
    if said.upper().startswith(
        (b"HMAC", b"SHA-", b"SHA1", b"SHA2", b"SHA3", b"SHA5", b"PBKDF", b"AES-", b"AES1", b"AES2")
    ):
        return False
    if said.isdigit() or not (_SIGNS.search(said) or _APP.fullmatch(said)):
        return False
    # A number with a unit or an ordinal, or a time, is none: 30days, 2nd, 10:04.
    return len(said.strip(b"0123456789.:,")) > 1


def _mixed(value: bytes) -> bool:
    return bool(bare(value)) and any(chr(each).isalpha() for each in value)


def _long(text: bytes) -> Iterator[Span]:
    """Values of any length: they extend to the last letter or digit of a secret."""
    for pattern, group in ((_PREFIXED, 0), (_SCHEME, 1)):
        past = 0
        for match in pattern.finditer(text):
            start, end = match.span(group)
            if start < past or (start and group == 0 and text[start - 1] in _WORD):
                continue
            if group and not (_mixed(match.group(1)) or len(match.group(1)) > 20):
                continue
            rest = _REST.match(text, end)
            past = end = rest.end() if rest else end
            yield Span(start, end, "TOKEN")


def _blocks(text: bytes) -> Iterator[Span]:
    """The body of each private key, up to its last line or as far as it is there."""
    for match in _BLOCK.finditer(text):
        start = end = match.end()
        stop = text.find(b"-----END ", start, start + 20_000)
        if stop < 0:
            while (line := _BLOCK_LINE.match(text, end)) and line.end() > end:
                end = line.end()
        else:
            end = stop
        body = text[start:end]
        lead = len(body) - len(body.lstrip(b" \r\n\t"))
        if body[lead : lead + 2] == b"\\n":
            lead += 2
        tail = len(body.rstrip(b" \r\n\t"))
        if body[:tail].endswith(b"\\n"):
            tail -= 2
        if tail - lead > 8:
            yield Span(start + lead, start + tail, "TOKEN")


def _cookies(text: bytes, start: int, end: int, *, stored: bool) -> Iterator[Span]:
    for place, match in enumerate(_COOKIE.finditer(text[start:end])):
        name, value = match.group(1).lower(), match.group(2)
        if name in _NO_COOKIE or (stored and place and name in _NO_COOKIE) or len(value) < 6:
            continue
        if (bare(value) or len(value) >= 12) and not _STAMP.match(value):
            yield Span(start + match.start(2), start + match.end(2), "TOKEN")


def _keyed(text: bytes, first: int, last: int, start: int) -> Iterator[Span]:
    """The value of a key that names a secret: `DB_PASS=`, `smtp_pass: `, `"clientSecret": "`."""
    key = text[first:last]
    if first and text[first - 1 : first].isalpha():
        hump = key[:1].isupper() and text[first - 1 : first].islower()
        part = _STRICT.match(key) or key.lower() in (b"token", b"secret", b"session", b"sessionid")
        if not (hump or part):
            return
    if text[last : last + 1].isalpha():
        return
    quoted = text[start - 1 : start] in (b'"', b"'", b">", b"`")
    value = (_QUOTED if quoted else _BARE).match(text, start)
    if value is None:
        return
    end, found = value.end(), value.group()
    if not quoted:
        found = found.rstrip(b".,;:!?")
        end = start + len(found)
    lowered = found.lower().strip(b"*.- ")
    if lowered in _PLAIN or not lowered or b"://" in found:
        return
    if not quoted and _NAME_OF_CODE.fullmatch(found):
        return
    code = _CODE.search(key) is not None
    if code:
        if 3 <= len(found) <= 10 and bare(found):
            yield Span(start, end, "TOKEN")
        return
    if _STRICT.match(key):
        if len(found) >= 6 or (len(found) > 3 and (found.isdigit() or _mixed(found))):
            yield Span(start, end, "TOKEN")
        return
    if _SESSION.search(key) and key.lower() not in (b"jsessionid", b"phpsessid"):
        mixed = _mixed(found) or (len(found) > 15 and not found.islower() and not found.isupper())
        opaque = len(found) >= 10 and mixed and b" " not in found
        named = _UUID.search(found) or (b"-" in found and key.lower() == b"session")
        if opaque and not named:
            yield Span(start, end, "TOKEN")
        return
    if key.lower() in (b"pass", b"pw", b"community", b"credentials", b"creds", b"psk"):
        if len(found) >= 5 and is_secret(found):
            yield Span(start, end, "TOKEN")
        return
    if len(found) >= 6 and not found.isdigit() and (b" " not in found):
        if key.lower() in (b"secret", b"token") and not (_SIGNS.search(found) or len(found) > 12):
            return
        yield Span(start, end, "TOKEN")
