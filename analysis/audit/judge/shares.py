"""Counts against their wholes, and percentages against both."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from analysis.audit.arithmetic.conventions import ANY, CONVENTIONS, by_manner, each_convention
from analysis.audit.arithmetic.grimmer import Scale
from analysis.audit.arithmetic.percentages import percent_counts, wholes_that_fit
from analysis.audit.judge.findings import (
    Check,
    Chosen,
    Findings,
    Sizes,
    excuse,
    manner_words,
    other_manners,
    whole_of,
)
from analysis.audit.ledger import Ledger
from analysis.audit.verdicts import Verdict
from analysis.audit.words import fraction_text

__all__ = ["check_percents", "judge_counts", "judge_percents"]


def check_percents(ledger: Ledger, sizes: Sizes) -> tuple[Check, np.ndarray, np.ndarray]:
    """Test percentages whose whole is known, against their count where there is one.

    Returns
    -------
    check : Check
    fewer : ndarray of bool, shape (9, k)
        Under which conventions some smaller whole fits, where the whole itself does not under
        all; without a count, where it never does as usual.
    largest : ndarray of int, shape (5, k)
        The largest such whole, by rounding.
    """
    is_weighted = np.array(["weighted" in rules for rules in ledger.rules], dtype=bool)
    rows = np.flatnonzero(ledger.percent.known & sizes.has_whole & ~is_weighted)
    printed, of = ledger.percent.take(rows), sizes.whole[rows]
    sums = percent_counts(printed, of)
    count, has_count = ledger.count.digits[rows], ledger.count.is_value[rows]
    fits = np.where(has_count, (sums.first <= count) & (count <= sums.last), sums.exist)
    for at in np.flatnonzero(~fits[0]).tolist():
        if "forced-sum" in ledger.rules[rows[at]] and has_count[at]:
            share = Fraction(int(count[at]) * 100, int(of[at]))
            near = abs(share - Fraction(int(printed.digits[at]), 10 ** int(printed.decimals[at])))
            fits[:, at] |= near < Fraction(3, 2 * 10 ** int(printed.decimals[at]))
    fewer = np.zeros_like(fits)
    largest = np.zeros(fits.shape, dtype=np.int64)
    # a larger whole is no question: printed below its share, a value is cut off or wrong
    is_odd = ~fits[:3].any(axis=0) | (has_count & ~fits[:ANY].all(axis=0))
    odd = np.flatnonzero(is_odd & ledger.percent.is_value[rows])
    if len(odd):
        most = np.maximum(of[odd] - 1, 1)
        small = wholes_that_fit(printed.take(odd), most, count[odd], has_count[odd])
        is_some = (of[odd] > 1) & (~has_count[odd] | (count[odd] < of[odd]))
        fewer[:, odd], largest[:, odd] = small[0] & is_some, small[1]
    check = Check(rows, each_convention(fits), sums, Scale.of(of))
    return check, each_convention(fewer), largest


def judge_counts(ledger: Ledger, sizes: Sizes, findings: Findings) -> None:
    """Hold each count against its whole."""
    count, text = ledger.count, ledger.texts["count"]
    of = sizes.whole
    is_tested = count.is_value & sizes.has_whole
    is_more = is_tested & (count.digits > of)
    rows = np.flatnonzero(is_tested & ~is_more)
    findings.add(
        "count",
        rows,
        Verdict.CONSISTENT,
        lambda at: f"{text[rows[at]]} is not more than its whole, {of[rows[at]]}.",
    )
    more = np.flatnonzero(is_more)
    findings.add(
        "count",
        more,
        Verdict.INCONSISTENT,
        lambda at: f"{text[more[at]]} is more than its whole, {of[more[at]]}. Check both numbers.",
        lambda at: whole_of(ledger, int(more[at])),
    )
    bound = np.flatnonzero(count.known & ~count.is_value)
    findings.add(
        "count",
        bound,
        Verdict.NOT_COMPUTABLE,
        lambda at: f"{text[bound[at]]} is a bound, and counts are compared as numbers.",
    )


def judge_percents(
    ledger: Ledger,
    check: Check,
    fewer: np.ndarray,
    largest: np.ndarray,
    sizes: Sizes,
    chosen: Chosen,
    findings: Findings,
) -> None:
    """Hold each percentage against its count and whole, or against all counts of the whole."""
    rows, texts, whole = check.rows, ledger.texts["percent"], sizes.whole[check.rows]
    manner, alone = chosen.manner[rows], chosen.alone[rows]
    shown = [(texts[row] or "").rstrip("% ").lstrip() for row in rows.tolist()]
    decimals = (ledger.percent.decimals[rows] + 2).tolist()
    has_count, counts = ledger.count.is_value[rows], ledger.count.digits[rows]
    first, last = check.sums.first[-1], check.sums.last[-1]
    every = np.asarray(check.by_convention.all(axis=0))
    smaller = by_manner(fewer[: len(CONVENTIONS)])
    held = np.asarray(smaller[manner, np.arange(len(rows))])
    excused = check.under(alone) | ((alone >= 0) & smaller[alone, np.arange(len(rows))])
    by_rounding = largest[np.where(np.isin(manner, (1, 3)), 3, 0), np.arange(len(rows))]
    known = np.where(by_rounding > 0, by_rounding, largest[-1]) if len(rows) else by_rounding
    is_good = check.under(manner)
    is_fewer = ~is_good & held
    is_excused = ~is_good & ~is_fewer & excused
    of_known = np.array(["of-known" in ledger.rules[row] for row in rows.tolist()], dtype=bool)
    is_wrong = ~(is_good | is_fewer | is_excused)
    is_twice = np.zeros(len(rows), dtype=bool)
    for one in np.flatnonzero(is_wrong & has_count & ledger.percent.is_value[rows]).tolist():
        share_of, printed = Fraction(100 * int(counts[one]), int(whole[one])), ledger.percent
        is_twice[one] = _is_rounded_twice(
            share_of, int(printed.digits[rows[one]]), int(printed.decimals[rows[one]])
        )
    is_wrong &= ~is_twice
    shared = _shared_wholes(ledger, check, whole, np.flatnonzero(is_fewer))

    def share(at: int, count: int, of: int) -> str:
        return f"{count} of {of} is {fraction_text(100 * count, of, int(decimals[at]))}%"

    def lead(at: int) -> str:
        if has_count[at]:
            return share(at, int(counts[at]), int(whole[at]))
        if first[at] == last[at]:
            return share(at, int(first[at]), int(whole[at]))
        return f"Counts from {first[at]} to {last[at]} of {whole[at]} give it"

    def by(at: int) -> str:
        return "" if every[at] else f" by {manner_words(int(manner[at]), False)}"

    def add(mask: np.ndarray, verdict: Verdict, why: Callable[[int], str]) -> None:
        at = np.flatnonzero(mask)
        findings.add("percent", rows[at], verdict, lambda place: why(int(at[place])))

    def of_those_known(at: int) -> str:
        column, rest = shared.get(at, (int(known[at]), 0))
        said = f"{shown[at]}% can be of {column}, and of {whole[at]} it cannot"
        if has_count[at]:
            said = f"{lead(at)}; {shown[at]}% is {counts[at]} of {column}"
        beside = f", as {rest} others of its column are" if rest > 1 else ""
        beside = beside or (", as another of its column is" if rest else "")
        return f"{said}{beside}"

    add(is_good, Verdict.CONSISTENT, lambda at: f"{lead(at)}; printed as {shown[at]}{by(at)}.")
    add(
        is_fewer & of_known,
        Verdict.CONSISTENT,
        lambda at: f"{of_those_known(at)}: of those known.",
    )
    add(
        is_fewer & ~of_known,
        Verdict.FEWER,
        lambda at: f"{of_those_known(at)}. Say whether the others are missing.",
    )
    add(
        is_excused,
        Verdict.ROUNDING,
        lambda at: (
            f"{lead(at)}: {shown[at]} comes of {manner_words(int(alone[at]), False)}, which "
            "no other value of the table needs. Name the convention in a note."
        ),
    )
    add(
        is_twice,
        Verdict.ROUNDING,
        lambda at: f"{lead(at)}: {shown[at]} comes of rounding twice. Round once.",
    )
    at = np.flatnonzero(is_wrong & has_count)
    findings.add(
        "percent",
        rows[at],
        Verdict.INCONSISTENT,
        lambda place: _wrong_share(
            share(int(at[place]), int(counts[at[place]]), int(whole[at[place]])),
            shown[at[place]],
            other_manners(check, int(at[place]), False),
            int(first[at[place]]),
            int(last[at[place]]),
            int(whole[at[place]]),
            int(counts[at[place]]),
        ),
        lambda place: (
            (int(rows[at[place]]), "count"),
            *_count_of(ledger, int(rows[at[place]])),
            *whole_of(ledger, int(rows[at[place]])),
        ),
    )
    add(
        is_wrong & ~has_count,
        Verdict.IMPOSSIBLE,
        lambda at: (
            f"No count out of {whole[at]}, or of fewer, is {shown[at]}%: "
            + _share_neighbours(
                float(ledger.percent.digits[rows[at]]), decimals[at], int(whole[at])
            )
            + " Check the percentage and its whole."
            + excuse(other_manners(check, at, False))
        ),
    )
    is_tested = np.zeros(len(ledger.rows), dtype=bool)
    is_tested[rows] = True
    rest = np.flatnonzero(ledger.percent.known & ~is_tested)
    findings.add(
        "percent",
        rest,
        Verdict.NOT_COMPUTABLE,
        lambda place: (
            "It is weighted, as the ledger says, and the count beside it is not."
            if "weighted" in ledger.rules[rest[place]]
            else "Nothing to hold it against: no whole is given."
        ),
    )


def _is_rounded_twice(share: Fraction, digits: int, decimals: int) -> bool:
    """Whether 72.847 was printed as 72.9, by way of 72.85."""
    finer = math.floor(share * 10 ** (decimals + 1) + Fraction(1, 2))
    return bool((finer + 5) // 10 == digits and finer % 10 == 5)


def _count_of(ledger: Ledger, row: int) -> tuple[tuple[int, str], ...]:
    """Return the claim of another row that states the count of a percentage."""
    return tuple((other, "count") for other in ledger.relations.beside.get(row, ()))


def _shared_wholes(
    ledger: Ledger, check: Check, whole: np.ndarray, at: np.ndarray
) -> dict[int, tuple[int, int]]:
    """Return, for values of fewer, the whole that fits most of their column, and how many more."""
    columns: dict[tuple[str, str], list[int]] = {}
    for place in at.tolist():
        row = int(check.rows[place])
        if ledger.count.is_value[row] and ledger.count.digits[row] > 0:
            key = (ledger.sections[row], ledger.texts["column"][row] or "")
            columns.setdefault(key, []).append(place)
    result = {}
    for places in columns.values():
        fitting: dict[int, set[int]] = {}
        for place in places:
            at_row = np.array([check.rows[place]])
            count = int(ledger.count.digits[at_row[0]])
            smaller = np.arange(max(count, 1), int(whole[place]), dtype=np.int64)[-2000:]
            if not len(smaller):
                continue
            printed = ledger.percent.take(np.repeat(at_row, len(smaller)))
            sums = percent_counts(printed, smaller)
            holds = (sums.first[-1] <= count) & (count <= sums.last[-1])
            fitting[place] = set(smaller[holds].tolist())
        often: dict[int, int] = {}
        for wholes_of in fitting.values():
            for of in wholes_of:
                often[of] = often.get(of, 0) + 1
        for place, wholes_of in fitting.items():
            if wholes_of:
                best = max((often[of], of) for of in wholes_of)[1]
                result[place] = (best, often[best] - 1)
    return result


def _wrong_share(
    share: str, shown: str, other: str, first: int, last: int, whole: int, count: int
) -> str:
    said = f"{share}, not {shown}, and of no smaller whole. Check count, whole and percentage."
    if other:
        return said + excuse(other)
    if first <= last:
        near = first if abs(first - count) < abs(last - count) else last
        return f"{said} Conjecture: {shown}% is {near} of {whole}."
    return said


def _share_neighbours(digits: float, decimals: int, whole: int) -> str:
    """Name the counts whose shares lie on either side of a percentage."""
    value = digits / 10 ** (decimals - 2)
    if not 0 <= value <= 100:
        return "a share lies between 0 and 100%."
    below = min(int(value * whole / 100), whole - 1)
    shares = [fraction_text(100 * count, whole, decimals) for count in (below, below + 1)]
    return f"{below}/{whole} = {shares[0]}% and {below + 1}/{whole} = {shares[1]}%."
