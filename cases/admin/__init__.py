"""The staff's pages: one module a family of models. They show; the services decide."""

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
