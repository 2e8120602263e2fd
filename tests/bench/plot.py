"""A small picture of lines, readable by day and by night: the axes are logarithmic."""

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 60, 170, 40, 50
#: Told apart without colours too: each has marks and a label at its end.
COLOURS = ("#2f6fde", "#c2541d", "#23845c", "#8a4fc7", "#9a7b12")
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1a1f2b }
.grid { stroke: #d4dae3 } .budget { stroke-dasharray: 4 4; opacity: .6 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e9ef } .grid { stroke: #3a4150 } rect { fill: #12151c }
}
"""


def lines(
    curves: Mapping[str, Sequence[tuple[float, float]]],
    budgets: Mapping[str, float],
    *,
    title: str,
) -> str:
    """The curves as SVG, with each one's budget as a dashed line of its colour."""
    points = [point for curve in curves.values() for point in curve]
    xs = _Axis([x for x, _ in points], LEFT, WIDTH - RIGHT)
    ys = _Axis([y for _, y in points] + list(budgets.values()), HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{title}"><style>{STYLE}</style>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22">{title}; dashed: the budget at 100,000 cases</text>',
    ]
    for x in sorted({x for x, _ in points}):
        parts.append(f'<text x="{xs(x):.0f}" y="{HEIGHT - 22}" text-anchor="middle">{x:,}</text>')
    for y in ys.ticks():
        at = ys(y)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at}" y2="{at}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{y:g}</text>')
    labels = _apart({name: ys(curve[-1][1]) for name, curve in curves.items()})
    for (name, curve), colour in zip(curves.items(), COLOURS, strict=False):
        path = " ".join(f"{xs(x):.1f},{ys(y):.1f}" for x, y in curve)
        at = ys(budgets[name])
        parts += [
            f'<line class="budget" stroke="{colour}" x1="{LEFT}" x2="{WIDTH - RIGHT}" '
            f'y1="{at}" y2="{at}"/>',
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>',
            *(f'<circle cx="{xs(x)}" cy="{ys(y)}" r="4" fill="{colour}"/>' for x, y in curve),
            f'<text x="{WIDTH - RIGHT + 10}" y="{labels[name] + 4:.0f}">{name}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


class _Axis:
    """Numbers to places, by their logarithm."""

    def __init__(self, numbers: Sequence[float], begin: float, end: float) -> None:
        self.least, self.most = min(numbers) / 1.15, max(numbers) * 1.15
        self.begin, self.end = begin, end

    def __call__(self, number: float) -> float:
        share = math.log(number / self.least) / math.log(self.most / self.least)
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self) -> list[float]:
        steps = [1, 2, 5, 10, 20, 30, 50, 60, 100, 200, 500, 1000]
        return [step for step in steps if self.least <= step <= self.most]


def _apart(places: Mapping[str, float], least: float = 18) -> dict[str, float]:
    """The places, moved down where two labels would cover each other."""
    moved: dict[str, float] = {}
    below = -math.inf
    for name, place in sorted(places.items(), key=lambda each: each[1]):
        below = moved[name] = max(place, below + least)
    return moved
