"""What a careful person should know of a code-document table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qdaio.codes import whole_number
from qdaio.counts import Sums
from qdaio.programs.atlasti.table_layout import CountTable

__all__ = ["table_warnings"]

SHOWN = 6


def table_warnings(
    table: CountTable,
    names: Sequence[str],
    reported: Sequence[int | None],
    counts: NDArray[np.int64],
    sums: Sums,
    groups_as: str | None,
) -> list[str]:
    """Hold the counts against groundedness and totals, and say how rows were taken.

    Parameters
    ----------
    table : CountTable
    names : sequence of str
        Of the codes.
    reported : sequence of int or None
        Their groundedness.
    counts : ndarray of int
        Shape (codes, documents).
    sums : Sums
    groups_as : str, optional
        ``document`` or ``group`` where the table has groups of documents.
    """
    name = table.sheet.file
    warnings = []
    if sums.by_arithmetic:
        shown = [f'"{names[row]}"' for row in sums.by_arithmetic]
        warnings.append(
            f"{name}: {len(shown)} codes count just what the codes under or after them count, "
            f"and are taken for sums of these: {_list(shown)}. If one has codings of its own, "
            "export the quotations."
        )
    if table.other_columns:
        warnings.append(
            f"{name}: {len(table.other_columns)} columns of the table have no label with "
            "groundedness and were not read."
        )
    if groups_as == "document":
        warnings.append(
            f"{name}: its documents are groups of documents that do not overlap; each is taken "
            "for one document."
        )
    elif groups_as == "group":
        warnings.append(
            f"{name}: its groups of documents overlap, so that their counts cannot be added; "
            "export the table by document."
        )
    sizes = counts.sum(axis=1)
    differ = [
        f'"{label}" {stated} against {size}'
        for label, stated, size in zip(names, reported, sizes.tolist(), strict=True)
        if stated is not None and stated != size
    ]
    if differ and groups_as != "group":
        warnings.append(
            f"{name}: the groundedness of {len(differ)} codes is not the sum of their cells "
            f"(stated against summed): {_list(differ)}. Documents may have been left out."
        )
    warnings += [f"{name}: {said}" for said in _total_row(table, counts)]
    return warnings


def _total_row(table: CountTable, counts: NDArray[np.int64]) -> list[str]:
    """Hold the totals of the documents against the sum over all rows."""
    sheet = table.sheet
    if table.is_turned and table.total_column is not None:
        cells = [sheet.columns[table.total_column][place] for place in table.rows]
    elif not table.is_turned and table.total_row is not None:
        cells = [sheet.columns[place][table.total_row] for place in table.columns]
    else:
        return []
    stated = [whole_number(cell) for cell in cells]
    wrong = [
        f"{total} against {found}"
        for total, found in zip(stated, counts.sum(axis=0).tolist(), strict=True)
        if total is not None and total != found
    ]
    if not wrong:
        return []
    return [
        f"{len(wrong)} totals of documents are not the sum of their cells "
        f"(stated against summed): {_list(wrong)}."
    ]


def _list(said: Sequence[str]) -> str:
    more = f" and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return ", ".join(said[:SHOWN]) + more
