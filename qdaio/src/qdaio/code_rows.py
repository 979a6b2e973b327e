"""Rows of a codebook: their counts, and those that repeat a code or name none."""

from __future__ import annotations

from collections.abc import Sequence

from qdaio.faults import FaultList
from qdaio.headers import SheetTable
from qdaio.paths import code_id
from qdaio.project import SetAside
from qdaio.sheet import as_text

__all__ = ["first_rows", "read_counts", "rows_left_out", "whole_number"]

Path = tuple[str, ...]


def whole_number(value: object) -> int | None:
    """Return a cell as a whole number, also where it is one as text; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = (as_text(value) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def read_counts(
    table: SheetTable, column: str, expected: str, faults: FaultList
) -> list[int | None]:
    """Return a column of counts, None where a cell is blank or there is no such column.

    Parameters
    ----------
    table : SheetTable
    column : str
        Canonical name.
    expected : str
        What the numbers count, for messages.
    faults : FaultList
        Gets a fault for each cell that is no count.
    """
    cells = table.columns.get(column) or [None] * table.height
    counts = [whole_number(cell) for cell in cells]
    for row, cell, count in zip(table.row_numbers, cells, counts, strict=True):
        if cell is not None and (count is None or count < 0):
            faults.add(
                kind="bad-number",
                file=table.sheet.file,
                sheet=table.sheet.name.strip() or None,
                row=row,
                column=table.headers[column],
                found="no whole number",
                expected=expected,
                remedy="Correct the number, or export the codebook again.",
            )
    return counts


def first_rows(paths: Sequence[Path]) -> dict[Path, int]:
    """Return for each code the place of the first row that names it."""
    first: dict[Path, int] = {}
    for place, path in enumerate(paths):
        if path:
            first.setdefault(path, place)
    return first


def rows_left_out(table: SheetTable, paths: Sequence[Path]) -> list[SetAside]:
    """List the rows that name no code, or one that a row before them has."""
    first = first_rows(paths)
    return [
        SetAside(
            what="code" if path else "row",
            why="a row before it has the same code" if path else "the row names no code",
            file=table.sheet.file,
            sheet=table.sheet.name.strip() or None,
            row=table.row_numbers[place],
            code=code_id(path) if path else None,
        )
        for place, path in enumerate(paths)
        if not path or first[path] != place
    ]
