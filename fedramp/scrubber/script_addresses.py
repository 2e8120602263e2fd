"""Postal addresses in other scripts, by the words that name streets, wards and houses."""

import re
from collections.abc import Iterator

from .spans import Span

_OTHER = re.compile(
    "[\u0370-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3005-\u9fff\uac00-\ud7a3]"
)
_HAN = "\u3005\u3040-\u30ff\u3400-\u9fff"
_NOT = "\\s\u3001\u3002\uff0c,;\uff1b\"'|\u300d\uff09)"
#: \u3012980-0811 and what follows; a prefecture with a town and numbers.
_JAPANESE = re.compile(
    f"\u3012 ?\\d{{3}}-?\\d{{4}}(?:[ \u3000]{{0,2}}[{_HAN}][{_HAN}0-9\uff10-\uff19A-"
    f"Za-z\\-\u2212\u30fc]{{1,60}}(?:[ \u3000][{_HAN}]{{2,16}}[0-9A-Za-z\\-]{{0,8}}("
    f"?:\u53f7\u5ba4|\u968e)?)?)?"
    f"|(?:\u6771\u4eac\u90fd|\u5317\u6d77\u9053|(?:\u5927\u962a|\u4eac\u90fd)\u5e9c"
    f"|[\u4e00-\u9fff]{{2,3}}\u770c)[{_HAN}]{{1,24}}[\u5e02\u533a\u753a\u6751\u90e1]"
    f"[{_HAN}]{{0,20}}[0-9\uff10-\uff19\u4e00-\u5341][{_HAN}0-9\uff10-\uff19\\-"
    f"\u2212\u30fc]{{0,24}}(?:[ \u3000][{_HAN}]{{2,16}}[0-9A-Za-z\\-]{{1,8}}(?:"
    f"\u53f7\u5ba4|\u968e)?)?"
)
_CHINESE = re.compile(
    f"[\u4e00-\u9fff]{{2,10}}[\u7701\u5e02\u53bf\u7e23\u533a\u5340\u9547\u93ae\u4e61"
    f"\u9109][\u4e00-\u9fff0-9]{{0,24}}?(?:\u8def|\u8857|\u9053|\u5df7"
    f"|\u5f04|\u6751|\u91cc|\u5927\u9053|\u80e1\u540c|\u5c0f\u533a)[\u4e00-\u9fff0-9"
    f"A-Za-z\\-]{{0,30}}?\\d{{1,5}}[^{_NOT}]{{0,24}}"
)
_KOREAN = re.compile(
    "(?:[\uac00-\ud7a3]{2,7}(?:\uc2dc|\ub3c4|\uad6c|\uad70)[ ]?){1,3}[\uac00-\ud7a3"
    "0-9]{1,12}(?:\ub85c|\uae38|\ub3d9|\uc74d|\uba74|\ub9ac)[ ]?\\d{1,4}(?:-\\d"
    "{1,4})?(?:\ubc88\uae38 ?\\d{1,4}|\ubc88\uc9c0)?(?:,? ?[\uac00-\ud7a30-9A-Za-z]"
    "{1,14}(?:\ub3d9|\ud638|\uce35|\uc544\ud30c\ud2b8|\ube4c\ub529)){0,4}"
)
_CYRILLIC = re.compile(
    "(?:\\d{5,6}, ?)?(?:(?:\u0433|\u0433\u043e\u0440|\u043c)\\."
    " ?[\u0410-\u042f\u0406][\u0430-\u044f\u0456\\-]{2,20}, ?)?(?:[\u0410-\u042f]["
    "\u0430-\u044f\\-]{2,20}, ?)?"
    "(?:\u0443\u043b\\.|\u0443\u043b\u0438\u0446\u0430|\u043f\u0440-\u0442"
    "|\u043f\u0440\u043e\u0441\u043f\u0435\u043a\u0442|\u043f\u0440\\."
    "|\u043f\u0435\u0440\\.|\u043f\u0435\u0440\u0435\u0443\u043b\u043e\u043a"
    "|\u043d\u0430\u0431\\.|\u043d\u0430\u0431\u0435\u0440\u0435\u0436\u043d\u0430"
    "\u044f|\u0448\\.|\u0448\u043e\u0441\u0441\u0435|\u043f\u043b\\."
    "|\u0431-\u0440|\u0431\u0443\u043b\\.|\u0432\u0443\u043b\\."
    "|\u0432\u0443\u043b\u0438\u0446\u044f|\u043f\u0440\u043e\u0441\u043f\\."
    "|\u043f\u0440\u043e\u0432\\.)"
    " ?[\u0410-\u042f\u0406\u0430-\u044f\u0456\u04570-9.\\- ]{2,40},?"
    " ?(?:\u0434\\.|\u0434\u043e\u043c|\u0431\u0443\u0434\\.)? ?\\d{1,4}(?:[/\\-]\\"
    "d{1,4})?[\u0430-\u044f]?"
    "(?:,? ?(?:\u043a\u043e\u0440\u043f?|\u0441\u0442\u0440|\u043a\u0432"
    "|\u043e\u0444|\u043f\u043e\u0434\u044a\u0435\u0437\u0434|\u044d\u0442"
    "|\u043a)\\.? ?\\d{1,4}){0,4}"
)
_INDIC = re.compile(
    "(?:\u092b\u094d\u0932\u0948\u091f|\u092e\u0915\u093e\u0928"
    "|\u092a\u094d\u0932\u0949\u091f|\u0918\u0930|\u0917\u0932\u0940"
    "|\u0926\u0941\u0915\u093e\u0928)[^\n;|]{2,110}?[1-9]\\d{2}"
    " ?\\d{3}"
)
_ARABIC = re.compile(
    "(?:\u0634\u0627\u0631\u0639|\u062d\u064a|\u0637\u0631\u064a\u0642"
    "|\u062e\u06cc\u0627\u0628\u0627\u0646|\u06a9\u0648\u0686\u0647"
    "|\u05e8\u05d7\u05d5\u05d1|\u05e8\u05d7'|\u05e9\u05d3\u05e8\u05d5\u05ea)"
    " [\u0590-\u06ff '\\-]{2,40},? ?\\d{1,5}(?:,? [\u0590-\u06ff]{2,16}){0,3}"
)
_GREEK = re.compile(
    "(?:\u039f\u03b4\u03cc\u03c2|\u03bf\u03b4\u03cc\u03c2|\u039b\u03b5\u03c9\u03c6"
    "\\.?|\u039b\u03b5\u03c9\u03c6\u03cc\u03c1\u03bf\u03c2) [\u0386-\u03ce.\\-"
    " ]{3,40} \\d{1,4}(?:,? ?\\d{3} ?\\d{2})?(?:,? [\u0386-\u03ce]{3,20})?"
)
_THAI = re.compile(
    "\\d{1,4}(?:/\\d{1,4})? (?:\u0e2b\u0e21\u0e39\u0e48 ?\\d{1,2}"
    " )?(?:\u0e16\u0e19\u0e19|\u0e0b\u0e2d\u0e22|\u0e15\u0e33\u0e1a\u0e25"
    "|\u0e15\\.|\u0e16\\.|\u0e0b\\.)[\u0e00-\u0e7f .0-9]{2,80}?\\d{5}"
)
_TOLD = re.compile(
    "(?:\u5730\u5740|\u4f4f\u5740|\u4f4f\u6240|\u3054\u4f4f\u6240"
    "|\uc8fc\uc18c|\u0410\u0434\u0440\u0435\u0441|\u0430\u0434\u0440\u0435\u0441"
    "|\u0410\u0434\u0440\u0435\u0441\u0430|\u0627\u0644\u0639\u0646\u0648\u0627"
    "\u0646|\u0646\u0634\u0627\u0646\u06cc|\u05db\u05ea\u05d5\u05d1\u05ea"
    "|\u092a\u0924\u093e|\u0394\u03b9\u03b5\u03cd\u03b8\u03c5\u03bd\u03c3\u03b7"
    "|\u0e17\u0e35\u0e48\u0e2d\u0e22\u0e39\u0e48)"
    '(?:\u662f|\u306f|[ \u3000]?[:\uff1a]|[ \u3000])[ \u3000]{0,3}([^\n|;"\u3002<>]{5,80})'
)


def placed(text: str) -> Iterator[Span]:
    """The addresses in other scripts: those with a street and a number, and after their label."""
    if text.isascii() or _OTHER.search(text) is None:
        return
    for pattern in (_JAPANESE, _CHINESE, _KOREAN, _CYRILLIC, _INDIC, _ARABIC, _GREEK, _THAI):
        for match in pattern.finditer(text):
            yield Span(*match.span(), "ADDRESS")
    for match in _TOLD.finditer(text):
        value = match.group(1).rstrip()
        if any(each.isdigit() for each in value) and _OTHER.search(value):
            yield Span(match.start(1), match.start(1) + len(value), "ADDRESS")
