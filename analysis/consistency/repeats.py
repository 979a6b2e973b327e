"""The same quantity, stated in several places."""

from __future__ import annotations

import numpy as np

from analysis.consistency.conventions import Bounds, bounds
from analysis.consistency.grim import ANY
from analysis.consistency.printed import Numbers

__all__ = ["agree"]


def agree(first: Numbers, second: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Tell whether pairs of printed numbers can be the same quantity.

    Parameters
    ----------
    first, second : Numbers, length k
        They may have different decimals: 36.6 can be 36.57, and 36.5 can, cut off.

    Returns
    -------
    alike, possible : ndarray of bool
        `alike` where they are the same number, or one is the other rounded to the nearest;
        `possible` where some true value prints as both, each under some convention.
    """
    one, other = bounds(first), bounds(second)
    same = (first.decimals == second.decimals) & (first.digits == second.digits)
    meets = [_meet(one, first.decimals, other, second.decimals, row) for row in (0, 1, 2, ANY)]
    is_coarser = first.decimals != second.decimals
    return same | (is_coarser & np.any(meets[:3], axis=0)), same | meets[3]


def _meet(
    one: Bounds, one_decimals: np.ndarray, other: Bounds, other_decimals: np.ndarray, row: int
) -> np.ndarray:
    most = np.maximum(one_decimals, other_decimals)
    # at most 12 digits and 12 decimals: beyond 64 bits only together, so Python's integers
    scale = [
        np.array([10**power for power in (most - decimals).tolist()], dtype=object)
        for decimals in (one_decimals, other_decimals)
    ]
    low, high = one.low[row] * scale[0], one.high[row] * scale[0]
    other_low, other_high = other.low[row] * scale[1], other.high[row] * scale[1]
    begins = (low < other_high) | ((low == other_high) & one.has_low[row] & other.has_high[row])
    ends = (other_low < high) | ((other_low == high) & other.has_low[row] & one.has_high[row])
    return np.asarray(begins & ends, dtype=bool)
