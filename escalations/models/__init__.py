"""Fields, constraints and transitions. Who may do what, and who is told, is in services."""

from .escalations import ACTIVE_STATES, Escalation, EscalationState, Importance, Trend, Urgency
from .feed import EscalationEntry, ReadMark
from .management import ManagementAttention, ManagerEngagement
from .reasons import EscalationReason, ReasonPrompt, Refusal
from .reviews import OwnerReview

__all__ = [
    "ACTIVE_STATES",
    "Escalation",
    "EscalationEntry",
    "EscalationReason",
    "EscalationState",
    "Importance",
    "ManagementAttention",
    "ManagerEngagement",
    "OwnerReview",
    "ReadMark",
    "ReasonPrompt",
    "Refusal",
    "Trend",
    "Urgency",
]
