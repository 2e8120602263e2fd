"""Values that the key beside them reveals: `ani=`, `"name":`, `Last Name:`, `CN=`, a CSV column.

Tables list the key words that reveal and those that deny; any other key reveals nothing.
"""

from collections.abc import Iterator
from functools import lru_cache

from .patterns import Match
from .phone_plans import is_american, is_international
from .projection import compiled
from .spans import Span, bare
from .user_names import is_person
from .words import looks_like_name

_KEY = compiled(
    rb"([A-Za-z][A-Za-z _.\-]{0,23}?)?(name|surname|vorname|nachname|nombre|apellido|cn|sn|fn"
    rb"|givenname|assignedto|assigned_to|[a-z]{4,9}ed_?by|caller|callee|requester|reporter"
    rb"|customer|contact|agent|patient|employee|cardholder|holder"
    rb"|beneficiary|assignee|phone|mobile|cell|tel|fax|ani|dnis|msisdn|callerid|number|from|to"
    rb"|called"
    rb"|calling|callback|user|login|samaccountname|account|uid|upn|dob|birth|birthday"
    rb"|birthdate|born"
    rb"|address|street|zip|zipcode|postcode|postal_?code|postal)"
    rb"(\\?[\"']?[ \t]{0,12}(?:[:=]|>)[ \t]{0,12}\\?[\"']?| \")",
    fold=True,
)
_QUOTED = compiled(rb"[^\"\\<\n\x00]{1,200}")
_BARE = compiled(rb"[^\s\"'\\,;&<>()\[\]{}|\x00]{1,200}")
_LINE = compiled(rb"[^\r\n\"<>|;\x00]{1,120}")
_NEXT_KEY = compiled(rb"[,;]? {1,3}[A-Za-z_]{2,24}=|&|[,;] ?[A-Za-z_]{2,24}[:=]|[\])}]")
_NUMBER = compiled(rb"(?:tel:|sip:)?(\+?\(?\d[\d ().\-/]{5,20}\d)")
_ACCOUNT_NAME = compiled(rb"^account[ _]?name", fold=True)
_UUID = compiled(rb"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|^[0-9a-fA-F]{24,64}$")
_STAMP = compiled(rb"(?:19|20)\d\d-\d\d-\d\d")
_DATE = compiled(
    rb"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}"
    rb"|\d{1,2}[ \-](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    rb"|dec)[a-z]{0,6}[ \-,]{1,2}\d{2,4}"
    rb"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} \d{1,2}(?:st|nd|rd"
    rb"|th)?,? \d{4}",
    fold=True,
)

_NAMES = frozenset(
    b"name fullname firstname lastname givenname surname familyname middlename displayname "
    b"callername "
    b"customername contactname agentname username2 cn fn vorname nachname nombre apellido caller "
    b"requester reporter patient employee cardholder beneficiary assignee customer contact agent "
    b"accountholder holder participantname employeename membername clientname ownername "
    b"supervisorname "
    b"managername sendername recipientname fromname toname personname cardholdername patientname "
    b"remotename calledname callingname accountname customerfullname user requestername "
    b"reportername "
    b"callerfullname cardname maidenname mothersmaidenname assignedto openedby closedby "
    b"createdby updatedby "
    b"approvedby resolvedby modifiedby requestedby reportedby".split()
)
_PHONES = frozenset(
    b"phone mobile cell tel fax ani dnis msisdn callerid caller callee number from to called "
    b"calling "
    b"callback phonenumber mobilephone workphone homephone cellphone telephone officephone "
    b"contactphone "
    b"callernumber fromnumber tonumber callednumber callingnumber customernumber contactnumber "
    b"mobilenumber faxnumber telephonenumber dialednumber destinationnumber sourcenumber "
    b"remotenumber "
    b"callbacknumber originatingnumber terminatingnumber address tophone fromphone cellnumber "
    b"phoneto phonefrom smsto smsfrom".split()
)
_SURE_PHONES = frozenset(
    b"phone mobile cell tel fax ani dnis msisdn callerid phonenumber mobilephone workphone "
    b"homephone "
    b"cellphone telephone callback callbacknumber callernumber mobilenumber telephonenumber".split()
)
_USERS = frozenset(
    b"username user login samaccountname uid upn userlogin loginname useraccount".split()
)
_BIRTH = frozenset(b"dob birth birthday birthdate dateofbirth born".split())
_STREETS = frozenset(
    b"address street streetaddress homeaddress billingaddress shippingaddress mailingaddress "
    b"postaladdress addressline addressline1 physicaladdress workaddress customeraddress".split()
)
_ZIPS = frozenset(b"zip zipcode postcode postalcode postal".split())

_LDAP = compiled(rb"\b(?:CN|SN|GN)=((?:[^,+\"\\<>;=\n\x00]|\\,){2,80})")


def keyed(text: bytes) -> Iterator[Span]:
    """Every value that a key or a path beside it reveals."""
    for match in _KEY.finditer(text):
        yield from _value_of(text, match)
    if b"=" in text:
        for match in _LDAP.finditer(text):
            yield from _ldap(text, *match.span(1))


#: What a key reveals about its value.
NAME, BARE_NAME, NUMBER, SURE_NUMBER, LOGIN, BARE_LOGIN, BORN, STREET, ZIP = range(9)
#: Keys of things too: the value must look like a person's.
_LOOSE = frozenset((b"name", b"user", b"agent", b"contact", b"customer", b"from", b"to"))


@lru_cache(maxsize=4096)
def _says(key: bytes) -> frozenset[int]:
    """What this key, as written, reveals about its value."""
    key = key.rsplit(b" - ", 1)[-1].rsplit(b"  ", 1)[-1]
    stripped = key.translate(None, b" _.-").lower()
    words = _words(key) or [b""]
    # callerIdName, remoteNameDisplayable: a person's key, with other words beside the person.
    people = [word for word in words if word in _PEOPLE]
    if stripped not in _NAMES and people and set(words) <= {*people, b"name"} | _BESIDE:
        words = [people[0], b"name"] if b"name" in words else words
        stripped = b"".join(words)
    keys = {stripped, words[-1], b"".join(words[-2:])}
    whole = {stripped, b"".join(words[-2:]) if len(words) > 1 else stripped}
    tables = (
        (NUMBER, keys & _PHONES),
        (SURE_NUMBER, keys & _SURE_PHONES),
        (BORN, keys & _BIRTH),
        (LOGIN, keys & (_USERS - {b"user", b"uid"})),
        (BARE_LOGIN, keys & _USERS),
        (NAME, (whole & _NAMES) - _LOOSE),
        (BARE_NAME, whole & _NAMES),
        (STREET, keys & _STREETS),
        (ZIP, keys & _ZIPS),
    )
    return frozenset(says for says, found in tables if found)


_SPACES = bytes.maketrans(b"_.-", b"   ")
_HUMP = compiled(rb"[A-Z]?[a-z]+|[A-Z]+")
#: The people that a key may name, and the words that may be beside them.
_PEOPLE = frozenset(
    b"caller callee customer contact agent participant remote called calling member client "
    b"employee patient supervisor manager sender recipient requester reporter cardholder".split()
)
_BESIDE = frozenset(b"id name display displayable full party user number line".split())


def _words(key: bytes) -> list[bytes]:
    """The words of a key, however it joins them; a key in lower case is a single word."""
    words = key.translate(_SPACES).split()
    if not any(word[1:].lower() != word[1:] for word in words):
        return [word.lower() for word in words]
    return [part.group().lower() for word in words for part in _HUMP.finditer(word)]


def _next_word(text: bytes, start: int, end: int) -> int:
    for place in range(start, end):
        if not text[place : place + 1].isalnum():
            return place + 1
    return end


def _value_of(text: bytes, match: Match) -> Iterator[Span]:
    first, start = match.start(), match.end()
    if first and text[first - 1 : first].isalnum():
        # The match began within a word: the key begins with the next one.
        first = _next_word(text, first, match.start(2))
        if text[first - 1 : first].isalnum():
            return
    if match.group(3) == b' "':
        first = match.start(2)  # `INFO agent "Jiho Carvalho"`: only the word before it
    says = _says(text[first : match.end(2)])
    if not says:
        return
    if NUMBER in says:
        if text[start : start + 1] == b"+":
            return  # the shapes recognize it by its plus
        number = _NUMBER.match(text, start)
        if number and _plausible(number.group(1), SURE_NUMBER in says):
            yield Span(*number.span(1), "PHONE")
            return
    quoted = text[start - 1 : start] in (b'"', b"'", b">")
    value = (_QUOTED if quoted else _BARE).match(text, start)
    if value is None:
        return
    end, found = value.end(), value.group()
    if BORN in says and (date := _DATE.match(text, start)):
        yield Span(*date.span(), "BIRTHDATE")
        return
    if (LOGIN in says or (BARE_LOGIN in says and not quoted)) and _is_login(found):
        yield Span(start, end, "USERNAME")
        return
    if found.islower() and not quoted and _ACCOUNT_NAME.search(text[first:start]):
        yield Span(start, end, "USERNAME")
        return
    if ZIP in says and 4 <= len(found) <= 10 and bare(found):
        yield Span(start, end, "ADDRESS")
        return
    if not quoted and (line := _LINE.match(text, start)):
        end = line.end()
        if following := _NEXT_KEY.search(text[start:end]):
            end = start + following.start()
    found = text[start:end].rstrip(b" .")
    if BARE_NAME in says:
        length = looks_like_name(text[start:end], sure=NAME in says)
        if length:
            yield Span(start, start + length, "PERSON")
    elif STREET in says and bare(found) and b" " in found and b"@" not in found:
        yield Span(start, start + len(found), "ADDRESS")


def _is_login(found: bytes) -> bool:
    return (
        3 <= len(found) <= 64
        and found.isascii()
        and b"@" not in found
        and not found.isdigit()
        and is_person(found)
        and not _UUID.match(found)
        and not _STAMP.match(found)
        and not found.endswith(b":")
    )


def _plausible(number: bytes, sure: bool) -> bool:
    digits = bare(number)
    if number[:1] == b"+":
        return is_international(digits)
    return is_american(digits) or (sure and 7 <= len(digits) <= 15)


def _ldap(text: bytes, start: int, end: int) -> Iterator[Span]:
    """`CN=Kennedy\\, Lara`: both words, but not the sign between them."""
    at = start
    for part in text[start:end].replace(b"\\,", b"\n\n").split(b"\n\n"):
        lead = len(part) - len(part.lstrip())
        if looks_like_name(part.strip(), sure=True):
            yield Span(at + lead, at + len(part.rstrip()), "PERSON")
        at += len(part) + 2


_COLUMNS = {
    name: kind
    for kind, names in (
        (
            "PHONE",
            b"phn ph ph1 ph2 phone1 phone2 mob mobileno contactno tel1 tel2 telefon telefono "
            b"telefone telefonnummer celular handy did ddi cli altphone alternatephone whatsapp",
        ),
        ("EMAIL", b"mail emailaddress correo courriel mailadresse"),
        (
            "USERNAME",
            b"userid loginid agentlogin userprincipalname sam benutzer benutzername usuario "
            b"utilisateur networkid adaccount accountid agentuser",
        ),
        (
            "BIRTHDATE",
            b"geburtsdatum geb fechanacimiento fechadenacimiento fnac nacimiento datenaissance "
            b"datedenaissance ddn datadinascita nascita datanascimento datadenascimento nascimento "
            b"geboortedatum birthdt bday patientdob memberdob",
        ),
        ("SSN", b"ssn ss social socialsecurity socialsecuritynumber ssnlast4 last4ssn fullssn"),
        (
            "NATIONAL_ID",
            b"dni nie nif cpf rut curp rfc pesel bsn nino ninumber ninum sin aadhaar aadhar "
            b"personnummer hetu cpr steuerid idnr nationalid idnumber idno taxid tin itin nir "
            b"dodid edipi codicefiscale cedula personalid govid employeeid svnr svnummer ahv ahvnr "
            b"idnummer idcard inn iin rc rodnecislo rr rijksregister nas cuit cuil kra krapin "
            b"pan panno fnr bvn nis pis pnr fodselsnummer tckn tc niss insz oib jmbg egn"
            b" cnp amka afm nric "
            b"hkid ktp nik nin aadhaarno aadharno ausweis ausweisnr personalausweis voterid "
            b"rg nis nss imss identification identificacion documento nationalidno govtid",
        ),
        (
            "MEDICAL_ID",
            b"mrn memberid memberno patientid patientno medicareid medicaidid mbi policyno "
            b"policynumber subscriberid insuranceid insid nhsnumber nhsno medicaid medicare chart "
            b"chartno hospno hospitalno mbrid hicn tarjetasanitaria sus cns patid ptid"
            b" medrec medicalrecord member",
        ),
        ("PASSPORT", b"passport passportno passportnumber pasaporte reisepass ppt pptno passeport"),
        (
            "LICENSE",
            b"dl dlno dlnumber dlnum driverslicense driverlicense licenseno licensenumber license "
            b"licence driverslicence drivinglicence oln cdl fuhrerschein permis licencia",
        ),
        (
            "ACCOUNT",
            b"accountno accountnumber acctno acctnumber acct bankaccount konto kontonummer routing "
            b"routingno routingnumber aba rtn sortcode bsb sort ifsc custno customerno clabe",
        ),
        ("IBAN", b"iban"),
        ("TOKEN", b"password passwd pwd pin badgepin pincode secret token apikey cvv passcode"),
        ("VEHICLE", b"vin plate licenseplate kennzeichen"),
        ("LOCATION", b"lat lon lng latitude longitude gps coordinates"),
        ("ADDRESS", b"addr addr1 adresse direccion indirizzo endereco anschrift domicilio"),
    )
    for name in names.split()
}


def column_kind(header: bytes) -> str:
    """What a column with this name contains; "" if the name reveals nothing."""
    key = header.translate(None, b" _.-/\"'").lower()
    if key in _SURE_PHONES or key in _PHONES - {b"number", b"from", b"to", b"address"}:
        return "PHONE"
    if b"email" in key or key in (b"mail", b"emailaddress", b"correo"):
        return "EMAIL"
    if key in _NAMES:
        return "PERSON"
    if key in _USERS - {b"uid"}:
        return "USERNAME"
    if key in _BIRTH:
        return "BIRTHDATE"
    if key in _STREETS or key in _ZIPS:
        return "ADDRESS"
    return _COLUMNS.get(key, "")
