"""Standard deviations that samples of whole numbers can have, in columns.

The arithmetic behind :mod:`analysis.consistency.grimmer`: which totals a mean allows, which
sums of squared differences an SD allows under each convention, and whether a sample has both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.consistency.conventions import CONVENTIONS, ROUNDINGS, bounds
from analysis.consistency.grim import ANY, Sums, possible_sums
from analysis.consistency.integers import by_size, first_integer, last_integer
from analysis.consistency.printed import Numbers
from analysis.consistency.squares import NO_LIMIT, attains

__all__ = ["ROUNDING_AT", "Scale", "possible_deviations"]

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
        One row a convention in the order of `CONVENTIONS`; the last two, whether the sample
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
