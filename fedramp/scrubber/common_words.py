"""Words that people use every day at work: not a name by themselves, even if somebody has one.

`words.NOT_NAMES` has words that are not names beside a cue; here are further verbs and things. A
person with such a word in their name ("Zuzka Gateway") is searched by the whole name, not by that
word.
"""

from .words import NOT_NAMES, ORDINARY, PARTICLES

#: Text with one of these is a sentence, not a name.
FUNCTION_WORDS = frozenset(
    b"""
a an the and or but not no if of to from for with without at by on in into onto over under as is
are was were be been am do does did has have had can could may might must shall should will would
i you he she it we they me him her us them my your his its our their this that these those please
thanks thank when where why how what who which every all any some none
""".split()
)
#: Names nevertheless ("Will", "May", "Ann van de An").
_SURELY = ORDINARY | PARTICLES | {b"an", b"do", b"i"}

COMMON = (
    NOT_NAMES
    | frozenset(
        b"""
able accept accepted access across activate active adapter add address adjust after alarm allow
already also answer answered apply approve archive array arrive ask asked assign assigned attach
attempt audit authenticate available average avoid aware bandwidth bank bar base basic batch
battery begin behind below bit blank blocked board body book boot border bottom bounce box break
bring broken buffer bug busy button buy byte bytes cable cache callbacks cancel cancelled
capacity capture carrier catch cause certificate certificates chain change changed changes
channel channels character charge charset choose circuit clean clear clearing clicks clock clone
cluster cluster command commit common compare complete component compress compute connect
connected connecting console contain container content continue control convert cookie copy core
correct count counter cover crash create created credentials cron current cut daily damage
daemon data deactivate debug decide declare decline default delay delayed delays delete deleted
deliver delivered deny deploy deployment design detect diagnose dial digit direct directory
disable disabled discard disk display distance document domain download downtime draft drain
drive driver drop dropped dropping duplicate dump during echo edit effect element enable enabled
encrypt endpoint engine ensure enter entire environment equal evening execute exit expand expect
expire expired explain extend face factor fail failing fails failover fast feature fetch fill
filter find fine finish firewall firmware fix fixed flag flash float flush focus follow forget
fork form format forward found frame free freeze frequent front frozen full function garbage
gateway gateways generate give global handle handler handset hang hanging hardware header
headset heap heart heartbeat hide history home hook hosting hub huge icon idle ignore image
impact include increase index indicator initial inside insert inspect install instance instead
instruction intermittent interrupt invalid invite issue jitter job join jump keep keyboard keys
kill lag latency latest launch layer leak learn lease leave length less letter library light
load loading local locate lock locked logic login loop lose lost loud lower main manual map mask
master match media memory menu merge metric middle migrate minute minutes mirror missing mode
module monitor mount mouse move mute name native nearest negative network networks node nodes
noise normal notify notice null number object observe offer offline old online onsite opened
origin original packet packets page pair panel parameter parse parts patch pattern pause peak
perform phase ping pipe place plain plan plugin point poll pool pop power prefix prepare present
presence preview primary print printer probe process processor production prompt proof protocol
provide provider provision proxy publish pull pulse push query quick quiet quit rack radio raise
range rate raw reach react reader ready reason reboot rebooting receive reconnect record recover
redirect reduce refresh refused reject relay reload remain remind remote remove repair repeat
replace replicate reply report require reroute reset resolve restart restarted restarting
restarts restore retry return reverse revert ring ringing roam roll rollback rotate round router
routers routes run running runs runtime safe sample save scale scan scope scroll secondary
secret section secure select send sending sensor sequence serial serve server servers set
setting settings setup share shared shell shift shut shutdown signal signals simple single site
size skip sleep slot slow snapshot socket softphone software solution solve source space speaker
speed split spool stack stage stale started starting starts static stay stopped stopping storage
store stream string strong stuck submit subnet subscribe success sudden suddenly suspend swap
sync synchronize system table tag tail take target task template tenant terminal terminate test
thread threshold throttle tick times token tone top trace transcript transmit trigger
troubleshoot trunks trust try tunnel turn type unable unavailable unblock undo uninstall unique
unlock unplug unreachable update upload uptime usage valid value verify version view volume wake
wallboard watch wave week wide widget width wifi window wireless wire worker workers workflow
working works write wrong zero
""".split()
    )
) - ORDINARY


def words_of(name: str) -> list[bytes]:
    """The words of a name in lower case, as the engine compares them."""
    return [
        word.strip("'.,-").lower().encode("latin-1", "replace")
        for word in name.replace("-", " ").split()
    ]


def is_a_name(name: str) -> bool:
    """Whether it can be a person's name: one to six words of letters, not all of them common."""
    words = [word for word in words_of(name) if word]
    if not 1 <= len(words) <= 6 or any(each.isdigit() for each in name):
        return False
    if any(word in FUNCTION_WORDS and word not in _SURELY for word in words):
        return False
    return not all(word in COMMON for word in words)
