"""Columns of the model's frames, made at once from numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["labelled", "masked", "numbered"]


def numbered(letter: str, count: int) -> pd.Series:
    """Return identifiers such as s1, s2, s3."""
    return letter + pd.Series(np.arange(1, count + 1)).astype("str")


def labelled(numbers: npt.NDArray[Any], labels: Sequence[str] | pd.Series) -> pd.Series:
    """Return labels by their numbers, as a category; −1 is missing."""
    categories = pd.Index(pd.array(list(labels), dtype="str"))
    return pd.Series(pd.Categorical.from_codes(numbers, categories=categories))


def masked(values: npt.NDArray[np.int64], missing: int) -> pd.Series:
    """Return whole numbers, with one of them for what is missing."""
    return pd.Series(pd.arrays.IntegerArray(values, values == missing))
