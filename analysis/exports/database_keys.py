"""Rows of a table by the number that other tables call them by."""

from __future__ import annotations

from analysis.exports.database import Rows
from analysis.exports.notes import Notes

__all__ = ["rows_by_number"]

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
    wrong: list[tuple[int, str]] = []
    for place, (row, number) in enumerate(zip(rows.ids, rows[column], strict=True)):
        if number is None:
            wrong.append((row, "no number"))
        elif number in places:
            wrong.append((row, f"the number {number} of row {rows.ids[places[number]]} again"))
        else:
            places[number] = place
    for row, found in wrong[:SHOWN]:
        more = f" (and {len(wrong) - SHOWN} more rows)" if len(wrong) > SHOWN else ""
        notes.faults.add(
            kind="inconsistent-export",
            file=notes.file,
            sheet=rows.table,
            row=row,
            column=column,
            found=found + more,
            expected="a number of its own for each row",
            remedy="The database was changed by another program, or is damaged: "
            "save or export the project again.",
        )
    return places
