"""The differences between the realms, as one object.

Core code asks `realm.current()`, never "is this FedRAMP?". The defaults here are those of the
commercial realm; `fedramp/policy.py` has the other realm's. The models use these rules, so the
rules know no model: classes and services that need one are named by their dotted paths.
"""

from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string


class Customer(Protocol):
    """An organization, as far as these rules need it."""

    @property
    def is_fedramp(self) -> bool: ...


class RealmRules:
    """The commercial realm (FED-2, FED-10)."""

    name = "commercial"
    label = "Commercial"
    portal_title = "My Support Portal"
    #: A line on each page of the portal; empty for none.
    portal_banner = ""
    #: CASE-10: the first character of every case number.
    case_number_prefix = "C"
    #: FED-13: whether a mail may carry what people wrote.
    mails_carry_content = True
    #: FED-12: a banner on every staff page; empty for none.
    staff_banner = ""
    #: The message for staff whom the realm does not admit.
    staff_refusal = "Your account is not open for the support desk."
    #: HELP-1: the words on the button of the case page, unless the deployment sets others.
    usual_help_label = "Additional Help"
    #: FEED-2: whether contacts write in the escalation feed; they can read it in any realm.
    contacts_write_in_escalations = True
    #: ESC-11: whether a Critical case can be escalated only by telephone.
    critical_is_escalated_by_telephone = True
    #: ESC-12: whether only a case that has a Case Owner can be escalated.
    escalates_assigned_cases_only = False
    #: IA-2: whether staff who must have a second factor sign in with a security key, not a code.
    staff_sign_in_with_keys = False
    #: AC-8: whether a notice is acknowledged before the sign-in (`settings.SYSTEM_USE_NOTICE`).
    shows_system_use_notice = False
    #: AU-2: whether sign-ins, reads, denials and changes of rights are recorded.
    keeps_audit_log = False
    #: The world that `manage.py demo` makes.
    demo_world = "cases.demo.commercial.WORLD"
    #: URLconfs of the portal that this realm has besides the common ones.
    portal_urls: tuple[str, ...] = ()
    #: Further links of Manage Profile in this realm: (address, words).
    profile_links: tuple[tuple[str, str], ...] = ()
    #: The page where Designated Contacts manage their people's access: (address, words).
    access_link: tuple[str, str] = ("portal:applicants", "Requests for access")
    #: FED-5: the page on which staff verify callers; empty if they need not.
    telephone_page = ""
    #: ACC-5: whether anybody may ask for access; otherwise an organization must ask (FED-9).
    takes_applicants = True
    #: The files that people may attach, and what becomes of them; empty if they stay as they are.
    files_help = "Logs, configuration files, screenshots"
    files_note = ""
    #: FED-7: the page that shows the progress of scrubbing a file; empty if it never takes long.
    file_progress_page = ""
    #: The page where the sender of a file reports a wrong removal; it takes the file's public id.
    file_scrubbed_page = ""
    #: FED-1: the staff page that flags an organization and redirects its open cases; it takes the
    #: organization's primary key. Empty if every organization is a FedRAMP organization.
    flagging_page = "admin:fedramp_redaction_flag"
    #: FED-6: decides which staff get in, and whose calls they may take.
    staff_gate = "cases.actors.StaffGate"
    #: FED-7: what is done to a file before it is stored.
    file_scrubber = "cases.services.files.FileScrubber"
    #: FED-3: the service that invites a contact; empty if contacts get a link to choose a password.
    invitation_service = ""

    @property
    def help_button_label(self) -> str:
        """HELP-1: the words on the button of the case page."""
        return str(settings.HELP_BUTTON_LABEL) or self.usual_help_label

    @property
    def sign_in_provider(self) -> str:
        """IA-8: the name of the OpenID provider through which contacts sign in; empty for none."""
        return ""

    @property
    def invites_contacts(self) -> bool:
        """FED-3: whether contacts get in by invitation."""
        return bool(self.invitation_service)

    def scrub(self, text: str, *, about: models.Model | None = None) -> str:
        """The text as this realm may store it; `about` is the object whose text it is.

        Raises Invalid if that cannot be determined: what cannot be checked is not stored.
        """
        return text

    def scrub_log(self, text: str) -> str:
        """A line of a log as this realm may write it."""
        return text

    def may_open_for(self, organization: Customer) -> bool:
        """FED-1: whether this realm may hold cases of this organization."""
        return not organization.is_fedramp

    def why_not_deployed(self, *, offering: str, region: str) -> tuple[str, str]:
        """FED-8: the field and the reason why this deployment cannot be here; ("", "") for none."""
        return "", ""


@cache
def load(path: str) -> Any:
    """One object of the class at this dotted path; always the same one."""
    return import_string(path)()


def current() -> RealmRules:
    """The rules of the realm that this process serves (`settings.REALM_RULES`)."""
    rules: RealmRules = load(settings.REALM_RULES)
    return rules
