"""This app's lists in the side bar, and what waits in them for whom.

Nobody is the second person for their own request: it waits for others.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from cases.admin.queues import Queue, label_of, list_page, register

from ..models import (
    AuditEntry,
    FileReview,
    PinCheck,
    Redaction,
    RequestedPerson,
    ScrubReport,
    Skill,
)
from ..services import access, file_reviews, scrub_reports, skills

REVIEW_SPAN = dt.timedelta(days=settings.FEDRAMP_SKILL_REVIEW_DAYS)

register(
    "Access",
    Queue(
        model=RequestedPerson,
        label=label_of(RequestedPerson),
        icon="person_add",
        counted=lambda person: RequestedPerson.objects.filter(state="asked"),
        counted_for=access.PERMISSION,
    ),
    Queue(
        model=Skill,
        label=label_of(Skill),
        icon="verified_user",
        counted=lambda person: Skill.objects.current().filter(
            ends_at__lte=timezone.now() + REVIEW_SPAN
        ),
        counted_for=skills.PERMISSION,
    ),
    list_page(PinCheck, "pin"),
    Queue(
        model=FileReview,
        label=label_of(FileReview),
        icon="visibility",
        counted=lambda person: FileReview.objects.filter(state="asked").exclude(asked_by=person),
        counted_for=file_reviews.PERMISSION,
    ),
    list_page(Redaction, "ink_eraser"),
    Queue(
        model=ScrubReport,
        label=label_of(ScrubReport),
        icon="rate_review",
        counted=lambda person: ScrubReport.objects.filter(state="asked").exclude(said_by=person),
        counted_for=scrub_reports.REVIEW,
    ),
    list_page(AuditEntry, "history_edu"),
)
