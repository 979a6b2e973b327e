"""Draws that give the same results on every machine and version of Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Chance"]

T = TypeVar("T")


class Chance:
    """Draws from one seed.

    Only ``random.Random.random`` is promised to give the same sequence in every version of
    Python, so that all draws are made of it and of plain arithmetic.

    Parameters
    ----------
    seed : int
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def hits(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self._random() < probability

    def number(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """Return a number from `low` up to `high`."""
        return low + self._random() * (high - low)

    def pick(self, items: Sequence[T]) -> T:
        """Return one item, all alike."""
        return items[int(self._random() * len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """Return one item, drawn by weight."""
        point = self._random() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            point -= weight
            if point < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in another order."""
        rest = list(items)
        return [rest.pop(int(self._random() * len(rest))) for _ in range(len(rest))]
