"""FED-7: postal addresses of many countries, in prose, forms and signatures.

By rules alone: what must go whole, and what resembles an address and must stay.
"""

# ruff: noqa: RUF001 - addresses in scripts whose letters resemble Latin ones
import pytest

from fedramp.scrubber.streams import scrub

pytestmark = [pytest.mark.rule("FED-7"), pytest.mark.crossed]

#: (before, the address, after)
GONE = (
    ("Domicilio: ", "Av. Universidad 1204 int. 302, Col. del Valle, 03100 Ciudad", ""),
    ("End.: ", "Rua Cel. Oscar Porto, 836, apto 121, 04003-004", ""),
    ("the house is ", "2217 NW Quimby", ". It exists"),
    ("Layla lives on ", "Pasadizo de Horacio Requena", " street."),
    ("He moved to ", "918 Pelican Bay Ct NW, Floor 3, Olympia, WA 98502", " last week."),
    ("Ship it to ", "PO Box 4417, Harlan KY 40831", "."),
    ("the unit is at ", "RR 4 Box 77-B, Tazewell, VA 24651", " now"),
    ("mail to ", "HC 30 Box 512, Alpine, TX 79830", ", please"),
    ("Send to ", "PSC 77 Box 1204, APO AE 09715", "."),
    ("She lives at ", "4410 County Road 18, Apt B, Minot ND 58701", "."),
    ("The parcel for ", "71-08 Woodhaven Blvd, Flushing, New York 11385", " came."),
    ("Corner of ", "N 12th St & Juniper Ave", " floods."),
    ("at ", "1500 1/2 W Division St, Rear, Chicago IL 60642", " there"),
    ("Return: ", "Flat 9, 14 Minster Yard, Lincoln LN2 1PX", "."),
    ("I rent ", "The Old Forge, 3 Mill Lane, Ludlow SY8 1DX", "."),
    ("near ", "14 Bothar na Tra, Salthill, Co. Galway H91 R2C4", "."),
    ("the office (", "Lvl 9, 200 Creek Street, Brisbane QLD 4000", ") is shut"),
    ("c/o ", "5/21 Kowhai Street, Petone, Lower Hutt 5012", "."),
    ("Er wohnt ", "Am Stadtgraben 12a, 48143 Münster", "."),
    ("an ", "Lindenstr. 4, Hinterhaus, D-10969 Berlin", "."),
    ("lautend auf ", "Bahnhofstrasse 77, 8001 Zürich", "."),
    ("Il habite au ", "48 allée des Peupliers, Bât. C, 31200 Toulouse", "."),
    ("né à ", "lieu-dit Kerlouan, 29890 Brignogan", "."),
    ("adres: ", "Nieuwe Gracht 210-hs, 3512 LX Utrecht", "."),
    ("Vive en ", "C/ Jaime I, 14, 3º dcha., 50003 Zaragoza", "."),
    ("Oficina: ", "Jr. Ayacucho 210, Dpto. 4, Lima 15001", "."),
    ("entregar en ", "Carrera 15 # 93-47", " mañana"),
    ("Abita in ", "via Roma 18, 20121 Milano", "."),
    ("Mora na ", "Rua das Acácias, 310, ap. 12, Moema, São Paulo - SP, 04077-020", "."),
    ("Vi bor ", "Skovvejen 18, 1. th., 2930 Klampenborg", "."),
    ("Osoite: ", "Mannerheimintie 20 B 7, 00100 Helsinki", "."),
    ("ul: ", "ul. Szeroka 14/5, 87-100 Toruń", "."),
    ("Current: ", "H.No. 8-2-120/A, Banjara Hills, Near Park, Hyderabad - 500034", "."),
    ("at ", "Flat No. 12, Sai Residency, MG Road, Pune 411001", "."),
    ("from ", "88 Sejong-daero, Jongno-gu, Seoul 03154", "."),
    ("my flat ", "Blk 214 Bedok North Ave 2 #08-112 Singapore 460214", "."),
    ("住所：", "〒150-0001 東京都渋谷区神宮前1丁目2-3", "\n"),
    ("地址：", "北京市朝阳区建国路88号5号楼1203室", "\n"),
    ("주소: ", "서울시 강남구 테헤란로 152", "\n"),
    ("Адрес: ", "г. Казань, ул. Баумана, д. 12, кв. 4", "\n"),
    ("address: ", "44 Gull Point Rd, Unit 6, Duxbury MA 02332", "\nPhone ok"),
    ("caller: i live at ", "thirty two eleven larkspur court", ""),
    ("on site now: ", "1820 Oak Market St Greensboro NC", ", GPS off"),
    ("chez elle, ", "3 bis venelle du Puits, 29200 Brest", ", box Orange"),
)
STAY = (
    "Open ports 5060, 5061 and 5080 on the firewall",
    "Opus to G.729, payload 120",
    "Calls go out via SBC AudioCodes Mediant 4000B since May 3.",
    "5 calls on the same way, 12 agents at the park, 3 errors in a row",
    "It was a two hour drive on a one way street.",
    "Chrome 131, 1024 users; Windows 11, 22631 build; Trunk Group 14, 48226 Attempts",
    "The Austin, Texas office and the site in Wellington are down.",
    "room Park Avenue 3 and queue Main Street Billing",
    "200 OK, 404 Not Found, 503 Service Unavailable",
    "moved to version 12.3, located at rack 12",
    "Equinix DC11, Ashburn data center, hall 4",
    "see the Ashburn data center",
    "happens since we moved to 3.0.775.52 of the Text Analytics package. Log attached",
    "P1: 428 AGENTS DOWN AT Nairobi Connect. BRIDGE is open",
    "the lunch is late, and block 16 waits until the end",
)


@pytest.mark.parametrize("case", GONE, ids=[case[1][:24] for case in GONE])
def test_an_address_goes_whole(case):
    before, address, after = case
    result = scrub(before + address + after).text
    left = [
        word for word in address.replace(",", " ").split() if word.strip("-#") and word in result
    ]
    assert not left, result
    assert scrub(result).text == result


@pytest.mark.parametrize("text", STAY)
def test_what_resembles_an_address_stays(text):
    assert scrub(text).text == text
