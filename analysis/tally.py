"""Counting by code and by all codes above it, in whole numbers, so that millions take a moment.

Codes, people, documents and groups are places in their lists. What a category gathers is found
from the counts of the codes below it, not by repeating each coding once for each of them.
Spans of text that overlap are found as pairs in the same way, without comparing all with all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Tree", "distinct", "overlapping", "places", "sums", "tree_of"]

Places = npt.NDArray[np.int64]
CHUNK = 4_000_000  # pairs that are held at once
MARKS = 300_000_000  # pairs that may be marked one by one, a byte each; else they are sorted


@dataclass(frozen=True, eq=False)
class Tree:
    """A code system as places.

    Attributes
    ----------
    ids : Index
        ``code_id`` of each code.
    above : ndarray of int
        Shape (codes, depth): the place of the code itself, then of each one above it; -1
        where there is none.
    """

    ids: pd.Index
    above: Places


def tree_of(codes: pd.DataFrame) -> Tree:
    """Return the tree of a code system.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``parent_id``.

    Raises
    ------
    ValueError
        When codes stand above each other in a circle.
    """
    ids = pd.Index(codes["code_id"].astype("str"))
    parents = codes["parent_id"].astype("object").where(codes["parent_id"].notna(), None)
    parent = ids.get_indexer(pd.Index(list(parents), dtype="object"))
    columns = [np.arange(len(ids), dtype=np.int64)]
    while (columns[-1] >= 0).any():
        last = columns[-1]
        if len(columns) > len(ids):
            raise ValueError("codes stand above each other in a circle")
        columns.append(np.where(last >= 0, parent[last], -1).astype(np.int64))
    return Tree(ids, np.column_stack(columns[:-1] or columns))


def places(values: pd.Series, names: pd.Index) -> Places:
    """Return the place of each value among `names`, -1 where it is missing or unknown."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        known = names.get_indexer(values.cat.categories.astype("str"))
        return np.append(known, -1)[values.cat.codes.to_numpy()].astype(np.int64)
    at, kinds = pd.factorize(values)
    known = names.get_indexer(pd.Index(kinds).astype("str"))
    return np.append(known, -1)[at].astype(np.int64)


def sums(tree: Tree, code: Places, cell: Places, cells: int) -> tuple[Places, Places]:
    """Count rows of each code in each cell.

    Parameters
    ----------
    tree : Tree
    code, cell : ndarray of int
        One row each; rows in which one is -1 are not counted.
    cells : int
        How many cells there are.

    Returns
    -------
    own, whole : ndarray of int
        Shape (codes, cells): of the code alone, and with all codes below it.
    """
    size = len(tree.ids)
    kept = (code >= 0) & (cell >= 0)
    flat = np.bincount(code[kept] * cells + cell[kept], minlength=size * cells)
    own = flat.reshape(size, cells).astype(np.int64)
    whole = np.zeros_like(own)
    for column in tree.above.T:
        below = np.flatnonzero(column >= 0)
        np.add.at(whole, column[below], own[below])
    return own, whole


def distinct(
    tree: Tree, code: Places, member: Places, cell_of: Places, cells: int
) -> tuple[Places, Places]:
    """Count distinct members, such as people, of each code in each cell.

    Parameters
    ----------
    tree : Tree
    code, member : ndarray of int
        One row each; rows in which one is -1 are not counted.
    cell_of : ndarray of int
        The cell of each member, -1 where it is in none.
    cells : int

    Returns
    -------
    own, whole : ndarray of int
        Shape (codes, cells): of the code alone, and with all codes below it.
    """
    size, members = len(tree.ids), max(1, len(cell_of))
    kept = (code >= 0) & (member >= 0)
    pairs = _unique(code[kept] * members + member[kept], size * members)
    above = [pairs]
    which, who = np.divmod(pairs, members)
    for column in tree.above.T[1:]:
        parent = column[which]
        below = parent >= 0
        above.append(parent[below] * members + who[below])
    gathered = _unique(np.concatenate(above), size * members) if len(above) > 1 else pairs
    counts = []
    for found in (pairs, gathered):
        which, who = np.divmod(found, members)
        cell = cell_of[who] if len(cell_of) else who
        known = cell >= 0
        flat = np.bincount(which[known] * cells + cell[known], minlength=size * cells)
        counts.append(flat.reshape(size, cells).astype(np.int64))
    return counts[0], counts[1]


def _unique(keys: Places, size: int) -> Places:
    """Return each key once, in order; keys are from 0 to `size`."""
    if size > MARKS or size > 50 * max(1000, len(keys)):
        return np.unique(keys)
    marks = np.zeros(size, dtype=bool)
    marks[keys] = True
    return np.flatnonzero(marks)


def overlapping(where: Places, starts: Places, stops: Places) -> Iterator[tuple[Places, Places]]:
    """Yield pairs of spans that share something, each pair once.

    Time grows with the spans and with the pairs that do overlap. Two spans at one place meet
    even where one of them is empty; spans that only touch do not.

    Parameters
    ----------
    where : ndarray of int
        The text that each span is in; spans of different texts never meet.
    starts, stops : ndarray of int
        From 0, end not included.

    Yields
    ------
    left, right : ndarray of int
        Places of the two spans in the arrays that were given, in chunks.
    """
    order = np.lexsort((stops, starts, where))
    reach = int(stops.max(initial=0)) + 2
    # one line on which places of different texts never meet
    line = where[order] * reach + starts[order]
    ends = where[order] * reach + np.maximum(stops, starts + 1)[order]
    following = np.searchsorted(line, ends, side="left") - np.arange(len(line)) - 1
    steps = np.cumsum(following)
    begin = 0
    while begin < len(line):
        before = int(steps[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(steps, before + CHUNK, side="right")))
        counts = following[begin:end]
        left = np.repeat(np.arange(begin, end), counts)
        offset = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
        yield order[left], order[left + 1 + offset]
        begin = end
