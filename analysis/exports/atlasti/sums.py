"""Which rows of a table of counts are sums of other rows.

In a code-document table categories and groups stand beside the codes that they hold. They
are told by the mark before a code's name, by the size of a group, by the codebook, and by
arithmetic: a category counts each quotation once, so that its count is no less than that
of its largest code and no more than all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.exports.atlasti.names import has_bullet

__all__ = ["Label", "Sums", "find_sums"]

Counts = NDArray[np.int64]

LEAST = 5  # codings of a sum that arithmetic alone may find
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Label:
    """A row of codes: its name as printed, its path, and what the label states.

    Attributes
    ----------
    printed : str
    path : tuple of str
    reported : int, optional
        Groundedness.
    size : int, optional
        How many codes a group holds.
    is_codable : bool, optional
        What the codebook says; None without one.
    """

    printed: str
    path: tuple[str, ...]
    reported: int | None = None
    size: int | None = None
    is_codable: bool | None = None


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


def find_sums(labels: Sequence[Label], counts: Counts) -> Sums:
    """Tell the rows that are sums of others.

    Parameters
    ----------
    labels : sequence of Label
    counts : ndarray of int
        Shape (rows, columns).
    """
    marked = any(has_bullet(label.printed) for label in labels)
    why: list[str | None] = [_stated(label, marked) for label in labels]
    excess = np.zeros_like(counts)
    children: dict[tuple[str, ...], list[int]] = {}
    for row, label in enumerate(labels):
        children.setdefault(label.path[:-1], []).append(row)
    by_arithmetic: list[int] = []
    for row, label in enumerate(labels):
        below = children.get(label.path)
        if why[row] or not below:
            continue
        least, most = counts[below].max(axis=0), counts[below].sum(axis=0)
        if (counts[row] >= least).all():
            why[row] = "it counts the codes under it"
            excess[row] = np.maximum(counts[row] - most, 0)
            if not excess[row].any():
                by_arithmetic.append(row)
    if not any(why) and not marked and all(label.is_codable is None for label in labels):
        for row in _runs(counts):
            why[row] = "it is the sum of the rows that follow it"
            by_arithmetic.append(row)
    return Sums(why, excess, by_arithmetic)


def _stated(label: Label, marked: bool) -> str | None:
    if label.size is not None:
        return "it is a group of codes"
    if label.is_codable is False or (marked and not has_bullet(label.printed)):
        return "it is a category, which counts the codes in it"
    return None


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
