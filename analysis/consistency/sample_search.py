"""Search for whole numbers with a given total and sum of squares within limits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isqrt

__all__ = ["Budget", "find_sample", "shuffled"]

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
