"""The contacts' pages of the FedRAMP realm. A view chooses what to show; the services decide."""

from .invitations import invitation
from .pins import pin

__all__ = ["invitation", "pin"]
