"""Heat maps: who spoke about what, and how the cells of any heat map are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from analysis.codes import ordered_codes, told_apart
from analysis.figures.figure import (
    MARGIN,
    QUIET,
    SEQUENCE,
    SIZE,
    SMALL,
    Figure,
    readable_on,
    styled,
)
from analysis.figures.sheet import FOOT, PAGE, Sheet, balanced, line_inches, longest
from analysis.languages import printed
from analysis.numbers import format_number
from analysis.phrases import CATEGORIES, GROUPS, counted, not_shown, said
from analysis.tables import MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

__all__ = ["Normalise", "draw_cells", "group_heatmap"]

Normalise = Literal["row", "column", "none"]
UNITS = {
    "column": "% of the codings of each group",
    "row": "% of the codings of each category",
    "none": "Codings",
}
MEANINGS = {
    "column": "percentages of the codings of each group",
    "row": "percentages of the codings of each category",
    "none": "numbers of codings",
}
GAP = 0.1
# shares of the width that labels may take, the preferred one first
LABELS = (0.42, 0.5, 0.34, 0.26)
TOTALS = 0.6
UPRIGHT = 1.4  # the longest line of a heading that stands upright, in inches
PADDING = 0.1
SIZES = (SIZE, 7.0, SMALL)
# the darkest colour is kept for what would be darker still
DARKEST = 0.85


def group_heatmap(
    codes: pd.DataFrame,
    by_group: pd.DataFrame,
    *,
    level: int,
    normalise: Normalise = "column",
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 5.4,
    synthetic: bool,
) -> Figure:
    """Draw codings of the codes at one level by group, darker where there are more.

    Every cell prints its value, so that nothing hangs on the colours; on the right stand
    the codings of all groups together. The first twelve groups are drawn.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``parent_id``, ``label``, ``level``, ``position``.
    by_group : DataFrame
        As of :func:`analysis.chapters.frequencies.group_frequencies`.
    level : int
        Level of the code system, from 1.
    normalise : {"column", "row", "none"}
        Percentages within each group, within each category, or plain counts.
    label, caption : str
    width, height : float
        In inches. The figure grows in height where the labels need it.
    synthetic : bool

    Returns
    -------
    Figure
        Its data: ``code_id``, ``label``, ``group``, ``codings``, ``value`` (as drawn,
        percentages 0 to 100; missing where the whole is 0).

    Raises
    ------
    ValueError
        When `normalise` is none of the three.
    """
    if normalise not in UNITS:
        raise ValueError(f'normalise is "{normalise}": expected {", ".join(UNITS)}')
    data = _values(codes, by_group, level, normalise)
    sizes = by_group.drop_duplicates("group").set_index("group")["group_cases"]
    alt = _described(data, normalise)
    with styled():
        sheet = _drawn(data, sizes, normalise, width, height, synthetic=synthetic)
    return Figure(sheet.drawing, data, label, caption, alt, synthetic)


def _values(
    codes: pd.DataFrame, by_group: pd.DataFrame, level: int, normalise: Normalise
) -> pd.DataFrame:
    ordered = ordered_codes(codes)
    shown = ordered.loc[ordered["level"] == level, ["code_id", "label"]]
    shown = shown.assign(label=told_apart(codes, shown["code_id"]).to_numpy())
    data = shown.merge(by_group[["code_id", "group", "codings"]], on="code_id")
    counts = data["codings"].astype("float64")
    if normalise == "none":
        return data.assign(value=counts)
    whole = data.groupby("group" if normalise == "column" else "code_id")["codings"]
    totals = whole.transform("sum")
    return data.assign(value=100 * counts / totals.where(totals > 0))


def _cell(value: float, normalise: Normalise) -> str:
    """Print a value; a percentage that would round to nothing says that it is not."""
    if value != value:
        return "–"
    text = format_number(value)
    return "<1" if normalise != "none" and text == "0" and value else text


def _described(data: pd.DataFrame, normalise: Normalise) -> str:
    groups = list(data["group"].unique())[:MOST_COLUMNS]
    left = data["group"].nunique() - len(groups)
    data = data[data["group"].isin(groups)]
    some = f" of {len(groups) + left:,}" if left else ""
    start = (
        f"Heat map of {counted(data['code_id'].nunique(), CATEGORIES)} by "
        f"{counted(len(groups), GROUPS)}{some}. Cells are {MEANINGS[normalise]}"
    )
    known = data.dropna(subset="value")
    if known.empty or not known["codings"].sum():
        return said(start, "There are no codings")
    unit = "" if normalise == "none" else "%"

    def value(row: pd.Series) -> str:
        return f"{_cell(row['value'], normalise)}{unit}"

    tops = [
        f"{group}, {row['label']} ({value(row)})"
        for group in groups
        if len(members := known[known["group"] == group])
        and (row := members.iloc[int(members["value"].argmax())])["codings"]
    ]
    sentences = [f"The largest of each group: {'; '.join(tops)}"]
    spread = known.groupby("code_id", sort=False)["value"].agg(
        lambda cells: cells.max() - cells.min()
    )
    if len(groups) > 1 and spread.max() > 0:
        cells = known[known["code_id"] == spread.idxmax()]
        low = cells.iloc[int(cells["value"].argmin())]
        high = cells.iloc[int(cells["value"].argmax())]
        sentences.append(
            f"Groups differ most on {high['label']}: from {value(low)} ({low['group']}) to "
            f"{value(high)} ({high['group']})"
        )
    return said(start, *sentences)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the parts of the heat map stand, in inches."""

    size: float
    rows: list[list[str]]
    heads: list[list[str]]
    left: float
    cell: float
    needs: list[float]  # heights of the rows
    is_broken: bool  # whether a word of a group's name does not fit into a line
    is_upright: bool  # whether the names of groups stand upright above their columns

    @property
    def head(self) -> float:
        lines = max((len(lines) for lines in self.heads), default=1)
        names = line_inches(self.size, lines)
        if self.is_upright:
            names = max((longest(lines, self.size, "bold") for lines in self.heads), default=0)
        return MARGIN + line_inches(SIZE) + 0.08 + names + line_inches(self.size) + 0.06

    @property
    def height(self) -> float:
        return self.head + sum(self.needs) + FOOT + 0.05


def _grid(
    labels: list[str],
    groups: list[str],
    width: float,
    size: float,
    share: float,
    *,
    upright: bool = False,
    even: bool = True,
) -> _Grid:
    rows = [balanced(name, share * width, size) for name in labels]
    left = MARGIN + max((longest(lines, size) for lines in rows), default=0) + GAP
    cell = (width - left - TOTALS - MARGIN) / max(1, len(groups))
    room = cell - 0.06
    words = [word for name in groups for word in name.split()]
    lines = [len(lines) for lines in rows]
    if even:
        lines = [max(lines, default=1)] * len(rows)
    return _Grid(
        size=size,
        rows=rows,
        heads=[balanced(name, UPRIGHT if upright else room, size, "bold") for name in groups],
        left=left,
        cell=cell,
        needs=[line_inches(size, n) + PADDING * (size / SIZE) ** 3 for n in lines],
        is_broken=longest(words, size, "bold") > (UPRIGHT if upright else room),
        is_upright=upright,
    )


def _best_grid(labels: list[str], groups: list[str], width: float, limit: float) -> _Grid:
    """Return the first grid that breaks no word of a heading and is not too high.

    Where the columns are too narrow for the words of headings, these stand upright. Where rows
    that are all as high as the highest are longer than a page, each is as high as it must be.
    """
    whole = _whole_grids(labels, groups, width, even=True)
    short = [grid for grid in whole if grid.height <= limit]
    best = short[0] if short else min(whole, key=lambda grid: grid.height)
    if best.height <= max(limit, PAGE):
        return best
    whole = _whole_grids(labels, groups, width, even=False)
    short = [grid for grid in whole if grid.height <= PAGE]
    return short[0] if short else min(whole, key=lambda grid: grid.height)


def _whole_grids(labels: list[str], groups: list[str], width: float, *, even: bool) -> list[_Grid]:
    """Return the grids that break no word of a heading, largest letters first."""
    tried = [(size, share) for size in SIZES for share in LABELS]
    grids = [_grid(labels, groups, width, size, share, even=even) for size, share in tried]
    whole = [grid for grid in grids if not grid.is_broken]
    return whole or [
        _grid(labels, groups, width, size, share, upright=True, even=even) for size, share in tried
    ]


def _drawn(
    data: pd.DataFrame,
    sizes: pd.Series,
    normalise: Normalise,
    width: float,
    height: float,
    *,
    synthetic: bool,
) -> Sheet:
    names = data.drop_duplicates("code_id")
    groups = [str(name) for name in data["group"].unique()]
    left = max(0, len(groups) - MOST_COLUMNS)
    groups = groups[:MOST_COLUMNS]
    grid = _best_grid([str(name) for name in names["label"]], groups, width, height)
    sheet = Sheet(width, max(height, grid.height), synthetic=synthetic)
    if data.empty:
        sheet.text(width / 2, height / 2, printed("No codings"), colour=QUIET, ha="center")
        return sheet
    high = sheet.height - grid.head - FOOT - 0.05
    heights = [need * high / sum(grid.needs) for need in grid.needs]
    values = data.pivot(index="code_id", columns="group", values="value")
    values = values.reindex(index=names["code_id"], columns=groups)
    cells = values.to_numpy(dtype="float64")
    texts = [[_cell(float(value), normalise) for value in row] for row in cells]
    middles = draw_cells(
        sheet, cells, texts, (grid.left, grid.head), grid.cell, heights, size=grid.size
    )
    sheet.text(grid.left, MARGIN, printed(UNITS[normalise]), colour=QUIET)
    below = grid.head - 0.05
    for place, (name, lines) in enumerate(zip(groups, grid.heads, strict=True)):
        middle = grid.left + grid.cell * (place + 0.5)
        size_line = line_inches(grid.size)
        sheet.text(middle, below, f"n = {sizes[name]}", size=grid.size, ha="center", va="bottom")
        if grid.is_upright:
            sheet.upright(middle, below - size_line - 0.03, lines, size=grid.size, weight="bold")
            continue
        sheet.text(
            middle, below - size_line, lines, size=grid.size, weight="bold", ha="center",
            va="bottom",
        )  # fmt: skip
    title = printed("All" if normalise == "none" else "Codings")
    sheet.text(sheet.width - MARGIN, below, title, size=grid.size, ha="right", va="bottom")
    totals = data.groupby("code_id")["codings"].sum()
    for code, lines, y in zip(names["code_id"], grid.rows, middles, strict=True):
        sheet.text(grid.left - GAP, y, lines, size=grid.size, ha="right", va="center")
        total = format_number(int(totals[code]))
        sheet.text(sheet.width - MARGIN, y, total, size=grid.size, ha="right", va="center")
    if left:
        said_of = not_shown(left, ("more group is", "more groups are"))
        sheet.text(
            MARGIN, sheet.height - MARGIN, printed(said_of), size=SMALL, colour=QUIET, va="bottom"
        )
    return sheet


def draw_cells(
    sheet: Sheet,
    values: npt.NDArray[np.float64],
    texts: Sequence[Sequence[str]],
    corner: tuple[float, float],
    wide: float,
    heights: Sequence[float],
    *,
    size: float = SMALL,
    framed: bool = True,
) -> list[float]:
    """Draw the cells of a heat map, darker where there is more, and print into each what it is.

    Parameters
    ----------
    sheet : Sheet
    values : ndarray of float
        Shape (rows, columns), at least 0; cells without a value stay empty.
    texts : sequence of sequence of str
        What is printed into each cell; empty for nothing.
    corner : tuple of float
        Inches from the left and from the top.
    wide : float
        Of a column, in inches.
    heights : sequence of float
        Of the rows, in inches.
    size : float
        Of the letters.
    framed : bool
        Whether a line runs around all cells.

    Returns
    -------
    list of float
        The middle of each row, in inches from the top.
    """
    import numpy as np

    left, top = corner
    edges = np.concatenate([[0.0], np.cumsum(heights)])
    columns = values.shape[1]
    most = float(np.nanmax(values, initial=0.0)) or 1.0
    axes = sheet.axes(left, top, wide * columns, float(edges[-1]))
    axes.pcolormesh(
        np.arange(columns + 1), edges, np.ma.masked_invalid(values),
        cmap=SEQUENCE, vmin=0, vmax=most / DARKEST, linewidths=1.0, edgecolors="white",
    )  # fmt: skip
    axes.set(xlim=(0, columns), ylim=(float(edges[-1]), 0), xticks=[], yticks=[])
    if not framed:
        axes.set_frame_on(False)
    middles = [top + float(one + other) / 2 for one, other in pairwise(edges)]
    for row, words, y in zip(values, texts, middles, strict=True):
        for column, (value, text) in enumerate(zip(row, words, strict=True)):
            if text:
                is_known = value == value
                fill = SEQUENCE(value / most * DARKEST) if is_known else "white"
                x = left + wide * (column + 0.5)
                sheet.text(x, y, text, size=size, colour=readable_on(fill), ha="center",
                           va="center")  # fmt: skip
    return middles
