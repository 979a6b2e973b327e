"""Cells as a file holds them, and whole columns of them, without a second copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = [
    "BLANKS",
    "BLOCK",
    "ColumnBuilder",
    "Sheet",
    "TextColumn",
    "as_text",
    "clean_cells",
    "columns_of",
    "label_series",
    "number_series",
    "text_series",
]


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
        column = TextColumn(self)
        del column[:start]
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


BLOCK = 512  # rows, whose cells stay near the processor until they are columns
NO_TEXT = (pa.ArrowException, TypeError, UnicodeError)


class ColumnBuilder:
    """Collects the cells of one column, block by block.

    Text goes into Arrow at once: a moment later the same letters would have to be fetched
    from memory again, which takes longer than the conversion.
    """

    def __init__(self) -> None:
        self.cells = TextColumn()
        self.chunks: list[pa.Array] | None = []

    def extend(self, part: Sequence[Any]) -> None:
        """Add cells."""
        self.cells.extend(part)
        if self.chunks is not None:
            try:
                self.chunks.append(pa.array(part, pa.large_string()))
            except NO_TEXT:
                self.chunks = None

    def build(self) -> list[Any]:
        """Return the cells with None for blanks, and whole numbers as int."""
        if self.chunks is None:
            return clean_cells(list(self.cells))
        text = pa.chunked_array(self.chunks, pa.large_string())
        blank = pc.is_in(text, BLANK_TEXT)
        if pc.any(blank).as_py():
            text = pc.if_else(blank, NOTHING, text)
            self.cells[:] = [None if value in BLANKS else value for value in self.cells]
        self.cells.arrow = text
        return self.cells


BLANK_TEXT = pa.array(sorted(BLANKS), pa.large_string())
NOTHING = pa.scalar(None, pa.large_string())


def columns_of(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Turn rows of one length into columns, a block at a time: faster than whole."""
    builders = [ColumnBuilder() for _ in range(width)]
    stream = iter(rows)
    while block := list(islice(stream, BLOCK)):
        for builder, part in zip(builders, zip(*block, strict=True), strict=True):
            builder.extend(part)
    columns: list[list[Any]] = []
    for place, builder in enumerate(builders):
        columns.append(builder.build())
        builders[place] = ColumnBuilder()  # lets go of the raw cells
    return columns


def clean_cells(column: list[Any]) -> list[Any]:
    """Give blanks as None, and whole numbers, which a workbook holds as floats, as int."""
    kinds = set(map(type, column))
    if float in kinds and kinds <= {float, str}:
        start = next(place for place, value in enumerate(column) if type(value) is float)
        try:
            numbers = pa.array(column[start:], pa.float64()).to_numpy()
        except NO_TEXT:
            pass
        else:  # nothing but a header stands above numbers
            return [*clean_cells(column[:start]), *_whole_numbers(numbers)]
    if float in kinds:
        column = [_whole(value) for value in column]
    if str in kinds:
        column = [None if value in BLANKS else value for value in column]
    return column


def _whole_numbers(numbers: np.ndarray) -> list[Any]:
    """Give whole floats as int, without a look at each where all or few are whole."""
    is_whole = np.isfinite(numbers) & (np.trunc(numbers) == numbers)
    if is_whole.all() and (np.abs(numbers) < 2**53).all():
        numbers, is_whole = numbers.astype("int64"), ~is_whole
    values: list[Any] = numbers.tolist()
    for place in np.flatnonzero(is_whole).tolist():
        values[place] = int(values[place])
    return values


def _whole(value: Any) -> Any:
    return int(value) if type(value) is float and value.is_integer() else value


def text_series(cells: Sequence[Any]) -> pd.Series:
    """Return cells as text, in the pandas type of the model; None stays missing.

    Numbers, dates and truth values become what a person sees in the cell.
    """
    return pd.Series(pd.array(_arrow(cells), dtype="str"))


def label_series(cells: Sequence[Any]) -> tuple[np.ndarray, list[str | None]]:
    """Give the distinct labels of a column, and a number for each cell.

    Returns
    -------
    numbers : ndarray of int
        For each cell the place of its label in `labels`.
    labels : list of str or None
        In the order in which they come first, stripped of outer spaces.
    """
    coded = _arrow(cells).dictionary_encode(null_encoding="encode")
    labels: list[str | None] = []
    place: dict[str | None, int] = {}
    where = []
    for label in coded.dictionary.to_pylist():
        stripped = None if label is None else label.strip() or None
        if stripped not in place:
            place[stripped] = len(labels)
            labels.append(stripped)
        where.append(place[stripped])
    numbers = coded.indices.to_numpy(zero_copy_only=False)
    return np.asarray(where, dtype="int64")[numbers], labels


def number_series(cells: Sequence[Any]) -> pd.Series:
    """Return cells as numbers of type Float64; text that is no number becomes missing.

    Text may have a decimal comma.
    """
    kinds = set(map(type, cells))
    if kinds <= {int, float, type(None)}:
        return pd.Series(pa.array(cells, pa.float64(), from_pandas=True).to_pandas()).astype(
            "Float64"
        )
    text = text_series(cells).str.strip().str.replace(",", ".", regex=False)
    return pd.to_numeric(text, errors="coerce").astype("Float64")


def _arrow(cells: Sequence[Any]) -> pa.Array:
    """Return cells as Arrow's text; pandas would take ten times as long, value by value."""
    if isinstance(cells, TextColumn):
        return cells.arrow.combine_chunks()
    is_text = set(map(type, cells)) <= {str, type(None)}
    return pa.array(cells if is_text else [as_text(cell) for cell in cells], pa.large_string())
