"""Parts that do not add up to their whole, and means that are not those of their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.audit.arithmetic.percentages import is_share, percent_counts
from analysis.audit.conflicts.conflict import Claims, Conflict, Relation
from analysis.audit.judge import limits_of
from analysis.audit.ledger.links import Links
from analysis.audit.verdicts import Verdict

__all__ = [
    "add_up",
    "broken_bounds",
    "broken_sums",
    "people_of_shares",
    "pooled",
    "pooled_means",
]

TOLERANCE = 1e-9
# the parts of a long list are not all named
MOST_NAMED = 12


def broken_sums(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Find counts, and percentages without counts, that do not add up to their whole."""
    ledger, links = claims.ledger, claims.ledger.relations.parts
    if not len(links):
        return
    is_count = ledger.count.is_value
    value = np.where(is_count, ledger.count.digits, ledger.n.digits).astype(np.float64)
    known = is_count | ledger.n.is_value
    tested, adds_up = add_up(links, value, value, known)
    yield from _sums(claims, ("count", "n"), tested, adds_up, value, value, agreed)
    low, high = limits_of(ledger.percent)
    has_percent, fits = add_up(links, low, high, ledger.percent.is_value)
    has_percent &= ~tested & _of_one_whole(claims)
    yield from _sums(claims, ("percent",), has_percent, fits, low, high, agreed)


def _sums(
    claims: Claims,
    columns: tuple[str, ...],
    tested: np.ndarray,
    adds_up: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    agreed: list[Relation],
) -> Iterator[Conflict]:
    links = claims.ledger.relations.parts
    wholes: list[int] = links.whole.tolist()
    confirmed = {wholes[at] for at in np.flatnonzero(tested & adds_up).tolist()}
    least, most = links.total(low), links.total(high)
    for at in np.flatnonzero(tested).tolist():
        whole = claims.of(wholes[at], *columns)
        here = [claim for row in links.parts_of(at) if (claim := claims.of(row, *columns))]
        if whole is None or not here:
            continue
        split = f"By {links.by[at]}, the" if links.by[at] else "The"
        terms = " + ".join(claim.printed for claim in here[:MOST_NAMED])
        terms += f" and {len(here) - MOST_NAMED} more" if len(here) > MOST_NAMED else ""
        total = int(least[at]) if columns[0] == "count" else None
        shown = f"{least[at]:.6g} to {most[at]:.6g}" if total is None else f"{total:,}"
        sum_ = f"{terms} = {shown}" if len(here) > 1 else shown
        what = "counts" if columns[0] == "count" else "percentages"
        of = f"the {whole.printed} of {whole.where or f'row {whole.row}'}"
        members = tuple(claim.id for claim in here)
        if adds_up[at]:
            agreed.append(Relation((*members, whole.id), f"{split} {what} add up to {sum_}, {of}."))
            continue
        is_blamed = wholes[at] not in confirmed
        if total is None:
            why = f"{split} {what} add up to {sum_}, not to {of}. Check them, or name the rest."
            unknown = None if is_blamed else members
            yield Conflict((*members, whole.id), members, why, unknown=unknown)
            continue
        stated = whole.digits or 0
        gap = abs(total - stated)
        is_short = total < stated
        if is_short and all("open-parts" in claims.ledger.rules[row] for row in links.parts_of(at)):
            why = (
                f"{split} counts add up to {sum_}, {gap:,} short of {of}. Say whether "
                f"{gap:,} {'is' if gap == 1 else 'are'} not reported."
            )
            yield Conflict(members, members, why, verdict=Verdict.FEWER)
            continue
        if is_short and _is_of_the_sum(claims, links.parts_of(at), total):
            why = (
                f"{split} counts add up to {sum_}, {gap:,} short of {of}, and their "
                f"percentages are of {total:,}. Say that {gap:,} "
                f"{'is' if gap == 1 else 'are'} not reported."
            )
            yield Conflict(members, members, why, verdict=Verdict.FEWER)
            continue
        advice = (
            f"Say whether {gap:,} {'is' if gap == 1 else 'are'} not reported, or correct a count."
            if is_short
            else "Correct a count."
        )
        yield Conflict(
            members=(whole.id, *members),
            otherwise=members,
            unknown=None if is_blamed else members,
            why=f"{split} counts add up to {sum_}, {gap:,} "
            f"{'short of' if is_short else 'above'} {of}. {advice}",
        )


def _of_one_whole(claims: Claims) -> np.ndarray:
    """Tell for each split whether nothing says that its percentages are of different wholes."""
    ledger, links = claims.ledger, claims.ledger.relations.parts
    size, known = ledger.whole.digits, ledger.whole.is_value
    alike = np.ones(len(links), dtype=bool)
    if known.any():
        for at in range(len(links)):
            rows = np.array([int(links.whole[at]), *links.parts_of(at)])
            here = size[rows[known[rows]]]
            alike[at] = len(np.unique(here)) < 2
    return alike


def people_of_shares(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Hold a count against parts that print only what share of their own wholes they are.

    75 % of 4 and 33 % of 3 are 3 and 1 people, who are parts of 4.
    """
    ledger, links = claims.ledger, claims.ledger.relations.parts
    if not len(links) or not ledger.percent.is_value.any():
        return
    is_count = ledger.count.is_value
    low = np.where(is_count, ledger.count.digits, 0).astype(np.float64)
    high, known = low.copy(), is_count.copy()
    rows = np.flatnonzero(ledger.percent.is_value & ~is_count & ledger.whole.is_value)
    rows = rows[ledger.whole.digits[rows] > 0]
    if not len(rows):
        return
    sums = percent_counts(ledger.percent.take(rows), ledger.whole.digits[rows])
    low[rows], high[rows], known[rows] = sums.first[-1], sums.last[-1], sums.exist[-1]
    is_share = np.zeros(len(known), dtype=bool)
    is_share[rows] = True
    tested, adds_up = add_up(links, low, high, known)
    least, most = links.total(low), links.total(high)
    for at in np.flatnonzero(tested).tolist():
        parts, whole = links.parts_of(at), claims.of(int(links.whole[at]), "count")
        if whole is None or not is_share[parts].any():
            continue
        here = [claim for row in parts if (claim := claims.of(row, "count", "percent"))]
        each = [
            f"{int(low[row])}" if low[row] == high[row] else f"{int(low[row])}–{int(high[row])}"
            for row in parts
        ]
        total = f"{int(least[at])}" + (f" to {int(most[at])}" if least[at] != most[at] else "")
        split = f"By {links.by[at]}, the" if links.by[at] else "The"
        terms = " + ".join(each[:MOST_NAMED]) + (" + …" if len(each) > MOST_NAMED else "")
        why = f"{split} percentages are those of {terms} = {total}"
        of = f"the {whole.printed} of {whole.where or f'row {whole.row}'}"
        members = (whole.id, *(claim.id for claim in here))
        if adds_up[at]:
            agreed.append(Relation(members, f"{why}, {of}."))
        else:
            yield Conflict(members, members[1:], f"{why}, not {of}. Check them.")


def broken_bounds(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Find what is more than what it is within, and wholes that what covers them cannot fill.

    Members may stand in several parts: a whole is no smaller than the largest of them, and no
    larger than all together.
    """
    ledger, links = claims.ledger, claims.ledger.relations.within
    if not len(links):
        return
    is_count = ledger.count.is_value | ledger.n.is_value
    counts = np.where(ledger.count.is_value, ledger.count.digits, ledger.n.digits)
    shares = limits_of(ledger.percent)
    has_share = ledger.percent.is_value & ~is_count
    low, high = (np.where(is_count, counts, end).astype(np.float64) for end in shares)
    for at in range(len(links)):
        row = int(links.whole[at])
        alike = is_count if is_count[row] else has_share
        parts = [part for part in links.parts_of(at) if alike[part]]
        whole = claims.of(row, "count", "n", "percent")
        if whole is None or not alike[row] or not parts:
            continue
        slack = TOLERANCE * max(abs(high[row]), 1.0)
        of = f"{whole.printed} of {whole.where or f'row {whole.row}'}"
        is_good = True
        for part in parts:
            claim = claims.of(part, "count", "n", "percent")
            if claim is not None and low[part] > high[row] + slack:
                is_good = False
                why = f"{claim.printed} is more than the {of}, which holds it. Check both."
                yield Conflict((claim.id, whole.id), (claim.id,), why)
        if not is_good or not links.by[at] or len(parts) < len(links.parts_of(at)):
            continue
        most = sum(high[part] for part in parts)
        here = [claim for part in parts if (claim := claims.of(part, "count", "n", "percent"))]
        members = (whole.id, *(claim.id for claim in here))
        terms = " + ".join(claim.printed for claim in here[:MOST_NAMED])
        if most < low[row] - slack:
            why = f"{terms} together are fewer than the {of}, which nothing else fills. Check them."
            yield Conflict(members, members, why)
        else:
            agreed.append(Relation(members, f"{terms} can be parts of the {of}."))


def _is_of_the_sum(claims: Claims, rows: Sequence[int], total: int) -> bool:
    """Whether the percentages of parts are shares of what the parts add up to."""
    ledger = claims.ledger
    found = 0
    for row in rows:
        text = ledger.texts["percent"][row]
        if not text or not ledger.percent.is_value[row] or not ledger.count.is_value[row]:
            continue
        if not is_share(text, total, int(ledger.count.digits[row])):
            return False
        found += 1
    return found > 0


def add_up(
    links: Links, low: np.ndarray, high: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Tell which splits add up to their whole.

    Parameters
    ----------
    links : Links
    low, high : ndarray of float
        The least and largest true value of each row: equal for counts.
    known : ndarray of bool
        Whether a row has a value.

    Returns
    -------
    tested, adds_up : ndarray of bool
        One entry a split; tested where the whole and all its parts have values.
    """
    whole = links.whole
    tested = links.every(known)
    least = links.total(np.where(known, low, 0.0))
    most = links.total(np.where(known, high, 0.0))
    # floats stand for printed decimals: what they lose must never accuse
    slack = TOLERANCE * np.maximum(np.abs(high[whole]), 1.0)
    return tested, (least <= high[whole] + slack) & (most >= low[whole] - slack)


def pooled(
    links: Links, low: np.ndarray, high: np.ndarray, weight: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean that the parts' means allow for their whole.

    Parameters
    ----------
    links : Links
    low, high : ndarray of float
        The least and largest true mean of each row.
    weight : ndarray of float
        The n of each row.
    known : ndarray of bool
        Whether a row has a mean and an n.

    Returns
    -------
    tested : ndarray of bool
        Where the whole and its parts have means and n, and the n add up.
    least, most : ndarray of float
        The weighted mean at the lower and at the upper ends; not a number where untested.
    """
    whole = links.whole
    total = links.total(np.where(known, weight, 0.0))
    tested = links.every(known) & (total == weight[whole]) & (total > 0)
    size = np.where(tested, total, np.nan)
    least = links.total(np.where(known, low * weight, 0.0)) / size
    most = links.total(np.where(known, high * weight, 0.0)) / size
    return tested, least, most


def pooled_means(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Hold a whole's mean against the weighted mean of its parts."""
    ledger, links = claims.ledger, claims.ledger.relations.parts
    if not len(links):
        return
    low, high = limits_of(ledger.mean)
    known = ledger.mean.is_value & ledger.n.is_value
    tested, least, most = pooled(links, low, high, ledger.n.digits.astype(np.float64), known)
    for at in np.flatnonzero(tested).tolist():
        row = int(links.whole[at])
        whole = claims.of(row, "mean")
        if whole is None:
            continue
        slack = TOLERANCE * max(abs(most[at]), 1.0)
        fits = least[at] <= high[row] + slack and most[at] >= low[row] - slack
        said = f"The means of its parts give one from {least[at]:.6g} to {most[at]:.6g}"
        if fits:
            agreed.append(Relation((whole.id,), f"{said}."))
        else:
            why = f"{said}, not {whole.printed}. Check the means and the n."
            yield Conflict((whole.id,), (whole.id,), why)
