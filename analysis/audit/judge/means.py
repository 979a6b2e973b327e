"""Means of whole numbers (GRIM), and means on their scale."""

from __future__ import annotations

import numpy as np

from analysis.audit.arithmetic.conventions import ANY, each_convention
from analysis.audit.arithmetic.grim import possible_sums
from analysis.audit.arithmetic.grimmer import Scale
from analysis.audit.judge.findings import (
    Check,
    Chosen,
    Findings,
    Sizes,
    excuse,
    manner_words,
    numbers_words,
    other_manners,
    values_of,
)
from analysis.audit.ledger import Ledger
from analysis.audit.verdicts import Verdict
from analysis.audit.words import fraction_text

__all__ = [
    "check_means",
    "is_outside",
    "judge_means",
    "scale_ends",
    "scale_of",
    "scale_words",
    "untested_reason",
]

MOST_MISSING = 10


def scale_of(ledger: Ledger, rows: np.ndarray, n: np.ndarray) -> Scale:
    """Return the scales of rows with whole-number data and an n."""
    items, is_binary = ledger.items[rows], ledger.is_binary[rows]
    ends = []
    for end, sign in ((ledger.low.take(rows), -1), (ledger.high.take(rows), 1)):
        unit = 10**end.decimals
        product = end.digits.astype(object) * items
        inward = product // unit if sign > 0 else -(-product // unit)
        ends.append(np.where(end.is_value, inward.astype(np.float64), sign * np.inf))
    low = np.where(is_binary, 0.0, ends[0])
    high = np.where(is_binary, 1.0 * items, ends[1])
    return Scale(n[rows], items, low, high)


def check_means(ledger: Ledger, sizes: Sizes) -> Check:
    """GRIM: test means of whole numbers whose n is known."""
    rows = np.flatnonzero(ledger.is_integer & sizes.has_n & ledger.mean.is_value)
    scale = scale_of(ledger, rows, sizes.n)
    sums = scale.sums(ledger.mean.take(rows))
    return Check(rows, each_convention(sums.exist), sums, scale)


def judge_means(
    ledger: Ledger,
    check: Check,
    chosen: Chosen,
    findings: Findings,
) -> np.ndarray:
    """Say of each mean whether whole numbers, or its scale, allow it; return which can be."""
    outside = is_outside(ledger)
    _judge_mean_ranges(ledger, check, outside, findings)
    texts, rows = ledger.texts["mean"], check.rows
    manner, alone = chosen.manner[rows], chosen.alone[rows]
    parts = check.scale.n * check.scale.items
    decimals = ledger.mean.decimals[rows]
    first, last = check.sums.first[ANY], check.sums.last[ANY]
    every = np.asarray(check.by_convention.all(axis=0))
    cannot_fail = parts >= 10.0**decimals
    is_good = check.under(manner)
    is_excused = ~is_good & check.under(alone)

    def subject(at: int) -> str:
        return numbers_words(ledger, int(rows[at]), int(check.scale.n[at]))

    def good(at: int) -> str:
        shown, finer = texts[rows[at]], int(decimals[at]) + 2
        if first[at] == last[at]:
            total, of = int(first[at]), int(parts[at])
            said = f"{total} / {of} is {fraction_text(total, of, finer)}; printed as {shown}"
        else:
            said = f"Totals from {first[at]} to {last[at]} of {subject(at)} print as {shown}"
        if not every[at]:
            said += f" by {manner_words(int(manner[at]), False)}"
        if cannot_fail[at]:
            said += ". (So large an n allows every mean with so few decimals)"
        return f"{said}."

    at_good = np.flatnonzero(is_good)
    findings.add("mean", rows[at_good], Verdict.CONSISTENT, lambda place: good(int(at_good[place])))
    at_odd = np.flatnonzero(is_excused)
    findings.add(
        "mean",
        rows[at_odd],
        Verdict.ROUNDING,
        lambda place: (
            f"{texts[rows[at_odd[place]]]} comes of "
            f"{manner_words(int(alone[at_odd[place]]), False)}, which no other value of the table "
            "needs. Name the convention in a note."
        ),
    )
    at_wrong = np.flatnonzero(~is_good & ~is_excused & ~outside[rows])
    missing = _missing_answers(ledger, check, at_wrong)

    def wrong(place: int) -> str:
        at = int(at_wrong[place])
        shown, gone = texts[rows[at]], missing[place]
        how = "" if check.is_possible[at] else ", however it is rounded"
        said = f"{subject(at)} cannot have the mean {shown}{how}: "
        said += _neighbours(int(ledger.mean.digits[rows[at]]), int(decimals[at]), int(parts[at]))
        said += " Check the mean, the n, and whether every answer is a whole number."
        said += excuse(other_manners(check, at, False))
        if gone:
            said += f" Conjecture: it fits n = {check.scale.n[at] - gone}, {gone} fewer."
        return said

    findings.add("mean", rows[at_wrong], Verdict.IMPOSSIBLE, wrong)
    can_be = np.zeros(len(ledger.rows), dtype=bool)
    can_be[rows[is_good | is_excused]] = True
    return np.asarray(can_be & ~outside)


def _neighbours(digits: int, decimals: int, parts: int) -> str:
    below = digits * parts // 10**decimals
    near = [fraction_text(total, parts, decimals + 2) for total in (below, below + 1)]
    return f"{below}/{parts} = {near[0]} and {below + 1}/{parts} = {near[1]}."


def _missing_answers(ledger: Ledger, check: Check, at: np.ndarray) -> list[int]:
    """Return how many fewer answers each mean would fit, rounded; 0 if not a few."""
    found = np.zeros(len(at), dtype=np.int64)
    mean = ledger.mean.take(check.rows[at])
    n, items = check.scale.n[at], check.scale.items[at]
    for fewer in range(MOST_MISSING, 0, -1):
        smaller = n - fewer
        sums = possible_sums(mean, np.maximum(smaller, 1), items)
        found[sums.exist[0] & (smaller > 0)] = fewer
    result: list[int] = found.tolist()
    return result


def _judge_mean_ranges(
    ledger: Ledger, check: Check, outside: np.ndarray, findings: Findings
) -> None:
    texts = ledger.texts["mean"]
    rows = np.flatnonzero(outside)
    findings.add(
        "mean",
        rows,
        Verdict.IMPOSSIBLE,
        lambda at: (
            f"{texts[rows[at]]} lies outside its scale{scale_words(ledger, int(rows[at]))}. "
            "Check the mean and the scale."
        ),
    )
    is_tested = np.zeros(len(ledger.rows), dtype=bool)
    is_tested[check.rows] = True
    has_range = ledger.low.is_value | ledger.high.is_value | ledger.is_binary
    rest = ledger.mean.is_value & ~is_tested & ~outside
    inside = np.flatnonzero(rest & has_range)
    findings.add(
        "mean",
        inside,
        Verdict.CONSISTENT,
        lambda at: f"{texts[inside[at]]} lies on its scale{scale_words(ledger, int(inside[at]))}.",
    )
    untested = np.flatnonzero(rest & ~has_range)
    findings.add(
        "mean",
        untested,
        Verdict.NOT_COMPUTABLE,
        lambda at: untested_reason(ledger, int(untested[at])),
    )
    bound = np.flatnonzero(ledger.mean.known & ~ledger.mean.is_value)
    findings.add(
        "mean",
        bound,
        Verdict.NOT_COMPUTABLE,
        lambda at: f"{texts[bound[at]]} is a bound, not a value.",
    )


def untested_reason(ledger: Ledger, row: int) -> str:
    """Return why a mean or an SD is not tested."""
    if ledger.is_continuous[row]:
        return "The data are continuous, and any value with so many decimals can occur."
    if not ledger.is_integer[row]:
        return (
            "The ledger does not say whether the answers are whole numbers (column data), and "
            "other data can give any value."
        )
    return "The n is not given."


def scale_words(ledger: Ledger, row: int) -> str:
    """Return ``", from 1 to 5"``; nothing where no scale is given."""
    if ledger.is_binary[row]:
        return ", 0 to 1"
    low, high = ledger.texts["min"][row], ledger.texts["max"][row]
    said = [f"from {low}"] if ledger.low.is_value[row] else []
    said += [f"to {high}"] if ledger.high.is_value[row] else []
    return f", {' '.join(said)}" if said else ""


def scale_ends(ledger: Ledger) -> tuple[np.ndarray, np.ndarray]:
    """Return the scales' ends; those of continuous data were observed and rounded."""
    low, low_unit = values_of(ledger.low)
    high, high_unit = values_of(ledger.high)
    spare = np.where(ledger.is_continuous, 1.0, 0.0)
    low = np.where(ledger.low.is_value, low - spare * low_unit, -np.inf)
    high = np.where(ledger.high.is_value, high + spare * high_unit, np.inf)
    return np.where(ledger.is_binary, 0.0, low), np.where(ledger.is_binary, 1.0, high)


def is_outside(ledger: Ledger) -> np.ndarray:
    """Whether each mean lies outside its scale under every rounding; binary data are 0 or 1."""
    low, high = scale_ends(ledger)
    mean, unit = values_of(ledger.mean)
    return np.asarray(ledger.mean.is_value & ((mean + unit < low) | (mean - unit > high)))
