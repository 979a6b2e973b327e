"""Rows of a label and two bars side by side, laid out so that every label has room."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.figures.fitting import balanced, line_inches, longest, text_width, wrapped
from analysis.figures.sheet import FOOT, PAGE, Sheet
from analysis.figures.style import DARK, FAINT, INK, LIGHT, MARGIN, QUIET, SIZE, SMALL
from analysis.numbers import format_number

__all__ = ["Bar", "bar_chart"]

GAP = 0.12
NEAR = 0.05
# shares of the width: of the labels, and of the right panel in what they leave
LABELS = 0.46
RIGHT_PANEL = 0.4
THICKNESS = 0.17
# between rows in inches at the usual size of letters; smaller letters stand closer
PADDING = 0.09
SIZES = (SIZE, 7.0, SMALL)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what is counted, its codings and the cases behind them."""

    label: str
    codings: int
    cases: int


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the parts of a bar chart stand, in inches from the left and from the top."""

    size: float
    texts: list[list[str]]
    needs: list[float]
    titles: tuple[list[str], list[str]]
    starts: tuple[float, float]
    lengths: tuple[float, float]

    @property
    def head(self) -> float:
        lines = max(len(title) for title in self.titles)
        return MARGIN + line_inches(self.size, lines) + 0.05

    @property
    def height(self) -> float:
        return self.head + sum(self.needs) + FOOT


def _grid(rows: list[Bar | str], panels: tuple[str, str], width: float, size: float) -> _Grid:
    texts = [
        balanced(row, width - 2 * MARGIN, size, "bold")
        if isinstance(row, str)
        else balanced(row.label, LABELS * width, size)
        for row in rows
    ]
    padding = PADDING * (size / SIZE) ** 3
    bars = [(row, lines) for row, lines in zip(rows, texts, strict=True) if isinstance(row, Bar)]
    labels = max((longest(lines, size) for _, lines in bars), default=0.0)
    left = MARGIN + labels + GAP
    rest = width - left - GAP - MARGIN
    numbers = [
        max((text_width(format_number(n), size) for n in column), default=0.0) + NEAR
        for column in ([row.codings for row, _ in bars], [row.cases for row, _ in bars])
    ]
    # the right panel is as wide as its title where there is room for that
    second = max(RIGHT_PANEL * rest, min(text_width(panels[1], size, "bold"), 0.5 * rest))
    first = rest - second
    return _Grid(
        size=size,
        texts=texts,
        needs=[line_inches(size, len(lines)) + padding for lines in texts],
        titles=(
            wrapped(panels[0], first, size, "bold"),
            wrapped(panels[1], second, size, "bold"),
        ),
        starts=(left, left + first + GAP),
        lengths=(first - numbers[0], second - numbers[1]),
    )


def bar_chart(
    rows: list[Bar | str],
    panels: tuple[str, str],
    cases: int | None,
    width: float,
    height: float,
    *,
    synthetic: bool,
    foot: str = "",
) -> Sheet:
    """Lay out rows of a label and two bars; a text among them is a heading.

    Letters get smaller before the figure gets longer than a page.
    """
    for size in SIZES:
        grid = _grid(rows, panels, width, size)
        if grid.height <= max(height, PAGE):
            break
    spare = max(0.0, height - grid.height) / max(1, len(rows))
    sheet = Sheet(width, max(height, grid.height), synthetic=synthetic)
    for start, lines in zip(grid.starts, grid.titles, strict=True):
        sheet.text(start, MARGIN, lines, size=size, weight="bold")
    if not rows:
        sheet.text(width / 2, height / 2, "No codings", colour=QUIET, ha="center")
    most = max((row.codings for row in rows if isinstance(row, Bar)), default=0)
    widest = cases or max((row.cases for row in rows if isinstance(row, Bar)), default=0)
    thick = THICKNESS * size / SIZE
    y = grid.head
    for row, lines, need in zip(rows, grid.texts, grid.needs, strict=True):
        middle = y + (need + spare) / 2
        y += need + spare
        if isinstance(row, str):
            sheet.text(MARGIN, middle, lines, size=size, weight="bold", va="center")
            continue
        sheet.text(grid.starts[0] - GAP, middle, lines, size=size, ha="right", va="center")
        top = middle - thick / 2
        long = grid.lengths[0] * row.codings / max(1, most)
        part = grid.lengths[1] * row.cases / max(1, widest)
        sheet.box(grid.starts[0], top, long, thick, facecolor=DARK)
        if cases:
            sheet.box(grid.starts[1], top, grid.lengths[1], thick, facecolor=FAINT)
        sheet.box(grid.starts[1], top, part, thick, facecolor=LIGHT, edgecolor=INK, linewidth=0.4)
        ends = (grid.starts[0] + long, grid.starts[1] + (grid.lengths[1] if cases else part))
        for end, number in zip(ends, (row.codings, row.cases), strict=True):
            sheet.text(end + NEAR, middle, format_number(number), size=size, va="center")
    sheet.text(MARGIN, sheet.height - MARGIN, foot, size=SMALL, colour=QUIET, va="bottom")
    return sheet
