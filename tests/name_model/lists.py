"""The lists and frames beside this module, as they are read from their text files."""

from pathlib import Path

HERE = Path(__file__).parent


def _lines(name: str) -> list[str]:
    text = (HERE / name).read_text()
    return [
        line.replace("\\n", "\n").replace("\\t", "\t")
        for line in text.splitlines()
        if line[:2] not in ("", "# ")
    ]


def sections(name: str) -> dict[str, list[str]]:
    """The lines below each heading in brackets."""
    found: dict[str, list[str]] = {}
    for line in _lines(name):
        if line[0] == "[" and line[-1] == "]":
            found[line[1:-1]] = []
        else:
            found[list(found)[-1]].append(line)
    return found


def choices(name: str) -> dict[str, list[str]]:
    """Below each heading, what a bar separates."""
    return {key: " | ".join(lines).split(" | ") for key, lines in sections(name).items()}


def ordinary() -> list[str]:
    return " ".join(_lines("word_lists/words.txt")).split()


def frames(name: str) -> list[str]:
    return _lines(name)


def people() -> dict[str, tuple[list[str], list[str]]]:
    """Given names and surnames of each culture."""
    found = {}
    for culture, (given, family) in sections("word_lists/people.txt").items():
        first, second = (
            [w.replace("_", " ") for w in line.split()[1:]] for line in (given, family)
        )
        found[culture] = (first, second)
    return found


def countries() -> dict[str, dict[str, list[str]]]:
    """Forms and parts of the addresses of each country."""
    return {
        country: {
            key: rest.split(" | ") for key, _, rest in (line.partition(": ") for line in lines)
        }
        for country, lines in sections("word_lists/addresses.txt").items()
    }
