r"""The columns of an excerpt export: three for each code, ``Code: Parent\Child Applied``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qdaio.faults import Fault, FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.tables import SheetTable, find_table

__all__ = ["CodeColumn", "code_columns", "find_excerpts", "flags", "other_columns"]

REQUIRED = {"document": ["Media Title", "Resource Title", "Resource Name"]}
OPTIONAL = {
    "text": ["Excerpt Copy", "Excerpt"],
    "coder": ["Excerpt Creator"],
    "created": ["Excerpt Date"],
    "range": ["Excerpt Range"],
    "combined": ["Codes Applied Combined"],
}
CODE = re.compile(r"Code:\s*(.+?)\s+(Applied|Range|Weight)(?: \(\d+\))?", re.S)
AGAIN = re.compile(r" \(\d+\)$")
TRUE, FALSE = {"true", "1"}, {"", "false", "0"}
SHOWN = 12


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """The cells of one code.

    Attributes
    ----------
    path : tuple of str
    header : str
    applied : list
        A truth value for each excerpt, or its word.
    weights : list or None
    """

    path: tuple[str, ...]
    header: str
    applied: list[Any]
    weights: list[Any] | None


def find_excerpts(sheet: Sheet) -> SheetTable | None:
    """Find the table of excerpts in a sheet; None where there is none."""
    table = find_table(sheet, REQUIRED, OPTIONAL)
    if table is None:
        return None
    found = filter(None, map(CODE.fullmatch, table.unknown))
    has_codes = any(match[2] == "Applied" for match in found)
    return table if has_codes or {"combined", "text"} <= set(table.columns) else None


def code_columns(table: SheetTable, faults: FaultList) -> list[CodeColumn]:
    """Return the columns of each code, in the order of the sheet."""
    parts: dict[tuple[str, str], list[Any]] = {}
    headers: dict[str, str] = {}
    for header, cells in table.unknown.items():
        found = CODE.fullmatch(header)
        if found is None:
            continue
        name, part = found[1], found[2]
        if AGAIN.search(header) and (name, part) in parts:
            faults.extend([_twice(table, AGAIN.sub("", header))])
            continue
        parts[name, part] = cells
        if part == "Applied":
            headers[name] = header
    columns: dict[tuple[str, ...], CodeColumn] = {}
    for name, header in headers.items():
        path = tuple(level.strip() for level in name.split("\\") if level.strip()) or (name,)
        if path in columns:
            faults.extend([_twice(table, header)])
        else:
            weights = parts.get((name, "Weight"))
            columns[path] = CodeColumn(path, header, parts[name, "Applied"], weights)
    return list(columns.values())


def _twice(table: SheetTable, header: str) -> Fault:
    return Fault(
        kind="duplicate-column",
        file=table.sheet.file,
        sheet=table.sheet.name.strip() or None,
        row=table.header_row,
        column=header,
        found="a second column of one code",
        expected="one",
        remedy="Delete the column that does not belong to the export.",
    )


def other_columns(table: SheetTable) -> dict[str, list[Any]]:
    """Return the columns that neither Dedoose nor a code explains: descriptors."""
    return {header: cells for header, cells in table.unknown.items() if not CODE.fullmatch(header)}


def flags(column: CodeColumn, table: SheetTable, faults: FaultList) -> npt.NDArray[np.bool_]:
    """Return whether the code is applied to each excerpt, shape (rows,).

    Anything but a truth value or its word is a fault.
    """
    meaning: dict[object, bool | None] = {}
    for cell in set(column.applied):
        word = (as_text(cell) or "").strip().casefold()
        meaning[cell] = True if word in TRUE else False if word in FALSE else None
    if None in meaning.values():
        wrong = [place for place, cell in enumerate(column.applied) if meaning[cell] is None]
        for place in wrong[:SHOWN]:
            faults.add(
                kind="bad-value",
                file=table.sheet.file,
                sheet=table.sheet.name.strip() or None,
                row=table.row_numbers[place],
                column=column.header,
                found="neither True nor False"
                + (f" (and in {len(wrong) - SHOWN} more rows)" if len(wrong) > SHOWN else ""),
                expected="True or False",
                remedy="Correct the cell, or export the excerpts again.",
            )
    return np.array([bool(meaning[cell]) for cell in column.applied], dtype=np.bool_)
