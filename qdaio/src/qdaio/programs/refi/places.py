"""Places that are no pair of numbers: rectangles on a page or a picture."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["CORNERS", "corners", "rectangle"]

CORNERS = ("firstX", "firstY", "secondX", "secondY")
PLACE = re.compile(r"\((-?\d+), (-?\d+)\)–\((-?\d+), (-?\d+)\)")


def rectangle(attributes: Mapping[str, str]) -> str:
    """Return the corners of a selection as one text, such as ``(18, 45)–(577, 234)``."""
    first_x, first_y, second_x, second_y = (attributes.get(name, "?") for name in CORNERS)
    return f"({first_x}, {first_y})–({second_x}, {second_y})"


def corners(place: str | None) -> tuple[str, ...] | None:
    """Return the four numbers of :func:`rectangle`, or None where `place` is something else."""
    found = PLACE.fullmatch(place or "")
    return found.groups() if found else None
