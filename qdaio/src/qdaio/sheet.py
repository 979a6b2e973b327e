"""One sheet of cells, whatever file it came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

__all__ = ["BLANKS", "Sheet", "TextColumn", "as_text"]

BLANKS = frozenset({"", " ", "\u00a0"})


class TextColumn(list[Any]):
    """Cells that are text or blank, and the same as Arrow's text, made while both were at hand.

    Attributes
    ----------
    arrow : ChunkedArray of large_string
        The same cells; blanks are null.
    """

    arrow: pa.ChunkedArray

    def below(self, start: int) -> TextColumn:
        """Return the cells from a place on."""
        column = TextColumn(self[start:])
        column.arrow = self.arrow.slice(start)
        return column


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet of a workbook, or a text table.

    Attributes
    ----------
    name : str
        As written, so that it may end in a space; empty for a text table.
    file : str
        How messages call the file.
    columns : list of list
        One list of cells a column, all of one length. Cells are str, int, float, bool,
        date, time, datetime, timedelta, or None where blank. Whole numbers are int.
        Text tables hold str and None.
    first_row : int
        Row number, as a person counts in the file, of the first cell of each column.
    lengths : list of int, optional
        For text tables: how many cells each row has in the file.
    is_visible : bool
    warnings : tuple of str
    """

    name: str
    file: str
    columns: list[list[Any]]
    first_row: int = 1
    lengths: list[int] | None = None
    is_visible: bool = True
    warnings: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.columns)

    @cached_property
    def rows(self) -> list[list[Any]]:
        """All cells as rows; for large sheets take `columns`."""
        return [list(row) for row in zip(*self.columns, strict=True)]

    def head(self, count: int) -> list[list[Any]]:
        """Return the first rows."""
        return [list(row) for row in zip(*(column[:count] for column in self.columns), strict=True)]

    def row_number(self, index: int) -> int:
        """Return the row, as a person counts in the file, of a position in a column."""
        return self.first_row + index


def as_text(value: object) -> str | None:
    """Return a cell as the label that a person sees in it.

    Examples
    --------
    >>> as_text(12), as_text(0.5), as_text(True), as_text(None)
    ('12', '0.5', 'TRUE', None)
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
