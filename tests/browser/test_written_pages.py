"""Texts as typed, in a real browser: columns, indentation, blank lines, direction of writing."""

import pytest
from django.urls import reverse

from cases.actors import Actor
from cases.services.feeds import post_entry
from tests.browser.conftest import scrolls_sideways
from tests.world import NOW

ARABIC = "\u0645\u0631\u062d\u0628\u0627 (SIP 488)\u061f"
TEXT = (
    f"{ARABIC}\n\nAgent\tCalls\tAHT\nA1\t44\t03:10\n\n    def f():\n        return 1\n\n\n\n"
    f"a & b <c> http://x.example/?a=1&b=2, ASP.NET\nhttps://very.example/{'x' * 120}"
)
PHONE = {"viewport": {"width": 320, "height": 780}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["designated", "expert"])
def test_a_text_looks_as_it_was_typed(desk, open_page, who, scheme):
    """W1, W2, W4, W6, B1 on the case's page of portal and admin, wide and at 320 px."""
    case = desk.owned_case(subject=ARABIC, description=TEXT)
    post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body=TEXT)
    staff_page = reverse("admin:cases_case_change", args=[case.pk])
    address = case.get_absolute_url() if who == "designated" else staff_page
    for options in ({}, PHONE):
        page = open_page(getattr(desk, who), color_scheme=scheme, **options)
        page.goto(address)
        shown = page.locator(".written", has_text="def f()")
        assert shown.count() == 2
        for each in shown.all():
            assert each.evaluate("e => e.innerText") == TEXT
            assert each.evaluate("e => getComputedStyle(e).whiteSpace") == "pre-wrap"
            assert each.evaluate("e => getComputedStyle(e).unicodeBidi") == "plaintext"
            assert each.locator("a").count() == 2
        assert not scrolls_sideways(page)
