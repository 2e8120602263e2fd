"""Numbers of people whose label is in another script, and dates of Japanese eras.

One byte stands for all these letters in the projected text, so the labels are looked for in the
text itself, and only where such letters occur.
"""

import re
from collections.abc import Iterator

from .spans import Span

_OTHER = re.compile(
    "[\u0370-\u052f\u0590-\u06ff\u0900-\u0e7f\u3005-\u9fff\uac00-\ud7a3\uff10-\uff19]"
)
_SEP = "[\"'\\s:\uff1a\u2236=\uff1d.()\uff08\uff09\u2116\u3010\u3011#*\\-\u2013\u3000]{0,6}"
_LATER = "(?:[^\\d\\n]{0,24}?)"
_PHONES = (
    "\u043c\u043e\u0431(?:\u0438\u043b\u044c\u043d\\w{0,3})?"
    "|\u0442\u0435\u043b(?:\u0435\u0444\u043e\u043d\\w{0,3})?"
    "|\u7535\u8bdd|\u96fb\u8a71(?:\u756a\u53f7)?|\u624b\u673a(?:\u53f7)?|\u624b\u6a5f|\u643a\u5e2f"
    "|\u9023\u7d61\u5148|\u6298\u308a\u8fd4\u3057\u5148|\uc804\ud654(?:\ubc88\ud638)?"
    "|\ud734\ub300(?:\ud3f0|\uc804\ud654)|\uc5f0\ub77d\ucc98|\u0647\u0627\u062a\u0641"
    "|\u062c\u0648\u0627\u0644|\u0645\u0648\u0628\u0627\u064a\u0644|\u062a\u0644\u0641\u0646"
    "|\u0645\u0648\u0628\u0627\u06cc\u0644|\u05d8\u05dc(?:\u05e4\u05d5\u05df|'|\u05f3)?"
    "|\u05e0\u05d9\u05d9\u05d3|\u0e42\u0e17\u0e23|\u0e40\u0e1a\u0e2d\u0e23\u0e4c"
    "|\u03c4\u03b7\u03bb|\u03ba\u03b9\u03bd|\u0392\u03b9\u03b2"
    "|\u092e\u094b(?:\u092c\u093e\u0907\u0932)?|\u092b\u093c?\u094b\u0928"
    "|\u09ae\u09cb\u09ac\u09be\u0987\u09b2"
)
_IDS = (
    "\u0418\u041d\u041d|\u0418\u0418\u041d|\u0421\u041d\u0418\u041b\u0421"
    "|\u0420\u041d\u041e\u041a\u041f\u041f|\u0406\u041f\u041d"
    "|\u0415\u0413\u041d|\u0408\u041c\u0411\u0413|\u0415\u041c\u0411\u0413|\u0391\u03a6\u039c"
    "|\u0391\u039c\u039a\u0391"
    "|\u05ea\\.? ?\u05d6\\.?|\u05ea\u05e2\u05d5\u05d3\u05ea \u05d6\u05d4\u05d5\u05ea"
    "|\u8eab\u4efd\u8bc1(?:\u53f7(?:\u7801)?)?|\u8eab\u5206\u8b49(?:\u5b57\u865f)?"
    "|\u30de\u30a4\u30ca\u30f3\u30d0\u30fc"
    "|\u500b\u4eba\u756a\u53f7|\uc8fc\ubbfc(?:\ub4f1\ub85d)?\ubc88\ud638|\u0906\u0927\u093e\u0930"
    "|\u09a8\u09be\u0997\u09b0\u09bf\u0995"
    "|\u0647\u0648\u064a\u0629|\u0631\u0642\u0645 \u0627\u0644\u0647\u0648\u064a\u0629"
    "|\u0643\u062f \u0645\u0644\u06cc|\u06a9\u062f ?\u0645\u0644\u06cc"
    "|\u0627\u0644\u0631\u0642\u0645 \u0627\u0644\u0642\u0648\u0645\u064a"
    "|\u0625\u0642\u0627\u0645\u0629|\u0627\u0642\u0627\u0645\u0647"
    "|\u0e40\u0e25\u0e02(?:\u0e1a\u0e31\u0e15\u0e23)?\u0e1b\u0e23\u0e30\u0e0a\u0e32\u0e0a\u0e19"
)
_PASSPORTS = (
    "\u043f\u0430\u0441\u043f\u043e\u0440\u0442\\w{0,2}|\u62a4\u7167(?:\u53f7)?|\u8b77\u7167"
    "|\u30d1\u30b9\u30dd\u30fc\u30c8"
    "|\uc5ec\uad8c|\u062c\u0648\u0627\u0632(?: \u0627\u0644\u0633\u0641\u0631)?"
    "|\u05d3\u05e8\u05db\u05d5\u05df|\u03b4\u03b9\u03b1\u03b2\u03b1\u03c4"
)
_BORN = (
    "\u0434\u0430\u0442\u0430 \u0440\u043e\u0436\u0434\u0435\u043d\u0438\u044f"
    "|\u0434\u0430\u0442\u0430 \u043d\u0430\u0440\u043e\u0434\u0436\u0435\u043d\u043d\u044f"
    "|\u0440\u043e\u0434\\.|\u0440\u043e\u0434\u0438\u043b(?:\u0441\u044f|\u0430\u0441\u044c)"
    "|\u0434\\.? ?\u0440\\.?"
    "|\u751f\u5e74\u6708\u65e5|\u51fa\u751f(?:\u65e5\u671f|\u5e74\u6708)?|\u751f\u65e5"
    "|\u8a95\u751f\u65e5"
    "|\uc0dd\ub144\uc6d4\uc77c|\uc0dd\uc77c"
    "|\u062a\u0627\u0631\u064a\u062e \u0627\u0644\u0645\u064a\u0644\u0627\u062f"
    "|\u062a\u0627\u0631\u06cc\u062e \u062a\u0648\u0644\u062f|\u0645\u0648\u0627\u0644\u064a\u062f"
    "|\u05ea\u05d0\u05e8\u05d9\u05da \u05dc\u05d9\u05d3\u05d4"
    "|\u05ea\\.? ?\u05dc\u05d9\u05d3\u05d4|\u0e27\u0e31\u0e19\u0e40\u0e01\u0e34\u0e14"
    "|\u03b7\u03bc\\.? ?\u03b3\u03ad\u03bd\u03bd\u03b7\u03c3\u03b7\u03c2"
    "|\u091c\u0928\u094d\u092e(?: ?\u0924\u093f\u0925\u093f|\u0926\u093f\u0928)?"
)
_USERS = (
    "\u5fae\u4fe1(?:\u53f7)?|\u5fae\u535a"
    "|\u0442\u0435\u043b\u0435\u0433\u0440\u0430\u043c\\w{0,2}|\u0441\u043a\u0430\u0439\u043f"
    "|\u043b\u043e\u0433\u0438\u043d|\u7528\u6237\u540d|\u5e10\u53f7|\u8d26\u53f7"
    "|\u30e6\u30fc\u30b6\u30fc(?:ID|\u540d)|\u30ed\u30b0\u30a4\u30f3ID"
    "|\uc544\uc774\ub514"
    "|\u0438\u043c\u044f \u043f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u0442\u0435\u043b\u044f"
)
_SECRETS = (
    "\u043f\u0430\u0440\u043e\u043b\u044c|\u5bc6\u7801|\u5bc6\u78bc"
    "|\u30d1\u30b9\u30ef\u30fc\u30c9|\u6697\u8a3c\u756a\u53f7|\u9a8c\u8bc1\u7801"
    "|\u9a57\u8b49\u78bc|\u8a8d\u8a3c\u30b3\u30fc\u30c9|\ube44\ubc00\ubc88\ud638"
    "|\uc778\uc99d\ubc88\ud638|\u0643\u0644\u0645\u0629 (?:\u0627\u0644\u0633\u0631"
    "|\u0627\u0644\u0645\u0631\u0648\u0631)|\u0631\u0645\u0632 \u0639\u0628\u0648\u0631"
    "|\u05e1\u05d9\u05e1\u05de\u05d4|\u05e1\u05d9\u05e1\u05de\u05ea"
    "|\u0e23\u0e2b\u0e31\u0e2a\u0e1c\u0e48\u0e32\u0e19|\u03ba\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2"
    "|\u043a\u043e\u0434 (?:\u0438\u0437 )?(?:\u0441\u043c\u0441|\u0421\u041c\u0421)"
)
_DATE = "\\d{1,4}[./\\-\u5e74] ?\\d{1,2}[./\\-\u6708] ?\\d{1,4}\u65e5?"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("PHONE", re.compile(f"(?:{_PHONES}){_SEP}(\\(?\\+?\\d(?:[ .\\-()/]{{0,2}}\\d){{6,14}})")),
    ("NATIONAL_ID", re.compile(f"(?:{_IDS})[^\\d\\n]{{0,24}}(\\d(?:[ .\\-]?\\d){{6,17}}[Xx]?)")),
    ("PASSPORT", re.compile(f"(?:{_PASSPORTS}){_LATER}{_SEP}([A-Z]{{0,2}} ?\\d(?: ?\\d){{5,9}})")),
    ("BIRTHDATE", re.compile(f"(?:{_BORN}){_SEP}({_DATE}|\\d{{8}})")),
    (
        "BIRTHDATE",
        re.compile(
            "((?:\u662d\u548c|\u5927\u6b63"
            "|\u660e\u6cbb)\\s?[\\d\u5143]{1,2}\\s?\u5e74\\s?\\d{1,2}\\s?\u6708\\s?\\d{1,2}\\s?\u65e5)"
        ),
    ),
    (
        "BIRTHDATE",
        re.compile(
            f"(?:{_BORN}){_SEP}((?:\u5e73\u6210|\u4ee4\u548c"
            f"|[SHTR])\\s?[\\d\u5143]{{1,2}}[\u5e74.]\\s?\\d{{1,2}}[\u6708.]\\s?\\d{{1,2}}\u65e5?)"
        ),
    ),
    ("USERNAME", re.compile(f"(?:{_USERS}){_SEP}([A-Za-z][A-Za-z0-9._\\-]{{3,30}})")),
    ("TOKEN", re.compile(f"(?:{_SECRETS}){_SEP}([A-Za-z0-9!@#$%&*_\\-.]{{4,40}})")),
)
#: A question in such a script, and the digits that a client answers.
_ANSWERED = re.compile(
    f"(?:{_IDS})[^\\n]{{0,24}}\\n[^\\n:\uff1a]{{0,40}}[:\uff1a] ?(\\d[\\d \\-]{{6,17}}\\d)"
)


def scripted(text: str) -> Iterator[Span]:
    """What a label in another script tells."""
    if _OTHER.search(text) is None:
        return
    for kind, pattern in _FORMS:
        for match in pattern.finditer(text):
            value = match.group(1)
            if kind == "TOKEN" and not any(map(str.isdigit, value)):
                continue
            yield Span(*match.span(1), kind)
    for match in _ANSWERED.finditer(text):
        yield Span(*match.span(1), "NATIONAL_ID")
