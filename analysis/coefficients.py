"""Coefficients of agreement between coders, from a table of units by coders, or of stretches.

Coders may leave units out. What is compared is said with every coefficient, and one that is
not defined gives the reason instead of a number. The arithmetic is checked against the worked
examples of Krippendorff 2011 ("Computing Krippendorff's alpha-reliability"), Gwet 2008
(10.1348/000711006X126600) and Cohen 1960 (10.1177/001316446002000104); see the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = [
    "Coefficient",
    "Interval",
    "Ratings",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "percent_agreement",
    "unitizing_alpha",
    "unitizing_disagreement",
    "wilson_interval",
]

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Array = npt.NDArray[np.float64]
MISSING = -1


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient, or the reason why there is none.

    Attributes
    ----------
    value : float or None
        At most 1; None where it is not defined.
    units : int
        Units with at least two ratings, on which it rests.
    reason : str
        Why there is no value; empty where there is one.
    """

    value: float | None
    units: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A lower and an upper bound, both included, between 0 and 1 or -1 and 1."""

    lower: float
    upper: float


class Ratings:
    """Units by coders, each cell one of a few values or missing.

    Parameters
    ----------
    cells : array-like
        Shape (units, coders); any values, with None or NaN where a coder rated nothing.
    values : sequence, optional
        The values in their order, where some may be absent from the cells or their order
        matters; by default those that occur, sorted.
    weights : array-like, optional
        Shape (units,): how many equal units each row stands for, such as the characters of
        a stretch of text; by default 1.

    Attributes
    ----------
    values : tuple
    codes : ndarray of int
        Shape (units, coders): place in `values`, -1 where missing.
    counts : ndarray of float
        Shape (units, values): how many coders gave each value.
    weights : ndarray of float
    """

    def __init__(
        self,
        cells: npt.ArrayLike,
        values: Sequence[object] | None = None,
        weights: npt.ArrayLike | None = None,
    ) -> None:
        frame = pd.DataFrame(np.asarray(cells, dtype=object))
        stacked = frame.to_numpy().ravel()
        known = pd.notna(stacked)
        found = list(values) if values is not None else sorted(set(stacked[known]))
        place = {value: at for at, value in enumerate(found)}
        if unknown := set(stacked[known]) - set(place):
            raise ValueError(f"{len(unknown)} ratings are not among the values")
        flat = np.full(len(stacked), MISSING, dtype=np.int32)
        flat[known] = [place[value] for value in stacked[known]]
        self._fill(tuple(found), flat.reshape(frame.shape), weights)

    def _fill(
        self,
        values: tuple[object, ...],
        codes: npt.NDArray[np.int32],
        weights: npt.ArrayLike | None,
    ) -> None:
        self.values = values
        self.weights: Array = (
            np.ones(len(codes)) if weights is None else np.asarray(weights, dtype=np.float64)
        )
        if self.weights.shape != (len(codes),):
            raise ValueError("each unit needs one weight")
        self.codes = codes
        size, width = len(codes), len(values)
        counts = np.zeros((size, width))
        rows = np.arange(size)
        for column in codes.T:
            rated = column >= 0
            counts[rows[rated], column[rated]] += 1
        self.counts: Array = counts

    @classmethod
    def from_codes(
        cls,
        codes: npt.ArrayLike,
        values: Sequence[object],
        weights: npt.ArrayLike | None = None,
    ) -> Ratings:
        """Take ratings that are places in `values` already, -1 where missing.

        Raises
        ------
        ValueError
            When a place is none of `values`.
        """
        array = np.asarray(codes, dtype=np.int32)
        if array.size and (array.min() < MISSING or array.max() >= len(values)):
            raise ValueError("a rating is not among the values")
        made = cls.__new__(cls)
        made._fill(tuple(values), array, weights)
        return made

    @property
    def size(self) -> float:
        """How many units there are."""
        return float(self.weights.sum())

    @property
    def coders(self) -> int:
        """How many coders there are."""
        return int(self.codes.shape[1])


def percent_agreement(ratings: Ratings) -> Coefficient:
    """Return the share of pairs of ratings of a unit that agree, averaged over units."""
    units, observed = _observed(ratings)
    return Coefficient(observed, units) if units else _nothing()


def krippendorff_alpha(ratings: Ratings, level: Level = "nominal") -> Coefficient:
    """Return Krippendorff's alpha.

    Parameters
    ----------
    ratings : Ratings
        Values must be numbers for "interval" and "ratio", and stand in order for "ordinal".
    level : {"nominal", "ordinal", "interval", "ratio"}

    Returns
    -------
    Coefficient
        Not defined when fewer than two units were rated twice, or all ratings are one value:
        agreement beyond chance cannot be seen where nothing varies.
    """
    per_unit = ratings.counts.sum(axis=1)
    paired = per_unit >= 2
    counts, sizes = ratings.counts[paired], per_unit[paired]
    units = _whole(ratings.weights[paired])
    if not units:
        return _nothing()
    weights = ratings.weights[paired] / (sizes - 1)
    coincidences = counts.T @ (counts * weights[:, None])
    coincidences -= np.diag((counts * weights[:, None]).sum(axis=0))
    totals = coincidences.sum(axis=1)
    distances = _distances(ratings.values, totals, level)
    expected = float(totals @ distances @ totals)
    if np.count_nonzero(totals) < 2 or expected == 0:
        return _uniform(units)
    observed = float((coincidences * distances).sum())
    return Coefficient(1 - (totals.sum() - 1) * observed / expected, units)


def _distances(values: Sequence[object], totals: Array, level: Level) -> Array:
    """Return the squared difference between each two values."""
    size = len(values)
    if level == "nominal":
        return 1 - np.eye(size)
    if level == "ordinal":
        middle = np.cumsum(totals) - totals / 2
        return np.asarray((middle[:, None] - middle[None, :]) ** 2)
    numbers = np.asarray([float(str(value)) for value in values])
    difference = numbers[:, None] - numbers[None, :]
    if level == "interval":
        return np.asarray(difference**2)
    sums = numbers[:, None] + numbers[None, :]
    return np.asarray(np.divide(difference, sums, out=np.zeros_like(sums), where=sums != 0) ** 2)


def cohen_kappa(ratings: Ratings) -> Coefficient:
    """Return Cohen's kappa of two coders, over the units that both rated.

    Raises
    ------
    ValueError
        When there are not two coders.
    """
    if ratings.coders != 2:
        raise ValueError("Cohen's kappa compares two coders")
    both = (ratings.codes >= 0).all(axis=1)
    codes, weights = ratings.codes[both], ratings.weights[both]
    if not weights.sum():
        return _nothing()
    width = len(ratings.values)
    shares = [
        np.bincount(column, weights=weights, minlength=width) / weights.sum() for column in codes.T
    ]
    chance = float(shares[0] @ shares[1])
    observed = float(np.average(codes[:, 0] == codes[:, 1], weights=weights))
    return _beyond(observed, chance, _whole(weights))


def fleiss_kappa(ratings: Ratings) -> Coefficient:
    """Return Fleiss' kappa, generalised to missing ratings as by Gwet 2014."""
    units, observed = _observed(ratings)
    return _beyond(observed, float((_shares(ratings) ** 2).sum()), units)


def conger_kappa(ratings: Ratings) -> Coefficient:
    """Return Conger's kappa: Cohen's, for any number of coders and missing ratings."""
    units, observed = _observed(ratings)
    width = len(ratings.values)
    given = []
    for column in ratings.codes.T:
        rated = (column >= 0) & (ratings.weights > 0)
        if rated.any():  # a coder who rated nothing is none
            counts = np.bincount(column[rated], weights=ratings.weights[rated], minlength=width)
            given.append(counts / counts.sum())
    coders = len(given)
    if coders < 2 or not units:
        return _nothing()
    shares = np.asarray(given)
    mean = shares.mean(axis=0)
    spread = shares.var(axis=0, ddof=1)
    return _beyond(observed, float((mean**2).sum() - (spread / coders).sum()), units)


def gwet_ac1(ratings: Ratings) -> Coefficient:
    """Return Gwet's AC1, which does not fall where one value is very common."""
    units, observed = _observed(ratings)
    width = len(ratings.values)
    if width < 2:
        return _uniform(units)
    shares = _shares(ratings)
    return _beyond(observed, float((shares * (1 - shares)).sum() / (width - 1)), units)


def brennan_prediger(ratings: Ratings) -> Coefficient:
    """Return Brennan and Prediger's kappa; with two values it is PABAK."""
    units, observed = _observed(ratings)
    width = len(ratings.values)
    return _beyond(observed, 1 / width, units) if width >= 2 else _uniform(units)


def unitizing_alpha(stretches: pd.DataFrame, length: int, coders: int) -> Coefficient:
    """Return Krippendorff's α for where coders begin and end what they mark, of one code.

    Disagreement grows with the square of how far the ends of overlapping stretches lie apart,
    and of how long a stretch is that another coder left out. By Krippendorff 2004, *Content
    analysis*, 2nd edition, chapter 11, whose worked example the tests reproduce.

    Parameters
    ----------
    stretches : DataFrame
        ``coder`` (from 0), ``start``, ``stop`` (stop not included), on one line of text from 0
        to `length`. What one coder marked twice counts once.
    length : int
        Of the line.
    coders : int
        How many coded it, also those who marked nothing.

    Returns
    -------
    Coefficient
        ``units`` is how many stretches were compared.
    """
    found = unitizing_disagreement(stretches, length, coders)
    if coders < 2 or not length:
        return _nothing()
    units, observed, expected = found
    if not expected > 0:
        return Coefficient(None, units, "nobody marked anything" if not units else
                           "chance alone leaves no disagreement")  # fmt: skip
    return Coefficient(1 - observed / expected, units)


def unitizing_disagreement(
    stretches: pd.DataFrame, length: int, coders: int
) -> tuple[int, float, float]:
    """Return how many stretches there are, and their observed and expected disagreement.

    Those of several codes add up to the disagreement of all together.
    """
    rows = stretches[["coder", "start", "stop"]].to_numpy(np.int64)
    marked = [_joined(rows[rows[:, 0] == coder, 1:]) for coder in range(coders)]
    units = sum(len(spans) for spans in marked)
    if coders < 2 or not length or not units:
        return units, 0.0, 0.0
    observed = 0.0
    for one in marked:
        for other in marked:
            if one is not other and len(one):
                low = np.searchsorted(other[:, 1], one[:, 0], side="right")
                high = np.searchsorted(other[:, 0], one[:, 1], side="left")
                size = (one[:, 1] - one[:, 0]).astype(np.float64)
                # a stretch that the other left out; it counts from both sides
                observed += 2 * float((size[low >= high] ** 2).sum())
                count = np.maximum(high - low, 0)
                left = np.repeat(np.arange(len(one)), count)
                step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
                apart = (one[left] - other[np.repeat(low, count) + step]).astype(np.float64)
                observed += float((apart**2).sum())
    observed /= coders * (coders - 1) * float(length) ** 2
    sizes = np.concatenate([spans[:, 1] - spans[:, 0] for spans in marked]).astype(np.float64)
    gaps = np.sort(np.concatenate([_gaps(spans, length) for spans in marked])).astype(np.float64)
    first = np.searchsorted(gaps, sizes, side="left")
    after = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)[first]
    room = after - (len(gaps) - first) * (sizes - 1)
    among = (units - 1) / 3 * (2 * sizes**3 - 3 * sizes**2 + sizes)
    whole = coders * float(length)
    ways = whole * (whole - 1) - float((sizes * (sizes - 1)).sum())
    expected = 2 / length * float((among + sizes**2 * room).sum()) / ways if ways > 0 else 0.0
    return units, observed, expected


def _joined(spans: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return spans of one coder in order, those that overlap as one; empty ones are none."""
    spans = spans[spans[:, 1] > spans[:, 0]]
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    if not len(spans):
        return spans
    ends = np.maximum.accumulate(spans[:, 1])
    new = np.append(True, spans[1:, 0] >= ends[:-1])
    first = np.flatnonzero(new)
    return np.column_stack([spans[first, 0], ends[np.append(first[1:], len(spans)) - 1]])


def _gaps(spans: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.int64]:
    """Return how long the text is before, between and after spans, where it is not empty."""
    sizes = np.append(spans[:, 0], length) - np.append(0, spans[:, 1])
    return np.asarray(sizes[sizes > 0], dtype=np.int64)


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> Interval | None:
    """Return Wilson's score interval of a share.

    Parameters
    ----------
    successes, trials : int
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Interval or None
        None without trials. Wilson 1927 (10.1080/01621459.1927.10502953).

    Examples
    --------
    >>> interval = wilson_interval(15, 20)
    >>> f"{interval.lower:.4f} to {interval.upper:.4f}"
    '0.5313 to 0.8881'
    """
    from statistics import NormalDist

    if not trials:
        return None
    if not 0 <= successes <= trials:
        raise ValueError("a share has at least 0 and at most all of its trials")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * ((share * (1 - share) + z * z / (4 * trials)) / trials) ** 0.5
    whole = 1 + z * z / trials
    lower = 0.0 if successes == 0 else (centre - spread) / whole
    upper = 1.0 if successes == trials else (centre + spread) / whole
    return Interval(lower, upper)


def _observed(ratings: Ratings) -> tuple[int, float]:
    """Return how many units were rated twice, and their mean share of agreeing pairs."""
    sizes = ratings.counts.sum(axis=1)
    paired = (sizes >= 2) & (ratings.weights > 0)
    counts, sizes, weights = ratings.counts[paired], sizes[paired], ratings.weights[paired]
    if not len(counts):
        return 0, 0.0
    agreeing = (counts * (counts - 1)).sum(axis=1) / (sizes * (sizes - 1))
    return _whole(weights), float(np.average(agreeing, weights=weights))


def _shares(ratings: Ratings) -> Array:
    """Return the share of each value, each rated unit weighing the same."""
    sizes = ratings.counts.sum(axis=1)
    rated = (sizes > 0) & (ratings.weights > 0)
    if not rated.any():
        return np.zeros(len(ratings.values))
    shares = ratings.counts[rated] / sizes[rated, None]
    return np.asarray(np.average(shares, axis=0, weights=ratings.weights[rated]))


def _whole(weights: Array) -> int:
    return round(float(weights.sum()))


def _beyond(observed: float, chance: float, units: int) -> Coefficient:
    if not units:
        return _nothing()
    if np.isclose(chance, 1):
        return _uniform(units)
    return Coefficient((observed - chance) / (1 - chance), units)


def _nothing() -> Coefficient:
    return Coefficient(None, 0, "no unit was rated by two coders")


def _uniform(units: int) -> Coefficient:
    return Coefficient(None, units, "all ratings are one value")
