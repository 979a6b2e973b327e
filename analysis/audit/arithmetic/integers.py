"""Whole numbers without rounding errors, and which sums of squares samples of them can have.

Products of digits, squares and sample sizes can pass 64 bits. They are computed in 64 bits
where they fit, and with Python's unlimited integers where they do not.

For n whole numbers with total t and sum of squares q, the sum of squared differences
between all pairs is d = n·q − t². Moving every number by the same amount leaves d alone,
so a sample without known limits may be taken to have 0 ≤ t < n. Then:

- q has the parity of t, since x² and x have the same (Allard 2018);
- q is not below t, the value for zeros and ones;
- from n = 5 on, every such q occurs. For n = 5, choose one number x of the parity other
  than t's near t/5: the other four have an odd total, d ≡ 3 modulo 8, and every such d is
  a sum of three odd squares (Gauss). A sixth number and each further one can be 0 or 1,
  whichever leaves the rest as even as before.
- n = 4: an odd t allows every such q; an even t needs q − (t/2)² to be a sum of three
  squares, so not 4^a (8b + 7) (Legendre).
- n = 3: (3q − t²)/2 must be of the form x² + xy + y².
- n = 2: 2q − t² must be a square. n = 1: q = t².

With limits, q cannot pass what as many numbers as possible at both ends give; for small
samples on short scales every attainable pair of t and q is listed. All of this is tested
against the enumeration of samples.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

__all__ = [
    "NO_LIMIT",
    "SAFE",
    "attains",
    "by_size",
    "first_integer",
    "last_integer",
    "roots",
    "surely_on_scale",
]

# products stay clear of 2**63 even after a few additions
SAFE = 2.0**61


def first_integer(
    numerator: np.ndarray, denominator: np.ndarray, has_end: np.ndarray
) -> np.ndarray:
    """Return the least whole number not below a fraction, or above it where the end is open."""
    above = numerator + denominator - has_end.astype(numerator.dtype)
    return np.asarray(above // denominator)


def last_integer(numerator: np.ndarray, denominator: np.ndarray, has_end: np.ndarray) -> np.ndarray:
    """Return the largest whole number not above a fraction, or below it where the end is open."""
    return np.asarray((numerator - 1 + has_end.astype(numerator.dtype)) // denominator)


def roots(values: np.ndarray) -> np.ndarray:
    """Return the whole part of the square root of each number; 0 for negative ones."""
    values = np.maximum(values, 0)
    if values.dtype == object:
        from math import isqrt

        return np.array([isqrt(int(value)) for value in values], dtype=object)
    root = np.sqrt(values.astype(np.float64)).astype(np.int64)
    # the square root of a float is off by at most one here
    root -= root * root > values
    root += (root + 1) * (root + 1) <= values
    return root


def _narrow(values: np.ndarray) -> np.ndarray:
    """Return whole numbers in 64 bits where all of them fit."""
    if values.dtype == object and all(abs(int(value)) < SAFE for value in values.flat):
        return values.astype(np.int64)
    return values


def by_size(
    compute: Callable[..., tuple[np.ndarray, ...]], size: np.ndarray, *columns: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Compute in 64 bits where the results fit, else with unlimited integers.

    Parameters
    ----------
    compute : callable
        Takes the columns, gives arrays whose last axis is theirs.
    size : ndarray of float
        An upper bound, one a row, of every number that `compute` meets.
    *columns : ndarray
        Whole numbers and truth values, their last axis the rows.
    """
    is_large = ~(size < SAFE)
    if not is_large.any():
        return compute(*columns)
    large = compute(
        *(
            part.astype(object) if part.dtype != bool else part
            for part in (column[..., is_large] for column in columns)
        )
    )
    small = compute(*(column[..., ~is_large] for column in columns))
    whole = []
    for few, many in zip(large, small, strict=True):
        shape = (*few.shape[:-1], len(size))
        dtype = bool if many.dtype == bool and few.dtype == bool else object
        result = np.empty(shape, dtype=dtype)
        result[..., is_large] = few
        result[..., ~is_large] = many
        whole.append(_narrow(result))
    return tuple(whole)


NO_LIMIT = -1
# all samples up to this size on scales up to this length are listed
LISTED_N = 8
LISTED_RANGE = 12
# beyond these, samples of three are left unaccused rather than searched
MOST_CANDIDATES = 64
LARGEST_FORM = 4_000_000


def attains(
    n: np.ndarray, total: np.ndarray, low: np.ndarray, high: np.ndarray, span: np.ndarray
) -> np.ndarray:
    """Tell whether some sample has a sum of squared pair differences between two numbers.

    Parameters
    ----------
    n : ndarray of int
        Sample sizes, at least 1.
    total : ndarray of int
        Totals of the samples, their numbers counted from the lower limit; without limits,
        modulo `n`.
    low, high : ndarray of int
        The least and the largest n·q − t² in question.
    span : ndarray of int
        Upper minus lower limit, or `NO_LIMIT`.

    Returns
    -------
    ndarray of bool
        False only where it is proved that there is no such sample.
    """
    square = total * total
    part, rest = np.divmod(total, n)
    least = n * part * part + rest * (2 * part + 1)
    first = np.maximum(-((-low - square) // n), least)
    last = (high + square) // n
    is_limited = span >= 0
    full, over = np.divmod(total, np.maximum(span, 1))
    last = np.where(is_limited, np.minimum(last, full * span * span + over * over), last)
    first = first + (first - total) % 2
    found = np.asarray(first <= last)
    for size, decide in ((1, _one), (2, _pair), (3, _three), (4, _four)):
        rows = np.flatnonzero(found & (n == size))
        if len(rows):
            found[rows] = decide(total[rows], first[rows], last[rows])
    is_listed = is_limited & (n <= LISTED_N) & (span <= LISTED_RANGE)
    rows = np.flatnonzero(found & is_listed)
    if len(rows):
        # within limits the sums are small, whatever the SD that led here
        ends = (end[rows].astype(np.int64) for end in (first, last))
        found[rows] = _listed(n[rows], span[rows], total[rows], *ends)
    return found


def _one(total: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    return np.asarray((first <= total * total) & (total * total <= last))


def _pair(total: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Find a square 2q − t², the difference of two numbers, whose root has the parity of t."""
    square = total * total
    least = np.maximum(2 * first - square, 0)
    root = roots(least)
    root = root + (root * root < least)
    root = root + (root - total) % 2
    return np.asarray(root * root <= 2 * last - square)


def _three(total: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    found = np.zeros(len(total), dtype=bool)
    form = (3 * first - total * total) // 2
    open_rows = np.arange(len(total))
    for _ in range(MOST_CANDIDATES):
        found[open_rows] = _is_loeschian(form[open_rows])
        open_rows = open_rows[~found[open_rows]]
        # the next q of the same parity is 2 more, and the form 3
        form[open_rows] += 3
        limit = (3 * last[open_rows] - total[open_rows] * total[open_rows]) // 2
        open_rows = open_rows[form[open_rows] <= limit]
        if not len(open_rows):
            return found
    found[open_rows] = True
    return found


def _is_loeschian(form: np.ndarray) -> np.ndarray:
    """Whether numbers are x² + xy + y²; yes for those too large to list."""
    found = np.asarray(form > LARGEST_FORM)
    rows = np.flatnonzero(~found)
    if len(rows):
        values = form[rows].astype(np.int64)
        found[rows] = _loeschian(1 << int(values.max()).bit_length())[values]
    return found


@cache
def _loeschian(size: int) -> np.ndarray:
    """List which numbers below `size` are x² + xy + y², with 0 ≤ x ≤ y."""
    listed = np.zeros(size, dtype=bool)
    y = np.arange(int(size**0.5) + 1)
    squares = y * y
    for x in range(int((size / 3) ** 0.5) + 1):
        values = squares[x:] + x * y[x:] + x * x
        listed[values[values < size]] = True
    return listed


def _four(total: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Two neighbours of the right parity are never both 4^a (8b + 7)."""
    half = total // 2
    rest = first - half * half
    is_three_squares = ~_is_excluded(rest) | (first + 2 <= last)
    return np.asarray((total % 2 == 1) | is_three_squares)


def _is_excluded(values: np.ndarray) -> np.ndarray:
    values = values.copy()
    while (is_even := (values > 0) & (values % 4 == 0)).any():
        values[is_even] //= 4
    return np.asarray(values % 8 == 7)


def _listed(
    n: np.ndarray, span: np.ndarray, total: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    found = np.zeros(len(n), dtype=bool)
    scale = n * (LISTED_RANGE + 1) + span
    for key in np.unique(scale):
        rows = np.flatnonzero(scale == key)
        counts = _cumulated(int(key) // (LISTED_RANGE + 1), int(key) % (LISTED_RANGE + 1))
        at = total[rows]
        found[rows] = counts[at, last[rows] + 1] > counts[at, first[rows]]
    return found


@cache
def _samples(n: int, span: int) -> np.ndarray:
    """Which totals (rows) and sums of squares (columns) n numbers from 0 to `span` have."""
    result = np.zeros((n * span + 1, n * span * span + 1), dtype=bool)
    if n == 0:
        result[0, 0] = True
        return result
    fewer = _samples(n - 1, span)
    height, width = fewer.shape
    for number in range(span + 1):
        square = number * number
        result[number : number + height, square : square + width] |= fewer
    return result


@cache
def _cumulated(n: int, span: int) -> np.ndarray:
    samples = _samples(n, span)
    return np.pad(np.cumsum(samples, axis=1, dtype=np.int32), ((0, 0), (1, 0)))


# beyond these the lemma of `surely_on_scale` is not tried
MOST_AT_TOP = 96
MOST_TRIED = 6
LARGEST_PRODUCT = 2**26


def surely_on_scale(
    n: np.ndarray, total: np.ndarray, squares: np.ndarray, span: np.ndarray
) -> np.ndarray:
    """Tell where samples on a scale with this total and sum of squares surely exist.

    Put k numbers at the upper end and j at the lower one. The m ≥ 5 others have a total t
    and a sum of squares q of the right parity, and none of them can lie farther from their
    mean than √((m−1)/m · (q − t²/m)); where that leads beyond neither end, a sample exists.

    Parameters
    ----------
    n, total, squares, span : ndarray of int, length k
        The numbers counted from the lower end: from 0 to `span`; q with the parity of t.

    Returns
    -------
    ndarray of bool
        False proves nothing.
    """
    found = np.zeros(len(n), dtype=bool)
    sizes = n.astype(np.float64) * np.maximum(span, 1).astype(np.float64) ** 2
    rows = np.flatnonzero((sizes < LARGEST_PRODUCT) & ((squares - total) % 2 == 0) & (span > 0))
    for top in range(MOST_AT_TOP + 1):
        rows = rows[(n[rows] - top >= 5) & (total[rows] >= top * span[rows])]
        if not len(rows):
            break
        t = total[rows] - top * span[rows]
        q = squares[rows] - top * span[rows] ** 2
        least = np.maximum(5, -(-(t * t) // np.maximum(q, 1)))
        holds = np.zeros(len(rows), dtype=bool)
        for more in range(MOST_TRIED):
            m = least + more
            part, rest = np.divmod(t, m)
            spread = (m - 1) * (m * q - t * t)
            holds |= (
                (m <= n[rows] - top)
                & (q >= m * part * part + rest * (2 * part + 1))
                & (spread <= t * t)
                & (t <= span[rows] * m)
                & (spread <= (span[rows] * m - t) ** 2)
            )
        found[rows[holds]] = True
        rows = rows[~holds]
    return found
