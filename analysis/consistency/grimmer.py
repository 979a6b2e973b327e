"""GRIMMER: whether whole numbers can have a printed mean and standard deviation.

Anaya, J. (2016). The GRIMMER test: A method for testing the validity of reported measures
of variability. PeerJ Preprints 4:e2400v1. https://doi.org/10.7287/peerj.preprints.2400v1.
Allard, A. (2018). Analytic-GRIMMER: a new way of testing the possibility of standard
deviations. https://aurelienallard.netlify.app/post/anaytic-grimmer-possibility-standard-deviations/.

Written anew from the definitions: a sum of squares must be a whole number, have the parity
of the total, give the SD, and occur in some sample (:mod:`analysis.consistency.squares`).
Checked against enumerated samples, and against the examples that the two papers' users
share: (5.21, 1.60, 28) can be, (3.44, 2.47, 18) and (7.3, 2.51, 12) cannot when rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.consistency.conventions import CONVENTIONS, ROUNDINGS, Convention, bounds
from analysis.consistency.grim import ANY, Sums, possible_sums
from analysis.consistency.integers import by_size, first_integer, last_integer
from analysis.consistency.printed import Numbers, read_numbers
from analysis.consistency.squares import NO_LIMIT, attains

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Grimmer", "Scale", "grimmer", "grimmer_map", "possible_deviations"]

# the eight conventions, then a mixture of roundings with either SD
ROUNDING_AT = np.array([*(ROUNDINGS.index(c.rounding) for c in CONVENTIONS), ANY, ANY])
IS_SAMPLE = np.array([*(c.deviation == "sample" for c in CONVENTIONS), True, False])
# totals tried one by one before asking whether one of them must do
FEW_TOTALS = 16
# no accusation without proof: where a proof would need more totals than these, there is none
MOST_TOTALS = 20_000
LARGEST_SPAN = 2**30


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
    # under several conventions the question is often the same, and asked once
    is_open = (count > 0) & (low <= high) & (IS_SAMPLE[:, None] <= (sizes > 1))
    rows = np.flatnonzero(is_open)
    columns = (sizes, start, count, low, high, spans)
    fits = np.zeros(low.size, dtype=bool)
    fits[rows] = _any_total(*(column.reshape(-1)[rows] for column in columns))
    shaped: np.ndarray = fits.reshape(low.shape)
    return shaped


def _both(sums: Sums, sd: Numbers, scale: Scale) -> np.ndarray:
    return np.asarray(possible_deviations(sums, sd, scale) & sums.exist[ROUNDING_AT])


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
    if len(many):
        found[many] = _surely(*(column[many] for column in (n, start, count, low, high, span)))
        found[count > MOST_TOTALS] = True
    rows = np.flatnonzero(~found)
    times = count[rows]
    at = np.repeat(rows, times)
    offset = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
    total = start[at] + offset
    total = np.where(span[at] >= 0, total, total % n[at])
    found[at[attains(n[at], total, low[at], high[at], span[at])]] = True
    return found


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
