"""The reported values of a form that arithmetic can test, and how they fare.

Each check holds the rows that it could test and, for each of them, the conventions under
which the value can be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.consistency.conventions import CONVENTIONS
from analysis.consistency.deviations import Scale, possible_deviations
from analysis.consistency.form import Form
from analysis.consistency.grim import Sums
from analysis.consistency.joint import each_convention
from analysis.consistency.percent import percent_counts

__all__ = ["Check", "check_deviations", "check_means", "check_percents", "scale_of"]


@dataclass(frozen=True, slots=True)
class Check:
    """Values of one kind, tested.

    Attributes
    ----------
    rows : ndarray of int, shape (k,)
        Positions in the form.
    fits : ndarray of bool, shape (9, k)
        One row a convention, the last for any, also a mixture of them.
    sums : Sums, shape (5, k)
        For percentages the counts, for means the totals that they allow.
    scale : Scale
        Of the same rows; of percentages one without limits.
    """

    rows: np.ndarray
    fits: np.ndarray
    sums: Sums
    scale: Scale

    @property
    def by_convention(self) -> np.ndarray:
        """The fits without the last row, shape (8, k)."""
        fits: np.ndarray = self.fits[: len(CONVENTIONS)]
        return fits

    def under(self, choice: np.ndarray) -> np.ndarray:
        """Return whether each value fits under one convention of its own."""
        fits: np.ndarray = self.fits[choice, np.arange(len(self.rows))]
        return fits

    @property
    def is_possible(self) -> np.ndarray:
        """Whether any convention allows the value."""
        fits: np.ndarray = self.fits[len(CONVENTIONS)]
        return fits


def check_percents(form: Form) -> tuple[Check, np.ndarray]:
    """Test percentages whose whole is known, against their count where there is one.

    Returns
    -------
    check : Check
    whole : ndarray of int
        What each is a percentage of: the whole, else n.
    """
    of = np.where(form.whole.is_value, form.whole.digits, form.n.digits)
    is_known = (form.whole.is_value | (form.n.is_value & ~form.whole.known)) & (of > 0)
    rows = np.flatnonzero(form.percent.known & is_known)
    sums = percent_counts(form.percent.take(rows), of[rows])
    count, has_count = form.count.digits[rows], form.count.is_value[rows]
    fits = np.where(has_count, (sums.first <= count) & (count <= sums.last), sums.exist)
    return Check(rows, each_convention(fits), sums, Scale.of(of[rows])), of[rows]


def scale_of(form: Form, rows: np.ndarray) -> Scale:
    """Return the scales of rows with whole-number data and an n."""
    items = form.items[rows]
    is_binary = form.is_binary[rows]
    ends = []
    for end, is_known, sign in (
        (form.low.take(rows), form.low.is_value[rows], -1),
        (form.high.take(rows), form.high.is_value[rows], 1),
    ):
        unit = 10**end.decimals
        product = end.digits.astype(object) * items
        inward = product // unit if sign > 0 else -(-product // unit)
        ends.append(np.where(is_known, inward.astype(np.float64), sign * np.inf))
    low = np.where(is_binary, 0.0, ends[0])
    high = np.where(is_binary, 1.0 * items, ends[1])
    return Scale(form.n.digits[rows], items, low, high)


def check_means(form: Form) -> Check:
    """GRIM: test means of whole numbers whose n is known."""
    is_tested = form.is_integer & form.n.is_value & (form.n.digits > 0) & form.mean.is_value
    rows = np.flatnonzero(is_tested)
    scale = scale_of(form, rows)
    sums = scale.sums(form.mean.take(rows))
    return Check(rows, each_convention(sums.exist), sums, scale)


def check_deviations(form: Form) -> Check:
    """GRIMMER and DEBIT: test SDs of whole numbers whose n is known.

    An SD without a mean, or with one that cannot be, is tested against every total.
    """
    is_tested = form.is_integer & form.n.is_value & (form.n.digits > 0) & form.sd.is_value
    rows = np.flatnonzero(is_tested)
    scale = scale_of(form, rows)
    sums = scale.sums(form.mean.take(rows))
    has_mean = form.mean.is_value[rows]
    sums = Sums(np.where(has_mean, sums.first, 1), np.where(has_mean, sums.last, 0))
    fits = possible_deviations(sums, form.sd.take(rows), scale)
    count = len(CONVENTIONS)
    fits = np.concatenate([fits[:count], fits[count:].any(axis=0, keepdims=True)])
    return Check(rows, fits, sums, scale)
