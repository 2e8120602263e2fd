"""The registry of notices: each row is sent here, and no notice is sent without a row."""

import ast
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import realm
from cases.actors import Actor
from cases.documents import notices as page
from cases.models import Notice
from cases.notice_types import GROUPS, REGISTRY
from cases.roles import ESCALATION_OWNER
from cases.services.feeds import post_entry
from supportdesk.sign_in.notices import WORDS
from tests import notice_scenes as scenes
from tests.cases.test_notices import ROWS
from tests.database import snapshot
from tests.escalations.world import Office, build
from tests.notice_scenes import DANA
from tests.world import NOW, membership, person

ROOT = Path(settings.BASE_DIR)
STORED = json.loads((Path(__file__).parent / "vocabularies.json").read_text())

ERIN, OWEN, OLIVE, MIA, TAM = (
    f"{name}@support.example" for name in ("erin", "owen", "olive", "mia", "tam")
)
LEADS = {MIA, TAM}
#: One goes to the old address, the other is about a case that this realm no longer holds.
WITHOUT_LINK = {"redirected", "sign_in_changed"}
#: Event -> what happens, and who is told.
SCENES = {
    "opened": (scenes.opened, {DANA}),
    "moved": (scenes.moved, {ERIN}),
    "clock_warning": (scenes.clock_warning, LEADS),
    "clock_breached": (scenes.clock_breached, LEADS),
    "closing_notice": (scenes.closing_notice, {DANA}),
    "closing_held": (scenes.closing_held, {ERIN}),
    "closing_unheard": (scenes.closing_unheard, {ERIN, *LEADS}),
    "extended": (scenes.extended, {DANA}),
    "notice_failed": (scenes.notice_failed, {ERIN}),
    "platform": (scenes.platform, {DANA}),
    "single": (scenes.single, {DANA}),
    "restored": (scenes.restored, {DANA, ERIN}),
    "not_restored": (scenes.not_restored, {DANA, ERIN}),
    "analysis_asked": (scenes.analysis_asked, {ERIN}),
    "analysis_delivered": (scenes.analysis_delivered, {DANA}),
    "meeting_recorded": (scenes.meeting_recorded, {DANA}),
    "critical": (scenes.critical, {TAM}),
    "released": (scenes.released, {DANA, *LEADS}),
    "unheard": (scenes.unheard, {ERIN}),
    "applicant": (scenes.applicant, {DANA}),
    "applicant_decided": (scenes.applicant_decided, {"nell@acme.example"}),
    "sign_in_changed": (scenes.sign_in_changed, {DANA}),
    "escalation_received": (scenes.escalation_requested, {DANA}),
    "escalation_requested": (scenes.escalation_requested, {OWEN, OLIVE, ERIN, TAM}),
    "escalation_accepted": (Office.accepted, {DANA, ERIN}),
    "escalation_declined": (scenes.escalation_declined, {DANA, ERIN}),
    "escalation_word": (scenes.escalation_word, {DANA}),
    "escalation_message": (scenes.escalation_message, {DANA, OWEN}),
    "escalation_moved": (scenes.escalation_moved, {OWEN}),
    "escalation_handed_over": (scenes.escalation_handed_over, {DANA, OLIVE}),
    "escalation_released": (scenes.escalation_released, {DANA, OLIVE}),
    "escalation_closed": (scenes.escalation_closed, {DANA, ERIN}),
    "escalation_answer_due": (scenes.escalation_answer_due, {OWEN, OLIVE}),
    "escalation_answer_late": (scenes.escalation_answer_late, {OWEN, OLIVE}),
    "escalation_ended": (scenes.escalation_ended, {OWEN}),
    "review_requested": (scenes.review_requested, {ERIN}),
    "review_withdrawn": (scenes.review_withdrawn, {ERIN}),
    "review_answered": (scenes.review_answered, {DANA}),
    "manager_engaged": (scenes.manager_engaged, {MIA}),
    "manager_left": (scenes.manager_left, {ERIN}),
    "management_attention": (scenes.management_attention, {"management@support.example"}),
    "invitation": (scenes.invitation, {"nell@acme.example"}),
    "access_asked": (scenes.access_asked, {"ada@support.example"}),
    "access_decided": (scenes.access_decided, {DANA}),
    "pin_locked": (scenes.pin_locked, {DANA}),
    "dormant": (scenes.dormant, {"ada@support.example"}),
    "redirected": (scenes.redirected, {DANA}),
    "account_invitation": (scenes.account("account/email/invitation"), {DANA}),
    **{
        event: (
            scenes.account(f"{'account' if 'password' in event else 'mfa'}/email/{event}"),
            {DANA},
        )
        for event in WORDS
    },
}
REALMS = {
    **dict.fromkeys(["invitation", "access_asked", "access_decided"], "fedramp"),
    **dict.fromkeys(["pin_locked", "dormant"], "fedramp"),
    **dict.fromkeys(["redirected", "applicant", "applicant_decided"], "commercial"),
}


@pytest.fixture
def office(db) -> Office:
    return snapshot.once(build)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(each, marks=[pytest.mark.realm(REALMS[each])] if each in REALMS else [])
        for each in SCENES
    ],
)
def test_a_row_is_sent_to_its_readers(office, settings, event):
    settings.MANAGEMENT_ATTENTION_ADDRESS = "management@support.example"
    happens, readers = SCENES[event]
    stored_as = REGISTRY[event].stored_as or event
    sent = Notice.objects.filter(event=stored_as)
    assert not sent.exists()
    happens(office)
    assert set(sent.values_list("email", flat=True)) == readers
    if event in STORED["events of mails"]:
        assert {shape(each.key) for each in sent} <= set(STORED["keys of mails"])
    for each in sent.select_related("case"):
        assert settings.SITE_URL in each.text or event in WITHOUT_LINK
        if each.case and not realm.current().mails_carry_content:  # FED-13
            assert each.case.subject not in each.subject + each.text
        assert each.history.get().history_change_reason.startswith(("notices.", "job: "))
        assert each.is_secret == (event in {"account_invitation", "invitation", *WORDS}) or (
            event == "applicant_decided"
        )


def shape(key: str) -> str:
    """`taken:{}:{}`: the key without the parts that tell occurrences and readers apart."""
    key = re.sub(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\+00:00)?", "{}", key)
    return re.sub(r":([a-z]?)([0-9a-f]{32}|[0-9.]+)(?=:|$)", r":\1{}", key)


def test_no_row_is_untried_and_none_undocumented():
    assert {event for event, *_ in ROWS} | set(SCENES) == set(REGISTRY)
    assert all(f"- `{event}`: " in page() for event in REGISTRY)
    assert max(map(len, page().splitlines())) <= 100


def test_what_is_sent_has_a_row():
    """Every call names a row, every template belongs to one, and nothing else makes a mail."""
    files = [
        path
        for app in ("cases", "escalations", "fedramp", "supportdesk")
        for path in (ROOT / app).rglob("*.py")
    ]
    calls = [
        (path.relative_to(ROOT).as_posix(), node)
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]
    made = {path for path, node in calls if ast.unparse(node.func) == "Notice"}
    assert made == {"cases/notices.py"}
    notifying = {"notify", "notify_all", "notify_of_clocks", "_tell"}
    named = {
        node.args[0].value
        for _, node in calls
        if ast.unparse(node.func) in notifying and isinstance(node.args[0], ast.Constant)
    }
    assert named <= set(REGISTRY)
    types = [each for group in GROUPS.values() for each in group]
    templates = {path.stem for path in ROOT.glob("*/templates/mail/[!_]*.txt")}
    assert {each.template or each.event for each in types} == templates
    prefixes = ROOT.glob("supportdesk/templates/*/email/[!b]*_message.txt")
    assert {path.stem.removesuffix("_message") for path in prefixes} == {*WORDS, "invitation"}


@pytest.mark.parametrize("owners", [5, 25])
def test_an_escalation_costs_the_same_however_many_are_mailed(office, owners):
    for number in range(owners - 2):
        person(f"owner{number}@support.example", roles=(ESCALATION_OWNER,))
    case = office.case()
    with CaptureQueriesContext(connection) as captured:
        office.ask(case)
    assert Notice.objects.filter(event="escalation_requested").count() == owners + 2
    assert about_mails(captured) == 4
    assert len(captured) == (37 if realm.current().name == "fedramp" else 33)


@pytest.mark.parametrize("others", [0, 20])
def test_a_reply_costs_the_same_however_many_contacts_are_mailed(office, others):
    desk = office.desk
    for number in range(others):
        reader = person(f"reader{number}@acme.example", mail_all_cases=True)
        membership(reader, desk.organization, "read_only")
    case = office.case()
    with CaptureQueriesContext(connection) as captured:
        post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body="We are on it.")
    assert Notice.objects.filter(event="entry").count() == others + 1
    assert about_mails(captured) == 2
    assert len(captured) <= 30


def about_mails(captured: CaptureQueriesContext) -> int:
    """The statements that write mails, or their history."""
    return sum("notice" in each["sql"] and "INSERT" in each["sql"] for each in captured)
