"""docs/architecture.svg, made from the imports: `python -m tests.architecture` writes it.

A room is what stands directly in an app: a package, or a module. Its floor is one above the highest
room that it imports, imports inside functions and for types included; rooms that import each other
share one floor and are red.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "architecture.svg"
#: The panels from top to bottom; two apps that do not know each other stand side by side.
PANELS = (("supportdesk",), ("escalations", "fedramp"), ("cases",))
WIDTH, ROW, GAP, LETTER = 1120, 34, 8, 7.2

Graph = dict[str, set[str]]


def rooms(app: str, root: Path = ROOT) -> Graph:
    """Each room of the app, with the rooms of the same app that it imports."""
    found: Graph = {}
    for path in sorted((root / app).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if "migrations" in parts or parts[1:] == ("__init__",):
            continue
        here = found.setdefault(parts[1], set())
        here |= {room for room in _imported(path, parts) if room != parts[1]}
    return {room: below & set(found) for room, below in found.items()}


def _imported(path: Path, parts: tuple[str, ...]) -> Iterator[str]:
    """The rooms of its own app that a module names in its imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [each.name.split(".") for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [*parts[: len(parts) - node.level]] if node.level else []
            base += node.module.split(".") if node.module else []
            names = [[*base, each.name] for each in node.names]
        else:
            continue
        yield from (name[1] for name in names if name[0] == parts[0] and len(name) > 1)


def circles(graph: Graph) -> list[set[str]]:
    """The rooms, each with those that it imports and that import it, along whatever way."""
    reach = {room: set(below) for room, below in graph.items()}
    for middle in graph:
        for room in graph:
            if middle in reach[room]:
                reach[room] |= reach[middle]
    return [{room} | {each for each in reach[room] if room in reach[each]} for room in graph]


def floors(graph: Graph) -> list[list[set[str]]]:
    """The rooms from the top floor to the ground; those of one circle stay together."""
    groups = {frozenset(each) for each in circles(graph)}
    level: dict[frozenset[str], int] = {}
    while len(level) < len(groups):
        for group in groups - set(level):
            below = {each for room in group for each in graph[room]} - group
            under = [other for other in groups if other & below]
            if all(other in level for other in under):
                level[group] = 1 + max((level[other] for other in under), default=-1)
    highest = max(level.values(), default=0)
    return [
        sorted((set(group) for group in groups if level[group] == floor), key=sorted)
        for floor in range(highest, -1, -1)
    ]


def draw(root: Path = ROOT) -> str:
    parts: list[str] = []
    top = GAP
    for apps in PANELS:
        width = (WIDTH - GAP * (len(apps) + 1)) / len(apps)
        bottoms = []
        for place, app in enumerate(apps):
            panel, bottom = _panel(app, root, GAP + place * (width + GAP), top, width)
            parts += panel
            bottoms.append((bottom, GAP + place * (width + GAP)))
        highest = max(bottom for bottom, _ in bottoms)
        parts += [
            f'<rect class="panel" x="{left:.0f}" y="{top}" width="{width:.0f}" '
            f'height="{highest - top}"/>'
            for _, left in bottoms
        ]
        top = highest + GAP
    parts.sort(key=lambda part: 'class="panel"' not in part)  # what is painted first is below
    return "\n".join([_head(top), *parts, "</svg>\n"])


def _panel(app: str, root: Path, left: float, top: int, width: float) -> tuple[list[str], int]:
    graph = rooms(app, root)
    said = f"{app}: {len(graph)} rooms"
    parts = [f'<text class="app" x="{left + 12:.0f}" y="{top + 24}">{said}</text>']
    y = top + ROW + 4
    for floor in floors(graph):
        x = left + 12
        for group in floor:
            for room in sorted(group):
                wide = len(room) * LETTER + 20
                if x + wide > left + width - 12:
                    x, y = left + 28, y + ROW
                kind = "room circle" if len(group) > 1 else "room"
                parts.append(
                    f'<rect class="{kind}" x="{x:.0f}" y="{y}" width="{wide:.0f}" height="26"/>'
                    f'<text x="{x + 10:.0f}" y="{y + 18}">{escape(room)}</text>'
                )
                x += wide + GAP
        y += ROW
        parts.append(f'<path d="M{left + 12:.0f} {y - 4}H{left + width - 12:.0f}"/>')
    return parts[:-1], y + 4


def _head(height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="sans-serif" font-size="13">\n'
        "<title>The rooms of each app; a room imports only from floors below it</title>\n"
        "<style>.panel{fill:#f6f7f9;stroke:#c3c9d2}.room{fill:#fff;stroke:#7a8798;rx:5}"
        ".circle{fill:#fde8e8;stroke:#c62828}.app{font-weight:bold}path{stroke:#dfe3e8}</style>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    )


if __name__ == "__main__":
    PICTURE.write_text(draw()) if len(sys.argv) == 1 else sys.stdout.write(draw(Path(sys.argv[1])))
