"""GRIMMER: whether whole numbers can have a printed mean and standard deviation.

Anaya, J. (2016). The GRIMMER test: A method for testing the validity of reported measures
of variability. PeerJ Preprints 4:e2400v1. https://doi.org/10.7287/peerj.preprints.2400v1.
Allard, A. (2018). Analytic-GRIMMER: a new way of testing the possibility of standard
deviations. https://aurelienallard.netlify.app/post/anaytic-grimmer-possibility-standard-deviations/.

Written anew from the definitions: a sum of squares must be a whole number, have the parity
of the total, give the SD, and occur in some sample (:mod:`analysis.consistency.squares`).
Checked against enumerated samples, and against the examples that the two papers' users
share: (5.21, 1.60, 28) can be, (3.44, 2.47, 18) and (7.3, 2.51, 12) cannot when rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.consistency.conventions import CONVENTIONS, Convention
from analysis.consistency.deviations import ROUNDING_AT, Scale, possible_deviations
from analysis.consistency.grim import Sums
from analysis.consistency.printed import Numbers, read_numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Grimmer", "grimmer", "grimmer_map"]


@dataclass(frozen=True, slots=True)
class Grimmer:
    """Whether whole numbers with a printed mean can have a printed SD.

    Attributes
    ----------
    mean, sd : str
        As printed.
    n, items : int
    fits : tuple of Convention
        The pairs of SD and rounding under which some sample has both.
    is_possible : bool
        Whether any convention allows both, also one for the mean and another for the SD.
    """

    mean: str
    sd: str
    n: int
    items: int
    fits: tuple[Convention, ...]
    is_possible: bool


def grimmer(
    mean: str,
    sd: str,
    n: int,
    items: int = 1,
    *,
    low: float = -np.inf,
    high: float = np.inf,
) -> Grimmer:
    """Test one printed mean and SD of whole numbers.

    Parameters
    ----------
    mean, sd : str
        As printed; their trailing zeros count.
    n : int
        Number of answers, at least 1.
    items : int
        Whole-number items that each answer is the mean of.
    low, high : float
        The least and largest answer, where they are known.

    Raises
    ------
    ValueError
        When `mean` or `sd` is no number, or `n` or `items` is below 1.

    Examples
    --------
    >>> [str(convention) for convention in grimmer("5.21", "1.60", 28).fits][:1]
    ['sample SD, rounded half up']
    >>> grimmer("7.3", "2.51", 12).is_possible
    False
    """
    numbers = read_numbers([mean, sd])
    if not numbers.is_value.all() or n < 1 or items < 1:
        raise ValueError(
            f"mean {mean!r}, SD {sd!r}, n {n}, items {items}: expected numbers, n and items ≥ 1"
        )
    scale = Scale(
        np.array([n]),
        np.array([items]),
        np.ceil(np.array([low * items])),
        np.floor(np.array([high * items])),
    )
    sums = scale.sums(numbers.take(np.array([0])))
    fits = _both(sums, numbers.take(np.array([1])), scale)[:, 0]
    held = tuple(c for c, holds in zip(CONVENTIONS, fits, strict=False) if holds)
    return Grimmer(mean, sd, n, items, held, bool(fits.any()))


def grimmer_map(
    table: pd.DataFrame,
    *,
    mean: str = "mean",
    sd: str = "sd",
    n: str = "n",
    items: str | None = None,
    low: float = -np.inf,
    high: float = np.inf,
) -> pd.DataFrame:
    """Test columns of printed means and SDs of whole numbers.

    Parameters
    ----------
    table : DataFrame
    mean, sd : str
        Columns of text.
    n, items : str
        Columns of whole numbers; without `items` each answer is one whole number.
    low, high : float
        The least and largest answer, where they are known.

    Returns
    -------
    DataFrame
        Aligned with `table`: one truth value a convention, named as ``sample half-up``, and
        ``possible``, whether any allows both. Missing where something is not known.
    """
    import pandas as pd

    means, deviations = (
        read_numbers([None if pd.isna(text) else str(text) for text in table[column]])
        for column in (mean, sd)
    )
    sizes = pd.to_numeric(table[n]).fillna(0).to_numpy(dtype=np.int64)
    parts = np.ones_like(sizes)
    if items is not None:
        parts = pd.to_numeric(table[items]).fillna(1).to_numpy(dtype=np.int64)
    is_known = means.is_value & deviations.is_value & (sizes > 0) & (parts > 0)
    parts = np.maximum(parts, 1)
    scale = Scale(np.maximum(sizes, 1), parts, np.ceil(low * parts), np.floor(high * parts))
    fits = _both(scale.sums(means), deviations, scale)
    names = [f"{convention.deviation} {convention.rounding}" for convention in CONVENTIONS]
    result = pd.DataFrame(fits[: len(names)].T, columns=names, index=table.index)
    result["possible"] = np.asarray(fits.any(axis=0))
    return result.astype("boolean").where(pd.Series(is_known, index=table.index))


def _both(sums: Sums, sd: Numbers, scale: Scale) -> np.ndarray:
    return np.asarray(possible_deviations(sums, sd, scale) & sums.exist[ROUNDING_AT])
