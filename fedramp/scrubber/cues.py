"""Names that the words around them reveal: a greeting, a signature, "Caller:", "spoke with"."""

from collections.abc import Iterator

from .chats import addressed, spoken
from .deeds import done
from .endings import ended
from .kin import related
from .layouts import laid_out
from .letters import lettered
from .notes import noted
from .pairs import alone, paired
from .people import Kind, is_joined, kind_of
from .projection import compiled
from .singles import lone
from .spans import Span
from .words import NOT_NAMES, ORDINARY, PARTICLES, TITLES

_CAPITAL = (
    rb"[A-Z\xc0-\xde](?:\.|[a-z\xdf-\xff]{1,2}\.|[a-z\xdf-\xff'\-]{0,24}"
    rb"(?:[A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,24}){0,4})"
)
_PARTICLE = (
    rb"(?:van|von|der|den|de|da|del|dela|della|la|le|al|el|bin|ibn|di|du|dos|das|ter|ten|zu|y)"
)
#: One to six words; the first one begins with a capital.
_NAME = rb"(" + _CAPITAL + rb"(?: (?:" + _PARTICLE + rb" ){0,3}" + _CAPITAL + rb"){0,4})"
_TWO = rb"(" + _CAPITAL + rb"(?: (?:" + _PARTICLE + rb" ){0,3}" + _CAPITAL + rb"){1,4})"
_LOUD = rb"([A-Z\xc0-\xde'\-]{2,20}(?: [A-Z\xc0-\xde'.\-]{1,20}){1,3})"
_ROLES = (
    rb"[Cc]aller|[Rr]equest[eo]r|[Rr]equested by|[Rr]eporter|[Rr]eported by|[Cc]ontact(?: name"
    rb"| person)?|"
    rb"[Cc]ustomer(?: name)?|[Aa]gent|[Uu]ser|[Cc]ard ?holder|[Bb]eneficiary|[Aa]ssigned to"
    rb"|[Aa]ssignee|"
    rb"[Oo]wner|Attn|[Pp]atient|[Ee]mployee|[Ss]upervisor|[Mm]anager|[Ss]igned(?: by)?"
    rb"|[Aa]ttendees?|"
    rb"[Aa]ccount holder|[Mm]ember|[Cc]laimant|[Vv]eteran|[Aa]pplicant|[Cc]ollea?gue"
    rb"|[Aa]dministrator|"
    rb"[Aa]dmin|[Tt]echnician|[Ee]ngineer|[Tt]itulaire|[Uu]suario|[Aa]gente|[Cc]liente"
    rb"|[Kk]unde|[Uu]tilisateur|"
    rb"[Oo]perator|[Vv]isitor|[Ss]ender|[Rr]ecipient|[Dd]river|[Ss]pouse|[Gg]uardian"
    rb"|[Ee]scalated (?:to|by)|"
    rb"[Oo]pened by|[Cc]losed by|[Cc]reated by|[Uu]pdated by|[Aa]pproved by|[Mm]r|[Mm]rs|[Mm]s"
    rb"|Dr|Prof|Sr|Sra|Herr|Frau|Mme"
)
_VERBS = (
    rb"[Ss]poke (?:with|to)|[Tt]alked (?:with|to)|[Cc]alled(?: back)?|[Cc]ontacted|[Ee]mailed"
    rb"|[Mm]ailed|"
    rb"[Rr]eached(?: out to)?|[Rr]eports? (?:came )?(?:from|by)|[Cc]all(?:s|ed)? (?:from|with|by)|"
    rb"[Mm]et (?:with)?|[Mm]eeting with|[Ff]ollow(?:ed)? up with|[Ll]oop(?:ed|ing)? in"
    rb"|[Cc]c'?(?:ed|ing)?|"
    rb"[Ee]scalat(?:e|ed) to|[Aa]ssign(?:ed)? to|[Hh]eard (?:back )?from|[Pp]er"
    rb"|[Ff]orwarded (?:by|to)|"
    rb"[Ww]aiting for|[Cc]hange it to|[Mm]y name is|[Nn]ame is|[Tt]his is|[Bb]elongs to"
    rb"|[Oo]n behalf of|"
    rb"[Uu]nder(?: the name| my partner's name)?|[Mm]aiden name is|[Nn]amed (?:him|her|it)"
    rb"|[Aa]sk|[Ii] am|I'm"
)
_HEAVY = (
    rb"(?:regards|best|thanks|thank you|thx|cheers|sincerely|yours|many thanks|kind regards"
    rb"|best regards|"
    rb"warm regards|br|rgds|saludos|gracias|cordialement|merci|gr\xfc\xdfe"
    rb"|mit freundlichen gr\xfc\xdfen|"
    rb"mfg|atentamente|thanks again|thanks in advance|respectfully|with thanks|best wishes"
    rb"|-- ?|__+|sent by)"
)

_GREETING = compiled(
    rb"(?:^|[\"'>:] ?|\\n|[.!?] )(?:Hi|Hello|Hey|Dear|Hola|Hallo|Bonjour|Ciao|Ol\xe1"
    rb"|Good (?:morning|afternoon|evening|day)|"
    rb"Buenos d\xedas|Buenas tardes|Guten Tag|Liebe[r]?|Estimad[oa]|Sehr geehrte[r]?|Morning"
    rb"|HI|HELLO)"
    rb"(?: (?:Mr|Mrs|Ms|Dr|Herr|Frau|Sr|Sra|again)\.?)?,? " + _NAME
)
_SIGNED = compiled(
    rb"^[ >]{0,4}(?i:"
    + _HEAVY
    + rb")[,.! ]{0,3}\r?\n(?:[ >]{0,4}\r?\n){0,2}[ >]{0,4}"
    + _NAME
    + rb"(?:[ ,|/\-(]|\r?$)"
)
_SIGNED_HERE = compiled(
    rb"(?:Regards|Thanks|Best|Cheers|Sincerely|Thank you|Thx|Gracias|Saludos)[,.!]{1,2} {1,2}"
    + _NAME
    + rb"\.?\r?$"
)
_DASHED = compiled(rb"[.!?;)] ?(?:-{1,2}|/) ?" + _NAME + rb"\.?\r?$")
_ROLE = compiled(
    rb"(?:^|[ (\[\"'/,>.])(?:(?:"
    + _ROLES
    + rb")(?: name)? ?[:=] ?|(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra)\. )"
    rb"[\"(]?" + _NAME
)
_ROLE_TWO = compiled(rb"(?:^|[ (\[\"'/,>])(?:" + _ROLES + rb") [\"(]?" + _TWO)
_VERB = compiled(rb"(?:^|[ (\[\"'/,>])(?:" + _VERBS + rb") (?:(?:Mr|Mrs|Ms|Dr)\.? )?" + _TWO)
_VERB_ONE = compiled(
    rb"(?:^|[ (\[\"'/,>])(?:[Mm]y name is|[Nn]amed (?:him|her)|[Mm]aiden name is"
    rb"|[Ss]poke (?:with|to)|[Tt]hank you,?|[Tt]hanks,?"
    rb"|[Hh]ear that|[Cc]alled me,?|[Hh]i,?|[Hh]ello,?) " + _NAME
)
_DISPLAY = compiled(
    rb"(?:^|[ \"'<:,(])\"?" + _TWO + rb"\"? ?<(?:sips?:|tel:|mailto:|[^>\s]{1,64}@|\x00|\+?[(\d])"
)
#: In lower case too, as people type in a hurry.
_SMALL = compiled(
    rb"(?:^|[^a-z])(?:my name(?: is|'s)|(?:hi|hello|hey)[,!]? (?:it'?s|this is|i'?m|i am)) "
    rb"([a-z\xdf-\xff'\-]{2,24}(?: [a-z\xdf-\xff'\-]{2,24}){0,2})",
    fold=True,
)
_HEADER = compiled(
    rb"^(?:From|To|Cc|Bcc|Sender|Reply-To|Von|An|De|Para)\s?: {0,2}\"?"
    + _NAME
    + rb"\"? ?(?:<|\(|$)"
)
_HERE = compiled(rb"(?:^|[.!?] )" + _TWO + rb" (?:here\b|speaking\b)")
_SPEAKER = compiled(
    rb"^\[?\(?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?\)?\]?[ \-]{1,3}"
    + _NAME
    + rb"(?: \([A-Za-z ]{1,20}\))?:"
)
_TURNED = compiled(
    rb"^(" + _CAPITAL + rb"), (" + _CAPITAL + rb"(?: " + _CAPITAL + rb")?)(?::| -|$)"
)
_LOUD_START = compiled(
    rb"^"
    + _LOUD
    + rb" (?:REPORTS?|REPORTED|CALLED|CALLS|SAYS|STATES|STATED|CANNOT|CAN'T|IS|HAS|HAD|ADVISED"
    rb"|REQUESTS|REQUESTED|NEEDS|"
    rb"WANTS|CONFIRMED|CONFIRMS|COMPLAINS|UNABLE|WAS|WILL|ASKED|ASKS)"
)
_LOUD_VERBS = frozenset(
    b"report reports reported called calls says states stated cannot can't is has had advised "
    b"advises requests requested needs wants confirmed confirms complains unable was will asked "
    b"asks and at on cb callback".split()
)
_LOUD_ROLE = compiled(
    rb"(?:CALLER|CUSTOMER|AGENT|USER|CONTACT|SPOKE WITH|SPOKE TO|CALLED|PER) " + _LOUD
)
_CALLBACK = compiled(
    rb"(?:^|[\-/|:] )"
    + _TWO
    + rb"(?: ?[/|,(]| -{1,2} ) ?(?:call ?back|phone|tel|cell|mobile|ph|[+(]?\d|\x00)"
)
#: The last line of a text, without a word before it.
_LAST = compiled(rb"[^\n]\r?\n[ \t]*\r?\n[ >]{0,4}-{0,2} ?" + _NAME + rb"\s{0,40}\x03")
_MENTION = compiled(
    rb"(?:\b(?:[Cc]c|fyi|FYI|[Hh]i|[Tt]hanks|[Pp]ing|and|with|to|from|for),? )@" + _NAME
)
#: The person that a mail goes to, before an address that was found.
_ADDRESSED = compiled(
    rb"(?:^|[ ])(?:[Tt]o|[Ff]or|[Ff]rom|[Aa]ttn:?) " + _TWO + rb", {0,2}\r?\n?\x00"
)
_OWNED = compiled(
    _TWO + rb"(?:'s)? (?:extension|voicemail|laptop|phone|account|password|mailbox|desk phone"
    rb"|headset|login|profile|ticket)"
)


#: The end of a text, in which a name may appear by itself.
_ENDING = 120
_GREETS = (b"Hi ", b"Hello ", b"Hey ", b"Dear ", b"Hola ", b"Hallo ")


def greeted(text: bytes) -> Iterator[Span]:
    """The names in greetings and in headers, which log lines contain too."""
    yield from spoken(text)
    yield from paired(text)
    if any(word in text for word in _GREETS):
        for match in _GREETING.finditer(text):
            yield from as_name(text, *match.span(1), single=True)
    if b"<" in text:
        for match in _DISPLAY.finditer(text):
            yield from as_name(text, *match.span(1), single=False)
        for match in _HEADER.finditer(text):
            yield from as_name(text, *match.span(1), single=True)


def cued(text: bytes) -> Iterator[Span]:
    """The names that a cue reveals."""
    for rules in (lettered, noted, done, addressed, alone, lone, related, laid_out, ended):
        yield from rules(text)
    for pattern, single in (
        (_GREETING, True),
        (_SIGNED, True),
        (_SIGNED_HERE, True),
        (_DASHED, True),
        (_ROLE, True),
        (_ROLE_TWO, False),
        (_VERB, False),
        (_VERB_ONE, True),
        (_HERE, False),
        (_SPEAKER, True),
        (_CALLBACK, False),
        (_OWNED, False),
        (_ADDRESSED, False),
        (_MENTION, True),
    ):
        for match in pattern.finditer(text):
            yield from as_name(text, *match.span(1), single=single)
    for match in _LAST.finditer(text[-_ENDING:] + b"\x03"):
        start = max(0, len(text) - _ENDING)
        yield from as_name(text, match.start(1) + start, match.end(1) + start, single=True)
    for match in _SMALL.finditer(text):
        yield from _told_small(text, *match.span(1))
    for match in _TURNED.finditer(text):
        both = [list(as_name(text, *match.span(group), single=True)) for group in (1, 2)]
        if all(both):
            yield from both[0] + both[1]
    for pattern in (_LOUD_START, _LOUD_ROLE):
        for match in pattern.finditer(text):
            yield from as_name(text, *match.span(1), single=False, loud=True)


def _told_small(text: bytes, start: int, end: int) -> Iterator[Span]:
    """ "my name is tanvir chowdhury and I ...": the words up to the first that is not a name."""
    for span in as_name(text, start, end, single=True):
        words = text[span.start : span.end].split(b" ")
        following = text[span.end : span.end + 1]
        # Two words if something ends after them; otherwise only the first is certain.
        sure = len(words) < 3 and (
            span.end < end or not following.strip(b" ") or following in b",.;!"
        )
        yield span if sure else Span(span.start, span.start + len(words[0]), "PERSON")


def as_name(
    text: bytes, start: int, end: int, *, single: bool, loud: bool = False
) -> Iterator[Span]:
    """The words from here on that can be a name, if there are enough of them."""
    words = text[start:end].split(b" ")
    kept = 0
    length = 0
    for place, word in enumerate(words):
        plain = word.lower().strip(b"'.,-")
        if loud and place and plain in _LOUD_VERBS:
            break
        initial = len(word) == 2 and word[1:] == b"." and word.isupper()
        if (
            plain in TITLES
            or (kind_of(word) == Kind.EVERYDAY and not initial)
            or (
                plain in NOT_NAMES
                and plain not in ORDINARY
                and plain not in PARTICLES
                and not initial
            )
        ):
            break
        if not loud and len(word) > 3 and word.isupper():
            break
        if not loud and kind_of(word) == Kind.UNKNOWN and is_joined(word):
            break
        length += len(word) + (place > 0)
        if plain not in PARTICLES:
            kept += 1
    found = text[start : start + length].rstrip(b" .,-'")
    while (
        found.split(b" ")[-1:] and found.rsplit(b" ", 1)[-1].lower() in PARTICLES and b" " in found
    ):
        found = found.rsplit(b" ", 1)[0]
    if found.endswith(b"'s"):
        found = found[:-2]
    if kept >= (1 if single else 2) and len(found) > 1:
        yield Span(start, start + len(found), "PERSON")
