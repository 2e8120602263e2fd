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

from cases.job_table import JOBS
from fedramp import jobs as fedramp_jobs
from tests import canary
from tests.canary import CANARY, WORDS
from tests.life.running import RunningDesk, text_of
from tests.life.visitor import Answer, Visitor
from tests.world import PASSWORD

# One run is both realms. They keep to the embedded stores, whose files can be searched.
pytestmark = [pytest.mark.realm("commercial"), pytest.mark.embedded, pytest.mark.rule("FED-2")]

TWIN, KEY = "twin@both.example", "the same in both realms"
#: A small world, and in both the same person, with the same password, number and role: nothing but
#: the realm is different.
BEGIN = f"""
from django.contrib.auth.hashers import make_password
from cases.models import Membership, Person
from tests import world
world.build()
works = world.organization("twin-works")
twin = Person(pk=900001, email={TWIN!r}, name="Twin")
twin.password = make_password({KEY!r}, salt="x" * 22)
twin.save()
Membership.objects.create(person=twin, organization=works, role="designated")
"""


@pytest.fixture(scope="module")
def desks(tmp_path_factory, migrations_kept_in) -> Iterator[dict[str, RunningDesk]]:
    """The web process of each realm. Nobody takes from the broker: what is put there stays."""
    folder = tmp_path_factory.mktemp("realms")
    made = {}
    for realm in ("commercial", "fedramp"):
        (folder / realm).mkdir()
        notice = {"SYSTEM_USE_NOTICE": "All use is monitored."}
        made[realm] = RunningDesk(folder / realm, realm, **notice)

    def begin(desk: RunningDesk) -> None:
        desk.prepare(migrations_kept_in)
        desk.manage("shell", "--no-imports", "-c", BEGIN)
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


def columns_with_it(desk: RunningDesk) -> set[str]:
    found = set()
    with closing(sqlite3.connect(desk.folder / desk.realm / "db.sqlite3")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            names = [column[0] for column in rows.description]
            for row in rows:
                found |= {
                    f"{table}.{name}"
                    for name, value in zip(names, row, strict=True)
                    if CANARY in str(value).lower()
                }
    return found


def fill_in(visitor: Visitor, path: str) -> list[Answer]:
    """Every form of the page is sent, with the canary in each of its texts and files."""
    return [
        visitor.send(form, (f"{CANARY}.log", WORDS.encode() * 3))
        for form in visitor.get(path).forms(WORDS)
        if form.texts
    ]


def number_in(opened: Answer) -> str:
    """The number of the case that a form has opened."""
    assert opened.status == 302, re.findall(r"errorlist.*?</ul>", opened.text, re.S)
    return opened.location.split("/")[2]


#: What the forms of the pages did not reach, and then the jobs: they mail what is due.
WRITE_AND_SWEEP = """
from django.core.management import call_command
from tests.canary import write_everywhere
write_everywhere()
call_command("sweep")
"""


def test_a_canary_in_every_text_is_nowhere_else(desks):
    desk = desks["fedramp"]
    contact, expert = Visitor(desk.url), Visitor(desk.url)
    contact.sign_in(TWIN, KEY)
    number = number_in(fill_in(contact, "/cases/open/twin-works/")[0])
    expert.sign_in("erin@support.example", PASSWORD)
    page = expert.get(f"/admin/cases/case/?q={number}")
    page = expert.get(page.location or page.links(r"/cases/case/\d+/change/")[0])
    for form in page.forms(WORDS):
        expert.send(form, (f"{CANARY}.log", WORDS.encode()))
    fill_in(contact, f"/cases/{number}/")
    contact.get(f"/cases/?q={CANARY}")
    desk.manage("shell", "--no-imports", "-c", WRITE_AND_SWEEP)

    held = columns_with_it(desk)
    assert canary.missing_from(held) == set()
    assert {each.split(".")[0] for each in held} - canary.tables() == set()
    assert [mail["Subject"] for mail in desk.mails() if CANARY in text_of(mail)] == []  # FED-13
    assert len(desk.mails()) >= 2
    tasks = list((desk.folder / "fedramp" / "broker" / "messages").iterdir())
    assert tasks
    names = {job.name for job in (*JOBS.values(), *fedramp_jobs.ROWS)}
    elsewhere = [each for each in found_in(desk.folder) if not is_where_it_belongs(each)]
    assert elsewhere == []
    for message in tasks:
        arguments, named, _ = json.loads(base64.b64decode(json.loads(message.read_text())["body"]))
        (job,) = arguments
        assert job in names
        assert not named
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
        assert ("no longer works" not in page.text) is works, desk.realm

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
