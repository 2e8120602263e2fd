"""FED-2, FED-7, FED-13: what people write is in no mail, log, task, admin log or error page, and
what was removed from it is nowhere at all."""

import inspect
import json
import logging
import uuid

import pytest
from celery.signals import before_task_publish
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from cases.job_table import JOBS, TASK, wake
from cases.jobs.sweeps import deliver_one
from cases.models import Case
from supportdesk.celery import app
from tests import canary
from tests.canary import CANARY, WORDS
from tests.escalations.asking import asked
from tests.stored import stored_files

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

SECRET = "quill.vandermeer@blueshift.example"
TOLD = f"{WORDS} Write to {SECRET}, 212-555-0142."
#: Statements with their parameters; below DEBUG no deployment ever logs them.
QUERIES = "django.db.backends"
#: What of it must be nowhere.
REMOVED = (SECRET, "quill", "555-0142", "5550142")


@pytest.fixture
def tasks():
    """The bodies of all tasks that are sent."""
    bodies = []

    def note(body=None, **kwargs):
        bodies.append(body)

    before_task_publish.connect(note, weak=False, dispatch_uid="canary")
    yield bodies
    before_task_publish.disconnect(dispatch_uid="canary")


@pytest.fixture
def sign_in():
    def make(someone):
        client = Client(raise_request_exception=False)
        client.force_login(someone, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return make


def holding(*needles: str) -> set[str]:
    """The columns of the whole database in which one of them stands."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {
                    f"{table}.{name}"
                    for name, value in zip(names, row, strict=True)
                    if any(needle in str(value).lower() for needle in needles)
                }
    return found


def write_by_hand(desk, sign_in) -> tuple[Case, str]:
    """A case's life by its forms, and the answers that refuse: what they say."""
    contact, staff = sign_in(desk.designated), sign_in(desk.expert)
    form = {
        "deployment": desk.deployment.pk,
        "priority": 3,
        "subject": TOLD,
        "description": TOLD,
        "business_impact": TOLD,
        "conversation_id": SECRET,
        "submission": str(uuid.uuid4()),
        "files": [SimpleUploadedFile(f"{CANARY}-{SECRET}.log", TOLD.encode() * 3)],
    }
    answer = contact.post("/cases/open/acme/", form)
    assert answer.status_code == 302, answer.content
    case = Case.objects.get()
    address, page = case.get_absolute_url(), f"/admin/cases/case/{case.pk}/"
    for client, where, fields in (
        (staff, f"{page}do/take/", {"text": TOLD}),
        (contact, f"{address}entry/", {"body": TOLD}),
        (staff, f"{page}entry/internal/", {"internal-body": TOLD}),
        (staff, f"{page}severity/", {"severity": 2, "text": TOLD}),
        (contact, f"{address}help/", {"reason": "case_update", "details": TOLD, "asked": asked()}),
        (contact, "/access/ask/", {"people": "Al, al@acme.example", "note": TOLD}),
        (staff, f"/admin/fedramp/redaction/ask/{case.pk}/", {"reason": TOLD}),
        (staff, f"{page}do/propose/", {"text": TOLD}),
        (contact, f"{address}close/", {"text": TOLD}),
    ):
        shown = Case.objects.get()
        version = shown.version if client is staff else shown.public_version
        submission = str(uuid.uuid4())
        hidden = {"version": version, "submission": submission}
        hidden |= {f"internal-{name}": value for name, value in hidden.items()}
        hidden |= {"organization": desk.organization.pk, "target": f"cases.case:{case.pk}:subject"}
        answer = client.post(where, {**hidden, **fields})
        assert answer.status_code == 302, (where, answer.status_code)
    outsider, reader = sign_in(desk.outsider), sign_in(desk.read_only)
    refusals = [
        Client().get(address),
        outsider.get(address),
        outsider.post(f"{address}entry/", {"body": TOLD}),
        reader.post(f"{address}close/", {"text": TOLD}),
        contact.post("/cases/", {"q": TOLD}),
        staff.get(f"/admin/fedramp/auditentry/?q={SECRET}"),
        Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": SECRET}),
        Client().post("/accounts/login/", {"login": "al@acme.example", "password": TOLD}),
        contact.get(f"/cases/{SECRET}/"),
        contact.get(f"/nothing/{SECRET}/"),
        contact.post("/cases/open/acme/", {**form, "subject": "x" * 17_000_000}),
    ]
    codes = {each.status_code for each in refusals}
    assert codes >= {302, 403, 404, 405, 413}, codes
    # The sign-in shows to its typist what was typed in its own field, and to nobody else.
    said = "".join(each.content.decode() for each in refusals if each.status_code != 200)
    return case, said


@pytest.mark.rule("FED-2", "FED-7", "FED-13")
def test_what_is_written_leaves_by_no_side_door_and_what_is_removed_is_nowhere(
    desk, sign_in, tasks, caplog, mailoutbox, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.DEBUG)
    with django_capture_on_commit_callbacks(execute=True):
        case, said = write_by_hand(desk, sign_in)
    canary.write_everywhere(TOLD, scrubbed_alone=True)
    while deliver_one(timezone.now()):
        pass
    assert CANARY in case.subject
    assert len(mailoutbox) > 3
    bodies = json.dumps([body[:2] for body in tasks])
    assert bodies
    for arguments, named in (body[:2] for body in tasks):
        assert list(arguments) in [[name] for name in JOBS]
        assert not named
    mails = "".join(each.subject + each.body + str(each.alternatives) for each in mailoutbox)
    log = "\n".join(
        each.getMessage() for each in caplog.records if each.name != "django.db.backends"
    )
    for needle in (CANARY, *REMOVED):
        for where, text in (("mail", mails), ("task", bodies), ("log", log), ("page", said)):
            assert needle not in text.lower(), f"{needle} in a {where}"
    # Only texts hold the words, and their history, search and drafts; no admin log, no audit log.
    assert {each.split(".")[0] for each in holding(CANARY)} <= canary.tables()
    assert holding(*REMOVED) == set()
    for name in stored_files():
        assert SECRET not in name
        with default_storage.open(name) as file:
            content = file.read()
        assert CANARY.encode() in content
        assert not any(each.encode() in content for each in REMOVED)


@pytest.mark.rule("FED-2")
def test_the_canary_reaches_every_text_that_the_models_have(desk):
    """A new text of a model is one more column here: without the word in it this fails."""
    desk.owned_case()
    canary.write_everywhere()
    assert canary.missing_from(holding(CANARY)) == set()
    labels = {model._meta.label for model in canary.text_fields()}
    assert not {each.rsplit(".", 1)[0] for each in canary.CODES} - labels - canary.MADE


@pytest.mark.rule("FED-2")
def test_the_only_task_takes_nothing_but_the_name_of_a_job(tasks):
    """Nothing that was written can be in a message: it has no place for it."""
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.split(".")[0] in canary.OURS}
    assert set(ours) == {TASK}
    assert list(inspect.signature(ours[TASK].run).parameters) == ["name"]
    with pytest.raises(KeyError):
        wake(TOLD)
