"""Percentages against the counts and wholes that they are made of.

With a small whole few percentages can occur: of 17 people, 0, 6, 12, 18 … 94 or 100 %.
This is GRIM for data that are 0 or 1 (Brown & Heathers 2017, see
:mod:`analysis.audit.arithmetic.grim`), with the count between 0 and the whole.

A printed percentage may be of those known rather than of the group: R's tableone prints
85 (50.6) under n = 232, which is of 168. :func:`wholes_that_fit` finds such wholes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.audit.arithmetic.conventions import ANY, ROUNDINGS, Bounds, bounds
from analysis.audit.arithmetic.grim import Sums
from analysis.audit.arithmetic.integers import by_size, first_integer, last_integer
from analysis.audit.arithmetic.printed import Numbers, parse_number, read_numbers

__all__ = ["Percent", "is_share", "percent", "percent_counts", "wholes_that_fit"]

# smaller wholes than so many below the largest are left untried
MOST_WHOLES = 20_000


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
    counts : range
        All counts of the whole that give it under any rounding.
    """

    percent: str
    whole: int
    count: int | None
    fits: tuple[str, ...]
    counts: range

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
    return Percent(printed, whole, count, fits, range(int(first[ANY]), int(last[ANY]) + 1))


@lru_cache(maxsize=65_536)
def is_share(printed: str, whole: int, count: int) -> bool:
    """Tell whether a percentage can be a count's share of a whole, rounded or cut off.

    Parameters
    ----------
    printed : str
        As printed; what is no number is no share.
    whole, count : int

    Examples
    --------
    >>> is_share("42.8", 7, 3), is_share("42.9", 7, 3), is_share("43.0", 7, 3)
    (True, True, False)
    """
    try:
        number = parse_number(printed, percent=True)
    except ValueError:
        return False
    if number is None or whole < 1:
        return False
    share, value = 200 * count * 10**number.decimals, 2 * number.digits * whole
    if number.relation != "=":
        return bool(share < value if number.relation[0] == "<" else share > value)
    return bool(value - whole <= share < value + 2 * whole)


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
        The counts, one row per rounding and the last for any.
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


def wholes_that_fit(
    printed: Numbers, most: np.ndarray, count: np.ndarray, has_count: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest whole, up to a given one, of which each percentage can be.

    Parameters
    ----------
    printed : Numbers, length k
    most : ndarray of int, length k
        The largest whole in question, at least 1.
    count : ndarray of int, length k
        The count beside the percentage; no smaller whole is tried.
    has_count : ndarray of bool, length k

    Returns
    -------
    fits : ndarray of bool, shape (5, k)
        One row per rounding, the last for any: whether some whole up to `most` fits.
    largest : ndarray of int, shape (5, k)
        The largest such whole; 0 where there is none.
    """
    size = len(printed)
    limits = bounds(printed)
    largest = np.zeros((ANY + 1, size), dtype=np.int64)
    columns = [
        part.T.tolist() for part in (limits.low, limits.high, limits.has_low, limits.has_high)
    ]
    units = (200 * 10**printed.decimals).tolist()
    for at in range(size):
        ends = list(zip(*(column[at] for column in columns), strict=True))
        counted = int(count[at]) if has_count[at] else None
        high, low = int(most[at]), 1
        if counted:
            # count / whole lies within one unit of the last decimal
            digits = max(int(printed.digits[at]), 0)
            low = max(counted, units[at] * counted // (2 * digits + 2))
            high = min(high, units[at] * counted // (2 * digits - 2) + 1) if digits > 1 else high
        waiting = list(range(ANY + 1))
        for whole in range(high, max(low, 1, high - MOST_WHOLES) - 1, -1):
            for row in tuple(waiting):
                if _is_share(ends[row], units[at], whole, counted):
                    largest[row, at] = whole
                    waiting.remove(row)
            if not waiting or counted == 0:
                break
    return largest > 0, largest


def _is_share(ends: tuple[int, int, bool, bool], unit: int, whole: int, count: int | None) -> bool:
    """Whether a count, or any, is of a whole a share between two ends."""
    low, high, has_low, has_high = ends
    if count is None:
        count = min(max(-(-low * whole // unit), 0), whole)
        if not has_low and count * unit == low * whole:
            count += 1
    share = count * unit
    above = share >= low * whole if has_low else share > low * whole
    below = share <= high * whole if has_high else share < high * whole
    return above and below and count <= whole
