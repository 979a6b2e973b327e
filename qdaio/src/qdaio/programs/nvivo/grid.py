"""Tables of NVivo with numbered rows and lettered columns, and the names in their labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qdaio.files.cells import Sheet, as_text

__all__ = ["Grid", "cells_of", "find_grid", "path_of"]

ROW = re.compile(r"^(\d{1,6})\s*:\s*(\S.*)$", re.S)
COLUMN = re.compile(r"^([A-Z]{1,3})\s*:\s*(\S.*)$", re.S)
# A hierarchical name begins with a folder of the project: "Nodes\\Barriers\Time".
HIERARCHY = re.compile(r"^([^\\]+)\\\\(.+)$", re.S)
DEPTH = 20
MOSTLY = 0.8


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the labels of a table stand, and what they say.

    Attributes
    ----------
    sheet : Sheet
    rows, columns : list of int
        Places of the labelled rows and columns in the sheet, counted from 0.
    row_names, column_names : list of str
        Labels without their number or letter.
    row_numbers : list of int
        The numbers of the rows' labels.
    left_out : list of int
        Places of rows below the header that hold something but have no such label.
    """

    sheet: Sheet
    rows: list[int]
    columns: list[int]
    row_names: list[str]
    column_names: list[str]
    row_numbers: list[int]
    left_out: list[int]


def find_grid(sheet: Sheet) -> Grid | None:
    """Find the table of a sheet; None where there is none."""
    for header, cells in enumerate(sheet.head(DEPTH)):
        tops = {place: found for place, cell in enumerate(cells) if (found := _label(COLUMN, cell))}
        if not tops:
            continue
        stub = min(tops) - 1
        if stub < 0:
            return None
        labels = sheet.columns[stub]
        sides = {
            place: found
            for place in range(header + 1, sheet.height)
            if (found := _label(ROW, labels[place]))
        }
        filled = [place for place in range(header + 1, sheet.height) if labels[place] is not None]
        if not sides or len(sides) < MOSTLY * len(filled):
            return None
        return Grid(
            sheet=sheet,
            rows=list(sides),
            columns=list(tops),
            row_names=[name for _, name in sides.values()],
            column_names=[name for _, name in tops.values()],
            row_numbers=[int(number) for number, _ in sides.values()],
            left_out=[place for place in filled if place not in sides],
        )
    return None


def _label(pattern: re.Pattern[str], cell: object) -> tuple[str, str] | None:
    found = pattern.match((as_text(cell) or "").strip())
    return (found[1], found[2].strip()) if found else None


def cells_of(grid: Grid) -> list[list[Any]]:
    """Return the cells between the labels, as rows."""
    columns: Sequence[Sequence[Any]] = [grid.sheet.columns[place] for place in grid.columns]
    return [[column[row] for column in columns] for row in grid.rows]


def path_of(name: str) -> tuple[str | None, tuple[str, ...]]:
    r"""Part a hierarchical name into the folder of the project and the names below it.

    Examples
    --------
    >>> path_of("Nodes\\\\Barriers\\Time")
    ('Nodes', ('Barriers', 'Time'))
    >>> path_of("Time")
    (None, ('Time',))
    """
    found = HIERARCHY.match(name)
    parts = tuple(part.strip() for part in found[2].split("\\") if part.strip()) if found else ()
    return (found[1].strip(), parts) if found and parts else (None, (name,))
