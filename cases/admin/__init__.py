"""The staff's pages, one module for each family of models. The services decide."""

from cases.models import (
    Announcement,
    Attachment,
    BusinessCalendar,
    CareFeature,
    CarePlan,
    Incident,
    Notice,
    Organization,
    Person,
    SlaTarget,
)

from . import (
    announcements,
    applicants,
    attachments,
    calendars,
    cases,
    clocks,
    incidents,
    notices,
    organizations,
    people,
    plans,
)
from .queues import Page, list_page, register

__all__ = [
    "announcements",
    "applicants",
    "attachments",
    "calendars",
    "cases",
    "clocks",
    "incidents",
    "notices",
    "organizations",
    "people",
    "plans",
]

register("Cases", list_page(Incident, "crisis_alert"))
register(
    "Customers",
    list_page(Organization, "apartment"),
    list_page(Person, "group"),
    list_page(Announcement, "campaign"),
)
register(
    "Operations",
    list_page(CarePlan, "verified"),
    list_page(CareFeature, "checklist"),
    list_page(SlaTarget, "timer"),
    list_page(BusinessCalendar, "calendar_month"),
    list_page(Notice, "outgoing_mail"),
    list_page(Attachment, "attach_file"),
    Page("Jobs", "monitor_heart", "admin:jobs", "cases.view_heartbeat"),
    # In development, mails are files that staff with the right to read notices can open.
    Page("Mails (development)", "mail", "admin:mails", "cases.view_notice"),
)
