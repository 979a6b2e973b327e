"""What a rebuilt study offers to hold a publication against, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from analysis.settings import Numbers

__all__ = ["Facts"]


@dataclass(frozen=True)
class Facts:
    """The results of a rebuilt study.

    Attributes
    ----------
    metrics : dict of str to int, float or str
        Every named result, as ``metrics.json`` holds them; percentages from 0 to 100, days
        as ``2023-03-04``.
    labels : dict of int to list of str
        The printed labels of the codes by level, from 1.
    groups : list of str
        The groups of participants.
    dimensions : list of str
        The names of the framework's dimensions, as the study prints them.
    guidance : DataFrame
        The contents of the framework's own publication: ``section``, ``parent``, ``title``,
        ``page``, ``kind``, ``dimension``.
    roles : dict of str to str
        By participant, the role printed beside quotations.
    quoted : set of (str, str)
        Label of the category at the quoted level, and participant: codings to be quoted.
    coded : set of (str, str)
        Label at any level, and participant: all codings.
    left_out : tuple of str
        Beginnings of keys, such as ``guide.``, of parts that the study does not have:
        claims about them cannot be computed, and are no mistake of the ledger.
    numbers : Numbers
        How the study rounds, and which standard deviation it uses.
    """

    metrics: dict[str, int | float | str]
    labels: dict[int, list[str]]
    groups: list[str]
    dimensions: list[str]
    guidance: pd.DataFrame
    roles: dict[str, str]
    quoted: set[tuple[str, str]]
    coded: set[tuple[str, str]]
    numbers: Numbers
    left_out: tuple[str, ...] = ()
