"""Segments of texts that an export holds, placed in them and held against its quotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.exports.offsets import MISSING, STANDARD, Counter
from analysis.exports.placing import STATUSES, Choice, Passage, choose_counter, place
from analysis.exports.vectors import text_series

__all__ = ["Marked", "placed_columns"]

OK, UNCHECKED = STATUSES.index("ok"), STATUSES.index("unchecked")


@dataclass(frozen=True, eq=False)
class Marked:
    """Segments as a program marks them, shape (n,) each.

    Attributes
    ----------
    document : sequence of int
        Place of each segment's text in the list of texts.
    starts, ends : sequence of int or None
        As written.
    quotes : sequence of str or None
        What the export quotes.
    """

    document: Sequence[int]
    starts: Sequence[int | None]
    ends: Sequence[int | None]
    quotes: Sequence[str | None]


def placed_columns(
    marked: Marked, texts: Sequence[str | None], preferred: Counter = STANDARD
) -> tuple[dict[str, Any], list[str]]:
    """Place segments, and say of each whether its text stands there.

    Parameters
    ----------
    marked : Marked
    texts : sequence of str or None
        Text of each document, where there is one.
    preferred : Counter
        How the program is known to count.

    Returns
    -------
    columns : dict
        ``start, end, unit, start_cp, end_cp, text, offset_status`` of the frame of
        segments, n rows each. The text is what the export quotes, else what stands there.
    warnings : list of str
    """
    count = len(marked.document)
    starts, ends = _positions(marked.starts), _positions(marked.ends)
    start_cp, end_cp = np.full(count, -1), np.full(count, -1)
    status = np.full(count, UNCHECKED, dtype=np.int8)
    said = list(marked.quotes)
    passages: list[tuple[npt.NDArray[np.int64], Passage]] = []
    for rows in _by_document(marked.document):
        text = texts[marked.document[rows[0]]]
        if text:
            quotes = [said[row] for row in rows.tolist()]
            passages.append((rows, Passage(text, starts[rows], ends[rows], quotes)))
    choice = choose_counter([passage for _, passage in passages], preferred)
    is_quoted = np.array([bool(quote and not quote.isspace()) for quote in said], dtype=np.bool_)
    if choice.by != "quotations" and is_quoted.any():
        # These are no labels: where they stand nowhere, the places are wrong and not the words.
        choice = Choice(preferred, preferred, "quotations", held=1, checked=1)
        unsure = ~is_quoted
    else:
        unsure = np.zeros(count, dtype=np.bool_)
    for rows, passage in passages:
        placed = place(passage, choice)
        start_cp[rows], end_cp[rows] = placed.start_cp, placed.end_cp
        status[rows] = np.where(unsure[rows] & (placed.status == OK), UNCHECKED, placed.status)
        for row in rows.tolist():
            if said[row] is None and start_cp[row] >= 0:
                said[row] = passage.text[start_cp[row] : end_cp[row]]
    columns = {
        "start": _numbers(starts, MISSING),
        "end": _numbers(ends, MISSING),
        "unit": pd.Series(choice.counter.unit, index=range(count), dtype="str"),
        "start_cp": _numbers(start_cp, -1),
        "end_cp": _numbers(end_cp, -1),
        "text": text_series(said),
        "offset_status": pd.Series(np.array(STATUSES, dtype=object)[status], dtype="str"),
    }
    warnings = []
    if choice.counter != choice.preferred:
        warnings.append(
            f"positions in texts are counted in {choice.counter}, as {choice.held} of "
            f"{choice.checked} {choice.by} show; {choice.preferred} were expected."
        )
    return columns, warnings


def _positions(stated: Sequence[int | None]) -> npt.NDArray[np.int64]:
    return np.array([MISSING if value is None else value for value in stated], dtype=np.int64)


def _numbers(values: npt.NDArray[np.int64], missing: int) -> pd.Series:
    return pd.Series(values).astype("Int64").mask(values == missing)


def _by_document(document: Sequence[int]) -> list[npt.NDArray[np.int64]]:
    """Return the rows of each document, in order."""
    if not len(document):
        return []
    values = np.asarray(document, dtype=np.int64)
    order = np.argsort(values, kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(values[order])) + 1))
