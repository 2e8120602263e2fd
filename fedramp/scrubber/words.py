"""Words: which ones may be part of a name, and which only look like it."""

from .projection import compiled
from .spans import PARTICLES as PARTICLES

#: Never a name where a cue expects one.
NOT_NAMES = frozenset(
    b"""
a about above access account action active actual add additional address admin administrator after
again agent agents alert alerts all also always am an analyst and any anybody anyone api app
application apps april architect are area as asap at attached audio august auto automatic average
back backend backup bad be because been before being best better between bill billing block both
bot branch bridge browser build bulk but by call caller callers calls callback campaign can cannot
card care case cases cell center centre chat check chrome class click client close closed cloud
code collections com conference config configuration connection contact contacts conversation
could critical csv customer customers dashboard data database date day days dead dear december
default delivery department description desk details dev device did director disconnect division
do does done down dr due each east edge email emails emea employee en end engineer english entry
error errors es escalation escalations europe event every everybody everyone exchange expected
export extension external failed failure false fax feb february fields file files final firefox
first flow folder folks following for fr friday from full general genesys get gmbh go good google
got government grant graph group groups guest had has have he health hello help helpdesk her here
hi high him his hold holiday host hotline hour hours house how i id if image import in inbound inc
incident info information input install integration interaction internal internet into invoice is
issue issues it item its ivr january july june just key kind know language last later ldap lead
left legal level license like limit line link linux list live local log login logs looks low mac
machine mail main maintenance make manager many march may me medium meeting member message
messages mfa microsoft mobile monday month more morning most ms my name names native need network
never new next night no nobody node none noon north not note notes november now number october of
off office ok old on once one only open operations operator option or order orders org
organization other our out outage outbound outlook output overflow owner page part partner
password path patient payment pending people permit person phone phones please plan policy poor
port portal post present press previous priority problem process product production profile
project prompt purchase q qa question queue queues read ready received recipient record recording
regards region regional registry release remote report reports request requester requests reset
resolution resource response result retail return review right role room root route router routing
rule sales same saturday save say says schedule screen script search second security see sender
sent september server service services session set severity she should show sign silent since
single sip site skill smart so sold some somebody someone soon south spanish speech spoke staff
standard start state station status step still stop store street subject such sunday supervisor
support switch system systems table tab task team teams tech technical telephone temporary test
tester testing text thank thanks that the their them then there these they thing this thread
thursday ticket tier time timeout title to today token tomorrow tool total track traffic training
transfer travel true trunk tuesday two type under unit unknown update upgrade urgent us usa use
user users utc vendor version very via video vip virtual visitor voice voicemail vpn wait wants
warning was we web webhook wednesday week weekend welcome well west what when where which while
who why will windows with word work workgroup workspace would yes yesterday you your yours zone
late soon due early overdue hand hands
fwd fw aw sv odp wg tks thx fyi asap eod eta sid exim postfix sendmail traceroute pai loa dob doj
acd ani cti did dnis dtmf pcap trace
ansible avaya azure bitbucket chromium cisco citrix confluence docker excel github gitlab grafana
jabra jenkins jira kafka kibana kubernetes lenovo logitech mitel mysql nagios nginx okta oracle
outlook plantronics polycom postgres powershell prometheus redis salesforce sennheiser servicenow
sharepoint slack splunk tableau terraform tomcat twilio ubuntu vmware webex wireshark yealink
zendesk zoom
sir madam gentlemen ladies hola buenos dias gracias saludos el la los las un una por para con del
que si desde usted
""".split()
)
#: Ordinary words that are names as well: alone, they need more evidence than other names.
ORDINARY = frozenset(
    b"""
will grant may mark bill rose frank chase hope joy faith grace summer autumn dawn april june
august art bob drew guy jack jim josh lane lance long miles nick pat penny pierce ray rich rob
rusty sandy skip stone sue summers ty van victor wade ward west young king price
banks brook brooks carol chance christian clay cliff colt dean duke earl ernest eve fern gene
gill hunter iris ivy jade jasmine jean jersey joe lily marina max morgan olive pearl pepper
peter philip piper pike porter prince ruby sage scarlet sterling violet
wang waters wood woods
""".split()
)

#: Words that precede a name but are not part of it.
TITLES = frozenset(
    b"mr mrs ms miss mx dr prof professor herr frau mme mlle madame monsieur se\xf1or se\xf1ora sr "
    b"sra sir madam".split()
)

_NO_NAMES = NOT_NAMES - TITLES

_NAME = compiled(
    rb"(?:[A-Z\xc0-\xde][A-Za-z\xc0-\xff'.\-]{0,30}|d[aeiou]s?|del|della|van|von|der|den|de|la"
    rb"|le|el|al|bin|ibn"
    rb"|ben|di|du|dos|da|st\.?|ter|ten|zu|y|e|i)"
    rb"(?:[ ,]{1,2}(?:[A-Z\xc0-\xde][A-Za-z\xc0-\xff'.\-]{0,30}"
    rb"|d[aeiou]s?|del|della|dela|van|von|der|den|de|la|le|el|al|bin|ibn|ben|di|du|dos|da"
    rb"|st\.?|ter|ten|zu)){0,5}"
)


def looks_like_name(value: bytes, *, sure: bool) -> int:
    """How much of the value, from its start, reads as a person's name; 0 for nothing.

    With `sure`, a key announced a name here, and one word in any case is enough.
    """
    if not value or len(value) > 120 or any(48 <= each <= 57 for each in value):
        return 0
    stripped = value.strip(b" '\"")
    if sure and stripped and _plain(stripped):
        words = stripped.replace(b",", b" ").split()
        if 1 <= len(words) <= 6 and not any(_no_name(each) for each in words):
            return value.find(stripped) + len(stripped)
    match = _NAME.fullmatch(value.rstrip())
    if match is None:
        return 0
    words = match.group().replace(b",", b" ").split()
    capitals = [word for word in words if word[:1].isupper() or 0xC0 <= word[0] <= 0xDE]
    if not 2 <= len(capitals) <= 5 or any(_no_name(word) for word in words):
        return 0
    if any(word.isupper() and len(word) > 3 for word in capitals) and not sure:
        return 0
    return match.end()


def _plain(value: bytes) -> bool:
    return all(each in _LETTERS for each in value)


_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ '.,-") | frozenset(
    range(0xC0, 0x100)
)


def _no_name(word: bytes) -> bool:
    plain = word.lower().strip(b"'.,-")
    return plain in _NO_NAMES and plain not in ORDINARY and plain not in PARTICLES
