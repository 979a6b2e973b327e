"""The key below a tree map: names and numbers of what is not named inside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures.fitting import balanced, line_inches
from analysis.figures.style import MARGIN, QUIET, SIZE, SMALL
from analysis.numbers import format_number

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.sheet import Sheet

__all__ = ["Key"]

COLUMN_GAP = 0.2
SWATCH = 0.11
BELOW = 0.04
# where the names of categories and of their parts begin, from the left of a column
CATEGORY_INDENT = 0.34
PART_INDENT = 0.62


@dataclass(frozen=True, slots=True)
class _Entry:
    number: str
    lines: list[str]
    size: float
    indent: float
    category: int | None  # its place, for a category with the colour of its area

    @property
    def height(self) -> float:
        return line_inches(self.size, len(self.lines)) + BELOW


class Key:
    """The key of a tree map, in two columns.

    Parameters
    ----------
    data : DataFrame
        See :func:`analysis.figures.squares.tree_frame`.
    unnamed : collection of str
        Numbers of the areas without a name. Areas of nothing are always named here.
    width : float
        Of the figure, in inches.
    """

    def __init__(self, data: pd.DataFrame, unnamed: Collection[str], width: float) -> None:
        self._room = (width - 2 * MARGIN - COLUMN_GAP) / 2
        groups = data.groupby(["group_id", "group"], sort=False)
        blocks = []
        for place, ((_, name), members) in enumerate(groups):
            total = int(members["codings"].sum())
            number = str(place + 1)
            block = []
            if number not in set(members["number"]) or number in unnamed or not total:
                block.append(self._entry(number, str(name), total, place))
            rows = zip(members["number"], members["label"], members["codings"], strict=True)
            for part, label, count in rows:
                if part != number and (part in unnamed or not count):
                    block.append(self._entry(part, str(label), int(count), None))
            blocks.append(block)
        self._columns = _halves(blocks)

    @property
    def height(self) -> float:
        """Height in inches; 0 when everything is named in the map."""
        return max(sum(entry.height for entry in column) for column in self._columns)

    def draw(self, sheet: Sheet, top: float, colours: list[tuple[float, float, float]]) -> None:
        """Draw the key below a place, with the colours of the categories in their order."""
        for place, column in enumerate(self._columns):
            left = MARGIN + place * (self._room + COLUMN_GAP)
            y = top
            for entry in column:
                if entry.category is not None:
                    colour = colours[entry.category]
                    sheet.box(left, y + 0.02, SWATCH, SWATCH, facecolor=colour, edgecolor=QUIET,
                              linewidth=0.4)  # fmt: skip
                name = left + entry.indent
                sheet.text(name - 0.06, y, entry.number, size=entry.size, weight="bold", ha="right")
                sheet.text(name, y, entry.lines, size=entry.size)
                y += entry.height

    def _entry(self, number: str, name: str, codings: int, category: int | None) -> _Entry:
        size = SMALL if category is None else SIZE
        indent = PART_INDENT if category is None else CATEGORY_INDENT
        lines = balanced(f"{name} ({format_number(codings)})", self._room - indent, size)
        return _Entry(number, lines, size, indent, category)


def _halves(blocks: list[list[_Entry]]) -> tuple[list[_Entry], list[_Entry]]:
    """Part the blocks into two columns of about the same height, parting none of them."""
    heights = [sum(entry.height for entry in block) for block in blocks]
    cut = min(
        range(len(blocks) + 1),
        key=lambda place: max(sum(heights[:place]), sum(heights[place:])),
    )
    left = [entry for block in blocks[:cut] for entry in block]
    return left, [entry for block in blocks[cut:] for entry in block]
