"""What arithmetic finds, value by value, and what it was judged by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.audit.arithmetic.conventions import (
    ANY,
    CONVENTIONS,
    MANNERS,
    bounds,
    by_manner,
    convention_words,
)
from analysis.audit.arithmetic.grim import Sums
from analysis.audit.arithmetic.grimmer import Scale
from analysis.audit.arithmetic.printed import Numbers
from analysis.audit.ledger import VALUES, Ledger
from analysis.audit.verdicts import SEVERITY, Verdict

__all__ = [
    "SLACK",
    "Check",
    "Chosen",
    "Finding",
    "Findings",
    "Sizes",
    "excuse",
    "limits_of",
    "manner_words",
    "mean_text",
    "numbers_words",
    "other_manners",
    "partner",
    "sd_text",
    "values_of",
    "whole_of",
    "with_mean",
]

RANK = {verdict: rank for rank, verdict in enumerate(SEVERITY)}
SLACK = 1e-9


class Finding(NamedTuple):
    """What arithmetic says of one claim.

    Attributes
    ----------
    verdict : Verdict
    why : str
    partners : tuple of (int, str)
        Rows and columns of the ledger that contradict it; none where it stands against itself.
    """

    verdict: Verdict
    why: str
    partners: tuple[tuple[int, str], ...] = ()


class Findings:
    """Verdicts on the values of a ledger; the most severe of each value holds."""

    def __init__(self, ledger: Ledger) -> None:
        size = len(ledger.rows)
        self._owned = {value: np.zeros(size, dtype=bool) for value in VALUES}
        for claim in ledger.claims:
            if claim.column in self._owned and claim.is_read:
                self._owned[claim.column][claim.at] = True
        self.by_claim: dict[tuple[int, str], Finding] = {}

    def owns(self, column: str) -> np.ndarray:
        """Tell which rows state a value of this column themselves."""
        return self._owned[column]

    def add(
        self,
        column: str,
        rows: np.ndarray | Sequence[int],
        verdict: Verdict,
        why: Callable[[int], str] | str,
        partners: Callable[[int], tuple[tuple[int, str], ...]] | None = None,
    ) -> None:
        """Add one verdict on one column of several rows, with a sentence for each.

        Parameters
        ----------
        column : str
        rows : sequence of int
            Positions in the ledger; those that do not state the value are left out.
        verdict : Verdict
        why : callable or str
            Takes the place in `rows`.
        partners : callable, optional
            Takes the same, gives what contradicts the value.
        """
        owned = self._owned[column]
        for place, row in enumerate(np.asarray(rows).tolist()):
            if not owned[row]:
                continue
            before = self.by_claim.get((row, column))
            if before is not None and RANK[before.verdict] < RANK[verdict]:
                continue
            said = why if isinstance(why, str) else why(place)
            if before is not None and before.verdict is verdict and said != before.why:
                said = f"{before.why} {said}"
            others = partners(place) if partners else ()
            self.by_claim[row, column] = Finding(verdict, said, others)


@dataclass(frozen=True, slots=True)
class Check:
    """Values of one kind, tested.

    Attributes
    ----------
    rows : ndarray of int, shape (k,)
        Positions in the ledger.
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

    @property
    def is_possible(self) -> np.ndarray:
        """Whether any convention allows the value."""
        fits: np.ndarray = self.fits[len(CONVENTIONS)]
        return fits

    def under(self, manner: np.ndarray) -> np.ndarray:
        """Return whether each value fits under one of `MANNERS` of its own; never under −1."""
        fits = by_manner(self.by_convention)
        held = fits[np.maximum(manner, 0), np.arange(len(self.rows))]
        return np.asarray(held & (manner >= 0))


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many answers each row is of: for means and SDs, and for counts and percentages."""

    n: np.ndarray
    has_n: np.ndarray
    whole: np.ndarray
    has_whole: np.ndarray


@dataclass(frozen=True, slots=True)
class Chosen:
    """What each row is judged by: places in `MANNERS`, that of a lone excuse, and in words."""

    manner: np.ndarray
    alone: np.ndarray
    words: np.ndarray


def whole_of(ledger: Ledger, row: int) -> tuple[tuple[int, str], ...]:
    """Return the claim that states the whole of a row, where one does."""
    whole = int(ledger.wholes[row])
    if whole < 0:
        return ()
    return ((whole, "count" if ledger.count.is_value[whole] else "n"),)


@cache
def manner_words(manner: int, with_sd: bool) -> str:
    """Return how a value was computed and rounded, in words."""
    # without SDs the kind of SD says nothing, and two manners are one
    shown = manner if with_sd else manner % 2
    return convention_words([CONVENTIONS[at] for at in MANNERS[shown]], with_sd=with_sd)


def other_manners(check: Check, at: int, with_sd: bool) -> str:
    """Name the manners under which a value could be: ``cut off it could be``; or nothing."""
    fits = by_manner(check.by_convention[:, at : at + 1])[:, 0]
    words = [manner_words(manner, with_sd) for manner in np.flatnonzero(fits).tolist()]
    return " or ".join(dict.fromkeys(words))


def excuse(words: str) -> str:
    """Return what would make a value possible, as a sentence; nothing without words."""
    return f" By {words} it could be, which the rest of the table does not show." if words else ""


def numbers_words(ledger: Ledger, row: int, n: int) -> str:
    """Return ``7 whole numbers``, or what else a mean is of."""
    items = int(ledger.items[row])
    one = "zero or one" if ledger.is_binary[row] else "whole number"
    many = "zeros and ones" if ledger.is_binary[row] else "whole numbers"
    if items > 1:
        return f"{n} mean{'s' * (n != 1)} of {items} {many}"
    return f"{n} {one if n == 1 else many}"


def mean_text(ledger: Ledger, row: int) -> str:
    """Return the mean of a row as it is printed there, or in the row that it stands beside."""
    text = ledger.texts["mean"][row]
    if text is None:
        digits, decimals = int(ledger.mean.digits[row]), int(ledger.mean.decimals[row])
        sign = "−" if digits < 0 else ""
        whole, part = divmod(abs(digits), 10**decimals)
        text = f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"
    return text


def with_mean(ledger: Ledger, row: int) -> str:
    """Return ``" with the mean 3.45"``; nothing where there is none."""
    return f" with the mean {mean_text(ledger, row)}" if ledger.mean.is_value[row] else ""


def sd_text(ledger: Ledger, row: int) -> str:
    """Return the SD of a row as it is printed."""
    digits, decimals = int(ledger.sd.digits[row]), int(ledger.sd.decimals[row])
    whole, part = divmod(abs(digits), 10**decimals)
    return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)


def values_of(numbers: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers as floats, and the unit of the last decimal of each."""
    unit = 10.0**-numbers.decimals
    return numbers.digits * unit, unit * (1 + SLACK)


def partner(row: int, column: str) -> Callable[[int], tuple[tuple[int, str], ...]]:
    """Return a function that names a column of the same row as what contradicts a value."""
    return lambda _: ((row, column),)


def limits_of(numbers: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest true value that printed numbers allow, as floats."""
    limits = bounds(numbers)
    unit = 10.0**-numbers.decimals / 2
    return limits.low[ANY] * unit, limits.high[ANY] * unit
