"""Segments of texts that an export holds, placed in them and held against its quotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import starmap
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.offsets import MISSING, STANDARD, Counter
from qdaio.placing import (
    EVIDENCE_SEGMENTS,
    STATUSES,
    Choice,
    Passage,
    choose_counter,
    place,
)
from qdaio.programs.refi.columns import labelled
from qdaio.vectors import text_series

__all__ = ["Marked", "placed_columns"]

Rows = npt.NDArray[np.int64]

OK, UNCHECKED = STATUSES.index("ok"), STATUSES.index("unchecked")


@dataclass(frozen=True, eq=False)
class Marked:
    """Segments as a program marks them, shape (n,) each.

    Attributes
    ----------
    document : array of int
        Place of each segment's text in the list of texts.
    starts, ends : Series of Int64
        As written.
    quotes : Series of str
        What the export quotes.
    """

    document: npt.NDArray[np.int64]
    starts: pd.Series
    ends: pd.Series
    quotes: pd.Series


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
    starts, ends = (
        series.fillna(MISSING).to_numpy(dtype=np.int64) for series in (marked.starts, marked.ends)
    )
    start_cp, end_cp = np.full(count, -1), np.full(count, -1)
    status = np.full(count, UNCHECKED, dtype=np.int8)
    has_quote = marked.quotes.notna().to_numpy()
    said: dict[int, str] = {}
    by_document = [
        (text, rows)
        for rows in _by_document(marked.document)
        if (text := texts[marked.document[rows[0]]])
    ]
    passage = partial(_passage, starts=starts, ends=ends, quotes=marked.quotes)
    choice = choose_counter(starmap(passage, _sample(by_document)), preferred)
    is_sure = choice.by == "quotations" or not has_quote.any()
    if not is_sure:
        # These are no labels: where they stand nowhere, the places are wrong and not the words.
        choice = Choice(preferred, preferred, "quotations", held=1, checked=1)
    for text, rows in by_document:
        placed = place(passage(text, rows), choice)
        start_cp[rows], end_cp[rows] = placed.start_cp, placed.end_cp
        unproved = (placed.status == OK) & ~has_quote[rows] & (not is_sure)
        status[rows] = np.where(unproved, UNCHECKED, placed.status)
        for row in rows[~has_quote[rows] & (placed.start_cp >= 0)].tolist():
            said[row] = text[start_cp[row] : end_cp[row]]
    quotes = marked.quotes.reset_index(drop=True)
    if said:
        quotes = text_series([said.get(row, quote) for row, quote in enumerate(_listed(quotes))])
    columns = {
        "start": marked.starts.reset_index(drop=True),
        "end": marked.ends.reset_index(drop=True),
        "unit": pd.Series(choice.counter.unit, index=range(count), dtype="str"),
        "start_cp": _numbers(start_cp),
        "end_cp": _numbers(end_cp),
        "text": quotes,
        "offset_status": labelled(status, STATUSES),
    }
    warnings = []
    if choice.counter != choice.preferred:
        warnings.append(
            f"positions in texts are counted in {choice.counter}, as {choice.held} of "
            f"{choice.checked} {choice.by} show; {choice.preferred} were expected."
        )
    return columns, warnings


def _sample(by_document: list[tuple[str, Rows]]) -> Iterator[tuple[str, Rows]]:
    """Give texts in which counters can differ, then others, up to what a choice looks at.

    Quotations are large in Python: those of all texts are never there at one time.
    """
    segments = 0
    for text, rows in sorted(
        by_document, key=lambda item: item[0].isascii() and "\n" not in item[0]
    ):
        if segments > EVIDENCE_SEGMENTS:
            return
        segments += len(rows)
        yield text, rows


def _passage(
    text: str,
    rows: Rows,
    *,
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    quotes: pd.Series,
) -> Passage:
    return Passage(text, starts[rows], ends[rows], _listed(quotes.take(rows)))


def _listed(quotes: pd.Series) -> list[str | None]:
    return [quote if isinstance(quote, str) else None for quote in quotes.tolist()]


def _numbers(values: npt.NDArray[np.int64]) -> pd.Series:
    return pd.Series(values).astype("Int64").mask(values < 0)


def _by_document(document: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Return the rows of each document, in order."""
    if not len(document):
        return []
    order = np.argsort(document, kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(document[order])) + 1))
