"""Find a code-document table in a workbook: its labels, its counts, and what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qdaio.codes import whole_number
from qdaio.counts import check_size
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.labels import normalise
from qdaio.programs.atlasti.names import has_bullet, label_parts
from qdaio.programs.atlasti.words import COUNTED, TOTALS

__all__ = ["CountTable", "find_count_table", "read_counts"]

DEPTH = 20
LABELS_MIN = 0.6
SHOWN = 12
MOST = 10**7  # a count of codings is smaller by far
TOTAL_KEYS = frozenset(map(normalise, TOTALS))


@dataclass(frozen=True, eq=False)
class CountTable:
    """Where the labels and the counts of a table stand.

    Attributes
    ----------
    sheet : Sheet
    header, stub : int
        Row of the column labels and column of the row labels, counted from 0.
    rows, columns : list of int
        Places of the labelled rows and columns, without totals.
    total_row, total_column : int, optional
    is_turned : bool
        Codes stand in columns and documents in rows.
    other_rows, other_columns : list of int
        Places that hold something but have no such label.
    """

    sheet: Sheet
    header: int
    stub: int
    rows: list[int]
    columns: list[int]
    total_row: int | None
    total_column: int | None
    is_turned: bool
    other_rows: list[int]
    other_columns: list[int]

    def label(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        return as_text(self.sheet.columns[column][row]) or ""

    @property
    def code_places(self) -> list[int]:
        """Places of the codes along their side."""
        return self.columns if self.is_turned else self.rows

    @property
    def document_places(self) -> list[int]:
        """Places of the documents along their side."""
        return self.rows if self.is_turned else self.columns

    def code_label(self, place: int) -> str:
        """Return the label of a code."""
        return self.label(self.header, place) if self.is_turned else self.label(place, self.stub)

    def document_label(self, place: int) -> str:
        """Return the label of a document or group."""
        return self.label(place, self.stub) if self.is_turned else self.label(self.header, place)


def find_count_table(sheet: Sheet) -> CountTable | None:
    """Find the table whose labels state groundedness on both sides."""
    head = sheet.head(DEPTH)
    for header, cells in enumerate(head):
        labels = [place for place, cell in enumerate(cells) if _is_label(cell)]
        if not labels:
            continue
        stub = labels[0] - 1
        if stub < 0:
            return None
        column = sheet.columns[stub]
        rows = [place for place in range(header + 1, sheet.height) if _is_label(column[place])]
        below = column[header + 1 :]
        filled = [cell for cell in below if cell is not None and not _is_total(cell)]
        if not rows or len(rows) < LABELS_MIN * len(filled):
            return None
        total_row = next(
            (place for place in range(header + 1, sheet.height) if _is_total(column[place])), None
        )
        total_column = next(
            (place for place in range(stub + 1, sheet.width) if _is_total(cells[place])), None
        )
        bullets = (
            any(has_bullet(str(cells[place])) for place in labels),
            any(has_bullet(str(column[place])) for place in rows),
        )
        taken = {*rows, total_row}
        body = [sheet.columns[place][header + 1 :] for place in range(stub + 1, sheet.width)]
        return CountTable(
            sheet=sheet,
            header=header,
            stub=stub,
            rows=rows,
            columns=labels,
            total_row=total_row,
            total_column=total_column,
            is_turned=bullets == (True, False),
            other_rows=[
                place
                for place in range(header + 1, sheet.height)
                if place not in taken
                and any(cells[place - header - 1] is not None for cells in (below, *body))
            ],
            other_columns=[
                place
                for place, cells in enumerate(body, stub + 1)
                if place not in {*labels, total_column} and any(cell is not None for cell in cells)
            ],
        )
    return None


def _is_label(cell: object) -> bool:
    return isinstance(cell, str) and label_parts(cell)[1] is not None


def _is_total(cell: object) -> bool:
    return isinstance(cell, str) and normalise(cell) in TOTAL_KEYS


def unit_of(sheets: tuple[Sheet, ...]) -> str:
    """Return what the table counts, as its sheet of information says; codings where none does."""
    words = {normalise(word): unit for unit, names in COUNTED.items() for word in names}
    for sheet in sheets:
        if sheet.width > 4:
            continue
        for row in sheet.head(DEPTH):
            for cell in row[1:]:
                if isinstance(cell, str) and normalise(cell) in words:
                    return words[normalise(cell)]
    return "codings"


def read_counts(table: CountTable, faults: FaultList) -> NDArray[np.int64]:
    """Return the counts, codes in rows and documents in columns; blank is 0.

    Cells that are no counts, such as percentages, are faults.
    """
    sheet = table.sheet
    check_size(sheet, len(table.rows), len(table.columns))
    bad: list[tuple[int, int]] = []

    def count(row: int, column: int) -> int:
        cell: Any = sheet.columns[column][row]
        if cell is None:
            return 0
        number = whole_number(cell)
        if number is None or not 0 <= number < MOST:
            bad.append((row, column))
            return 0
        return number

    grid = [[count(row, column) for column in table.columns] for row in table.rows]
    for row, column in bad[:SHOWN]:
        faults.add(
            kind="bad-number",
            file=sheet.file,
            sheet=sheet.name.strip() or None,
            row=sheet.row_number(row),
            column=label_parts(table.label(table.header, column))[0],
            found="no whole number of codings",
            expected="a count" + (f" (so in {len(bad)} cells)" if len(bad) > 1 else ""),
            remedy="Export the table with absolute values of quotations, not with percentages.",
        )
    counts = np.array(grid, dtype=np.int64).reshape(len(table.rows), len(table.columns))
    return counts.T.copy() if table.is_turned else counts
