"""What looks like a person's name, or was found as one, but is the name of a thing here.

Belongs here: the words beside a finding that make it a queue, a room, a song, a tool, a class, a
brand, a synthetic voice; and findings of nothing but everyday words. People of the case are never
doubted.
"""

from bisect import bisect_right
from collections.abc import Iterator

from .common_words import FUNCTION_WORDS
from .name_words import RANKS
from .people import Kind, is_capital, is_loud, kind_of
from .projection import compiled
from .scripts import is_label
from .spans import PARTICLES, Known, Span, union
from .things import BRANDS, BUILDS, NATO, TOOLS

#: Directly before a name, these make it the name of a thing.
_OF_THINGS = compiled(
    rb"(?:^|[^A-Za-z])(?:queues?|cola|file d'attente|warteschlange"
    rb"|skills?|skillset|skill group|meeting room"
    rb"|conference room|conf\.? (?:rm|room)|huddle room|salle|raum"
    rb"|call flow|ivr flow|prompt|campaign|server|host|hostname"
    rb"|cluster|trunk|hurricane|tropical storm|typhoon|cyclone|storm"
    rb" named|storm, named|song|songs|lied|chanson"
    rb"|voice|tts voice|neural voice|virtual (?:agent|assistant)|chatbot"
    rb"|voicebot|bot|codename|code name"
    rb"|repo|repository|schedule name|planning unit|business unit"
    rb"|data table|wrap-?up code|cocktail|sloppy|bloody|division|team|report|site|location|branch"
    rb"|hold music|moh|sneakers|print server|playbook|dashboard|wallboard|metric|flow|data action)"
    rb" (?:is |was |are |(?:is )?(?:named |called )|name |= ?)?[\"'\xab(\x60]{0,2}$"
    rb"|(?:queue|division|skill|team|flow|site)_?name[\"']? ?[:=,] ?"
    rb"(?:[\"']?value[\"']? ?[:=] ?)?[\"']$"
    rb"|\b[A-Z],? (?:as in|for|like) [\"']?$|[?&](?:queue|name|q|skill)=$",
    fold=True,
)
#: The same in front of a quotation mark, where the words are too common for more.
_OF_QUOTED = compiled(
    rb"\b(?:rooms?|lists?|plans?|groups?|div|division|products?|produkt|producto|tier|level|option"
    rb"|opci[\xf3o]n|op[\xe7c][\xe3a]o|men[u\xfa]|view|template|vorlage|plantilla|forms?|script|folder"
    rb"|label|tag|category|package|bundle|tarifa?|brand|marca|model|played|plays|sang|sings|watch"
    rb"|watched|episode|movie|film|book|novel|play|slot|tank|robot|machine|printer|truck|van|bus"
    rb"|line|tenant|org|app|page|screen|tab|button|status|code|area|zone|pool|cue|title|article"
    rb"|agency|shop|store|hotel|caf[e\xe9]|restaurant|bar|pub|sala|saal|gruppe|grupo|groupe|equipo"
    rb"|equipe|\xe9quipe|proyecto|projekt|projet|lancha|buque|barco|navire|bateau|schiff|then)"
    rb"(?:,? (?:is |was |are |named |called )?| ?[:=] ?)[\"'\xab\x60](?:[A-Z][a-z]{2,16} ){0,1}$",
    fold=True,
)
#: Ships, saints and other things with a name, and months.
_OF_NAMED = compiled(
    rb"(?:^|[^A-Za-z])(?:(?i:vessels?|ships?|boats?|tugs?|tugboat|ferry|yacht|schooner|trawler|barge"
    rb"|lancha|buque|barco|navire|bateau|schiff|project|proyecto|projekt|projet|operation)"
    rb"(?: (?:is|was|are|named|called))?(?: the)?|M/?V|M/?T|MY|USS|HMS|HMCS|HMAS|RMS|USNS|FV|F/V"
    rb"|the (?:Lady|Miss|Queen|Princess|Spirit of)|San|Santa|Santo|S\xe3o|Saint|Sainte|Fort|Port"
    rb"|Mount|Lake|Cape) [\"'\xab]?$"
)
_MONTHS = frozenset(b"april may june august summer autumn dawn".split())
_TIMED = compiled(
    rb"\b(?:last|next|since|until|till|early|late|mid|during|every|this) $", fold=True
)
_INSIDE = compiled(rb"^(?: (?:[A-Z][a-z]{1,16}|&|and|[IVX]{1,4}|\d{1,4})){1,4}[\"'\xbb]")
_AMONG = compiled(rb"^ (?:& |and )?([A-Z][a-z]{2,16})\b")
_HOST = compiled(rb"\d\.[a-z]|[a-z0-9]\.[a-z0-9\-]{1,30}\.[a-z]|[a-z]-\d{1,3}\.")
_HEADED = compiled(rb"(?:^|\n)(?:Subject|Betreff|Asunto|Objet|Assunto|Oggetto|Onderwerp): $")
_LABEL = compiled(rb"(?:^|\n)([^\n:]{1,30}: )$")
_QUOTED_THING = compiled(
    rb"^[\"'\xbb]?,? ?(?:(?:your|the|our|my|an?) (?:new )?(?:virtual|digital|ai|automated|online)"
    rb" (?:assistant|agent|helper|concierge)|the (?:chat|voice)bot|[\"'] by (?:the )?[A-Z]"
    rb"|(?:our|the|my) (?:print|file|mail|old|new|test)? ?(?:server|router|printer|bot|vm)\b"
    rb"|is (?:just |simply |only )?(?:short for|what we call|what they call|our name for|slang)"
    rb"|\((?:neural|standard|chatbot|voicebot|bot|queue"
    rb"|tts|generative)\)|is the (?:[a-z]{1,12} )?(?:bot|voicebot"
    rb"|chatbot|faq|ivr|queue))",
    fold=True,
)
#: After a name in quotation marks, and before the closing one, or after a single word.
_TITLED_THING = compiled(
    rb"^[\"']? (?:& |and )?(?:[A-Z][a-z]{1,14} ){0,2}(?:After|Hours|Main|Leasing|Overnight|Nights"
    rb"|Weekends?|Returns|Orders|Loans?|Dispatch|Enrollment|Collections|Payments?|Reception"
    rb"|Escalations?|Q|Nursery|Winners|Support|Program|Status|Billing|Services?|Line"
    rb"|Clinic|Center|Centre|Bank|Queue|Retail|Sales|Outreach|Medicaid|Hotline|Desk|Team"
    rb"|Campaign|Claims"
    rb"|Intake|Parts|Overflow|Pharmacy|Hospital|School|Bridge|Plaza|Project|Room|Flow|Skill)\b"
)
_EPONYM = compiled(
    rb"^'s? (?:law|disease|syndrome|theorem|algorithm|paradox|principle"
    rb"|rule|razor|effect|constant|equation|cube|secret|club|place"
    rb"|choice|day|research|kitchen|pizza|diner|bar|grill|hardware"
    rb"|furniture|hair|eve)\b",
    fold=True,
)
_CODE = compiled(rb"^(?:::|\.[a-z_]{2,}[A-Za-z0-9_]*[(.;]|\(|->|<[A-Z][A-Za-z]{1,30}[>,])")
_NEAR = compiled(rb"[A-Za-z]{2,16}")
_MUSIC = compiled(
    rb"(?:song|songs|set ?list|playlist|hold music|music|moh|band"
    rb"|album|played|karaoke|jukebox|tune|track|radio|lied|cover of|sings"
    rb"|singing|concert|alexa, play|spotify)",
    fold=True,
)
_VOICES = frozenset(b"alexa siri cortana bixby".split())
_OTHER_VOICES = compiled(rb"(?:alexa|siri|cortana|bixby|google assistant)", fold=True)
_ASKED = compiled(
    rb",? (?:play|set|turn|stop|open|tell me|what|how|skill|device|app|echo|voice)", fold=True
)
_ASKS = compiled(rb"(?:hey|ok|ask|amazon|apple|ms|microsoft) $", fold=True)
_WORDS = compiled(rb"[A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'\-]*")


def believed(text: bytes, said: str, found: list[Span]) -> Iterator[Span]:
    """The findings without those of things; a name is judged as a whole, with all its parts.

    People of the case and other kinds are never doubted.
    """
    found = [span for span in found if span.kind != "ADDRESS" or not _is_nowhere(text, span)]
    found = [span for span in found if span.kind != "PERSON" or not is_label(said, span)]
    people = [span for span in found if span.kind == "PERSON" and not isinstance(span, Known)]
    if not people:
        yield from found
        return
    people = union(people, text)
    doubted = [span for span in people if _is_doubted(text, span)]
    things = {
        text[span.start : span.end]
        for span in doubted
        if b" " not in text[span.start : span.end]
        and _OF_NAMED.search(text[max(0, span.start - 32) : span.start])
    }
    if things:
        doubted = [
            span for span in people if span in doubted or text[span.start : span.end] in things
        ]
    starts = [span.start for span in doubted]
    for span in found:
        place = bisect_right(starts, span.start) - 1
        sure = span.kind != "PERSON" or isinstance(span, Known)
        if sure or place < 0 or span.end > doubted[place].end:
            yield span


def _is_nowhere(text: bytes, span: Span) -> bool:
    """Whether an address is none: "Open ports 5060, 5061", "502 Bad Gateway", "RFC 3261"."""
    found = text[span.start : span.end]
    if _DOTTED.match(found) or (
        text[span.start - 1 : span.start] in (b'"', b"'")
        and not any(48 <= each <= 57 for each in found)
        and not {word.lower() for word in found.split()} & _PLACES
    ):
        return True
    if any(each >= 0xC0 for each in found) or _COMPASSED.match(found):
        return False
    words = [match.group() for match in _WORDS.finditer(found)]
    words = [word for word in words if len(word) > 1]
    plain = {word.lower() for word in words}
    if _STATUS.match(found) or (plain & _TECHNICAL and not plain & _PLACES):
        return True
    if _NUMBERED.search(text[max(0, span.start - 24) : span.start]) and len(words) < 3:
        return True
    return (
        bool(words)
        and b"\n" not in text[span.start - 2 : span.start]
        and (any(48 <= each <= 57 for each in found) or b" " not in found or len(words) > 3)
        and all(
            (kind_of(word) == Kind.EVERYDAY or word.lower() in _COMPASS)
            and word.lower() not in _PLACES
            and not _is_code(word)
            for word in words
        )
    )


#: A version or an address of a network, as a key "Address" may have.
_DOTTED = compiled(rb"\d{1,4}(?:\.\d{1,5}){2,5}")
_COMPASSED = compiled(rb"\d{2,5} (?:N|S|E|W|NE|NW|SE|SW)\.? [A-Z]")
#: What servers answer: 502 Bad Gateway, 550 5.1.1.
_STATUS = compiled(
    rb"[1-6]\d\d (?:\d\.\d\.\d|Bad|Not|Server|Internal|Service|Login|Too|Unauthorized|Forbidden"
    rb"|Gateway|Request|Temporarily|Busy|Decline|Session|Trying|Ringing|OK|Moved|Method|Proxy"
    rb"|User|Mailbox|Call|Address|Ambiguous|Unsupported|Gone|Conflict|Error)\b"
)
_NUMBERED = compiled(
    rb"(?:\b(?:rfc|sku|oid|ean|upc|isbn|sn|s/n|part(?: no)?|model|version|build|release|error|code"
    rb"|job|iso|fips|far|dfars|nist|win|windows|rhel|ubuntu|firmware|fw)[.:#]? ?)$",
    fold=True,
)
_TECHNICAL = frozenset(
    b"gateway sku oid ean rhel ubuntu codec sip rfc iso fips dfars nist jabra plantronics poly"
    b" polycom yealink casque headset latitude thinkpad optiplex elitebook chrome firefox error job"
    b" cisco isr catalyst ribbon evolve snom grandstream audiocodes"
    b" login traceroute bitlocker ivr firmware".split()
)
_COMPASS = frozenset((b"east", b"west", b"north", b"south"))


def _is_code(word: bytes) -> bool:
    return len(word) == 2 and word.isupper()


_PLACES = frozenset(
    b"street st road rd avenue ave lane ln drive dr court ct boulevard"
    b" blvd way place pl square sq terrace"
    b" circle cir highway hwy route rt parkway pkwy close crescent"
    b" park hill row trail loop plaza point"
    b" suite ste apt apartment unit flat floor fl level lvl room"
    b" rm building bldg house box po zip code"
    b" postal city town village county district sector phase block"
    b" tower gate bridge station center centre"
    b" calle rua via rue avenida avenue strasse platz weg piazza plaza camino carrera".split()
)


def _is_doubted(text: bytes, span: Span) -> bool:
    found = text[span.start : span.end]
    words = [match.group() for match in _WORDS.finditer(found)]
    if not words:
        return not any(each >= 0x80 for each in found)
    if not found.translate(None, b"\xc9\xe9 -'."):
        return False  # in another script, whose letters are one byte here
    kinds = [kind_of(word) for word in words if len(word) > 1]
    if kinds and max(kinds) == Kind.EVERYDAY:
        return True
    whole = [
        kind for kind, word in zip(kinds, words, strict=False) if word.lower() not in PARTICLES
    ]
    if len(words) > 1 and kinds and max(kinds) <= Kind.WORDY and Kind.EVERYDAY in whole:
        return True  # "Virginia Toll"
    if len(words) == 1 and (_is_identifier(words[0]) or _is_first(text, span, words[0])):
        return True
    if _HOST.search(found) or (
        b"_" in found
        and (
            text[span.start - 1 : span.start] == b"_"
            or max(kind_of(part) for part in found.split(b"_")) < Kind.SURNAME
        )
    ):
        return True
    if len(words) == 2 and words[0].lower() in _SAINTS:
        return not _TITLE.search(text[max(0, span.start - 8) : span.start])
    short = all(is_loud(word) and len(word) < 6 for word in words)
    if short and max(kinds, default=Kind.UNKNOWN) <= Kind.UNKNOWN:
        return True
    return _beside(text, span, found) or _in_list(text, span, words)


_SAINTS = frozenset((b"st", b"saint", b"san", b"santa", b"santo", b"sainte"))
_TITLE = compiled(rb"(?:Mr|Mrs|Ms|Dr|Miss|Mx|[A-Z])\.? $")


def _is_first(text: bytes, span: Span, word: bytes) -> bool:
    """Whether a word that no list has opens what somebody said, or is a label or a short code."""
    kind = kind_of(word)
    before = text[max(0, span.start - 40) : span.start]
    if kind <= Kind.WORDY and _HEADED.search(before):
        return True
    if kind == Kind.WORDY and word.lower() in _MONTHS and _TIMED.search(before):
        return True
    if kind > Kind.UNKNOWN:
        return False
    if len(word) < 4 and not is_capital(word):
        return True
    after = text[span.end : span.end + 2]
    label = _LABEL.search(before)
    if label and (after[:1] in b",.!?" or (after[:1] == b" " and after[1:].islower())):
        line = text.rfind(b"\n", 0, max(0, span.start - len(label.group())))
        asked = text[max(0, line - 1, span.start - 200) : span.start].lower()
        told = not any(each in asked for each in (b"name", b"nombre", b"nom ", b"nome", b"naam"))
        return told and text.count(label.group(1)) > 1
    words = before.split()
    return (
        after == b": "
        and not (words and words[-1].lower().rstrip(b".") in RANKS)
        and word[:1].isupper()
        and (not before.strip(b" ") or before.rstrip(b" ")[-1:] in b".\n>")
        and text.count(word + b":") == 1
    )


def _is_identifier(word: bytes) -> bool:
    """Whether it is the name of an attribute: OrganizationName, displayname."""
    if kind_of(word) != Kind.UNKNOWN:
        return False
    if word.lower().endswith(b"name") and len(word) > 6:
        return True
    parts = [match.group() for match in _HUMPS.finditer(word)]
    kinds = [kind_of(part) for part in parts]
    return len(kinds) > 1 and (
        max(kinds) == Kind.EVERYDAY or (len(kinds) > 2 and max(kinds) <= Kind.WORDY)
    )


_HUMPS = compiled(rb"[A-Z]?[a-z\xdf-\xff]{2,24}|[A-Z]{2,24}")


def _beside(text: bytes, span: Span, found: bytes) -> bool:
    before = text[max(0, span.start - 32) : span.start]
    after = text[span.end : span.end + 32]
    if before[-2:] == b"::" or (
        _CODE.match(after) is not None and (after[:2] == b"::" or before[-1:] in (b".", b":", b">"))
    ):
        return True
    if _OF_THINGS.search(before) and not before.endswith(b"\n"):
        return True
    if _OF_NAMED.search(before) or _OF_QUOTED.search(before):
        return True
    quoted = before[-1:] in (b'"', b"\x60", b"\xab", b"'")
    single = b" " not in found or found.split(b" ")[0].lower() in _SAINTS
    if (quoted or single) and _TITLED_THING.match(after):
        return True
    if quoted and single and _INSIDE.match(after) and before[-2:-1] != b"=":
        return True
    if single and kind_of(found) == Kind.WORDY and not is_loud(found):
        among = _AMONG.match(after)
        word = among.group(1) if among else b""
        if word and kind_of(word) == Kind.EVERYDAY and word.lower() not in FUNCTION_WORDS:
            return True  # "May Call Again", "Grace Period"
    if _QUOTED_THING.match(after) or (b" " not in found and _EPONYM.match(after)):
        return True
    around = text[max(0, span.start - 24) : span.end + 24]
    shift = min(24, span.start)
    return any(
        match.start() <= shift and match.end() >= shift + len(found)
        for match in BRANDS.finditer(around)
    )


def _in_list(text: bytes, span: Span, words: list[bytes]) -> bool:
    if len(words) > 1:
        return False
    word = words[0].lower()
    if word in _VOICES:
        sides = text[max(0, span.start - 80) : span.start] + b"|" + text[span.end : span.end + 80]
        return (
            bool(_ASKED.match(text, span.end))
            or bool(_ASKS.search(text[max(0, span.start - 8) : span.start]))
            or bool(_OTHER_VOICES.search(sides))
        )
    if word in TOOLS or word in NATO:
        start, end = max(0, span.start - 60), span.end + 60
        near = {match.group().lower() for match in _NEAR.finditer(text[start:end])} - {word}
        if word in TOOLS and near & (TOOLS | BUILDS):
            return True
        if word in NATO and len(near & NATO) > 1:
            return not near & {b"spell", b"spelled", b"spells", b"name", b"spelling"}
    line = text[max(0, text.rfind(b"\n", 0, span.start), span.start - 80) : span.start]
    return (
        bool(_MUSIC.search(line))
        and text[span.start - 1 : span.start] in (b'"', b" ", b"'")
        and _is_title(text, span)
    )


def _is_title(text: bytes, span: Span) -> bool:
    """Whether a word stands in a list of titles or in quotation marks."""
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 1]
    return (before[-1:] in b"\"'" and after in (b'"', b"'")) or (
        before in (b", ", b": ") and after in (b",", b".", b"")
    )
