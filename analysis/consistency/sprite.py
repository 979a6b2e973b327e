"""SPRITE: rebuild a sample of whole numbers from its mean, SD, n and range.

Heathers, J. A. J., Anaya, J., van der Zee, T., & Brown, N. J. L. (2018). Recovering data
from summary statistics: Sample Parameter Reconstruction via Iterative TEchniques (SPRITE).
PeerJ Preprints 6:e26968v1. https://doi.org/10.7287/peerj.preprints.26968v1.

The published method shifts pairs of numbers until mean and SD fit, and cannot prove that
nothing fits. Here the totals and sums of squares that the printed values allow are listed,
and for each the samples are searched number by number; what cannot lead to a sample any
more is left at once. The search ends with a sample, or with the proof that there is none.
Checked against enumerated samples.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from analysis.consistency.conventions import (
    ANY_ROUNDING,
    CONVENTIONS,
    ROUNDINGS,
    Convention,
    bounds,
)
from analysis.consistency.integers import first_integer, last_integer
from analysis.consistency.printed import read_numbers
from analysis.consistency.sample_search import Budget, find_sample, shuffled

__all__ = ["Sprite", "sprite"]

MOST_STEPS = 500_000


@dataclass(frozen=True, slots=True)
class Sprite:
    """What a search for a sample found.

    Attributes
    ----------
    sample : tuple of Fraction or None
        A sample in ascending order, whole numbers unless each answer has several items.
    convention : Convention or None
        The first of those asked for under which the sample prints as published.
    is_settled : bool
        Whether the search came to its end: with a sample, or with none left to try.
    steps : int
        How many sums of squares and partial samples were looked at.
    """

    sample: tuple[Fraction, ...] | None
    convention: Convention | None
    is_settled: bool
    steps: int

    @property
    def is_impossible(self) -> bool:
        """Whether it is proved that no sample exists under the conventions asked for."""
        return self.is_settled and self.sample is None

    @property
    def sentence(self) -> str:
        """What was found, as a sentence."""
        if self.sample is not None:
            numbers = ", ".join(str(float(x)) if x % 1 else str(x) for x in self.sample)
            return f"A sample that prints so ({self.convention}): {numbers}."
        if self.is_settled and not self.steps:
            return "There is no such sample: no whole total and sum of squares print so."
        if self.is_settled:
            return (
                f"There is no such sample: {self.steps} partial samples were tried, and all fail."
            )
        return f"Not settled within {self.steps} steps; give a narrower range or more steps."


def sprite(
    mean: str,
    sd: str,
    n: int,
    low: float | Fraction | None = None,
    high: float | Fraction | None = None,
    *,
    items: int = 1,
    conventions: tuple[Convention, ...] = CONVENTIONS,
    seed: int | None = None,
    most_steps: int = MOST_STEPS,
) -> Sprite:
    """Find whole numbers that print as a published mean and SD, or prove that there are none.

    Parameters
    ----------
    mean, sd : str
        As printed; their trailing zeros count.
    n : int
        Size of the sample, at least 1.
    low, high : int, float or Fraction, optional
        Least and largest answer that may occur; without them as far as the SD reaches.
    items : int
        Whole-number items that each answer is the mean of.
    conventions : tuple of Convention
        Tried in this order; the first with a sample is taken.
    seed : int, optional
        Moves the sample that was found on to another, for most seeds a different one.
    most_steps : int
        Where to stop a search that does not end.

    Returns
    -------
    Sprite

    Raises
    ------
    ValueError
        When `mean` or `sd` is no number, or `n` or `items` is below 1.

    Examples
    --------
    >>> found = sprite("2.50", "1.29", 4, 1, 4)
    >>> [int(number) for number in found.sample]
    [1, 2, 3, 4]
    >>> sprite("2.50", "3.00", 4, 1, 4).is_impossible
    True
    """
    if n < 1 or items < 1 or not read_numbers([mean, sd]).is_value.all():
        raise ValueError(f"mean {mean!r}, SD {sd!r}, n {n}, items {items}: expected numbers ≥ 1")
    ends = (
        None if low is None else ceil(low * items),
        None if high is None else floor(high * items),
    )
    budget = Budget(most_steps)
    for convention in conventions:
        for total, squares in _targets(mean, sd, n, items, convention):
            if not budget.take():
                return Sprite(None, None, False, budget.used)
            reach = _reach(n, total, squares, *ends)
            sample = find_sample(n, total, squares, *reach, budget)
            if sample is not None:
                if seed is not None:
                    sample = shuffled(sample, *reach, random.Random(seed))
                numbers = tuple(Fraction(number, items) for number in sorted(sample))
                return Sprite(numbers, convention, True, budget.used)
    return Sprite(None, None, not budget.is_spent, budget.used)


def _reach(n: int, total: int, squares: int, low: int | None, high: int | None) -> tuple[int, int]:
    """Return the least and largest number of a sample: given, or as far as its SD reaches."""
    # no number is farther from the mean than √((n−1)·(q − t²/n)), rounded outwards
    spread = int(np.ceil(np.sqrt(float(max(n - 1, 0) * max(n * squares - total * total, 0)) / n)))
    least = total // n - spread - 1 if low is None else low
    most = -(-total // n) + spread + 1 if high is None else high
    return least, most


def _targets(
    mean: str, sd: str, n: int, items: int, convention: Convention
) -> Iterator[tuple[int, int]]:
    """Give the totals and sums of squares that print as published, in exact arithmetic."""
    numbers = read_numbers([mean, sd])
    if numbers.digits[1] < 0:
        return
    limits = bounds(numbers)
    row = (*ROUNDINGS, ANY_ROUNDING).index(convention.rounding)

    def whole(numerator: int, denominator: int, has_end: bool, is_first: bool) -> int:
        round_to = first_integer if is_first else last_integer
        columns = (np.array([value], dtype=object) for value in (numerator, denominator, has_end))
        return int(round_to(*columns)[0])

    low, high = (int(end[row, 0]) for end in (limits.low, limits.high))
    unit = 2 * 10 ** int(numbers.decimals[0])
    first = whole(low * n * items, unit, bool(limits.has_low[row, 0]), True)
    last = whole(high * n * items, unit, bool(limits.has_high[row, 0]), False)
    divisor = n - 1 if convention.deviation == "sample" else n
    if divisor == 0:
        return
    spread = max(int(limits.low[row, 1]), 0), int(limits.high[row, 1])
    is_closed = (
        bool(limits.has_low[row, 1]) or limits.low[row, 1] < 0,
        bool(limits.has_high[row, 1]),
    )
    square_unit = 4 * 100 ** int(numbers.decimals[1])
    for total in range(first, last + 1):
        # q = t²/n + (n − 1) · SD², all over one denominator
        ends = [
            total * total * square_unit + divisor * n * items * items * end * end for end in spread
        ]
        least = whole(ends[0], n * square_unit, is_closed[0], True)
        most = whole(ends[1], n * square_unit, is_closed[1], False)
        for squares in range(least + (least - total) % 2, most + 1, 2):
            yield total, squares
