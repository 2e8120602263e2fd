"""Reads pages of the admin and sends their forms as a browser would."""

import re
import uuid
from typing import Any

from django.urls import reverse

from cases.models import Case
from tests import world


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:cases_case_{name}", args=args)


def page_url(case: Case) -> str:
    return url("change", case.pk)


def fresh(case: Case) -> Case:
    return Case.objects.select_related("owner").get(pk=case.pk)


def form_of(case: Case, **fields: Any) -> dict[str, Any]:
    """What the form of a page sends that was shown for the case as it is now."""
    return {"version": fresh(case).version, "submission": str(uuid.uuid4()), **fields}


def composer(case: Case, kind: str, body: str, **fields: Any) -> dict[str, Any]:
    """What the composer of this kind sends."""
    sent = form_of(case, body=body, **fields)
    return {f"{kind}-{name}": value for name, value in sent.items()}


def text_of(response: Any) -> str:
    """The words of the page, without tags, each run of white space as one blank."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def attach(desk: world.Desk, case: Case) -> Any:
    from django.core.files.base import ContentFile

    from cases.services.feeds import post_entry
    from cases.services.files import CheckedFile

    file = CheckedFile(ContentFile(b"a log"), "a.log", "text/plain", 5, "0" * 64)
    entry = post_entry(
        case_id=case.pk,
        actor=world.Actor.of(desk.expert),
        now=world.NOW,
        body="The log.",
        internal=True,
        files=[file],
    )
    return entry.attachments.get()


def picture(desk: world.Desk, case: Case) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cases.services.files import check_files
    from fedramp.services.file_reviews import submit

    png = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    return submit(
        case_id=case.pk,
        file=check_files([png])[0],
        reason="x",
        looked=True,
        actor=world.Actor.of(desk.colleague),
        now=world.NOW,
        submission=uuid.uuid4(),
    )
