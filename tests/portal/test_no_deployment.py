"""CASE-1: if no deployment is in use, words replace the empty choice."""

import pytest
from django.conf import settings

from cases.forms import NOTHING_OPENED
from cases.models import Case
from tests.admin.pages import text_of
from tests.portal.conftest import fields_of
from tests.portal.test_life import OPEN, typed
from tests.stored import everything_stored

WORDS = "According to our records, this organization has no deployment in use"

pytestmark = pytest.mark.rule("CASE-1")


def test_before_anything_is_typed(desk, browse):
    desk.organization.deployments.update(is_active=False)
    page = browse(desk.designated).get(OPEN)
    words = text_of(page)
    assert WORDS in words
    assert settings.SUPPORT_PHONE in words
    assert "Open the case" not in words
    assert "<select" not in page.content.decode()


def test_while_the_form_is_open_every_word_comes_back(desk, browse):
    client = browse(desk.designated)
    fields = {**fields_of(client.get(OPEN), action=OPEN), **typed(desk)}
    desk.organization.deployments.update(is_active=False)
    before = everything_stored()
    answer = client.post(OPEN, fields)
    assert WORDS in text_of(answer)
    assert NOTHING_OPENED in text_of(answer)
    assert fields["description"] in answer.content.decode()
    assert everything_stored() == before
    desk.organization.deployments.update(is_active=True)
    again = {**fields, **{k: v for k, v in fields_of(answer, action=OPEN).items() if v}}
    client.post(OPEN, {**again, "deployment": fields["deployment"]})
    assert Case.objects.get().description == fields["description"]
