"""How well the engine finds names and addresses in texts that nothing was made from.

`python -m tests.name_model.measure` prints recall and precision on `unseen.txt`, how many of its
hard texts are touched, and the time for 1 KB of prose. `--wrong` lists what was missed and taken.
"""

import argparse
import re
import time
from collections.abc import Iterator
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
    r"(?:Mrs?|Ms|Dr|Prof|Officer|Frau|Pani|Meneer|Dona|Grandma|M)\.? ", re.IGNORECASE
)


def _covered(start: int, end: int, text: str, spans: list[tuple[int, int, str]]) -> bool:
    title = _TITLE.match(text, start)
    places = range(title.end() if title else start, end)
    hidden = {place for first, last, _ in spans for place in range(first, last)}
    return all(place in hidden or not text[place].isalnum() for place in places)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--model", type=Path, help="another ONNX file")
    asked = parser.parse_args()
    labelled = names.NameModel(file=asked.model).labels if asked.model else names.labelled
    hits = {"PERSON": 0, "ADDRESS": 0}
    wanted, right, taken = dict(hits), 0, 0
    texts = sections("unseen.txt")
    for line in texts["names"]:
        text, gold = unmarked(line)
        spans = found(text, labelled)
        for start, end, kind in gold:
            wanted[kind] += 1
            hit = _covered(start, end, text, spans)
            hits[kind] += hit
            if asked.wrong and not hit:
                print(f"missed {text[start:end]!r} in {text!r}")
        for first, last, kind in spans:
            true = any(start < last and first < end for start, end, _ in gold)
            right, taken = right + true, taken + 1
            if asked.wrong and not true:
                print(f"taken {text[first:last]!r} as {kind} in {text!r}")
    touched = 0
    for line in texts["hard"]:
        spans = found(line, labelled)
        touched += bool(spans)
        taken += len(spans)
        if asked.wrong and spans:
            print(f"touched {[line[first:last] for first, last, _ in spans]} in {line!r}")
    hard = len(texts["hard"])
    print(f"names found: {hits['PERSON']} of {wanted['PERSON']}", end="")
    print(f" ({hits['PERSON'] / wanted['PERSON']:.3f})")
    print(f"addresses found: {hits['ADDRESS']} of {wanted['ADDRESS']}")
    print(f"right among what was taken: {right} of {taken} ({right / taken:.3f})")
    print(f"hard texts touched: {touched} of {hard} ({touched / hard:.3f})")
    prose_text = " ".join(unmarked(line)[0] for line in texts["names"])
    pieces = [prose_text[start:end] for start, end in prose.pieces(prose_text)]
    began = time.perf_counter()
    for piece in pieces:
        labelled(piece)
    spent = time.perf_counter() - began
    print(f"{spent * 1000 / (len(prose_text) / 1024):.1f} ms per KB of prose")


if __name__ == "__main__":
    main()
