"""What speaks for a person's name: lists of names and of ordinary words, and how words are built.

Belongs here: weighing one word, and reading a name at a place where something announced one. The
lists are evidence and never decide alone: each rule says how much of it its place needs. A word of
`wordy_names.txt` is a name as well as a word, a town or a product, and needs more than the others.

The lists are of single words, which are facts: our own, the most frequent names of the US Census
(1990) and of Faker's locales, without what is an ordinary word more often than a name.
"""

from enum import IntEnum
from functools import lru_cache
from pathlib import Path

from .common_words import COMMON, FUNCTION_WORDS
from .name_words import ENDS_LIKE_SURNAME, ENDS_LIKE_WORD, RANKS, SUFFIXES, THINGS
from .projection import compiled
from .spans import PARTICLES, Span
from .words import NOT_NAMES, ORDINARY


def _read(*names: str) -> frozenset[bytes]:
    folder = Path(__file__).parent
    return frozenset(b"\n".join((folder / f"{n}.txt").read_bytes() for n in names).split())


GIVEN = _read("given_names", "given_names_from_l")
SURNAMES = _read("surnames", "surnames_from_l")
_WORDY = _read("wordy_names")
EVERYDAY = (
    _read("everyday_words", "everyday_words_from_l")
    | COMMON
    | FUNCTION_WORDS
    | (NOT_NAMES - {b"victor", b"violet"})
) - ORDINARY

_CONTRACTED = frozenset(
    b"i'm i'll i've i'd im you're we're they're he'll she'll we'll it'll that'll there'll who'll"
    b" let's what's that's it's he's she's y'all ain't g'day".split()
)

_PLAIN_LETTERS = bytes.maketrans(
    bytes(range(0xC0, 0x100)), b"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
)
_BUILT = compiled(rb"(?:Mc|Mac|O'|D'|L'|Fitz|De|Di|Du|La|Le|Van|Von|Ben|Al-|El-)[A-Z\xc0-\xde].*")


def unmarked(word: bytes) -> bytes:
    """In lower case without accents."""
    return word.translate(_PLAIN_LETTERS).lower()


class Kind(IntEnum):
    """What a word is by itself, from what speaks against a name to what speaks for one."""

    EVERYDAY = 0
    UNKNOWN = 1
    WORDY = 2
    SURNAME = 3
    GIVEN = 4


@lru_cache(maxsize=16384)
def kind_of(word: bytes) -> Kind:
    """What the lists and the form of a word say about it, in any case."""
    plain = unmarked(word).strip(b"'.,-")
    if plain.endswith(b"'s"):
        plain = plain[:-2]
    if not plain or plain in ORDINARY or plain in _WORDY:
        return Kind.WORDY if plain in ORDINARY or plain in _WORDY else Kind.EVERYDAY
    if plain in GIVEN and plain not in _CONTRACTED:
        return Kind.GIVEN
    if plain in SURNAMES:
        return Kind.SURNAME
    if plain in EVERYDAY or plain in _CONTRACTED:
        return Kind.EVERYDAY
    if len(plain) > 2 and not plain.translate(None, b"abcdef") and not is_capital(word):
        return Kind.EVERYDAY  # what is left of a number in hexadecimal
    if b"-" in plain:
        parts = [part for part in word.strip(b"'.,-").split(b"-") if part]
        parts = [part for part in parts if part.lower() not in PARTICLES] or parts
        kinds = [kind_of(part) for part in parts]
        if Kind.EVERYDAY in kinds and not (max(kinds) >= Kind.SURNAME and is_capital(parts[-1])):
            return Kind.EVERYDAY
        return max(kinds, default=Kind.EVERYDAY)
    if b"'" in plain:
        rest = plain.replace(b"'", b"")
        if rest in SURNAMES or _BUILT.fullmatch(word):
            return Kind.SURNAME
        if (
            plain[:2] in (b"d'", b"l'", b"j'", b"n'", b"s'", b"c'", b"m'", b"t'")
            or plain[:3] == b"qu'"
        ):
            return Kind.EVERYDAY  # French and Italian: d'avance, j'ai
        if rest in GIVEN:
            return Kind.GIVEN
    if _BUILT.fullmatch(word) or (len(plain) > 6 and plain.endswith(ENDS_LIKE_SURNAME)):
        return Kind.SURNAME
    if _ends_like_word(plain, is_capital(word)) or _inflected(plain, is_capital(word)):
        return Kind.EVERYDAY
    return Kind.UNKNOWN


def _ends_like_word(plain: bytes, capital: bool) -> bool:
    if capital and plain.endswith((b"ing", b"ings")):
        # Billing and Routing, but not Gehring.
        stem = plain.removesuffix(b"s")[:-3]
        return bool({stem, stem + b"e", stem[:-1]} & EVERYDAY)
    return plain.endswith(ENDS_LIKE_WORD)


def _inflected(plain: bytes, capital: bool) -> bool:
    """Whether it is an everyday word with an ending: queues, upgraded, slower."""
    for ending in _ENDINGS if capital else _SMALL_ENDINGS:
        stem = plain[: -len(ending)]
        if plain.endswith(ending) and len(stem) > 2 and stem in EVERYDAY:
            return True
    return False


_ENDINGS = (b"s", b"es", b"ed", b"d", b"ers", b"ly", b"n't")
_SMALL_ENDINGS = (*_ENDINGS, b"er", b"r", b"y")


def is_listed(word: bytes) -> bool:
    """Whether it is a name and hardly anything else."""
    return kind_of(word) >= Kind.SURNAME


class Need(IntEnum):
    """How much must speak for a name at a place."""

    #: A name stands here, whatever it is: a name field, a signature.
    LITTLE = 0
    #: A name often stands here: "spoke with", "Agent:".
    SOME = 1
    #: Anything may stand here: "from", "for", "with".
    MUCH = 2


_TOKEN = compiled(rb"[A-Za-z\xc0-\xff](?:[A-Za-z\xc0-\xff'\-]{0,30}[A-Za-z\xc0-\xff])?\.?")
_CODE = compiled(rb"::|[_(\\]|\.[A-Za-z0-9_]|[:=/@][A-Za-z0-9_]|[0-9]|->")
_PARTICLES = PARTICLES | {
    b"san",
    b"mac",
    b"abu",
    b"binti",
    b"bint",
    b"bte",
    b"ap",
    b"ferch",
    b"ni",
    b"te",
    b"lo",
    b"vander",
    b"auf",
    b"af",
    b"av",
}
#: What may follow a name typed in lower case that the lists do not know.
_BREAKS = b"\x00\n\r.,;:!?()/@|-\"'<>[]\\"


def is_capital(word: bytes) -> bool:
    return word[:1].isupper() or 0xC0 <= word[0] <= 0xDE


def is_joined(word: bytes) -> bool:
    """Whether it has capitals within, as things have: NetOps, TServer."""
    inner = b"".join(part[1:] for part in word.split(b"-"))
    return any(each.isupper() for each in inner.decode("latin-1"))


def is_loud(word: bytes) -> bool:
    letters = word.translate(None, b"'.-")
    return len(letters) > 1 and letters.translate(_PLAIN_LETTERS).isupper()


def name_at(text: bytes, at: int, need: Need, *, small: bool = True) -> Span | None:
    """The name that begins here, if enough speaks for it; titles before it are skipped.

    In capitals, loud, or in lower case if `small`; "Last, First M." as well.
    """
    at = _after_titles(text, at)
    words, end = _words(text, at, need)
    if not words:
        return None
    real = [word for word in words if len(word.strip(b".")) > 1 and word.lower() not in _PARTICLES]
    if not real:
        return None
    first = real[0]
    if not is_capital(first) and (not small or b"\n" in text[at:end]):
        return None
    if not _enough(first, real, need, text, end) or _CODE.match(text, end):
        return None
    return Span(at, end, "PERSON")


def _after_titles(text: bytes, at: int) -> int:
    for _ in range(3):
        match = _TOKEN.match(text, at)
        if match is None:
            break
        word = match.group()
        plain = word.lower().rstrip(b".")
        if plain not in RANKS or text[match.end() : match.end() + 1] != b" ":
            break
        if not is_capital(word) and plain not in (b"dr", b"mr", b"mrs", b"ms", b"sgt", b"officer"):
            break
        if kind_of(plain) >= Kind.WORDY and not word.endswith(b"."):
            break
        at = match.end() + 1
    return at


def _enough(first: bytes, real: list[bytes], need: Need, text: bytes, end: int) -> bool:
    kinds = [kind_of(word) for word in real]
    listed = any(kind >= Kind.SURNAME for kind in kinds)
    following = _TOKEN.match(text, end + 1) if text[end : end + 1] == b" " else None
    thing = following is not None and following.group().lower() in THINGS
    if is_loud(first):
        if len(real) > 1:
            return listed or need == Need.LITTLE
        return need < Need.MUCH and (listed or (need == Need.LITTLE and len(first) > 3))
    if is_capital(first):
        if need == Need.LITTLE:
            return True
        if thing and (need == Need.MUCH or not listed or len(real) < 2):
            return False
        if len(real) > 1:
            return listed or need == Need.SOME
        if need == Need.MUCH:
            return kinds[0] >= Kind.SURNAME and len(first) > 2
        return kinds[0] >= Kind.WORDY or (len(first) > 2 and first[1:].islower())
    if need == Need.LITTLE:
        return kinds[0] != Kind.WORDY or len(real) > 1 or _breaks(text, end)
    if thing:
        return False
    if len(real) > 1:
        return listed and kinds[0] >= (Kind.WORDY if need == Need.SOME else Kind.SURNAME)
    return len(first) > 2 and (
        kinds[0] == Kind.GIVEN
        or (need == Need.SOME and kinds[0] == Kind.SURNAME and len(first) > 3)
    )


def _breaks(text: bytes, end: int) -> bool:
    return end >= len(text) or text[end] in _BREAKS


def _words(text: bytes, at: int, need: Need) -> tuple[list[bytes], int]:
    """The words from here on that one name may have, and where the last of them ends."""
    words: list[bytes] = []
    end = at
    turned = False
    while len(words) < 6 and (match := _TOKEN.match(text, at)):
        word, after = match.group(), match.end()
        bare = word.rstrip(b".")
        plain = bare.lower()
        initial = len(bare) == 1
        owned = plain.endswith(b"'s")
        if owned:
            bare, after = bare[:-2], match.start() + len(bare) - 2
        if words and plain in SUFFIXES and (len(plain) < 3 or is_loud(bare) or plain == b"iii"):
            words.append(bare)
            end = match.end() if word.endswith(b".") and plain in (b"jr", b"sr") else after
            break
        if plain in _PARTICLES and not initial:
            if words and not is_capital(words[0]) and plain in (b"y", b"e", b"i", b"la", b"do"):
                break
            if not _TOKEN.match(text, after + 1) or text[after : after + 1] != b" ":
                if words and is_capital(bare) and not is_loud(bare) and kind_of(bare) > 0:
                    words.append(bare)
                    end = after
                break
            words.append(bare)
            at = after + 1
            continue
        if not _fits(words, bare, plain, initial, text, after):
            break
        words.append(bare)
        end = after if not (initial and word.endswith(b".")) else match.end()
        if word.endswith(b".") and not initial:
            end = after - 1
            if plain not in (b"st", b"jos", b"wm", b"chas"):
                break
        if owned:
            break
        gap = text[match.end() : match.end() + 2]
        if gap[:1] == b" " and gap != b"  ":
            at = match.end() + 1
        elif gap == b", " and not turned and _turns(words, text, match.end() + 2):
            turned, at = True, match.end() + 2
        else:
            break
    while words and words[-1].lower() in _PARTICLES and len(words[-1]) > 1:
        words.pop()
    return words, end


def _turns(words: list[bytes], text: bytes, at: int) -> bool:
    """Whether "Kling, Marta" goes on after the comma."""
    real = [word for word in words if word.lower() not in _PARTICLES]
    following = _TOKEN.match(text, at)
    if len(real) != 1 or following is None or not is_capital(real[0]):
        return False
    word = following.group().rstrip(b".")
    if not is_capital(word) or (is_loud(real[0]) != is_loud(word) and len(word) > 1):
        return False
    if kind_of(real[0]) == Kind.GIVEN and kind_of(word) != Kind.GIVEN:
        return False
    after = text[following.end() : following.end() + 2]
    if after == b", " or after == b" a":  # a list: "Kling, Ruiz, Osei"
        return False
    return kind_of(word) == Kind.GIVEN or (kind_of(word) == Kind.WORDY and is_listed(real[0]))


def _fits(
    words: list[bytes], bare: bytes, plain: bytes, initial: bool, text: bytes, after: int
) -> bool:
    """Whether this word continues the name in the same writing as the words before it."""
    kind = kind_of(bare)
    if initial:
        if not words:
            following = _TOKEN.match(text, after + 1)
            if bare.islower() and text[after - 1 : after + 1] == b". " and following is not None:
                return is_listed(following.group())
            return bare.isupper() and bool(_TOKEN.match(text, after + 1))
        return bare.isupper() == is_capital(words[0]) and plain not in (b"i", b"a")
    if kind == Kind.EVERYDAY or (plain in RANKS and kind < Kind.WORDY):
        return False
    before = [word for word in words if len(word) > 1 and word.lower() not in _PARTICLES]
    if not before:
        return not words or is_capital(bare) == is_capital(words[0]) or not is_capital(words[0])
    if is_loud(before[0]) != is_loud(bare) and len(before[0]) > 2 and len(bare) > 2:
        return False
    if is_capital(before[0]):
        return is_capital(bare)
    if is_capital(bare):
        return False
    # In lower case only what the lists know, what follows a given name, or what ends there.
    given = len(before) == 1 and kind_of(before[0]) == Kind.GIVEN and len(before[0]) > 3
    strange = given and kind == Kind.UNKNOWN and len(bare) > 4 and not plain.endswith(_VERBAL)
    return kind >= Kind.SURNAME or strange or _breaks(text, after)


_VERBAL = (b"ed", b"ing", b"s", b"n't", b"'ll", b"'d", b"'ve", b"ly", b"tion")
