"""One name everywhere: the side bar, the list and the way back use the same one."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from cases.models import Person
from tests import world

LISTS = ["cases_attachment", "escalations_escalationreason", "cases_notice"]
if settings.REALM == "fedramp":
    LISTS += ["fedramp_filereview", "fedramp_requestedperson", "fedramp_pincheck"]
else:
    LISTS += ["cases_applicant"]


@pytest.fixture
def client(desk, sign_in):
    boss = Person.objects.create_superuser("boss@support.example", world.PASSWORD, name="Boss")
    world.admit(boss)
    return sign_in(boss)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_the_name_of_its_line_in_the_side_bar(client, name):
    address = reverse(f"admin:{name}_changelist")
    page = client.get(address).content.decode()
    line = re.search(rf'<a[^>]*href="{address}"[^>]*>(.*?)</a>', page, re.S)
    words = re.sub(r"<[^>]+>", " ", line.group(1)).split("\n")
    shown = " ".join(" ".join(words).split())
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S).group(1)
    heading = " ".join(re.sub(r"<[^>]+>", " ", heading).split())
    assert heading
    assert heading in shown


@pytest.mark.realm("fedramp")
def test_the_telephone_page_leads_nobody_to_a_list_that_he_may_not_see(desk, sign_in):
    """Its way back answered 403 to all but access administrators."""
    page = sign_in(desk.expert).get(reverse("admin:fedramp_pincheck_telephone"))
    assert page.status_code == 200
    listed = reverse("admin:fedramp_pincheck_changelist")
    assert f'href="{listed}"' not in page.content.decode()
