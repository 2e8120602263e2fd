"""Every portal page issues at most 15 queries, as many with 60 rows as with 3."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actors import Actor
from cases.models import Announcement, Membership
from cases.services.feeds import post_entry
from cases.services.files import check_files
from cases.services.links import link_cases
from tests.world import NOW, organization

PAGES = {
    "start": "/",
    "list": "/cases/",
    "list filtered": "/cases/?q=transfer&state=open&severity=3&organization=acme",
    "case": "{case}",
    "whole feed": "{case}?whole=1",
    "opened": "{case}opened/",
    "action": "{case}close/",
    "choose": "/cases/open/",
    "open": "/cases/open/acme/",
    "profile": "/profile/",
    "announcements": "/announcements/",
}


def fill(desk, case, rows):
    """So many more of everything that a page lists."""
    for row in range(rows):
        other = desk.case_in(
            ["new", "awaiting_customer", "resolution_proposed", "in_progress"][row % 4]
        )
        link_cases(
            case_id=case.pk,
            number=other.number,
            kind="related" if row % 2 else "duplicate",
            actor=Actor.of(desk.expert),
            now=NOW,
        )
        post_entry(
            case_id=case.pk,
            actor=Actor.of(desk.designated if row % 2 else desk.expert),
            now=NOW,
            body=f"Entry {row}",
            files=check_files([SimpleUploadedFile("a.log", b"log")]),
        )
        Announcement.objects.create(title=f"News {row}", body="x", published_at=timezone.now())
        Membership.objects.create(
            person=desk.designated,
            organization=organization(f"org-{case.pk}-{row}-{rows}"),
            role="designated" if row % 2 else "read_only",
        )


@pytest.fixture
def measured(desk, browse):
    """Queries of each page with 3 rows and with 60."""
    case = desk.owned_case()
    client = browse(desk.designated)

    def count():
        result = {}
        for name, address in PAGES.items():
            client.get(address.format(case=case.get_absolute_url()))  # fills the caches
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.get(address.format(case=case.get_absolute_url()))
            assert answer.status_code == 200, name
            result[name] = len(queries)
        return result

    fill(desk, case, 3)
    few = count()
    fill(desk, case, 57)
    return few, count()


def test_queries_do_not_grow_with_rows(measured):
    few, many = measured
    # With more entries than a page shows, the files of the form are read on their own.
    few["case"] += 1
    assert few == many
    assert max(many.values()) <= 15, many
