"""Bars for the staff's pages, as numbers for an SVG: a template draws them, a table lists them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 640, 180, 8


@dataclass(frozen=True)
class Part:
    """One rectangle; `series` is its number, which the stylesheet colours."""

    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    """One place on the axis: its stacked parts, the label below, and the sum above."""

    label: str
    total: int
    middle: float
    top: float
    parts: list[Part]


@dataclass(frozen=True)
class Chart:
    series: list[str]
    columns: list[Column]
    width: int = WIDTH
    height: int = HEIGHT


def stacked(series: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """A column for each row; its height is the sum of its values relative to the highest."""
    most = max([sum(values) for _, values in rows] or [0]) or 1
    step = WIDTH / max(len(rows), 1)
    columns = []
    for number, (label, values) in enumerate(rows):
        y = float(HEIGHT)
        parts = []
        for index, value in enumerate(values):
            height = round((HEIGHT - 20) * value / most, 1)
            y = round(y - height, 1)
            if value:
                x = round(number * step + GAP / 2, 1)
                parts.append(Part(index + 1, x, y, round(step - GAP, 1), height))
        middle = round((number + 0.5) * step, 1)
        columns.append(Column(label, sum(values), middle, y - 5, parts))
    return Chart(list(series), columns)
