"""The lists of an access administrator: their cost does not grow with their rows (budget: 15)."""

import pytest
from django.conf import settings
from django.urls import reverse

from cases.roles import ACCESS_ADMINISTRATOR, SUPPORT_EXPERT
from tests import world
from tests.admin.test_queues import queries

LISTS = ["cases_person", "cases_organization"]
if settings.REALM == "fedramp":
    LISTS += ["fedramp_skill", "fedramp_requestedperson", "fedramp_pincheck"]
else:
    LISTS += ["cases_applicant"]


def more(desk, start):
    """Staff with roles and, where the realm asks for it, the skill; contacts; a customer."""
    for number in range(start, start + 12):
        world.person(f"staff{number}@support.example", roles=(SUPPORT_EXPERT,))
        contact = world.person(f"contact{number}@acme.example")
        world.membership(contact, desk.organization, "read_only")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["", "?q=support"])
def test_a_list_takes_at_most_15_queries_for_few_and_many(desk, sign_in, name, query):
    client = sign_in(world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,)))
    address = reverse(f"admin:{name}_changelist") + query
    more(desk, 0)
    few = queries(client, address)
    more(desk, 100)
    many = queries(client, address)
    assert (many, many <= 15) == (few, True)
