"""What the FedRAMP realm keeps besides cases. Both realms have the tables; one fills them."""

from .access import AccessRequest, RequestedPerson
from .audit import AuditEntry
from .boundary import RealmMark
from .identities import VouchedIdentity
from .invitations import Invitation
from .keys import KeyCheck
from .oidc_accounts import ProviderAccount
from .pins import Pin, PinCheck
from .placeholders import Placeholder
from .quarantine import Acceptance, SealedFile
from .redactions import Redaction
from .scrub_reports import RemovalReport
from .seals import AuditSeal
from .sessions import SessionMark
from .skills import Skill

__all__ = [
    "Acceptance",
    "AccessRequest",
    "AuditEntry",
    "AuditSeal",
    "Invitation",
    "KeyCheck",
    "Pin",
    "PinCheck",
    "Placeholder",
    "ProviderAccount",
    "RealmMark",
    "Redaction",
    "RemovalReport",
    "RequestedPerson",
    "SealedFile",
    "SessionMark",
    "Skill",
    "VouchedIdentity",
]
