"""FED-4, FED-7: a wrong key starts nothing and loses nothing; keys are changed by a command."""

import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cases import jobs
from cases.actors import Actor
from cases.models import Attachment, Entry
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp import key_checks
from fedramp.crypto import check_values
from fedramp.models import KeyCheck, Pin, Placeholder, QuarantinedFile
from fedramp.services.pins import digits_of, renew
from supportdesk import boundary
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]
OTHER = b"\x07" * 32


@pytest.fixture
def waiting(desk):
    """A contact with a PIN, and a file that waits encrypted; the database knows its key."""
    key_checks.write_first()
    renew(person_id=desk.designated.pk, actor=Actor.of(desk.designated), now=NOW)
    line = "10:00:00.1 INFO ani=+18165550142\n"
    content = (line * 20_000).encode()
    post_entry(
        case_id=desk.owned_case().pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body="see the file",
        files=check_files([SimpleUploadedFile("a.log", content)]),
    )
    return desk


def state():
    return Attachment.objects.get().scan_state


@pytest.mark.rule("FED-7")
def test_a_file_that_does_not_open_is_put_off_and_never_lost(waiting, settings):
    right = settings.PIN_KEY
    settings.PIN_KEY = OTHER
    encrypted = bytes(QuarantinedFile.objects.get().key)
    for _ in range(8):
        QuarantinedFile.objects.update(due_at=timezone.now())
        assert jobs.run("scrub-files") == 1
    held = QuarantinedFile.objects.get()
    assert bytes(held.key) == encrypted
    assert held.due_at > timezone.now()
    assert state() == "cleaning"
    assert not Entry.objects.filter(event="file_refused").exists()
    settings.PIN_KEY = right
    QuarantinedFile.objects.update(due_at=timezone.now())
    jobs.run("scrub-files")
    assert Attachment.objects.get().file.read().startswith(b"10:00:00.1 INFO ani=[PHONE-1]")
    assert not QuarantinedFile.objects.exists()


@pytest.mark.rule("FED-4")
def test_a_wrong_key_ends_the_start(waiting, settings, monkeypatch):
    before = everything_stored()
    monkeypatch.setattr(boundary, "_ours", set())
    monkeypatch.setattr(connection, "close", lambda: None)
    boundary._look(None, connection)
    settings.PIN_KEY = OTHER
    monkeypatch.setattr(boundary, "_ours", set())
    with pytest.raises(boundary.RealmsMixed, match="PIN_KEY is not the key of this database"):
        boundary._look(None, connection)
    settings.PIN_KEY_FALLBACKS = [b"\x00" * 32]
    boundary._look(None, connection)
    assert everything_stored() == before


@pytest.mark.rule("FED-4")
def test_a_database_from_before_is_not_marked_with_a_key_that_opens_nothing(waiting, settings):
    KeyCheck.objects.all().delete()
    settings.PIN_KEY = OTHER
    with pytest.raises(SystemExit, match="PIN_KEY"):
        key_checks.write_first()
    assert not KeyCheck.objects.exists()


@pytest.mark.rule("FED-4")
@pytest.mark.rule("FED-7")
def test_the_key_is_changed_and_the_old_one_can_go(waiting, settings):
    old, pin = settings.PIN_KEY, Pin.objects.get()
    digits = digits_of(pin)
    settings.PIN_KEY, settings.PIN_KEY_FALLBACKS = OTHER, [old]
    assert digits_of(Pin.objects.get()) == digits
    call_command("rotate_keys")
    settings.PIN_KEY_FALLBACKS = []
    assert not key_checks.is_wrong(connection)
    assert digits_of(Pin.objects.get()) == digits
    assert Pin.objects.get().digest != pin.digest
    jobs.run("scrub-files")
    assert b"[PHONE-1]" in Attachment.objects.get().file.read()
    settings.PIN_KEY = old
    assert key_checks.is_wrong(connection)


@pytest.mark.rule("FED-4")
def test_what_opens_with_no_key_stays_and_the_command_says_so(waiting, settings):
    before = everything_stored()
    settings.PIN_KEY = OTHER
    with pytest.raises(CommandError, match="2 open with none of the keys"):
        call_command("rotate_keys")
    assert everything_stored() == before
    assert KeyCheck.objects.get().digest not in check_values()


@pytest.mark.rule("FED-7")
def test_the_numbers_of_a_case_outlive_a_changed_secret_key(desk, settings):
    case = desk.owned_case()

    def write(body):
        post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body=body)
        return Entry.objects.latest("pk").body

    assert write("Ring 816-555-0142.") == "Ring [PHONE-1]."
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as such a key has to be here"
    assert write("Ring 816-555-0142, not 303-555-0199.") == "Ring [PHONE-1], not [PHONE-2]."
    settings.SECRET_KEY_FALLBACKS = []
    assert write("It is 816-555-0142.") == "It is [PHONE-1]."
    assert Placeholder.objects.count() == 2


@pytest.mark.parametrize("value", ["abc", "00" * 31, "zz" * 32])
def test_an_odd_fallback_names_itself(value):
    code = "import supportdesk.settings"
    environment = {"ENVIRONMENT": "test", "REALM": "fedramp", "PIN_KEY_FALLBACKS": value}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "PIN_KEY_FALLBACKS" in done.stderr
    assert value not in done.stderr
