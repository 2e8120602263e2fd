"""What is different in the FedRAMP realm."""

from typing import TYPE_CHECKING

from cases.realm import RealmRules

if TYPE_CHECKING:
    from cases.models import Organization


class FedrampRules(RealmRules):
    """The FedRAMP realm: the same desk by the same code (FED-10), with its own rules."""

    name = "fedramp"
    label = "FedRAMP"
    portal_title = "FedRAMP Support Portal"
    portal_banner = "FedRAMP customers only. Sign in with your FedRAMP credentials."
    case_number_prefix = "F"
    mails_carry_content = False
    staff_banner = "FedRAMP customer. Use FedRAMP credentials and procedures only."
    help_button_label = "Escalate Case"
    contacts_write_in_escalations = False
    critical_is_escalated_by_telephone = False
    escalates_assigned_cases_only = True
    demo_world = "fedramp.demo.WORLD"

    def may_open_for(self, organization: "Organization") -> bool:
        return True
