"""Texts to train on: sentences made from the frames, in several cases and lengths.

Belongs here: what fills a frame, and how frames become a text. What the engine replaces before the
model reads (numbers, addresses of mail, names that a rule found) is replaced here too.
"""

from functools import cache
from random import Random

from .lists import choices, frames, ordinary, sections
from .people import FAMILY, GIVEN, NOTHING, Names, Part, address, invented

#: `STAND_IN` of `fedramp/scrubber/prose.py`.
STAND_IN = "…"
_PERSON = (GIVEN, FAMILY)
_THINGS = choices("word_lists/things.txt")
_CLAUSES = choices("frames/clauses.txt")
_ORDINARY = ordinary()
#: How often a thing is called by ordinary words: "Copper Harvest".
_WORDED = {"queue": 0.15, "product": 0.1, "team": 0.1, "code": 0.15, "feature": 0.15}
_WORDED |= {"start": 0.4, "adj": 0.5, "obj": 0.25, "company": 0.08, "event": 0.2, "title": 0.2}
_ELSEWHERE = choices("frames/other_clauses.txt")
_OTHER = sections("frames/other_languages.txt")
_WITHOUT = _OTHER.pop("none")
_WORD_NAMES = _THINGS["queue"] + _THINGS["feature"]


class Texts:
    """One source of texts, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names = Names(self.random)
        self._person = {
            "p": self.names.any,
            "g": self.names.given,
            "s": self.names.family,
            "f": self.names.full,
            "l": self.names.listed,
            "i": self.names.initialled,
        }

    # --- What fills a frame -----------------------------------------------------------------

    def _fill(self, slot: str) -> list[Part]:
        if slot in self._person:
            found = self._person[slot]()
            if self.random.random() < 0.07:  # a rule has found it already
                return [(STAND_IN, NOTHING)]
            return found
        if slot == "a":
            return address(self.random)
        if slot in ("city", "country"):
            return [(self.random.choice(_THINGS[slot]), "PLACE")]
        if slot == "x":
            return [self._number()]
        return [(self._thing(slot), NOTHING)]

    def _number(self) -> Part:
        random = self.random
        if random.random() < 0.65:
            return STAND_IN, NOTHING
        digits = random.choice((2, 3, 4, 5, 6))
        return str(random.randint(10 ** (digits - 1), 10**digits)), "NUMBER"

    def _thing(self, slot: str) -> str:
        random = self.random
        if random.random() < _WORDED.get(slot, 0):
            return self._worded(slot)
        chance = random.random()
        if slot == "product" and chance < 0.22:
            if chance < 0.08:
                return f"{invented(random)} {random.choice(_THINGS['suffix'])}"
            if chance < 0.15:
                return f"{random.choice(_THINGS['product'])} {random.choice(_THINGS['suffix'])}"
            return (
                invented(random) if chance < 0.18 else random.choice(_THINGS["host"]).capitalize()
            )
        if slot == "company" and chance < 0.25:
            names = [self.names._pick()[1] for _ in range(3)]
            return random.choice(_THINGS["firm"]).format(*names)
        if slot == "queue" and chance < 0.3:
            first, second = (
                random.choice(
                    [
                        random.choice(_WORD_NAMES),
                        random.choice(_THINGS["lang"]),
                        random.choice(_THINGS["city"]),
                        random.choice(_THINGS["company"]),
                        random.choice(_THINGS["team"]),
                        random.choice(_THINGS["abbreviation"]),
                        random.choice(_THINGS["code"]),
                    ]
                )
                for _ in range(2)
            )
            return random.choice(_THINGS["queueform"]).format(first, second)
        if slot in ("n", "time"):
            hour, minute = random.randint(0, 23), random.randint(0, 59)
            times = (f"{hour}:{minute:02}", f"{hour % 12 + 1}pm", f"{hour % 12 + 1} am", "noon")
            return str(random.randint(2, 60)) if slot == "n" else random.choice(times)
        lists = {"obj": "ordinary", "start": "sentencestart", "abbr": "abbreviation"}
        return random.choice(_THINGS[lists.get(slot, slot)])

    def _worded(self, slot: str) -> str:
        """A thing called by ordinary words."""
        first, second = (self.random.choice(_ORDINARY) for _ in range(2))
        if slot in ("adj", "obj"):
            return first
        one, two = first.capitalize(), second.capitalize()
        if slot == "start":
            return one
        if slot == "code":
            return self.random.choice((one, first))
        language = self.random.choice(_THINGS["lang"])
        forms = (f"{one} {two}", f"{one} {two}", f"{one}{two}", f"{one} {second}", one)
        if slot == "queue":
            forms += (f"{one}_{language[:2].upper()}", f"{one}_{two}", f"{one} {language}")
        if slot == "team":
            forms = (f"{one} Team", f"{one} {two}", f"Team {one}", f"{one} Operations")
        return self.random.choice(forms)

    def _filled(self, frame: str) -> list[Part]:
        for clause in ("did", "thingdid", "when"):
            while f"{{{clause}}}" in frame:
                chosen = self.random.choice(_CLAUSES[clause])
                frame = frame.replace(f"{{{clause}}}", chosen, 1)
        found: list[Part] = []
        rest = frame
        while "{" in rest:
            before, _, rest = rest.partition("{")
            slot, _, rest = rest.partition("}")
            found += [(before, NOTHING), *self._fill(slot)]
        return [*found, (rest, NOTHING)]

    # --- Frames -----------------------------------------------------------------------------

    def _clause(self, people: bool) -> str:
        """A sentence put together from parts."""
        random = self.random

        def one(key: str) -> str:
            return random.choice(_CLAUSES[key])

        things = ("product", "queue", "company", "team", "city", "feature", "code")
        who = "{p}" if people else f"{{{random.choice(things)}}}"
        did = one("did") if people else one("thingdid")
        before = one("beforeperson") if people else one("beforething")
        shapes = (
            f"{who} {did}.",
            f"{who} {did} {one('when')}.",
            f"{self._capital(one('opener'))}, {who} {did}.",
            f"{self._capital(one('opener'))} {who} {did} {one('when')}.",
            f"{self._capital(before)} {who} {one('when')}.",
            f"{self._capital(before)} {who}.",
            f"{self._capital(before)} {who}, who {did}." if people else f"{who}: {did}",
            f"{who} {did} and {who} {did}.",
            f"{who}, {who} and {who} {did}." if people else f"{who} and {who} {did}",
            f"{before} {who}",
            f"{who} {did}, but {who} {did}.",
            f"The {{obj}} is gone since {who} {did}.",
            f"Nobody knows whether {who} {did}.",
            f"{self._capital(before)} {who} or {who}?",
            f"{who} ({{role}}) {did}." if people else f"{who} ({{obj}}) {did}.",
        )
        frame = random.choice(shapes)
        if not people:
            frame = frame.replace("{p}", random.choice(("the {role}", "nobody", "we")))
        return frame

    def _clause_elsewhere(self) -> str:
        """The same in another language, about people or things."""
        random = self.random
        language = random.choice(("es", "es", "de", "de", "fr", "fr", "pt", "it", "nl", "pl"))
        people = random.random() < 0.7

        def one(key: str) -> str:
            return random.choice(_ELSEWHERE[f"{language} {key}"])

        who = "{p}" if people else random.choice(("{product}", "{queue}", "{company}", "{city}"))
        did = one("did" if people else "thingdid")
        return random.choice(
            (
                f"{who} {did}.",
                f"{who} {did} {one('when')}.",
                f"{self._capital(one('when'))} {who} {did}.",
                f"{self._capital(one('before'))} {who}.",
                f"{self._capital(one('before'))} {who} {one('when')}.",
                f"{one('before')} {who}",
                f"{who}: {did}",
                f"{who} {did}, {who} {did}.",
                f"{who}, {one('before')} {who}",
            )
        )

    def _capital(self, words: str) -> str:
        return words[:1].upper() + words[1:] if self.random.random() < 0.85 else words

    def _frame(self) -> str:
        random = self.random
        kind = random.choices(
            (
                *("people", "clause", "chat", "nobody", "thing", "address"),
                *("other", "without", "elsewhere", "salad"),
            ),
            (27, 13, 9, 24, 9, 7, 6, 2, 7, 2),
        )[0]
        if kind == "salad":
            return " ".join(random.choice(_ORDINARY) for _ in range(random.randint(2, 8))) + "."
        if kind == "elsewhere":
            return self._clause_elsewhere()
        if kind == "clause":
            return self._clause(people=True)
        if kind == "thing":
            return self._clause(people=False)
        if kind == "other":
            return random.choice(random.choice(list(_OTHER.values())))
        if kind == "without":
            return random.choice(_WITHOUT)
        return random.choice(_frames()[kind])

    # --- Texts ------------------------------------------------------------------------------

    def text(self) -> list[Part]:
        """One text with its labels."""
        random = self.random
        self.names.forget()
        wanted = random.choice((1, 20, 60, 120, 200, 300, 400))
        parts: list[Part] = []
        length = 0
        joint = random.choice((" ", " ", " ", "\n", "\n", "\n\n", " - ", "; "))
        while length < wanted or not parts:
            if parts:
                parts.append((joint if random.random() < 0.9 else " ", NOTHING))
            parts += self._begun(self._filled(self._frame()))
            length = sum(len(words) for words, _ in parts)
        return self._cased(self._worn(parts))

    def _begun(self, parts: list[Part]) -> list[Part]:
        """Most sentences begin with a capital."""
        for place, (words, kind) in enumerate(parts):
            if words:
                if kind == NOTHING and self.random.random() < 0.5:
                    parts[place] = (words[:1].upper() + words[1:], kind)
                break
        return parts

    def _cased(self, parts: list[Part]) -> list[Part]:
        """The same in the case of a hurried or a loud writer, or in that of a heading."""
        chance = self.random.random()
        if chance < 0.12:
            return [(words.lower(), kind) for words, kind in parts]
        if chance < 0.17:
            return [(words.upper(), kind) for words, kind in parts]
        if chance < 0.25:
            return [(w.lower() if kind in _PERSON else w, kind) for w, kind in parts]
        if chance < 0.28:
            return [(w.upper() if kind == FAMILY else w, kind) for w, kind in parts]
        if chance < 0.31:
            return [(" ".join(x[:1].upper() + x[1:] for x in w.split(" ")), k) for w, k in parts]
        return parts

    def _worn(self, parts: list[Part]) -> list[Part]:
        """Now and then a letter is missing or doubled, or an accent was not typed."""
        random = self.random
        if random.random() > 0.1:
            return parts
        found = []
        for words, kind in parts:
            if len(words) > 6 and random.random() < 0.5:
                at = random.randrange(1, len(words) - 1)
                words = words[:at] + random.choice(("", words[at] * 2)) + words[at + 1 :]
            found.append((words, kind))
        return found


@cache
def _frames() -> dict[str, list[str]]:
    return {
        "people": frames("frames/people_in_support.txt") + frames("frames/people_in_general.txt"),
        "chat": frames("frames/chats.txt"),
        "nobody": frames("frames/nobody_in_support.txt") + frames("frames/nobody_in_general.txt"),
        "address": frames("frames/addresses.txt"),
    }
