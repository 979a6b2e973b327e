"""Tables of counts: labels beside and above a grid of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.model import make_frame

__all__ = ["Grid", "cell_frame", "find_grid"]

DEPTH = 20  # rows among which the labels above a grid are looked for
MOSTLY = 0.8  # of the labels beside a grid must have the form of one
MOST_SHOWN = 12  # bad cells named one by one


@dataclass(frozen=True, eq=False)
class Grid:
    """A table with labels above and beside its cells.

    Attributes
    ----------
    sheet : Sheet
    rows, columns : list of int
        Places of the labelled rows and columns in the sheet, counted from 0.
    row_names, column_names : list of str
        What the labels say.
    row_marks : list of str
        What stands before each name beside the grid, such as its number.
    left_out : list of int
        Places of rows below the header that hold something but have no such label, or none.
    columns_left_out : list of int
        The same of columns, for the labelled rows.
    header : int
        Place of the row of the labels above.
    """

    sheet: Sheet
    rows: list[int]
    columns: list[int]
    row_names: list[str]
    column_names: list[str]
    row_marks: list[str]
    left_out: list[int]
    columns_left_out: list[int]
    header: int

    @property
    def row_numbers(self) -> list[int]:
        """Row of each label beside the grid, as a person counts in the file."""
        return [self.sheet.row_number(place) for place in self.rows]

    def cells(self) -> list[list[Any]]:
        """Return the cells between the labels, as rows."""
        columns = [self.sheet.columns[place] for place in self.columns]
        return [[column[row] for column in columns] for row in self.rows]

    def label(self, row: int) -> str | None:
        """Return what stands beside a row, by its place in the sheet; None for nothing."""
        text = (as_text(self.sheet.columns[min(self.columns) - 1][row]) or "").strip()
        return text or None

    def sum_of(self, row: int) -> int:
        """Add up the whole numbers of a row, by its place in the sheet."""
        return _sum(self.sheet.columns[place][row] for place in self.columns)

    def column_sum_of(self, column: int) -> int:
        """Add up the whole numbers of a column, by its place in the sheet."""
        return _sum(self.sheet.columns[column][row] for row in self.rows)

    def counts(self, faults: FaultList, remedy: str) -> npt.NDArray[np.int64]:
        """Return the cells as counts, shape (rows, columns); blank is 0.

        Parameters
        ----------
        faults : FaultList
            Gets a fault for each cell that is no whole number.
        remedy : str
        """
        counts: list[list[int]] = []
        bad: list[tuple[int, str]] = []
        for row, cells in zip(self.row_numbers, self.cells(), strict=True):
            counts.append([])
            for name, cell in zip(self.column_names, cells, strict=True):
                text = (as_text(cell) or "0").strip()
                is_whole = text.isascii() and text.isdigit() and len(text) < 8
                counts[-1].append(int(text) if is_whole else 0)
                if not is_whole:
                    bad.append((row, name))
        for row, name in bad[:MOST_SHOWN]:
            faults.add(
                kind="bad-number",
                file=self.sheet.file,
                sheet=self.sheet.name.strip() or None,
                row=row,
                column=name,
                found="no whole number of codings",
                expected="a count" + (f" (so in {len(bad)} cells)" if len(bad) > 1 else ""),
                remedy=remedy,
            )
        return np.array(counts, dtype=np.int64)


def find_grid(sheet: Sheet, above: re.Pattern[str], beside: re.Pattern[str]) -> Grid | None:
    """Find a grid whose labels have a form of their own; None where there is none.

    Parameters
    ----------
    sheet : Sheet
    above, beside : Pattern
        Of the labels, with two groups: a mark, such as a letter or number, and the name.
    """
    for header, cells in enumerate(sheet.head(DEPTH)):
        tops = {place: found for place, cell in enumerate(cells) if (found := _label(above, cell))}
        if not tops:
            continue
        stub = min(tops) - 1
        if stub < 0:
            return None
        labels = sheet.columns[stub]
        below = range(header + 1, sheet.height)
        sides = {place: found for place in below if (found := _label(beside, labels[place]))}
        filled = [place for place in below if labels[place] is not None]
        if not sides or len(sides) < MOSTLY * len(filled):
            return None
        return Grid(
            sheet=sheet,
            rows=list(sides),
            columns=list(tops),
            row_names=[name for _, name in sides.values()],
            column_names=[name for _, name in tops.values()],
            row_marks=[mark for mark, _ in sides.values()],
            left_out=[
                place
                for place in below
                if place not in sides
                and (labels[place] is not None or _holds(sheet, place, list(tops)))
            ],
            columns_left_out=[
                place
                for place in range(stub + 1, sheet.width)
                if place not in tops and any(_holds(sheet, row, [place]) for row in sides)
            ],
            header=header,
        )
    return None


def _sum(cells: Iterable[object]) -> int:
    texts = [(as_text(cell) or "").strip() for cell in cells]
    return sum(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 16)


def _holds(sheet: Sheet, row: int, columns: Sequence[int]) -> bool:
    return any((as_text(sheet.columns[place][row]) or "").strip() for place in columns)


def _label(pattern: re.Pattern[str], cell: object) -> tuple[str, str] | None:
    found = pattern.match((as_text(cell) or "").strip())
    return (found[1], found[2].strip()) if found else None


def cell_frame(
    codes: Sequence[str],
    crossed: Sequence[tuple[str, str]],
    counts: npt.NDArray[np.int64],
    *,
    is_total: Sequence[bool],
    file: str,
    rows: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Make the frame ``matrix_cells`` from counts of codings.

    Parameters
    ----------
    codes : sequence of str, length m
        Identifiers.
    crossed : sequence of (str, str), length n
        Entity and identifier of what the codes are crossed with.
    counts, rows : array of int64, shape (m, n)
        The counts, and the row in the file of each.
    is_total : sequence of bool, length m
        Of codes that only sum up others.
    file : str
    """
    size = counts.size
    return make_frame(
        "matrix_cells",
        {
            "entity": [entity for entity, _ in crossed] * len(codes),
            "entity_id": [name for _, name in crossed] * len(codes),
            "code_id": np.repeat(np.array(codes, dtype=object), len(crossed)),
            "n": counts.ravel(),
            "unit": ["codings"] * size,
            "is_total": np.repeat(np.array(is_total, dtype=bool), len(crossed)),
            "source_file": [file] * size,
            "source_row": rows.ravel(),
        },
    )
