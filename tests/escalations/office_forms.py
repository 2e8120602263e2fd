"""Who leaves, and what a calendar says, changed as it is changed: by the admin's own forms."""

import datetime as dt
from typing import Any

from django.test import Client

from cases.models import BusinessCalendar, Membership, Organization, Person
from cases.models.calendars import clock


def changes_person(someone: Person, *, is_active: bool, by: Person, **fields: Any) -> None:
    """The person's form is sent, by an access administrator."""
    form = {
        "name": someone.name,
        "email": someone.email,
        "phone": "",
        "time_zone": someone.time_zone,
        "is_staff": "on" if someone.is_staff else "",
        "is_active": "on" if is_active else "",
        **fields,
    }
    sends(by, f"/admin/cases/person/{someone.pk}/change/", form)


def changes_contact(
    someone: Person, *, organization: Organization, role: str, is_active: bool, by: Person
) -> None:
    """The contact has this role in the organization, or none."""
    row = Membership.objects.filter(person=someone).first()
    changes_person(
        someone,
        is_active=is_active,
        by=by,
        **{
            "memberships-TOTAL_FORMS": int(bool(row or role)),
            "memberships-INITIAL_FORMS": int(row is not None),
            "memberships-0-id": row.pk if row else "",
            "memberships-0-person": someone.pk,
            "memberships-0-organization": organization.pk,
            "memberships-0-role": role or "designated",
            "memberships-0-DELETE": "" if role else "on",
        },
    )


def changes_calendar(
    calendar: BusinessCalendar,
    *,
    closed: set[dt.date],
    by: Person,
    hours: tuple[int, int] | None = None,
) -> None:
    """These are the days closed by exception, and the hours of each day that has any; the running
    clocks are recalculated."""
    stored = {row.date: row.pk for row in calendar.days.all()}
    tables: dict[str, list[dict[str, Any]]] = {
        "opening_hours": [
            {
                "id": row.pk,
                "weekday": row.weekday,
                "opens": clock(hours[0] * 60 if hours else row.opens),
                "closes": clock(hours[1] * 60 if hours else row.closes),
            }
            for row in calendar.opening_hours.all()
        ],
        "days": [
            {"id": pk, "date": date, "DELETE": "" if date in closed else "on"}
            for date, pk in stored.items()
        ],
    }
    tables["days"] += [{"id": "", "date": date} for date in sorted(closed - {*stored})]
    form: dict[str, Any] = {
        "name": calendar.name,
        "time_zone": calendar.time_zone,
        "holiday_country": calendar.holiday_country,
        "holiday_subdivision": calendar.holiday_subdivision,
        "recompute": "anew",
    }
    for prefix, rows in tables.items():
        form |= {
            f"{prefix}-TOTAL_FORMS": len(rows),
            f"{prefix}-INITIAL_FORMS": sum(bool(row["id"]) for row in rows),
        }
        for number, row in enumerate(rows):
            form |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
            form[f"{prefix}-{number}-calendar"] = calendar.pk
    sends(by, f"/admin/cases/businesscalendar/{calendar.pk}/change/", form)


def sends(someone: Person, address: str, form: dict[str, Any]) -> None:
    client = Client()
    client.force_login(someone, "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(address, form)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
