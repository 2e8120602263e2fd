"""Numbers, user names and secrets that the words beside them tell, and what only looks like it."""

import pytest

from fedramp.scrubber.projection import project
from fedramp.scrubber.shapes import shapes, told

pytestmark = pytest.mark.rule("FED-7")


def _found(text: str) -> set[str]:
    projected = project(text)
    spans = [*shapes(projected), *told(projected)]
    return {text[span.start : span.end] for span in spans}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("temp pw for ngozin: Monday-MGA - change it", "Monday-MGA"),
        ("Please deactivate CORP\\zhenweiz, huynhmi. Thanks", "huynhmi"),
        ("verified, last4 6004 of SSN, security answer Rover.", "6004"),
        ("DHCPACK on 172.20.91.61 to 3C2AF4C4A706 via eth0", "3C2AF4C4A706"),
        ("incoming 6176357865 should be someone else", "6176357865"),
        ("his passport, A7714029, was checked", "A7714029"),
    ],
)
def test_words_beside_a_value_tell_it(text: str, value: str) -> None:
    assert value in _found(text)


@pytest.mark.parametrize(
    "text",
    ["Genesys-SIP-Server/8.1.103.72", 'warning "hops" t=1739882201', "id bd23-2df8ce53ba05"],
)
def test_versions_times_and_ids_stay(text: str) -> None:
    assert not _found(text)
