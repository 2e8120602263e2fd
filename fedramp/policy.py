"""What is different in the FedRAMP realm."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from cases.realm import RealmRules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import models
    from django.db.models import QuerySet

    from cases.actors import Actor
    from cases.models import Attachment, Organization, Person
    from cases.services.files import CheckedFile


class FedrampRules(RealmRules):
    """The FedRAMP realm: the same desk by the same code (FED-10), with its own rules."""

    name = "fedramp"
    label = "FedRAMP"
    portal_title = "FedRAMP Support Portal"
    portal_banner = "FedRAMP customers only. Sign in with your FedRAMP credentials."
    case_number_prefix = "F"
    mails_carry_content = False
    staff_banner = "FedRAMP customer. Use FedRAMP credentials and procedures only."
    staff_refusal = (
        "This realm is open only to staff with the FedRAMP skill, and yours is not on record, has "
        "been withdrawn, or has run out. An access administrator of this realm can attest it."
    )
    usual_help_label = "Escalate Case"
    contacts_write_in_escalations = False
    critical_is_escalated_by_telephone = False
    escalates_assigned_cases_only = True
    staff_sign_in_with_keys = True
    shows_system_use_notice = True
    keeps_audit_log = True
    demo_world = "fedramp.demo.WORLD"
    portal_urls = ("fedramp.urls",)
    profile_links = (("fedramp:pin", "Your telephone PIN"),)
    access_link = ("fedramp:access", "Access for your people")
    telephone_page = "admin:fedramp_pincheck_telephone"
    takes_applicants = False
    invites_contacts = True
    flagging_page = ""
    files_help = "Texts and logs, also as .gz, .zip or .tar.gz; no pictures, PDF or Office files"
    accepted_files = "texts and logs, also as .gz, .zip or .tar.gz"
    takes_any_text = False
    file_progress_page = "fedramp:file_progress"
    file_removed_page = "fedramp:file_removed"

    @property
    def sign_in_provider(self) -> str:
        return str(settings.OIDC_NAME)

    def is_invited(self, person: "Person") -> bool:
        """Where a provider is configured, also who has a password still: to sign in by it."""
        return not person.is_staff and (
            bool(self.sign_in_provider) or not person.has_usable_password()
        )

    def may_open_for(self, organization: "Organization") -> bool:
        return True

    def why_not_deployed(self, *, offering: str, region: str) -> tuple[str, str]:
        if offering != "fedramp":
            return "offering_type", "In the FedRAMP realm every deployment is of offering FedRAMP."
        if region != "us-east-2":
            return "region", "FedRAMP deployments are hosted in us-east-2."
        return "", ""

    def clean(self, text: str, *, about: "models.Model | None" = None) -> str:
        """FED-7: without what is personal."""
        from .scrubbing.texts import clean

        return clean(text, about)

    def clean_file(self, checked: "CheckedFile", *, about: "models.Model") -> "CheckedFile":
        """FED-7: texts and logs scrubbed, compressed ones too; what cannot be read is refused.

        A large or packed one is sealed, and scrubbed by a job.
        """
        from .scrubbing.files import clean_file

        return clean_file(checked, about)

    def hold_file(self, attachment: "Attachment", key: bytes, *, now: dt.datetime) -> None:
        from .services.file_scrubs import hold

        hold(attachment, key, now=now)

    def file_digest(self, checked: "CheckedFile") -> str:
        from .scrubbing.files import digest_of

        return digest_of(checked)

    def clean_log(self, text: str) -> str:
        from .scrubber.streams import scrub

        return scrub(text).text

    def admits_staff(self, person: "Person") -> bool:
        """FED-6: only with the skill. Being a superuser changes nothing."""
        return super().admits_staff(person) and skill_ends_at(person) > timezone.now()

    def admitted(self, people: "QuerySet[Person]") -> "QuerySet[Person]":
        from .models.skills import admitted

        return admitted(super().admitted(people), timezone.now())

    def knows_caller(self, caller: "Person", *, staff: "Person", now: dt.datetime) -> bool:
        """FED-5: the last PIN that this member of staff checked was the caller's, and matched."""
        from .services.pins import caller_of

        return caller_of(staff, now=now) == caller

    def invite(self, person: "Person", *, actor: "Actor", now: dt.datetime) -> None:
        from .services.invitations import invite

        invite(person_id=person.pk, actor=actor, now=now)

    def note_admitted(self, person: "Person") -> None:
        person._skill_ends_at = dt.datetime.max.replace(tzinfo=dt.UTC)  # type: ignore[attr-defined]

    def admit_demo_staff(self, people: "Sequence[Person]", *, now: dt.datetime) -> None:
        from .demo import admit

        admit(people, now=now)


NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def skill_ends_at(person: "Person") -> dt.datetime:
    """Until when the person's standing skill holds; NEVER without one.

    Read once for each time that the person is read from the database, as Django does with
    permissions: a request, task or job reads the person anew.
    """
    from .models import Skill

    found: dt.datetime | None = getattr(person, "_skill_ends_at", None)
    if found is None:
        ends = (
            Skill.objects.standing().filter(person_id=person.pk).values_list("ends_at", flat=True)
        )
        found = ends.first() or NEVER
        person._skill_ends_at = found  # type: ignore[attr-defined]
    return found
