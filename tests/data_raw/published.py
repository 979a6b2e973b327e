"""Published values as text, and numbers printed as the article prints them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt
from pathlib import Path

import pandas as pd


def read_text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")


def cut(value: Fraction, decimals: int) -> str:
    """Print a number with its further decimals cut off, in whole numbers only."""
    unit = 10**decimals
    whole, rest = divmod(int(value * unit), unit)
    return f"{whole}.{rest:0{decimals}d}"


def cut_root(value: Fraction, decimals: int) -> str:
    """Print the square root of a number in the same way."""
    scaled = value * 100**decimals
    return cut(Fraction(isqrt(int(scaled)), 10**decimals), decimals)


def mean_and_sd(ages: Iterable[int]) -> str:
    ages = list(ages)
    mean = Fraction(sum(ages), len(ages))
    variance = sum((age - mean) ** 2 for age in ages) / (len(ages) - 1)
    return f"{cut(mean, 2)} ± {cut_root(variance, 2)}"


def count_and_share(n: int, whole: int) -> str:
    share = cut(Fraction(100 * n, whole), 1).removesuffix(".0")
    return f"{n} ({share})"
