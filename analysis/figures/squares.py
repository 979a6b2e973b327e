"""Where the rectangles of a tree map lie: areas in proportion to counts, at two levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import squarify

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Rectangle", "squares", "tree_frame"]

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
