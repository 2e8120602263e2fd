"""How well the engine finds names and addresses in texts that nothing was made from.

`python -m tests.name_model.measure` prints recall and precision on `unseen.txt`, how many of its
hard texts are touched, and the time for 1 KB of prose. `--wrong` lists what was missed and taken.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fedramp.scrubber import names, prose
from fedramp.scrubber.engine import Scrubber
from fedramp.scrubber.placeholders import Numbers

from .lists import sections

_MARKED = re.compile(r"\{([^}]*)\}|<([^>]*)>")
Gold = list[tuple[int, int, str]]


def unmarked(line: str) -> tuple[str, Gold]:
    """The text without its marks, and what they marked."""
    text, gold, at = "", [], 0
    for match in _MARKED.finditer(line):
        text += line[at : match.start()]
        value = match.group(1) or match.group(2)
        gold.append((len(text), len(text) + len(value), "PERSON" if match.group(1) else "ADDRESS"))
        text += value
        at = match.end()
    return text + line[at:], gold


def found(text: str, labelled: prose.Labelled) -> list[tuple[int, int, str]]:
    """The places in the text that the engine replaces."""
    clean = Scrubber(numbering=Numbers(), labelled=labelled).scrub(text)
    return list(_replaced(text, clean))


def _replaced(text: str, clean: str) -> Iterator[tuple[int, int, str]]:
    parts = re.split(r"(\[[A-Z]+-\d+\])", clean)
    pattern = "".join(
        r"(.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    match = re.fullmatch(pattern, text, re.DOTALL)
    assert match is not None
    for number, part in enumerate(parts[1::2], start=1):
        yield (*match.span(number), part[1:].split("-")[0])


_TITLE = re.compile(
    r"(?:Mrs?|Ms|Mme|M|Dr|Prof|Officer|Nurse|Reverend|Frau|Pani|Meneer|Dona|Don|Seu|Tía|Grandma)"
    r"\.? ",
    re.IGNORECASE,
)


def _covered(start: int, end: int, text: str, spans: list[tuple[int, int, str]]) -> bool:
    title = _TITLE.match(text, start)
    places = range(title.end() if title else start, end)
    hidden = {place for first, last, _ in spans for place in range(first, last)}
    return all(place in hidden or not text[place].isalnum() for place in places)


@dataclass
class Figures:
    """What was found, of what was wanted, and what is wrong in words."""

    hits: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    right: int = 0
    taken: int = 0
    touched: int = 0
    hard: int = 0
    wrong: list[str] = field(default_factory=list)

    def recall(self, part: str) -> float:
        return self.hits[part] / self.wanted[part]

    @property
    def precision(self) -> float:
        return self.right / self.taken

    def add(self, part: str, line: str, labelled: prose.Labelled) -> None:
        text, gold = unmarked(line)
        spans = found(text, labelled)
        for start, end, kind in gold:
            where = part if kind == "PERSON" else "addresses"
            self.wanted[where] += 1
            if _covered(start, end, text, spans):
                self.hits[where] += 1
            else:
                self.wrong.append(f"missed {text[start:end]!r} in {text!r}")
        for first, last, kind in spans:
            true = any(start < last and first < end for start, end, _ in gold)
            self.right, self.taken = self.right + true, self.taken + 1
            if not true:
                self.wrong.append(f"taken {text[first:last]!r} as {kind} in {text!r}")
        if part == "hard":
            self.hard, self.touched = self.hard + 1, self.touched + bool(spans)


def figures(labelled: prose.Labelled) -> Figures:
    """All texts of `unseen.txt`, through the whole engine without known people."""
    counted = Figures()
    for part, lines in sections("unseen.txt").items():
        for line in lines:
            counted.add(part, line, labelled)
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--model", type=Path, help="another ONNX file")
    asked = parser.parse_args()
    labelled = names.NameModel(file=asked.model).labels if asked.model else names.labelled
    counted = figures(labelled)
    if asked.wrong:
        print("\n".join(counted.wrong))
    for part, wanted in counted.wanted.items():
        print(f"{part}: {counted.hits[part]} of {wanted} found ({counted.recall(part):.3f})")
    print(f"right of what was taken: {counted.right} of {counted.taken} ({counted.precision:.3f})")
    print(f"hard texts touched: {counted.touched} of {counted.hard}")
    text = " ".join(unmarked(line)[0] for line in sections("unseen.txt")["names"])
    pieces = [text[start:end] for start, end in prose.pieces(text)]
    began = time.process_time()
    for piece in pieces:
        labelled(piece)
    spent = time.process_time() - began
    print(f"{spent * 1000 / (len(text) / 1024):.1f} ms per KB of prose")


if __name__ == "__main__":
    main()
