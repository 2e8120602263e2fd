"""Names beside words for kin and colleagues in many languages, and in answers to "your name?".

Belongs here: "mi hijo Chuy", "kollegaen Bjørn", "her twin, Pouya", "lady from Kisumu, Akinyi",
"¿su nombre? - Sí, Ofelia Arreola", "tell art that", "ask for X or Y".
"""

from collections.abc import Iterator

from .people import Kind, Need, is_capital, kind_of, name_at
from .projection import compiled
from .spans import Known, Span

_START = rb"(?:^|[^A-Za-z0-9_\xc0-\xff'.@/\-])"
_KIN = compiled(
    _START
    + rb"(?:bro|sis|twin(?: (?:sister|brother))?|stepson|stepdaughter|stepdad|stepmom|granny|nana"
    rb"|nanna|gran|grandad|granddad|grandpa|grandma|ex|ex-(?:wife|husband)|widow(?:er)?"
    rb"|late husband"
    rb"|late wife|daughter-in-law|son-in-law|(?:mother|father|sister|brother)-in-law|nanny|carer"
    rb"|caregiver|flatmate|housemate|bestie|mate|pal|godson|goddaughter|papa|mama|baby|little"
    rb"|hij[oa]|herman[oa]|espos[oa]|marido|mujer|madre|padre|t\xed[oa]|prim[oa]|abuel[oa]"
    rb"|suegr[oa]"
    rb"|novi[oa]|niet[oa]|sobrin[oa]|cu\xf1ad[oa]|amig[oa]|vecin[oa]|compa\xf1er[oa]|jef[ea]"
    rb"|licenciad[oa]"
    rb"|vizinh[oa]|filh[oa]|irm\xe3o?|m\xe3e|pai|av\xf3|av\xf4|colega|chefe|genr[oa]|nor[ao]"
    rb"|neto|neta"
    rb"|mari|femme|\xe9pou(?:x|se)|fils|fille|fr\xe8re|s(?:\xbd|oe)ur|m\xe8re|p\xe8re"
    rb"|coll\xe8gue|voisine?"
    rb"|copain|copine|neveu|ni\xe8ce|cousine?|grand-m\xe8re|grand-p\xe8re|conseill(?:er|\xe8re)"
    rb"|mann|frau|sohn|tochter|bruder|schwester|mutter|vater|oma|opa|onkel|tante|enkel(?:in)?|neffe"
    rb"|nichte|nachbar(?:in)?|kolleg(?:e|en|in|a|aen|an|er)|chef(?:in)?|freund(?:in)?"
    rb"|praktikant(?:in)?"
    rb"|marito|moglie|figli[oa]|fratello|sorella|nonn[oa]|zi[oa]|cugin[oa]|vicin[oa]|collega"
    rb"|suocer[oa]"
    rb"|zoon|dochter|broer|zus|moeder|vader|buurman|buurvrouw|vriend(?:in)?|echtgeno(?:ot|te)"
    rb"|s\xf8n|datter|bror|s\xf8ster|mor|far|mand|kone|nabo(?:en)?|sjef(?:en)?|son|dotter|syster"
    rb"|fru|man"
    rb"|\xe4iti|is\xe4|veli|sisko|poika|tyt\xe4r|vaimo|mies|syn|c\xf3rka|brat|siostra|m\xb9\xbf"
    rb"|\xbfona|matka"
    rb"|ojciec|anak|istri|suami|kakak|adik|asawa|kapatid|nanay|tatay|o\xf0ul|o[g]lu|k[i]z[i]"
    rb"|e[s]i|karde[s]i"
    rb"|mtoto|mke|mume|dada|kaka|mama|baba|tier \d|tam|csm|sme|ae|se) ?,? ",
    fold=True,
)
#: "lady from Kisumu, Akinyi"
_FROM = compiled(
    _START + rb"(?:lady|guy|gentleman|gent|woman|man|girl|boy|kid|lad|fella|client|customer|caller"
    rb"|agent|user"
    rb"|colleague|friend|someone|person|se\xf1ora?|rep|tech) (?:from|in|at|over at|of) "
    rb"(?:the )?[A-Z\xc0-\xde][A-Za-z\xc0-\xff\-]{2,20}"
    rb"(?: [A-Z\xc0-\xde][A-Za-z\xc0-\xff\-]{2,20})?"
    rb"(?:, | named | called | - |: )",
)
#: "the daughter's called Sky", "si chiamava Marco", "se llama", "genannt"
_CALLED = compiled(
    _START
    + rb"(?:(?:daughter|son|baby|wife|husband|boy|girl|child|kid|mother|father|sister|brother|boss"
    rb"|colleague|caller|agent|guy|lady|nephew|niece|dad|mom|mum)(?:'s| is| was) (?:called|named)"
    rb"|s[ei] (?:llama(?:ba)?|chiama(?:va)?)|s'appelle|s'appelait|hei\xdft|heter|hedder|heet"
    rb"|nazywa si[e\xea]"
    rb"|goes by|everyone (?:says|calls (?:me|him|her))|call (?:me|him|her)|im|i'm"
    rb"|his name'?s?(?: is)?"
    rb"|her name'?s?(?: is)?|its|it's|it is|provided|velkommen til"
    rb"|order for|roster to"
    rb"|shown for|on behalf of|v\xe4lkommen till|chama-se|se chama|ima) ",
    fold=True,
)
#: Who is asked and told, in lower case too, when the sentence goes on as to a person.
_TOLD = compiled(
    _START
    + rb"(?:tell|told|ask|asked|text|texted|ping|pinged|remind|reminded|thank|(?:talked|spoke"
    rb"|spoken"
    rb"|chatted|talk|speak) (?:to|with|w/)) ([a-z\xdf-\xff]{2,16})"
    rb"(?: (?:that|to|for|if|about|when|yesterday|today|tomorrow|he|she|and|n|in (?:r&d|it|hr"
    rb"|sales)|re"
    rb"|last|this morning|on (?:mon|tue|wed|thu|fri))\b|[,.;!?\n]|$)"
)
_RANG = compiled(
    _START + rb"(?:call|ring|phone|callback|call back|reach) ([a-z\xdf-\xff]{2,16}) "
    rb"(?:on|at|@|back (?:on|at)|under)[: ]{1,2}(?:[+(\d]|\x00)"
)
_NO_OBJECT = frozenset(
    b"park slot flow flows field fields may will long king young made post hall case case mate"
    b" mates"
    b" flo bin min max son ma pa em us them him her me you all both so no go do".split()
)
#: 'Big Mike', "Lil Wayne"
_BIG = compiled(
    rb"(?:^|[ \"'(])((?:Big|Lil'?|Tiny|Auntie|Cousin|Baby) "
    rb"([A-Z\xc0-\xde][a-z\xdf-\xff]{1,16}))\b"
)
_ASKED = compiled(
    rb"(?:name\b[^\n]{0,60}\?|(?:your|the|full|first|last|caller'?s?|member'?s?|patient'?s?"
    rb"|verify|confirm"
    rb"|may i have|can i (?:get|have)|get your) [^\n?]{0,30}names?\b[^\n]{0,60}"
    rb"|nombre[^\n]{0,40}|con qui\xe9n (?:tengo el gusto|hablo)[^\n]{0,20}|votre nom[^\n]{0,30}"
    rb"|ihr(?:en)? name[^\n]{0,30}|seu nome[^\n]{0,30}|suo nome[^\n]{0,30}|uw naam[^\n]{0,30}"
    rb"|who(?:'s| is| am i)[^\n]{0,30}(?:speaking|calling|with)[^\n]{0,20}"
    rb"|with whom[^\n]{0,40})\r?\n"
    rb"(?:[\[(]?[0-9][0-9:., \-APMapm]{3,22}[\])]?[ \t\-]{0,3})?[^\n:>]{1,48}[:>][ \t]{1,3}"
    rb"(?:(?:yeah|yes|yep|sure|ok|okay|um|uh|er|it's|its|it is|that's|is|this is|the|my|name"
    rb"|first|last"
    rb"|so|well|hi|hello|hey|s\xed|si|claro|soy|me llamo|mi nombre es|oui|c'est|je suis|ja"
    rb"|ich bin|sim"
    rb"|sou|it will be|of course|speaking|full|here|thanks)[ ,.:]{1,3}){0,6}",
    fold=True,
)


def related(text: bytes) -> Iterator[Span]:
    """The names of kin and colleagues, of those who are told something, and in answers."""
    for match in _KIN.finditer(text):
        span = name_at(text, match.end(), Need.SOME)
        if span is not None and _is_kin(text[span.start : span.end], match.group()):
            yield span
    for match in _FROM.finditer(text):
        span = name_at(text, match.end(), Need.SOME)
        if span is not None and is_capital(text[span.start : span.end]):
            yield span
    for match in _CALLED.finditer(text):
        span = name_at(text, match.end(), Need.MUCH)
        if span is None:
            span = name_at(text, match.end(), Need.SOME)
            if span is None or not _is_given(text[span.start : span.end]):
                continue
        yield span
    for pattern in (_TOLD, _RANG):
        for match in pattern.finditer(text):
            word = match.group(1)
            if word not in _NO_OBJECT and kind_of(word) in (Kind.WORDY, Kind.GIVEN):
                yield Known(*match.span(1), "PERSON")
    for match in _BIG.finditer(text):
        word = match.group(2)
        if kind_of(word) >= Kind.WORDY and word not in (b"Ben", b"Apple", b"Rock", b"Bend"):
            yield Span(*match.span(1), "PERSON")
    for match in _ASKED.finditer(text):
        span = name_at(text, match.end(), Need.LITTLE)
        if span is not None and _is_answer(text, span):
            yield span


def _is_kin(found: bytes, cue: bytes) -> bool:
    """After a word that is also a common one, only a name of the lists."""
    first = found.split(b" ")[0]
    word = cue.strip(b' \n\t"(,>[*:;').lower()
    kind = kind_of(first)
    if len(word) > 3 and word not in (b"baby", b"little", b"mies", b"mate", b"frau", b"chef"):
        return is_capital(first) or kind == Kind.GIVEN
    return kind == Kind.GIVEN or (kind >= Kind.SURNAME and is_capital(first))


def _is_given(found: bytes) -> bool:
    return is_capital(found) and kind_of(found.split(b" ")[0]) == Kind.WORDY


def _is_answer(text: bytes, span: Span) -> bool:
    words = text[span.start : span.end].split(b" ")
    listed = any(kind_of(word) >= Kind.SURNAME for word in words)
    after = text[span.end : span.end + 2].lstrip(b" ")[:1]
    ends = after in (b"", b",", b".", b"\n", b"\r", b"-", b"(", b"\x00") or after.isdigit()
    return listed or (is_capital(words[0]) and ends) or (ends and len(words) == 2)
