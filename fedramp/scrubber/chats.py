"""Names of speakers in chats and transcripts, and what speakers call each other.

Belongs here: the layouts in which chat programs and transcribers write who speaks, and vocatives.
Roles ("Agent:", "Customer:", "Bot:") are no names and stay.
"""

from collections.abc import Iterator

from .name_words import RANKS
from .people import Kind, Need, is_capital, is_listed, is_loud, kind_of, name_at
from .projection import compiled
from .spans import Span

_CLOCK = (
    rb"\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d{1,3})?)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:[A-Z]{2,4}|Z"
    rb"|[+\-]\d\d:?\d\d))?"
)
_DATE = (
    rb"(?:\d{4}-\d\d-\d\d|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}/\d{1,2}"
    rb"|(?:[A-Z][a-z]{2,8}\.?,? )?[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?"
    rb"|\d{1,2}\.? [A-Z][a-z]{2,8}\.?(?: \d{4})?|[Tt]oday|[Yy]esterday|[A-Z][a-z]{2,5}day)"
)
_WHEN = rb"[\[(<]?(?:" + _DATE + rb"(?:,? at|,|T| -)? ?)?" + _CLOCK + rb"[\])>]?"
_ROLE = (
    rb"agent|customer|client|caller|rep|representative|csr|supervisor|user|visitor|patient"
    rb"|operator|support|tech|member"
    rb"|guest|host|moderator|interviewer|interviewee|consumer|manager|admin|internal"
    rb"|external|owner|app|bot|advisor|specialist"
    rb"|participant|employee|speaker|me|you|organizer|presenter|attendee|guest user|he/him"
    rb"|she/her|they/them"
)
_WHO = (
    rb"([A-Za-z\xc0-\xff][A-Za-z0-9\xc0-\xff'._\-]{0,30}(?:,? [A-Za-z\xc0-\xff][A-Za-"
    rb"z0-9\xc0-\xff'._\-]{0,24}){0,3})"
)
_AS = rb"(?: ?[(\[](?:[A-Za-z /]{1,24})[)\]])?"
#: [10:42] Dwayne: hi; 12/03/26, 14:05 - Ama Mensah: hi; 10:42 <mkling> hi
_TIMED = compiled(
    rb"^[ >\t*\-]{0,6}"
    + _WHEN
    + rb"[ \t]{0,2}(?:[\-|,\xb7\xbf:][ \t]{0,3})?[ \t]{0,2}(?:<[@+%&~ ]?"
    + _WHO
    + rb">|\*{0,2}"
    + _WHO
    + _AS
    + rb"\*{0,2}(?: ?:(?:[ \t*]|$)| ?>(?: |$)| says:| wrote:))"
)
#: Dwayne 10:42 AM; Tanya R. | 3:15 PM; Priya Nair  Yesterday at 3:15 PM
_STAMPED = compiled(
    rb"^[ >\t*]{0,6}"
    + _WHO
    + _AS
    + rb"\*{0,2}(?:[ \t]{1,6}|[ \t]?[|,\xb7\xbf\-@][ \t]{0,3}|[ \t]{1,3}(?:at"
    rb"|APP|BOT|\xb7|\xbf) ?)[ \t]{0,3}(?:[|\-\xbf] ?)?"
    + _WHEN
    + rb"[ \t]{0,4}(?:\((?:[Ee]dited)\))?[ \t]{0,2}(?::[^\n]*|)(?:\r?$)"
)
#: Dwayne Carter\n10:42 AM\n: the name by itself before the time
_ABOVE = compiled(
    rb"^[ >\t*]{0,6}"
    + _WHO
    + _AS
    + rb"[ \t]{0,4}\r?\n[ >\t]{0,6}(?:[Ss]ent |[Aa]t )?"
    + _WHEN
    + rb"[ \t]{0,4}\r?$"
)
_NICK = compiled(
    rb"^[ >\t]{0,4}(?:\[?"
    + _CLOCK
    + rb"\]? )?<[@+%&~ ]?([A-Za-z_\[\]\\^{}|`][A-Za-z0-9_\[\]\\^{}|`.\-]{1,24})> [^<\n]"
)
_PLAIN = compiled(
    rb"(?:^[ >\t]{0,6}(?:[\-*\xb7\xbf] )?(?:\d{1,3}[.)] )?|\|[ \t]|[.!?] {1,2}|\\n)(\*{0,2}[\[(]?)"
    + _WHO
    + rb"([\])]?\*{0,2}"
    + _AS
    + rb"\*{0,2}(?: ?:\*{0,2}| ?>| says:| wrote:| replied:| said:)(?: |\*|\r?$))"
)
#: Agent (Marisol): …; Agent Marisol: …; Customer - Dwayne: …; Marisol (Agent): …
_WITH_ROLE = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff'])(?:"
    + _ROLE
    + rb")(?:[ _]?[1-9])? ?(?:[(\[\-|/,:] ?| - |)(?:[Nn]ame:? ?)?\(?"
    + _WHO
    + rb"[)\]]?\*{0,2} ?(?::|>|\d{1,2}:\d\d|\))",
    fold=True,
)
_ROLE_AFTER = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff'])"
    + _WHO
    + rb" ?(?:[(\[] ?|[,|/\-] )(?:"
    + _ROLE
    + rb") ?[)\]]? ?(?::|>|[\-\xbf|]|$|\d{1,2}:\d\d)",
    fold=True,
)
_MENTIONED = compiled(
    rb"(?:^"
    rb"|[\s(,;:\"'>*])@\[?([A-Za-z\xc0-\xff][A-Za-z0-9\xc0-\xff_\-]{1,24}(?:\.[A-Za-z"
    rb"][A-Za-z0-9_\-]{1,24}){0,2})\b"
)
_CALLS = (
    rb"hey(?: there)?|hi(?: there)?|hello(?: there)?|hiya|heya|yo|howdy|thx|tx|thnx|thanx"
    rb"|thanks(?: (?:so much|a lot|again|a ton|a million|much|for (?:that|this"
    rb"|your (?:help|time|patience))))?"
    rb"|many thanks|ty|tysm|tyvm|thank you(?: (?:so much|very much|again|for (?:that|this"
    rb"|calling|waiting|holding|your (?:help|time|patience|call))))?|cheers|ok(?:ay)?|k|kk"
    rb"|alright|all right|yes|yep|yeah|yup"
    rb"|no|nope|nah|sorry(?: about that)?|apologies|morning|good (?:morning|afternoon"
    rb"|evening|day|night)|gm|afternoon|evening|bye|goodbye|bye bye|see you|see ya|cya"
    rb"|take care|sure(?: thing)?|great|perfect|awesome"
    rb"|excellent|wonderful|got it|gotcha|welcome(?: back)?|you'?re (?:very "
    rb"|most )?welcome|yw|np|no problem|no worries|of course|absolutely|definitely"
    rb"|understood|roger(?: that)?|will do|done|right|exactly|correct"
    rb"|please|pls|plz|congrats|congratulations|happy birthday|well done|nice one|good job"
    rb"|great job|nice to meet you|pleasure|my pleasure|how are you(?: doing)?(?: today)?"
    rb"|how's it going|what's up|sup"
    rb"|hang on|hold on|one (?:moment|sec|second)|just a (?:moment|sec|second)"
    rb"|bear with me|listen|look|wait|oh|ah|well|so|and you|i see|fair enough|agreed"
    rb"|appreciate (?:it|that|you|your help)|much appreciated|gracias|hola|merci|danke"
    rb"|bonjour|salut|hallo|moin|servus|ciao|ol\xe1|oi|obrigad[oa]|hej|hei|dzi[e\xea]ki"
    rb"|cze[s\x9c][c\xe6]|ahoj|welcome aboard|ping|fyi|cc|shout ?out to|kudos to|props to"
    rb"|thanks to|credit to|tagging|adding|looping in|over to you|back to you|your turn"
)
_CALLED = compiled(rb"(?:^|[^A-Za-z0-9_\xc0-\xff'])(?:" + _CALLS + rb")(?:,? |,)(?:@)?", fold=True)
#: ", dwayne." at the end of a sentence
_CLOSING = compiled(
    rb"[A-Za-z\xc0-\xff0-9'\")], ([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'\-]{1,20})(?:[.!?]"
    rb"|[ \t]{0,3}\r?$)"
)
#: "Dwayne, can you"; "priya can you"; "tom: did you"
_OPENING = compiled(
    rb"(?:^[ >\t\-*]{0,6}|[.!?:;] {1,2}|\\n"
    rb"|\xbf )@?([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'\-]{1,20})(, | - |: | )(?:(?:so|please"
    rb"|pls|plz|just|also|thanks|thank|thx|ty|sorry|yes|no|ok|hi|hello|good|any"
    rb"|can|could|will|would|did|do|does|are|is|have|has|may|let|when|what|how|where|who"
    rb"|why|which|if|i|i'm|i've|i'll|we|we're|we've|you|your|you're|the|this|that|it|it's"
    rb"|there|here|my|our|as|per|on|in|at|for|to|not"
    rb"|see|check|call|send|take|try|great|got|sure|welcome)\b)",
    fold=True,
)
_ASKING = compiled(
    rb"(?:please|pls|plz|can you|could you|will you|would you|did you|do you|are you|have you"
    rb"|thanks|thank you|thx|ty|sorry)\b",
    fold=True,
)
_ROLES = frozenset(_ROLE.split(b"|"))
_TAGS = frozenset(
    b"""
b i u p a br hr li ul ol td tr th em tt h1 h2 h3 h4 h5 h6 div span table body html head code pre
font img link meta script style strong title form input label option select button center small
big sub sup dl dt dd nav main aside section header footer article null none empty unknown
redacted name user username email host hostname port id uuid string int integer number date time
timestamp path file filename url uri ip address token key value type message anonymous module
lambda listcomp stdin init clinit invalid missing not default root
""".split()
)
_NOBODY = frozenset(
    b"here channel everyone all team group param return override"
    b" deprecated see author since media import".split()
)


def spoken(text: bytes) -> Iterator[Span]:
    """The speakers of a conversation, in the layouts that give the time or the role."""
    if b":" in text:
        found = [
            match.span(1 if match.start(1) >= 0 else 2)
            for pattern in (_TIMED, _STAMPED, _ABOVE)
            for match in pattern.finditer(text)
        ]
        # Who speaks beside a person or a role is a person too, whatever the name.
        talk = any(_is_speaker(text[start:end]) for start, end in found)
        for start, end in found:
            yield from _speaker(text, start, end, sure=talk)
    if b"> " in text:
        yield from _nicks(text)


def _is_speaker(who: bytes) -> bool:
    words = [word.strip(b".,") for word in who.split()]
    return who.lower() in _ROLES or any(is_listed(word) for word in words)


def _nicks(text: bytes) -> Iterator[Span]:
    found = [match for match in _NICK.finditer(text) if match.group(1).lower() not in _TAGS]
    for match in found:
        nick = match.group(1)
        words = [word for word in nick.replace(b"-", b"_").split(b"_") if word]
        if len(words) > 1 and all(kind_of(word) == Kind.EVERYDAY for word in words):
            continue  # support_bot
        if b"</" + nick + b">" not in text and (
            len(found) > 1 or is_listed(nick) or kind_of(nick) == Kind.UNKNOWN
        ):
            yield Span(*match.span(1), "USERNAME")


def addressed(text: bytes) -> Iterator[Span]:
    """The speakers that only a colon shows, and those whom somebody speaks to."""
    yield from _turns(text)
    for pattern in (_WITH_ROLE, _ROLE_AFTER):
        for match in pattern.finditer(text):
            yield from _speaker(text, *match.span(1), sure=False)
    if b"@" in text:
        for match in _MENTIONED.finditer(text):
            yield from _mention(text, *match.span(1))
    for match in _CALLED.finditer(text):
        span = name_at(text, match.end(), Need.MUCH)
        if span is None or b" " in text[span.start : span.end]:
            if span:
                yield span
            continue
        yield span
    for match in _CLOSING.finditer(text):
        if _is_called(match.group(1)):
            yield Span(*match.span(1), "PERSON")
    for match in _OPENING.finditer(text):
        word, comma = match.group(1), match.group(2) != b" "
        asked = comma and is_capital(word) and _ASKING.match(text, match.end(2))
        if asked and kind_of(word) == Kind.WORDY:
            yield Span(*match.span(1), "PERSON")
        if _is_called(word) and (
            comma or (kind_of(word) == Kind.GIVEN and _ASKING.match(text, match.end(2)))
        ):
            yield Span(*match.span(1), "PERSON")


def _is_called(word: bytes) -> bool:
    kind = kind_of(word)
    return len(word) > 2 and (
        kind == Kind.GIVEN or (kind == Kind.SURNAME and is_capital(word) and not is_loud(word))
    )


def _mention(text: bytes, start: int, end: int) -> Iterator[Span]:
    word = text[start:end]
    parts = word.replace(b"_", b".").replace(b"-", b".").split(b".")
    if text[end : end + 1] in (b"/", b"(", b"@", b"{") or word.lower() in _NOBODY:
        return
    kinds = [kind_of(part.rstrip(b"0123456789") or b"-") for part in parts]
    if any(kind == Kind.EVERYDAY for kind in kinds) and max(kinds) < Kind.SURNAME:
        return
    following = name_at(text, start, Need.SOME) if is_capital(word) and len(parts) == 1 else None
    yield following if following else Span(start, end, "PERSON")


def _speaker(text: bytes, start: int, end: int, *, sure: bool) -> Iterator[Span]:
    """The name before a colon or a time, unless it is a role or a thing."""
    who = text[start:end].rstrip(b" .,-")
    while (first := who.split(b" ")[0]) != who and kind_of(first) == Kind.EVERYDAY:
        start += len(first) + 1  # "Atendente Wesley": a role before the name
        who = who[len(first) + 1 :]
    found = Span(start, start + len(who), "PERSON")
    words = who.replace(b",", b" ").split()
    if len(words) == 1 and _JOINED.search(who):
        parts = list(_JOINED_PARTS.finditer(who))
        if sure or any(is_listed(part.group()) for part in parts):
            yield found._replace(kind="USERNAME")
        return
    kinds = [kind_of(word.strip(b".")) for word in words if len(word.strip(b".")) > 1]
    if not kinds or Kind.EVERYDAY in kinds or who.lower() in RANKS:
        return
    plain = all(word[1:].islower() or len(word) < 3 or is_listed(word) for word in words)
    whole = len(words) == 2 and plain and all(map(is_capital, words))
    if max(kinds) >= Kind.SURNAME or (sure and plain) or whole:
        yield found


_JOINED = compiled(rb"[A-Za-z][._0-9]")
_JOINED_PARTS = compiled(rb"[A-Za-z]{2,30}")


def _turns(text: bytes) -> Iterator[Span]:
    """The speakers of lines "Dwayne: hi": certain by the lists, or by speaking more than once."""
    found = [(match, match.group(2).rstrip(b" .")) for match in _PLAIN.finditer(text)]
    if not found:
        return
    times: dict[bytes, int] = {}
    for _, who in found:
        times[who] = times.get(who, 0) + 1
    talk = len(times) > 1 and sum(times.values()) > 2
    for match, who in found:
        words = who.replace(b",", b" ").split()
        kinds = [kind_of(word.strip(b".")) for word in words if len(word.strip(b".")) > 1]
        if who.lower() in _ROLES or who.lower() in RANKS:
            continue
        if not kinds or Kind.EVERYDAY in kinds or any(each in b"0123456789_" for each in who):
            continue
        capital = all(map(is_capital, words))
        listed = max(kinds) >= Kind.SURNAME
        again = talk and times[who] > 1
        if (listed and (capital or again or kinds[0] == Kind.GIVEN)) or (
            again and capital and len(who) > 2 and not is_loud(who)
        ):
            start = match.start(2)
            yield Span(start, start + len(who), "PERSON")
