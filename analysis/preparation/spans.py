"""Where segments begin and end, in units that can be compared, and which of them overlap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["overlapping", "spans_of"]

CHUNK = 4_000_000  # pairs that are held at once
INCLUSIVE = ("paragraph",)  # units in which the end is part of the span
Places = npt.NDArray[np.int64]


def spans_of(segments: pd.DataFrame) -> pd.DataFrame:
    """Return where segments begin and end, end not included, in units that can be compared.

    Positions in code points are used where a segment has them, else its own unit.

    Parameters
    ----------
    segments : DataFrame
        ``segment_id``, ``document_id``, ``start``, ``end``, ``unit``, ``start_cp``, ``end_cp``.

    Returns
    -------
    DataFrame
        ``segment_id``, ``document_id``, ``start``, ``stop`` (int), ``unit``; segments without
        a position are not in it.
    """
    has_cp = segments["start_cp"].notna() & segments["end_cp"].notna()
    unit = segments["unit"].astype("str").where(~has_cp, "code point")
    start = segments["start_cp"].where(has_cp, segments["start"])
    end = segments["end_cp"].where(has_cp, segments["end"])
    end = end.fillna(start)
    known = start.notna() & unit.notna()
    table = pd.DataFrame(
        {
            "segment_id": segments["segment_id"].astype("str"),
            "document_id": segments["document_id"].astype("str"),
            "start": start,
            "stop": end + unit.isin(INCLUSIVE).astype("int64"),
            "unit": unit,
        }
    )[known]
    table["stop"] = table[["start", "stop"]].max(axis=1)
    return table.astype({"start": "int64", "stop": "int64"}).reset_index(drop=True)


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
