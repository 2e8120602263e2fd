"""What differs between the realms, as one object.

Core code asks `realm.current()` and never "is this FedRAMP?". The defaults here are the
commercial ones; `fedramp/policy.py` holds the other realm's.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.db import models
    from django.db.models import QuerySet

    from .actors import Actor
    from .models import Attachment, Organization, Person
    from .services.files import CheckedFile


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
    #: FED-12: a banner that stands on every staff page; empty for none.
    staff_banner = ""
    #: What staff read whom the realm does not admit.
    staff_refusal = "Your account is not open for the support desk."
    #: HELP-1: the words on the button of the case page, unless the deployment sets others.
    usual_help_label = "Additional Help"
    #: FEED-2: whether contacts write in the escalation feed; they read it in any realm.
    contacts_write_in_escalations = True
    #: ESC-11: whether a Critical case is escalated by telephone alone.
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
    #: What Manage Profile links to besides the common things: (address, words).
    profile_links: tuple[tuple[str, str], ...] = ()
    #: Where Designated Contacts see to the access of their people: (address, words).
    access_link: tuple[str, str] = ("portal:applicants", "Requests for access")
    #: FED-5: the page on which staff check who calls; empty where nothing is to be checked.
    telephone_page = ""
    #: ACC-5: whether anybody may ask for access; else an organization asks for its people (FED-9).
    takes_applicants = True
    #: What people may attach, and how it is called where a file is refused; empty: as checked.
    files_help = "Logs, configuration files, screenshots"
    accepted_files = ""
    #: Whether a text may be stored that cannot be read for certain, as in an old encoding.
    takes_any_text = True
    #: FED-7: the page that says how far a file's cleaning is; empty where none takes long.
    file_progress_page = ""
    #: Where who sent a file says what was removed from it wrongly; it takes the file's public id.
    file_removed_page = ""
    #: FED-1: the staff page that flags an organization and redirects its open cases; it takes the
    #: organization's primary key. Empty where every organization is a FedRAMP organization.
    flagging_page = "admin:fedramp_redaction_flag"
    #: FED-3: whether contacts get in by an invitation, and not by a link to choose a password.
    invites_contacts = False

    @property
    def help_button_label(self) -> str:
        """HELP-1: the words on the button of the case page."""
        return str(settings.HELP_BUTTON_LABEL) or self.usual_help_label

    @property
    def sign_in_provider(self) -> str:
        """IA-8: the name of the OpenID provider by which contacts sign in; empty for none."""
        return ""

    def is_invited(self, person: "Person") -> bool:
        """FED-3: whether this person's way to sign in is an invitation, not a link to choose a
        password."""
        return False

    def clean(self, text: str, *, about: "models.Model | None" = None) -> str:
        """The text as this realm may store it; `about` is the object whose text it is.

        Raises Invalid where that cannot be told: what cannot be checked is not stored.
        """
        return text

    def clean_file(self, checked: "CheckedFile", *, about: "models.Model") -> "CheckedFile":
        """The file as this realm may store it with the object `about`.

        With a `key` it is sealed, to be cleaned later: see `hold_file`. Raises Invalid("files")
        for one that it may not store.
        """
        return checked

    def hold_file(self, attachment: "Attachment", key: bytes, *, now: "dt.datetime") -> None:
        """The stored file is sealed with `key`: a job cleans it, and then lets it go."""
        raise NotImplementedError

    def file_digest(self, checked: "CheckedFile") -> str:
        """What is stored to tell the same sent file again."""
        return checked.sha256

    def clean_log(self, text: str) -> str:
        """A line of a log as this realm may write it."""
        return text

    def may_open_for(self, organization: "Organization") -> bool:
        """FED-1: whether this realm may hold cases of this organization."""
        return not organization.is_fedramp

    def why_not_deployed(self, *, offering: str, region: str) -> tuple[str, str]:
        """FED-8: the field and the reason why no deployment may be so here; ("", "") for none."""
        return "", ""

    def admits_staff(self, person: "Person") -> bool:
        """Whether this member of staff may enter the realm at all (the staff gate)."""
        return person.is_active and person.is_staff

    def admitted(self, people: "QuerySet[Person]") -> "QuerySet[Person]":
        """Those of the people whom `admits_staff` admits, in one query."""
        return people.filter(is_active=True, is_staff=True)

    def knows_caller(self, caller: "Person", *, staff: "Person", now: "dt.datetime") -> bool:
        """FED-5: whether the caller has shown this member of staff who he is; not asked here."""
        return True

    def invite(self, person: "Person", *, actor: "Actor", now: "dt.datetime") -> None:
        """The contact is invited; asked only where `invites_contacts`."""
        raise NotImplementedError

    def note_admitted(self, person: "Person") -> None:
        """Somebody found `person` among the `admitted` just now: this object need not ask again."""

    def admit_demo_staff(self, people: "Sequence[Person]", *, now: "dt.datetime") -> None:
        """The staff of the demo world are admitted from now on."""


@lru_cache(maxsize=4)
def _load(path: str) -> RealmRules:
    rules: RealmRules = import_string(path)()
    return rules


def current() -> RealmRules:
    """The rules of the realm that this process serves (`settings.REALM_RULES`)."""
    return _load(settings.REALM_RULES)
