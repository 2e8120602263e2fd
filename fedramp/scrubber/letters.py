"""Names in letters: after a greeting, and after the words that end it, in twenty languages."""

from collections.abc import Iterator

from .people import Kind, Need, is_capital, is_loud, kind_of, name_at
from .projection import compiled
from .spans import Span

#: A greeting, in twenty languages; marks beyond Latin-1 are gone in the projected text.
_HAILS = (
    rb"hi|hello|hey|dear|greetings|hiya|howdy|good (?:morning|afternoon|evening|day)|morning"
    rb"|hi there|hello there|hola|estimad[oa]|querid[oa]|buen(?:os)? d[i\xed]as?"
    rb"|buenas (?:tardes|noches)"
    rb"|hallo|guten (?:tag|morgen|abend)|liebe[r]?|sehr geehrte[r]?|moin|servus|gr[\xfcu]e?zi"
    rb"|bonjour|bonsoir|salut|ch[e\xe8]re?|ciao|buongiorno|buonasera|gentile|car[oa]|egregio|salve"
    rb"|ol[a\xe1]|oi|prezad[oa]|bom dia|boa (?:tarde|noite)|beste|geachte|hoi"
    rb"|goede(?:morgen|middag|navond)"
    rb"|dag|hej|hejsan|k[\xe4a]ra?|b[\xe4a]sta|k[\xe6a]re|hei|kj[\xe6a]re|moi|terve"
    rb"|hyv[\xe4a]|czesc"
    rb"|dzien dobry|szanown[ya]|drog[ia]|witam|witaj|ahoj|dobr[y\xfd] (?:den|dan)"
    rb"|v[a\xe1][z]en[y\xfd\xe1]|mil[y\xfd\xe1]"
    rb"|zdravo|po[s]tovan[ia]|drag[iao]|bok|szia|kedves|tisztelt|bun[a]|bun[a] ziua"
    rb"|stimat[ea]|draga"
    rb"|merhaba|selam|say[i]n|de[g]erli|habari|jambo|mpendwa|xin ch[a\xe0]o"
    rb"|k[i\xed]nh g[u\xfb]i|selamat (?:pagi|siang|sore|malam)"
    rb"|kepada|yth|kumusta|magandang (?:umaga|hapon|gabi)|namaste|namaskar|salaam|assalamu? alaikum"
    rb"|shalom|sawubona|molo|labas|sveiki|tere|mihi|aloha|kia ora|talofa|konnichiwa|annyeong"
)
_FORMS = (
    rb"mr|mrs|ms|mx|miss|dr|prof|herrn?|frau|sra?|srta|se\xf1ora?|don|do\xf1a|m|mme|mlle"
    rb"|monsieur|madame|sig|sig\.ra|dott|dottssa"
    rb"|signora?|senhora?|meneer|mevrouw|dhr|mevr|hr|fru|pan[ei]?|pani|pane|pan\xed"
    rb"|gospodine?|gospo[dj]o|\xfar|bapak|ibu|pak|bu|bpk|anh|chi|ch\xfa|c\xf4|again"
    rb"|there|sgt|capt|lt|col|maj|officer|doctor|professor|sir|father|pastor|rev|judge|hon"
)
_HAILED = compiled(
    rb"(?:^[ \t>*]{0,6}|[\"'>:] ?|\\n|[.!?] {1,2}|\bsubject: ?)(?:"
    + _HAILS
    + rb")(?:[ ,]{1,2}(?:"
    + _FORMS
    + rb")\.?){0,2},? {1,2}",
    fold=True,
)
_BREAK = (
    rb"(?:[ \t>*_]{0,6}(?:\r?\n|\\r\\n|\\n|</?(?:br|p|div|span|td|tr|b|i|strong"
    rb"|font)\b[^>\n]{0,80}>|&nbsp;)){1,8}"
)
#: How letters end, in twenty languages.
_FAREWELLS = (
    rb"(?:(?:with )?(?:kind|best|warm|warmest|kindest|many|my|very best"
    rb"|sincere) )?(?:regards|wishes|rgds)(?:,? and thanks)?|best|all the best|thanks?"
    rb"|thank you"
    rb"|(?:many thanks|thanks?|thank you|thx|tks)(?: (?:again|in advance|so much|very much"
    rb"|a lot|much|for (?:your|the|any) [a-z ]{3,40}|and (?:best|kind)? ?regards))?"
    rb"|thx|tks|cheers|sincerely(?: yours)?|yours(?: (?:truly|sincerely|faithfully))?"
    rb"|(?:very )?respectfully(?: yours| submitted)?|v/r|r/|respectfully,|cordially"
    rb"|faithfully|truly|warmly"
    rb"|br|kr|rgds|brgds|brgs|appreciate (?:it|your help)|take care|have a (?:great|good"
    rb"|nice) (?:day|one|weekend|evening)|semper fi|god bless|love|xoxo|peace"
    rb"|talk soon|looking forward(?: to [a-z ]{3,40})?|signed|/s/|s/"
    rb"|saludos(?: cordiales)?|un saludo|un abrazo|gracias(?: de antemano| por (?:su"
    rb"|tu) [a-z ]{3,20})?|muchas gracias|atentamente|atte|cordialmente"
    rb"|cordialement|bien cordialement|bien \xe0 vous|merci(?: d'avance| beaucoup)?"
    rb"|salutations(?: distingu\xe9es)?|cdt|bonne journ\xe9e|\xe0 bient\xf4t|amicalement"
    rb"|respectueusement"
    rb"|(?:mit )?(?:freundlichen|besten|herzlichen|viele[n]?|liebe[n]?"
    rb"|sch\xf6ne[n]?) (?:gr\xfc(?:\xdf|ss)en?|gruessen?|dank)|beste gr\xfc(?:\xdf|ss)e"
    rb"|gr\xfc(?:\xdf|ss)e?|gru\xdf|mfg|vg|lg|danke|vielen dank(?: im voraus)?"
    rb"|hochachtungsvoll"
    rb"|cordiali saluti|distinti saluti|saluti|grazie(?: mille)?|un saluto|atenciosamente"
    rb"|cumprimentos|com os melhores cumprimentos|obrigad[oa]|abra[c\xe7]os?|att"
    rb"|met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|groet(?:en|jes)?|mvg"
    rb"|bedankt|hartelijke groet(?:en)?|med v\xe4nliga? h\xe4lsning(?:ar)?"
    rb"|v\xe4nliga h\xe4lsningar|h\xe4lsningar|mvh|hilsen|med venlig hilsen|venlig hilsen"
    rb"|vennlig hilsen|med vennlig hilsen"
    rb"|yst\xe4v\xe4llisin terveisin|terveisin|terv|kiitos|tack|takk|tak|pozdrawiam"
    rb"|z powa\xbfaniem|z powazaniem|serdecznie pozdrawiam|dziekuje|s pozdravem|pozdravem"
    rb"|s pozdravom|d[e\xec]kuji|dakujem|lep pozdrav|lijep pozdrav|pozdrav"
    rb"|srda[c\xe8]an pozdrav|hvala"
    rb"|\xfcdv\xf6zlettel|tisztelettel|k\xf6sz\xf6n\xf6m|k\xf6sz\xf6nettel|cu stima"
    rb"|cu respect|multumesc|saygilarimla|saygilar|tesekkurler|iyi \xe7alismalar|selamlar"
    rb"|tr\xe2n trong|tran trong|c\xe1m on|c[a\xe1]m on|than ai|hormat saya"
    rb"|salam(?: hangat)?|terima kasih|salamat"
    rb"|lubos na gumagalang|asante|wako|cu drag|pagarbiai|ar cieni\xf2u|ar cienu"
    rb"|lugupidamisega|t\xe4nan|dhanyavad|shukriya|yoroshiku|arigato|kamsahamnida|-- ?|__+"
    rb"|--+|==+|\*\*\*+|~+"
)
_SIGNED = compiled(
    rb"(?:^[ >\t*_]{0,6}|>[ \t]?|[.!?] {1,2}|\\n)(?:"
    + _FAREWELLS
    + rb")[,.!;:* \t\-~]{0,4}"
    + _BREAK
    + rb"[ >\t*_]{0,6}(?:[~\-]{1,2} ?)?",
    fold=True,
)
#: "Thanks, priya" and "- Priya" end a line; "~Dale" is a line.
_SIGNED_ON = compiled(
    rb"(?:^[ >\t*_]{0,6}|[.!?;] {1,2}|\\n)(?:"
    + _FAREWELLS
    + rb")[,.!]{0,2} {0,2}(?:[~/\-]{1,2} {0,2})?([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'."
    rb" \-]{1,50})(?:\r?$"
    rb"|\\n|<)",
    fold=True,
)
_SLASHED = compiled(
    rb"(?:^|[.!?;)\x00\"'0-9a-z] {1,3}|[.!?;)])(?:~|-{1,2}|/{1,2}"
    rb"|\^|//|\|) ?([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'. \-]{1,40})\r?$"
)
#: "KOWALCZYK, DALE T." with a rank in the next line; "Dale Kowalczyk" with a title or a number.
_BLOCK = compiled(
    rb"^[ >\t*_]{0,6}([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'.,\- ]{2,50})\*{0,2}(?:,? (?:USAF"
    rb"|USA|USN|USMC|USCG|MSgt|TSgt|SSgt|SGT|SFC|CPT|MAJ|LTC|COL|GS-\d{1,2}|Ph\.?D|MD|RN"
    rb"|CPA|Esq|P\.?E|PMP|CISSP)\.?[^\n]{0,40})?"
    rb"\r?\n[ >\t*_]{0,6}(?:MSgt|TSgt|SSgt|SMSgt|CMSgt|SrA|A1C|Amn|SGT|SSG|SFC|MSG|1SG|SGM"
    rb"|CSM|CPL|SPC|PFC|PVT|CW[1-5]|WO1|2LT|1LT|2d Lt|1st Lt|Lt|LT|CPT|Capt|MAJ|Maj|LTC"
    rb"|Lt Col|COL|Col|BG|PO[123]|CPO|SCPO|ENS|LTJG|LCDR|CDR|CAPT|GySgt|Sgt|Cpl|LCpl"
    rb"|(?:[A-Z][a-z]{2,14} ){0,3}(?:Manager|Director|Engineer|Analyst|Specialist"
    rb"|Supervisor|Administrator|Coordinator|Officer|Consultant|Architect|Technician|Lead"
    rb"|Developer|President|Representative|Assistant|Associate|Partner|Attorney|Counsel"
    rb"|Nurse|Clerk|Agent|Advisor|Operator)\b)"
)


def lettered(text: bytes) -> Iterator[Span]:
    """The names in greetings and signatures."""
    for match in _HAILED.finditer(text):
        yield from _hailed(text, match.end())
    for match in _SIGNED.finditer(text):
        span = name_at(text, match.end(), Need.LITTLE)
        if span is None:
            continue
        after = text[span.end : span.end + 2].lstrip(b" ")
        if after[:1] in (
            b"",
            b"\n",
            b"\r",
            b",",
            b"|",
            b"/",
            b"-",
            b"(",
            b"<",
            b"\\",
            b".",
            b"*",
            b"\x00",
            b"_",
            b";",
            b"&",
        ) or _is_sure(text, span):
            yield span
    for match in _SIGNED_ON.finditer(text):
        yield from _ends(text, *match.span(1))
    for match in _SLASHED.finditer(text):
        yield from _ends(text, *match.span(1))
    for match in _BLOCK.finditer(text):
        start, end = match.span(1)
        span = name_at(text, start, Need.LITTLE, small=False)
        if span and span.start == start and end - span.end < 3 and b" " in text[start : span.end]:
            yield span


def _is_sure(text: bytes, span: Span) -> bool:
    words = text[span.start : span.end].split(b" ")
    return len(words) > 1 and kind_of(words[0]) >= Kind.WORDY


def _hailed(text: bytes, at: int) -> Iterator[Span]:
    """The names after a greeting: one, or several with commas and "and"."""
    for _ in range(12):
        span = name_at(text, at, Need.SOME)
        if span is None:
            span = name_at(text, at, Need.LITTLE)
            if span is None or not _is_greeted(text, span):
                return
        yield span
        more = _ALSO.match(text, span.end)
        if more is None:
            return
        at = more.end()


_ALSO = compiled(rb",? ?(?:and|&|und|y|et|e|en|og|och|/|\+) ?|, ")


def _is_greeted(text: bytes, span: Span) -> bool:
    """Whether one unknown word in lower case is a name here: "hi tomek," and not "hi is it"."""
    word = text[span.start : span.end]
    if b" " in word or is_loud(word):
        return False
    return is_capital(word) or text[span.end : span.end + 1] in (
        b",",
        b"!",
        b".",
        b"\n",
        b"\r",
        b":",
        b"",
    )


def _ends(text: bytes, start: int, end: int) -> Iterator[Span]:
    """A name that fills the rest of a line."""
    span = name_at(text, start, Need.LITTLE)
    if span is None or text[span.end : end].strip(b" .,-"):
        return
    words = text[span.start : span.end].split(b" ")
    kinds = [kind_of(word) for word in words if len(word.strip(b".")) > 1]
    if is_capital(words[0]) or max(kinds, default=Kind.EVERYDAY) >= Kind.SURNAME:
        yield span
