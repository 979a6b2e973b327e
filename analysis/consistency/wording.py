"""Numbers and conventions inside sentences."""

from __future__ import annotations

from functools import cache

import numpy as np

from analysis.consistency.conventions import CONVENTIONS
from analysis.consistency.joint import convention_words

__all__ = ["fraction_text", "packed", "unpacked_words"]

EVERY = (1 << len(CONVENTIONS)) - 1


def fraction_text(numerator: int, denominator: int, decimals: int) -> str:
    """Return a fraction cut off after some decimals, with … where it goes on.

    Examples
    --------
    >>> fraction_text(300, 7, 3)
    '42.857…'
    >>> fraction_text(100, 4, 2)
    '25'
    """
    unit = 10**decimals
    digits, rest = divmod(abs(numerator) * unit, denominator)
    whole, part = divmod(digits, unit)
    sign = "−" if numerator < 0 else ""
    text = f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"
    if rest:
        return f"{text}…"
    return text.rstrip("0").rstrip(".") if decimals else text


def packed(fits: np.ndarray) -> list[int]:
    """Return which conventions fit each value as one number, from an array (8, k)."""
    weights = 1 << np.arange(len(fits))
    result: list[int] = (weights @ fits.astype(np.int64)).tolist()
    return result


@cache
def unpacked_words(bits: int, with_sd: bool) -> str:
    """Name the conventions of a number from :func:`packed`; nothing where all fit."""
    if bits == EVERY:
        return ""
    if not bits:
        return "a mixture of conventions"
    fitting = [pair for at, pair in enumerate(CONVENTIONS) if bits >> at & 1]
    return convention_words(fitting, with_sd=with_sd)
