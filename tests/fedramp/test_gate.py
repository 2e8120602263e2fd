"""FED-1: nothing enters a case that belongs in the other realm, by whichever service or page."""

import ast
import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import drafts
from cases.actors import Actor
from cases.errors import NotAllowed, NotPossible
from cases.models import Case, CaseLink, Entry
from cases.rules.actions import ACTIONS, Side
from cases.services import closures, feeds, lifecycle, links, new_cases, severity
from cases.services.files import CheckedFile
from escalations import questions
from escalations.models import Escalation, EscalationReason, OwnerReview
from escalations.services import attention, help_requests, management, owner_requests, owner_reviews
from escalations.services import feeds as escalation_feeds
from tests import realms
from tests.escalations import world as offices
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.realm("commercial")]

CANARY = "zqx-canary"
LOCKS = {"lock_case", "lock_escalation", "lock_for_owner", "lock_organization"}


@pytest.fixture
def office(db):
    return offices.build()


@pytest.fixture
def stage(office):
    """A case with everything that a service goes on from; then its organization is flagged."""
    desk = office.desk
    case = office.case(severity=4)
    escalation = office.accepted(office.case())
    waiting = owner_requests.request_severity_change(
        case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, severity=3, details="More calls."
    )
    other = links.link_cases(
        case_id=case.pk,
        number=escalation.case.number,
        kind="related",
        actor=Actor.of(desk.expert),
        now=NOW,
    )
    closed = desk.act("close", office.case(), text="Done.")
    realms.flag(desk.organization)
    return {"case": case, "escalation": escalation, "review": waiting, "link": other} | {
        "closed": closed,
        "office": office,
        "contact": Actor.of(desk.designated),
        "staff": Actor.of(desk.expert),
        "owner": Actor.of(office.owner),
        "manager": Actor.of(office.manager),
    }


def file() -> list[CheckedFile]:
    return [CheckedFile(ContentFile(CANARY.encode()), f"{CANARY}.txt", "text/plain", 10, "0" * 64)]


#: Each service that locks a case or an escalation: by whom it is called, and with which words.
CALLS = {
    feeds.post_entry: [
        ("contact", "case_id", {"body": CANARY, "files": True}),
        ("staff", "case_id", {"body": CANARY, "files": True}),
        ("staff", "case_id", {"body": CANARY, "internal": True}),
    ],
    lifecycle.reassign: [("staff", "case_id", {"owner": "colleague", "text": CANARY})],
    severity.change_severity: [("staff", "case_id", {"severity": 2, "reason": CANARY})],
    closures.extend: [("staff", "case_id", {"reason": CANARY})],
    links.link_cases: [("staff", "case_id", {"number": "other", "kind": "related"})],
    links.unlink_cases: [("staff", "link_id", {})],
    help_requests.request_help: [
        ("contact", "case_id", {"reason": "other", "details": CANARY}),
        ("contact", "case_id", {"reason": "case_update", "details": CANARY}),
    ],
    owner_requests.request_severity_change: [
        ("contact", "case_id", {"severity": 3, "details": CANARY})
    ],
    owner_requests.request_priority_change: [
        ("contact", "case_id", {"priority": 3, "details": CANARY})
    ],
    owner_requests.record_call: [
        (
            "staff",
            "case_id",
            {"caller": None, "called_at": NOW, "kind": "severity", "level": 1, "details": CANARY},
        )
    ],
    owner_requests.withdraw_request: [("contact", "review_id", {})],
    attention.send_management_attention: [
        (
            "contact",
            "case_id",
            dict.fromkeys(("problem", "region", "description", "impact", "product"), CANARY),
        )
    ],
    escalation_feeds.post_in_feed: [
        ("contact", "escalation_id", {"body": CANARY}),
        ("owner", "escalation_id", {"body": CANARY}),
    ],
    escalation_feeds.move_to_escalation: [("staff", "escalation_id", {"entry_id": 0})],
    escalation_feeds.move_to_case: [("staff", "moved", {})],
    management.take_review: [("owner", "escalation_id", {})],
    management.accept: [
        (
            "owner",
            "escalation_id",
            {"importance": 1, "urgency": 1, "next_steps": CANARY, "next_word_due_at": NOW},
        )
    ],
    management.decline: [("owner", "escalation_id", {"codes": [], "words": CANARY})],
    management.hand_over: [("owner", "escalation_id", {"owner": None, "note": CANARY})],
    management.assess: [
        (
            "owner",
            "escalation_id",
            {"importance": 1, "urgency": 1, "trend": "same", "on_watch": True},
        )
    ],
    management.give_word: [("owner", "escalation_id", {"body": CANARY, "next_word_due_at": NOW})],
    management.close: [("owner", "escalation_id", {"justification": CANARY})],
    owner_reviews.answer_review: [("staff", "review_id", {"done": True, "words": CANARY})],
    owner_reviews.engage_manager: [("staff", "case_id", {"manager": None, "note": CANARY})],
}


def calls():
    for service, several in CALLS.items():
        for number, (by, key, words) in enumerate(several):
            name = f"{service.__module__}.{service.__name__}-{by}-{number}"
            yield pytest.param(service, by, key, words, id=name)


@pytest.mark.rule("FED-1")
@pytest.mark.parametrize(("service", "by", "key", "words"), list(calls()))
def test_no_service_writes_in_a_case_that_belongs_elsewhere(stage, service, by, key, words):
    words = dict(words)
    desk = stage["office"].desk
    if words.pop("files", False):
        words["files"] = file()
    if words.get("owner") == "colleague":
        words["owner"] = desk.colleague
    if words.get("number") == "other":
        words["number"] = stage["closed"].number
    if "entry_id" in words:
        words["entry_id"] = Entry.objects.filter(case=stage["escalation"].case).first().pk
    keys = {
        "case_id": lambda: {"case_id": stage["case"].pk},
        "escalation_id": lambda: {"escalation_id": stage["escalation"].pk},
        "review_id": lambda: {"review_id": stage["review"].pk},
        "link_id": lambda: {"link_id": stage["link"].pk},
        "moved": lambda: {"entry_id": stage["escalation"].entries.first().pk},
    }
    before = everything_stored()
    with pytest.raises(NotPossible, match="FedRAMP portal"):
        service(**keys[key](), actor=stage[by], now=NOW, **words)
    assert everything_stored() == before


@pytest.mark.rule("FED-1")
@pytest.mark.parametrize("side", ["contact", "staff"])
@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_no_action_of_the_table_does(stage, name, side):
    """Also the closing words, and a file with them; also reopening, by either side."""
    if Side(side) not in ACTIONS[name].sides:
        pytest.skip("not an action of this side")
    case = stage["closed"] if name == "reopen" else stage["case"]
    before = everything_stored()
    with pytest.raises(NotPossible, match="FedRAMP portal"):
        lifecycle.act(
            case_id=case.pk, action=name, actor=stage[side], now=NOW, text=CANARY, files=file()
        )
    fresh = Case.objects.get(pk=case.pk)
    assert lifecycle.possible_actions(fresh, actor=stage[side]) == []
    assert everything_stored() == before


@pytest.mark.rule("FED-1")
def test_nobody_opens_one_neither_a_contact_nor_staff_for_him(stage):
    desk = stage["office"].desk
    desk.deployment.refresh_from_db()
    before = everything_stored()
    for by, contact in (("contact", None), ("staff", desk.designated)):
        with pytest.raises(NotAllowed, match="FedRAMP portal"):
            desk.case(actor=stage[by], contact=contact, subject=CANARY, files=file())
    # As somebody calls it who read the deployment before the flag was set.
    desk.deployment.organization.is_fedramp = False
    with pytest.raises(NotPossible, match="FedRAMP portal"):
        desk.case(subject=CANARY, files=file())
    assert everything_stored() == before


def test_the_table_above_holds_every_service_that_locks_a_case():
    """A service that is added later is called here, or says that it brings no words."""
    found = set()
    for app in ("cases", "escalations"):
        for path in Path(app, "services").glob("*.py"):
            module = importlib.import_module(f"{app}.services.{path.stem}")
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and _locks(node):
                    found.add(getattr(module, node.name))
    helpers = {"lock_case", "lock_organization", "lock_escalation", "lock_for_owner"}
    named = {each for each in found if each.__name__ not in helpers}
    assert {inspect.unwrap(each) for each in CALLS} | {lifecycle.act} == {
        inspect.unwrap(each) for each in named
    } - {new_cases.open_case}


def _locks(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in LOCKS
        and not any(each.arg == "wherever_it_belongs" for each in node.keywords)
        for node in ast.walk(function)
    )


# --- The portal


def addresses(stage):
    """Every address of the portal at which a contact sends something about a case."""
    number, escalation = stage["case"].number, stage["escalation"]
    yield reverse("portal:open_for", args=[stage["office"].desk.organization.short_name])
    yield reverse("portal:entry", args=[number])
    for name, action in ACTIONS.items():
        if Side.CONTACT in action.sides:
            one = stage["closed"].number if name == "reopen" else number
            yield reverse("portal:act", args=[one, name])
    for name in ("help", "severity", "priority", "management"):
        yield reverse(f"escalations:{name}", args=[number])
    yield reverse("escalations:one", args=[escalation.case.number, escalation.pk])


@pytest.mark.rule("FED-1")
def test_no_post_of_the_portal_stores_sends_or_writes_anything(stage, sign_in, caplog):
    client = sign_in(stage["office"].desk.designated)
    before = all_but_what_was_read()
    for address in addresses(stage):
        form = {
            **dict.fromkeys(
                ("subject", "description", "business_impact", "body", "text", "details", "impact"),
                CANARY,
            ),
            **dict.fromkeys(("problem", "region", "product"), CANARY),
            "deployment": stage["case"].deployment_id,
            "priority": 3,
            "level": 3,
            "reason": "other",
            "version": stage["case"].public_version,
            "submission": "5a0f2a5c-8f5f-4a8e-9d4c-000000000001",
            "asked": questions.signed(EscalationReason.objects.prefetch_related("prompts")),
            "files": SimpleUploadedFile("canary.txt", CANARY.encode()),
        }
        answer = client.post(address, form)
        assert answer.status_code in {200, 403, 409}, address
        assert (
            "FedRAMP" in answer.content.decode()
            or b"You cannot attach files here" in answer.content
        ), address
        del form["files"]
        answer = client.post(address, form)
        assert answer.status_code in {403, 409}, address
        assert "FedRAMP" in answer.content.decode(), address
    assert all_but_what_was_read() == before
    assert CANARY not in caplog.text


def all_but_what_was_read() -> dict[str, Any]:
    """The page that comes back shows the newest update, which is read by that (ESC-3)."""
    return {table: what for table, what in everything_stored().items() if "readmark" not in table}


@pytest.mark.rule("FED-1")
def test_no_page_shows_a_form_and_the_case_says_where_to_go(stage, sign_in, settings):
    settings.FEDRAMP_PORTAL_URL = "https://fedramp.desk.example"
    client = sign_in(stage["office"].desk.designated)
    for address in [stage["case"].get_absolute_url(), *addresses(stage)]:
        page = client.get(address, follow=True).content.decode()
        assert "<textarea" not in page, address
        assert "FedRAMP" in page, address
    page = client.get(stage["case"].get_absolute_url()).content.decode()
    assert "https://fedramp.desk.example" in page
    assert "Additional Help" not in page


@pytest.mark.rule("FED-1")
def test_words_typed_before_the_session_ran_out_are_not_kept(stage, client):
    address = reverse("portal:entry", args=[stage["case"].number])
    form = {"body": CANARY, drafts.FIELD: drafts.token(stage["office"].desk.designated, address)}
    before = everything_stored()
    assert client.post(address, form).status_code == 302
    assert everything_stored() == before


def test_the_stage_has_what_the_services_go_on_from(stage):
    """So that none is refused for another reason."""
    assert Escalation.objects.active().exists()
    assert OwnerReview.objects.open().exists()
    assert CaseLink.objects.exists()
