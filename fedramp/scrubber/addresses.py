"""Postal addresses that show by their form, in prose: house number and street, box, flat."""

from collections.abc import Iterator

from .address_cues import told_addresses
from .address_parts import extended
from .common_words import COMMON, FUNCTION_WORDS
from .people import EVERYDAY
from .projection import compiled
from .spans import Span
from .words import NOT_NAMES

#: USPS Publication 28, appendix C1, without the words that follow a number in our own texts.
_STREETS = (
    rb"alley|annex|arcade|avenue|ave|bayou|beach|bend|bluffs?|bottom|boulevard|blvd|branch"
    rb"|bridge|brooks?|burgs?|bypass|"
    rb"camp|canyon|cape|causeway|circles?|cir|cliffs?|club|commons?|corners?|courts?|ct|coves?"
    rb"|creek|crescent|crest|crossing|"
    rb"crossroads?|curve|dale|dam|drives?|dr|estates?|expressway|falls?|ferry|fields?|flats?"
    rb"|fords?|forest|"
    rb"forges?|forks?|fort|freeway|gardens?|gateway|glens?|greens?|groves?|harbors?|haven"
    rb"|heights|highway|hwy|hills?|hollow|inlet|"
    rb"islands?|isle|junctions?|knolls?|lakes?|landing|lane|ln|locks?|lodge|loop|mall|manors?"
    rb"|meadows?|mews|mills?|"
    rb"mission|motorway|mount|mountains?|neck|orchard|oval|overpass|parks?|parkways?|pkwy"
    rb"|passage|path|pike|pines?|place|plains?|"
    rb"plaza|points?|prairie|radial|ramp|ranch|rapids?|ridges?|river|roads?|rd|row|rue|shoals?|"
    rb"shores?|skyway|springs?|spurs?|squares?|stravenue|stream|streets?|st|summit|terrace"
    rb"|throughway|trace|track|"
    rb"trafficway|trail|tunnel|turnpike|underpass|valleys?|viaduct|views?|villages?|ville"
    rb"|vista|walks?|ways?|wells?|concourse|esplanade|quay|wharf|close"
    rb"|rise|parade|pde|circuit|cct|tce|cres|pl|sq|ter"
    rb"|trl|xing|gr|bank|link|embankment|promenade|chase|end|hill|strand|broadway|gate|court"
)
#: Those that are also ordinary words, or part of a product's name, count only with a capital.
_SURE = frozenset(
    b"avenue ave boulevard blvd circle cir court ct crescent drive dr expressway freeway highway "
    b"hwy lane ln parkway pkwy road rd street st terrace turnpike"
    b" concourse boulevard esplanade".split()
)
_ROOM_WORD = (
    rb"(?:apt|apartment|suite|ste|unit|flat|studio|room|rm|floor|fl"
    rb"|level|lvl|bldg|building|lot|trlr|space|spc|hse|house"
    rb"|block|blk|tower|wing|shop|office|door|po box|box)\.? {0,2}#?(?:[0-9]{1,5}(?:-"
    rb"?[a-z])?|[a-z][0-9]{0,4}|[a-z]-[0-9]{1,4})\b"
)
_FLAT = (
    rb"(?:"
    + _ROOM_WORD
    + (
        rb"|# ?[0-9]{1,5}[a-z]?(?:-[0-9]{1,5})?|rear|upper|lower|upstairs"
        rb"|downstairs)"
    )
)
#: 221-229, 3/18, 1600 1/2, N64W24801, 88-C
_HOUSE = rb"(?:[nsew]\d{1,3}[nsew]\d{2,6}|\d{1,6}(?:[\-/]\d{1,5})?-?[a-z]?(?: 1/2)?)"
_COMPASS = rb"(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)"
_TOWN = (
    rb"[ ,]{0,2}(?:\r?\n)?[ ,]{0,3}[A-Za-z\xc0-\xff.'\- ]{2,40}[ ,]{0,3}(?:\r?\n)? {0,3}[A-Z]{2"
    rb"},? {1,2}"
    rb"(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4})"
    rb"|[ ,]{0,2}(?:\r?\n)?[ ,]{0,3}[A-Za-z\xc0-\xff.'\- ]{2,40}[ ,]{1,3}"
    rb"[A-Z]{1,2}\d[A-Z0-9]? \d[A-Z]{2}\b"
)
#: A floor and a door, or a code with a town: 5\xba B, 25137 Getafe.
_TOWN_ABROAD = (
    rb"(?:[ ,]{1,2}\d{1,2}[\xba\xaa\xb0]? ?[A-Z]\b)?(?:[ ,]{0,2}\r?\n?[ ,]{0,2}"
    rb"(?:[A-Z]{1,2}-)?\d{2}(?:\d{2,3}(?:-\d{3})?|-\d{3})(?: [A-Z]{2}\b)?"
    rb" [A-Z\xc0-\xde][A-Za-z\xc0-\xff\-]{2,24})?"
)
_AMERICAN = compiled(
    rb"\b(?:"
    + _ROOM_WORD
    + rb"[ ,]{1,2}){0,2}"
    + _HOUSE
    + rb" ((?:(?:[a-z][a-z'.\-]{0,20}|\d{1,3}(?:st|nd|rd|th)) ){1,5})("
    + _STREETS
    + rb")\b\.?(?: "
    + _COMPASS
    + rb"\b\.?)?(?:[ ,]{1,2}(?:\r?\n ?)?"
    + _FLAT
    + rb"){0,3}"
    rb"(?:" + _TOWN + rb")?",
    fold=True,
)
_FRENCH = compiled(
    rb"\b\d{1,4}(?: ?(?:bis|ter))?,? (?:[Rr]ue|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Aa]ll\xe9e"
    rb"|[Bb]oulevard|[Aa]venue|[Rr]oute|[Vv]enelle|[Rr]ang|[Pp]lace|[Cc]ours|[Pp]assage|[Ss]quare"
    rb"|[Ss]entier|[Mm]ont\xe9e|[Rr]uelle|[Cc]it\xe9|[Rr]\xe9sidence|[Cc]\xf4te|[Ff]aubourg"
    rb"|[Tt]raverse|[Hh]ameau|[Ll]otissement|[Cc]hauss\xe9e|[Ii]mp\.|Ave\.|Av\.|Avda\.|Calle"
    rb"|Avenida|C\.)(?: (?:de|des|du|la|le|les|aux|sur|sous|et|sainte?)){0,3}"
    rb"(?:[ \-](?:[dl]')?[A-Z\xc0-\xde][A-Za-z\xc0-\xff'\-]{1,20}){1,4}" + _TOWN_ABROAD
)
_BOX = compiled(
    rb"\b(?:p\.? ?o\.? ?box|pob|post office box|g\.?p\.?o\.? box|postfach"
    rb"|postbus|apartado(?: postal| de correos)?|casella postale"
    rb"|caixa postal|boite postale|bo\xeete postale|b\.?p\.?|private"
    rb" bag|locked bag|(?:rural route|r\.?r\.?|hcr?|star route|rfd"
    rb"|route|rt)\.? ?#?\d{1,4},? box"
    rb"|(?:psc|cmr|unit) \d{1,5},? box) {0,2}#?\d{1,6}(?:-?[a-z]\b"
    rb"|[ /]\d{2,4})?(?:" + _TOWN + rb")?",
    fold=True,
)
_DELIVERY = compiled(
    rb"\b[Gg]eneral [Dd]elivery, [A-Z][A-Za-z.' ]{2,30},? [A-Z]{2},?"
    rb" \d{5}(?:-\d{4})?|\b[Ll]ieu-dit [A-Z][A-Za-z\xc0-\xff'\- ]{2,30},?"
    rb" \d{5} [A-Z\xc0-\xde][A-Za-z\xc0-\xff\-]{2,24}"
)
_HIGHWAY = compiled(
    rb"\b\d{1,6} (?:(?:n|s|e|w|north|south|east|west)\.? )?(?:old"
    rb" )?(?:county (?:road|rd|route)|co\.? rd|cr|state (?:road|route"
    rb"|highway|hwy)|sr|us (?:hwy|highway|route)"
    rb"|u\.s\. (?:hwy|highway|route)|highway|hwy|route|rte|fm|farm"
    rb" to market(?: road)?|farm road|ranch road|township road|twp"
    rb" rd|forest road) \d{1,4}[a-z]?\b(?: "
    + _COMPASS
    + rb"\b)?(?:[ ,]{1,2}"
    + _FLAT
    + rb"){0,2}(?:"
    + _TOWN
    + rb")?",
    fold=True,
)
_WORDS_CAPITAL = rb"[A-Z\xc0-\xde][A-Za-z\xc0-\xff'.\-]{0,24}"
_LATIN_STREET = (
    rb"(?:C/|C\. |C\.|Calle|Cl\.|Cll\.?|Avda?\.?|Av\.?|Avenida|Paseo"
    rb"|P\xba|Plaza|Pza\.?|Plza\.?|Ronda|Camino|Carretera|Ctra\.?"
    rb"|Traves\xeda|Cuesta|Acceso|Pasadizo|Ca\xf1ada|Vial|Rotonda|Incrocio|Borgo|Stretto"
    rb"|Fondamenta|Calata|Glorieta|Gran V\xeda|Jr\.|Jir\xf3n"
    rb"|Carrera|Cra\.?|Diagonal|Transversal|Blvd\.?|Bulevar|Calz(?:ada"
    rb"|\.)|Cerrada|Privada|Andador|Peatonal|Eje vial|Circuito|Prol(?:ongaci\xf3n"
    rb"|\.)|Perif\xe9rico|Callej\xf3n|Pasaje|Rambla|Carrer"
    rb"|Rua|R\.|Alameda|Al\.|Travessa|Tv\.|Pra\xe7a|P\xe7a\.?|Largo"
    rb"|Estrada|Rodovia|Rod\.|Viela|Beco|Ladeira|Quadra|Via|V\.|Viale"
    rb"|V\.le|Piazza|P\.zza|Piazzale|Corso|C\.so|Vicolo|Strada|Str\."
    rb"|Contrada|Salita|Lungo[a-z]{3,10}"
    rb"|Ulica|ul\.|Ul\.|al\.|Aleja|pl\.|Plac|os\.|Osiedle|Bul\.|bul\."
    rb"|Heol|Ffordd|Jalan|Jl\.|Jln\.?|Lorong|Soi|Thanon|Duong|\x90\xf4\xf4ng)"
)
_LATIN = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff.@/])("
    + _LATIN_STREET
    + rb" ?(?:(?:de|del|de la|de las|de los|da|do|dos|das|di|della|dello"
    rb"|dei|delle|la|el|los|las|san|santa|santo|sao|y|e) ){0,3}"
    + _WORDS_CAPITAL
    + rb"(?: (?:(?:de|del|la|las|los|da|do|dos|das|di|della|e|y|al|sur"
    rb"|norte|sul) ){0,2}"
    + _WORDS_CAPITAL
    + rb"){0,4},? ?(?:n[.\xba\xb0ro]{0,3} ?|nr\.? ?|# ?|No\.? ?)?(?:\d{1,5}|\d{1,2}\.\d{3})(?:["
    rb" \-/]?[A-Za-z]\b|[\-/]\d{1,5}){0,2}"
    rb"|(?:Carrera|Cra\.?|Calle|Cl\.?|Cll\.?|Kra\.?|Diagonal|Transversal"
    rb"|Av\.?|Avenida) \d{1,3}[A-Z]? ?(?:#|No\.?|N\xba) ?\d{1,3}[A-Z]?["
    rb" \-]{1,3}\d{1,3})"
)
_GERMAN = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff])((?:Am|An der|An den|An dem|Im"
    rb"|In der|In den|In dem|Auf der|Auf dem|Hinter der|Hinter dem"
    rb"|Unter den|Unter der|Zum|Zur|Vor dem|Vor der|Bei der|Beim|Alte[rsn]?"
    rb"|Neue[rsn]?|Gro\xdfe[rsn]?|Kleine[rsn]?|Obere[rsn]?|Untere[rsn]?"
    rb"|Lange[rsn]?)"
    rb"(?: [A-Z\xc0-\xde][a-z\xdf-\xff\-]{2,24}){1,2} \d{1,4} ?[a-z]?)\b(?:,?"
    rb" (?:Hinterhaus|Vorderhaus|Seitenfl\xfcgel|EG|OG|\d\. ?(?:OG"
    rb"|Stock|Etage)))?(,? (?:[A-Z]{1,2}-)?\d{4,5} [A-Z\xc0-\xde])?"
)
_SUFFIXED = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff.@/\-])((?:[A-Z\xc0-\xde][a-z\xdf-\xff.'\-]{1,20}"
    rb" ){0,2}[A-Z\xc0-\xde][A-Za-z\xc0-\xff\-]{1,24}(?:stra\xdfe"
    rb"|strasse|str\.|gasse|weg|allee|platz|ring|damm|ufer|chaussee"
    rb"|gatan|gata|gaten|v\xe4gen|vegen|veien|vejen|gade|vej|all\xe9"
    rb"|stien|katu|tie|polku|straat|laan|plein|gracht|kade|dijk|singel"
    rb"|steeg|utca|\xfat|k\xf6z"
    rb"|ulica|iela|gatve|dong|gil|daero) \d{1,4}(?: ?[a-zA-Z]\b)?(?:[/\-]\d{1,4}"
    rb"|-hs|-bis| bis)?(?: [A-Z] \d{1,3}\b)?)"
)
#: A street and its number, then a code and a town: Seestrasse 301, 8038 Z\xfcrich
_CODED = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff.@/\-])((?:"
    + _WORDS_CAPITAL
    + rb" (?:(?:de|del|der|van|den|am|im|of|la|le|d') ?)?){1,4}\d{1,4}(?:["
    rb" \-]?(?:[a-zA-Z]|bis|hs)\b|/\d{1,4})?(?: [A-Z] \d{1,3}\b)?"
    rb"(?:, ?(?:\d{1,2}[.\xba\xaa]? ?(?:tv|th|mf|sal|izq|dcha|dch"
    rb"|[A-D])\b\.?,?(?: ?(?:izq|dcha|th|tv|mf)\.?)?|[A-Za-z\xc0-\xff.]{2,12}\.?"
    rb" ?\d{0,4}[A-Z]?)){0,2}[,\n] {0,2}"
    rb"((?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3})?(?: [A-Z]{2}\b)?|\d{2}-\d{3}"
    rb"|\d{3} \d{2}) (" + _WORDS_CAPITAL + rb"(?: [A-Z\xc0-\xde][a-z\xdf-\xff\-]{1,20})?))"
)
_INDIAN = compiled(
    rb"\b(?:h\.? ?no|house no|flat no|flat|plot no|plot|door no|d\.?"
    rb" ?no|old no|new no|shop no|qtr no|quarter no|villa no|survey"
    rb" no|s/o|block no)\.?[ :#\-]{0,3}[A-Z0-9][A-Za-z0-9\-/]{0,14}(?:,[^\n,;]{2,40})"
    rb"{1,7}[,\- \x96]{1,4}(?:pin(?: ?code)?[ :\-]{0,3})?[1-9]\d{2}"
    rb" ?\d{3}\b"
    rb"|\bh\.? ?no\.? ?[0-9][A-Za-z0-9\-/]{0,14}(?:, ?[A-Z][^\n,;.]{2,30}){2,5}",
    fold=True,
)
_KOREAN = compiled(
    rb"\b\d{1,4}(?:-\d{1,4})?,? [A-Z][a-z]{2,16}(?:-(?:ro|gil|daero"
    rb"|dong|cho|chome|machi)|ro \d{1,3}-gil)\b|\b\d{1,2}(?:-\d{1,3}){1,2},?"
    rb" [A-Z][a-z\-]{2,20}(?:, [A-Z][a-z]{2,16}-(?:ku|shi|cho|machi"
    rb"|gun|si|gu))"
)
_BLOCK = compiled(
    rb"\b(?:blk|block) \d{1,4}[a-z]?,? (?:lot \d{1,4}[a-z]?,? )?(?:phase"
    rb" \d{1,2},? )?[A-Z][A-Za-z0-9 .'#\-]{2,50}(?:, (?:brgy|barangay)\.?"
    rb" [A-Z][A-Za-z .]{2,30})?(?:,? singapore)?(?:,? [A-Z][A-Za-z"
    rb" ]{2,20})?(?: \d{4,6})?\b",
    fold=True,
)
#: 220 N Main, 2217 NW Quimby: without the word for a street
_BARE = compiled(
    rb"\b\d{2,5} (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? (?:[A-Z][a-z]{3,14}|[A-Z]{4,14}"
    rb"|\d{1,3}(?:st|nd|rd|th))(?:$|[.,;:)\n?!]|\x00| (?:is|in|at|by|near|if|and|to|for|on)\b)"
)
_CORNER = compiled(
    rb"\b(?:[NSEW]\.? )?(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][a-z]{2,16}(?:"
    rb" [A-Z][a-z]{2,16})?) (?:St|Ave|Blvd|Rd|Dr|Street|Avenue|Road"
    rb"|Drive|Ln|Lane|Hwy|Pkwy|Way)\.?(?: [NSEW]{1,2}\b)? (?:&|and"
    rb"|@|at) "
    rb"(?:[NSEW]\.? )?(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][a-z]{2,16}(?:"
    rb" [A-Z][a-z]{2,16})?)(?: (?:St|Ave|Blvd|Rd|Dr|Street|Avenue"
    rb"|Road|Drive|Ln|Lane|Hwy|Pkwy|Way)\b\.?)?(?: [NSEW]{1,2}\b)?"
)
_DIGIT = (
    rb"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    rb"|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    rb"|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    rb"|hundred|thousand|oh|zero|double)"
)
_SPOKEN = compiled(
    rb"\b"
    + _DIGIT
    + rb"(?:[ \-]"
    + _DIGIT
    + rb"){0,6} ((?:(?:north|south|east|west) )?(?:[a-z'\xc0-\xff]{3,18}"
    rb" ){1,3})(?:street|avenue|road|drive|lane|court|boulevard|place"
    rb"|terrace|circle|way|highway|parkway|crescent|close|square|trail"
    rb"|loop|bank)\b"
    rb"(?:,? (?:room|apartment|apt|unit|suite|number|flat) "
    + _DIGIT
    + rb"(?:[ \-](?:"
    + _DIGIT
    + rb"|[a-z]\b)){0,4})?",
    fold=True,
)
_SPOKEN_FLAT = compiled(
    rb"\b"
    + _DIGIT
    + rb"(?:[ \-]"
    + _DIGIT
    + rb"){1,6} (?:(?:north|south|east|west) )?[a-z]{3,18}(?: [a-z]{3,18})?,?"
    rb" (?:apartment|apt|unit|suite|flat) (?:"
    + _DIGIT
    + rb"|\d{1,4})(?: [a-z]\b)?(?:, [a-z]{3,18}){0,2}(?:,? "
    + _DIGIT
    + rb"(?:[ \-]"
    + _DIGIT
    + rb"){3,6})?",
    fold=True,
)
_ROOM = compiled(rb"^[ ?>\t]{0,6}(" + _ROOM_WORD + rb")[ ,]{0,2}\r?$", fold=True)
_ZIP = compiled(
    rb"\b(?:zip(?: ?code)?|post(?:al)? ?code|plz"
    rb"|cap) ?[:=#]? {0,2}([A-Z]{0,2}\d[A-Z0-9 \-]{2,8}\d?[A-Z]{0,2})\b",
    fold=True,
)


_POSTCODE = compiled(rb"\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[\dW] [A-Z0-9]{4})\b")
_SMALL_VIA = compiled(
    rb"\b((?:via|viale|piazza|corso|largo|vicolo|rua|calle|avenida"
    rb"|ulica|rue) (?:(?:de|del|di|da|do|dei|della|la|dos|das) ){0,2}"
    rb"[A-Z\xc0-\xde][a-z\xdf-\xff'.\-]{1,20}(?: [A-Z\xc0-\xde][a-z\xdf-\xff'.\-]"
    rb"{1,20}){0,3},? \d{1,5}[A-Za-z]?)(?:, |\n| - )\d{4,5}"
)
_VIETNAMESE = compiled(
    rb"\b(\d{1,4}(?:/\d{1,4}){0,3}[A-Z]? [A-Z\xc0-\xde][a-z\xdf-\xff]{1,12}(?:"
    rb" [A-Z\xc0-\xde][a-z\xdf-\xff]{1,12}){1,3},? (?:P\.|Phuong|Ph\xfaong"
    rb"|Q\.|Quan|Qu\xe2n|TP\.)[^\n;]{1,60}(?:TP\.? ?[A-Z][a-z\xdf-\xff]{1,10}(?:"
    rb" [A-Z][a-z\xdf-\xff]{1,10}){0,2}|Q\.? ?\d{1,2}|Ha N\xf4i|H\xe0"
    rb" N\xf4i))"
)
#: "surname Sisneros and street Juniper Dr"
_NAMED_STREET = compiled(
    rb"\b(?:street(?: name)?(?: is|:)?|lives? on|living on|lived on"
    rb"|house on|home on) ((?:[A-Z][a-z'\-]{1,20} ){1,3}(?:St|Ave"
    rb"|Dr|Rd|Ln|Ct|Blvd|Way|Pl|Cir|Ter|Street|Avenue|Drive|Road|Lane"
    rb"|Court|Place|Circle|Terrace)\b)"
)
_PART = (
    rb"(?:Flat \d{1,4}[A-Z]?|\d{1,4}[A-Za-z]?(?:/\d{1,4})? [A-Z][A-Za-z\xc0-\xff' ]{2,30}"
    rb"|[A-Z][A-Za-z\xc0-\xff'\- ]{2,30}|Co\.? [A-Z][a-z]{2,14})"
)
_HOUSE_PARTS = compiled(
    rb"((?:" + _PART + rb", ){1,4}(?:(?:Co\.? )?[A-Z][A-Za-z\xc0-\xff'\- ]{2,24}[ ,]{1,2})?)$"
)


#: After the number of a block, a name or a further number.
_CAPITAL = compiled(rb"\d[A-Za-z]?,? (?:(?i:lot|phase) \d|[A-Z])")


def addresses(text: bytes) -> Iterator[Span]:
    """The addresses in prose that show by their form; the model must find the others."""
    for match in _AMERICAN.finditer(text):
        if _is_street(match.group(1), match.group(2)):
            yield extended(text, *match.span())
    for pattern in (_BOX, _DELIVERY, _HIGHWAY, _FRENCH, _INDIAN, _KOREAN, _BLOCK, _CORNER):
        for match in pattern.finditer(text):
            small = pattern is _BLOCK and not _CAPITAL.search(match.group())
            if not small and text[match.start() - 1 : match.start()] != b"#":
                yield extended(text, *match.span())
    for pattern in (_LATIN, _SUFFIXED):
        for match in pattern.finditer(text):
            if not _is_common(match.group(1)):
                yield extended(text, *match.span(1))
    for match in _GERMAN.finditer(text):
        if match.start(2) >= 0:
            yield extended(text, match.start(1), match.end(1))
    for match in _CODED.finditer(text):
        if not _is_common(match.group(1)) and not _is_year(match.group(2), match.group(1)):
            town = match.group(3).split(b" ")[0].lower()
            if town not in COMMON and not (town.endswith(b"s") and town[:-1] in EVERYDAY):
                yield extended(text, *match.span(1))
    for pattern in (_SMALL_VIA, _VIETNAMESE, _NAMED_STREET):
        for match in pattern.finditer(text):
            yield extended(text, *match.span(1))
    if any(
        word in text
        for word in (
            b"street",
            b"road",
            b"avenue",
            b"court",
            b"apartment",
            b"drive",
            b"lane",
            b"Bank",
        )
    ):
        for match in _SPOKEN.finditer(text):
            if not all(word in EVERYDAY for word in match.group(1).lower().split()):
                yield Span(*match.span(), "ADDRESS")
        for match in _SPOKEN_FLAT.finditer(text):
            yield Span(*match.span(), "ADDRESS")
    for match in _POSTCODE.finditer(text):
        first = max(0, match.start() - 120)
        before = _HOUSE_PARTS.search(text[first : match.start()])
        if before is not None:
            yield Span(first + before.start(1), match.end(), "ADDRESS")
    yield from told_addresses(text)
    for match in _BARE.finditer(text):
        if not _is_common(match.group()):
            found = match.group().rstrip(b".,;:)\n?!\x00")
            words = found.split(b" ")
            yield Span(match.start(), match.start() + len(b" ".join(words[:3])), "ADDRESS")
    for match in _ROOM.finditer(text):
        yield Span(*match.span(1), "ADDRESS")
    for match in _ZIP.finditer(text):
        yield Span(*match.span(1), "ADDRESS")


def _is_common(found: bytes) -> bool:
    """Whether the words before the number are ordinary ones: "Error Code 12, 4041 Calls"."""
    words = [word.strip(b".,").lower() for word in found.split() if word[:1].isalpha()]
    return any(word in _THINGS for word in words[:4])


_THINGS = frozenset(
    b"version release build error code page step line queue port"
    b" room case ticket chrome firefox windows model flow chapter"
    b" section figure table rfc phase level tier ext extension january"
    b" february march april may june july august september"
    b" october november december monday tuesday wednesday thursday"
    b" friday saturday sunday codec payload slot channel".split()
)


def _is_year(code: bytes, street: bytes) -> bool:
    return len(code) == 4 and code[:2] in (b"19", b"20") and b"," not in street


#: Between two things, not within the name of a street.
_BETWEEN = FUNCTION_WORDS - frozenset((b"of", b"the", b"on", b"do", b"i", b"a"))


def _is_street(name: bytes, kind: bytes) -> bool:
    """ "12 Old Quarry Way" and "12 old quarry rd", and not "12 calls on the same way"."""
    words = name.split()
    if any(word.lower() in _BETWEEN or (word[-1:] == b"." and len(word) > 5) for word in words):
        return False
    if len(words) == 1 and len(words[0]) == 2 and words[0][1:] == b".":
        return False  # "2826 B. Dr. Puig"
    if words[-1][:1].islower() and any(word in NOT_NAMES for word in words):
        return False
    return not kind[:1].islower() or kind.lower() in _SURE
