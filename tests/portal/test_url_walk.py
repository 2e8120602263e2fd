"""Every address x method x role answers as expected, and none ever with a server error.

The portal's own addresses are in a table; everything else in the URLconf follows general rules: a
page of the admin opens only for staff, and no address answers 500.
"""

import datetime as dt
import re
import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from cases.actors import Actor
from cases.models import Applicant, Attachment, Case, Entry, Notice, Person
from cases.services.feeds import post_entry
from cases.services.files import check_files
from escalations.models import OwnerReview
from escalations.selectors import newest_support_entry
from escalations.services.help_requests import request_help
from escalations.services.read_marks import mark_read
from supportdesk.checks import walk
from tests.strangers import STRANGERS
from tests.world import NOW

ROLES = ["anonymous", "read_only", "outsider", "designated", "expert"]
SIGN_IN = "302 /accounts/login/"
ADMIN = "302 /admin/"

#: Address: what GET and POST answer to each of ROLES. A redirect is named with its beginning.
PORTAL = {
    "": {
        "GET": [SIGN_IN, "200", "200", "200", ADMIN],
        "POST": ["405"] * 5,
    },
    "announcements/": {
        "GET": [SIGN_IN, "200", "200", "200", ADMIN],
        "POST": ["405"] * 5,
    },
    "profile/": {
        "GET": [SIGN_IN, "200", "200", "200", ADMIN],
        "POST": [SIGN_IN, "200", "200", "200", ADMIN],
    },
    "files/<uuid:public_id>/": {
        "GET": [SIGN_IN, "200", "404", "200", "200"],
        "POST": ["405"] * 5,
    },
    "cases/": {
        "GET": [SIGN_IN, "200", "200", "200", ADMIN],
        "POST": ["405"] * 5,
    },
    "before/": {
        "GET": [SIGN_IN, "200", "200", "200", ADMIN],
        "POST": ["405"] * 5,
    },
    "cases/open/": {
        "GET": [SIGN_IN, "403", "302 /cases/open/globex/", "302 /cases/open/acme/", ADMIN],
        "POST": ["405"] * 5,
    },
    "cases/open/<slug:short_name>/": {
        "GET": [SIGN_IN, "403", "404", "200", ADMIN],
        "POST": [SIGN_IN, "403", "404", "200", ADMIN],
    },
    "cases/<str:number>/": {
        "GET": [SIGN_IN, "200", "404", "200", ADMIN],
        "POST": ["405"] * 5,
    },
    "cases/<str:number>/opened/": {
        "GET": [SIGN_IN, "200", "404", "200", ADMIN],
        "POST": ["405"] * 5,
    },
    "cases/<str:number>/entry/": {
        "GET": [SIGN_IN, "302 /cases/", "404", "302 /cases/", ADMIN],
        "POST": [SIGN_IN, "403", "404", "200", ADMIN],
    },
    "cases/<str:number>/help/": {
        "GET": [SIGN_IN, "403", "404", "200", ADMIN],
        "POST": [SIGN_IN, "403", "404", "200", ADMIN],
    },
    "cases/<str:number>/help/panel/": {
        "GET": [SIGN_IN, "200", "404", "200", ADMIN],
        "POST": ["405"] * 5,
    },
    "cases/<str:number>/severity/": {
        "GET": [SIGN_IN, "403", "404", "200", ADMIN],
        "POST": [SIGN_IN, "403", "404", "200", ADMIN],
    },
    "cases/<str:number>/priority/": {
        "GET": [SIGN_IN, "403", "404", "200", ADMIN],
        "POST": [SIGN_IN, "403", "404", "200", ADMIN],
    },
    "cases/<str:number>/requests/<int:review_id>/withdraw/": {
        "GET": [SIGN_IN, "403", "404", "302 /cases/", ADMIN],
        "POST": [SIGN_IN, "403", "404", "302 /cases/", ADMIN],
    },
    "cases/<str:number>/management/": {
        "GET": [SIGN_IN, "403", "404", "200", ADMIN],
        "POST": [SIGN_IN, "403", "404", "200", ADMIN],
    },
    "cases/<str:number>/escalation/": {
        "GET": [SIGN_IN, "200", "404", "200", ADMIN],
        "POST": ["405"] * 5,
    },
    "cases/<str:number>/escalation/<int:escalation_id>/": {
        "GET": [SIGN_IN, "200", "404", "200", ADMIN],
        "POST": [SIGN_IN, "403", "404", "200", ADMIN],
    },
    "cases/<str:number>/<slug:action>/": {
        "GET": [SIGN_IN, "403", "404", "200", ADMIN],
        "POST": [SIGN_IN, "403", "404", "200", ADMIN],
    },
}

if settings.REALM == "commercial":
    PORTAL |= {
        "get-started/": {"GET": ["200"] * 5, "POST": ["422"] * 5},
        "get-started/done/": {"GET": ["200"] * 5, "POST": ["405"] * 5},
        "applicants/": {
            "GET": [SIGN_IN, "403", "200", "200", ADMIN],
            "POST": ["405"] * 5,
        },
        "applicants/<int:pk>/": {
            "GET": [SIGN_IN, "404", "404", "200", ADMIN],
            "POST": [SIGN_IN, "404", "404", "422", ADMIN],
        },
    }
if settings.REALM == "fedramp":
    PORTAL |= {
        "invitation/<str:token>/": {"GET": ["410"] * 5, "POST": ["410"] * 5},
        "access/": {
            "GET": [SIGN_IN, "403", "200", "200", ADMIN],
            "POST": ["405"] * 5,
        },
        "access/ask/": {
            "GET": [SIGN_IN, "403", "200", "200", ADMIN],
            "POST": [SIGN_IN, "403", "422", "422", ADMIN],
        },
        "files/<uuid:public_id>/progress/": {
            "GET": [SIGN_IN, "302 /cases/", "404", "302 /cases/", "302 /admin/cases/case/"],
            "POST": ["405"] * 5,
        },
        "files/<uuid:public_id>/removed/": {
            "GET": [SIGN_IN, "302 /cases/", "404", "302 /cases/", "302 /admin/fedramp/"],
            "POST": ["405"] * 5,
        },
        "cases/<str:number>/removed/": {
            "GET": [SIGN_IN, "403", "404", "200", ADMIN],
            "POST": [SIGN_IN, "403", "404", "422", ADMIN],
        },
        "cases/<str:number>/removed/passage/": {
            "GET": [SIGN_IN, "403", "404", "200", ADMIN],
            "POST": [SIGN_IN, "403", "404", "422", ADMIN],
        },
        "profile/pin/": {
            "GET": [SIGN_IN, *["302 /accounts/reauthenticate/"] * 3, ADMIN],
            "POST": [SIGN_IN, *["302 /accounts/reauthenticate/"] * 3, ADMIN],
        },
    }

#: Pages of allauth and of the admin that are meant for everybody.
OPEN_TO_ALL = {"admin/login/", "admin/logout/", "admin/jsi18n/"}


@pytest.fixture
def samples(desk):
    """A value for each parameter of an address: the case of the organization, and what it has."""
    case = desk.owned_case()
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body="With a file.",
        files=check_files([SimpleUploadedFile("a.log", b"log")]),
    )
    return {
        "number": case.number,
        "action": "close",
        "short_name": "acme",
        "public_id": str(Attachment.objects.get().public_id),
        "pk": str(applicant(desk).pk),
        "escalation_id": str(escalated(desk, case).pk),
        "review_id": str(OwnerReview.objects.get().pk),
        "object_id": str(case.pk),
        "case_id": str(case.pk),
        "content_type_id": "1",
        "history_id": "1",
        "app_label": "cases",
        "url": "nothing-here",
    }


def applicant(desk):
    """Somebody who asked for access to the organization (ACC-5)."""
    return Applicant.objects.create(
        name="Nell",
        email="nell@acme.example",
        typed="acme",
        organization=desk.organization,
        role="read_only",
        asked_at=NOW,
        due_at=NOW,
        submission=uuid.uuid4(),
    )


def escalated(desk, case):
    """The case's escalation, asked for when nothing stands against it any more."""
    later = NOW + dt.timedelta(days=30)
    actor = Actor.of(desk.designated)
    mark_read(case=case, entry_id=newest_support_entry(case), actor=actor, now=later)
    request_help(case_id=case.pk, actor=actor, now=later, reason="case_update")
    return request_help(
        case_id=case.pk, actor=actor, now=later, reason="other", details="Nothing happens."
    )


def fill(path, samples):
    """The address of a pattern, every parameter filled in."""
    path = path.replace("\\Z", "").replace("^", "").replace("$", "").replace("\\.", ".")
    path = re.sub(r"\(\?:([^|()]+)\|[^()]*\)", r"\1", path)  # one of several
    path = re.sub(
        r"\(\?P<(\w+)>[^()]*\)", lambda match: samples.get(match.group(1), "sample"), path
    )

    def value(match):
        kind, name = match.group(1), match.group(2)
        if name in samples:
            return samples[name]
        return str(uuid.uuid4()) if kind == "uuid:" else "1"

    return "/" + re.sub(r"<(\w+:)?(\w+)>", value, path)


@pytest.fixture
def ask(desk):
    """`ask(role, method, address)`: the answer to somebody of this role."""
    clients = {}

    def sign_in(role):
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.force_login(getattr(desk, role), backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    def answer(role, method, address):
        if role not in clients:
            clients[role] = sign_in(role)
        client = clients[role]
        if "logout" in address or "login" in address:
            del clients[role]  # it may have ended the session
        return client.get(address) if method == "GET" else client.post(address, {})

    return answer


def in_words(answer):
    return f"{answer.status_code} {answer.get('Location', '')}".strip()


def is_kept_by_nobody(answer):
    """Neither a browser nor a proxy may store it."""
    return {"private", "no-store"} <= set(answer.get("Cache-Control", "").split(", "))


def stored():
    return tuple(model.objects.count() for model in (Case, Entry, Attachment, Notice))


def test_the_table_names_every_address_of_the_portal():
    ours = {
        path
        for path, view in walk(get_resolver().url_patterns)
        if view.__module__.startswith(("cases.views", "escalations.views", "fedramp.views"))
    }
    assert ours == set(PORTAL)


@pytest.mark.rule("ACC-1", "ACC-2", "ACC-4")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", PORTAL)
def test_every_address_of_the_portal_answers_each_role_as_the_table_says(
    ask, samples, path, method
):
    before = stored()
    address = fill(path, samples)
    given = [ask(role, method, address) for role in ROLES]
    answers = [in_words(answer) for answer in given]
    expected = PORTAL[path][method]
    for role, got, wanted in zip(ROLES, answers, expected, strict=True):
        assert got.startswith(wanted), f"{method} {address} as {role}: {got}, not {wanted}"
    assert stored() == before
    for role, answer in zip(ROLES, given, strict=True):
        if role != "anonymous":
            assert is_kept_by_nobody(answer), f"{method} {address} as {role} may be kept"


def test_no_other_address_fails_or_may_be_kept(ask, samples):
    """Those of packages, and what of the admin is open to all; see tests/admin/test_walk.py."""
    wrong = []
    for path, _view in walk(get_resolver().url_patterns):
        if path in PORTAL or (path.startswith("admin/") and path not in OPEN_TO_ALL):
            continue
        address = fill(path, samples)
        for method in ("GET", "POST"):
            for role in ROLES:
                answer = ask(role, method, address)
                line = f"{method} {address} as {role}: {in_words(answer)}"
                if answer.status_code >= 500:
                    wrong.append(line)
                elif not path.startswith("accounts/") or role == "anonymous":
                    continue
                elif not is_kept_by_nobody(answer):
                    wrong.append(f"{line}, and may be kept")
    assert not wrong, "\n".join(wrong)


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-2", "FED-6")
def test_to_strangers_of_this_realm_no_address_says_more_than_to_anybody(
    desk, samples, monkeypatch
):
    """Staff without the skill, or with one that ran out, and who brings what the other realm gave.

    The addresses of the admin are tried in tests/admin/test_walk.py.
    """
    monkeypatch.setattr("supportdesk.sign_in.adapter.logout", lambda request: None)
    before, wrong = stored(), []
    nobody: dict[tuple[str, str], str] = {}
    for who, make in STRANGERS.items():
        Person.objects.filter(email="somebody@support.example").update(email=f"{who}@x.example")
        stranger = make()
        for path, _view in walk(get_resolver().url_patterns):
            address = fill(path, samples)
            if path.startswith("admin/"):
                continue
            for method in ("get", "post"):
                got = in_words(getattr(stranger, method)(address))
                if (method, address) not in nobody:
                    nobody[method, address] = in_words(getattr(Client(), method)(address))
                wanted = nobody[method, address]
                refused = "403" if "skill" in who else wanted
                if not got.startswith((refused, wanted)):
                    wrong.append(f"{method} {address} {who}: {got}, not {wanted}")
    assert not wrong, "\n".join(wrong)
    assert stored() == before
