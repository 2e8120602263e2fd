"""FED-7 on texts that the engine was not made from: what was mended, and what must stay.

`pii/` holds invented examples in the form of the shared data: other names, places, forms and
disguises. The scorer that lies with the shared data measures them, with the same bars.
"""

import json
import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from fedramp.scrubber.names import labelled
from fedramp.scrubber.streams import scrub

pytestmark = pytest.mark.crossed

#: (text, what it becomes). By rules alone.
REMOVED = {
    "a number with a slash": ("left word at 312/303-8916.", "left word at [PHONE-1]."),
    "a number with tabs": ("my cell is +353\t85\t026\t6146", "my cell is [PHONE-1]"),
    "spaced dashes": ("SSN: 195 - 11 - 7896", "SSN: [SSN-1]"),
    "an account with dashes": ("IBAN AT16-0162-7372-0135-1973 bounced", "IBAN [IBAN-1] bounced"),
    "a broken account": ("iban=CH9300762\n011623852957", "iban=[IBAN-1]"),
    "dots in the local part": (
        "ask g (dot) sorensen [at] posteo (dot) net today",
        "ask [EMAIL-1] today",
    ),
    "a host in brackets": (
        "Received: from edge0dul-17 ([47.129.229.178]) by mx2",
        "Received: from edge0dul-17 ([[IP-1]]) by mx2",
    ),
    "a client's address": (
        "10:00:00.1 GET /v2 client=218.44.147.123",
        "10:00:00.1 GET /v2 client=[IP-1]",
    ),
    "a login of sshd": (
        "Mar  2 04:10:00 vpn sshd[1]: Accepted publickey for okovalenko from 214.90.75.219 port 92",
        "Mar  2 04:10:00 vpn sshd[1]: Accepted publickey for [USERNAME-1] from [IP-1] port 92",
    ),
    "a key of humps": (
        'callerIdName="Batbayar Ganbold" dest=7943',
        'callerIdName="[PERSON-1]" dest=7943',
    ),
    "a query": (
        "GET /crm?firstName=Elif&lastName=Karadeniz&id=4 -> 500",
        "GET /crm?firstName=[PERSON-1]&lastName=[PERSON-2]&id=4 -> 500",
    ),
    "a role and a quotation": (
        '10:00:00.1 INFO agent "Jiho Carvalho" away',
        '10:00:00.1 INFO agent "[PERSON-1]" away',
    ),
    "a name of a log, again": (
        '{"participantName": "Kofi Mensah", "shown": "Kofi Mensah"}',
        '{"participantName": "[PERSON-1]", "shown": "[PERSON-1]"}',
    ),
    "an initial": ("Per A. Castellanos: roll back", "Per [PERSON-1]: roll back"),
    "small letters": ("my name is farah siddiqui and i wait", "my name is [PERSON-1] and i wait"),
    "capitals before a verb": (
        "CALLER MEGAN MANSOUR STATES WALLBOARD FROZEN",
        "CALLER [PERSON-1] STATES WALLBOARD FROZEN",
    ),
    "a name under a text": ("It is down again.\n\nJianguo\n", "It is down again.\n\n[PERSON-1]\n"),
    "a quoted mail": ("> Hey Annika,\n> it flaps.", "> Hey [PERSON-1],\n> it flaps."),
    "a birthday asked for": (
        "Can you verify your date of birth?\nCUSTOMER: 01.05.1945",
        "Can you verify your date of birth?\nCUSTOMER: [BIRTHDATE-1]",
    ),
    "a house in many words": (
        "at 17547 SW Martin Luther King Rd #32, Tucson, AZ 85719 now",
        "at [ADDRESS-1] now",
    ),
    "a house abroad": (
        "from 99 rue des Tilleuls, 40254 Vannes to Calle Alfareros 5, 1º B\n25137 Getafe",
        "from [ADDRESS-1] to [ADDRESS-2]",
    ),
    "marks that a mail address leaves out": (
        "1. Nadège Rousseau, nadege.x.rousseau@corp.lan",
        "1. [PERSON-1], [EMAIL-1]",
    ),
    "who is here": ("Ximena Quispe here again. It rings.", "[PERSON-1] here again. It rings."),
    "a secret in a sentence": (
        "My password for the portal was Tr0ub4dor&3, sorry.",
        "My password for the portal was [TOKEN-1], sorry.",
    ),
    "a user name of a name": (
        "Regards,\nZofia Kowalczyk-Reyes\n\nMine is tkowalczyk or z.kowalczyk2 here.",
        "Regards,\n[PERSON-1]\n\nMine is [USERNAME-1] or [USERNAME-2] here.",
    ),
    "no width in a name": ("Regards,\nLei\xadlani Lo\u2060mba\u200crdi", "Regards,\n[PERSON-1]"),
}

#: What must stay, read by the model too.
KEPT = (
    "See RFC 3261 section 8.1.3.4 and step 4.",
    "The spinner turns for 1,204 ms. Reproduced in Chrome 131.0.6778.109.",
    "A technician was here. Location ping failed.",
    "Replacement headset model Voyager 4320 arrived DOA.",
    "Internal transfers to x8714 are fine; we are on R53.7, host prn-pdx-20.",
    "The network team sees SYN to port 443; error code 356111.",
    "o=- 4055715078 4663073148 IN IP4 host\nm=audio 28065 RTP/AVP 0 101",
    "The gaps start at 04/07/2024 13:57:33.",
    "5 calls on the same way, 12 agents at the park, 3 errors in a row",
    "Trace id 5 follows; Jira says so, Jenkins wrote it.",
    "The password is case sensitive, and the password reset is broken.",
    "Mon poste 1878 ne sonne plus.",
)


@pytest.mark.rule("FED-7")
@pytest.mark.parametrize("case", REMOVED)
def test_removed(case):
    text, expected = REMOVED[case]
    assert scrub(text).text == expected
    assert scrub(expected).text == expected


@pytest.mark.rule("FED-7")
@pytest.mark.parametrize("text", KEPT)
def test_kept(text):
    assert scrub(text, labelled=labelled).text == text


#: Told by the model beside what only people do, and not without.
DOING = (
    ("Please ring Oyelaran before noon. He waits since Tuesday.", "Oyelaran"),
    ("Signed off by K. Papadimitriou on 2024-12-19.", "K. Papadimitriou"),
    ("Please remind Kazimierz that the window ends.", "Kazimierz"),
)


@pytest.mark.rule("FED-7")
@pytest.mark.parametrize(("text", "name"), DOING)
def test_a_rare_name_beside_what_people_do(text, name):
    assert scrub(text, labelled=labelled).text == text.replace(name, "[PERSON-1]")


RARE = [
    json.loads(line)
    for line in (Path(__file__).parent / "pii" / "rare_names.jsonl").read_text().splitlines()
]


def removed_from(text, scrubbed):
    """A flag for each character that went; the pieces that stayed lie in the text in order."""
    gone, at = [True] * len(text), 0
    pieces = re.split(r"\[[A-Z]+-\d+\]", scrubbed)
    for place, piece in enumerate(pieces):
        at = text.index(piece, at) if place < len(pieces) - 1 else len(text) - len(piece)
        gone[at : at + len(piece)] = [False] * len(piece)
        at += len(piece)
    return gone


@pytest.mark.rule("FED-7")
def test_names_of_many_origins_that_stand_alone():
    """Measured before anything was mended, on 62 of these: recall 0.944, precision 0.972."""
    hits = spans = touched = negatives = false = runs = 0
    for each in RARE:
        text = each["text"]
        gone = removed_from(text, scrub(text, labelled=labelled).text)
        personal = [False] * len(text)
        for span in each["spans"]:
            places = range(span["start"], span["end"])
            hits += all(gone[at] for at in places if text[at].isalnum())
            spans += 1
            for at in places:
                personal[at] = True
        for span in each["negatives"]:
            touched += any(gone[span["start"] : span["end"]])
            negatives += 1
        for run_of in re.finditer("x+", "".join("x" if each else "." for each in gone)):
            runs += 1
            false += 2 * sum(personal[slice(*run_of.span())]) < len(run_of.group())
    assert spans > 170
    assert negatives > 140
    assert hits / spans >= 0.97
    assert 1 - false / runs >= 0.98
    assert touched / negatives <= 0.01


HEX = st.text("0123456789abcdef", min_size=32, max_size=32)
SMALL = st.integers(0, 99)
UUIDS = st.uuids().map(str)
#: What a contact centre writes everywhere and is nobody's.
NOBODYS = (
    UUIDS.map("conversationId={}".format)
    | UUIDS.map("Conversation ID {}".format)
    | st.tuples(SMALL, SMALL, SMALL).map(lambda n: "version {}.{}.{}".format(*n))
    | st.tuples(SMALL, SMALL, SMALL, SMALL).map(lambda n: "release {}.{}.{}.{}".format(*n))
    | st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z")
    | st.integers(1_600_000_000_000, 1_800_000_000_000).map("ts={}".format)
    | st.integers(0, 9_999_999).map("ticket CS{:07}".format)
    | st.integers(0, 2**32 - 1).map("error 0x{:08x}".format)
    | HEX.map("md5 {}".format)
    | st.integers(0, 10**9).map("{} bytes".format)
    | st.integers(1, 65_535).map("port {}".format)
    | st.tuples(HEX, st.sampled_from(("sbc.example", "edge-3.corp.example"))).map(
        lambda parts: "Call-ID: {}@{}".format(*parts)
    )
    | st.text(string.ascii_uppercase, min_size=3, max_size=5).map("ERR_{}_TIMEOUT".format)
)


@pytest.mark.rule("FED-7")
@run(max_examples=150, deadline=None)
@given(st.lists(NOBODYS, min_size=1, max_size=5), st.sampled_from((" ", ", ", "\n", " - ")))
def test_hard_negatives_are_left_alone(parts, sign):
    text = sign.join(parts)
    assert scrub(text).text == text
