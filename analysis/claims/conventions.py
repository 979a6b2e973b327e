"""Which SD and rounding fit all values of a table, from what is printed alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.claims.claim import Claim
from analysis.consistency.conventions import CONVENTIONS
from analysis.consistency.grim import grim
from analysis.consistency.grimmer import grimmer
from analysis.consistency.joint import joint
from analysis.consistency.percent import percent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["table_conventions"]


def table_conventions(claims: Sequence[Claim]) -> pd.DataFrame:
    """Find for each section the conventions under which all of its values can be.

    Parameters
    ----------
    claims : sequence of Claim

    Returns
    -------
    DataFrame
        ``section``, ``values`` (means and SDs of whole numbers, and percentages, that can
        be tested), ``established`` (whether the values themselves show one convention) and
        ``sentence``; sections without such values are left out.
    """
    import pandas as pd

    by_id = {claim.id: claim for claim in claims}
    fits, sections, deviations = [], [], []
    for claim in claims:
        fitting = _fitting(claim, by_id)
        if fitting is not None:
            fits.append(fitting)
            sections.append(claim.section)
            deviations.append(claim.kind == "SD")
    names = list(dict.fromkeys(sections))
    rows = []
    if names:
        at = np.array([names.index(section) for section in sections])
        found = joint(np.array(fits).T, at, names, np.array(deviations))
        rows = [(one.table, one.cells, one.is_established, one.sentence) for one in found]
    return pd.DataFrame(rows, columns=["section", "values", "established", "sentence"])


def _fitting(claim: Claim, by_id: Mapping[str, Claim]) -> list[bool] | None:
    """Return under which conventions a value can be; None where it cannot be tested."""
    whole = by_id[claim.whole].value if claim.whole else None
    if claim.value is None or claim.relation != "=" or not whole:
        return None
    n = int(whole)
    if claim.kind == "percentage":
        count = by_id[claim.beside[0]].value if claim.beside else None
        roundings = percent(claim.printed, n, None if count is None else int(count)).fits
    elif claim.rule != "whole-numbers":
        return None
    elif claim.kind == "mean":
        roundings = grim(claim.printed, n).fits
    elif claim.beside and by_id[claim.beside[0]].value is not None:
        held = grimmer(by_id[claim.beside[0]].printed, claim.printed, n).fits
        return [convention in held for convention in CONVENTIONS]
    else:
        return None
    return [convention.rounding in roundings for convention in CONVENTIONS]
