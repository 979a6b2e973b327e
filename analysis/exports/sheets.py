"""Spreadsheets and text tables as columns of plain values, whatever program wrote them."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa

from analysis.exports.biff import read_biff
from analysis.exports.compound import workbook_stream
from analysis.exports.delimited import find_dialect, read_records
from analysis.exports.headers import SheetTable, find_table, normalise, table_at
from analysis.exports.sheet import BLANKS, Sheet, as_text
from analysis.exports.source import Source
from analysis.exports.workbook import checking, open_workbook, reading
from analysis.faults import Fault, StudyError

__all__ = [
    "BLANKS",
    "Sheet",
    "SheetTable",
    "as_text",
    "find_table",
    "normalise",
    "read_sheets",
    "table_at",
]

BLOCK = 1024
MAX_TEXT_COLUMNS = 8_192
MAX_TEXT_CELLS = 100_000_000

_cache: WeakKeyDictionary[Source, tuple[Sheet, ...]] = WeakKeyDictionary()


def read_sheets(source: Source) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook, or the one table of a text file.

    Parameters
    ----------
    source : Source
        Of kind ``xlsx``, ``xls`` or ``text``. Formula cells give their last value.
        Sheets are read once a source.

    Returns
    -------
    tuple of Sheet
        In the order of the workbook; sheets with no cells are left out.

    Raises
    ------
    StudyError
        When the file is damaged, too large, locked, in no known encoding, or no table.
    """
    if source not in _cache:
        if source.kind in READ:
            with _without_collection():
                sheets = READ[source.kind](source)
        else:
            raise StudyError(
                Fault(
                    kind="wrong-format",
                    file=source.name,
                    found=f"a file of kind {source.kind}",
                    expected="a table: .xlsx, .xls or .csv",
                    remedy="Export it as a table.",
                )
            )
        _cache[source] = tuple(sheet for sheet in sheets if sheet.height)
    return _cache[source]


@contextmanager
def _without_collection() -> Iterator[None]:
    """Pause the search for cyclic garbage: millions of new cells set it off, and hold none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_xlsx(source: Source) -> list[Sheet]:
    sheets = []
    with checking(source.path, source.name) as confirm, reading(source.name):
        workbook = open_workbook(source.path)
        for index, entry in enumerate(workbook.sheets_metadata):
            if "WorkSheet" not in str(entry.typ):
                continue
            sheet = workbook.get_sheet_by_index(index)
            confirm()
            if sheet.height:
                columns = _columns(sheet.iter_rows(), sheet.width)
                is_visible = "Visible" in str(entry.visible)
                sheets.append(_sheet(source, entry.name, columns, is_visible))
    return sheets


def _read_xls(source: Source) -> list[Sheet]:
    with reading(source.name):
        return [
            _sheet(source, sheet.name, sheet.columns(), sheet.is_visible)
            for sheet in read_biff(workbook_stream(source.path.read_bytes()))
        ]


def _sheet(source: Source, name: str, columns: list[list[Any]], is_visible: bool) -> Sheet:
    for place, column in enumerate(columns):  # in place: a second copy of all cells is much
        columns[place] = _clean_cells(column)
    return Sheet(name=name, file=source.name, columns=columns, is_visible=is_visible)


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Turn rows into columns, a block at a time: faster than whole, and in half the memory."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    stream = iter(rows)
    while block := list(islice(stream, BLOCK)):
        for column, part in zip(columns, zip(*block, strict=True), strict=True):
            column.extend(part)
    return columns


def _clean_cells(column: list[Any]) -> list[Any]:
    """Give blanks as None, and whole numbers, which a workbook holds as floats, as int."""
    kinds = set(map(type, column))
    if kinds <= {float, str} and float in kinds:
        column = _whole_numbers(column)
    elif float in kinds:
        column = [_whole(value) for value in column]
    if str in kinds and (kinds != {str} or min(map(len, column)) < 2):
        column = [None if value in BLANKS else value for value in column]
    return column


def _whole_numbers(column: list[Any]) -> list[Any]:
    """Give whole floats as int; quickly where nothing but a header stands above numbers."""
    start = next(place for place, value in enumerate(column) if type(value) is float)
    try:
        numbers = pa.array(column[start:], pa.float64()).to_numpy()
    except (pa.ArrowException, TypeError):
        numbers = np.asarray([np.nan])
    if (np.trunc(numbers) == numbers).all() and (np.abs(numbers) < 2**53).all():
        return [*column[:start], *numbers.astype("int64").tolist()]
    return [_whole(value) for value in column]


def _whole(value: Any) -> Any:
    return int(value) if type(value) is float and value.is_integer() else value


def _read_text(source: Source) -> list[Sheet]:
    dialect = find_dialect(source.path, source.name)
    width = cells = 0
    lengths: list[int] = []
    columns: list[list[str]] = []
    records = read_records(source.path, source.name, dialect)
    while block := list(islice(records, BLOCK)):
        sizes = list(map(len, block))
        widest = max(sizes)
        if widest > width:
            columns += [[""] * len(lengths) for _ in range(widest - width)]
            width = widest
        cells += width * len(block)
        if width > MAX_TEXT_COLUMNS or cells > MAX_TEXT_CELLS:
            raise StudyError(
                Fault(
                    kind="too-large",
                    file=source.name,
                    row=dialect.skip + len(lengths) + 1,
                    found=f"{width:,} columns and {cells:,} cells",
                    expected=f"at most {MAX_TEXT_COLUMNS:,} columns and {MAX_TEXT_CELLS:,} cells",
                    remedy="Export the table again; if it really is so large, split it.",
                )
            )
        if min(sizes) < width:
            block = [record + [""] * (width - len(record)) for record in block]
        for column, part in zip(columns, zip(*block, strict=True), strict=True):
            column.extend(part)
        lengths += sizes
    sheet = Sheet(
        name="",
        file=source.name,
        columns=[[None if value in BLANKS else value for value in column] for column in columns],
        first_row=1 + dialect.skip,
        lengths=lengths,
        warnings=dialect.warnings,
    )
    return [sheet]


READ = {"text": _read_text, "xlsx": _read_xlsx, "xls": _read_xls}
