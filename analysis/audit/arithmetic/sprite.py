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
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, isqrt

import numpy as np

from analysis.audit.arithmetic.conventions import (
    ANY_ROUNDING,
    CONVENTIONS,
    ROUNDINGS,
    Convention,
    bounds,
)
from analysis.audit.arithmetic.printed import read_numbers

__all__ = ["Budget", "Sprite", "find_sample", "sprite"]

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
    low, high = (int(end[row, 0]) for end in (limits.low, limits.high))
    unit = 2 * 10 ** int(numbers.decimals[0])
    first = _first(low * n * items, unit, bool(limits.has_low[row, 0]))
    last = _last(high * n * items, unit, bool(limits.has_high[row, 0]))
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
        least = _first(ends[0], n * square_unit, is_closed[0])
        most = _last(ends[1], n * square_unit, is_closed[1])
        for squares in range(least + (least - total) % 2, most + 1, 2):
            yield total, squares


def _first(numerator: int, denominator: int, has_end: bool) -> int:
    """Return the least whole number not below a fraction, or above it where the end is open."""
    return (numerator + denominator - has_end) // denominator


def _last(numerator: int, denominator: int, has_end: bool) -> int:
    """Return the largest whole number not above a fraction, or below it where it is open."""
    return (numerator - 1 + has_end) // denominator


MOVED = 4
STEP = 4
MOVES = 200


@dataclass(slots=True)
class Budget:
    """How many partial samples may be looked at, and how many were."""

    limit: int
    used: int = 0
    is_spent: bool = False
    # partial samples that lead nowhere: how many numbers, total, squares, and the limits
    dead: set[tuple[int, int, int, int, int]] = field(default_factory=set)

    def take(self) -> bool:
        """Use one step; False when none is left."""
        if self.used >= self.limit:
            self.is_spent = True
            return False
        self.used += 1
        return True


def find_sample(
    n: int,
    total: int,
    squares: int,
    low: int,
    high: int,
    budget: Budget,
) -> list[int] | None:
    """Return whole numbers with this total and sum of squares, or None.

    Parameters
    ----------
    n, total, squares : int
    low, high : int
        Least and largest number that may occur.
    budget : Budget
        When it is spent, None is no proof.

    Notes
    -----
    Numbers are chosen from the largest down. A partial sample is left when the rest would
    need a sum of squares below that of even numbers, or above that of numbers at both ends,
    or of the other parity; one that failed is not tried again.
    """
    chosen: list[int] = []
    if not _may_exist(n, total, squares, low, high):
        return None
    levels = [_candidates(n, total, squares, low, high)]
    states = [(n, total, squares, low, high)]
    while levels:
        state = states[-1]
        rest, sum_left, squares_left, least, _ = state
        if rest == 0:
            return chosen
        number = next(levels[-1], None)
        if number is None:
            budget.dead.add(state)
            levels.pop()
            states.pop()
            if chosen:
                chosen.pop()
            continue
        if not budget.take():
            return None
        below = (rest - 1, sum_left - number, squares_left - number * number, least, number)
        if below in budget.dead or not _may_exist(*below):
            continue
        chosen.append(number)
        states.append(below)
        levels.append(_candidates(*below))
    return None


def _may_exist(n: int, total: int, squares: int, low: int, high: int) -> bool:
    if n == 0:
        return total == 0 and squares == 0
    if not n * low <= total <= n * high or (squares - total) % 2:
        return False
    part, rest = divmod(total, n)
    if squares < n * part * part + rest * (2 * part + 1):
        return False
    span = high - low
    if span == 0:
        return squares == n * low * low
    full, over = divmod(total - n * low, span)
    # from the lower end: (x − low)² summed, and brought back to x²
    most = full * span * span + over * over + 2 * low * (total - n * low) + n * low * low
    if squares > most:
        return False
    if n == 2:
        twice = 2 * squares - total * total
        root = isqrt(twice)
        return root * root == twice
    return True


def _candidates(n: int, total: int, squares: int, low: int, high: int) -> Iterator[int]:
    """Give what the largest number can be: not below the mean, nor farther than the SD lets."""
    if n == 0:
        return iter(())
    mean_up = -(-total // n)
    differences = n * squares - total * total
    spread = isqrt((n - 1) * differences // 1) // n + 1 if n > 1 else 0
    most = min(high, total // n + spread + 1)
    return iter(range(most, max(low, mean_up) - 1, -1))


def shuffled(sample: list[int], low: int, high: int, chance: random.Random) -> list[int]:
    """Return another sample with the same total, sum of squares and limits.

    Four numbers at a time give way to four others: two of them move a little, and the other
    two follow if whole numbers can.
    """
    numbers = list(sample)
    if len(numbers) < MOVED:
        return numbers
    for _ in range(MOVES * len(numbers)):
        places = chance.sample(range(len(numbers)), MOVED)
        old = [numbers[at] for at in places]
        new = [old[0] + chance.randint(-STEP, STEP), old[1] + chance.randint(-STEP, STEP)]
        total = sum(old) - sum(new)
        twice = 2 * (sum(x * x for x in old) - sum(x * x for x in new)) - total * total
        if twice < 0 or (root := isqrt(twice)) ** 2 != twice:
            continue
        new += [(total - root) // 2, (total + root) // 2]
        if low <= min(new) and max(new) <= high:
            for at, number in zip(places, new, strict=True):
                numbers[at] = number
    return numbers
