"""GRIM: whether whole numbers can have a printed mean.

The mean of n whole numbers is a fraction with the denominator n, so only some printed
means can occur. With several items a person, each person's value is a mean of whole
numbers itself, and the denominator is n × items.

Brown, N. J. L., & Heathers, J. A. J. (2017). The GRIM test: A simple technique detects
numerous anomalies in the reporting of results in psychology. Social Psychological and
Personality Science, 8(4), 363–369. https://doi.org/10.1177/1948550616673876. The paper's
own examples (5.19 with n = 28 cannot be, 5.21 can) are among the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from analysis.audit.arithmetic.conventions import ANY, ROUNDINGS, bounds
from analysis.audit.arithmetic.integers import SAFE, by_size, first_integer, last_integer
from analysis.audit.arithmetic.printed import Numbers, read_numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Grim", "Sums", "grim", "grim_map", "possible_sums"]


@dataclass(frozen=True, slots=True)
class Sums:
    """The totals that printed means allow, one row per rounding, the last for any rounding.

    Attributes
    ----------
    first, last : ndarray of int, shape (5, means)
        Least and largest total of all answers; none where `first` is above `last`.
    """

    first: np.ndarray
    last: np.ndarray

    @property
    def exist(self) -> np.ndarray:
        """Whether there is any total, shape (5, means)."""
        return self.first <= self.last


@dataclass(frozen=True, slots=True)
class Grim:
    """Whether whole numbers can have a printed mean.

    Attributes
    ----------
    mean : str
        As printed.
    n, items : int
    fits : tuple of str
        The roundings under which some whole numbers have this mean.
    nearest : tuple of Fraction
        The largest mean of whole numbers not above the printed one, and the least above it.
    """

    mean: str
    n: int
    items: int
    fits: tuple[str, ...]
    nearest: tuple[Fraction, Fraction]

    @property
    def is_possible(self) -> bool:
        """Whether any convention allows the mean."""
        return bool(self.fits)

    @property
    def is_rounded(self) -> bool:
        """Whether rounding to the nearest, a tie in either direction, gives the mean."""
        return any(rounding != "truncate" for rounding in self.fits)


def grim(mean: str, n: int, items: int = 1) -> Grim:
    """Test one printed mean of whole numbers.

    Parameters
    ----------
    mean : str
        As printed; its trailing zeros count.
    n : int
        Number of answers, at least 1.
    items : int
        Whole-number items that each answer is the mean of.

    Raises
    ------
    ValueError
        When `mean` is no number, or `n` or `items` is below 1.

    Examples
    --------
    >>> grim("5.19", 28).is_possible
    False
    >>> grim("5.27", 43).fits
    ('truncate',)
    """
    numbers = read_numbers([mean])
    if not numbers.is_value[0] or n < 1 or items < 1:
        raise ValueError(f"mean {mean!r}, n {n}, items {items}: expected numbers, n and items ≥ 1")
    sums = possible_sums(numbers, np.array([n]), np.array([items]))
    fits = tuple(r for r, exists in zip(ROUNDINGS, sums.exist[:ANY, 0], strict=True) if exists)
    parts = n * items
    below = int(numbers.digits[0]) * parts // 10 ** int(numbers.decimals[0])
    return Grim(mean, n, items, fits, (Fraction(below, parts), Fraction(below + 1, parts)))


def grim_map(
    table: pd.DataFrame, *, mean: str = "mean", n: str = "n", items: str | None = None
) -> pd.DataFrame:
    """Test a column of printed means of whole numbers.

    Parameters
    ----------
    table : DataFrame
    mean : str
        Column of the means as text.
    n, items : str
        Columns of whole numbers; without `items` each answer is one whole number.

    Returns
    -------
    DataFrame
        Aligned with `table`: one truth value a rounding, and ``possible``, whether any of
        them allows the mean. Missing where a mean or an n is missing.
    """
    import pandas as pd

    numbers = read_numbers([None if pd.isna(text) else str(text) for text in table[mean]])
    sizes = pd.to_numeric(table[n]).fillna(0).to_numpy(dtype=np.int64)
    parts = np.ones_like(sizes)
    if items is not None:
        parts = pd.to_numeric(table[items]).fillna(1).to_numpy(dtype=np.int64)
    is_known = numbers.is_value & (sizes > 0) & (parts > 0)
    fits = possible_sums(numbers, np.maximum(sizes, 1), np.maximum(parts, 1)).exist
    result = pd.DataFrame(fits.T, columns=[*ROUNDINGS, "possible"], index=table.index)
    return result.astype("boolean").where(pd.Series(is_known, index=table.index))


def possible_sums(
    mean: Numbers,
    n: np.ndarray,
    items: np.ndarray,
    low: np.ndarray | None = None,
    high: np.ndarray | None = None,
) -> Sums:
    """Return the totals of whole numbers that printed means allow.

    Parameters
    ----------
    mean : Numbers, length k
    n, items : ndarray of int, length k
        At least 1.
    low, high : ndarray of float, length k, optional
        The least and the largest total that the scale allows; infinite where it has no end.

    Returns
    -------
    Sums
    """
    limits = bounds(mean)
    size = 2.0 * (np.abs(mean.digits) + 1.0) * n * items

    def totals(*columns: np.ndarray) -> tuple[np.ndarray, ...]:
        lower, upper, has_low, has_high, parts, scale = columns
        first = first_integer(lower * parts, scale, has_low)
        return first, last_integer(upper * parts, scale, has_high)

    scale = 2 * 10**mean.decimals
    columns = (limits.low, limits.high, limits.has_low, limits.has_high, n * items, scale)
    first, last = by_size(totals, size, *columns)
    if low is not None and high is not None:
        first = np.where(np.isfinite(low), np.maximum(first, _whole(low)), first)
        last = np.where(np.isfinite(high), np.minimum(last, _whole(high)), last)
    return Sums(first, last)


def _whole(ends: np.ndarray) -> np.ndarray:
    """Return the ends of scales, which are whole, as integers; 0 where there is none."""
    finite = np.where(np.isfinite(ends), ends, 0.0)
    if (np.abs(finite) < SAFE).all():
        return finite.astype(np.int64)
    return np.array([int(end) for end in finite], dtype=object)
