"""Values that no data can give, each with its proof.

A value that the data do give has its witness and is never tested; so a misprint in the
group's size is not charged to the mean that stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from analysis.claims.claim import Claim
from analysis.claims.values import number
from analysis.consistency.conventions import CONVENTIONS
from analysis.consistency.grim import grim
from analysis.consistency.grimmer import grimmer
from analysis.consistency.percent import percent

__all__ = ["proof"]


def proof(claim: Claim, by_id: Mapping[str, Claim]) -> str:
    """Return why no data can give a value under any convention, or nothing."""
    if claim.ends is not None and claim.ends[0] > claim.ends[1]:
        return f"The range {claim.printed} ends below its start."
    if claim.value is None or claim.relation != "=":
        return ""
    if claim.kind == "count":
        return _more_than_whole(claim, by_id)
    if claim.kind == "percentage":
        return _share(claim, by_id)
    if claim.kind == "SD" and claim.value < 0:
        return "A standard deviation is never below 0."
    n = int(by_id[claim.whole].value or 0) if claim.whole else 0
    if claim.rule != "whole-numbers" or n < 1:
        return ""
    people = by_id[claim.whole]
    if claim.kind == "mean":
        test = grim(claim.printed, n)
        if test.is_possible:
            return ""
        sides = " and ".join(f"{number(v * n)}/{n} = {number(v, 4)}" for v in test.nearest)
        return (
            f"No {n} whole numbers ({people.where}) have the mean {claim.printed}, rounded or cut "
            f"off: next to it are {sides}."
        )
    if claim.kind == "SD" and claim.beside:
        mean = by_id[claim.beside[0]]
        if mean.value is None or not grim(mean.printed, n).is_possible:
            return ""
        if grimmer(mean.printed, claim.printed, n).is_possible:
            return ""
        return (
            f"No {n} whole numbers with the mean {mean.printed} have the SD {claim.printed}, under "
            f"any of {len(CONVENTIONS)} conventions (sample or population SD; rounded half up, "
            "half to even or half down, or cut off)."
        )
    return ""


def _more_than_whole(claim: Claim, by_id: Mapping[str, Claim]) -> str:
    assert claim.value is not None
    for of in (claim.whole, claim.part_of):
        whole = by_id[of] if of else None
        if whole is not None and whole.value is not None and claim.value > whole.value:
            return f"{claim.printed} is more than {whole.printed}, its whole ({whole.where})."
    return ""


def _share(claim: Claim, by_id: Mapping[str, Claim]) -> str:
    assert claim.value is not None
    whole = (by_id[claim.whole].value if claim.whole else None) or Fraction(0)
    n = int(whole)
    if n < 1:
        return "A share of a whole lies between 0 and 100%." if claim.value < 0 else ""
    if percent(claim.printed, n).is_possible:
        return ""
    said = f"No count out of {n} is {claim.printed}%, rounded or cut off"
    below = min(int(claim.value * n / 100), n - 1)
    if not 0 <= claim.value <= 100:
        return f"{said}: shares lie between 0 and 100%."
    sides = [f"{at}/{n} = {number(100 * at / whole, 3)}%" for at in (below, below + 1)]
    return f"{said}: next to it are {' and '.join(sides)}."
