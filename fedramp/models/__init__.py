"""What the FedRAMP realm keeps besides cases. Both realms have the tables; one fills them."""

from .access import AccessRequest, RequestedPerson
from .audit import AuditEntry
from .boundary import RealmMark
from .invitations import Invitation
from .pins import Pin, PinCheck
from .placeholders import Placeholder
from .redactions import Redaction
from .sessions import SessionMark
from .skills import Skill

__all__ = [
    "AccessRequest",
    "AuditEntry",
    "Invitation",
    "Pin",
    "PinCheck",
    "Placeholder",
    "RealmMark",
    "Redaction",
    "RequestedPerson",
    "SessionMark",
    "Skill",
]
