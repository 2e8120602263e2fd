"""What the tests of the provider share: a contact who has an account there, and the way there."""

from typing import Any

from django.test import Client
from django.urls import reverse

from cases.models import Person
from fedramp.models import AuditEntry, OidcAccount
from tests.provider.stub import asked_in
from tests.world import NOW, Desk, membership

SUBJECT = "nell-at-the-provider"


def newcomer(desk: Desk) -> Person:
    """A contact who never signed in."""
    nell = Person(email="nell@acme.example", name="Nell Newcomer")
    nell.set_unusable_password()
    nell.save()
    membership(nell, desk.organization, "designated")
    return nell


def bound(person: Person, issuer: str, subject: str = SUBJECT) -> Person:
    OidcAccount.objects.create(person=person, issuer=issuer, subject=subject, bound_at=NOW)
    return person


def begin(client: Client, address: str = "", **query: str) -> dict[str, str]:
    """Goes to the provider, and gives what the desk asked it."""
    answer = client.get(address or reverse("provider_sign_in"), query)
    assert answer.status_code == 302, answer.content
    return {**asked_in(answer.url), "at": answer.url}


def come_back(client: Client, asked: dict[str, str], **query: str) -> Any:
    return client.get(
        reverse("provider_callback"), {"code": "a-code", "state": asked["state"], **query}
    )


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def failures() -> list[tuple[str | None, str]]:
    """Whom the audit log names for failed sign-ins, and why they failed."""
    rows = AuditEntry.objects.filter(event="failed").order_by("pk")
    return list(rows.values_list("person__email", "detail"))
