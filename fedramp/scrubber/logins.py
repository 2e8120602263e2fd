"""User names that a place tells: a prompt, the owner of a file, a row beside a name, a messenger.

A name beside a person's must be made of that person's; elsewhere the look of an account counts.
"""

import unicodedata
from collections.abc import Iterator

from .answers import ANSWER
from .common_words import COMMON
from .projection import compiled
from .spans import Span
from .user_names import is_person, is_typed

_LOOKS = (
    rb"(?:[a-z][a-z\-]{1,24}[0-9]{1,8}|[a-z]{1,20}[._][a-z][a-z\-]{0,20}[0-9]{0,4}"
    rb"|[a-z]{1,20}(?:_[a-z]{1,20}){1,2}[0-9]{0,4}|[A-Z]{3,14}[0-9]{1,4})"
)
#: `ls -l`, the prompt of a shell, the origin of a session of calls, a bind of SMPP.
_OWNER = compiled(
    rb"^[ \t]{0,4}[dlbcps\-][rwxsStT\-]{9}[.+@]?[ \t]{1,4}\d{1,5}[ \t]{1,4}"
    rb"([a-z][a-z0-9._\-]{1,30})[ \t]{1,8}[A-Za-z]",
    rare=True,
)
_PROMPT = compiled(
    rb"^(?:\([\w.\-]{1,20}\) ?)?\[?([a-z][a-z0-9._\-]{1,30})@[A-Za-z][A-Za-z0-9.\-]{1,60}"
    rb"(?::| )[~/\[][^\n$#%>@]{0,80}[$#%>](?: |$)",
    rare=True,
)
_ORIGIN = compiled(rb"^o=([A-Za-z][A-Za-z0-9._\-]{2,30}) \d{1,20} \d{1,20} IN IP", rare=True)
_BIND = compiled(
    rb"\bsystem_?id[\"']?[ ]?[:=>][ ]?[\"']?([A-Za-z][A-Za-z0-9._\-]{2,16})",
    fold=True,
    rare=True,
)
_HANDLE = compiled(
    rb"(?:\blive:(?:\.cid\.)?|\bskype(?: ?(?:id|name))?[:=] ?(?:live:)?(?:\.cid\.)?"
    rb"|\bdiscord(?: ?(?:id|name))?[:=] ?"
    rb"|\b(?:t\.me|telegram\.me|instagram\.com|github\.com/users)/|\b(?:telegram|tg|insta(?:gram)?"
    rb"|wechat|weixin|line|snap(?:chat)?|kik)(?: ?(?:id|name|handle|user))?[:=] ?@?)"
    rb"([A-Za-z][A-Za-z0-9._\-]{2,40})",
    fold=True,
    rare=True,
)
_ATTRIBUTE = compiled(
    rb"agent_?(?:id|login|name)[\"']?[ \t]{1,4}[\"']([A-Za-z][A-Za-z0-9._\-]{2,30})[\"']",
    fold=True,
    rare=True,
)
#: "my user is dtutu66", "u: rdlamini_ro", "who is agentzero77", "created by fergal.oneill".
_SAID = compiled(
    rb"(?:^|[^A-Za-z])(?i:user ?(?:name|id)?(?:'s)?|login|loggin|logon|account|un|u|usr|agent id"
    rb"|who(?: i|')s|caller_?id|opened_?by|requested_?for|assigned(?:_to| to)?|sys_(?:cre"
    rb"|upd)ated_by|(?:creat|chang|edit|modifi|updat|approv|delet|add|own|request|submitt|open"
    rb"|clos|assign|report|deploy|commit|review|rotat)ed by|made by|run by|postmap by|set by"
    rb"|done by|pushed by|and|new one should be|should be|she's on|he's on|mine is|it's|ping"
    rb"|reach out to)"
    rb"(?: (?:is|was|ist|es|est|now))?[\"']?[ :=,]{1,3}[\"'(`]?(" + _LOOKS + rb")"
    rb"(?:[\"')`\],;:/]|[.]?\s|[.]?$)",
)
_WEAK = (b"and", b"account", b"it's", b"should be", b"ping", b"u", b"un", b"assigned")
#: Letters alone, which are no word, where only an account's name can be.
_LONE = compiled(
    rb"(?:(?:deployed|committed|pushed|edited|approved|reviewed|merged) by |>> assigned |^assigned "
    rb"|(?:old|new|her|his) log+in |new one should be |[.!?] ?-|-AD(?:User|Account\w{0,12}) "
    rb"(?:-Identity )?[\"']?)([a-z]{5,20}\d{0,3}|[a-z]{3,16}\.[a-z]{1,16})(?:[.,;)\"']|[ ]?->| [}"
    rb"|\-]|\s*$)",
    rare=True,
)
#: Letters alone, where an initial and a surname give a start that no word has.
_INITIALLED = compiled(
    rb"(?:^|[^A-Za-z])(?:(?i:i'?m|i am|this is|by|login|loggin|new one should be|assigned|as)"
    rb"[ :]{1,2}|(?:->|[\-\xbf])[ :]{0,2})"
    rb"([b-df-hj-np-tv-xz]{2,3}[aeiouy][a-z]{2,18}\d{0,3}|[a-z]{6,20}[b-df-hj-np-tvwxz])"
    rb"(?:[\"')`\],;]|[.]?\s|[.]?$)",
)
_ONSETS = frozenset(
    b"bl br ch cl cr dr dw fl fr gh gl gn gr kh kn kr ll mc ph pl pr ps pt qu rh sc sh sk sl sm sn"
    b" sp sq sr st sv sw tc th tr ts tw vl wh wr zh".split()
)
_ANSWERED = compiled(
    rb"(?:user ?(?:name|id)|login(?: (?:id|name))?|agent id|log ?on|usuario|identifiant"
    rb"|benutzername)" + ANSWER + rb"([A-Za-z][A-Za-z0-9._\-]{3,40})(?:[ ,.;]|\r?$)",
    fold=True,
    rare=True,
)
#: A list of them: "11 users, ex. carpat.bionescu and carpat.mpopa".
_LISTED = compiled(
    rb"(?:users?|agents?|accounts?|logins?)\b[^.\n]{0,40}[ ,(:](?:ex|e\.g|i\.e|incl|like|eg"
    rb"|namely|such as|for example)\.?:? ((?:[a-z]{2,16}[._][a-z]{2,20}[0-9]{0,3}"
    rb"(?:, | and | or | & |, and |/)?){1,12})",
    fold=True,
    rare=True,
)
_ONE = compiled(rb"[a-z]{2,16}[._][a-z]{2,20}[0-9]{0,3}")
_STUDENT = compiled(
    rb"(?:student|staff|learner|pupil|uni|campus)[^\n]{0,50}[ (:]([a-z]\d{6,8})\b", fold=True
)
#: A person and, in the next cell or in brackets, what is made of the name.
_BESIDE = compiled(
    rb"([A-Z\xc0-\xde][A-Za-z\xc0-\xff'\-]{1,24})(,?) "
    rb"((?:[A-Z\xc0-\xde][A-Za-z\xc0-\xff.'\-]{0,20} ?)"
    rb"{1,3})[ ]{0,2}[/|;,(\t=:\-<]{1,2} ?([a-z][a-z._\-]{2,20}[0-9]{0,4})\b",
    rare=True,
)
_SERVERS = frozenset(
    b"freeswitch asterisk sipp sipp_uac twilio genesys user user1 kamailio opensips cisco avaya"
    b" mediaserver rabbitmq redis kafka elastic elasticsearch zookeeper gcti splunk nagios zabbix"
    b" prometheus grafana ntp chrony sshd bin mail news uucp games proxy irc gnats messagebus"
    b" syslog polkitd rpc dbus sonus audiocodes mitel iceadmin webrtc janus mozilla vagrant"
    b" hadoop spark airflow solr consul vault gitlab runner jenkins opc ansible deploy deployer"
    b" live pi azureuser admin ubuntu rocky fedora alpine core cloud-user bitnami".split()
)


def logins(text: bytes) -> Iterator[Span]:
    """User names that a place in a record tells, in any line."""
    for pattern in (_OWNER, _PROMPT, _ORIGIN, _BIND, _HANDLE, _ATTRIBUTE):
        for match in pattern.finditer(text):
            found = match.group(1).rstrip(b".-_")
            if found.lower() in _SERVERS or not is_person(found):
                continue
            if pattern in (_ORIGIN, _BIND) and not (is_typed(found) or found[:1].islower()):
                continue
            if pattern is _BIND and not is_typed(found):
                continue
            if pattern is not _HANDLE and found.lower() in COMMON:
                continue
            yield Span(match.start(1), match.start(1) + len(found), "USERNAME")


def told_logins(text: bytes) -> Iterator[Span]:
    """User names that a sentence, an answer or a person's name beside them tells."""
    for match in _SAID.finditer(text):
        found = match.group(1).rstrip(b".-_")
        word = text[match.start() : match.start(1)].strip(b" :=,\"'(`[\n\t.").lower()
        weak = word in _WEAK
        if weak and not (b"." in found and word == b"and"):
            if word in (b"u", b"un") and b":" in text[match.start() : match.start(1)]:
                pass
            elif word != b"assigned" or not found[-1:].isdigit():
                continue
        if (
            weak
            and word == b"and"
            and b"user" not in text[max(0, match.start() - 80) : match.start()]
        ):
            continue
        if is_person(found) and (is_typed(found) or _loud(found)):
            yield Span(match.start(1), match.start(1) + len(found), "USERNAME")
    for match in _INITIALLED.finditer(text):
        found = match.group(1)
        if found[:2] in _ONSETS or not _odd(found) or not is_typed(found):
            continue
        yield Span(*match.span(1), "USERNAME")
    for pattern in (_ANSWERED, _STUDENT, _LONE):
        for match in pattern.finditer(text):
            if is_person(match.group(1)) and is_typed(match.group(1)):
                yield Span(*match.span(1), "USERNAME")
    for match in _LISTED.finditer(text):
        for one in _ONE.finditer(match.group(1)):
            if is_typed(one.group()):
                yield Span(match.start(1) + one.start(), match.start(1) + one.end(), "USERNAME")
    for match in _BESIDE.finditer(text):
        first, given = _plain(match.group(1)), [_plain(e) for e in match.group(3).split()]
        if given and _made_of(match.group(4), first, given, turned=match.group(2) == b","):
            yield Span(*match.span(4), "USERNAME")


def _loud(found: bytes) -> bool:
    return found.isupper() and found[-1:].isdigit() and len(found.rstrip(b"0123456789")) > 4


def _odd(found: bytes) -> bool:
    """A start of consonants that no word has."""
    return not found[:1].strip(b"bcdfghjklmnpqrstvwxz") and not found[1:2].strip(
        b"bcdfghjklmnpqrstvwxz"
    )


def _plain(word: bytes) -> str:
    parts = unicodedata.normalize("NFD", word.decode("latin-1").lower())
    return "".join(each for each in parts if each.isascii() and each.isalpha())


def _made_of(login: bytes, first: str, rest: list[str], *, turned: bool) -> bool:
    """Whether a login is an initial and a surname, or both names, of this person."""
    name = _plain(login)
    surname, givens = (first, rest) if turned else (rest[-1], [first, *rest[:-1]])
    if len(name) < 4 or not surname or not givens or not givens[0]:
        return False
    given = givens[0]
    initials = "".join(each[:1] for each in givens)
    starts = {given[:1], initials, given[:2], given[:3], given}
    for start in starts:
        rest_of = name.removeprefix(start)
        if name.startswith(start) and len(rest_of) >= 3 and surname.startswith(rest_of):
            return True
    return name.startswith(surname[:4]) and name.removeprefix(surname) in starts
