"""Percentages against the counts and wholes that they are made of.

With a small whole few percentages can occur: of 17 people, 0, 6, 12, 18 … 94 or 100 %.
This is GRIM for data that are 0 or 1 (Brown & Heathers 2017, see
:mod:`analysis.consistency.grim`), with the count between 0 and the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.consistency.conventions import ROUNDINGS, Bounds, bounds
from analysis.consistency.grim import ANY, Sums
from analysis.consistency.integers import by_size, first_integer, last_integer
from analysis.consistency.printed import Numbers, parse_number, read_numbers

__all__ = ["Percent", "percent", "percent_counts"]


@dataclass(frozen=True, slots=True)
class Percent:
    """Whether a printed percentage can be a share of a whole.

    Attributes
    ----------
    percent : str
        As printed.
    whole : int
    count : int or None
        None where only the whole is known.
    fits : tuple of str
        The roundings under which the count, or else any count, gives the percentage.
    counts : tuple of int
        All counts of the whole that give it under any rounding.
    """

    percent: str
    whole: int
    count: int | None
    fits: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def is_possible(self) -> bool:
        """Whether any convention allows the percentage."""
        return bool(self.fits)

    @property
    def is_rounded(self) -> bool:
        """Whether rounding to the nearest, a tie in either direction, gives it."""
        return any(rounding != "truncate" for rounding in self.fits)


def percent(printed: str, whole: int, count: int | None = None) -> Percent:
    """Test one printed percentage.

    Parameters
    ----------
    printed : str
        As printed, with or without ``%``; ``<0.1`` is a bound.
    whole : int
        What the percentage is of, at least 1.
    count : int, optional
        The count that stands with it.

    Raises
    ------
    ValueError
        When `printed` is no number, or `whole` is below 1.

    Examples
    --------
    >>> percent("32.5", 438).is_possible
    False
    >>> percent("42.8", 7, 3).fits
    ('truncate',)
    """
    numbers = read_numbers([printed], lambda text: parse_number(text, percent=True))
    if not numbers.known[0] or whole < 1:
        raise ValueError(f"percentage {printed!r}, whole {whole}: expected numbers, the whole ≥ 1")
    counts = percent_counts(numbers, np.array([whole]))
    first, last = counts.first[:, 0], counts.last[:, 0]
    has = first <= last if count is None else (first <= count) & (count <= last)
    fits = tuple(r for r, holds in zip(ROUNDINGS, has[:ANY], strict=True) if holds)
    return Percent(printed, whole, count, fits, tuple(range(int(first[ANY]), int(last[ANY]) + 1)))


def percent_counts(printed: Numbers, whole: np.ndarray) -> Sums:
    """Return the counts, from 0 to the whole, that printed percentages allow.

    Parameters
    ----------
    printed : Numbers, length k
        A bound such as ``<0.1`` allows every count whose share keeps it.
    whole : ndarray of int, length k
        At least 1.

    Returns
    -------
    Sums
        The counts, one row a rounding and the last for any.
    """
    limits = _with_relations(printed, bounds(printed))
    scale = 200 * 10**printed.decimals
    size = 2.0 * np.maximum(np.abs(printed.digits) + 1.0, scale) * whole

    def counts(*columns: np.ndarray) -> tuple[np.ndarray, ...]:
        lower, upper, has_low, has_high, of, by = columns
        first = np.maximum(first_integer(lower * of, by, has_low), 0)
        return first, np.minimum(last_integer(upper * of, by, has_high), of)

    columns = (limits.low, limits.high, limits.has_low, limits.has_high, whole, scale)
    return Sums(*by_size(counts, size, *columns))


def _with_relations(printed: Numbers, limits: Bounds) -> Bounds:
    if (printed.relation == "=").all():
        return limits
    twice = 2 * printed.digits
    is_below = np.isin(printed.relation, ["<", "<="])
    is_above = np.isin(printed.relation, [">", ">="])
    is_closed = np.isin(printed.relation, ["<=", ">="])
    everything = 200 * 10**printed.decimals
    low = np.where(is_below, 0, np.where(is_above, twice, limits.low))
    high = np.where(is_below, twice, np.where(is_above, everything, limits.high))
    return Bounds(
        low=low,
        high=high,
        has_low=np.where(is_below, True, np.where(is_above, is_closed, limits.has_low)),
        has_high=np.where(is_above, True, np.where(is_below, is_closed, limits.has_high)),
    )
