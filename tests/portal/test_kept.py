"""Typed text is not lost if the session ran out before it was sent."""

import datetime as dt

import pytest
import time_machine
from django.contrib.sessions.models import Session

from cases import drafts, jobs, realm
from cases.models import Case, Entry
from tests.portal.conftest import fields_of
from tests.world import NOW, PASSWORD

WORDS = "Every third transfer drops, since Monday."


def sign_in(client, person, then):
    page = client.get("/accounts/login/", {"next": then})
    return client.post(
        "/accounts/login/",
        {
            **fields_of(page, action="/accounts/login/"),
            "login": person.email,
            "password": PASSWORD,
        },
    )


def lose_the_session(client):
    """The session is gone on the server; the browser still has its CSRF cookie."""
    Session.objects.all().delete()


def write_without_a_session(client, case, words=WORDS):
    address = f"{case.get_absolute_url()}entry/"
    fields = fields_of(client.get(case.get_absolute_url()), action=address)
    lose_the_session(client)
    return address, client.post(address, {**fields, "body": words})


def test_an_update_is_shown_again_after_the_sign_in_and_can_be_sent(desk, browse):
    case = desk.owned_case()
    entries = Entry.objects.count()
    client = browse(desk.designated)
    address, answer = write_without_a_session(client, case)
    assert answer.status_code == 302
    assert answer.url == f"/accounts/login/?next={address}"
    assert Entry.objects.count() == entries
    assert "Your text is kept" in client.get(answer.url).content.decode()
    answer = sign_in(client, desk.designated, address)
    assert answer.url == address
    assert client.get(address).url == f"{case.get_absolute_url()}#write"
    page = client.get(case.get_absolute_url())
    assert WORDS in page.content.decode()
    assert "Here is what you wrote" in page.content.decode()
    client.post(address, {**fields_of(page, action=address), "body": WORDS})
    assert Entry.objects.get(event="message").body == WORDS
    again = client.get(case.get_absolute_url()).content.decode()
    assert again.count(WORDS) == 1, "it stands in the feed, and no longer in the form"


def test_a_half_filled_form_for_a_new_case_is_kept(desk, browse):
    client = browse(desk.designated)
    address = "/cases/open/acme/"
    fields = fields_of(client.get(address), action=address)
    lose_the_session(client)
    client.post(address, {**fields, "description": WORDS, "priority": "2", "subject": "Drops"})
    sign_in(client, desk.designated, address)
    page = client.get(address).content.decode()
    assert WORDS in page
    assert 'value="Drops"' in page
    assert 'value="2" id="id_priority_1" required checked' in " ".join(page.split())
    assert not Case.objects.exists()


def test_a_closing_reason_is_kept(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address = f"{case.get_absolute_url()}close/"
    fields = fields_of(client.get(address), action=address)
    lose_the_session(client)
    client.post(address, {**fields, "text": WORDS})
    sign_in(client, desk.designated, address)
    assert WORDS in client.get(address).content.decode()
    assert Case.objects.get().state == "in_progress"


def test_another_person_who_signs_in_there_does_not_see_it(desk, browse):
    colleague = desk.read_only
    colleague.memberships.update(role="designated")
    case = desk.owned_case()
    client = browse(desk.designated)
    address, _ = write_without_a_session(client, case)
    sign_in(client, colleague, address)
    assert WORDS not in client.get(case.get_absolute_url()).content.decode()


def test_a_stranger_cannot_put_words_into_a_persons_form(desk, browse):
    case = desk.owned_case()
    address = f"{case.get_absolute_url()}entry/"
    client = browse()
    csrf = fields_of(client.get("/accounts/login/"), action="/accounts/login/")
    for token in ("", "forged", drafts.token(desk.designated, "/cases/open/acme/")):
        client.post(address, {**csrf, "kept_for": token, "body": WORDS})
        assert drafts._SESSION_KEY not in client.session
    sign_in(client, desk.designated, address)
    assert WORDS not in client.get(case.get_absolute_url()).content.decode()


def test_it_is_offered_for_an_hour(desk, browse, settings):
    settings.CONTACT_IDLE_MINUTES = 0  # where a session lives that long
    case = desk.owned_case()
    client = browse(desk.designated)
    with time_machine.travel(NOW, tick=False) as clock:
        address, _ = write_without_a_session(client, case)
        sign_in(client, desk.designated, address)
        clock.move_to(NOW + dt.timedelta(hours=1))
        assert WORDS in client.get(case.get_absolute_url()).content.decode()
        clock.move_to(NOW + dt.timedelta(hours=1, seconds=1))
        assert WORDS not in client.get(case.get_absolute_url()).content.decode()


def test_a_draft_that_nobody_came_back_for_is_removed_with_its_session(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    with time_machine.travel(NOW, tick=False) as clock:
        write_without_a_session(client, case)
        draft = Session.objects.get()
        Session.objects.create(pk="x" * 32, session_data="", expire_date=draft.expire_date)
        clock.move_to(draft.expire_date)
        assert jobs.run("clear-sessions") == 0
        assert Session.objects.filter(pk=draft.pk).exists()
        clock.shift(dt.timedelta(seconds=1))
        alive = browse(desk.read_only)
        assert jobs.run("clear-sessions") == 2
        assert not Session.objects.filter(pk=draft.pk).exists()
        assert alive.get("/").status_code == 200
        assert jobs.run("clear-sessions") == 0


def test_a_draft_is_scrubbed_as_the_realm_scrubs_what_it_stores(desk, browse, monkeypatch):
    rules = type(realm.current())
    hides = lambda self, text, about=None: text.replace("secret", "[removed]")  # noqa: E731
    monkeypatch.setattr(rules, "scrub", hides)
    client = browse(desk.designated)
    address, _ = write_without_a_session(client, desk.owned_case(), "My secret words")
    assert client.session[drafts._SESSION_KEY][address]["texts"]["body"] == "My [removed] words"


def test_a_tab_from_before_another_sign_in_keeps_its_words(desk, browse):
    """The sign-in in a second tab changed the CSRF token under the first one."""
    case = desk.owned_case()
    client = browse(desk.designated)
    address = f"{case.get_absolute_url()}entry/"
    fields = fields_of(client.get(case.get_absolute_url()), action=address)
    client.post("/accounts/logout/", fields_of(client.get("/"), action="/accounts/logout/"))
    sign_in(client, desk.designated, "/")
    answer = client.post(address, {**fields, "body": WORDS})
    assert answer.url == address
    assert not Entry.objects.filter(event="message").exists()
    assert WORDS in client.get(case.get_absolute_url()).content.decode()


def test_a_forged_form_stays_forbidden(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    answer = client.post(f"{case.get_absolute_url()}entry/", {"body": WORDS, "version": 1})
    assert answer.status_code == 403
    assert not Entry.objects.filter(event="message").exists()
    assert WORDS not in client.get(case.get_absolute_url()).content.decode()


def test_the_token_of_somebody_else_keeps_nothing_for_who_is_signed_in(desk, browse):
    case = desk.owned_case()
    address = f"{case.get_absolute_url()}entry/"
    client = browse(desk.read_only)
    answer = client.post(
        address, {"kept_for": drafts.token(desk.designated, address), "body": WORDS}
    )
    assert answer.status_code == 403
    assert drafts._SESSION_KEY not in client.session


@pytest.mark.parametrize("length", [300_000, 2_000_000])
def test_even_a_very_long_text_does_not_swell_the_session(desk, browse, length):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, _ = write_without_a_session(client, case, "x" * length)
    sign_in(client, desk.designated, address)
    texts = client.session[drafts._SESSION_KEY][address]["texts"]
    assert len(texts["body"]) == 300_000


def test_a_page_from_before_the_sign_out_says_that_and_keeps_its_words(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address = f"{case.get_absolute_url()}entry/"
    fields = fields_of(client.get(case.get_absolute_url()), action=address)
    client.cookies.clear()
    page = client.post(address, {**fields, "body": WORDS}, follow=True).content.decode()
    assert "You are signed out, so this page was not sent" in page
    assert "signed in again" not in page
    assert not case.entries.filter(body=WORDS).exists()
