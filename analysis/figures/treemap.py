"""The hierarchy as a tree map: areas are codings, and a key names what is too small."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import squarify

from analysis.codes import ordered_codes
from analysis.figures.figure import MARGIN, QUIET, SIZE, SMALL, Figure, readable_on, shades, styled
from analysis.figures.sheet import FOOT, Sheet, balanced, fitted, line_inches, text_width
from analysis.languages import printed
from analysis.numbers import format_number, percent
from analysis.phrases import CATEGORIES, CODINGS, counted, said

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.sheet import Sheet

__all__ = ["Key", "Rectangle", "hierarchy_treemap", "squares", "tree_frame"]


# codings of a category itself, beside those of the codes below it
ITSELF = "without a subcategory"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle: top left corner and size, in the unit of the sheet."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height


def squares(counts: list[float], within: Rectangle) -> list[Rectangle | None]:
    """Fill a rectangle with one for each count, as square as may be.

    Squarified tree map (Bruls, Huizing & van Wijk 2000, 10.1007/978-3-7091-6783-0_4),
    the largest first from the top left.

    Parameters
    ----------
    counts : list of float
        Zero or more each.
    within : Rectangle

    Returns
    -------
    list
        In the order of `counts`; areas in proportion to them, None for a count of 0.
    """
    order = sorted(
        (place for place, count in enumerate(counts) if count > 0),
        key=lambda place: (-counts[place], place),
    )
    made: list[Rectangle | None] = [None] * len(counts)
    if not order:
        return made
    sizes = squarify.normalize_sizes(
        [counts[place] for place in order], within.width, within.height
    )
    boxes: list[dict[str, Any]] = squarify.squarify(
        sizes, within.x, within.y, within.width, within.height
    )
    for place, box in zip(order, boxes, strict=True):
        made[place] = Rectangle(box["x"], box["y"], box["dx"], box["dy"])
    return made


def tree_frame(codes: pd.DataFrame, frequencies: pd.DataFrame, depth: int) -> pd.DataFrame:
    """Return the leaves of a tree map of one or two levels.

    Parameters
    ----------
    codes : DataFrame
        In the order of the code system; ``code_id``, ``parent_id``, ``label``, ``level``.
    frequencies : DataFrame
        ``code_id``, ``codings`` (with those below).
    depth : int
        1 or 2.

    Returns
    -------
    DataFrame
        ``group`` (label at the first level), ``group_id``, ``number`` ("3" or "3.1"),
        ``label``, ``codings``. Codings of a category itself have a leaf of their own, so
        that the leaves of a group add up to it.
    """
    import pandas as pd

    table = codes.merge(frequencies[["code_id", "codings"]], on="code_id", validate="one_to_one")
    rows: list[dict[str, Any]] = []
    tops = table[table["level"] == 1]
    below = table[table["level"] == 2] if depth > 1 else table.head(0)
    for number, (code, name, total) in enumerate(
        zip(tops["code_id"], tops["label"], tops["codings"], strict=True), start=1
    ):
        group = {"group_id": code, "group": name}
        leaves = below[below["parent_id"] == code]
        parts = list(zip(leaves["label"], leaves["codings"], strict=True))
        if parts and (rest := int(total) - int(leaves["codings"].sum())):
            parts.append((ITSELF, rest))
        rows += [
            {**group, "number": f"{number}.{place}", "label": label, "codings": int(count)}
            for place, (label, count) in enumerate(parts, start=1)
        ]
        if not parts:
            rows.append({**group, "number": str(number), "label": name, "codings": int(total)})
    return pd.DataFrame(rows, columns=["group_id", "group", "number", "label", "codings"])


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
        See :func:`analysis.figures.treemap.tree_frame`.
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
        Its data: see :func:`analysis.figures.treemap.tree_frame`.

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
    start = f"Tree map of {counted(len(groups), CATEGORIES)}"
    if not total:
        return said(start, "There are no codings")
    ranked = groups.sort_values("codings", ascending=False, kind="stable")
    items = [
        f"{name} ({format_number(n)}, {percent(n, total, 0)}%)"
        for name, n in zip(ranked["group"], ranked["codings"], strict=True)
    ]
    leaves = data[data["number"].str.contains(".", regex=False)]
    if len(leaves):
        start += f" with {counted(len(leaves), ('part', 'parts'))}"
    sentences = [f"{start}; areas show the share of {counted(total, CODINGS)}"]
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
        sheet.text(width / 2, height / 2, printed("No codings"), colour=QUIET, ha="center")
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
