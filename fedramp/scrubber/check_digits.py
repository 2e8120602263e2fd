"""The check digits of numbers that states and banks give to people; each takes the bare number.

Letters are expected in upper case. A number of the wrong length or form is false, never an error.
"""

from collections.abc import Callable, Iterable

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def luhn(digits: bytes) -> bool:
    """The check of cards, and of many states' numbers."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = digit - 48
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _sum(digits: bytes, weights: Iterable[int]) -> int:
    return sum((digit - 48) * weight for digit, weight in zip(digits, weights, strict=False))


def _is(digits: bytes, size: int) -> bool:
    return len(digits) == size and digits.isdigit()


def is_day(month: bytes, day: bytes) -> bool:
    """Whether a month and a day of it exist."""
    return (
        month.isdigit()
        and day.isdigit()
        and 1 <= int(month) <= 12
        and 1 <= int(day) <= _DAYS[int(month) - 1]
    )


def _iso_7064(digits: bytes) -> bool:
    """ISO 7064, mod 11, 10: German tax numbers."""
    check = 10
    for digit in digits[:-1]:
        check = (check + digit - 48) % 10 or 10
        check = check * 2 % 11
    return (11 - check) % 10 == digits[-1] - 48


_TURNS = b"1576283094"
_TABLE = (
    b"0123456789",
    b"1234067895",
    b"2340178956",
    b"3401289567",
    b"4012395678",
    b"5987604321",
    b"6598710432",
    b"7659821043",
    b"8765932104",
    b"9876543210",
)


def verhoeff(digits: bytes) -> bool:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        value = digit - 48
        for _ in range(place % 8):
            value = _TURNS[value] - 48
        check = _TABLE[check][value] - 48
    return check == 0


def aadhaar(digits: bytes) -> bool:
    return _is(digits, 12) and digits[0] > 0x31 and verhoeff(digits)


def german(digits: bytes) -> bool:
    """Steuer-Identifikationsnummer: one digit appears twice or three times in the first ten."""
    if not _is(digits, 11) or digits[0] == 0x30:
        return False
    return len(set(digits[:10])) in (8, 9) and _iso_7064(digits)


def french(number: bytes) -> bool:
    """Num\u00e9ro de s\u00e9curit\u00e9 sociale, with its key; 2A and 2B are Corsica."""
    if len(number) != 15 or number[0] not in b"1234678":
        return False
    plain = number.replace(b"2A", b"19").replace(b"2B", b"18")
    if not plain.isdigit() or not (1 <= int(plain[3:5]) <= 12 or 20 <= int(plain[3:5]) <= 42):
        return False
    return 97 - int(plain[:13]) % 97 == int(plain[13:])


_SPANISH = b"TRWAGMYFPDXBNJZSQVHLCKE"


def spanish(number: bytes) -> bool:
    """DNI, and NIE with X, Y or Z for its first digit."""
    first = {0x58: b"0", 0x59: b"1", 0x5A: b"2"}.get(number[0] if number else 0)
    digits = first + number[1:-1] if first else number[:-1]
    return _is(digits, 8) and number[-1] == _SPANISH[int(digits) % 23]


_ODD = (
    1,
    0,
    5,
    7,
    9,
    13,
    15,
    17,
    19,
    21,
    2,
    4,
    18,
    20,
    11,
    3,
    6,
    8,
    12,
    14,
    16,
    10,
    22,
    25,
    24,
    23,
)


def italian(number: bytes) -> bool:
    """Codice fiscale."""
    if len(number) != 16 or not number.isalnum() or not number[-1:].isalpha():
        return False
    values = [each - 48 if each < 58 else each - 65 for each in number]
    total = sum(_ODD[value] if place % 2 == 0 else value for place, value in enumerate(values[:15]))
    return total % 26 == values[15]


def dutch(digits: bytes) -> bool:
    if not _is(digits, 9) or digits == b"000000000":
        return False
    return _sum(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def belgian(digits: bytes) -> bool:
    if not _is(digits, 11):
        return False
    rest, check = digits[:9], int(digits[9:])
    return check in (97 - int(rest) % 97, 97 - int(b"2" + rest) % 97)


def portuguese(digits: bytes) -> bool:
    if not _is(digits, 9):
        return False
    return (11 - _sum(digits[:8], range(9, 1, -1)) % 11) % 11 % 10 == digits[8] - 48


def polish(digits: bytes) -> bool:
    if not _is(digits, 11) or not is_day(b"%02d" % (int(digits[2:4]) % 20), digits[4:6]):
        return False
    return _sum(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def swedish(digits: bytes) -> bool:
    digits = digits[2:] if len(digits) == 12 else digits
    if not _is(digits, 10) or not luhn(digits):
        return False
    day = int(digits[4:6])
    return is_day(digits[2:4], b"%02d" % (day - 60 if day > 60 else day))


def norwegian(digits: bytes) -> bool:
    if not _is(digits, 11):
        return False
    day = int(digits[:2])
    if not is_day(digits[2:4], b"%02d" % (day - 40 if day > 40 else day)):
        return False
    first = _sum(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1))
    return first % 11 == 0 and _sum(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def finnish(number: bytes) -> bool:
    if len(number) != 11 or not number[:6].isdigit() or not number[7:10].isdigit():
        return False
    checks = b"0123456789ABCDEFHJKLMNPRSTUVWXY"
    right = number[10] == checks[int(number[:6] + number[7:10]) % 31]
    return right and is_day(number[2:4], number[:2])


def ean(digits: bytes) -> bool:
    """The check of Swiss insurance numbers, as on goods."""
    if not _is(digits, 13):
        return False
    return _sum(digits, (1, 3) * 6 + (1,)) % 10 == 0


def irish(number: bytes) -> bool:
    if len(number) not in (8, 9) or not number[:7].isdigit() or not number[7:].isalpha():
        return False
    total = _sum(number[:7], range(8, 1, -1))
    if len(number) == 9 and number[8:] not in (b"W", b"T"):
        total += 9 * (number[8] - 64)
    return number[7] == b"WABCDEFGHIJKLMNOPQRSTUV"[total % 23]


def british_health(digits: bytes) -> bool:
    return _is(digits, 10) and _sum(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def cpf(digits: bytes) -> bool:
    if not _is(digits, 11) or len(set(digits)) == 1:
        return False
    for size in (9, 10):
        rest = _sum(digits[:size], range(size + 1, 1, -1)) * 10 % 11 % 10
        if rest != digits[size] - 48:
            return False
    return True


def cnpj(digits: bytes) -> bool:
    if not _is(digits, 14) or len(set(digits)) == 1:
        return False
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    for size in (12, 13):
        rest = _sum(digits[:size], weights[13 - size :]) % 11
        if (0 if rest < 2 else 11 - rest) != digits[size] - 48:
            return False
    return True


def curp(number: bytes) -> bool:
    letters = "0123456789ABCDEFGHIJKLMN\xd1OPQRSTUVWXYZ"
    if len(number) != 18 or not number[-1:].isdigit():
        return False
    values = [letters.find(chr(each)) for each in number[:17]]
    total = sum(value * (18 - place) for place, value in enumerate(values))
    return min(values) >= 0 and (10 - total % 10) % 10 == number[-1] - 48


def cuit(digits: bytes) -> bool:
    if not _is(digits, 11):
        return False
    return _sum(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def rut(number: bytes) -> bool:
    if not 8 <= len(number) <= 9 or not number[:-1].isdigit():
        return False
    total = _sum(number[:-1][::-1], (2, 3, 4, 5, 6, 7, 2, 3))
    return number[-1] == b"0123456789K"[-total % 11]


def japanese(digits: bytes) -> bool:
    if not _is(digits, 12):
        return False
    rest = _sum(digits[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if rest < 2 else 11 - rest) == digits[11] - 48


def korean(digits: bytes) -> bool:
    """Only the date and the century: since 2020 there is no check digit."""
    return _is(digits, 13) and is_day(digits[2:4], digits[4:6]) and digits[6] in b"12345678"


def chinese(number: bytes) -> bool:
    if len(number) != 18 or not number[:17].isdigit() or not is_day(number[10:12], number[12:14]):
        return False
    total = _sum(number[:17], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return number[17] == b"10X98765432"[total % 11]


def taiwanese(number: bytes) -> bool:
    if len(number) != 10 or not number[:1].isalpha() or not number[1:].isdigit():
        return False
    first = b"ABCDEFGHJKLMNPQRSTUVXYWZIO".find(number[:1]) + 10
    return (
        first // 10 + first % 10 * 9 + _sum(number[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))
    ) % 10 == 0 and number[1] in b"1289"


def singaporean(number: bytes) -> bool:
    if len(number) != 9 or not number[1:8].isdigit():
        return False
    total = _sum(number[1:8], (2, 7, 6, 5, 4, 3, 2))
    if number[0] in b"ST":
        return number[8] == b"JZIHGFEDCBA"[(total + 4 * (number[0] == 0x54)) % 11]
    if number[0] in b"FG":
        return number[8] == b"XWUTRQPNMLK"[(total + 4 * (number[0] == 0x47)) % 11]
    return number[0] == 0x4D and number[8] == b"KLJNPQRTUWX"[10 - (total + 3) % 11]


def australian_tax(digits: bytes) -> bool:
    if len(digits) == 8:
        return _sum(digits, (10, 7, 8, 4, 6, 3, 5, 1)) % 11 == 0
    return _is(digits, 9) and _sum(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def turkish(digits: bytes) -> bool:
    if not _is(digits, 11) or digits[0] == 0x30:
        return False
    values = [digit - 48 for digit in digits]
    tenth = (sum(values[0:9:2]) * 7 - sum(values[1:8:2])) % 10
    return tenth == values[9] and sum(values[:10]) % 10 == values[10]


def south_african(digits: bytes) -> bool:
    return _is(digits, 13) and is_day(digits[2:4], digits[4:6]) and luhn(digits)


def routing(digits: bytes) -> bool:
    """An American bank's number."""
    return _is(digits, 9) and digits[0] < 0x34 and _sum(digits, (3, 7, 1) * 3) % 10 == 0


def nine_digits_of_luhn(digits: bytes) -> bool:
    return _is(digits, 9) and luhn(digits)


Check = Callable[[bytes], bool]
