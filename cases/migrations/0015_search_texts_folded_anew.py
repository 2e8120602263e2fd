"""Search texts are folded further: accents, typographic marks, white space, what cannot be seen.

In batches, each committed by itself: a large table is never locked as a whole, and the migration
goes on where it ended. A row that changed meanwhile was folded by whoever changed it. Back again
nothing is to be undone: what was folded further is found by less.
"""

import re
import unicodedata

from django.db import migrations, transaction

BATCH = 1000

_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u2035\u00b4`\u02bc\uff07"), "'")
_DOUBLE = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u02ba"), '"')
_LETTERS = {ord(a): b for a, b in zip("\u0131\u00f8\u0111\u0142\u0127", "iodlh", strict=True)}
_LETTERS |= {0xE6: "ae", 0x153: "oe"}
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u058a\u05be]")
#: Marks above and below letters: of Latin, Greek and Cyrillic, and the vowel signs of Hebrew and
#: Arabic, which people leave out. Those of other scripts make other letters.
_MARKS = re.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)


def folded(text):
    # As cases/rules/search.py does at this migration.
    text = _DASHES.sub("-", text.translate(_QUOTES).translate(_DOUBLE))
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _MARKS.sub("", unicodedata.normalize("NFD", text)).translate(_LETTERS)
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if text.isascii() and text.isprintable():
        return text
    return "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc"))


def fold(apps, schema_editor):
    connection = schema_editor.connection
    last = 0
    while True:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, text FROM cases_searchtext WHERE id > %s ORDER BY id LIMIT %s",
                [last, BATCH],
            )
            rows = cursor.fetchall()
            changed = [(new, pk, old) for pk, old in rows if (new := folded(old)) != old]
            if changed:
                cursor.executemany(
                    "UPDATE cases_searchtext SET text = %s WHERE id = %s AND text = %s", changed
                )
        if not rows:
            return
        last = rows[-1][0]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0014_recomputing_tries_again")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
