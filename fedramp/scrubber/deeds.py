"""Names before what people do or have: "priya said", "Tanya is out on leave", "Dale's laptop"."""

from collections.abc import Iterator

from .name_words import RANKS, THINGS
from .people import Kind, is_capital, is_loud, kind_of
from .projection import compiled
from .spans import PARTICLES, Span

_WORD = (
    rb"(?:^"
    rb"|[^A-Za-z0-9_\xc0-\xff'.@/:\\\-])([A-Za-z\xc0-\xff](?:[A-Za-z\xc0-\xff'\-]"
    rb"{0,24}[A-Za-z\xc0-\xff])?)\.?"
)
#: What people do, and machines, teams and companies may do as well.
_OFTEN = (
    rb"said|says|say|sez|called|calls|rang|phoned|emailed|e-mailed|wrote|writes|texted|messaged"
    rb"|asked|asks|told|tells|thinks|thought|knows|knew|wants|wanted|needs|needed|mentioned"
    rb"|noticed|explained|confirmed|confirms|reported|reports|stated|states|complained|replied"
    rb"|answered|agreed|disagreed|suggested|suggests|promised|admitted|insisted|claims|claimed"
    rb"|approved|signed|forgot|remembers|remembered|tried|tries|left|joined|moved|works|worked"
    rb"|sat|sits|lives|lived|went|came|comes|saw|heard|hears|feels|felt|took|gave|got|gets|had|has"
    rb"|did|does|sent|found|handled|covered|checked|verified|updated|opened|closed|escalated"
    rb"|reached|stepped|logged|clicked|dialed|picked|hung|put|tested|rebooted|restarted|noted"
    rb"|advised|adv|advd|requested|reqs|requests|declined|accepted|attended|volunteered|speaks"
    rb"|speaking|here|isn't|wasn't|hasn't|didn't|doesn't|can't|cannot|couldn't|won't|wouldn't"
    rb"|is (?:the|a|an|our|my|his|her|their|your|on|in|at|also|still|not|now|already|asking|saying"
    rb"|calling|waiting|having|trying|getting|going|using|working|looking|unable|aware|back|able"
    rb"|away|with|happy|unhappy|upset|angry|new|free|busy|covering|handling|taking|sure|one|from"
    rb"|available|unavailable|responsible|cc'?d|copied|leaving|coming|experiencing|requesting)"
    rb"|was (?:the|a|an|our|my|his|her|their|on|in|at|also|still|not|able|unable|told|asked|hired"
    rb"|assigned|promoted|transferred|trying|getting|using|talking|working|looking|with|upset|very"
    rb"|so|here|there|saying|given|born|supposed|locked|going)"
    rb"|has (?:been|a|an|the|no|not|already|to|had|tried|left|moved|asked|two|three|also)"
    rb"|and (?:I|me|my|her|his|their)|& (?:I|me)|or (?:I|me)|and i\b|wants to|needs to|used to"
    rb"|will (?:be|call|have|need|send|join|take|not|also|let|handle|cover|reach|follow|get|check)"
    rb"|would (?:like|be|have|not|prefer|rather)|can (?:you|confirm|be reached|call|help|do|tell)"
    rb"|could|should|must|might|asap|plz|pls|please|can you|could you|did you|are you"
    rb"|do you|have you"
    rb"|will you|would you|let me|thanks|thank you|thx|ty|and team|et al|wanted to|let us|let me"
)
#: What only people do.
_ONLY = (
    rb"(?:is|was|has been|will be|who is|who's|'s|went|going"
    rb"|being) (?:out )?(?:on (?:leave|pto|vacation|holiday"
    rb"|maternity|paternity|sick leave|medical leave|fmla|bereavement|lunch|break"
    rb"|annual leave|her lunch|his lunch)"
    rb"|out sick|off sick|sick|out of office|ooo|out today|out until|out this week"
    rb"|off today|off until|retiring|retired"
    rb"|married|pregnant|deceased|home sick|back (?:on|from|in|tomorrow|monday|next|at)"
    rb"|in a meeting|in training)"
    rb"|retired|resigned|quit|passed away|died|got married|gave birth|will be back"
    rb"|won't be back|called in sick"
    rb"|called out|called off|came back from|went on|no longer works|no longer with"
    rb"|doesn't work here|is our"
    rb"|is my|is her|is his|is their|(?:also )?lost (?:her|his|their)|forgot (?:her|his|their|to)"
    rb"|(?:changed|reset|updated|moved|left|took|gave|broke|locked|needs|wants|has|had"
    rb"|uses|used|unplugged|shared|typed|entered"
    rb"|plugged|returned|got|says|said|told|sent|lent|dropped|kept|received) (?:her|his"
    rb"|their|me|us|him|that|she|he|they)"
    rb"|says (?:she|he|they)|said (?:she|he|they)|thinks (?:she|he|they)|and (?:her"
    rb"|his) (?:husband|wife|son|daughter|mother|father"
    rb"|team|manager|supervisor|boss|colleague|partner|family|kids|children)|herself|himself"
)
_OWN = (
    rb"laptop|extension|ext|voicemail|vm|mailbox|desk|desk phone|phone|cell|mobile|headset"
    rb"|softphone|monitor|keyboard|pc"
    rb"|computer|workstation|station|machine|manager|supervisor|boss|husband|wife|spouse"
    rb"|son|daughter|mother|father|mom|dad"
    rb"|brother|sister|kids|children|family|birthday|number|address|email|e-mail|account"
    rb"|login|password|profile|badge|calendar"
    rb"|schedule|shift|team|office|line|calls?|call|screen|session|message|note|reply"
    rb"|request|question|ticket|case|name|last day"
    rb"|shoulder|queue|skill|status|license|access|permissions|mailbox|inbox|signature"
    rb"|report|comment|idea|suggestion|complaint"
    rb"|device|iphone|tablet|vpn|hands|voice|house|car|payroll|paycheck|hire date|leave"
    rb"|absence|position|role|replacement|assistant"
)
_DOES = compiled(
    _WORD
    + rb",? (?:(?:just|also|then|later|still|already|never|always|actually|finally) )?(?:"
    + _OFTEN
    + rb")(?:[^A-Za-z0-9_]|$)",
    fold=True,
)
_ONLY_DOES = compiled(_WORD + rb"(?: |(?:'s) )(?:" + _ONLY + rb")(?:[^A-Za-z0-9_]|$)", fold=True)
_OWNS = compiled(
    _WORD
    + rb"(?:'s?|s) (?:(?:old|new|work|personal|home|office|desk|direct|cell|own) )?(?:"
    + _OWN
    + rb")(?:[^A-Za-z0-9_]|$)",
    fold=True,
)
#: Never a person's name before a verb, though the lists have it.
_NOBODY = frozenset(
    b"so do he min van long ever king young an la may will can even"
    b" sunny pat sale sales test".split()
)
_BACK = compiled(rb"([A-Za-z\xc0-\xff](?:[A-Za-z\xc0-\xff'\-]{0,24}[A-Za-z\xc0-\xff])?\.?) $")


#: What neither months, towns, flowers nor virtues do: "Miles drove home", "Patience has the cones".
_HUMAN_DOES = compiled(
    _WORD
    + rb" (?:drove|drives|wrote|writes|said|says|asked|told|emailed|texted|phoned|signs|signed"
    rb"|sings|sang|plays|played|cooked|laughed|cried|walked|bought|loves|hates|thinks|thought|knows"
    rb"|forgot|promised|apologized|brought|picked up|dropped off|borrowed|lent|numbered|volunteered"
    rb"|has (?:the|my|our|her|his|your) [a-z]|locks up|sends (?:her|his|love)|lives (?:in|at|on"
    rb"|with)"
    rb"|is on (?:leave|vacation|pto|holiday|lunch)|called in)(?:[^A-Za-z0-9_]|$)"
)


def done(text: bytes) -> Iterator[Span]:
    """The names of people who do, are, or own something in the text."""
    for match in _HUMAN_DOES.finditer(text):
        word, start = match.group(1), match.start(1)
        good = kind_of(word) == Kind.WORDY and is_capital(word) and len(word) > 2
        if good and word.lower() not in _NOBODY and not _in_phrase(text, start):
            yield Span(_first(text, start, word), match.end(1), "PERSON")
    for pattern, sure in ((_DOES, False), (_ONLY_DOES, True), (_OWNS, False)):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            word = text[start:end]
            if word[-2:].lower() == b"'s":
                word, end = word[:-2], end - 2
            if text[end : end + 1] == b"s" and kind_of(word + b"s") == Kind.EVERYDAY:
                continue  # "this case"; "Marias case" goes on
            if _is_person(text, start, word, sure=sure):
                yield Span(_first(text, start, word), end, "PERSON")


def _is_person(text: bytes, start: int, word: bytes, *, sure: bool) -> bool:
    kind = kind_of(word)
    plain = word.lower()
    if kind == Kind.EVERYDAY or len(word) < 3 or plain in RANKS or plain in THINGS:
        return False
    if is_loud(word) and kind < Kind.SURNAME:
        return False
    if is_capital(word):
        if kind == Kind.UNKNOWN:
            return sure and word[1:].islower() and not _begins(text, start)
        if kind != Kind.WORDY:
            return True
        return not _in_phrase(text, start) and (sure or not _begins(text, start))
    return kind == Kind.GIVEN and plain not in _NOBODY


def _in_phrase(text: bytes, start: int) -> bool:
    """Whether a capital word that is no name is before it: "Collections West"."""
    match = _BACK.search(text[max(0, start - 28) : start])
    return match is not None and is_capital(match.group(1)) and kind_of(match.group(1)) < Kind.WORDY


def _begins(text: bytes, start: int) -> bool:
    """Whether a sentence or a line begins here, where any word has a capital."""
    before = text[max(0, start - 3) : start].strip(b" \"'(*")
    return not before or before[-1:] in b".!?:\n\r>;"


def _first(text: bytes, start: int, word: bytes) -> int:
    """Where the name begins of which this is the last word."""
    for _ in range(3):
        match = _BACK.search(text[max(0, start - 28) : start])
        if match is None:
            break
        before = match.group(1)
        bare = before.rstrip(b".")
        if len(bare) > 1 and (before.endswith(b".") or kind_of(bare) < Kind.WORDY):
            break
        if is_capital(bare) != is_capital(word) or bare.lower() in RANKS | PARTICLES:
            break
        if len(bare) == 1 and not bare.isupper():
            break
        opens = kind_of(bare) == Kind.WORDY and _begins(text, start - len(before) - 1)
        if len(bare) > 1 and opens and kind_of(word) < Kind.SURNAME:
            break
        start -= len(before) + 1
    return start
