"""The search: it finds other spellings, and numbers as people paste them.

Runs on both databases: each case must find the same on either.
"""

import pytest
from django.urls import reverse

from cases.actors import Actor
from cases.models import Case
from cases.models.search import matching
from cases.rules.search import SEARCH_MAX, case_number_in, folded
from cases.services.links import link_cases
from tests.portal.test_lists import numbers_on
from tests.world import NOW

PAIRS = [
    pytest.param("Customer\u2019s calls", "customer's", id="S1"),
    pytest.param("Customer's calls", "CUSTOMER\u2019S", id="S1 the other way"),
    pytest.param("said \u201cno\u201d \u2013 again", 'said "no" - again', id="S2"),
    pytest.param("warm\r\ntransfer", "warm transfer", id="S3"),
    pytest.param("warm \t\u00a0 transfer", "warm transfer", id="S4"),
    pytest.param("Soft\u00adhyphen", "softhyphen", id="S5"),
    pytest.param("soft hy\u200bphen", "soft hyphen", id="S6"),
    pytest.param("softhyphen", "soft\u00adhyphen", id="S6 the other way"),
    pytest.param("na\u00efve caller", "naive", id="S9"),
    pytest.param("naive caller", "na\u00efve", id="S9 the other way"),
    pytest.param("nai\u0308ve caller", "na\u00efve", id="S9 composed otherwise"),
    pytest.param("\u0130stanbul", "istanbul", id="S9 Istanbul"),
    pytest.param("ISTANBUL", "\u0130stanbul", id="S9 Istanbul, the other way"),
    pytest.param("Stra\u00dfe", "STRASSE", id="sharp s"),
    pytest.param("wait\u2026", "wait...", id="ellipsis"),
]


@pytest.mark.parametrize(("written", "typed"), PAIRS)
def test_the_same_word_is_found_however_it_is_written(desk, browse, written, typed):
    case = desk.case(description=f"Before {written} after")
    other = desk.case()
    for internal in (True, False):
        assert list(matching(Case.objects.all(), typed, internal=internal)) == [case]
    assert numbers_on(browse(desk.designated).get("/cases/", {"q": typed})) == [case.number]
    page = browse(desk.expert).get(reverse("admin:cases_case_changelist"), {"q": typed})
    assert case.number in page.content.decode()
    assert other.number not in page.content.decode()


@pytest.mark.parametrize(
    ("one", "other"), [("\u304c", "\u304b"), ("\u0e14\u0e35", "\u0e14"), ("a", "b"), ("x-y", "xy")]
)
def test_what_is_another_word_is_not_the_same(one, other):
    assert folded(one) != folded(other)


@pytest.mark.parametrize("text", ["x", "a" * 201, "", "\u200b", "100% _a_ \\ '"])
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


def test_too_long_a_search_goes_by_its_beginning(desk, browse):
    """S10: in the portal as in the admin."""
    found = desk.case(description="a" * SEARCH_MAX)
    desk.case()
    page = browse(desk.designated).get("/cases/", {"q": "a" * (SEARCH_MAX + 1)})
    assert numbers_on(page) == [found.number]
    assert "aria-describedby" not in page.content.decode().split("</form>")[0].split("id_q")[-1]
    page = browse(desk.designated).get("/cases/", {"q": "b" * (SEARCH_MAX + 1)})
    assert numbers_on(page) == []


DRESSES = [
    pytest.param("#{}", id="S11"),
    pytest.param("{}.", id="S11 dot"),
    pytest.param("({})", id="S11 brackets"),
    pytest.param("[{}]", id="S13 square brackets"),
    pytest.param("{}: Conversation lost", id="S12"),
    pytest.param("Re: {}: Conversation lost", id="S12 answered"),
    pytest.param("Case {}", id="S12 with a word"),
    pytest.param("https://desk.example/cases/{}/", id="S12 link"),
    pytest.param("\u200b{}\ufeff", id="S14 invisible"),
]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212"])
def test_a_number_is_understood_as_people_paste_it(dress, dash):
    """S11 to S14."""
    assert case_number_in(dress.format(f"C{dash}NS3F7Q0")) == "C-NS3F7Q0"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        pytest.param("\uff23-\uff2e\uff33\uff13\uff26\uff17\uff31\uff10", "C-NS3F7Q0", id="S15"),
        ("\uff23\uff0dNS3F7Q0", "C-NS3F7Q0"),
        ("Conversation lost", ""),
        ("the customer transfers", ""),
        ("C-NS3F7Q", ""),
        ("XC-NS3F7Q0", ""),
        ("", ""),
        ("\x00", ""),
    ],
)
def test_a_number_is_one_or_none(typed, number):
    """S15."""
    assert case_number_in(typed) == number


def test_a_pasted_number_leads_to_the_case_everywhere(desk, browse):
    """S11, S12, S15 in portal, admin, addresses, and where cases are linked."""
    case, other = desk.owned_case(), desk.case()
    contact, staff = browse(desk.designated), browse(desk.expert)
    wide = "".join(chr(ord(each) + 0xFEE0) if each.isalnum() else each for each in case.number)
    for typed in (f"#{case.number}", f"{case.number}: {case.subject}", wide):
        assert contact.get("/cases/", {"q": typed}).url == case.get_absolute_url()
        answer = staff.get(reverse("admin:cases_case_changelist"), {"q": typed})
        assert answer.url == reverse("admin:cases_case_change", args=[case.pk])
    assert contact.get(f"/cases/{case.number}./").status_code == 200
    link = link_cases(
        case_id=other.pk,
        number=f"#{case.number}.",
        kind="related",
        actor=Actor.of(desk.expert),
        now=NOW,
    )
    assert {link.from_case, link.to_case} == {case, other}
