"""What the FedRAMP realm keeps besides cases. Both realms have the tables; one fills them."""

from .invitations import Invitation
from .pins import Pin, PinCheck
from .skills import Skill

__all__ = ["Invitation", "Pin", "PinCheck", "Skill"]
