"""Numbers as they are printed: rounded by a named convention, from exact values.

Binary floats round 2.675 to 2.67 whatever the convention. Here every value is taken
as the decimal or the fraction that its author meant, and rounded once.
"""

from __future__ import annotations

import decimal
import math
import numbers
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from analysis.settings import Rounding

__all__ = [
    "MINUS",
    "MISSING",
    "ROUNDED",
    "format_number",
    "format_numbers",
    "mean_sd",
    "n_percent",
    "percent",
    "range_text",
    "round_exact",
]

# a float is one, and so is a whole number
Number = float | Decimal | Fraction | str
MISSING = "–"
MINUS = "−"
# the digits of a double beyond these are noise of the arithmetic before: 0.575 * 100
NOISE_FREE_DIGITS = 14
# how the text and the notes name the conventions
ROUNDED: dict[str, str] = {
    "half-up": "rounded",
    "half-even": "rounded, ties to the even digit",
    "truncate": "cut, not rounded, after the last printed digit",
}
MODES = {
    "half-up": decimal.ROUND_HALF_UP,
    "half-even": decimal.ROUND_HALF_EVEN,
    "truncate": decimal.ROUND_DOWN,
}


def _exact(value: Number) -> Fraction:
    """Return a number as the exact fraction that its author meant.

    A float stands for its shortest decimal, at most 14 significant digits of it.

    Raises
    ------
    ValueError
        When the value is not a finite number.
    """
    if isinstance(value, str):
        value = Decimal(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not a finite number")
        return Fraction(value)
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a finite number")
    if number.is_integer():
        return Fraction(int(number))
    with decimal.localcontext(prec=NOISE_FREE_DIGITS):
        return Fraction(+Decimal(repr(number)))


def round_exact(value: Number, decimals: int = 0, rounding: Rounding = "half-up") -> Decimal:
    """Round a number once, by a named convention.

    Parameters
    ----------
    value : int, float, str, Decimal or Fraction
        A float stands for its shortest decimal, at most 14 significant digits of it.
    decimals : int
        Digits after the point, 0 or more.
    rounding : {"half-up", "half-even", "truncate"}
        Ties away from zero, ties to the even digit, or the further digits dropped.

    Returns
    -------
    Decimal
        With exactly `decimals` digits after the point.

    Raises
    ------
    ValueError
        When the value is not a finite number, or the convention is unknown.

    Examples
    --------
    >>> round_exact(Fraction(300, 7), 1, "truncate")
    Decimal('42.8')
    >>> round_exact(2.675, 2)
    Decimal('2.68')
    """
    if rounding not in MODES:
        raise ValueError(f'rounding "{rounding}" is none of {", ".join(MODES)}')
    if decimals < 0:
        raise ValueError(f"{decimals} decimals: expected 0 or more")
    scaled = _exact(value) * 10**decimals
    whole, rest = divmod(abs(scaled), 1)
    if rounding == "half-up":
        whole += rest >= Fraction(1, 2)
    elif rounding == "half-even":
        whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(scaled < 0 and whole != 0), digits, -decimals))


def format_number(
    value: Number | None,
    decimals: int = 0,
    rounding: Rounding = "half-up",
    *,
    trailing_zeros: bool = True,
) -> str:
    """Print a number: rounded once, thousands with commas, a real minus sign.

    Parameters
    ----------
    value, decimals, rounding
        As in :func:`round_exact`. A missing value (None, NaN, NA) prints as a dash.
    trailing_zeros : bool
        Whether zeros at the end of the decimals stay.

    Examples
    --------
    >>> format_number(1704)
    '1,704'
    >>> format_number(25, 1, trailing_zeros=False)
    '25'
    """
    if not _is_known(value):
        return MISSING
    text = f"{round_exact(value, decimals, rounding):,f}"
    if not trailing_zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def format_numbers(
    values: Iterable[Number | None],
    decimals: int = 0,
    rounding: Rounding = "half-up",
    *,
    trailing_zeros: bool = True,
) -> list[str]:
    """Print many numbers, each as :func:`format_number` does."""
    return [
        format_number(value, decimals, rounding, trailing_zeros=trailing_zeros) for value in values
    ]


def percent(
    n: int,
    whole: int,
    decimals: int = 1,
    rounding: Rounding = "half-up",
    *,
    trailing_zeros: bool = True,
) -> str:
    """Print `n` in percent of `whole`, without the sign; a dash when `whole` is 0.

    Examples
    --------
    >>> percent(3, 7, rounding="truncate")
    '42.8'
    """
    share = Fraction(int(n) * 100, int(whole)) if whole else None
    return format_number(share, decimals, rounding, trailing_zeros=trailing_zeros)


def n_percent(
    n: int,
    whole: int,
    decimals: int = 1,
    rounding: Rounding = "half-up",
    *,
    trailing_zeros: bool = True,
) -> str:
    """Print a count with its percentage.

    Parameters
    ----------
    n, whole : int
        The count, and what it is a part of.
    decimals, rounding
        Of the percentage, as in :func:`round_exact`.
    trailing_zeros : bool
        Whether a whole percentage keeps its zeros: ``5 (100.0)`` or ``5 (100)``.

    Examples
    --------
    >>> n_percent(4, 7)
    '4 (57.1)'
    >>> n_percent(4, 16, trailing_zeros=False)
    '4 (25)'
    """
    share = percent(n, whole, decimals, rounding, trailing_zeros=trailing_zeros)
    return f"{format_number(int(n))} ({share})"


def mean_sd(
    mean: Number | None, sd: Number | None, decimals: int = 2, rounding: Rounding = "half-up"
) -> str:
    """Print a mean with its standard deviation; a missing deviation is left out.

    Examples
    --------
    >>> mean_sd(36.571428571428573, 12.39, 2)
    '36.57 ± 12.39'
    """
    if not _is_known(mean):
        return MISSING
    text = format_number(mean, decimals, rounding)
    if not _is_known(sd):
        return text
    return f"{text} ± {format_number(sd, decimals, rounding)}"


def range_text(
    low: Number | None,
    high: Number | None,
    decimals: int = 0,
    rounding: Rounding = "half-up",
    *,
    trailing_zeros: bool = True,
) -> str:
    """Print a range with an en dash, or one number where both ends print alike.

    Examples
    --------
    >>> range_text(15, 60)
    '15–60'
    """
    if not (_is_known(low) and _is_known(high)):
        return MISSING
    first, last = format_numbers([low, high], decimals, rounding, trailing_zeros=trailing_zeros)
    if first == last:
        return first
    return f"{first} to {last}" if MINUS in first + last else f"{first}–{last}"


def _is_known(value: object) -> TypeGuard[Number]:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return False
    return not (isinstance(value, float) and math.isnan(value))
