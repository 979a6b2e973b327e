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

__all__ = ["Counts", "Sums", "find_sums"]

Counts = NDArray[np.int64]

LEAST = 5  # codings of a sum that arithmetic alone may find
MOST_ROWS = 5000


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
