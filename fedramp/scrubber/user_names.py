"""User names of people: `DOMAIN\\user`, home folders, what signs in, and the words that tell.

An account of a service (root, admin, svc_backup, postgres) is no person, and stays.
"""

from collections.abc import Iterator

from .common_words import COMMON
from .projection import compiled
from .spans import Span

_HOME = compiled(
    rb"(?:/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2}|[A-Za-z]:/Users/|/export/home/|/var/mail/"
    rb"|/var/spool/mail/"
    rb"|[A-Za-z]:\\{1,2}Documents and Settings\\{1,2}|\\profiles\$?\\{1,2})"
    rb"([A-Za-z0-9._\-]{2,40})|(?:^|[ =\"'(])~([a-z][a-z0-9_.\-]{2,30})/",
    rare=True,
)
_SIGNED_IN = compiled(
    rb"(?:(?:logged|signed|logging|signing|log|sign|logs|signs) ?(?:in|on|into|off"
    rb"|out)(?: (?:using|with|as|by))?(?: (?:the )?(?:user|account|login))?|login as"
    rb"|for (?:invalid )?user|invalid user|user account"
    rb"|user ?names?|user[ _\-]?id|login(?: ?(?:name|id))?|logon(?: ?(?:name|id|account))?|(?:ad"
    rb"|domain"
    rb"|windows|network|corp|sso|okta|vpn|citrix|unix) (?:account|user|login|id)|account name"
    rb"|benutzer(?:name|konto|kennung)?|anmeldename"
    rb"|nom d'utilisateur|identifiant|nombre de usuario|usuario|nome utente|utente|gebruikers?naam"
    rb"|uzytkownik|anv\xe4ndarnamn|brugernavn|brukernavn|nome de usu\xe1rio|usu\xe1rio"
    rb"|kullanici adi|matricule"
    rb"|(?:password|publickey|keyboard-interactive|gssapi-with-mic|none) for(?: user)?"
    rb"|opened for user|closed for user|auth user|sam ?account ?name|screen ?name)"
    rb"(?:(?: (?:is|was|ist|est|es|of))?[ \t]{0,3}[:=][ \t]{0,6}|(?: (?:is|was|ist|est|es"
    rb"|of))?[ \t]{1,6})[\"'(`]?"
    rb"([A-Za-z][A-Za-z0-9._\-]{2,40})",
    fold=True,
    rare=True,
)
_USER = compiled(
    rb"(?:^|[^A-Za-z])(?i:user|uname|usr|agent(?: ?(?:id|login|name))?|system_?id|account|login"
    rb"|compte|konto|cuenta"
    rb"|utilisateur|chown|su -|su|usermod -\S{1,4}|passwd|crontab -u|userdel|finger|sudo -u"
    rb"|psql[^\n]{1,60}-U"
    rb"|employee|operator|req for|reset for|unlock|unlocked|locked out|actor|owner|sub|nick|alias"
    rb")"
    rb"[\"']?[ :=,]{1,3}[\"'(`]?"
    rb"([a-z][a-z._\-]{1,24}[0-9]{1,4}|[a-z]{1,16}[._][a-z][a-z\-]{1,20}"
    rb"|[a-z]{1,20}_[a-z]{1,20}[0-9]{0,3}|[A-Z]{3,16}\.[A-Z]{1,2})"
    rb"(?:[\"')`\],;:]|[.]?\s|[.]?$)",
)
#: With a sign between them, letters alone are enough.
_MARKED = compiled(
    rb"(?:^|[^A-Za-z])(?i:(?:user|uname|usr|agent ?(?:id|login)|sub|actor|konto|compte|cuenta"
    rb"|account)[\"']?[ ]?[:=][ ]?"
    rb"|(?:login|psql[^\n]{1,60}-U|req for|reset for|compte|unlock|unlocked|deactivate[d:]?"
    rb"|offboard:?)[\"']?(?:[ ]?[:=][ ]?| ))"
    rb"[\"'(`]?([a-z]{5,20})(?:[\"')`\],;]|[.]?\s|[.]?$)",
)
#: In bare words, an initial and a surname give a start that no word has: mkling, hrakoto.
_INITIAL = compiled(
    rb"(?:^|[^A-Za-z])(?i:user|agent|account|uid|konto|cuenta|member|colleague)[ ]"
    rb"([b-df-hj-np-tv-xz]{2}[a-z]{2,18})(?:[\"')`\],;]|[.]?\s|[.]?$)",
)
_ONSETS = frozenset(
    b"bl br ch cl cr dr dw fl fr gh gl gn gr kh kn kr ll mc ph pl pr ps pt qu rh sc sh sk sl sm sn"
    b" sp sq"
    b" sr st sv sw tc th tr ts tw vl wh wr zh".split()
)
_SIP = compiled(rb"\bsips?:([a-z][a-z0-9._\-]{2,30})@\d{1,3}\.", fold=True, rare=True)
_ACCESS = compiled(rb"^\S{2,64} \S{1,64} ([A-Za-z][A-Za-z0-9._@\-]{1,63}) \[\d\d?/[A-Z]", rare=True)
_SUDO = compiled(
    rb"sudo(?:\[\d{1,8}\])?: {1,4}([a-z][a-z0-9._\-]{1,30}) : (?:TTY|user NOT|command|\d)",
    rare=True,
)
_SSH = compiled(
    rb"\b(?:ssh|scp|sftp"
    rb"|rsync)(?: -[^\s@]{1,20}(?: [^\s@\-][^\s@]{0,30})?){0,4} ([a-z][a-z0-9._\-]{1,30})@",
    rare=True,
)
#: DOMAIN\user: no path, no key of the registry, no escape.
_DOMAIN = compiled(rb"([A-Za-z][A-Za-z0-9.\-]{1,20})(\\{1,2})([A-Za-z][A-Za-z0-9._\-]{1,40})")
_SLASHED = compiled(
    rb"\b((?:[A-Z0-9]{0,12}(?:DOMAIN|CORP|AD|DOM|NET|INT|LOCAL|HQ))"
    rb"|[A-Z]{3,10})/([a-z][a-z0-9._\-]{2,24})\b"
)
_NO_DOMAINS = frozenset(
    b"error warn info debug fatal failed ok null true false get post http sip nt builtin hklm hkcu"
    b" hkey_local_machine "
    b"hkey_current_user hkey_classes_root hku hkcr software system32 windows program users font"
    b" window manager "
    b"iis apppool nt-autorit\xe4t autorite workgroup localhost msg message note text notes subject"
    b" line first end done".split()
)
_MENTION = compiled(
    rb"(?:^|[\s(\[,:])@([a-z][a-z0-9]{0,20}(?:[._\-][a-z0-9]{1,20}){1,3}"
    rb"|[a-z][a-z_]{2,20}[0-9]{1,4})\b"
)
_SPEAKER = compiled(rb"^([a-z][a-z0-9]{1,20}[._][a-z0-9]{1,20}) (?:\[|\(|<|  )?\d{1,2}:\d\d")
NO_USERS = frozenset(
    b"phone ip null none true false root admin administrator system anonymous guest default "
    b"unknown service nobody daemon postgres mysql jenkins apache nginx www www-data oracle ubuntu "
    b"ec2-user centos debian vagrant docker git svn tomcat sa sysadmin sysdba superuser operator "
    b"user users agent agents public shared all the and has is was id name not test tester"
    b" testuser "
    b"failed failure successful successfully attempt attempts error errors page screen button form "
    b"window prompt dialog field fields access rights session sessions from with for on in at to"
    b" of "
    b"or but via using his her their my your our into onto again then when while after before"
    b" until "
    b"because fails works times out off issue issues problem problems request requests again"
    b" either "
    b"again, can cannot could did does had have he she they we it its this that there here who"
    b" which "
    b"account accounts password passwords only both same other another any every each no new old"
    b" one "
    b"normal normally fine okay ok yes yesterday today now still already never always often twice"
    b" once "
    b"network service local localservice networkservice authority trustedinstaller defaultuser0"
    b" desktop "
    b"documents appdata program files windows common support helpdesk supervisor manager genesys "
    b"usually please also just how what why where if so as by an a be been being are were mode"
    b" type "
    b"group groups role roles list lists data details info information license licenses management "
    b"profile profiles portal host hosts server servers client clients domain domains console app"
    b" apps "
    b"zusammen wieder nicht und oder mit von der die das ist sind war pour avec dans les des une"
    b" est "
    b"para con los las del que por como actor actors owner owners person people member members "
    b"through passkey passkeys sso mfa cust cx "
    b"employee employees operators caller callers customer customers".split()
)
_SERVICE = compiled(
    rb"^(?:svc|srv|service|sys|app|api|bot|noreply|no-reply|healthcheck|monitor|batch|cron|backup"
    rb"|build|deploy|ci)[._\-]|[._\-](?:svc|service|bot|daemon|admin)$|\$$|\.(?:exe|dll|log|txt"
    rb"|cfg|conf|xml|json|com|net|org|local|sys|py|js|java|html|php|sh|docx?|xlsx?|pptx?|pdf|wav"
    rb"|mp[34]|csv|zip|png|jpe?g|gif|msg|eml|ps1|bat|dat|tmp|ini|ya?ml|md|opus|pcap)$"
)


def user_names(text: bytes) -> Iterator[Span]:
    """User names that a path, a command or a server's own words reveal, in any line."""
    for pattern in (_HOME, _SIGNED_IN, _ACCESS, _SUDO, _SSH, _SIP):
        for match in pattern.finditer(text):
            group = 1 if match.start(1) >= 0 else 2
            start, end = match.span(group)
            found = match.group(group).rstrip(b".-_")
            if pattern is _SIGNED_IN and (
                not is_typed(found) or text[end : end + 1] in (b"@", b"\\", b"/")
            ):
                continue
            if is_person(found) and (pattern is not _SIP or is_typed(found)):
                yield Span(start, start + len(found), "USERNAME")
    if b"\\" in text:
        for match in _DOMAIN.finditer(text):
            yield from _of_domain(text, *match.span(1), *match.span(3))


#: Further away: "reset MFA for mrodriguez", "jpark and ksingh".
_INITIAL_FAR = compiled(
    rb"(?:^|[^A-Za-z])(?:for|and|or|by"
    rb"|with)[ ]([b-df-hj-np-tv-xz]{2}[aeiou][a-z]{3,18})(?:[\"')`\],;]|[.]?\s|[.]?$)"
)


#: In a tag, a query, the record of a user, in brackets before a mail address.
_TAGGED = compiled(
    rb"(?:\b(?:login|user|agent)_?(?:id|name|login)>|[?&](?:agent|user|login)="
    rb"|\bx-user: [\w\-]{2,16}\\{1,2}"
    rb"|\"externalId\"\s?:\s?\"|[(;,]ID: ?)([A-Za-z][A-Za-z0-9._\-]{3,30})(?:[<&)\"\s]|$)"
    rb"|\(([a-z]{2,20}[._][a-z]{1,20}[0-9]{0,3}|[a-z]{3,20}[0-9]{1,3}), ?[\w.+\-]{1,64}@",
    fold=True,
)
#: Those that continue a list: "CORP\\zhenweiz, huynhmi, klyles".
_MORE = compiled(rb"(?:, ?| and |; ?)(?:[A-Z]{2,12}\\{1,2})?([a-z][a-z0-9._\-]{3,24})")


def _more(text: bytes, end: int) -> Iterator[Span]:
    for _ in range(12):
        match = _MORE.match(text, end)
        if match is None:
            return
        found = match.group(1).rstrip(b".-_")
        if not (is_person(found) and is_typed(found)):
            return
        yield Span(match.start(1), match.start(1) + len(found), "USERNAME")
        end = match.start(1) + len(found)


def told_user_names(text: bytes) -> Iterator[Span]:
    """User names that a sentence or a chat reveals."""
    if b"\\" in text:
        for match in _DOMAIN.finditer(text):
            for span in _of_domain(text, *match.span(1), *match.span(3)):
                yield from _more(text, span.end)
    for match in _TAGGED.finditer(text):
        group = 1 if match.start(1) >= 0 else 2
        found = match.group(group).rstrip(b".-_")
        if is_person(found) and is_typed(found):
            yield Span(match.start(group), match.start(group) + len(found), "USERNAME")
    for pattern in (_USER, _MARKED, _INITIAL, _INITIAL_FAR, _MENTION, _SPEAKER):
        for match in pattern.finditer(text):
            found = match.group(1).rstrip(b".-_")
            if pattern is _MENTION and _CODE.match(text, match.end()):
                continue
            if pattern in (_INITIAL, _INITIAL_FAR) and found[:2] in _ONSETS:
                continue
            if is_person(found) and (pattern in (_SPEAKER, _INITIAL) or is_typed(found)):
                yield Span(match.start(1), match.start(1) + len(found), "USERNAME")
    for match in _SLASHED.finditer(text):
        if match.group(2) not in NO_USERS and match.group(1) not in _PROTOCOLS:
            first = text[max(0, match.start() - 12) : match.start()].lower()
            if (
                match.group(1).endswith((b"DOMAIN", b"CORP", b"DOM"))
                or b"user" in first
                or b"login" in first
            ):
                yield Span(*match.span(2), "USERNAME")


#: After the sign for a mention, code: a decorator with its function.
_CODE = compiled(rb"\(|[ \t]{0,4}\r?\n[ \t]{0,16}(?:async |def |class |@|public |private |func)")
_PROTOCOLS = frozenset(b"SIP HTTP TCP UDP TLS RTP GMT UTC TCP/IP SSL".split())


_UUID = compiled(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-", fold=True)


def is_person(found: bytes) -> bool:
    """Whether an account's name can be a person's."""
    lowered = found.lower()
    if any(sign in found for sign in (b"?", b"%", b"=", b"@", b"/")):
        return False
    if lowered.startswith((b"self.", b"this.", b"parsed.", b"request.", b"req.", b"config.")):
        return False
    if _UUID.match(found):
        return False
    return len(found) > 1 and lowered not in NO_USERS and not _SERVICE.search(lowered)


def is_typed(found: bytes) -> bool:
    """After words alone: not an ordinary word, but something with the look of an account."""
    parts = found.lower().translate(_SIGNS).split()
    if len(parts) > 1:
        return not all(part in COMMON or part.isdigit() or len(part) < 2 for part in parts)
    if any(48 <= each <= 57 for each in found):
        return _TECHNICAL.fullmatch(found) is None
    if not found.islower() or len(found) < 5 or found.endswith(_ENDINGS):
        return False
    return not {found, found[:-1], found[:-2], found[:-3]} & COMMON


_SIGNS = bytes.maketrans(b"._-", b"   ")
_TECHNICAL = compiled(
    rb"(?:amd|arm|x|i|win|utf|ipv|http|md|sha|base|mp|oauth|saml|g|v|h|vp|rfc|iso|ext|q|p|r|l|s|ec"
    rb"|ed|rc|tier"
    rb"|level|line|node|host|server|queue|site|team|group|agent|user|test|port|vlan|eth|gig|trunk"
    rb"|edge|mx|ns|db|web"
    rb"|app|dc|us|eu|step|phase|day|week|month|pod|zone|rack|switch|router|gw|sbc|ivr|acd|pc"
    rb"|laptop|desk|room|case|id)\d{1,5}",
    fold=True,
)
_ENDINGS = (b"ing", b"ed", b"ly", b"tion", b"ment", b"ness", b"able", b"ful", b"ity", b"ously")


def _of_domain(text: bytes, first: int, middle: int, start: int, end: int) -> Iterator[Span]:
    domain, found = text[first:middle], text[start:end].rstrip(b".-_")
    before = text[max(0, first - 2) : first]
    drive = before[-1:] == b":" and before[-2:-1].isupper()
    if drive or before[-1:] in (b"\\", b"/", b"%", b".", b"_", b"$"):
        return
    if before[-1:].isalnum() or text[end : end + 1] in (b"\\", b"*", b"(", b"["):
        return
    if domain.endswith(b".") or domain.lower() in _NO_DOMAINS or not is_person(found):
        return
    upper = domain.upper() == domain and len(domain) > 2
    if not upper and not (b"." in domain or domain[:1].isupper()):
        return
    if found.isupper() and len(found) > 8:
        return
    yield Span(start, start + len(found), "USERNAME")
