"""Which rows of a table of counts are sums of other rows.

Categories and groups stand beside the codes that they hold. Some are marked as such; others
are told by arithmetic. A code that counts those under it counts a segment once, however many
of them apply to it: its count is no less than the largest of theirs, and no more than all of
them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdaio.faults import Fault, StudyError
from qdaio.project import SetAside
from qdaio.sheet import Sheet

__all__ = ["Counts", "Sums", "check_size", "find_sums", "own_codings"]

Counts = NDArray[np.int64]

LEAST = 5  # codings of a sum that arithmetic alone may find
MOST_ROWS = 2000  # among which arithmetic alone looks for sums
MOST_CELLS = 2_000_000
MOST_OWN = 100_000


@dataclass(frozen=True, slots=True)
class Sums:
    """What the rows of a table are.

    Attributes
    ----------
    why : list of str or None
        One a row: why it is a sum; None where it counts codings of its own.
    excess : ndarray of int
        Shape (rows, columns). Codings of a sum that none of its codes explains: the code's
        own, at least so many.
    by_arithmetic : list of int
        Rows, counted from 0, that nothing but their numbers tells to be sums.
    """

    why: list[str | None]
    excess: Counts
    by_arithmetic: list[int]


def find_sums(
    paths: Sequence[tuple[str, ...]],
    marked: Sequence[str | None],
    counts: Counts,
    *,
    any_order: bool = True,
) -> Sums:
    """Tell the rows that are sums of others.

    Parameters
    ----------
    paths : sequence of tuple of str
        Path of the code in each row.
    marked : sequence of str or None
        Why a row is a sum, where the table or the codebook says so.
    counts : ndarray of int
        Shape (rows, columns).
    any_order : bool
        False to look, where nothing else tells of sums, for rows that are the sum of the
        rows right after them.
    """
    why = list(marked)
    excess = np.zeros_like(counts)
    children: dict[tuple[str, ...], list[int]] = {}
    for row, path in enumerate(paths):
        children.setdefault(path[:-1], []).append(row)
    by_arithmetic: list[int] = []
    for row, path in enumerate(paths):
        below = children.get(path)
        if why[row] or not below:
            continue
        least, most = counts[below].max(axis=0), counts[below].sum(axis=0)
        if (counts[row] >= least).all():
            why[row] = "it counts the codes under it"
            excess[row] = np.maximum(counts[row] - most, 0)
            if not excess[row].any():
                by_arithmetic.append(row)
    if not any_order and not any(why):
        for row in _runs(counts):
            why[row] = "it is the sum of the rows that follow it"
            by_arithmetic.append(row)
    return Sums(why, excess, by_arithmetic)


def _runs(counts: Counts) -> list[int]:
    """Find rows that equal the sum of two or more rows right after them, in every column."""
    found: list[int] = []
    size = len(counts)
    if size > MOST_ROWS:
        return found
    for row in range(size):
        target = counts[row]
        if target.sum() < LEAST or (target > 0).sum() < 2:
            continue
        total = np.zeros_like(target)
        parts = 0
        for after in range(row + 1, size):
            total = total + counts[after]
            parts += bool(counts[after].any())
            if (total > target).any():
                break
            if parts > 1 and (total == target).all():
                found.append(row)
                break
    return found


def check_size(sheet: Sheet, rows: int, columns: int) -> None:
    """Check that a table is no larger than tables of codes are.

    Raises
    ------
    StudyError
        When it has more than two million cells.
    """
    if rows * columns > MOST_CELLS:
        raise StudyError(
            Fault(
                kind="too-large",
                file=sheet.file,
                sheet=sheet.name.strip() or None,
                found=f"a table of {rows:,} by {columns:,} cells",
                expected=f"at most {MOST_CELLS:,} cells",
                remedy="Export the table for fewer documents or codes at a time.",
            )
        )


def own_codings(
    sheet: Sheet, excess: Counts, rows: Counts, codes: Sequence[str], others: Sequence[str]
) -> list[SetAside]:
    """List the codings of sums that none of the codes under them explains.

    Parameters
    ----------
    sheet : Sheet
    excess : ndarray of int
        See :class:`Sums`.
    rows : ndarray of int
        Row of each cell in the file, of the same shape.
    codes, others : sequence of str
        Identifiers along both sides.

    Raises
    ------
    StudyError
        When there are so many that the rows can be no sums.
    """
    if excess.sum() > MOST_OWN:
        raise StudyError(
            Fault(
                kind="inconsistent-export",
                file=sheet.file,
                sheet=sheet.name.strip() or None,
                found=f"codes that count {int(excess.sum()):,} codings more than the codes under "
                "them together",
                expected="counts of the codes' own codings, or their sums",
                remedy="Export the table without codes that stand above others.",
            )
        )
    aside = []
    for code, other in zip(*np.nonzero(excess), strict=True):
        item = SetAside(
            what="coding",
            why="the code counts its own codings together with those of the codes under it, "
            "so that its own cannot be told",
            file=sheet.file,
            sheet=sheet.name.strip() or None,
            row=int(rows[code, other]),
            code=codes[code],
            document=others[other],
        )
        aside += [item] * int(excess[code, other])
    return aside
