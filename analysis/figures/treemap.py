"""The hierarchy as a tree map: each area is as large as its share of the codings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.codes import ordered_codes
from analysis.figures.figure import Figure
from analysis.figures.fitting import fitted, line_inches, text_width
from analysis.figures.sheet import FOOT, Sheet
from analysis.figures.squares import Rectangle, squares, tree_frame
from analysis.figures.style import MARGIN, QUIET, SIZE, SMALL, readable_on, shades, styled
from analysis.figures.treekey import Key
from analysis.figures.words import counted, said
from analysis.numbers import format_number, percent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["hierarchy_treemap"]

SIZES = (SIZE, 7.0, SMALL)
INSET = 0.05
# between the map and the key
GAP = 0.1
# of the asked height, the least that the map itself gets
LEAST_MAP = 0.62


def hierarchy_treemap(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    *,
    depth: int,
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 5.2,
    synthetic: bool,
) -> Figure:
    """Draw the first one or two levels of the code system by their codings.

    Categories of the first level are outlined and numbered, and named below the map.
    Those of the second are named inside their areas, or below where they do not fit.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``parent_id``, ``label``, ``level``, ``position``.
    frequencies : DataFrame
        As of :func:`analysis.chapters.frequencies.code_frequencies`.
    depth : int
        Levels to draw, 1 or 2.
    label, caption : str
    width, height : float
        In inches. The figure grows in height where the names below need it.
    synthetic : bool

    Returns
    -------
    Figure
        Its data: see :func:`analysis.figures.squares.tree_frame`.

    Raises
    ------
    ValueError
        When `depth` is neither 1 nor 2.
    """
    if depth not in (1, 2):
        raise ValueError(f"depth is {depth}: expected 1 or 2")
    data = tree_frame(ordered_codes(codes), frequencies, depth)
    alt = _described(data)
    with styled():
        sheet = _drawn(data, width, height, synthetic=synthetic)
    return Figure(sheet.drawing, data, label, caption, alt, synthetic)


def _described(data: pd.DataFrame) -> str:
    groups = data.groupby(["group_id", "group"], sort=False)["codings"].sum().reset_index("group")
    total = int(groups["codings"].sum())
    start = f"Tree map of {counted(len(groups), 'category', 'categories')}"
    if not total:
        return said(start, "There are no codings")
    ranked = groups.sort_values("codings", ascending=False, kind="stable")
    items = [
        f"{name} ({format_number(n)}, {percent(n, total, 0)}%)"
        for name, n in zip(ranked["group"], ranked["codings"], strict=True)
    ]
    leaves = data[data["number"].str.contains(".", regex=False)]
    if len(leaves):
        start += f" with {counted(len(leaves), 'part')}"
    sentences = [f"{start}; areas show the share of {counted(total, 'coding')}"]
    sentences.append(f"Largest: {'; '.join(items[: min(3, max(1, len(items) - 1))])}")
    if len(items) > 1:
        sentences.append(f"Smallest: {items[-1]}")
    if len(leaves):
        top = leaves.iloc[int(leaves["codings"].argmax())]
        part = percent(int(top["codings"]), total, 0)
        sentences.append(
            f"The largest part is {top['label']} in {top['group']} "
            f"({format_number(int(top['codings']))}, {part}%)"
        )
    return said(*sentences)


@dataclass(frozen=True, slots=True)
class _Leaf:
    number: str
    codings: int
    box: Rectangle
    lines: list[str]  # the name; empty where it does not fit
    size: float


@dataclass(frozen=True, slots=True)
class _Plan:
    groups: list[Rectangle | None]
    leaves: list[list[_Leaf]]
    key: Key
    below: float  # where the map ends, from the top


def _drawn(data: pd.DataFrame, width: float, height: float, *, synthetic: bool) -> Sheet:
    totals = data.groupby("group_id", sort=False)["codings"].sum()
    if not totals.sum():
        sheet = Sheet(width, height, synthetic=synthetic)
        sheet.text(width / 2, height / 2, "No codings", colour=QUIET, ha="center")
        return sheet
    plan = _planned(data, totals, width, height)
    sheet = Sheet(width, plan.below + GAP + plan.key.height + FOOT, synthetic=synthetic)
    order = sorted(range(len(totals)), key=lambda place: (-int(totals.iloc[place]), place))
    colours = [colour for _, colour in sorted(zip(order, shades(len(order)), strict=True))]
    for box, part, colour in zip(plan.groups, plan.leaves, colours, strict=True):
        for leaf in part:
            _draw_leaf(sheet, leaf, colour)
        if box:
            sheet.box(box.x, box.y, box.width, box.height, fill=False, edgecolor="white",
                      linewidth=3.5)  # fmt: skip
    plan.key.draw(sheet, plan.below + GAP, colours)
    return sheet


def _planned(data: pd.DataFrame, totals: pd.Series, width: float, height: float) -> _Plan:
    """Find a map and a key that together name every category once.

    Names that do not fit into the map move into the key, which makes the map smaller,
    so that others may not fit: room is kept for all that ever moved.
    """
    moved: set[str] = set()
    while True:
        key = Key(data, moved, width)
        space = max(height - key.height - GAP - FOOT - MARGIN, LEAST_MAP * height)
        groups = squares(
            [float(count) for count in totals],
            Rectangle(MARGIN, MARGIN, width - 2 * MARGIN, space),
        )
        leaves = [
            _leaves(data[data["group_id"] == code], box)
            for code, box in zip(totals.index, groups, strict=True)
        ]
        unnamed = {leaf.number for part in leaves for leaf in part if not leaf.lines}
        if unnamed <= moved:
            return _Plan(groups, leaves, Key(data, unnamed, width), MARGIN + space)
        moved |= unnamed


def _leaves(data: pd.DataFrame, box: Rectangle | None) -> list[_Leaf]:
    if box is None:
        return []
    made = []
    boxes = squares([float(count) for count in data["codings"]], box)
    rows = zip(data["number"], data["label"], data["codings"], boxes, strict=True)
    for number, name, count, inner in rows:
        if inner is None:
            continue
        room, deep = inner.width - 2 * INSET - 0.02, inner.height - 2 * INSET
        tries = (
            # the number and the count have a line of their own
            fitted(name, room, deep - line_inches(size), (size,))
            for size in SIZES
        )
        found = next((lines for lines in tries if lines), None)
        lines, size = found or ([], SMALL)
        made.append(_Leaf(number, int(count), inner, lines, size))
    return made


def _draw_leaf(sheet: Sheet, leaf: _Leaf, colour: tuple[float, float, float]) -> None:
    box = leaf.box
    sheet.box(
        box.x, box.y, box.width, box.height, facecolor=colour, edgecolor="white", linewidth=0.8
    )
    ink = readable_on(colour)
    room, deep = box.width - 2 * INSET, box.height - 2 * INSET
    number = text_width(leaf.number, leaf.size, "bold")
    # what does not fit into a small area is in the key all the same
    if number > room or line_inches(leaf.size) > deep:
        return
    x, y = box.x + INSET, box.y + INSET
    sheet.text(x, y, leaf.number, size=leaf.size, weight="bold", colour=ink)
    count = format_number(leaf.codings)
    if number + INSET + text_width(count, leaf.size) <= room:
        sheet.text(x + room, y, count, size=leaf.size, colour=ink, ha="right")
    sheet.text(x, y + line_inches(leaf.size), leaf.lines, size=leaf.size, colour=ink)
