"""FED-7: numbers, identities and secrets by kind: what goes, and what resembles it and stays.

The part between « and » must go, all else of the text must stay.
"""

import re

import pytest

from fedramp.scrubber.streams import scrub

pytestmark = [pytest.mark.crossed, pytest.mark.rule("FED-7")]

GOES = {
    "IP": (
        "client «198.51.100.27» disconnected",
        "the app on «198.51.100.27» hangs, Edge at «203.0.113.9» too",
        "Client «23.94.138.12»#53 (example.com): query denied",
        "remote client («198.51.100.27»), software: «198.51.100.27»",
        "firmware upgrade of «198.51.100.27» failed, patched «198.51.100.28»",
        "PTR «27.100.51.198».in-addr.arpa not found",
        "ec2-«198-51-100-27».compute-1.amazonaws.com refused",
        "«198-51-100-27».static.example.net",
        "«198.51.100.27»-«198.51.100.31» is ours",
        "trace_«198.51.100.27».log and id_«198.51.100.28»_5060",
        "to «198[.]51[.]100[.]27» or «198 dot 51 dot 100 dot 27»",
        "«fdab:cdef::fade» up",
    ),
    "MAC": (
        "MAC: «0004f2abcdef»",
        "SEP«0004F2ABCDEF» unregistered",
        "config «0004f2abcdef».cfg not found",
        "«00 04 F2 AB CD EF»",
        "hwaddr=«0004f2abcdef» up",
        "phone mac «0004-f2ab-cdef» lost",
    ),
    "CARD": (
        "«4929220807851203» 12/27",
        "item 2 «4929 2208 0785 1203»",
        "2026-11-17 «4929220807851203»",
        "«4929/2208/0785/1203» and «4929_2208_0785_1203»",
        "card «4929\t2208\t0785\t1203»",
        "card_«4929220807851203»_",
    ),
    "SSN": (
        "SS# «219099998»",
        "<SSN>«219099998»</SSN>",
        "social «123 45 6789»",
        "SSNs «219099998», «219099997» and «219099996»",
        "kling_marta_«219-09-9998».log",
        "last four of his social is «9998»",
        "can u verify ur social\n[14:05:44] Customer: «413 55 9027» and",
    ),
    "IBAN": (
        "IBAN «DE89.3704.0044.0532.0130.00»",
        "IBAN«DE89370400440532013000»",
        "IBAN «NI45 BAPR 0000 0013 0000 0355 8124» by Monday",
        "iban «gb33bukb20201555555555» ok",
    ),
    "ACCOUNT": (
        "routing number «021000021»",
        "Kundennr. «KD-7730-4418-2»",
        "checking account number «000123456789»",
    ),
    "PHONE": (
        "My direct line: «555-0147»",
        "callback «555 0147 ext 3»",
        "cell «2125 550147»",
        "*82,«2125550147»",
        "dial 9-1-«212-555-0147»",
        "Tokyo «03-1234-5678»",
        "mob «0412 345 678»",
        "Paris «01 42 68 53 00»",
        "China «138 0013 8000»",
        "her mobile «98765 43210»",
        "ruf an: «0911 / 38 27 164»",
        "liga «(11) 98417-3360»",
        "«(212) 555-0147» or «555-0199»",
        "recording_«12125550147».wav",
        "call_«12125550147»_«18005550199».log",
        "Calling Party Number i = 0x2183, '«6052247719»'",
        "src_addr=«447911204883» dst=7726",
        "INVITE sip:«18005318722»@216.example SIP/2.0",
        "CgPN [«0421 3389 4417»] CdPN",
        "dnis=«8004471902» ok",
    ),
    "SPOKEN": (
        "call me at «five five five, oh one four seven» thanks",
        "it is «four one four, two seven one, nine oh six six» I said",
        "ring «oh one four six three, double seven one, eight two double oh» ta",
        "llame al «seis cero cinco cuatro cuatro dos uno uno nueve» por favor",
        "Nummer ist «null eins sieben zwo vier vier null eins acht» bitte",
        "write to «john dot smith at example dot com» please",
        "last name is «S as in Sam, M as in Mary, I as in Ida» she said",
    ),
    "GPS": (
        "latitude: «40.712812»\nlongitude: «-74.006021»",
        "lat=«40.712812»&lon=«-74.006021»",
        "«40°42'46.1''N», «74°00'21.7''W»",
        "«N 40° 42.769'» «W 74° 00.361'»",
        "!3d«40.712812»!4d«-74.006021»",
        "at https://maps.example/@«40.7128,-74.0060»,17z",
        "geo:«-1.29207,36.82195»;u=35",
        "///«lantern.gravy.hopeful» please",
        "grid «18T WL 83960 07400» now",
    ),
    "BIRTHDATE": (
        "d.o.b «14th of March 1985»",
        "DOB:«14MAR1985»",
        "geb. «14.03.1985»",
        "né(e) le «17 mars 1991»",
        "nacido el «12 de octubre de 1938»",
        "geboren op «7 mei 1990»",
        "nata a Milano il «15/04/1981»",
        "birthday: «March 14»",
        "dob=«19850314»",
        "Kim Lee (b. «1985-03-14»)",
        "my birth date, it is «30 June 1988», not «3 June 1988»",
        "And your date of birth?\n[14:02:58] Customer: «6 2 88»",
        "Date of birth?\nCALLER: «august the ninth, nineteen fifty three»",
        "dependent of the insured, «1939-04-27»",
    ),
    "NATIONAL_ID": (
        "NI no «JG 10 37 59 A»",
        "SIN «046 454 286»",
        "Steuer-ID ist «47 631 289 595»",
        "N° de sécu : «2 84 06 75 113 042 26»",
        "Su DNI es «73429368M», NIE («Y4815203Y»)",
        "codice fiscale «MRNGLI81D55F205L»",
        "BSN: «296926206»",
        "rijksregisternr «85.07.30-033.28»",
        "PESEL «79041206351»",
        "Personnummer «870314-2383»",
        "CPR «140385-1234»",
        "HETU «270491-318C»",
        "AHV «756.1027.3172.72»",
        "PPS «4481729D»",
        "CPF dele é «080.678.518-75»",
        "CURP «SAOL880923MDFNRT07»",
        "CUIT «20-12345678-6»",
        "RUT «9.824.841-2»",
        "Aadhaar «7482 6193 0515»",
        "PAN «BKLPR4417Q»",
        "«920704-1174621» 이고",
        "身份证 «11010519491231002X»",
        "NRIC «S1234567D»",
        "TFN «723 854 553»",
        "SA ID «7908125186087»",
        "TC kimlik «53916323596»",
        "emirates id «784-1986-3918274-4»",
        "DoD ID «1234567890»",
        "A-number «A123456789»",
        "PESEL field is not accepted also: «85041914307»",
    ),
    "MEDICAL_ID": (
        "MRN «00482915»",
        "Medicare «1EG4-TE5-MK73»",
        "chart number «MR-7719024»",
        "member (mrn=«H00482917»)",
        "NHS no «943 476 5919»",
    ),
    "LICENSE": (
        "DL# «W226-0719-4083-05» (WI)",
        "driver's license number is «D1234567»",
        "perdió la licencia «B-4471902»",
    ),
    "PASSPORT": ("passport C01X4471K".replace("C01X4471K", "«C01X4471K»"), "Reisepass «C01X4471K»"),
    "VEHICLE": ("VIN «1HGCM82633A004352» towed", "license plate: «7ABC123»"),
    "USERNAME": (
        r"user CORP\«mkling» logged off",
        r"CORP\\«mkling»",
        "DOMAIN/«mkling»",
        "(login «jaburahm»), locked",
        "su - «mkling2»",
        "sudo: «mkling» : TTY=pts/0 ; PWD=/tmp",
        "cd /home/«mkling»/x",
        "pls @«tomek.w» look",
        "agent=«rdelacruz4»]",
    ),
    "TOKEN": (
        "DB_PASS=«Winter2026!x»",
        "smtp_pass: «Winter2026x»",
        "pw: «Winter2026!x»",
        "Passwort: «Winter2026x»",
        "mot de passe : «Winter2026x»",
        "user/pass: admin / «Winter2026x»",
        "passwd for the SBC:\n«Winter2026!x»",
        "temp pw set to «Tulip!Harbor92» - she",
        "Authorization: Token «9f8a7b6c5d4e3f2a1b0c»",
        "Authorization: AWS4-HMAC-SHA256 Credential=x, Signature=«fe5f80f77d5fa3beca038a248ff0»",
        "?sig=«k3vQ9a9ZxT0mPq7%3D»&se=2026",
        "Cookie: sid=«5Jk2Lm9Qw8Er»; lang=en",
        "code=«4/0AfJohXk9ZxT0mPq7abcdefgh»&scope=openid",
        "«npm_abcdEFGH1234ijklMNOP5678qrstUVWX90ab»",
        "«SG.abcdEFGH1234ijklMNOP56.qrstUVWX90abcdEFGH1234ijklMNOP5678qrstUVWX9»",
        "snmp-server community «s3cr3tRO» ro",
        "enable secret 5 «$1$mERr$hx5rVt7rPNoS4wqbXKX7m0»",
        "htpasswd x:«$apr1$x3Kj$9f8a7b6c5d4e»",
        "my telephone PIN is «482915»",
        "OTP «482915» expires",
        "CVV «482»",
        "gate code «4490».",
        "Bridge: PIN «884 201 73»#",
        "-----BEGIN PRIVATE KEY-----\n«MHcCAQEEIIGlRHzqEfUMNdP2wqZ8Tf»\n-----END PRIVATE KEY-----",
    ),
}

STAYS = (
    "Upgraded from 9.6.19.1 to 10.0.0.4; Desktop 4.2.1.18; build 12.0.4.7, v8.1.2.3",
    "log4j-1.2.17.1.jar and setup_9.6.19.1.exe; version 198.51.100.27",
    "User-Agent: Chrome/120.0.0.0 Edg/120.0.0.0",
    "netmask 255.255.255.0 on 127.0.0.1:9092",
    "class std::deque::push, Face::Feed, abc::def",
    "fingerprint 3a:9f:00:1b:2c:3d:4e:5f:60:71:82:93:a4:b5:c6:d7",
    "00 04 F2 AB CD EF 12 34 56 78 of the dump",
    "order 4929220807851203, transaction 6794717641469734",
    "RF18539007547034, BIC DEUTDEFF500",
    "extension 5513, x4471, queue 8841, error code 482915, wrap-up code 4490, area code 212",
    "ts=1706593380 epoch 1706593380123 seq=0851850113 ssrc=2125550147",
    "Meeting ID 841 2290 7713; G.729, payload 120",
    "[ 0.4121, 12.5000, 7.9001 ] and score 41.1234, 8.4321 after tuning",
    "released on 2024-05-30, next 06/14/2025; since 1970-01-01",
    "license key ABCDE-12345, license server 27000, PAN-OS 10.1.11-h5",
    "account lockout after 5 tries; policy 3 applies; plate loose",
    "The password is incorrect. Password: required. The token expired.",
    "password reset for the pass/fail test; pass: 12, fail: 3",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    'etag "5d8c72a5edda8d6a", commit 1a410efbd13591db07496601ebc7a059dd55cfe9',
    r"C:\Windows\System32, HKLM\Software, NT AUTHORITY\SYSTEM, D:\logs\trace",
    "root, admin, svc_backup, postgres: logged in as root; user=svc_backup",
    "Press one for sales, two for support, three to hold",
    "three of the five calls, one or two of them on hold",
    "Look at example dot com for more",
    "MA 02111-1307 USA",
    "from -2147483648 to 2147483647, octal > 0377",
    "self.refresh_token = self.refresh_token; token = get_token(x); owner=self.owner",
    "Requires-Dist: click-plugins>=1.1.1.2; socat (1.7.4.4-2) unpacked",
    "@admin.register(Case)\n@register.filter\ndef ago(value):",
    "spf=pass (sender known) smtp.mailfrom=x.example",
    "o=- 3949182774 3949182774 IN IP4 host",
    "a browser-based user interface, user guides, login screen, agent desktop",
)


def _parts(case):
    return re.findall("«(.*?)»", case, re.DOTALL), case.replace("«", "").replace("»", "")


@pytest.mark.parametrize(
    ("kind", "case"), [(kind, case) for kind, cases in GOES.items() for case in cases]
)
def test_goes(kind, case):
    parts, text = _parts(case)
    pattern = re.escape(case)
    pattern = re.sub("«.*?»", r"\\[[A-Z_]+-\\d+\\]", pattern, flags=re.DOTALL)
    found = scrub(text).text
    assert re.fullmatch(pattern, found), (found, parts)


@pytest.mark.parametrize("text", STAYS)
def test_stays(text):
    assert scrub(text).text == text
