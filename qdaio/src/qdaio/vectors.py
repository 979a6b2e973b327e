"""Columns of cells as typed series, fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from qdaio.sheet import TextColumn, as_text

__all__ = ["label_series", "number_series", "text_series"]


def text_series(cells: Sequence[Any]) -> pd.Series:
    """Return cells as text, in the pandas type of the model; None stays missing.

    Numbers, dates and truth values become what a person sees in the cell.
    """
    return pd.Series(pd.array(_arrow(cells), dtype="str"))


def label_series(cells: Sequence[Any]) -> tuple[np.ndarray, list[str | None]]:
    """Give the distinct labels of a column, and a number for each cell.

    Returns
    -------
    numbers : ndarray of int
        For each cell the place of its label in `labels`.
    labels : list of str or None
        In the order in which they come first, stripped of outer spaces.
    """
    coded = _arrow(cells).dictionary_encode(null_encoding="encode")
    labels: list[str | None] = []
    place: dict[str | None, int] = {}
    where = []
    for label in coded.dictionary.to_pylist():
        stripped = None if label is None else label.strip() or None
        if stripped not in place:
            place[stripped] = len(labels)
            labels.append(stripped)
        where.append(place[stripped])
    numbers = coded.indices.to_numpy(zero_copy_only=False)
    return np.asarray(where, dtype="int64")[numbers], labels


def number_series(cells: Sequence[Any]) -> pd.Series:
    """Return cells as numbers of type Float64; text that is no number becomes missing.

    Text may have a decimal comma.
    """
    kinds = set(map(type, cells))
    if kinds <= {int, float, type(None)}:
        return pd.Series(pa.array(cells, pa.float64(), from_pandas=True).to_pandas()).astype(
            "Float64"
        )
    text = text_series(cells).str.strip().str.replace(",", ".", regex=False)
    return pd.to_numeric(text, errors="coerce").astype("Float64")


def _arrow(cells: Sequence[Any]) -> pa.Array:
    """Return cells as Arrow's text; pandas would take ten times as long, value by value."""
    if isinstance(cells, TextColumn):
        return cells.arrow.combine_chunks()
    is_text = set(map(type, cells)) <= {str, type(None)}
    return pa.array(cells if is_text else [as_text(cell) for cell in cells], pa.large_string())
