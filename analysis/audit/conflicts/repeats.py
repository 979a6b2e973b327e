"""One quantity or one name that several places print differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from analysis.audit.arithmetic.conventions import ANY, Bounds, bounds
from analysis.audit.arithmetic.printed import Numbers, read_numbers
from analysis.audit.conflicts.conflict import Claims, Conflict, Relation
from analysis.audit.conflicts.lists import listed_twice
from analysis.audit.ledger.cells import ends_of
from analysis.audit.ledger.links import Claim
from analysis.audit.verdicts import Verdict
from analysis.audit.words import listed, plain

__all__ = ["agree", "broken_repeats"]


def agree(first: Numbers, second: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Tell whether pairs of printed numbers can be the same quantity.

    Parameters
    ----------
    first, second : Numbers, length k
        They may have different decimals: 36.6 can be 36.57, and 36.5 can, cut off.

    Returns
    -------
    alike, possible : ndarray of bool
        `alike` where they are the same number, or one is the other rounded to the nearest;
        `possible` where some true value prints as both, each under some convention.
    """
    one, other = bounds(first), bounds(second)
    same = (first.decimals == second.decimals) & (first.digits == second.digits)
    meets = [_meet(one, first.decimals, other, second.decimals, row) for row in (0, 1, 2, ANY)]
    is_coarser = first.decimals != second.decimals
    return same | (is_coarser & np.any(meets[:3], axis=0)), same | meets[3]


def _meet(
    one: Bounds, one_decimals: np.ndarray, other: Bounds, other_decimals: np.ndarray, row: int
) -> np.ndarray:
    most = np.maximum(one_decimals, other_decimals)
    # at most 12 digits and 12 decimals: beyond 64 bits only together, so Python's integers
    scale = [
        np.array([10**power for power in (most - decimals).tolist()], dtype=object)
        for decimals in (one_decimals, other_decimals)
    ]
    low, high = one.low[row] * scale[0], one.high[row] * scale[0]
    other_low, other_high = other.low[row] * scale[1], other.high[row] * scale[1]
    begins = (low < other_high) | ((low == other_high) & one.has_low[row] & other.has_high[row])
    ends = (other_low < high) | ((other_low == high) & other.has_low[row] & one.has_high[row])
    return np.asarray(begins & ends, dtype=bool)


def same_groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the groups of rows that are linked as the same, in order."""
    group: dict[int, list[int]] = {}
    for first, second in pairs:
        one = group.setdefault(first, [first])
        other = group.setdefault(second, [second])
        if one is not other:
            other += one
            group.update(dict.fromkeys(one, other))
    unique = {id(members): members for members in group.values()}
    return [sorted(members) for members in unique.values()]


# what rows that are the same state of the same thing: people are counted as count or n
QUANTITIES = (
    ("count", "n"),
    *((column,) for column in ("percent", "mean", "sd", "se", "median", "ci", "printed")),
)


def broken_repeats(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Find one quantity or one name that several places print differently."""
    doubled = {claim.id for same in listed_twice(claims) for claim in same}
    for group in same_groups(claims.ledger.relations.same):
        for columns in QUANTITIES:
            here = [claim for row in group if (claim := claims.of(row, *columns))]
            here = [claim for claim in here if claim.relation == "=" and claim.is_read]
            if len(here) > 1:
                yield from _same(here, columns[0], doubled, agreed)


def _same(
    here: Sequence[Claim], column: str, doubled: set[str], agreed: list[Relation]
) -> Iterator[Conflict]:
    clusters: list[list[Claim]] = []
    for claim in here:
        for cluster in clusters:
            if all(_is_alike(claim, other, column) for other in cluster):
                cluster.append(claim)
                break
        else:
            clusters.append([claim])
    ids = tuple(claim.id for claim in here)
    if len(clusters) == 1:
        for claim in here:
            others = [other for other in here if other is not claim]
            where = listed([f"{o.printed} in {o.where or f'row {o.row}'}" for o in others])
            agreed.append(Relation((claim.id,), f"It agrees with {where}."))
        return
    is_name = column == "printed" and here[0].kind in ("label", "attribution")
    is_rounding = column not in ("count", "ci", "printed") and all(
        _is_alike(one, other, column, possible=True)
        for cluster in clusters
        for one in cluster
        for others in clusters
        for other in others
    )
    most = max(len(same) for same in clusters)
    fewest = [c.id for same in clusters if len(same) < most for c in same]
    # of two names that the data have, one that its own list has already is misplaced
    fewest = fewest or [id_ for id_ in ids if id_ in doubled]
    each = {}
    for same in clusters:
        rest = [cluster for cluster in clusters if cluster is not same]
        for claim in same:
            said = listed([_stands(cluster, claim) for cluster in rest])
            advice = "Use the same in all places." if is_name else "Check all places."
            if is_rounding:
                advice = "It can be one number, rounded in different ways. Print it alike."
            each[claim.id] = f"{said}. {advice}"
    verdict = Verdict.WORDING if is_name else Verdict.INCONSISTENT
    if is_rounding:
        verdict = Verdict.ROUNDING
    yield Conflict(ids, tuple(fewest or ids), "", each=each, verdict=verdict)


def _is_alike(one: Claim, other: Claim, column: str, *, possible: bool = False) -> bool:
    if one.value is None or other.value is None:
        return _content(one) == _content(other)
    is_number = one.digits is not None
    if is_number and one.digits == other.digits and one.decimals == other.decimals:
        return True
    if column == "count":
        return one.value == other.value
    pair = (_as_numbers(one), _as_numbers(other))
    return bool(agree(*pair)[1 if possible else 0][0])


def _as_numbers(claim: Claim) -> Numbers:
    numbers = read_numbers(["0"])
    return Numbers(
        np.array([claim.digits or 0]),
        np.array([claim.decimals]),
        numbers.known,
        numbers.relation,
        numbers.mark,
        {},
    )


def _content(claim: Claim) -> object:
    if claim.value is not None:
        return claim.value, claim.relation
    ends = ends_of(claim.printed) if claim.column == "ci" else None
    return ends or claim.ends or claim.days or plain(claim.printed)


def _stands(same: Sequence[Claim], than: Claim) -> str:
    """Say where the same content stands: ``“Lack of funds” stands in Table 4 and 4.4.1.1``."""
    places = [c.where if c.section == than.section or not c.section else c.section for c in same]
    places = [place or f"row {c.row}" for place, c in zip(places, same, strict=True)]
    mark = ("“", "”") if same[0].kind == "label" else ("", "")
    return f"{mark[0]}{same[0].printed}{mark[1]} stands in {listed(list(dict.fromkeys(places)))}"
