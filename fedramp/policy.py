"""How the FedRAMP realm differs."""

from django.conf import settings
from django.db import models

from cases.realm import Customer, RealmRules

from .scrubber.streams import scrub


class FedrampRules(RealmRules):
    """The FedRAMP realm: the same desk with the same code (FED-10), and its own rules."""

    name = "fedramp"
    label = "FedRAMP"
    portal_title = "FedRAMP Support Portal"
    portal_banner = "FedRAMP customers only. Sign in with your FedRAMP credentials."
    case_number_prefix = "F"
    mails_carry_content = False
    staff_banner = "FedRAMP customer. Use FedRAMP credentials and procedures only."
    staff_refusal = (
        "This realm is open only to staff with the FedRAMP skill, and yours is not on record, "
        "has been withdrawn, or has expired. An access administrator of this realm can attest it."
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
    staff_gate = "fedramp.staff_gate.SkillGate"
    file_scrubber = "fedramp.services.file_scrubs.QuarantiningScrubber"
    invitation_service = "fedramp.services.invitations.invite"
    flagging_page = ""
    files_help = "Texts and logs, also packed as .zip, .gz or .tar; Office files, PDF and mail"
    files_note = (
        "Of an Office file (.docx, .xlsx, .pptx, .ods), a PDF or a mail (.eml, .msg) only the text "
        "is kept, scrubbed. The file itself is not stored, and pictures in it are left out. "
        "Pictures, recordings and packet captures are not accepted."
    )
    file_progress_page = "fedramp:file_progress"
    file_scrubbed_page = "fedramp:file_removed"

    @property
    def sign_in_provider(self) -> str:
        return str(settings.OIDC_NAME)

    def may_open_for(self, organization: Customer) -> bool:
        return True

    def why_not_deployed(self, *, offering: str, region: str) -> tuple[str, str]:
        if offering != "fedramp":
            return "offering_type", "In the FedRAMP realm every deployment is of offering FedRAMP."
        if region != "us-east-2":
            return "region", "FedRAMP deployments are hosted in us-east-2."
        return "", ""

    def scrub(self, text: str, *, about: models.Model | None = None) -> str:
        """FED-7: the text without personal data."""
        # These rules are loaded before the models that scrubbing needs.
        from .scrubbing.texts import scrub_text

        return scrub_text(text, about)

    def scrub_log(self, text: str) -> str:
        return scrub(text).text
