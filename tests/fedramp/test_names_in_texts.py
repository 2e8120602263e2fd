"""FED-7: names in chats, notes, letters, lists and scripts: what must go and what must stay.

By rules alone. Each kind has forms that differ in words, separators, layout and language.
"""

# ruff: noqa: RUF001 - names in scripts whose letters resemble Latin ones
import pytest

from fedramp.scrubber.streams import scrub

pytestmark = [pytest.mark.rule("FED-7"), pytest.mark.crossed]

#: (text, names that must go); everything else of the text must stay.
GONE = {
    "ends of messages": (
        ("the light is amber and it has no dial tone\n- JP", ["JP"]),
        ("Nothing on our firewall since noon. - Ola, Tier 2", ["Ola"]),
        ("Please check the retries.\nSuresh / Gulf Assist", ["Suresh"]),
        ("ticket 5518, the server is down again. mci. Aliou", ["Aliou"]),
        ("The queue shows nothing at all.\nVh\nRasmus", ["Rasmus"]),
    ),
    "kin, answers and orders": (
        ("el tel de mi hijo Chuy no entra", ["Chuy"]),
        ("ring kollegaen Torbjorn i dag", ["Torbjorn"]),
        ("a lady from Kisumu, Akinyi, has no audio", ["Akinyi"]),
        ("may I have your name?\nCaller: sure, Jedediah Stoltzfus, why", ["Jedediah Stoltzfus"]),
        ("can someone pls tell art that it works", ["art"]),
        ("can you call hung on +1 319 555 0153", ["hung"]),
        ("her brother's called Dwayne", ["Dwayne"]),
    ),
    "layouts": (
        (
            "mwright  9:01  anyone?\nsunita   9:02  yes\nmwright  9:03  on it",
            ["mwright", "sunita"],
        ),
        ("Display i = 'GALLAGHER SEAMUS'", ["GALLAGHER SEAMUS"]),
        ("P<USAKOWALCZYK<<DALE<ANTHONY<<<<<<<<<", ["KOWALCZYK<<DALE<ANTHONY"]),
        ("Passenger HOSSEINI/SHIRIN MRS is booked", ["HOSSEINI/SHIRIN"]),
        ("see Baptiste_Leroux_exit_form.pdf", ["Baptiste_Leroux"]),
        ("see callers_Huang.csv", ["Huang"]),
        ("joined from Lorenzos-laptop today", ["Lorenzo"]),
    ),
    "chats": (
        ("[10:42] dwayne.j: phones are dead", ["dwayne.j"]),
        (
            "Dwayne 10:42 AM\nphones are dead again\nPriya Nair 10:43 AM\nlooking",
            ["Dwayne", "Priya Nair"],
        ),
        ("Tanya R. | 3:15 PM\nno audio", ["Tanya R"]),
        ("12/03/26, 14:05 - Ama Mensah: hi team", ["Ama Mensah"]),
        ("[26/02/25, 18:42:02] Atendente Wesley: bom dia", ["Wesley"]),
        ("<mkling> anyone here?\n<tbrooks> yes", ["mkling", "tbrooks"]),
        ("Agent (Marisol): thanks for waiting\nCustomer: ok", ["Marisol"]),
        ("Keisha (Agent): hello\nVisitor: hi", ["Keisha"]),
        ("Okonjo Dwyer\n10:42 AM\nit dropped", ["Okonjo Dwyer"]),
        ("Bot: hi\nCustomer: hi\nAgent Sandeep: good morning", ["Sandeep"]),
        ("hey dwayne, can you look", ["dwayne"]),
        ("thx priya! works now", ["priya"]),
        ("Sure thing, Keisha.", ["Keisha"]),
        ("@Tom please reboot the gateway", ["Tom"]),
        ("it dropped twice today, marisol.", ["marisol"]),
        ("**Jorge:** line is up\n**Ines:** great", ["Jorge", "Ines"]),
    ),
    "greetings and signatures": (
        ("Guten Tag Frau Siebenhaar,\ndie Leitung ist tot.", ["Siebenhaar"]),
        ("Prezada Lurdes,\no ramal caiu.", ["Lurdes"]),
        ("hi tomek,\nthe queue is stuck", ["tomek"]),
        ("Dzien dobry Pani Agnieszko,\nlinia nie dziala.", ["Agnieszko"]),
        ("Regards,\nMary-Kate McAllister-D'Angelo", ["Mary-Kate McAllister-D'Angelo"]),
        ("Respectfully,\n\nKOWALCZYK, DALE T.\nMSgt, USAF", ["KOWALCZYK", "DALE T"]),
        ("V/r\nBELLWEATHER, MARCUS D.\nCtr", ["BELLWEATHER", "MARCUS D"]),
        ("Med venlig hilsen\nSoren Ostergaard", ["Soren Ostergaard"]),
        ("Groeten,\nfemke", ["femke"]),
        ("the trunk flaps. Thanks, priya", ["priya"]),
        ("~Dale", ["Dale"]),
        ("<p>Regards,</p><p>Marta Kling</p>", ["Marta Kling"]),
        ("It is down.<br>Cheers,<br>Obinna", ["Obinna"]),
    ),
    "titles and forms": (
        ("Sgt. Okafor took the call", ["Okafor"]),
        ("Officer Delgado asked for the recording", ["Delgado"]),
        ("Nurse Achieng is on line 2", ["Achieng"]),
        ("the Hon. Patricia Underhill presides", ["Patricia Underhill"]),
        ("J. R. Ortega signed it", ["J. R. Ortega"]),
        ("Kling, Marta A. is the lead", ["Kling", "Marta A"]),
        ("Ludwig van der Meulen III called", ["Ludwig van der Meulen III"]),
        ("cust name: dwayne carter, line 4", ["dwayne carter"]),
        ("EE: Latasha Greer, badge 4471", ["Latasha Greer"]),
        ("POC: k. osei / mgr: Ruiz", ["osei", "Ruiz"]),
    ),
    "notes of staff": (
        ("spoke w/ marisol about the queue", ["marisol"]),
        ("spk w/ Jorge re: ext", ["Jorge"]),
        ("lvm for tina in billing", ["tina"]),
        ("rtn call to Lakisha @ 3pm", ["Lakisha"]),
        ("cb lakisha @ 555", ["lakisha"]),
        ("per jorge the trunk is fine", ["jorge"]),
        ("adv keisha to reboot", ["keisha"]),
        ("xfer to Ngozi in tier 2", ["Ngozi"]),
        ("c/o Tamika Boyd", ["Tamika Boyd"]),
    ),
    "what people do": (
        ("priya said it works", ["priya"]),
        ("Dwayne is out on leave until Monday", ["Dwayne"]),
        ("tanya's laptop is slow", ["tanya"]),
        ("Marisol will be back at noon", ["Marisol"]),
        ("We heard that Grace retired in May", ["Grace"]),
        ("the agent and Will called twice", ["Will"]),
        ("her husband Tobias answered", ["Tobias"]),
        ("a woman named Keisha rang", ["Keisha"]),
    ),
    "lists": (
        (
            "Affected agents: Tanya Brooks, Jorge Ruiz, K. Osei",
            ["Tanya Brooks", "Jorge Ruiz", "K. Osei"],
        ),
        (
            "Attendees:\n- Priya Nair\n- Tomasz Wrona\n- Aroha Te Whata\n\nAgenda",
            ["Priya Nair", "Tomasz Wrona", "Aroha Te Whata"],
        ),
        (
            "1\tTanya Brooks\t44\n2\tJorge Ruiz\t31\n3\tKwame Osei\t18",
            ["Tanya Brooks", "Jorge Ruiz", "Kwame Osei"],
        ),
        ("spoke with Tanya, Jorge and Kofi", ["Tanya", "Jorge", "Kofi"]),
    ),
    "by their place": (
        ("the guy with the accent (Grzegorz?) stayed on", ["Grzegorz"]),
        ("- Despina: badge 4471\n- Rutger, badge 4472", ["Despina", "Rutger"]),
        ('the suspect Terrence "Tee" Broussard fled', ["Terrence", "Tee", "Broussard"]),
        ("signed for by N. Abdullahi at noon", ["N. Abdullahi"]),
        ("her last name B-l-a-k-e, first Ann", ["B-l-a-k-e"]),
        ("thank you mister okafor", ["okafor"]),
        ("Will, could you restart it?", ["Will,"]),
    ),
    "found again": (
        (
            "Spoke with Marta Kling.\nmarta_kling_trace.log, KlingM, mkling, MartaKling, "
            "kling-marta",
            ["marta_kling", "KlingM", "mkling", "MartaKling", "kling-marta"],
        ),
        (
            "Caller: Kenji Mensah\nKENJI waits; kenji's pc; kenjis pc",
            ["KENJI", "kenji's", "kenjis"],
        ),
        (
            "Caller: Ostrowski, Ewelina\nE. Ostrowski and ewelina.ostrowski",
            ["E. Ostrowski", "ewelina.ostrowski"],
        ),
    ),
    "other scripts": (
        ("С уважением,\nИван Сидоров", ["Иван", "Сидоров"]),
        ("Добрый день, Ольга!\nНе работает линия.", ["Ольга"]),
        ("Клиент: Аглая Трубецкая, тел. 5", ["Аглая", "Трубецкая"]),
        ("감사합니다.\n김민수 드림", ["김민수"]),
        ("이름: 박지은", ["박지은"]),
        ("مع التحية،\nمحمد العتيبي", ["محمد", "العتيبي"]),
        ("姓名：王小明", ["王小明"]),
        ("我叫李秀英，电话不通", ["李秀英"]),
        ("お客様名：山田太郎様", ["山田太郎"]),
        ("佐々木です。よろしくお願いします", ["佐々木"]),
        ("नाम: राजेश कुमार", ["राजेश", "कुमार"]),
        ("שם הלקוח: מיכל ברקוביץ", ["מיכל", "ברקוביץ"]),
        ("Με εκτίμηση,\nΓιώργος Καραμήτσος", ["Γιώργος", "Καραμήτσος"]),
    ),
}
#: Nothing here is a person.
STAY = (
    "Jenkins, Travis and Circle fail; Jasmine and Karma pass",
    "class Abe::Ada::run and Grace::Hopper::log",
    "agents on queue Collections West cannot answer calls",
    "Good morning team, the prompt plays twice.",
    "Sehr geehrte Damen und Herren, der Anruf bricht ab.",
    "Status: open\nPriority: high\nQueue: Billing\nOwner: NetOps",
    "10:42:07 kernel: link up",
    "[10:42] error: no route",
    "spoke w/ the customer about billing",
    "per policy the agent will call back",
    "Contact: Support Desk, hours 9 to 5",
    "It plays Hey Jude and Billie Jean on hold.",
    "The Phoenix site, the Austin team and the Charlotte office are down.",
    "Caller: unknown. Agent: unavailable.",
    "rename skills Tango, Victor, Juliet and Oscar",
    "Thanks in advance,\nService Desk",
    "<div> text <span> more",
    "@Override public void run()",
    "General Settings, Private Key, Major Outage, Chief Complaint",
    "Hello World, hello all, hi there",
    "客服：您好，請問怎麼稱呼？\n客戶：電話不通",
    "Marble, carter and winter are words; the summer release is out",
    "生年月日：1987\n電話：なし",
    "Команда поддержки: линия не работает.",
    "answered for Sydney After Hours, and the calls go to Grace Period Q",
    "San Antonio and St. George are down again",
    "The tug is the Edith Marie. They rename Project Oscar, since Oscar is taken.",
    'the campaign "Penny Winners" and the room "Pharaoh" and the list "Jan Winners 2025"',
    "Agent: Perfecto. Un momento.\nCliente: vale\nAgent: Correcto, ya está",
)


@pytest.mark.parametrize(("kind", "place"), [(k, n) for k in GONE for n in range(len(GONE[k]))])
def test_what_goes(kind, place):
    text, names = GONE[kind][place]
    result = scrub(text).text
    left = [part for name in names for part in name.split() if len(part) > 1 and part in result]
    left = [part for part in left if part.strip(",'s")]
    assert not left, result
    assert scrub(result).text == result


@pytest.mark.parametrize("text", STAY)
def test_what_stays(text):
    assert scrub(text).text == text
