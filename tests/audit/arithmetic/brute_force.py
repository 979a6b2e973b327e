"""What whole numbers can print, found by making every sample: the truth that tests compare with."""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement

MODES = {
    "half-up": decimal.ROUND_HALF_UP,
    "half-even": decimal.ROUND_HALF_EVEN,
    "half-down": decimal.ROUND_HALF_DOWN,
    "truncate": decimal.ROUND_DOWN,
}
DEVIATIONS = ("sample", "population")


def shown(value: Fraction, decimals: int, rounding: str) -> str:
    """Print a fraction; at 80 digits a division is exact or far from every tie."""
    with decimal.localcontext(prec=80):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        text = f"{exact.quantize(Decimal(1).scaleb(-decimals), MODES[rounding]):f}"
    return text.removeprefix("-") if not Decimal(text) else text


def shown_root(value: Fraction, decimals: int, rounding: str) -> str:
    """Print a square root, exact where it is rational."""
    with decimal.localcontext(prec=80):
        root = Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())
        near = root.limit_denominator(10**9)
    return shown(near if near * near == value else root, decimals, rounding)


def variance(sample: tuple[int, ...], deviation: str) -> Fraction | None:
    n = len(sample)
    divisor = n - 1 if deviation == "sample" else n
    if not divisor:
        return None
    spread = n * sum(number * number for number in sample) - sum(sample) ** 2
    return Fraction(spread, n * divisor)


def samples(n: int, low: int, high: int) -> Iterator[tuple[int, ...]]:
    return combinations_with_replacement(range(low, high + 1), n)


@cache
def printed_pairs(
    n: int, low: int, high: int, decimals: int, items: int = 1
) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """Return every (mean, SD) that some sample prints, by SD and rounding."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {
        (deviation, rounding): set() for deviation in DEVIATIONS for rounding in MODES
    }
    seen = {(sum(s), sum(x * x for x in s)): s for s in samples(n, low, high)}
    for sample in seen.values():
        mean = Fraction(sum(sample), n * items)
        for (deviation, rounding), pairs in found.items():
            spread = variance(sample, deviation)
            if spread is not None:
                sd = shown_root(spread / items**2, decimals, rounding)
                pairs.add((shown(mean, decimals, rounding), sd))
    return {convention: frozenset(pairs) for convention, pairs in found.items()}
