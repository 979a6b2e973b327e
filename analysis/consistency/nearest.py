"""The standard deviations that could have been printed instead of one that cannot be."""

from __future__ import annotations

import numpy as np

from analysis.consistency.conventions import bounds
from analysis.consistency.deviations import Scale
from analysis.consistency.grim import ANY, Sums
from analysis.consistency.printed import Numbers

__all__ = ["nearest_deviations"]

# below five numbers not every sum of squares of the right parity occurs
FROM_N = 5
MOST_TOTALS = 4


def nearest_deviations(sums: Sums, sd: Numbers, scale: Scale) -> np.ndarray:
    """Return the SDs next to printed ones that no sample has.

    Parameters
    ----------
    sums : Sums
        The totals that the means allow.
    sd : Numbers, length k
    scale : Scale, length k

    Returns
    -------
    ndarray of float, shape (4, k)
        The sample SDs below and above, then the population SDs; not a number where there is
        none, or where the sample is too small or the mean too coarse to name it.
    """
    n = scale.n.astype(np.float64)
    limits = bounds(sd)
    unit = 10.0**-sd.decimals / 2
    middle = (limits.low[ANY] + limits.high[ANY]) * unit / 2 * scale.items
    result = np.full((4, len(n)), np.nan)
    first, last = sums.first[ANY], sums.last[ANY]
    is_named = (first <= last) & (last - first < MOST_TOTALS) & (scale.n >= FROM_N)
    is_limited = np.isfinite(scale.low) & np.isfinite(scale.high)
    low = np.where(is_limited, scale.low, 0.0)
    span = np.where(is_limited, np.maximum(scale.high - low, 1.0), 1.0)
    for step in range(MOST_TOTALS):
        total = (first + step).astype(np.float64)
        total = np.where(is_limited, total - n * low, np.mod(total, n))
        part, rest = np.floor_divide(total, n), np.mod(total, n)
        least = n * part * part + rest * (2 * part + 1)
        full, over = np.floor_divide(total, span), np.mod(total, span)
        most = np.where(is_limited, full * span * span + over * over, np.inf)
        is_tried = is_named & (first + step <= last)
        for kind, factor in enumerate((n * (n - 1), n * n)):
            target = (middle * middle * factor + total * total) / n
            below = least + 2 * np.floor((target - least) / 2)
            below = np.minimum(below, most)
            above = np.maximum(least, below + 2)
            for side, squares in enumerate((below, above)):
                is_there = is_tried & (squares >= least) & (squares <= most)
                with np.errstate(invalid="ignore", divide="ignore"):
                    value = np.sqrt((n * squares - total * total) / factor) / scale.items
                at = 2 * kind + side
                better = np.fmin if side else np.fmax
                result[at] = np.where(is_there, better(result[at], value), result[at])
    return result
