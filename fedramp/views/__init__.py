"""The contacts' pages of the FedRAMP realm. A view chooses what to show; the services decide."""

from .access import access_requests, ask_for_access
from .invitations import invitation
from .pins import pin

__all__ = ["access_requests", "ask_for_access", "invitation", "pin"]
