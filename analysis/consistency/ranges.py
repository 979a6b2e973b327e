"""What the ends of a scale allow, for data of any kind.

A mean lies between the ends, and the variance of a population with mean m on a scale from
a to b is at most (b − m)(m − a) (Bhatia & Davis 2000, 10.2307/2589180).
A printed mean or SD may be off by one in its last decimal here, and so may the ends of
continuous data, which were observed and rounded; so no rounding leads to an accusation.
"""

from __future__ import annotations

import numpy as np

from analysis.consistency.form import Form

__all__ = ["is_outside", "largest_deviation"]

SLACK = 1e-9


def is_outside(form: Form) -> np.ndarray:
    """Whether each mean lies outside its scale under every rounding; binary data are 0 or 1."""
    low, high = _ends(form)
    mean, unit = _values(form.mean.digits, form.mean.decimals)
    return np.asarray(form.mean.is_value & ((mean + unit < low) | (mean - unit > high)))


def largest_deviation(form: Form, has_mean: np.ndarray) -> np.ndarray:
    """Return the largest SD that mean, n and scale allow; infinite where something lacks.

    The sample SD, which is the larger; of two answers where n is not known.

    Parameters
    ----------
    form : Form
    has_mean : ndarray of bool
        Which rows have a mean to go by; an SD is not blamed for one that cannot be.
    """
    low, high = _ends(form)
    mean, unit = _values(form.mean.digits, form.mean.decimals)
    with np.errstate(invalid="ignore"):
        middle = (low + high) / 2
    least, most = mean - unit, mean + unit
    nearest = np.where(has_mean, np.clip(middle, least, most), middle)
    with np.errstate(invalid="ignore"):
        variance = np.maximum((high - nearest) * (nearest - low), 0.0)
    n = np.where(form.n.is_value & (form.n.digits > 1), form.n.digits, 2)
    largest = np.sqrt(variance * n / (n - 1)) * (1 + SLACK)
    return np.where(np.isfinite(high - low), largest, np.inf)


def _ends(form: Form) -> tuple[np.ndarray, np.ndarray]:
    low, low_unit = _values(form.low.digits, form.low.decimals)
    high, high_unit = _values(form.high.digits, form.high.decimals)
    spare = np.where(form.is_continuous, 1.0, 0.0)
    low = np.where(form.low.is_value, low - spare * low_unit, -np.inf)
    high = np.where(form.high.is_value, high + spare * high_unit, np.inf)
    return np.where(form.is_binary, 0.0, low), np.where(form.is_binary, 1.0, high)


def _values(digits: np.ndarray, decimals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    unit = 10.0**-decimals
    return digits * unit, unit * (1 + SLACK)
