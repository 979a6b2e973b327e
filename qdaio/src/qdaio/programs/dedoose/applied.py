"""Which codes are applied to which excerpts, from columns of codes or from a list in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.files.cells import as_text, number_series
from qdaio.model import Notes
from qdaio.programs.dedoose.columns import CodeColumn, flags
from qdaio.programs.dedoose.combined import names_in, unexplained
from qdaio.tables import SheetTable

__all__ = ["Applied", "applied_by_columns", "applied_by_lists", "compare_with_lists"]

COMBINED = "combined"


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """Pairs of excerpt and code, in the order of the excerpts.

    Attributes
    ----------
    paths : list of tuple of str
        Of the codes.
    excerpts, codes : array of int64, shape (n,)
        Rows of the table, and places in `paths`.
    weights : Series of Float64, shape (n,)
    """

    paths: list[tuple[str, ...]]
    excerpts: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int64]
    weights: pd.Series


def applied_by_columns(columns: Sequence[CodeColumn], table: SheetTable, notes: Notes) -> Applied:
    """Take what the columns of codes say."""
    excerpts, codes, weights = [], [], []
    for number, column in enumerate(columns):
        rows = np.flatnonzero(flags(column, table, notes.faults))
        excerpts.append(rows)
        codes.append(np.full(len(rows), number))
        stated = [None] * len(rows) if column.weights is None else column.weights
        cells = [stated[row] for row in rows] if column.weights is not None else stated
        weights.append(number_series(cells))
    together = np.concatenate(excerpts)
    order = np.argsort(together, kind="stable")
    return Applied(
        paths=[column.path for column in columns],
        excerpts=together[order],
        codes=np.concatenate(codes)[order],
        weights=pd.concat(weights, ignore_index=True).take(order).reset_index(drop=True),
    )


def applied_by_lists(table: SheetTable, notes: Notes) -> Applied:
    """Take the names in the cells of an export without columns of codes."""
    places: dict[str, int] = {}
    pairs = [
        (row, places.setdefault(name, len(places)))
        for row, cell in enumerate(table.columns[COMBINED])
        for name in names_in(as_text(cell) or "")
    ]
    notes.warn(
        f'without columns of codes, "{table.headers[COMBINED]}" was cut at its commas: which code '
        "is under which is unknown, and names that hold commas may be in parts. Export the "
        "excerpts with a column for each code."
    )
    numbers = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Applied(
        paths=[(name,) for name in places],
        excerpts=numbers[:, 0],
        codes=numbers[:, 1],
        weights=pd.Series(pd.NA, index=range(len(numbers)), dtype="Float64"),
    )


def compare_with_lists(
    applied: Applied, table: SheetTable, documents: Sequence[str], notes: Notes
) -> None:
    """List the names that a cell has and no column says to be applied.

    The columns count: they know the whole path. A name without one is a code that was
    renamed, merged, or left out of the export.
    """
    names: dict[int, list[str]] = {}
    for row, code in zip(applied.excerpts.tolist(), applied.codes.tolist(), strict=True):
        names.setdefault(row, []).append(applied.paths[code][-1])
    label = table.headers[COMBINED]
    rows, listed = 0, 0
    for place, cell in enumerate(table.columns[COMBINED]):
        lost = unexplained(as_text(cell) or "", names.get(place, []))
        rows, listed = rows + bool(lost), listed + len(lost)
        for name in lost:
            notes.aside(
                "code name",
                f'"{label}" names it, and no column of a code says True for it',
                table.row_numbers[place],
                table.sheet.name.strip() or None,
                code=name,
                document=documents[place],
            )
    if rows:
        notes.warn(
            f'in {rows} of {table.height} excerpts "{label}" names codes ({listed} names) that no '
            "column says to be applied. The columns are counted, and the names listed: the codes "
            "were renamed or merged, or their columns are missing."
        )
