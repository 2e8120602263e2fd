"""What looks like a person's name, or was found as one, but is the name of a thing here.

Belongs here: the words beside a finding that make it a queue, a room, a song, a tool, a class, a
brand, a synthetic voice; and findings of nothing but everyday words. People of the case are never
doubted.
"""

from bisect import bisect_right
from collections.abc import Iterator

from .people import Kind, is_loud, kind_of
from .projection import compiled
from .scripts import is_label
from .spans import PARTICLES, Known, Span, union

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
_QUOTED_THING = compiled(
    rb"^[\"'\xbb]?,? ?(?:(?:your|the|our|my|an?) (?:new )?(?:virtual|digital|ai|automated|online)"
    rb" (?:assistant|agent|helper|concierge)|the (?:chat|voice)bot|[\"'] by (?:the )?[A-Z]"
    rb"|(?:our|the|my) (?:print|file|mail|old|new|test)? ?(?:server|router|printer|bot|vm)\b"
    rb"|\((?:neural|standard|chatbot|voicebot|bot|queue"
    rb"|tts|generative)\)|is the (?:[a-z]{1,12} )?(?:bot|voicebot"
    rb"|chatbot|faq|ivr|queue))",
    fold=True,
)
#: After a name in quotation marks, and before the closing one, or after a single word.
_TITLED_THING = compiled(
    rb"^[\"']? (?:[A-Z][a-z]{1,14} ){0,2}(?:Support|Program|Status|Billing|Services?|Line"
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
_TOOLS = frozenset(
    b"jenkins travis circle jasmine karma mocha chai jest cypress"
    b" selenium gradle maven ant bamboo drone puppet chef"
    b" ansible vagrant salt nomad consul vault kafka cassandra hive"
    b" pig oozie redis mongo django flask celery rails"
    b" sinatra ember angular react vue svelte julia ruby perl python"
    b" scala crystal elixir haskell pascal ada swift"
    b" rust kotlin dart elm grafana kibana argo flux tekton spinnaker"
    b" jekyll hugo gatsby hudson trivy istio".split()
)
_BUILDS = frozenset(
    b"jira github gitlab bitbucket docker kubernetes ci cd pipeline"
    b" pipelines build builds repo commit"
    b" deploy deployment job jobs unit tests npm pip yarn webhook"
    b" artifact sonar nexus terraform".split()
)
_NATO = frozenset(
    b"alfa alpha bravo charlie delta echo foxtrot golf hotel india"
    b" juliet juliett kilo lima mike november oscar papa"
    b" quebec romeo sierra tango uniform victor whiskey xray yankee zulu".split()
)
_NEAR = compiled(rb"[A-Za-z]{2,16}")
_BRANDS = compiled(
    rb"(?:ben (?:&|and) jerry'?s?|jack daniel'?s?|dr\.? pepper|uncle"
    rb" sam|uncle ben'?s?|aunt jemima|johnson (?:&|and) johnson|mary"
    rb" kay"
    rb"|papa john'?s|trader joe'?s|sam'?s club|victoria'?s secret"
    rb"|wendy'?s|arby'?s|denny'?s|levi'?s|macy'?s|kohl'?s|lowe'?s"
    rb"|mcdonald'?s|hardee'?s"
    rb"|calvin klein|ralph lauren|tommy hilfiger|hugo boss|michael"
    rb" kors|kate spade|louis vuitton|jim beam|johnnie walker|captain"
    rb" morgan|jose cuervo"
    rb"|samuel adams|harley[ \-]davidson|rolls[ \-]royce|aston martin"
    rb"|land rover|mercedes[ \-]benz|john deere|caterpillar|jp ?morgan"
    rb"|morgan stanley"
    rb"|charles schwab|wells fargo|goldman sachs|merrill lynch|edward"
    rb" jones|t\.? rowe price|ernst (?:&|and) young|mckinsey|booz"
    rb" allen|lockheed martin"
    rb"|general dynamics|martin marietta|eli lilly|johns hopkins|mayo"
    rb" clinic|cleveland clinic|red lobster|olive garden|jack in the"
    rb" box|in-n-out"
    rb"|hey,? jude|billie jean|mustang sally|proud mary|dear prudence"
    rb"|eleanor rigby|sweet caroline|come on eileen|barbara ann|long"
    rb" tall sally"
    rb"|maggie may|lovely rita|ruby tuesday|bohemian rhapsody|f[u\xfc]r"
    rb" elise|clair de lune|georgia on my mind|christmas carol|bloody"
    rb" mary|shirley temple"
    rb"|tom collins|arnold palmer|monte cristo|caesar salad|waldorf"
    rb"|jack[ \-]and[ \-]jill|jack[ \-]o'?[ \-]lantern|jack of all"
    rb"|john doe|jane doe|joe public|john q\.? public|joe average"
    rb"|joe blow"
    rb"|murphy'?s law|moore'?s law|occam'?s|ohm'?s law|parkinson'?s"
    rb"|alzheimer'?s|crohn'?s|hodgkin'?s|down'?s syndrome|lou gehrig'?s"
    rb"|st\.? patrick'?s|valentine'?s day|mother'?s day|father'?s"
    rb" day|martin luther king (?:jr\.? )?day|mlk day"
    rb"|jackson hole|madison avenue|austin powers|virginia beach|virginia"
    rb" tech|carson city|jefferson city|jackson heights|lincoln center"
    rb"|madison square|dallas[ /\-]fort worth|st\.? louis|st\.? paul"
    rb"|san jose|san diego|santa clara|new england|queen anne|prince"
    rb" george'?s?|christmas (?:eve|day)|kia ora|murphy bed|adam'?s"
    rb" apple|bob'?s your uncle|keeping up with the joneses|joe pye"
    rb"|stella mccartney|doc martens?|morris minor|mini cooper|peggy sue|rosa parks"
    rb" (?:transit|station|circle)|steve madden|dr\.? scholl'?s|dr\.? martens|mr\.? (?:clean"
    rb"|coffee|bean)|mrs\.? (?:butterworth'?s?|doubtfire)|alan turing"
    rb" room|marie curie room)",
    fold=True,
)
_MUSIC = compiled(
    rb"(?:song|songs|set ?list|playlist|hold music|music|moh|band"
    rb"|album|karaoke|jukebox|tune|track|radio|lied|cover of|sings"
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
    doubted = [span for span in union(people, text) if _is_doubted(text, span)]
    starts = [span.start for span in doubted]
    for span in found:
        place = bisect_right(starts, span.start) - 1
        sure = span.kind != "PERSON" or isinstance(span, Known)
        if sure or place < 0 or span.end > doubted[place].end:
            yield span


def _is_nowhere(text: bytes, span: Span) -> bool:
    """Whether an address is none: "Open ports 5060, 5061", "502 Bad Gateway", "RFC 3261"."""
    found = text[span.start : span.end]
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
    if len(words) == 1 and _is_identifier(words[0]):
        return True
    short = all(is_loud(word) and len(word) < 6 for word in words)
    if short and max(kinds, default=Kind.UNKNOWN) <= Kind.UNKNOWN:
        return True
    return _beside(text, span, found) or _in_list(text, span, words)


def _is_identifier(word: bytes) -> bool:
    """Whether it is the name of an attribute: OrganizationName, displayname."""
    if kind_of(word) != Kind.UNKNOWN:
        return False
    if word.lower().endswith(b"name") and len(word) > 6:
        return True
    parts = [match.group() for match in _HUMPS.finditer(word)]
    return len(parts) > 1 and all(kind_of(part) == Kind.EVERYDAY for part in parts)


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
    quoted = before[-1:] in (b'"', b"\x60", b"\xab", b"'")
    if (quoted or kind_of(found) == Kind.WORDY) and _TITLED_THING.match(after):
        return True
    if _QUOTED_THING.match(after) or (b" " not in found and _EPONYM.match(after)):
        return True
    around = text[max(0, span.start - 24) : span.end + 24]
    shift = min(24, span.start)
    return any(
        match.start() <= shift and match.end() >= shift + len(found)
        for match in _BRANDS.finditer(around)
    )


def _in_list(text: bytes, span: Span, words: list[bytes]) -> bool:
    if len(words) > 1:
        return False
    word = words[0].lower()
    if word in _VOICES:
        sides = text[max(0, span.start - 24) : span.start] + b"|" + text[span.end : span.end + 24]
        return (
            bool(_ASKED.match(text, span.end))
            or bool(_ASKS.search(text[max(0, span.start - 8) : span.start]))
            or bool(_OTHER_VOICES.search(sides))
        )
    if word in _TOOLS or word in _NATO:
        start, end = max(0, span.start - 60), span.end + 60
        near = {match.group().lower() for match in _NEAR.finditer(text[start:end])} - {word}
        if word in _TOOLS and near & (_TOOLS | _BUILDS):
            return True
        if word in _NATO and len(near & _NATO) > 1:
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
