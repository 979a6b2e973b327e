"""How a publication may have computed an SD and rounded a number.

A printed number stands for an interval of true values. Which one depends on the
rounding; which end belongs to it decides whether a tie may have gone that way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analysis.consistency.printed import Numbers

__all__ = [
    "ANY_ROUNDING",
    "CONVENTIONS",
    "DEVIATIONS",
    "ROUNDINGS",
    "Bounds",
    "Convention",
    "bounds",
    "rounding_words",
]

# "half-even" and "half-up" are what software does; "half-down" is a tie that went the other
# way, as binary floats let it: 2.675 is stored as a little less
ROUNDINGS = ("half-up", "half-even", "half-down", "truncate")
DEVIATIONS = ("sample", "population")
# no rounding of its own: a mean and an SD that may each be rounded in any way
ANY_ROUNDING = "any"
WORDS = {
    "half-up": "rounded half up",
    "half-even": "rounded half to even",
    "half-down": "rounded half down",
    "truncate": "cut off (truncated)",
    ANY_ROUNDING: "rounded in any way",
}


@dataclass(frozen=True, slots=True)
class Convention:
    """A standard deviation and a rounding.

    Attributes
    ----------
    deviation : {"sample", "population"}
        Sum of squared deviations divided by n − 1, or by n.
    rounding : {"half-up", "half-even", "half-down", "truncate"}
    """

    deviation: str
    rounding: str

    def __str__(self) -> str:
        return f"{self.deviation} SD, {WORDS[self.rounding]}"


# the order is that of preference: of several that fit a table, the first is named first
CONVENTIONS = (
    *(Convention(deviation, r) for deviation in DEVIATIONS for r in ROUNDINGS[:3]),
    *(Convention(deviation, "truncate") for deviation in DEVIATIONS),
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Intervals of true values, one row a rounding and one column a number.

    The rows are `ROUNDINGS`, then their union: what any rounding allows.

    Attributes
    ----------
    low, high : ndarray of int, shape (5, numbers)
        In halves of the last printed decimal: 5.19 cut off allows 1038 to 1040.
    has_low, has_high : ndarray of bool, shape (5, numbers)
        Whether the end itself belongs to the interval.
    """

    low: np.ndarray
    high: np.ndarray
    has_low: np.ndarray
    has_high: np.ndarray


def bounds(numbers: Numbers) -> Bounds:
    """Return the true values that printed numbers allow under each rounding.

    Parameters
    ----------
    numbers : Numbers
        Their relation (``<0.1``) is left aside.

    Notes
    -----
    Half up and half down are away from zero and towards it, as in the decimal arithmetic
    standard; truncation is towards zero. For −2 they mirror what they do for 2.
    """
    twice = 2 * numbers.digits
    sign = np.sign(numbers.digits)
    is_even = numbers.digits % 2 == 0
    is_positive, is_negative, is_zero = sign > 0, sign < 0, sign == 0
    cut_low = twice - np.where(is_positive, 0, 2)
    cut_high = twice + np.where(is_negative, 0, 2)
    union_low = twice - np.where(is_positive, 1, 2)
    union_high = twice + np.where(is_negative, 1, 2)
    return Bounds(
        low=np.stack([twice - 1] * 3 + [cut_low, union_low]),
        high=np.stack([twice + 1] * 3 + [cut_high, union_high]),
        has_low=np.stack(
            [is_positive, is_even, is_negative | is_zero, is_positive, is_positive]
        ).astype(bool),
        has_high=np.stack(
            [is_negative, is_even, is_positive | is_zero, is_negative, is_negative]
        ).astype(bool),
    )


def rounding_words(rounding: str) -> str:
    """Return a rounding as people say it: ``cut off (truncated)``."""
    return WORDS[rounding]
