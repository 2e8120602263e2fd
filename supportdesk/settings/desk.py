"""Settings of the desk itself: addresses that it shows, and how long each thing may wait."""

from .environment import DEFAULT_HOST, DEVELOPMENT, env

SUPPORT_PHONE = env.str(
    "SUPPORT_PHONE", "+1 555 0100", pattern=r"\d\D*\d\D*\d", expected="a telephone number"
)
#: HELP-1: the words on the button that asks for help; empty: those of the realm.
HELP_BUTTON_LABEL = env.str("HELP_BUTTON_LABEL", default="").strip()
#: MGT-9: how many business hours an Escalation Owner has to answer a new escalation.
ESCALATION_ANSWER_HOURS = env.int("ESCALATION_ANSWER_HOURS", default=2)
#: MGT-9: after this share of them the owners are warned.
ESCALATION_WARN_PERCENT = env.int("ESCALATION_WARN_PERCENT", default=75, most=100)
#: MGT-8: where urgency requests to management go; without an address the portal offers none.
MANAGEMENT_ATTENTION_ADDRESS = env.mailbox(
    "MANAGEMENT_ATTENTION_ADDRESS",
    default=f"management-attention@{DEFAULT_HOST}" if DEVELOPMENT else "",
    may_be_empty=True,
)
#: MGT-8: how many of these requests a case may have within 24 hours.
MANAGEMENT_ATTENTION_PER_DAY = env.int("MANAGEMENT_ATTENTION_PER_DAY", default=3)
KNOWLEDGE_BASE_URL = env.web("KNOWLEDGE_BASE_URL", default="")
TUTORIALS_URL = env.web("TUTORIALS_URL", default="")
STATUS_PAGE_URL = env.web("STATUS_PAGE_URL", default="")
#: FED-1: where the commercial portal sends the contacts of a FedRAMP organization.
FEDRAMP_PORTAL_URL = env.web(
    "FEDRAMP_PORTAL_URL",
    # `make run` sets the port of each realm.
    default=f"http://fedramp.localhost:{env.str('PORT_FEDRAMP', default='') or 8001}"
    if DEVELOPMENT
    else "",
)
#: ACC-5: business days until an applicant is given access, or declined.
ACCESS_DUE_DAYS = env.int("ACCESS_DUE_DAYS", default=2)
# RESP-1 and RESP-2, in business days: to the notice, to the closure, between the two.
CLOSING_NOTICE_AFTER_DAYS = env.int("CLOSING_NOTICE_AFTER_DAYS", default=2)
CLOSING_AFTER_DAYS = env.int("CLOSING_AFTER_DAYS", default=3)
CLOSING_DAYS_AFTER_NOTICE = env.int("CLOSING_DAYS_AFTER_NOTICE", default=1)
