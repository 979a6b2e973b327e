"""GRIMMER and DEBIT: whether whole numbers can have a printed mean and standard deviation.

Anaya, J. (2016). The GRIMMER test: A method for testing the validity of reported measures
of variability. PeerJ Preprints 4:e2400v1. https://doi.org/10.7287/peerj.preprints.2400v1.
Allard, A. (2018). Analytic-GRIMMER: a new way of testing the possibility of standard
deviations. https://aurelienallard.netlify.app/post/anaytic-grimmer-possibility-standard-deviations/.
Heathers, J. A. J., & Brown, N. J. L. (2019). DEBIT: A simple consistency test for binary
data. https://osf.io/5vb3u/.

Written anew from the definitions: a sum of squares must be a whole number, have the parity
of the total, give the SD, and occur in some sample (:mod:`analysis.audit.arithmetic.integers`).
Checked against enumerated samples, and against the examples that the papers' users share:
(5.21, 1.60, 28) can be, (3.44, 2.47, 18) and (7.3, 2.51, 12) cannot when rounded.

For binary data the mean x fixes the SD: √(n/(n−1)·x(1−x)) of a sample, √(x(1−x)) of a
population. DEBIT is GRIMMER on the scale from 0 to 1, where the count of ones fixes both,
and stricter than the formula on the printed mean: a mean that n people cannot have fails as
well. Checked against the formula over every count, and against (.36, .11, 20) and
(.35, .18, 20), which cannot be, and (.35, .49, 20), which can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.audit.arithmetic.conventions import ANY, CONVENTIONS, ROUNDINGS, Convention, bounds
from analysis.audit.arithmetic.grim import Sums, possible_sums
from analysis.audit.arithmetic.integers import (
    NO_LIMIT,
    attains,
    by_size,
    first_integer,
    last_integer,
    surely_on_scale,
)
from analysis.audit.arithmetic.printed import Numbers, read_numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ROUNDING_AT",
    "Grimmer",
    "Scale",
    "debit",
    "debit_map",
    "grimmer",
    "grimmer_map",
    "nearest_deviations",
    "possible_deviations",
    "surely_possible",
]

# the eight conventions, then a mixture of roundings with either SD
ROUNDING_AT = np.array([*(ROUNDINGS.index(c.rounding) for c in CONVENTIONS), ANY, ANY])
IS_SAMPLE = np.array([*(c.deviation == "sample" for c in CONVENTIONS), True, False])
SAME_AS = np.array([0, 0, 0, 3, 3, 3, 6, 7, 8, 9])
# totals tried one by one before asking whether one of them must do
FEW_TOTALS = 16
# no accusation without proof: where a proof would need more totals than these, there is none
MOST_TOTALS = 20_000
LARGEST_SPAN = 2**30
# totals looked at in one go, which bounds the memory
CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """What the numbers of samples may be, one entry a sample.

    Attributes
    ----------
    n, items : ndarray of int
        Answers, and whole-number items that each is the mean of; at least 1.
    low, high : ndarray of float
        Least and largest sum of one answer's items, whole; infinite where not known.
    """

    n: np.ndarray
    items: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, n: Sequence[int] | np.ndarray) -> Scale:
        """Return single whole numbers without limits."""
        sizes = np.asarray(n, dtype=np.int64)
        end = np.full(len(sizes), np.inf)
        return cls(sizes, np.ones_like(sizes), -end, end)

    def take(self, rows: np.ndarray) -> Scale:
        """Return the samples at these positions."""
        return Scale(self.n[rows], self.items[rows], self.low[rows], self.high[rows])

    def sums(self, mean: Numbers) -> Sums:
        """Return the totals that printed means allow."""
        return possible_sums(mean, self.n, self.items, self.n * self.low, self.n * self.high)


def possible_deviations(sums: Sums, sd: Numbers, scale: Scale) -> np.ndarray:
    """Tell under which conventions samples with given totals have printed SDs.

    Parameters
    ----------
    sums : Sums
        The totals that the means allow, see :meth:`Scale.sums`.
    sd : Numbers, length k
    scale : Scale, length k

    Returns
    -------
    ndarray of bool, shape (10, k)
        One row per convention in the order of `CONVENTIONS`; the last two, whether the sample
        or the population SD fits when mean and SD may be rounded by different conventions.
        False is proved; a sample SD of one answer does not exist and never fits.
    """
    low, high = _squared_differences(sd, scale)
    start, count, span = _totals(sums, scale)
    sizes = np.broadcast_to(scale.n, low.shape)
    spans = np.broadcast_to(span, low.shape)
    is_open = (count > 0) & (low <= high) & (IS_SAMPLE[:, None] <= (sizes > 1))
    columns = (sizes, start, count, low, high, spans)
    fits = np.zeros(low.shape, dtype=bool)
    # where no tie is near, the roundings to the nearest ask the same, and it is asked once
    is_same = np.all([column == column[SAME_AS] for column in columns[1:5]], axis=0)
    is_same &= SAME_AS[:, None] != np.arange(len(SAME_AS))[:, None]
    single, mixed = slice(0, len(CONVENTIONS)), slice(len(CONVENTIONS), None)
    for rows in (single, mixed):
        asked = is_open[rows] & ~fits[rows] & ~is_same[rows]
        fits[rows][asked] = _any_total(*(column[rows][asked] for column in columns))
        fits |= is_same & fits[SAME_AS]
        # what one convention allows, the mixture does
        for at, is_sample in enumerate((True, False), start=len(CONVENTIONS)):
            fits[at] |= fits[single][IS_SAMPLE[single] == is_sample].any(axis=0)
    return fits


def _squared_differences(sd: Numbers, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and largest n·q − t² of each convention, both (10, k)."""
    limits = bounds(sd)
    low = np.maximum(limits.low, 0)[ROUNDING_AT]
    has_low = (limits.has_low | (limits.low < 0))[ROUNDING_AT]
    high = np.maximum(limits.high, 0)[ROUNDING_AT]
    has_high = (limits.has_high & (limits.high >= 0))[ROUNDING_AT]
    factor = np.where(IS_SAMPLE[:, None], scale.n - 1, scale.n)
    # 10,000 or more to the square of the decimals would pass 64 bits
    size = 4.0 * np.maximum((np.abs(sd.digits) + 1.0) ** 2, 100.0**sd.decimals)
    size = size * np.maximum(1.0, (1.0 * scale.n * scale.items) ** 2)

    def differences(*columns: np.ndarray) -> tuple[np.ndarray, ...]:
        lower, upper, closed_low, closed_high, by, n, items, decimals = columns
        by = by * n * items * items
        unit = 4 * 100**decimals
        first = first_integer(by * lower * lower, unit, closed_low)
        return first, last_integer(by * upper * upper, unit, closed_high)

    columns = (low, high, has_low, has_high, factor, scale.n, scale.items, sd.decimals)
    first, last = by_size(differences, size, *columns)
    return first, np.where(sd.digits < 0, -1, last)


def _totals(sums: Sums, scale: Scale) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first total of each convention, how many there are, and the scale's length.

    Totals count from the scale's lower end, or modulo n where it has none. Where the mean
    allows no total under one rounding, those of any rounding serve, so that the SD is not
    blamed for the mean; where none at all, every total does.
    """
    n = scale.n
    span = scale.high - scale.low
    is_limited = np.isfinite(span) & (span >= 0) & (np.maximum(span, 1) * n < LARGEST_SPAN)
    low = np.where(is_limited, scale.low, 0).astype(np.int64)
    length = np.where(is_limited, span, NO_LIMIT).astype(np.int64)
    exist = sums.exist
    first = np.where(exist, sums.first, sums.first[ANY])
    last = np.where(exist, sums.last, sums.last[ANY])
    first = np.where(exist[ANY], first, low * n)
    last = np.where(exist[ANY], last, np.where(is_limited, (low + length) * n, n - 1))
    start = np.where(is_limited, first - low * n, first % n).astype(np.int64)
    count = last - first + 1
    count = np.where(is_limited, count, np.minimum(count, n)).astype(np.int64)
    return start[ROUNDING_AT], count[ROUNDING_AT], length


def _any_total(
    n: np.ndarray,
    start: np.ndarray,
    count: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    span: np.ndarray,
) -> np.ndarray:
    """Tell for each question whether any of its totals has a sample."""
    found = np.zeros(len(n), dtype=bool)
    many = np.flatnonzero(count > FEW_TOTALS)
    lost = np.zeros(len(n), dtype=bool)
    if len(many):
        columns = [column[many] for column in (n, start, count, low, high, span)]
        found[many] = _surely(*columns)
        found[count > MOST_TOTALS] = True
        lost[many] = columns[4] < _least_differences(*columns[:3])
    rows = np.flatnonzero(~found & ~lost)
    ends = np.cumsum(count[rows])
    for part in np.split(rows, np.searchsorted(ends, np.arange(CHUNK, _last(ends), CHUNK))):
        times = count[part]
        at = np.repeat(part, times)
        offset = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
        total = start[at] + offset
        total = np.where(span[at] >= 0, total, total % n[at])
        found[at[attains(n[at], total, low[at], high[at], span[at])]] = True
    return found


def _last(values: np.ndarray) -> int:
    return int(values[-1]) if len(values) else 0


def _least_differences(n: np.ndarray, start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return the least n·q − t² of any total: 0 if n divides one, else at an end of the range."""
    end = start + count - 1
    first, last = start % n, end % n
    least = np.minimum(first * (n - first), last * (n - last))
    return np.where(end // n > (start - 1) // n, 0, least)


def _surely(
    n: np.ndarray,
    start: np.ndarray,
    count: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    span: np.ndarray,
) -> np.ndarray:
    """Find questions whose range is so wide that one of a few totals answers them."""
    end = start + count - 1
    even = np.minimum(-(-start // n) * n, end)
    found = np.zeros(len(n), dtype=bool)
    for total in (start, even, (start + end) // 2, end):
        at = np.where(span >= 0, total, total % n)
        found |= attains(n, at, low, high, span)
    return found


@dataclass(frozen=True, slots=True)
class Grimmer:
    """Whether whole numbers with a printed mean can have a printed SD.

    Attributes
    ----------
    mean, sd : str
        As printed.
    n, items : int
    fits : tuple of Convention
        The pairs of SD and rounding under which some sample has both.
    is_possible : bool
        Whether any convention allows both, also one for the mean and another for the SD.
    """

    mean: str
    sd: str
    n: int
    items: int
    fits: tuple[Convention, ...]
    is_possible: bool


def grimmer(
    mean: str,
    sd: str,
    n: int,
    items: int = 1,
    *,
    low: float = -np.inf,
    high: float = np.inf,
) -> Grimmer:
    """Test one printed mean and SD of whole numbers.

    Parameters
    ----------
    mean, sd : str
        As printed; their trailing zeros count.
    n : int
        Number of answers, at least 1.
    items : int
        Whole-number items that each answer is the mean of.
    low, high : float
        The least and largest answer, where they are known.

    Raises
    ------
    ValueError
        When `mean` or `sd` is no number, or `n` or `items` is below 1.

    Examples
    --------
    >>> [str(convention) for convention in grimmer("5.21", "1.60", 28).fits][:1]
    ['sample SD, rounded half up']
    >>> grimmer("7.3", "2.51", 12).is_possible
    False
    """
    numbers = read_numbers([mean, sd])
    if not numbers.is_value.all() or n < 1 or items < 1:
        raise ValueError(
            f"mean {mean!r}, SD {sd!r}, n {n}, items {items}: expected numbers, n and items ≥ 1"
        )
    scale = Scale(
        np.array([n]),
        np.array([items]),
        np.ceil(np.array([low * items])),
        np.floor(np.array([high * items])),
    )
    sums = scale.sums(numbers.take(np.array([0])))
    fits = _both(sums, numbers.take(np.array([1])), scale)[:, 0]
    held = tuple(c for c, holds in zip(CONVENTIONS, fits, strict=False) if holds)
    return Grimmer(mean, sd, n, items, held, bool(fits.any()))


def grimmer_map(
    table: pd.DataFrame,
    *,
    mean: str = "mean",
    sd: str = "sd",
    n: str = "n",
    items: str | None = None,
    low: float = -np.inf,
    high: float = np.inf,
) -> pd.DataFrame:
    """Test columns of printed means and SDs of whole numbers.

    Parameters
    ----------
    table : DataFrame
    mean, sd : str
        Columns of text.
    n, items : str
        Columns of whole numbers; without `items` each answer is one whole number.
    low, high : float
        The least and largest answer, where they are known.

    Returns
    -------
    DataFrame
        Aligned with `table`: one truth value a convention, named as ``sample half-up``, and
        ``possible``, whether any allows both. Missing where something is not known.
    """
    import pandas as pd

    means, deviations = (
        read_numbers([None if pd.isna(text) else str(text) for text in table[column]])
        for column in (mean, sd)
    )
    sizes = pd.to_numeric(table[n]).fillna(0).to_numpy(dtype=np.int64)
    parts = np.ones_like(sizes)
    if items is not None:
        parts = pd.to_numeric(table[items]).fillna(1).to_numpy(dtype=np.int64)
    is_known = means.is_value & deviations.is_value & (sizes > 0) & (parts > 0)
    parts = np.maximum(parts, 1)
    scale = Scale(np.maximum(sizes, 1), parts, np.ceil(low * parts), np.floor(high * parts))
    fits = _both(scale.sums(means), deviations, scale)
    names = [f"{convention.deviation} {convention.rounding}" for convention in CONVENTIONS]
    result = pd.DataFrame(fits[: len(names)].T, columns=names, index=table.index)
    result["possible"] = np.asarray(fits.any(axis=0))
    return result.astype("boolean").where(pd.Series(is_known, index=table.index))


def _both(sums: Sums, sd: Numbers, scale: Scale) -> np.ndarray:
    return np.asarray(possible_deviations(sums, sd, scale) & sums.exist[ROUNDING_AT])


def debit(mean: str, sd: str, n: int) -> Grimmer:
    """Test one printed mean and SD of data that are 0 or 1.

    Parameters
    ----------
    mean, sd : str
        As printed, the mean as a share of 1.
    n : int
        Number of answers, at least 1.

    Returns
    -------
    Grimmer

    Raises
    ------
    ValueError
        When `mean` or `sd` is no number, or `n` is below 1.

    Examples
    --------
    >>> debit(".35", ".49", 20).is_possible, debit(".35", ".18", 20).is_possible
    (True, False)
    """
    return grimmer(mean, sd, n, low=0, high=1)


def debit_map(
    table: pd.DataFrame, *, mean: str = "mean", sd: str = "sd", n: str = "n"
) -> pd.DataFrame:
    """Test columns of printed means and SDs of data that are 0 or 1.

    Parameters
    ----------
    table : DataFrame
    mean, sd, n : str
        Columns of text, text, and whole numbers.

    Returns
    -------
    DataFrame
        As :func:`analysis.audit.arithmetic.grimmer.grimmer_map` gives it.
    """
    return grimmer_map(table, mean=mean, sd=sd, n=n, low=0, high=1)


# below five numbers not every sum of squares of the right parity occurs
FROM_N = 5
# totals looked at for the SDs next to one that cannot be
NEAR_TOTALS = 4


def nearest_deviations(sums: Sums, sd: Numbers, scale: Scale) -> np.ndarray:
    """Return the SDs next to printed ones that no sample has.

    Parameters
    ----------
    sums : Sums
        The totals that the means allow.
    sd : Numbers, length k
    scale : Scale, length k

    Returns
    -------
    ndarray of float, shape (4, k)
        The sample SDs below and above, then the population SDs; not a number where there is
        none, or where the sample is too small or the mean too coarse to name it.
    """
    n = scale.n.astype(np.float64)
    limits = bounds(sd)
    unit = 10.0**-sd.decimals / 2
    middle = (limits.low[ANY] + limits.high[ANY]) * unit / 2 * scale.items
    result = np.full((4, len(n)), np.nan)
    first, last = sums.first[ANY], sums.last[ANY]
    is_named = (first <= last) & (last - first < NEAR_TOTALS) & (scale.n >= FROM_N)
    is_limited = np.isfinite(scale.low) & np.isfinite(scale.high)
    low = np.where(is_limited, scale.low, 0.0)
    span = np.where(is_limited, np.maximum(scale.high - low, 1.0), 1.0)
    for step in range(NEAR_TOTALS):
        total = (first + step).astype(np.float64)
        total = np.where(is_limited, total - n * low, np.mod(total, n))
        part, rest = np.floor_divide(total, n), np.mod(total, n)
        least = n * part * part + rest * (2 * part + 1)
        full, over = np.floor_divide(total, span), np.mod(total, span)
        most = np.where(is_limited, full * span * span + over * over, np.inf)
        is_tried = is_named & (first + step <= last)
        for kind, factor in enumerate((n * (n - 1), n * n)):
            target = (middle * middle * factor + total * total) / n
            below = least + 2 * np.floor((target - least) / 2)
            below = np.minimum(below, most)
            above = np.maximum(least, below + 2)
            for side, squares in enumerate((below, above)):
                is_there = is_tried & (squares >= least) & (squares <= most)
                with np.errstate(invalid="ignore", divide="ignore"):
                    value = np.sqrt((n * squares - total * total) / factor) / scale.items
                at = 2 * kind + side
                better = np.fmin if side else np.fmax
                result[at] = np.where(is_there, better(result[at], value), result[at])
    return result


def surely_possible(sums: Sums, sd: Numbers, scale: Scale, convention: np.ndarray) -> np.ndarray:
    """Tell where a sample on its scale surely has a printed SD under one convention.

    Parameters
    ----------
    sums, sd, scale
        As in :func:`possible_deviations`; with limits on both sides.
    convention : ndarray of int, length k
        The place of each in `CONVENTIONS`.

    Returns
    -------
    ndarray of bool
        False proves nothing: a search decides.
    """
    every = np.arange(len(scale.n))
    low, high = (end[convention, every] for end in _squared_differences(sd, scale))
    start, count, span = _totals(sums, scale)
    start, count = start[convention, every], count[convention, every]
    found = np.zeros(len(every), dtype=bool)
    # larger ones are searched
    rows = np.flatnonzero((high < 2**48) & (scale.n < 2**20) & (count > 0) & (span >= 0))
    low, high = low[rows].astype(np.int64), high[rows].astype(np.int64)
    n, start, count, span = scale.n[rows], start[rows], count[rows], span[rows]
    for step in (0.5, 0.0, 1.0):
        total = start + np.floor((count - 1) * step).astype(np.int64)
        first = -(-(low + total * total) // n)
        last = (high + total * total) // n
        first = first + (first - total) % 2
        for part in (0.5, 0.0, 1.0):
            squares = first + 2 * np.floor((last - first) * part / 2).astype(np.int64)
            at = np.flatnonzero(~found[rows] & (first <= last))
            sure = surely_on_scale(n[at], total[at], squares[at], span[at])
            found[rows[at[sure]]] = True
    return found
