"""Data of the FedRAMP realm besides cases. Both realms have the tables; only one fills them."""

from .access import AccessRequest, RequestedPerson
from .audit import AuditEntry, AuditSeal
from .pins import Pin, PinCheck
from .placeholders import Placeholder, VouchedIdentity
from .quarantine import FileReview, QuarantinedFile
from .realm import KeyCheck, RealmMark
from .redactions import Redaction
from .scrub_reports import ScrubReport
from .sign_in import Invitation, OidcAccount, SessionMark
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
