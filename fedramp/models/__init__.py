"""What the FedRAMP realm keeps besides cases. Both realms have the tables; one fills them."""

from .access import AccessRequest, RequestedPerson
from .audit import AuditEntry
from .boundary import RealmMark
from .identities import VouchedIdentity
from .invitations import Invitation
from .keys import KeyCheck
from .oidc_accounts import OidcAccount
from .pins import Pin, PinCheck
from .placeholders import Placeholder
from .quarantine import FileReview, QuarantinedFile
from .redactions import Redaction
from .scrub_reports import ScrubReport
from .seals import AuditSeal
from .sessions import SessionMark
from .skills import Skill

__all__ = [
    "AccessRequest",
    "AuditEntry",
    "AuditSeal",
    "FileReview",
    "Invitation",
    "KeyCheck",
    "OidcAccount",
    "Pin",
    "PinCheck",
    "Placeholder",
    "QuarantinedFile",
    "RealmMark",
    "Redaction",
    "RequestedPerson",
    "ScrubReport",
    "SessionMark",
    "Skill",
    "VouchedIdentity",
]
