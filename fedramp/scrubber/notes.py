"""Names after the words that announce a person, as staff type them: "spoke w/ marisol", "POC:".

Belongs here: cues that end where the name begins, in any case, in notes and in forms. Greetings and
signatures are in `cues`, speakers in `chats`, verbs after a name in `deeds`.
"""

from collections.abc import Iterator

from .people import Kind, Need, is_capital, kind_of, name_at
from .projection import compiled
from .spans import Span

#: Before a cue: nothing that would make it the end of another word.
_START = rb"(?:^|[^A-Za-z0-9_\xc0-\xff'.@/\-])"
#: Who may be named: in a form ("Caller:"), with "name" or without.
_PEOPLE = (
    rb"cust(?:omer|r)?|cx|client|clt|clmt|caller|callee|agent|agt|ee|emp(?:loyee)?|pt|patient|mbr"
    rb"|member|subscriber|end[ \-]?user|user|usr|contact(?: person)?|poc|point of contact|mgr"
    rb"|manager|supv|supvr|supervisor|sup|team lead(?:er)?|lead|tech(?:nician)?|rep"
    rb"|representative|csr|operator|dispatcher|receptionist|account ?holder|card ?holder|passenger"
    rb"|guest|tenant|landlord|resident|student|teacher|parent|mother|father|guardian|child|spouse"
    rb"|partner|dependent|applicant|claimant|insured|policy ?holder|veteran|vet|service ?member"
    rb"|sender|recipient|consignee|payee|payer|beneficiary|owner|signatory|signee|witness|notary"
    rb"|attorney|counsel|lawyer|judge|plaintiff|defendant|petitioner|respondent|officer|deputy"
    rb"|detective|nurse|doctor|physician|provider|pcp|surgeon|therapist|dentist"
    rb"|emergency contact|next of kin|nok|author|reviewer|approver|assignee|assigned (?:to|agent)"
    rb"|reporter|requestor|requester|submitter|attendee|participant|presenter|trainer|trainee"
    rb"|interviewer|candidate|new hire|engineer|analyst|administrator|admin|sysadmin|developer"
    rb"|director|coordinator|specialist|buyer|seller|visitor|driver|volunteer|donor|subject"
    rb"|victim|suspect|complainant|speaker|from|to|cc|bcc|attn|attention|fao|c/o|care of|re"
    rb"|signed|sent by|(?:submitted|opened|closed|created|updated|approved|reported|requested"
    rb"|completed|prepared|witnessed|reviewed|resolved|escalated|handled|taken|entered|verified"
    rb"|authori[sz]ed|logged|raised|owned|signed|written|called|received|ordered|tested|filed)"
    rb" by|escalated to|titulaire|usuario|agente|cliente|kunde|utilisateur|contacto"
    rb"|ansprechpartner|interlocuteur|referente|responsable|contatto|contactpersoon"
    rb"|mitarbeiter(?:in)?"
    rb"|anrufer|llamante|appelant|chiamante|klant|kund|asiakas|klient|zakaznik|musteri|pasien"
    rb"|paciente|paziente|solicitante|demandeur|empleado|salari\xe9|supervisora?|gerente"
)
_NAME_WORDS = (
    rb"(?:(?:full|legal|preferred|first|last|middle|given|family|maiden|print(?:ed)?|birth|nick"
    rb"|your|real|display|contact|sur|fore|christian)[ \-_]?)?name(?:\(s\)|s)?(?: of [a-z ]{3,30})?"
    rb"|nombres?(?: y apellidos?| completo)?|apellidos?|nom(?: complet| de famille)?|pr\xe9noms?"
    rb"|vorname|nachname|familienname|vor- und nachname|nome(?: completo| e cognome)?|cognome"
    rb"|sobrenome|apelido|naam|voornaam|achternaam|namn|f\xf6rnamn|efternamn|navn|fornavn|etternavn"
    rb"|efternavn|nimi|etunimi|sukunimi|imi[e\xea](?: i nazwisko)?|nazwisko"
    rb"|jm\xe9no(?: a p\xf8\xedjmen\xed)?"
    rb"|p[r\xf8]\xedjmen\xed|n\xe9v|ime(?: i prezime)?|prezime|priimek|ad[i]?|soyad[i]?|ad soyad"
    rb"|adi soyadi|ho (?:va )?ten|h\xf4 t\xean|ten|t\xean|nama(?: lengkap)?|pangalan|jina"
    rb"|nume|prenume|v\xe1rds"
    rb"|vards|uzvards|vardas|pavarde|nimi|perekonnanimi|onoma"
)
_FIELD = compiled(
    _START
    + rb"(?:(?:"
    + _PEOPLE
    + rb")(?:'s)?[ _\-]?(?:name|nm)|"
    + _NAME_WORDS
    + rb")(?: ?\([^()\n]{0,20}\))? ?(?:[:=#]|-{1,2}>?|is) {0,3}[\"'(]?",
    fold=True,
)
_ROLE = compiled(
    _START
    + rb"(?:"
    + _PEOPLE
    + rb")(?: ?\((?:s|[^()\n]{1,16})\))? ?(?:[:=]|-{1,2}>?) {0,3}[\"'(@]?",
    fold=True,
)
#: "agent tanya", "her husband Tom", "my colleague Priya".
_BESIDE = compiled(
    _START + rb"(?:agents?|customer|cust|cx|caller|clients?|patient|pt|user|member|mbr|ee|employee"
    rb"|mgr|manager"
    rb"|supv|supervisor|sup|lead|tech|technician|engineer|rep|csr|coworker|co-worker|colleagues?"
    rb"|teammate|boss|director|nurse|officer|ofc|deputy|detective|trooper|doctor|dr|attorney"
    rb"|counselor|therapist|caseworker|operator|dispatcher|receptionist|assistant|secretary|intern"
    rb"|trainee|trainer|new hire|contractor|vendor rep|neighbou?r|friend|buddy|roommate|landlord"
    rb"|tenant|husband|wife|spouse|partner|fianc\xe9e?|boyfriend|girlfriend|son|daughter|brother"
    rb"|sister|mother|father|mom|mum|dad|grandson|granddaughter|grandmother|grandfather|grandma"
    rb"|grandpa|nephew|niece|cousin|uncle|aunt|kid|baby|child|admin|administrator|analyst|veteran"
    rb"|student|teacher|principal|coach|pastor|sergeant|captain|lieutenant|major|colonel|named"
    rb"|called herself|called himself|nicknamed|by the name of|goes by|known as|a\.?k\.?a\.?|n\xe9e"
    rb"|formerly|maiden name(?: is| was)?) ",
    fold=True,
)
_DONE = compiled(
    _START + rb"(?:(?:sp[o]?ke?n?|spk|spk?e|talked|tlk'?d?|tlkd|chatted|chat|conv|conversed|met|mtg"
    rb"|meeting"
    rb"|call|conf|confirmed|verified|ver|f/?u|follow(?:ed|ing)?[ \-]?up|fup|appt|appointment"
    rb"|interview(?:ed)?|lunch|work(?:ed|ing)?|discussed|checked|coordinat(?:e|ed|ing)|demo"
    rb"|sync(?:ed)?|1:1|cleared|escalated|touched base|connected|reviewed) (?:w/|with|to"
    rb"|wth|wit|up w/|up with) ?"
    rb"|s/w ?|spw ?|l/m (?:for|w/|with) ?"
    rb"|(?:lvm|lvmm|lm|lmom|lmtcb|vm|voicemail|left (?:a )?(?:vm|v/m|voicemail|message|msg"
    rb"|mssg|note)) (?:for|w/|with|on|from) ?"
    rb"|(?:rtn|rtnd|rtrn|ret|return(?:ed|ing)?) (?:a )?(?:call|cl|vm|msg)? ?(?:to|from|of)? ?"
    rb"|(?:rcvd|rec'?d|recd|received|got|took|inbound|incoming|ib|tkt|ticket|msg|message"
    rb"|email|e-mail|em|fax"
    rb"|text|txt|vm|voicemail|request|report|call|cl|ob|outbound|page|chat|note|letter"
    rb"|complaint|inquiry|feedback)"
    rb"(?: (?:a )?(?:call|cl|vm|msg|email|text|request|report))? (?:from|frm|fr|w/|by) ?"
    rb"|(?:called|cld|clld|cb|c/b|call(?:ed)? back|callback(?: to| for)?|phoned|rang|ring"
    rb"|dialed|emailed|e-mailed|mailed"
    rb"|texted|txtd|pinged|messaged|msgd|msg'd|dm'?d|paged|contacted|ctc'?d?"
    rb"|reached(?: out to)?|reach out to"
    rb"|adv|advd|adv'?d|advised|informed|inf'd|notified|reminded|thanked|asked(?: for)?"
    rb"|ask(?:ing)? for|askd for"
    rb"|told|tell|ask|let|loop(?:ed|ing)? in|adding|cc'?(?:d|ed|ing)|fwd'?(?:d)?(?: to)?"
    rb"|forward(?:ed)? (?:to|by)"
    rb"|xfer(?:red|d)?(?: to)?|xfr(?:'?d)?(?: to)?|trans(?:ferred|fer|f)?'?d? to"
    rb"|tx(?:'?d)? to|esc(?:alated|'?d)? to|assign(?:ed)? to|reassigned to"
    rb"|hand(?:ed)? (?:over|off) to|routed to|sent to|given to|issued to|shipped to"
    rb"|belongs to|reports to|report to"
    rb"|married to|hired|trained|coached|replaced|covering for|cover for|backup for"
    rb"|filling in for|on behalf of|obo|o/b/o"
    rb"|waiting (?:for|on)|heard (?:back )?from|hear from|follow up with|check with"
    rb"|work with|speak (?:to|with|w/)|talk (?:to|with|w/)"
    rb"|please (?:call|contact|ask|email|notify|add|remove)|pls (?:call|contact|ask|email"
    rb"|notify|add|remove)"
    rb"|reported by|opened by|approved by|signed by|handled by|sent by|written by"
    rb"|created by|submitted by|requested by"
    rb"|updated by|entered by|closed by|answered by|taken by|verified by|authori[sz]ed by"
    rb"|per|attn|attn\.|c/o"
    rb"|passport for|account (?:of|for)|login for|profile for|extension for|on site|onsite"
    rb"|contact is|manager is"
    rb"|supervisor is|agent is|user is|customer is|caller is|patient is|name was|owner is"
    rb"|lead is|my name|name is"
    rb"|i am|i'm|this is|it's|its|speaking with|you are speaking with"
    rb"|you're speaking with|me llamo|soy"
    rb"|je m'appelle|je suis|ich bin|ich hei\xdfe|mein name ist|mi chiamo|sono|me chamo"
    rb"|meu nome \xe9|mi nombre es"
    rb"|mon nom est|mijn naam is|ik ben|mitt namn \xe4r|jeg heter|jeg hedder"
    rb"|nazywam si[e\xea]|jmenuji se"
    rb"|benim adim|nama saya|ako si|ang pangalan ko ay) )",
    fold=True,
)
#: Anything may follow these.
_ANY = compiled(
    _START + rb"(?:w/ ?|with |from |frm |for |by |to |via |and |& |of |cb |u |than |about |like "
    rb"|meet |see |asap |@ ?"
    rb"|because |that |if |when |while |since |after |before |did |does |has |is |was "
    rb"|can |will |would |but |so |as )",
    fold=True,
)
_TITLES = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff'.@/\-])(?:(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Sgt|SSgt|SSG|MSgt"
    rb"|MSG|TSgt|SFC|SMSgt|CMSgt|CSM|GySgt|LCpl|Cpl"
    rb"|Capt|CPT|Lt|LTC|LCDR|CDR|Cmdr|Col|COL|Maj|MAJ|Gen|Adm|Pvt|PFC|SPC|CPO|PO[123]"
    rb"|CW[2-5]|WO1|Ens|Amn|SrA|A1C|Rev|Hon|Ofc|Det"
    rb"|Insp|Sen|Rep|Gov|Amb|Fr|Supt|Sra|Srta|Dott|Sig|Sig\.ra|Hr|Fru|Mme|Mlle|Me|MR|MRS"
    rb"|MS|DR|SGT|CAPT|DET|OFC|REV|HON)\.? "
    rb"|(?:Sergeant|Corporal|Captain|Lieutenant|Colonel|Major|General|Admiral|Commander"
    rb"|Private|Airman|Seaman|Reverend|Honorable|Judge"
    rb"|Justice|Officer|Detective|Nurse|Deputy|Sheriff|Chief|Constable|Inspector|Trooper"
    rb"|Senator|Congressman|Congresswoman|Representative"
    rb"|Governor|Mayor|Ambassador|Pastor|Father|Sister|Brother|Rabbi|Imam|Coach|Principal"
    rb"|Professor|Doctor|Chancellor|Aunt|Auntie|Uncle"
    rb"|Herr|Frau|Se\xf1ora?|Se\xf1orita|Don|Do\xf1a|Monsieur|Madame|Signora?|Dottor(?:e"
    rb"|essa)?|Senhora?|Meneer|Mevrouw|Mijnheer|Pan|Pani"
    rb"|Panie|Bapak|Ibu|Pak|Shri|Smt|Kuya|Ate|President|Secretary|Director|Mister|Madam"
    rb"|Sir|Dame|Lord|Lady) )"
)
#: Before a surname, these are certain; the others are words too.
_SURE_TITLES = frozenset(b"mr mrs ms mx dr herr frau mme mlle sra srta mister miss".split())

_CUES = (
    (_FIELD, Need.LITTLE),
    (_ROLE, Need.SOME),
    (_BESIDE, Need.SOME),
    (_DONE, Need.SOME),
    (_ANY, Need.MUCH),
)


def noted(text: bytes) -> Iterator[Span]:
    """The names that stand after a word for a person or for what one does with people."""
    for pattern, need in _CUES:
        for match in pattern.finditer(text):
            if need == Need.LITTLE or text[match.end() : match.end() + 1] != b" ":
                yield from _named(text, match.end(), need)
    for match in _TITLES.finditer(text):
        title = match.group().strip(b" \n\"'(,>[*").rstrip(b".").lower()
        need = Need.LITTLE if title in _SURE_TITLES else Need.SOME
        span = name_at(text, match.end(), need, small=False)
        if span and (need == Need.LITTLE or _is_titled(text[span.start : span.end], match.group())):
            yield span


def _named(text: bytes, at: int, need: Need) -> Iterator[Span]:
    span = name_at(text, at, need)
    if span is None:
        return
    yield span
    # "Tanya Brooks and Jorge Ruiz", "Tanya, Jorge & Kofi": the others are named the same way.
    for _ in range(40):
        more = _AND.match(text, span.end)
        if more is None:
            return
        other = name_at(
            text,
            more.end(),
            max(need, Need.SOME),
            small=not is_capital(text[span.start : span.end]),
        )
        if other is None or _is_small_word(text[other.start : other.end]):
            return
        yield other
        span = other


_AND = compiled(rb"(?:,? (?:and|y|und|et|e|en|og|och|i|or|&) |[,;/&+] ?(?:and )?| / | \+ )")


def _is_small_word(found: bytes) -> bool:
    return not is_capital(found) and kind_of(found.split(b" ")[0]) < Kind.SURNAME


def _is_titled(found: bytes, title: bytes) -> bool:
    """Whether a title is one here: "Chief Okafor", and not "General Settings"."""
    first = found.split(b" ")[0]
    return b"." in title or kind_of(first) >= Kind.UNKNOWN
