"""Names in other scripts: Cyrillic, Greek, Arabic, Hebrew, Indic, Thai, Han, Kana, Hangul.

One byte stands for all these letters in the projected text, so these rules read the text itself,
and only where such letters occur. What they find: name fields, speakers, greetings and signatures,
people who say who they are, forms of address, and given names with a surname. Every repeat is
bounded.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .spans import Span

#: A name is found again in at most this many spellings of one text.
_MOST = 500
_CASED = "\u0370-\u03ff\u0400-\u052f\u1f00-\u1fff\u0531-\u0587\u10a0-\u10ff"
_UNCASED = "\u0590-\u05ff\u0600-\u06ff\u0750-\u077f\u0900-\u0df2\ufb50-\ufdff\ufe70-\ufefc"
_THAI, _HAN, _KANA, _HANGUL = (
    "\u0e00-\u0e7f",
    "\u3400-\u9fff\u3005",
    "\u3040-\u30ff",
    "\uac00-\ud7a3",
)
_OTHER = re.compile(f"[{_CASED}{_UNCASED}{_THAI}{_HAN}{_KANA}{_HANGUL}]")
_JOINED = "'\u2019\\-\u2010\u200c\u05f3"
_WORD = f"[{_CASED}][{_CASED}{_JOINED}\u0301]{{1,30}}"
_CAPITAL = "(?=[\u0386-\u03ab\u0400-\u042f\u0490\u0404\u0406\u0407\u0531-\u0556\u10a0-\u10ff])"
_INITIALS = "(?:[\u0391-\u03a9\u0400-\u042f]\\. ?){1,2}"
#: One to three words of one script; initials with a surname.
_NAME = (
    f"(?:{_INITIALS}{_CAPITAL}{_WORD}"
    f"|{_CAPITAL}{_WORD}(?: {_CAPITAL}{_WORD}){{0,2}}(?: {_INITIALS})?"
    f"|[{_UNCASED}][{_UNCASED}{_JOINED}]{{1,24}}(?: [{_UNCASED}][{_UNCASED}{_JOINED}"
    f"]{{1,24}}){{0,3}}"
    f"|[{_THAI}]{{2,24}}(?: [{_THAI}]{{2,24}}){{0,1}}"
    f"|[{_HANGUL}]{{2,4}}(?: [{_HANGUL}]{{1,2}})?"
    f"|[{_HAN}]{{1,5}}(?:[ \u3000\u30fb]?[{_HAN}{_KANA}]{{1,5}})?"
    f"|[{_KANA}\u30fb\u30fc]{{2,12}}(?:[ \u3000][{_KANA}\u30fc]{{1,10}})?)"
)
_LATIN_FIELDS = (
    "(?:(?:full|first|last|given|family|customer|caller|agent|contact|user|employee"
    "|patient|display|account|member"
    "|client|cust)[ _]?name|name|surname|agent|customer|caller|contact|user|employee"
    "|patient|client|attn|owner|manager|supervisor"
    "|requester|reporter|reported by|from|to|speaker|author|sender|recipient|assignee"
    "|assigned to|participant|nombre|nom|kunde|vorname|nachname)"
)
_SEP = (
    "(?:[ \u3000]{0,3}(?:\\([^()\n]{1,16}\\)"
    "|\uff08[^\uff09\n]{1,12}\uff09)?[ \u3000]{0,3}[:\uff1a=\uff1d\u2014"
    "|\\-][ \u3000\"'\u300c\u201c]{0,4})"
)
_HONORED = (
    "(?:\u69d8|\u3055\u307e|\u3055\u3093|\u6bbf|\u6c0f|\u541b|\u3061\u3083\u3093|\u5148\u751f"
    "|\u5973\u58eb|\u5c0f\u59d0|\u592a\u592a|\u7ecf\u7406|\u7d93\u7406|\u8001\u5e08"
    "|\u8001\u5e2b|\u533b\u751f|\u91ab\u751f|\u4e3b\u4efb|\u603b|\u540c\u5fd7)"
)
_TITLED = (
    "(?:\ub2d8|\uc528|\uacfc\uc7a5|\ud300\uc7a5|\ub300\ub9ac|\ubd80\uc7a5|\ucc28\uc7a5"
    "|\uc0ac\uc6d0|\uc8fc\uc784|\uc2e4\uc7a5|\uc120\uc0dd\ub2d8|\ub4dc\ub9bc|\uc62c\ub9bc"
    "|\ubc30\uc0c1)"
)
#: Before a word in another script, these announce a name without a sign between.
_LATIN_ROLES = (
    "(?:agent|colleague|customer|customers name|customer name|caller"
    "|client|user|employee|patient|guest|wife|husband|son|daughter"
    "|brother|sister|mother|father|friend|manager|supervisor|name"
    "|named|called|mr|mrs|ms|dr|from|with|to|by|spoke with|spoke"
    " to|per|for)"
)
_NATIVE_ROLES = (
    "(?:\u5ba2\u6237|\u5ba2\u6236|\u5ba2\u670d|\u5ba2\u670d\u4eba\u54e1"
    "|\u5ba2\u670d\u4eba\u5458|\u5750\u5e2d|\u540c\u4e8b|\u5458\u5de5"
    "|\u54e1\u5de5|\u7528\u6237|\u7528\u6236|\uc774\ub984|\uc131\uba85"
    "|\uace0\uac1d|\uc0c1\ub2f4\uc6d0|\ub2f4\ub2f9\uc790"
    "|\u0928\u093e\u092e|\u0917\u094d\u0930\u093e\u0939\u0915|\u0e04\u0e38\u0e13"
    "|\u0e19\u0e32\u0e22|\u0e19\u0e32\u0e07\u0e2a\u0e32\u0e27|\u0e19\u0e32\u0e07"
    "|\u05e9\u05dd|\u05dc\u05e7\u05d5\u05d7|\u0628\u0640|\u0645\u0639"
    "|\u0646\u0627\u0645|\u59d3|\u6211\u59d3)"
)
_TIME = (
    "\\[?(?:\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4},? )?\\d{1,2}:\\d\\d(?::\\d\\d)?(?: ?[AaPp][Mm])?\\]?"
)


@cache
def _tables() -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    lines = (Path(__file__).parent / "script_words.txt").read_text("utf-8").split("\n")
    for line in lines:
        if line.startswith("["):
            rows = tables.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            rows += line.split(" | ")
    return tables


@cache
def _set(table: str) -> frozenset[str]:
    return frozenset(word for line in _tables()[table] for word in line.split())


def _any(table: str) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(_tables()[table], key=len, reverse=True))) + ")"


@cache
def _patterns() -> list[tuple[re.Pattern[str], bool]]:
    """The pattern of each place, and whether a name is certain there."""
    edge = f"(?<![{_CASED}{_UNCASED}{_HANGUL}])"
    end = f"(?![{_CASED}{_UNCASED}{_HANGUL}])"
    break_ = (
        r"[,.!\u060c\u3002\uff01\uff0c\u0964]{0,2}[ \t>]{0,4}"
        r"(?:\r?\n[ \t>\-]{0,4}|<br ?/?>|\\n|</p>\s?<p>){1,4}"
    )
    return [
        (re.compile(f"{edge}{_any('fields')}{_SEP}({_NAME})"), True),
        (re.compile(rf"\b{_LATIN_FIELDS}\"?{_SEP}({_NAME})", re.I), True),
        (
            re.compile(
                f"{edge}{_any('closings')}{break_}({_NAME})(?= ?(?:[,|/(<\\n\\r]|$|\\\\n"
                f"|{_TITLED}))"
            ),
            True,
        ),
        (
            re.compile(
                f"{edge}{_any('greetings')}(?:[,\uff0c\u060c]? (?:\u044f |\u064a\u0627 )?"
                f"|[,\uff0c\u060c])({_NAME}){end}(?=[,!.\uff0c\uff01\u060c:\uff1a\n\r \u3002]|$)"
            ),
            False,
        ),
        (re.compile(rf"\b{_LATIN_ROLES}\.? ({_NAME})", re.I), True),
        (re.compile(f"{edge}{_NATIVE_ROLES}[ \u3000]?({_NAME})"), False),
        (
            re.compile(
                f"[{_HAN}] ?[\uff08(]([{_KANA}\u30fc]{{2,10}}[ \u3000]?[{_KANA}\u30fc]{{1,10}})["
                f"\uff09)]"
            ),
            True,
        ),
        (re.compile(f"{edge}{_any('told')}[ :]{{0,2}}({_NAME})"), False),
        (
            re.compile(
                f"^[ \t>*-]{{0,4}}{_TIME}[ \t\\-"
                f"|,]{{1,3}}({_NAME})(?: ?\\([^()\n]{{1,16}}\\))? ?[:\uff1a]",
                re.M,
            ),
            False,
        ),
        (
            re.compile(
                f"^[ \t>*-]{{0,4}}({_NAME})[ \t|,]{{1,4}}{_TIME}[ \t]{{0,3}}(?:\r?$|[:\uff1a])",
                re.M,
            ),
            False,
        ),
    ]


_CJK = re.compile(
    f"([{_HAN}]{{1,4}}(?:[ \u3000]?[{_HAN}]{{1,3}})?|[{_KANA}\u30fc]{{2,8}})({_HONORED})"
)
_KOREAN = re.compile(
    f"(?<![{_HANGUL}])([{_HANGUL}]{{2,4}}) ?({_TITLED})(?![{_HANGUL}]{{2}})"
    f"|(?<![{_HANGUL}])([{_HANGUL}]{{3}})(?=\uc785\ub2c8\ub2e4|\uc774\ub77c\uace0"
    f"|\uc774\uc5d0\uc694|\uc608\uc694|\uc5d0\uac8c|\ud55c\ud14c)"
)
_CALLS_SELF = re.compile(
    f"(?:^"
    f"|[\u306e\u3001\u3002\\s])([{_HAN}]{{1,4}}(?:[ \u3000]?[{_HAN}]{{1,3}})?)(?=\u3067\u3059"
    f"|\u3068\u7533\u3057\u307e\u3059|\u3067\u3054\u3056\u3044\u307e\u3059"
    f"|\u3068\u8a00\u3044\u307e\u3059|\u3088\u308a$)",
    re.M,
)
_SAID = re.compile(
    f"(?:\u6211\u53eb|\u6211\u662f|\u540d\u53eb|\u540d\u5b57\u662f|\u540d\u5b57\u53eb"
    f"|\u806f\u7d61|\u8054\u7cfb|\u627e|\u8ddf|\u548c"
    f"|\u8054\u7cfb\u4eba)([{_HAN}]{{2,4}}?)(?=[\uff0c\u3002,.\uff01! \n]|\u5148\u751f"
    f"|\u5973\u58eb|\u8054\u7cfb|\u806f\u7d61|\u901a\u8bdd|$)"
)
_PAIR = re.compile(f"({_CAPITAL}{_WORD}) ({_CAPITAL}{_WORD})(?: ({_CAPITAL}{_WORD}))?")
_PATRONYMIC = re.compile(
    "[\u0430-\u044f\u0456]{2,}(?:\u043e\u0432\u0438\u0447|\u0435\u0432\u0438\u0447"
    "|\u044c\u0438\u0447|\u043e\u0432\u043d\u0430|\u0435\u0432\u043d\u0430"
    "|\u0438\u0447\u043d\u0430|\u043e\u0432\u0438\u0447\u0430|\u043e\u0432\u043d\u044b"
    "|\u0456\u0432\u043d\u0430)$"
)
_WORDS = re.compile(
    f"[{_UNCASED}][{_UNCASED}{_JOINED}]{{1,24}}(?: [{_UNCASED}][{_UNCASED}{_JOINED}]"
    f"{{1,24}}){{1,3}}"
)


def named(text: str) -> Iterator[Span]:
    """The names in other scripts, and every further place where they stand."""
    if text.isascii() or _OTHER.search(text) is None:
        return
    found: dict[tuple[int, int], None] = {}
    for pattern, sure in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span(1)
            end = start + _length(text[start:end], sure=sure)
            if end > start:
                found[start, end] = None
    for start, end in (*_by_form(text), *_by_lists(text)):
        found[start, end] = None
    for start, end in found:
        yield Span(start, end, "PERSON")
    yield from _again(text, {text[start:end] for start, end in found})


def _length(name: str, *, sure: bool) -> int:
    """How much of this is the name: without what is certainly none; 0 for nothing."""
    nobody = _set("not_names")
    first = name[0]
    if "\u3040" <= first <= "\u30ff" or "\u3400" <= first <= "\u9fff":
        for honor in (
            "\u69d8",
            "\u3055\u307e",
            "\u3055\u3093",
            "\u6c0f",
            "\u6bbf",
            "\u5148\u751f",
            "\u5973\u58eb",
            "\u5c0f\u59d0",
        ):
            if name.endswith(honor) and len(name) > len(honor) + 1:
                name = name[: -len(honor)]
        if name in nobody or any(word in name for word in nobody if len(word) > 1):
            return 0
        surname = (
            name[:2] in _set("han_surnames")
            or first in _set("han_surnames")
            or _is_kanji_surname(name)
        )
        return (
            len(name)
            if (sure and 1 < len(name) <= 9 and (surname or len(name) > 2))
            or (surname and 1 < len(name) <= 6)
            else 0
        )
    if "\uac00" <= first <= "\ud7a3":
        bare = name.split(" ")[0]
        for title in ("\ub2d8", "\uc528", "\ub4dc\ub9bc", "\uc62c\ub9bc"):
            if bare.endswith(title) and len(bare) > len(title) + 1:
                bare = bare[: -len(title)]
        known = bare[:1] in _set("hangul_surnames") or bare[:2] in _set("hangul_surnames")
        return len(bare) if bare not in nobody and known and (len(bare) == 3 or sure) else 0
    words = name.split(" ")
    kept = 0
    for word in words:
        if word in nobody or (word.lower() in nobody):
            break
        kept += len(word) + 1
    if not kept:
        return 0
    if not sure and not _CASE.match(name):
        # Without capitals, only what the lists know is certain.
        listed = _set("arabic_given") | _set("devanagari_names")
        if words[0] not in listed and len(words) > 2:
            kept = min(kept, len(words[0]) + len(words[1]) + 2)
    return kept - 1


_CASE = re.compile(f"[{_CASED}]")


def _is_kanji_surname(name: str) -> bool:
    return any(name[:length].strip() in _set("kanji_surnames") for length in (3, 2))


def _by_form(text: str) -> Iterator[tuple[int, int]]:
    """Names with a form of address, and people who say who they are."""
    nobody = _set("not_names")
    for match in _CJK.finditer(text):
        name, honor = match.groups()
        start = match.start(1)
        chinese = honor[0] not in "\u69d8\u3055\u6bbf\u6c0f\u541b\u3061"
        if chinese:
            # "请王先生": the name is the last one to three signs that begin with a surname.
            at = next(
                (at for at in (3, 2, 1) if len(name) >= at and name[-at] in _set("han_surnames")), 0
            )
            start, name = match.end(1) - at, name[len(name) - at :] if at else ""
        else:
            at = next((at for at in range(len(name)) if _is_kanji_surname(name[at:])), -1)
            if at >= 0:
                start, name = start + at, name[at:]
            elif (
                honor not in ("\u69d8", "\u3055\u307e", "\u3055\u3093")
                or len(name) < 2
                or any(word in name + honor for word in nobody if len(word) > 1)
            ):
                continue
        if name and name not in nobody and name + honor not in nobody:
            yield start, start + len(name)
    for match in _KOREAN.finditer(text):
        group = 1 if match.group(1) else 3
        name = match.group(group)
        if name[0] in _set("hangul_surnames") and len(name) == 3 and name not in nobody:
            yield match.span(group)
    for match in _CALLS_SELF.finditer(text):
        if _is_kanji_surname(match.group(1)):
            yield match.span(1)
    for match in _SAID.finditer(text):
        name = match.group(1)
        if name[0] in _set("han_surnames") and name not in nobody and 2 <= len(name) <= 4:
            yield match.span(1)


def _by_lists(text: str) -> Iterator[tuple[int, int]]:
    """A given name of the lists with a surname."""
    given = _set("cyrillic_given")
    at = 0
    while match := _PAIR.search(text, at):
        words = [word for word in match.groups() if word]
        at = match.start(2)
        known = [word in given or _PATRONYMIC.search(word) is not None for word in words]
        if any(known[:2]) and not any(word in _set("not_names") for word in words[:2]):
            third = len(words) > 2 and (known[2] or all(known[:2]))
            yield match.start(), match.end(3) if third else match.end(2)
            at = match.end(2)
    for match in _APART.finditer(text):
        name = match.group(1) or match.group(2)
        if name not in _set("not_names") and name not in _labels() and _is_apart(name):
            yield match.span(1 if match.group(1) else 2)
    arabic, indic = _set("arabic_given"), _set("devanagari_names")
    for match in _WORDS.finditer(text):
        start = match.start()
        words = match.group().split(" ")
        for place, word in enumerate(words):
            following = words[place + 1 : place + 2]
            if following and (
                (
                    word in arabic
                    and (following[0] in arabic or following[0].startswith("\u0627\u0644"))
                    and following[0] not in _set("not_names")
                )
                or (word in indic and following[0] in indic)
            ):
                yield start, start + len(word) + 1 + len(following[0])
            start += len(word) + 1


#: A name among words of another script, as in "the same for <name> and <name>".
_APART = re.compile(
    f"(?:^|(?<=[A-Za-z0-9&/(\uff08|\t\u300c\"':] )|(?<=[(\uff08/\t|\u300c\"':&]))"
    f"(?:([{_HANGUL}]{{3}}|[{_HAN}]{{2,3}} [{_HAN}]{{1,3}}|[{_HAN}]{{2,4}})"
    f"(?=[)\uff09\u300d\"'\t]|[ ]?[/|&,.(\uff08\u2014] ?|[ ][A-Za-z0-9]|\u3000|$)"
    f"|([\u05d0-\u05ea]{{2,12}} [\u05d0-\u05ea]{{2,12}}"
    f"|[{_THAI}]{{3,14}} [{_THAI}]{{3,14}})(?=[ .,)]{{1,2}}(?:[A-Za-z]|$)))",
    re.M,
)


def _is_apart(name: str) -> bool:
    if "\uac00" <= name[0] <= "\ud7a3":
        return name[0] in _set("hangul_surnames")
    if name[0] >= "\u3005" and name[0] <= "\u9fff":
        nobody = _set("not_names") | _labels()
        known = name[0] in _set("han_surnames") or name[:2] in _set("han_surnames")
        good = (known and 2 <= len(name) <= 4) or (_is_kanji_surname(name) and len(name) > 2)
        return good and not any(word in name for word in nobody if len(word) > 1)
    return True


def _again(text: str, names: set[str]) -> Iterator[Span]:
    """Where the names stand again: Cyrillic and Greek with other endings, others unchanged."""
    forms: dict[str, None] = {}
    for name in sorted(names)[:_MOST]:
        if _CASE.match(name):
            for word in re.split(r"[ .]", name):
                if len(word) > 2:
                    forms[
                        re.escape(word[:-1] if len(word) > 4 else word) + f"[{_CASED}]{{0,3}}"
                    ] = None
        elif len(name) > 2:
            forms[re.escape(name)] = None
    if not forms:
        return
    either = "|".join(sorted(forms, key=len, reverse=True))
    pattern = re.compile(f"(?<![{_CASED}{_UNCASED}])(?:{either})(?![{_CASED}{_UNCASED}])")
    for match in pattern.finditer(text):
        yield Span(*match.span(), "PERSON")


def is_label(text: str, span: Span) -> bool:
    """Whether this is the label of a field, and not what it announces."""
    first = text[span.start : span.start + 1]
    return first > "\u036f" and text[span.start : span.end].strip() in _labels()


@cache
def _labels() -> frozenset[str]:
    return frozenset(_tables()["fields"]) | _set("labels")
