"""Fields, constraints and transitions. Who may do what, and who is told, is in services."""

from .announcements import Announcement
from .applicants import Applicant, ResetRequest
from .attachments import Attachment
from .calendars import BusinessCalendar, CalendarDay, OpeningHours
from .cases import Case, Priority, Severity, State, ThirdParty
from .clocks import Clock, SlaTarget
from .entries import Entry
from .incidents import Analysis, Incident
from .jobs import Heartbeat, Recomputation, WorkerPulse
from .links import CaseLink
from .notices import Notice
from .parties import Deployment, Membership, Organization, Person
from .plans import CareFeature, CarePlan
from .search import SearchText

__all__ = [
    "Analysis",
    "Announcement",
    "Applicant",
    "Attachment",
    "BusinessCalendar",
    "CalendarDay",
    "CareFeature",
    "CarePlan",
    "Case",
    "CaseLink",
    "Clock",
    "Deployment",
    "Entry",
    "Heartbeat",
    "Incident",
    "Membership",
    "Notice",
    "OpeningHours",
    "Organization",
    "Person",
    "Priority",
    "Recomputation",
    "ResetRequest",
    "SearchText",
    "Severity",
    "SlaTarget",
    "State",
    "ThirdParty",
    "WorkerPulse",
]
