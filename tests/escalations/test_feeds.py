"""Two feeds: who writes where, and what is moved (FEED-1, FEED-2, FEED-3, ESC-3)."""

import uuid

import pytest

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Case, Entry, Notice, SearchText
from cases.models.search import matching
from cases.services.feeds import post_entry
from escalations.models import EscalationEntry, ReadMark
from escalations.selectors import has_unread_update, newest_support_entry
from escalations.services.feeds import move_to_case, move_to_escalation, post_in_feed
from escalations.services.management import close
from escalations.services.read_marks import mark_read
from tests.stored import everything_stored
from tests.world import NOW

from .world import HOUR, LONG_AGO


def write(escalation, person, **fields):
    return post_in_feed(
        escalation_id=escalation.pk,
        actor=Actor.of(person),
        now=NOW,
        **{"body": "When is the fix installed?", **fields},
    )


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("email", flat=True))


@pytest.mark.rule("FEED-2")
def test_contacts_write_in_the_commercial_realm_alone_and_read_in_both(office):
    escalation = office.accepted()
    before = everything_stored()
    if realm.current().contacts_write_in_escalations:
        form = uuid.uuid4()
        entry = write(escalation, office.desk.designated, submission=form)
        assert write(escalation, office.desk.designated, submission=form) == entry
        assert told("escalation_message") == {office.owner.email}
    else:
        with pytest.raises(NotAllowed, match="only read"):
            write(escalation, office.desk.designated)
        assert everything_stored() == before
    seen = EscalationEntry.objects.all().visible_to(office.desk.designated)
    assert "accepted" in {entry.event for entry in seen}
    assert not EscalationEntry.objects.all().visible_to(office.desk.outsider).exists()


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FEED-2")
def test_the_realms_differ_in_the_label_and_in_writing():
    rules = realm.current()
    assert rules.help_button_label == "Escalate Case"
    assert not rules.contacts_write_in_escalations


@pytest.mark.realm("commercial")
@pytest.mark.rule("HELP-1")
def test_the_button_of_the_commercial_realm():
    assert realm.current().help_button_label == "Additional Help"


@pytest.mark.rule("HELP-1")
def test_the_label_is_a_setting(office, client, settings):
    settings.HELP_BUTTON_LABEL = "Ask for more"
    client.force_login(office.desk.designated)
    case = office.case()
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Ask for more</a>" in page or "Ask for more</button>" in page
    assert realm.current().usual_help_label not in page
    assert "<h1>Ask for more</h1>" in client.get(f"{case.get_absolute_url()}help/").content.decode()


@pytest.mark.rule("FEED-2")
@pytest.mark.rule("FEED-1")
def test_the_owner_writes_in_both_realms_and_not_into_the_case(office):
    escalation = office.accepted()
    entries = escalation.case.entries.count()
    write(escalation, office.owner, body="The fix is built.")
    assert told("escalation_message") == {office.desk.designated.email}
    assert escalation.case.entries.count() == entries
    assert Case.objects.get(pk=escalation.case_id).staff_updated_at == LONG_AGO


@pytest.mark.rule("ACC-2")
@pytest.mark.parametrize("who", ["read_only", "outsider", "expert"])
def test_nobody_else_writes_in_the_escalation_feed(office, who):
    escalation = office.accepted()
    before = everything_stored()
    with pytest.raises(NotAllowed):
        write(escalation, getattr(office.desk, who))
    assert everything_stored() == before


def test_nothing_is_written_that_is_empty_or_after_the_end(office):
    escalation = office.accepted()
    with pytest.raises(Invalid):
        write(escalation, office.owner, body=" ")
    close(escalation_id=escalation.pk, actor=Actor.of(office.owner), now=NOW, justification="Over.")
    before = everything_stored()
    with pytest.raises(NotPossible):
        write(escalation, office.owner)
    assert everything_stored() == before


@pytest.mark.rule("FEED-3")
def test_an_internal_note_reaches_no_contact(office):
    escalation = office.accepted()
    mails = Notice.objects.count()
    note = write(escalation, office.desk.expert, body="Careful with them.", internal=True)
    assert note not in EscalationEntry.objects.all().visible_to(office.desk.designated)
    assert Notice.objects.count() == mails
    cases = Case.objects.all()
    assert not matching(cases, "Careful with them", internal=False).exists()
    assert matching(cases, "Careful with them", internal=True).exists()
    with pytest.raises(NotAllowed):
        write(escalation, office.desk.designated, internal=True)


# --- Moving -------------------------------------------------------------------------------------


@pytest.mark.rule("FEED-1")
def test_a_message_in_the_wrong_feed_moves_with_its_author_and_leaves_a_trace(office):
    escalation = office.accepted()
    case = escalation.case
    contact = office.desk.designated
    message = post_entry(
        case_id=case.pk, actor=Actor.of(contact), now=NOW, body="Who looks after this now?"
    )
    moved = move_to_escalation(
        entry_id=message.pk,
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW + HOUR,
    )
    assert (moved.author, moved.author_side, moved.body) == (contact, "contact", message.body)
    assert moved.created_at == NOW
    trace = Entry.objects.get(pk=message.pk)
    assert (trace.moved_at, trace.moved_by) == (NOW + HOUR, office.owner)
    assert trace.history.first().history_change_reason == "feeds.move"
    back = move_to_case(entry_id=moved.pk, actor=Actor.of(office.desk.expert), now=NOW + HOUR)
    assert (back.author, back.event, back.body) == (contact, "moved", message.body)
    assert EscalationEntry.objects.get(pk=moved.pk).moved_by == office.desk.expert
    before = everything_stored()
    for again in (
        lambda: move_to_case(entry_id=moved.pk, actor=Actor.of(office.owner), now=NOW),
        lambda: move_to_escalation(
            entry_id=message.pk,
            escalation_id=escalation.pk,
            actor=Actor.of(office.owner),
            now=NOW,
        ),
    ):
        with pytest.raises(NotPossible):
            again()
    assert everything_stored() == before


@pytest.mark.rule("FEED-1")
def test_the_pages_show_the_trace_and_the_words_no_more(office, client):
    escalation = office.accepted()
    message = post_entry(
        case_id=escalation.case.pk,
        actor=Actor.of(office.desk.designated),
        now=NOW,
        body="Who looks after this now?",
    )
    move_to_escalation(
        entry_id=message.pk, escalation_id=escalation.pk, actor=Actor.of(office.owner), now=NOW
    )
    client.force_login(office.desk.designated)
    portal = client.get(escalation.case.get_absolute_url()).content.decode()
    client.force_login(office.desk.expert)
    admin = client.get(f"/admin/cases/case/{escalation.case.pk}/change/").content.decode()
    for page in (portal, admin):
        assert "Moved to Escalation Details by Owen Owner" in page
        assert "Who looks after this now?" not in page


@pytest.mark.rule("ESC-13")
def test_moving_is_no_update_by_product_support(office):
    escalation = office.accepted()
    word = write(escalation, office.owner, body="Set the codec to G.711.")
    move_to_case(entry_id=word.pk, actor=Actor.of(office.owner), now=NOW)
    case = Case.objects.get(pk=escalation.case_id)
    assert case.staff_updated_at == LONG_AGO
    assert has_unread_update(case, office.desk.designated), "but it is there to be read"


@pytest.mark.rule("FEED-3")
def test_an_internal_note_stays_internal_when_it_moves(office):
    escalation = office.accepted()
    note = write(escalation, office.owner, body="Careful with them.", internal=True)
    mails = Notice.objects.count()
    moved = move_to_case(entry_id=note.pk, actor=Actor.of(office.owner), now=NOW)
    assert moved.is_internal
    assert Notice.objects.count() == mails
    assert not SearchText.objects.filter(text="Careful with them.", is_public=True).exists()


def test_only_messages_move_within_their_case_and_by_those_who_may(office):
    escalation = office.accepted()
    elsewhere = office.case()
    foreign = post_entry(
        case_id=elsewhere.pk, actor=Actor.of(office.desk.designated), now=NOW, body="Hello?"
    )
    event = escalation.case.entries.get(event="escalated")
    before = everything_stored()
    for entry in (foreign, event):
        with pytest.raises(NotPossible):
            move_to_escalation(
                entry_id=entry.pk,
                escalation_id=escalation.pk,
                actor=Actor.of(office.owner),
                now=NOW,
            )
    accepted = escalation.entries.get(event="accepted")
    with pytest.raises(NotPossible):
        move_to_case(entry_id=accepted.pk, actor=Actor.of(office.owner), now=NOW)
    for person in (office.manager, office.desk.designated):
        with pytest.raises(NotAllowed):
            move_to_case(entry_id=accepted.pk, actor=Actor.of(person), now=NOW)
    assert everything_stored() == before


# --- Reading ------------------------------------------------------------------------------------


@pytest.mark.rule("ESC-3")
def test_a_mark_goes_forward_only_and_is_stored_once(office):
    case = office.case()
    contact = office.desk.designated
    first = newest_support_entry(case)
    office.update(case)
    newest = newest_support_entry(case)
    assert has_unread_update(case, contact)
    office.read(case)
    assert not has_unread_update(case, contact)
    before = everything_stored()
    for entry_id in (first, newest):
        mark_read(case=case, entry_id=entry_id, actor=Actor.of(contact), now=NOW + HOUR)
    assert everything_stored() == before
    assert ReadMark.objects.get(person=contact, case=case).entry_id == newest


@pytest.mark.rule("ACC-4")
@pytest.mark.rule("FEED-3")
def test_nobody_marks_what_is_not_shown_to_him(office):
    case = office.case()
    office.update(case, internal=True)
    internal = case.entries.get(visibility="internal")
    before = everything_stored()
    with pytest.raises(NotAllowed):
        mark_read(case=case, entry_id=internal.pk, actor=Actor.of(office.desk.designated), now=NOW)
    with pytest.raises(NotAllowed):
        office.read(case, office.desk.outsider)
    assert everything_stored() == before
    office.read(case, office.desk.read_only)
