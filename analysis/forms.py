"""Small tables: those that people fill in by hand, and rows of a frame for short loops."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.labels import did_you_mean, nearest

__all__ = [
    "read_form",
    "records",
]


def read_form(
    path: Path,
    name: str,
    required: Sequence[str],
    faults: FaultList,
    *,
    optional: Sequence[str] = (),
    filled: Sequence[str] = (),
) -> pd.DataFrame:
    """Read a table with known columns, from CSV or a spreadsheet.

    Parameters
    ----------
    path : Path
    name : str
        How messages call the file.
    required, optional : sequence of str
        Columns that must, and may, stand there. Any other column is a fault.
    faults : FaultList
        Gets one fault for each thing that is wrong; the rows that can be read are
        returned all the same.
    filled : sequence of str
        Columns in which no cell may be empty.

    Returns
    -------
    DataFrame
        The columns of `required` and `optional` as text without outer spaces (missing
        where empty), and ``row``: the row of the file, from 1.
    """
    from qdaio.files.sheets import read_sheets
    from qdaio.files.source import open_source

    columns = [*required, *optional]
    empty = pd.DataFrame(columns=[*columns, "row"])
    try:
        sheets = read_sheets(open_source(path, name))
    except StudyError as error:
        faults.extend(error.faults)
        return empty
    rows = [(number, cells) for number, cells in _rows(sheets[0]) if any(cells)]
    if not rows:
        faults.add(kind="empty-file", file=name, remedy="Fill in the table, or remove its key.")
        return empty
    header_row, header = rows[0]
    problems = list(_header_faults(header, required, columns, name, header_row))
    if problems:
        faults.extend(problems)
        return empty
    places = [header.index(column) if column in header else None for column in columns]
    table = pd.DataFrame(
        [
            [None if at is None or at >= len(cells) else cells[at] for at in places] + [number]
            for number, cells in rows[1:]
        ],
        columns=[*columns, "row"],
    ).astype({**dict.fromkeys(columns, "str"), "row": "int64"})
    for column in filled:
        for number in table.loc[table[column].isna(), "row"]:
            faults.add(
                kind="missing-value",
                file=name,
                row=int(number),
                column=column,
                found="an empty cell",
                remedy="Fill in the cell, or remove the row.",
            )
    return table


def _rows(sheet: object) -> list[tuple[int, list[str | None]]]:
    rows = sheet.rows  # type: ignore[attr-defined]
    first = sheet.first_row  # type: ignore[attr-defined]
    return [(first + at, [_text(cell) for cell in cells]) for at, cells in enumerate(rows)]


def _text(cell: object) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    return text or None


def _header_faults(
    header: list[str | None], required: Sequence[str], known: list[str], name: str, row: int
) -> list[Fault]:
    here = [column for column in header if column]
    found = ", ".join(here)
    problems = []
    for column in required:
        if column not in here:
            free = [name for name in here if name not in known]
            near = nearest(column, free)
            if len(free) == 1 and sum(name not in here for name in required) == 1:
                near = free[0]  # the one that is wanted and the one that is not known
            problems.append(
                Fault(
                    kind="missing-column",
                    file=name,
                    row=row,
                    column=column,
                    found=f"columns {found}",
                    remedy=f'Rename "{near}" to "{column}".' if near else "Add the column.",
                )
            )
    for column in dict.fromkeys(here):
        if here.count(column) > 1:
            problems.append(
                Fault(
                    kind="duplicate-column",
                    file=name,
                    row=row,
                    column=column,
                    remedy="Remove or rename one of the two columns.",
                )
            )
        if column not in known:
            near = nearest(column, known)
            problems.append(
                Fault(
                    kind="unknown-column",
                    file=name,
                    row=row,
                    column=column,
                    expected=", ".join(known),
                    remedy=did_you_mean(near, otherwise="Remove the column."),
                )
            )
    return problems


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as mappings from column to value, in order.

    For tables that are printed or checked row by row; whatever has one row for each
    coding is computed in columns instead.
    """
    names = list(frame.columns)
    columns = [frame[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
