"""What the FedRAMP realm keeps besides cases. Both realms have the tables; one fills them."""

from .skills import Skill

__all__ = ["Skill"]
