"""Secrets that a place tells: beside a user name, in a connection, on the lines of a list or chat.

What has the look of a password counts only where its place says that it is one.
"""

from collections.abc import Iterator

from .common_words import COMMON
from .projection import compiled
from .secrets import is_secret
from .spans import Span, bare
from .user_names import is_person, is_typed

#: Files of passwords, headers of programs, signatures, the keys of disks: any line.
_PLACED = compiled(
    # .pgpass; a map of a mail server.
    rb"^[\w.\-*]{1,80}:(?:\d{2,5}|\*):[\w.\-*]{1,60}:[\w.\-]{1,60}:([^\s:]{4,100})$"
    rb"|\bstatic:[^\s:]{1,80}:([^\s\"']{4,100})"
    rb"|^\[?[A-Za-z][\w.\-]{3,80}\]?(?::\d{2,5})?[ \t]{1,8}"
    rb"[\w.+\-]{1,64}@[\w.\-]{3,80}:([^\s:]{4,100})$"
    # A header with its value in quotes; the key that belongs to an id.
    rb"|(?:x-)?(?:api|access|auth|secret|functions)-?(?:key|token|secret)[ \t]{1,4}[\"']"
    rb"([^\"'\n$]{10,200})[\"']"
    rb"|(?:AKIA|ASIA)[0-9A-Z]{16}[^A-Za-z0-9\n]{1,10}([A-Za-z0-9/+=_\-]{40})(?:[^A-Za-z0-9/+=]|$)"
    # What signs a body: a webhook's header; a nonce beside a secret.
    rb"|\b[A-Za-z][A-Za-z\-]{0,30}-signature(?:-\d{1,3}|-v\d)?[\"']?: ?[\"']?"
    rb"(?:t=\d{1,12},)?(?:(?:sha\d{1,3}|v\d)=)?([A-Za-z0-9+/=_\-]{20,200})"
    rb"|\bnonce(?: [^<>\n]{0,120})?>([^<\s]{8,100})<"
    rb"|\bdigest [^\n]{0,200}[ ,]c?nonce=\"?([^\s\",]{16,100})"
    rb"|<[\w:]{0,16}password [^<>\n]{1,160}>([^<\n]{3,100})<"
    rb"|/channels/(streaming-\d{1,2}-[A-Za-z0-9]{16,40})\b"
    rb"|\b(\d{6}(?:-\d{6}){7})\b"
    rb"|\bbind_?(?:trx|tx|rx|transceiver|transmitter|receiver) [\w.\-]{2,20}/([^\s/]{4,20})"
    rb"|\bauth=\([\"'][^\"'\n]{1,60}[\"'], ?[\"']([^\"'\n]{4,100})[\"']"
    rb"|\bsession(?:_?id| id)?[ =:]{1,2}([0-9a-f]{32}) (?:creat|destroy|expir|invalid|terminat"
    rb"|clos)"
    rb"|\bcredentials? tried=[\"']?([^\s\"']{4,100})"
    rb"|\bturn user \S{4,80} {1,3}cred ([^\s\"']{8,100})"
    rb"|\b(?:hooks\.slack\.com/services|discord(?:app)?\.com/api/webhooks"
    rb"|webhook\.office\.com/webhookb2)/([\w/@.\-]{20,300})",
    fold=True,
    rare=True,
)
#: Each in prose: a user name and what belongs to it.
_BESIDE = compiled(
    rb"(?:^|[^A-Za-z])(?:user(?:name)?|login|log-?in|creds?|credentials|account|logon)[ :=]{1,3}"
    rb"[\"']?[A-Za-z][\w.\-@\\]{1,40}[\"']? / [\"']?([^\s\"',]{5,64})"
    rb"|(?:wi-?fi|ssid|wlan|wireless|guest network)(?: (?:network|name|pw|pass\w{0,5}))?[ :=]{1,3}"
    rb"[\"']?[\w.\- ]{2,32}?[\"']? ?(?:/|\|| - |, ?)[ ]?[\"']?([^\s\"',/|]{6,63})"
    rb"|(?:^|[\s,;/|(])p(?:w|wd|ass)?[:=] ?[\"']?([^\s\"',;]{6,64})"
    rb"|(?:temp|new|old|default|initial|current|his|her|my|the|vpn|ad|windows|wifi|wi-fi)"
    rb" (?:pw|pwd|pass(?:word|wd|code)?|login)(?:[ ,]{1,2}(?:given|we|i|they|he|she|was|is|set"
    rb"|gave|sent"
    rb"|used|me|her|him|them|it|issued|to|as|for|them|in|the|ticket|now|again|on|think|its"
    rb"|it's|got)){0,7}[:,=(]{0,2} \(?[\"']?([^\s\"',;()]{6,64})"
    rb"|pass(?:word|code|wd)?[^\n=]{0,60}[ ,(](?:it was|it is|it's|its|namely)[: ]{1,2}[\"']?"
    rb"([^\s\"',;()]{7,64})"
    rb"|(?:pass(?:word)?|pw|pin|credentials) in (?:the |a |this |my )?(?:ticket|chat|mail|e-?mail"
    rb"|note"
    rb"|subject|clear)[^\n()]{0,24}\(([^\s()]{6,64})\)"
    rb"|(?:user|login|log ?in|password|pw)\b[^\n]{0,50}\b(?:tried|typed|entered|used|put)(?: in"
    rb"| with)? [\"']?([^\s\"',;]{8,64})"
    rb"|(?:RESET|CHANGED?|reset|changed?|set) (?:IT|it|HIS|HER|THE) ?(?:PW|PASSWORD|pw)?"
    rb" ?(?:TO|to) [\"']?([^\s\"',;]{7,64})",
    fold=True,
)
#: The answer to a question that only its owner can answer; a password for somebody.
_ANSWER = compiled(
    rb"\b(?:security|secret|challenge) (?:answer|word|phrase)(?: (?:is|was|given"
    rb"|of))?[ :=\-]{1,3}[\"']?"
    rb"([A-Za-z0-9][^\s\"',;]{2,40})",
    fold=True,
)
_FOR_USER = compiled(
    rb"\b(?:pw|pwd|password|passwd|passcode) (?:for"
    rb"|of) ([A-Za-z][A-Za-z0-9._\-]{2,40}):[ ]{1,2}[\"']?"
    rb"([^\s\"',;]{6,64})",
    fold=True,
)
_STRONG = compiled(rb"[A-Za-z0-9][!#$%&*?+=][A-Za-z0-9]|[A-Za-z0-9][!#$%&*?]$")
_AFTER_MAIL = compiled(
    rb"[\w.+\-]{1,64}@[\w\-]{1,60}(?:\.[\w\-]{1,30}){1,4} ?[/|] ?([^\s\"',;/|]{6,64})"
)
#: The usual first passwords: a word with a sign and digits.
_USUAL = compiled(
    rb"(?:^|[\s(\"'])((?:temp|welcome|passw[o0]rd|changeme|letmein|summer|winter|spring|autumn"
    rb"|fall|sunshine|qwerty|monday|admin)(?:[!@#$%&*][A-Za-z0-9]{2,12}[!@#$]{0,3}"
    rb"|[A-Za-z0-9]{1,12}[!@#$%&*]{1,3}|-[A-Za-z0-9]{3,6}-[A-Za-z0-9]{2,6}))(?:[\s,;.?)\"']|$)",
    fold=True,
)
#: "who has the token" / "its cMaFkXgBFK8J…".
_ANSWERED = compiled(
    rb"(?:token|secret|api ?key|\bkey|credentials?)\b[^\n]{0,60}\r?\n(?:[^\n]{0,60}\r?\n){0,2}"
    rb"[^\n]{0,40}?(?:it'?s|here(?: it is|s|'s)?|use|is)[: ]{1,3}([A-Za-z0-9_\-+/=.]{20,200})",
    fold=True,
)
_BACKUP = compiled(
    rb"(?:backup|recovery|rescue|scratch) codes?[^\n0-9]{0,40}"
    rb"([A-Za-z0-9]{4,5}-[A-Za-z0-9]{4,5}(?:[ ,;]{1,3}[A-Za-z0-9]{4,5}-[A-Za-z0-9]{4,5}){0,11})",
    fold=True,
    rare=True,
)
_STATION = compiled(
    rb"(?:webrtc|station|ext|sip|tec|phone|http|https|v\d|edge|iphone|android|win|chrome|firefox"
    rb"|safari|\d{1,2}[:h]\d\d|[\d.]{3,}(?:ms|kb|mb|gb|s|px)|[A-Z]{2,6}-\d{2,8}$|queue|tier\d)",
    fold=True,
)


def shared_secrets(text: bytes) -> Iterator[Span]:
    """Secrets whose place in a file, a header or a connection tells them, in any line."""
    for match in _PLACED.finditer(text):
        group = next(each for each in range(1, 18) if match.start(each) >= 0)
        if match.group(group).lower() not in (b"true", b"false", b"null", b"none"):
            yield Span(*match.span(group), "TOKEN")


def told_shared_secrets(text: bytes) -> Iterator[Span]:
    """Secrets that a user name or a word beside them tells."""
    for match in _BESIDE.finditer(text):
        group = next(each for each in range(1, 9) if match.start(each) >= 0)
        found = match.group(group).rstrip(b".,;:?)")
        if not is_secret(found) and not (group < 3 and found.count(b"-") >= 2):
            continue
        mail = b"@" in found[1:-1] and (b"." in found or not bare(found))
        if mail or _STATION.match(found):
            continue
        if group in (4, 5, 7) and not (bare(found) and len(found) > 6):
            continue
        yield Span(match.start(group), match.start(group) + len(found), "TOKEN")
    for match in _ANSWER.finditer(text):
        found = match.group(1).rstrip(b".,;:?)")
        if found.lower() not in COMMON or (found[:1].isupper() and found[1:].islower()):
            yield Span(match.start(1), match.start(1) + len(found), "TOKEN")
    for match in _FOR_USER.finditer(text):
        if is_person(match.group(1)) and is_typed(match.group(1)):
            yield Span(*match.span(1), "USERNAME")
            yield Span(*match.span(2), "TOKEN")
    for match in _AFTER_MAIL.finditer(text):
        found = match.group(1).rstrip(b".,;:?)")
        if _STRONG.search(found) and is_secret(found) and not _STATION.match(found):
            yield Span(match.start(1), match.start(1) + len(found), "TOKEN")
    for match in _USUAL.finditer(text):
        if bare(match.group(1)):
            yield Span(*match.span(1), "TOKEN")
    for match in _ANSWERED.finditer(text):
        found = match.group(1)
        if bare(found) and not found.islower() and not found.isupper():
            yield Span(*match.span(1), "TOKEN")
    for match in _BACKUP.finditer(text):
        if bare(match.group(1)):
            yield Span(*match.span(1), "TOKEN")
