"""DEBIT: whether data that are 0 or 1 can have a printed mean and standard deviation.

Heathers, J. A. J., & Brown, N. J. L. (2019). DEBIT: A simple consistency test for binary
data. https://osf.io/5vb3u/. For binary data the mean x fixes the SD: √(n/(n−1)·x(1−x)) of
a sample, √(x(1−x)) of a population.

This is GRIMMER on the scale from 0 to 1, where the count of ones fixes both, and stricter
than the formula on the printed mean: a mean that n people cannot have fails as well.
Checked against the formula over every count, and against (.36, .11, 20) and (.35, .18, 20),
which cannot be, and (.35, .49, 20), which can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.consistency.grimmer import Grimmer, grimmer, grimmer_map

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["debit", "debit_map"]


def debit(mean: str, sd: str, n: int) -> Grimmer:
    """Test one printed mean and SD of data that are 0 or 1.

    Parameters
    ----------
    mean, sd : str
        As printed, the mean as a share of 1.
    n : int
        Number of answers, at least 1.

    Returns
    -------
    Grimmer

    Raises
    ------
    ValueError
        When `mean` or `sd` is no number, or `n` is below 1.

    Examples
    --------
    >>> debit(".35", ".49", 20).is_possible, debit(".35", ".18", 20).is_possible
    (True, False)
    """
    return grimmer(mean, sd, n, low=0, high=1)


def debit_map(
    table: pd.DataFrame, *, mean: str = "mean", sd: str = "sd", n: str = "n"
) -> pd.DataFrame:
    """Test columns of printed means and SDs of data that are 0 or 1.

    Parameters
    ----------
    table : DataFrame
    mean, sd, n : str
        Columns of text, text, and whole numbers.

    Returns
    -------
    DataFrame
        As :func:`analysis.consistency.grimmer.grimmer_map` gives it.
    """
    return grimmer_map(table, mean=mean, sd=sd, n=n, low=0, high=1)
