"""Nothing crosses between the realms (FED-2): two desks of real processes, side by side.

What is typed in one is nowhere in the other; what opens a door in one opens none in the other.
"""

import base64
import json
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from cases.demo.signins import PASSWORD
from fedramp.demo import STAFF
from tests.life.running import RunningDesk, text_of
from tests.life.visitor import Answer, Visitor

# One run is both realms. They keep to the embedded stores, whose files can be searched.
pytestmark = [pytest.mark.realm("commercial"), pytest.mark.embedded, pytest.mark.rule("FED-2")]

CANARY = "marmotblueshift"
WORDS = f"The {CANARY} went by."
#: Tables of the FedRAMP realm in which its people's words belong. No others may have them.
HOLDS_WORDS = re.compile(
    r"cases_(historical)?(case|entry|attachment|person|announcement|promise|caselink)$"
    r"|cases_(historical)?(clock|membership|organization|deployment)$|cases_searchtext$"
    r"|escalations_|django_session$|fedramp_(historical)?(skill|access)"
)
#: And those in which they must be found, or the test would prove nothing.
MUST_HOLD = {
    "cases_case",
    "cases_historicalcase",
    "cases_entry",
    "cases_attachment",
    "cases_searchtext",
    "cases_person",
}
TWIN, KEY = "twin@both.example", "the same in both realms"
#: The same person, with the same password, number and role: nothing but the realm is different.
MAKE_TWIN = f"""
from django.contrib.auth.hashers import make_password
from cases.models import Membership, Organization, Person
twin = Person(pk=900001, email={TWIN!r}, name="Twin")
twin.password = make_password({KEY!r}, salt="x" * 22)
twin.save()
acme = Organization.objects.first()
acme.short_name = "twin-works"
acme.save()
Membership.objects.create(person=twin, organization=acme, role="designated")
print(acme.deployments.first().pk)
"""


@pytest.fixture(scope="module")
def desks(tmp_path_factory) -> Iterator[dict[str, RunningDesk]]:
    """The web process of each realm. Nobody takes from the broker: what is put there stays."""
    folder = tmp_path_factory.mktemp("realms")
    made = {}
    for realm in ("commercial", "fedramp"):
        (folder / realm).mkdir()
        notice = {"SYSTEM_USE_NOTICE": "All use is monitored."}
        made[realm] = RunningDesk(folder / realm, realm, **notice)

    def begin(desk: RunningDesk) -> None:
        desk.manage("prepare")
        desk.manage("demo", "--cases", "2")
        desk.manage("shell", "--no-imports", "-c", MAKE_TWIN)
        desk.start("web")

    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(begin, made.values()))
        yield made
    finally:
        for desk in made.values():
            desk.close()


def found_in(folder: Path) -> list[str]:
    """The files in whose content or name the canary is, plain or as a task body has it."""
    needles = [CANARY.encode(), CANARY.upper().encode()]
    needles += [base64.b64encode(b"x" * shift + CANARY.encode())[4:-4] for shift in range(3)]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        str(path.relative_to(folder))
        for path in files
        if CANARY in path.name or any(needle in path.read_bytes() for needle in needles)
    ]


def tables_with_it(desk: RunningDesk) -> set[str]:
    found = set()
    with closing(sqlite3.connect(desk.folder / desk.realm / "db.sqlite3")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
            having = " OR ".join(f"\"{each}\" LIKE '%{CANARY}%'" for each in columns)
            if database.execute(f'SELECT 1 FROM "{table}" WHERE {having} LIMIT 1').fetchone():  # noqa: S608
                found.add(table)
    return found


def fill_in(visitor: Visitor, path: str, only: str = "") -> list[Answer]:
    """Every form of the page is sent, with the canary in each of its texts and files."""
    answers = []
    for form in visitor.get(path).forms(WORDS):
        if form.texts and only in form.action:
            answers.append(visitor.send(form, (f"{CANARY}.log", WORDS.encode() * 3)))
    return answers


def number_in(opened: Answer) -> str:
    """The number of the case that a form has opened."""
    assert opened.status == 302, re.findall(r"errorlist.*?</ul>", opened.text, re.S)
    return opened.location.split("/")[2]


def of_role(role: str) -> str:
    return next(each.email for each in STAFF if each.role == role)


def test_a_canary_in_every_text_is_nowhere_else(desks):
    desk = desks["fedramp"]
    contact, expert, access, operations = (Visitor(desk.url) for _ in range(4))
    contact.sign_in(TWIN, KEY)
    opened = [fill_in(contact, "/cases/open/twin-works/")[0] for _ in range(2)]
    numbers = [number_in(each) for each in opened]
    expert.sign_in(of_role("Support Expert"), PASSWORD)
    for number in numbers:
        assert fill_in(contact, f"/cases/{number}/")
        for link in contact.get(f"/cases/{number}/").links(rf"/cases/{number}/\w+/$"):
            if not link.endswith("/close/"):
                fill_in(contact, link)
        contact.get(f"/cases/?q={CANARY}")
        page = expert.get(f"/admin/cases/case/?q={number}")
        page = expert.get(page.location or page.links(r"/cases/case/\d+/change/")[0])
        for form in page.forms(WORDS):
            expert.send(form, (f"{CANARY}.log", WORDS.encode()))
        for link in page.links(r"/cases/case/\d+/(do|severity|assign|link|extend)"):
            fill_in(expert, link)
    fill_in(contact, "/profile/")
    access.sign_in(of_role("Access Administrator"), PASSWORD)
    fill_in(access, "/admin/cases/person/900001/change/", only="change")
    operations.sign_in(of_role("Operations Administrator"), PASSWORD)
    fill_in(operations, "/admin/cases/announcement/add/")
    fill_in(contact, f"/cases/{numbers[0]}/close/")
    desk.manage("sweep")

    held = tables_with_it(desk)
    assert held >= MUST_HOLD, held
    assert [table for table in held if not HOLDS_WORDS.match(table)] == []
    assert [mail["Subject"] for mail in desk.mails() if CANARY in text_of(mail)] == []  # FED-13
    assert len(desk.mails()) > 5
    tasks = list((desk.folder / "fedramp" / "broker" / "messages").iterdir())
    assert tasks
    elsewhere = [each for each in found_in(desk.folder) if not is_where_it_belongs(each)]
    assert elsewhere == []
    for message in tasks:
        body = base64.b64decode(json.loads(message.read_text())["body"])
        assert CANARY.encode() not in body
    assert found_in(desks["commercial"].folder) == []


def is_where_it_belongs(path: str) -> bool:
    """The database and the files that were attached."""
    return path.startswith(("fedramp/db.sqlite3", "fedramp/files/"))


def signed_in(visitor: Visitor) -> bool:
    return visitor.get("/profile/").status == 200


def copy_session(source: RunningDesk, target: RunningDesk) -> None:
    rows = []
    with closing(sqlite3.connect(source.folder / source.realm / "db.sqlite3")) as database:
        rows = database.execute("SELECT * FROM django_session").fetchall()
        marks = database.execute("SELECT * FROM fedramp_sessionmark").fetchall()
    with closing(sqlite3.connect(target.folder / target.realm / "db.sqlite3")) as database:
        database.executemany("INSERT OR IGNORE INTO django_session VALUES (?, ?, ?)", rows)
        database.executemany("INSERT OR IGNORE INTO fedramp_sessionmark VALUES (?, ?, ?)", marks)
        database.commit()


@pytest.mark.parametrize(("own", "other"), [("commercial", "fedramp"), ("fedramp", "commercial")])
def test_what_opens_one_realm_opens_nothing_in_the_other(desks, own, other):
    here, there = desks[own], desks[other]
    twin = Visitor(here.url)
    assert twin.sign_in(TWIN, KEY).status == 302
    assert signed_in(twin)

    # The session, even with its row carried over: it is signed with the key of its realm.
    thief = Visitor(there.url)
    copy_session(here, there)
    thief.cookies = {name.replace(own, other): value for name, value in twin.cookies.items()}
    assert not signed_in(thief)

    # The token of a form, with the cookie of the other realm.
    stranger = Visitor(there.url)
    stranger.sign_in(TWIN, KEY)
    assert signed_in(stranger)
    page = twin.get("/cases/open/twin-works/")
    form = page.forms(WORDS.replace(CANARY, "hare"))[0]
    assert stranger.send(form_to(form, there)).status == 403

    # The token that keeps a draft.
    for desk, keeps in ((here, True), (there, False)):
        nobody = Visitor(desk.url)
        nobody.get("/accounts/login/" if own == "commercial" else "/accounts/password/reset/")
        nobody.get("/accounts/password/reset/")
        csrf = dict(nobody.get("/accounts/password/reset/").forms()[0].fields)
        fields = {**dict(form.fields), "csrfmiddlewaretoken": csrf["csrfmiddlewaretoken"]}
        nobody.post("/cases/open/twin-works/", fields)
        assert any("session" in name for name in nobody.cookies) is keeps, desk.realm

    # The link to choose a password.
    asks = Visitor(here.url)
    reset = asks.get("/accounts/password/reset/").forms()[0]
    token = dict(reset.fields)["csrfmiddlewaretoken"]
    asks.post("/accounts/password/reset/", {"csrfmiddlewaretoken": token, "email": TWIN})
    here.manage("sweep")
    mail = text_of(here.mails(TWIN)[-1])
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", mail)
    assert link, mail
    for desk, works in ((here, True), (there, False)):
        visitor = Visitor(desk.url)
        page = visitor.get(link.group(1))
        page = visitor.get(page.location) if page.location else page
        assert ("does not work any more" not in page.text) is works, desk.realm

    # The address of a file.
    opens = twin.get("/cases/open/twin-works/").forms("With a file.")[0]
    number = number_in(twin.send(opens, ("a.log", b"log")))
    case = twin.get(f"/cases/{number}/")
    (address, *_) = case.links(r"^/files/")
    assert twin.get(address).status == 200
    assert stranger.get(address).status == 404
    assert stranger.get(f"/cases/{number}/").status == 404


def form_to(form, desk):
    """The same form, sent to the other realm."""
    path = re.sub(r"^https?://[^/]+", "", form.action)
    return type(form)(desk.url + path, form.fields, form.texts, [])
