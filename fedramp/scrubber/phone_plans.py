"""The plans of the world's telephone numbers, as phonenumbers' tables give them; read once."""

from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from .patterns import Pattern

#: The countries whose national writing is recognized by itself.
_REGIONS = (
    b"GB DE FR JP AU NL IL ZA IE BE CH AT SE NZ TR KR CN IN TW EG NG PH PK SA AE MY TH VN UA RO BG "
    b"HR GR KE GH MA DZ LK BD ID"
)
#: Mobile numbers whose groups tell them: China, India, Poland and its neighbours.
MOBILE = Pattern(rb"1[3-9]\d[ \-]\d{4}[ \-]\d{4}|[6-9]\d{4}[ \-]\d{5}|[4-8]\d\d-\d{3}-\d{3}", False)


@cache
def _lengths() -> dict[int, frozenset[int]]:
    """How many digits may follow each country code, from the library's tables; read once."""
    found: dict[int, frozenset[int]] = {}
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        lengths: set[int] = set()
        for region in regions:
            metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            if metadata is not None and metadata.general_desc is not None:
                lengths.update(metadata.general_desc.possible_length)
        found[code] = frozenset(lengths)
    return found


@cache
def _given_out() -> Pattern:
    """A number of one of the countries, without its prefix, as their plans give them out."""
    forms: list[str] = []
    for region in _REGIONS.decode().split():
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata is not None:
            for desc in (metadata.fixed_line, metadata.mobile, metadata.toll_free):
                if desc is not None and desc.national_number_pattern:
                    forms.append("".join(desc.national_number_pattern.split()))
    return Pattern(b"|".join(f"(?:{form})".encode() for form in forms), False)


def is_national(digits: bytes) -> bool:
    """A number with a national prefix, as one of many countries writes it: 0 and a given number."""
    return (
        digits[:1] == b"0"
        and 9 <= len(digits) <= 12
        and _given_out().fullmatch(digits[1:]) is not None
    )


def is_american(digits: bytes) -> bool:
    """Ten digits (or eleven beginning with 1) with a possible area code and exchange."""
    if len(digits) == 11 and digits[:1] == b"1":
        digits = digits[1:]
    return len(digits) == 10 and digits[0] > 0x31 and digits[3] > 0x31 and digits[1:3] != b"11"


@cache
def _codes() -> tuple[dict[bytes, frozenset[int]], ...]:
    table: list[dict[bytes, frozenset[int]]] = [{}, {}, {}]
    for code, lengths in _lengths().items():
        text = str(code).encode()
        table[len(text) - 1][text] = lengths
    return tuple(table)


def is_international(digits: bytes) -> bool:
    """A country code, with as many digits as that country's numbers have."""
    for size, table in enumerate(_codes(), 1):
        lengths = table.get(digits[:size])
        if lengths is not None:
            rest = len(digits) - size
            return rest in lengths or rest - 1 in lengths  # one more: +44 (0)20
    return False


@cache
def _worlds() -> dict[bytes, Pattern]:
    """For each country code, what numbers its countries give out."""
    found: dict[bytes, Pattern] = {}
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        forms: list[str] = []
        for region in regions:
            metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            for desc in (metadata.fixed_line, metadata.mobile) if metadata else ():
                if desc is not None and desc.national_number_pattern:
                    forms.append("".join(desc.national_number_pattern.split()))
        if forms:
            found[str(code).encode()] = Pattern(
                b"|".join(f"(?:{form})".encode() for form in forms), False
            )
    return found


def is_abroad(digits: bytes) -> bool:
    """A whole number with a country's code, as that country gives them out."""
    worlds = _worlds()
    return any(
        (pattern := worlds.get(digits[:size])) is not None
        and pattern.fullmatch(digits[size:]) is not None
        for size in (1, 2, 3)
    )
