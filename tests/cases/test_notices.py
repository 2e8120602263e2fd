"""Who is told of what: the table, row by row, and the words of the mails in each realm."""

import datetime as dt
from html.parser import HTMLParser

import pytest
from django.conf import settings

from cases import realm
from cases.actors import Actor, staff_gate
from cases.mail_messages import as_html
from cases.models import Case, Membership, Notice, Person, SearchText
from cases.notices import notify
from cases.services.feeds import post_entry
from cases.services.severity import change_severity
from tests.world import NOW, Desk, membership, person

AT = NOW + dt.timedelta(days=1)
CANARY = "canary-7f3a"

DANA, QUIET, WATCHER = "dana@acme.example", "quiet@acme.example", "watcher@acme.example"
ERIN, COLE = "erin@support.example", "cole@support.example"
INVOLVED = {DANA, WATCHER}
EVEN_QUIET = {DANA, QUIET, WATCHER}


@pytest.fixture
def crowd(desk: Desk) -> Desk:
    """All who might be told, and all who must not."""
    for name, fields in [
        ("quiet", {"mail_my_cases": False}),
        ("former", {}),
        ("gone", {}),
        ("watcher", {"mail_all_cases": True, "mail_my_cases": False}),
        ("reader", {}),
    ]:
        someone = person(f"{name}@acme.example", **fields)
        role = "read_only" if name in {"watcher", "reader"} else "designated"
        membership(someone, desk.organization, role)
    desk.outsider.mail_all_cases = True
    desk.outsider.save()
    return desk


def involve(case: Case) -> None:
    """The quiet, the former and the gone wrote in it; then two of them left."""
    for name in ("quiet", "former", "gone"):
        writer = Person.objects.get(email=f"{name}@acme.example")
        post_entry(case_id=case.pk, actor=Actor.of(writer), now=NOW, body=f"I am {name}.")
    Membership.objects.get(person__email="former@acme.example").delete()
    gone = Person.objects.get(email="gone@acme.example")
    gone.is_active = False
    gone.save()


def told() -> set[str]:
    return set(Notice.objects.filter(created_at=AT).values_list("email", flat=True))


def staff_write(desk: Desk, case: Case) -> None:
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=AT, body=CANARY)


def contact_writes(desk: Desk, case: Case) -> None:
    post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=AT, body=CANARY)


def severity(desk: Desk, case: Case) -> None:
    change_severity(case_id=case.pk, severity=2, reason=CANARY, actor=Actor.of(desk.expert), now=AT)


def acts(action: str, by: str = "expert", **fields):
    def run(desk: Desk, case: Case) -> None:
        extra = {key: getattr(desk, value) for key, value in fields.items() if key == "owner"}
        extra |= {key: value for key, value in fields.items() if key != "owner"}
        desk.act(action, case, actor=getattr(desk, by), text=CANARY, now=AT, **extra)

    return run


ROWS = [
    ("taken", "new", acts("take"), INVOLVED),
    ("assigned", "new", acts("assign", owner="colleague"), {COLE}),
    ("question", "in_progress", acts("ask"), EVEN_QUIET),
    (
        "third_party",
        "in_progress",
        acts("engage", third_party="other", third_party_name=f"Telco {CANARY}"),
        INVOLVED,
    ),
    ("resumed", "awaiting_third_party", acts("resume"), INVOLVED),
    ("resolution", "in_progress", acts("propose"), EVEN_QUIET),
    ("accepted", "resolution_proposed", acts("accept", by="designated"), {WATCHER, ERIN}),
    ("persists", "resolution_proposed", acts("persist", by="designated"), {WATCHER, ERIN}),
    ("closed", "in_progress", acts("close", by="designated"), {QUIET, WATCHER, ERIN}),
    ("closed", "in_progress", acts("close"), EVEN_QUIET),
    ("closed", "in_progress", acts("close", by="colleague"), EVEN_QUIET | {ERIN}),
    ("reopened", "closed", acts("reopen", by="designated"), {WATCHER, ERIN}),
    ("reopened", "closed", acts("reopen"), INVOLVED),
    ("entry", "in_progress", contact_writes, {WATCHER, ERIN}),
    ("entry", "in_progress", staff_write, INVOLVED),
    ("severity", "in_progress", severity, INVOLVED),
]


@pytest.mark.rule("FEED-3")
@pytest.mark.rule("ACC-4")
@pytest.mark.rule("FED-13")
@pytest.mark.parametrize(("event", "state", "happens", "expected"), ROWS)
def test_row(crowd: Desk, event, state, happens, expected) -> None:
    case = crowd.case_in("new")
    involve(case)
    for action in {
        "new": [],
        "in_progress": ["take"],
        "awaiting_third_party": ["take", "engage"],
        "resolution_proposed": ["take", "propose"],
        "closed": ["take", "close"],
    }[state]:
        crowd.act(action, case, text="x", third_party="development")

    happens(crowd, case)

    assert told() == expected
    mails = Notice.objects.filter(created_at=AT)
    assert set(mails.values_list("event", "state")) == {(event, "queued")}
    may_say_it = realm.current().mails_carry_content and event != "assigned"
    for mail in mails:
        assert (CANARY in mail.text, CANARY in as_html(mail)) == (may_say_it, may_say_it)
        assert case.number in mail.subject
        assert settings.SITE_URL in mail.text
        row = mail.history.get()
        assert row.history_date == AT
        if not realm.current().mails_carry_content:
            assert mail.subject == case.number
            for words in (case.subject, "Dana", "Erin", "Cole", "Medium", "High", "Telco"):
                assert words not in mail.text, words


@pytest.mark.rule("SEV-4")
def test_whoever_opens_a_case_gets_a_receipt_even_if_quiet(crowd):
    quiet = Person.objects.get(email=QUIET)
    case = crowd.case(
        actor=Actor.of(quiet), now=AT, priority=1, phone_24x7="+1 555 0142", subject=CANARY
    )
    mail = Notice.objects.get()
    assert (mail.email, mail.event) == (QUIET, "opened")
    assert settings.SUPPORT_PHONE in mail.text
    assert f"quote {case.number}" in mail.text
    assert (CANARY in mail.subject) == realm.current().mails_carry_content


def test_an_owner_who_wants_no_mail_hears_of_the_end_alone(crowd):
    crowd.expert.mail_my_cases = False
    crowd.expert.save()
    case = crowd.owned_case()
    contact_writes(crowd, case)
    assert ERIN not in told()
    crowd.act("close", case, actor=crowd.designated, text="x", now=AT)
    assert ERIN in told()


def test_staff_whom_the_realm_does_not_admit_are_told_nothing(crowd, monkeypatch):
    case = crowd.owned_case()
    gate = type(staff_gate())
    monkeypatch.setattr(gate, "admits", lambda self, person: person.email != ERIN)
    contact_writes(crowd, case)
    assert told() == {WATCHER}
    assert not Actor.of(crowd.expert).may("cases.view_case")


@pytest.mark.rule("FEED-3")
def test_an_internal_entry_is_told_to_nobody_and_found_by_no_contact(crowd):
    case = crowd.owned_case()
    mails = Notice.objects.count()
    entry = post_entry(
        case_id=case.pk, actor=Actor.of(crowd.expert), now=AT, body=CANARY, internal=True
    )
    assert Notice.objects.count() == mails
    assert not SearchText.objects.filter(is_public=True, text__contains=CANARY).exists()
    with pytest.raises(ValueError, match="told to nobody"):
        notify("entry", case=case, entry=entry, actor=Actor.of(crowd.expert), now=AT)
    for action, fields in [("assign", {"owner": crowd.colleague})]:
        crowd.act(action, crowd.case(), text=f"note {CANARY}", now=AT, **fields)
    assert not Notice.objects.filter(text__contains=CANARY).exists()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)


@pytest.mark.realm("commercial")
def test_what_people_type_is_text_in_a_mail_and_never_a_tag_or_a_header(crowd):
    evil = "<script>alert(1)</script><img src=x onerror=y>"
    case = crowd.case(subject=f"Line one\r\nBcc: victim@evil.example {evil}")
    crowd.act("take", case)
    post_entry(case_id=case.pk, actor=Actor.of(crowd.expert), now=AT, body=f"{evil} & more")
    for mail in Notice.objects.filter(case=case):
        assert "\n" not in mail.subject
        assert "\r" not in mail.subject
        tags = _Tags()
        tags.feed(as_html(mail))
        assert tags.tags <= {"html", "head", "meta", "title", "body", "div", "p", "br", "a"}
    last = Notice.objects.filter(created_at=AT).first()
    assert evil in last.text
    assert "&amp;" not in last.text


@pytest.mark.rule("PORT-3")
def test_times_and_addresses_are_of_the_reader(crowd):
    case = crowd.owned_case()
    contact_writes(crowd, case)
    mail = Notice.objects.get(created_at=AT, email=ERIN)
    assert f"/admin/cases/case/{case.pk}/" in mail.text
    assert "Manage Profile" not in mail.text
    mail = Notice.objects.get(created_at=AT, email=WATCHER)
    assert case.get_absolute_url() in mail.text
    assert "/admin/" not in mail.text
