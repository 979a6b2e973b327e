"""Whole numbers without rounding errors, in columns.

Products of digits, squares and sample sizes can pass 64 bits. They are computed in
64 bits where they fit, and with Python's unlimited integers where they do not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["SAFE", "by_size", "first_integer", "last_integer", "roots"]

# products stay clear of 2**63 even after a few additions
SAFE = 2.0**61


def first_integer(
    numerator: np.ndarray, denominator: np.ndarray, has_end: np.ndarray
) -> np.ndarray:
    """Return the least whole number not below a fraction, or above it where the end is open."""
    above = numerator + denominator - has_end.astype(numerator.dtype)
    return np.asarray(above // denominator)


def last_integer(numerator: np.ndarray, denominator: np.ndarray, has_end: np.ndarray) -> np.ndarray:
    """Return the largest whole number not above a fraction, or below it where the end is open."""
    return np.asarray((numerator - 1 + has_end.astype(numerator.dtype)) // denominator)


def roots(values: np.ndarray) -> np.ndarray:
    """Return the whole part of the square root of each number; 0 for negative ones."""
    values = np.maximum(values, 0)
    if values.dtype == object:
        from math import isqrt

        return np.array([isqrt(int(value)) for value in values], dtype=object)
    root = np.sqrt(values.astype(np.float64)).astype(np.int64)
    # the square root of a float is off by at most one here
    root -= root * root > values
    root += (root + 1) * (root + 1) <= values
    return root


def _narrow(values: np.ndarray) -> np.ndarray:
    """Return whole numbers in 64 bits where all of them fit."""
    if values.dtype == object and all(abs(int(value)) < SAFE for value in values.flat):
        return values.astype(np.int64)
    return values


def by_size(
    compute: Callable[..., tuple[np.ndarray, ...]], size: np.ndarray, *columns: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Compute in 64 bits where the results fit, else with unlimited integers.

    Parameters
    ----------
    compute : callable
        Takes the columns, gives arrays whose last axis is theirs.
    size : ndarray of float
        An upper bound, one a row, of every number that `compute` meets.
    *columns : ndarray
        Whole numbers and truth values, their last axis the rows.
    """
    is_large = ~(size < SAFE)
    if not is_large.any():
        return compute(*columns)
    large = compute(
        *(
            part.astype(object) if part.dtype != bool else part
            for part in (column[..., is_large] for column in columns)
        )
    )
    small = compute(*(column[..., ~is_large] for column in columns))
    whole = []
    for few, many in zip(large, small, strict=True):
        shape = (*few.shape[:-1], len(size))
        dtype = bool if many.dtype == bool and few.dtype == bool else object
        result = np.empty(shape, dtype=dtype)
        result[..., is_large] = few
        result[..., ~is_large] = many
        whole.append(_narrow(result))
    return tuple(whole)
