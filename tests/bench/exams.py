"""Texts on which the scrubber is examined (FED-7), and what it scored when it first saw each set.

    python -m tests.bench.exams NAME FILE.jsonl

adds a set: it is frozen by its digest, scored once, and the figures are written down with the date
and the commit as its *first sight*, never to be edited. From then on the set is *seen*: what it
shows may be mended, and `make bench` writes what it scores *now* beside it.

A set is worth something only if its authors knew `../shared/pii/README.md` and a list of
situations, but neither the engine nor its tests nor other sets.
"""

import argparse
import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXAMS = ROOT / "tests" / "fedramp" / "exams"
FIRST_SIGHT = EXAMS / "first_sight.json"
_PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*-\d+\]")


@dataclass
class Score:
    """Spans removed whole, removed runs that are mostly personal, hard negatives touched."""

    spans: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    personal: int = 0
    negatives: int = 0
    touched: int = 0

    @property
    def recall(self) -> float:
        return self.removed.total() / max(1, self.spans.total())

    @property
    def precision(self) -> float:
        return self.personal / max(1, self.runs)

    @property
    def negatives_touched(self) -> float:
        return self.touched / max(1, self.negatives)


def kept_places(text: str, scrubbed: str) -> tuple[set[int], set[int]]:
    """The places of the text that surely remain, and that possibly remain.

    The pieces between the placeholders are laid on the text in order, each once as far left and
    once as far right as it can lie. A piece that lies nowhere (decoded, scrubbed and encoded again)
    counts as removed.
    """
    pieces = _PLACEHOLDER.split(scrubbed)
    left = _laid(text, pieces)
    reverse = _laid(text[::-1], [piece[::-1] for piece in reversed(pieces)])
    right = {len(text) - 1 - place for place in reverse}
    return left & right, left | right


def _laid(text: str, pieces: list[str]) -> set[int]:
    places: set[int] = set()
    at = 0
    for number, piece in enumerate(pieces):
        if number == len(pieces) - 1 and text.endswith(piece):
            found = len(text) - len(piece)
        else:
            found = text.find(piece, at)
        if found >= at:
            places.update(range(found, found + len(piece)))
            at = found + len(piece)
    return places


def scored(examples: Iterable[dict[str, Any]], scrubbed: Iterable[str]) -> Score:
    """How well the texts were scrubbed."""
    score = Score()
    for example, out in zip(examples, scrubbed, strict=True):
        text = example["text"]
        surely, possibly = kept_places(text, out)
        counted = {place for place, sign in enumerate(text) if sign.isalnum()}
        gone, surely_gone = counted - surely, counted - possibly
        gold: set[int] = set()
        for span in example["spans"] + example["optional"]:
            gold.update(range(span["start"], span["end"]))
        for span in example["spans"]:
            score.spans[span["type"]] += 1
            inside = counted.intersection(range(span["start"], span["end"]))
            score.removed[span["type"]] += inside <= gone
        for span in example["negatives"]:
            score.negatives += 1
            score.touched += bool(surely_gone.intersection(range(span["start"], span["end"])))
        for run in _runs(text, possibly):
            signs = counted.intersection(run)
            if signs:
                score.runs += 1
                score.personal += len(signs & gold) * 2 >= len(signs)
    return score


def _runs(text: str, kept: set[int]) -> Iterable[range]:
    start = None
    for place in range(len(text) + 1):
        is_gone = place < len(text) and place not in kept
        if is_gone and start is None:
            start = place
        elif not is_gone and start is not None:
            yield range(start, place)
            start = None


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(examples: list[dict[str, Any]], *, engine: Path = ROOT) -> list[str]:
    """What the engine of this checkout makes of the texts."""
    ran = subprocess.run(
        [sys.executable, "manage.py", "scrub", "--jsonl"],
        cwd=engine,
        input="".join(json.dumps({"text": each["text"]}) + "\n" for each in examples),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line)["text"] for line in ran.stdout.splitlines()]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def first_sights() -> dict[str, dict[str, Any]]:
    """By the name of each set: its digest, and what it scored when it was first seen."""
    found: dict[str, dict[str, Any]] = json.loads(FIRST_SIGHT.read_text())
    return found


def add(name: str, source: Path, engine: Path) -> dict[str, Any]:
    """Freeze the set, score it once, and write it down. Raises ValueError if it was seen before."""
    known = first_sights() if FIRST_SIGHT.exists() else {}
    target = EXAMS / f"{name}.jsonl"
    if name in known or digest(source) in [each["sha256"] for each in known.values()]:
        raise ValueError(f"{name} was seen before: a first sight is never taken again")
    EXAMS.mkdir(exist_ok=True)
    target.write_bytes(source.read_bytes())
    examples = read(target)
    score = scored(examples, run(examples, engine=engine))
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=engine,
        capture_output=True,
        text=True,
        check=True,
    )
    known[name] = {
        "sha256": digest(target),
        "seen": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
        "commit": commit.stdout.strip(),
        "texts": len(examples),
        "recall": round(score.recall, 3),
        "precision": round(score.precision, 3),
        "negatives_touched": round(score.negatives_touched, 3),
        "kinds": {kind: [score.removed[kind], score.spans[kind]] for kind in sorted(score.spans)},
    }
    FIRST_SIGHT.write_text(json.dumps(known, indent=1) + "\n")
    return known[name]


#: How the kinds of spans are called in docs/scrubbing.md.
KINDS = {
    "PERSON": "names",
    "ADDRESS": "postal addresses",
    "PHONE": "telephone numbers",
    "EMAIL": "mail addresses",
    "USERNAME": "user names",
    "TOKEN": "passwords, keys, cookies, codes",
    "DOB": "dates of birth",
    "NATIONAL_ID": "identity and tax numbers",
    "SSN": "social security numbers",
    "MRN": "medical and insurance numbers",
    "PASSPORT": "passports",
    "LICENSE": "driving licences",
    "ACCOUNT": "customer and bank accounts",
    "CARD": "cards",
    "IBAN": "IBANs",
    "IP": "IP addresses",
    "MAC": "hardware addresses",
    "GPS": "positions",
}


def last_sets() -> dict[str, dict[str, Any]]:
    """The first sights of the newest round: the sets with the highest number before their name."""
    sights = first_sights()
    newest = max(int(name.split("-")[0]) for name in sights)
    return {name: each for name, each in sights.items() if name.startswith(f"{newest}-")}


def summary() -> list[str]:
    """Lines of Markdown: what was found at first sight in the newest sets, by set and by kind."""
    sets = last_sets()
    lines = ["| set | texts | found | right of what was taken | hard negatives touched |"]
    lines += ["| --- | ---: | ---: | ---: | ---: |"]
    for name, each in sets.items():
        lines.append(
            f"| {name.split('-', 1)[1]} | {each['texts']} | {each['recall']:.3f} "
            f"| {each['precision']:.3f} | {each['negatives_touched']:.3f} |"
        )
    lines += ["", "| kind | found | of |", "| --- | ---: | ---: |"]
    for kind, words in KINDS.items():
        counts = [each["kinds"][kind] for each in sets.values() if kind in each["kinds"]]
        found, total = sum(each[0] for each in counts), sum(each[1] for each in counts)
        if total:
            lines.append(f"| {words} | {found / total:.2f} | {total} |")
    return lines


def report() -> list[str]:
    """Lines of Markdown: each set at first sight and now."""
    lines = [
        "| set | texts | first seen | R | P | neg | now R | P | neg |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, first in first_sights().items():
        examples = read(EXAMS / f"{name}.jsonl")
        now = scored(examples, run(examples))
        then = [first[each] for each in ("recall", "precision", "negatives_touched")]
        figures = [*then, now.recall, now.precision, now.negatives_touched]
        lines.append(
            f"| {name} | {first['texts']} | {first['seen']}, {first['commit']} | "
            + " | ".join(f"{each:.3f}" for each in figures)
            + " |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("file", type=Path)
    parser.add_argument("--engine", type=Path, default=ROOT, help="another checkout")
    options = parser.parse_args()
    try:
        seen = add(options.name, options.file, options.engine)
    except ValueError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(seen, indent=1) + "\n")


if __name__ == "__main__":
    main()
