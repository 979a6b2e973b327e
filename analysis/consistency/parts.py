"""Parts against their wholes: counts, percentages and means.

Parts are linked to their whole by hand; one whole may be split in several ways (by gender,
by role), and each split must add up to it by itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np

__all__ = ["Links", "add_up", "find_circles", "pooled"]

# floats stand for printed decimals: what they lose must never accuse
TOLERANCE = 1e-9
Thing = TypeVar("Thing", bound=Hashable)


class Links:
    """Which parts make which whole, grouped into splits.

    Parameters
    ----------
    whole, part : sequence of int
        Positions of rows, one pair a link.
    by : sequence of str
        What the whole is split by; links of one whole and one `by` make a split.

    Attributes
    ----------
    whole : ndarray of int
        The whole of each split.
    by : list of str
        What each split is by.
    """

    def __init__(self, whole: Sequence[int], part: Sequence[int], by: Sequence[str]) -> None:
        splits: dict[tuple[int, str], dict[int, None]] = {}
        for one, other, name in zip(whole, part, by, strict=True):
            splits.setdefault((one, name), {})[other] = None
        self._parts = [list(parts) for parts in splits.values()]
        self.whole = np.array([one for one, _ in splits], dtype=np.int64)
        self.by = [name for _, name in splits]
        sizes = [len(parts) for parts in self._parts]
        self._part = np.array([part for parts in self._parts for part in parts], dtype=np.int64)
        self._split = np.repeat(np.arange(len(sizes)), sizes)

    def __len__(self) -> int:
        return len(self._parts)

    def parts_of(self, split: int) -> list[int]:
        """Return the positions of the parts of one split, in order."""
        return self._parts[split]

    def total(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of the parts' values in each split."""
        return np.bincount(self._split, weights=values[self._part], minlength=len(self))

    def every(self, known: np.ndarray) -> np.ndarray:
        """Return for each split whether something holds of its whole and of all its parts."""
        missing = np.bincount(self._split, weights=~known[self._part], minlength=len(self))
        return np.asarray((missing == 0) & known[self.whole])


def add_up(
    links: Links, low: np.ndarray, high: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Tell which splits add up to their whole.

    Parameters
    ----------
    links : Links
    low, high : ndarray of float
        The least and largest true value of each row: equal for counts.
    known : ndarray of bool
        Whether a row has a value.

    Returns
    -------
    tested, adds_up : ndarray of bool
        One entry a split; tested where the whole and all its parts have values.
    """
    whole = links.whole
    tested = links.every(known)
    least = links.total(np.where(known, low, 0.0))
    most = links.total(np.where(known, high, 0.0))
    slack = TOLERANCE * np.maximum(np.abs(high[whole]), 1.0)
    return tested, (least <= high[whole] + slack) & (most >= low[whole] - slack)


def pooled(
    links: Links, low: np.ndarray, high: np.ndarray, weight: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean that the parts' means allow for their whole.

    Parameters
    ----------
    links : Links
    low, high : ndarray of float
        The least and largest true mean of each row.
    weight : ndarray of float
        The n of each row.
    known : ndarray of bool
        Whether a row has a mean and an n.

    Returns
    -------
    tested : ndarray of bool
        Where the whole and its parts have means and n, and the n add up.
    least, most : ndarray of float
        The weighted mean at the lower and at the upper ends; not a number where untested.
    """
    whole = links.whole
    total = links.total(np.where(known, weight, 0.0))
    tested = links.every(known) & (total == weight[whole]) & (total > 0)
    size = np.where(tested, total, np.nan)
    least = links.total(np.where(known, low * weight, 0.0)) / size
    most = links.total(np.where(known, high * weight, 0.0)) / size
    return tested, least, most


def find_circles(wholes: Mapping[Thing, Sequence[Thing]]) -> list[tuple[Thing, ...]]:
    """Find things that are, in the end, parts of themselves.

    Parameters
    ----------
    wholes : mapping
        For each thing, what it is a part of.

    Returns
    -------
    list of tuple
        Each circle once, starting with its member that comes first in `wholes`.

    Examples
    --------
    >>> find_circles({"a": ["b"], "b": ["c"], "c": ["b"]})
    [('b', 'c')]
    """
    # only a whole that is a part itself can stand in a circle
    inner = {whole for above in wholes.values() for whole in above if whole in wholes}
    wholes = {thing: [w for w in wholes[thing] if w in inner] for thing in wholes if thing in inner}
    order = {thing: at for at, thing in enumerate(wholes)}
    circles: dict[tuple[Thing, ...], None] = {}
    done: set[Thing] = set()
    for start in wholes:
        path: list[Thing] = []
        place: dict[Thing, int] = {}
        stack: list[tuple[Thing, bool]] = [(start, True)]
        while stack:
            thing, is_entered = stack.pop()
            if not is_entered:
                done.add(path.pop())
                del place[thing]
            elif thing in place:
                circle = path[place[thing] :]
                first = min(range(len(circle)), key=lambda at: order[circle[at]])
                circles[(*circle[first:], *circle[:first])] = None
            elif thing not in done:
                place[thing] = len(path)
                path.append(thing)
                stack.append((thing, False))
                stack += [(whole, True) for whole in wholes.get(thing, ())]
    return list(circles)
