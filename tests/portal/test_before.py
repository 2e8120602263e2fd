"""The portal's help before a case is opened (PORT-5)."""

import pytest
from django.urls import reverse

from tests.admin.pages import text_of
from tests.world import membership, organization

pytestmark = pytest.mark.rule("PORT-5")

BEFORE = "/before/"


def test_the_form_the_choice_and_the_start_page_lead_to_it(desk, browse):
    client = browse(desk.designated)
    link = f'href="{BEFORE}"'
    assert reverse("portal:before") == BEFORE
    assert link in client.get("/").content.decode()
    form = client.get("/cases/open/acme/").content.decode()
    assert form.index(link) < form.index("data-upload")
    membership(desk.designated, organization("initech"), "designated")
    assert link in client.get("/cases/open/").content.decode()


@pytest.mark.parametrize("who", ["designated", "read_only"])
def test_every_contact_reads_all_of_it(desk, browse, who):
    client = browse(getattr(desk, who))
    page = client.get(BEFORE)
    said = text_of(page)
    for part in (
        "Check these first",
        "How to find a conversation ID",
        "Performance , then Workspace , then Interactions",
        "What you look after, and what Product Support looks after",
        "Critical outage?",
        "Open one case per issue",
    ):
        assert part in said
    main = page.content.decode().split("<main")[1]
    assert ('href="/cases/open/"' in main) == (who == "designated")
    assert ("Cases are opened by a Designated Contact of your organization." in said) == (
        who != "designated"
    )


def test_it_links_what_the_deployment_names(desk, browse, settings):
    client = browse(desk.read_only)
    assert 'href="/announcements/">news</a>' in client.get(BEFORE).content.decode()
    settings.STATUS_PAGE_URL = "https://status.example"
    settings.KNOWLEDGE_BASE_URL = "https://knowledge.example"
    page = client.get(BEFORE).content.decode()
    assert 'href="https://status.example">service status</a>' in page
    assert 'href="https://knowledge.example">knowledge base</a>' in page


@pytest.mark.realm("fedramp")
def test_in_the_fedramp_realm_no_picture_is_asked_for(desk, browse):
    page = text_of(browse(desk.read_only).get(BEFORE))
    assert "Pictures, recordings and packet captures are not accepted." in page
