"""Rows of a table by the number that other tables call them by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qdaio.database import Rows
from qdaio.model import Notes

__all__ = ["check_numbers", "rows_by_number"]

SHOWN = 5


def rows_by_number(rows: Rows, column: str, notes: Notes) -> dict[int, int]:
    """Return the place of each row by its number.

    Parameters
    ----------
    rows : Rows
    column : str
        Holds the number.
    notes : Notes
        Gets a fault for rows without a number, or with that of another row.

    Returns
    -------
    dict of int to int
        In the order of the rows.
    """
    places: dict[int, int] = {}
    wrong: list[tuple[int, int | None]] = []
    for place, (row, number) in enumerate(zip(rows.ids, rows[column], strict=True)):
        if number is None or number in places:
            wrong.append((row, number))
        else:
            places[number] = place
    _add_faults(wrong, rows.table, column, notes)
    return places


def check_numbers(rows: pd.DataFrame, table: str, column: str, notes: Notes) -> None:
    """Check the numbers of a long table, as :func:`rows_by_number` does."""
    numbers = rows[column]
    wrong = np.flatnonzero(numbers.isna() | numbers.duplicated())
    stated = numbers.iloc[wrong].astype("object").tolist()
    pairs = [
        (int(row), None if pd.isna(number) else int(number))
        for row, number in zip(rows["row"].iloc[wrong], stated, strict=True)
    ]
    _add_faults(pairs, table, column, notes)


def _add_faults(
    wrong: Sequence[tuple[int, int | None]], table: str, column: str, notes: Notes
) -> None:
    more = f" (and {len(wrong) - SHOWN} more rows)" if len(wrong) > SHOWN else ""
    for row, number in wrong[:SHOWN]:
        found = "no number" if number is None else f"the number {number} of an earlier row"
        notes.faults.add(
            kind="inconsistent-export",
            file=notes.file,
            sheet=table,
            row=row,
            column=column,
            found=found + more,
            expected="a number of its own for each row",
            remedy="The database was changed by another program, or is damaged: "
            "save or export the project again.",
        )
