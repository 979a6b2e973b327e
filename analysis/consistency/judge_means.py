"""Verdicts on means, with their sentences."""

from __future__ import annotations

import numpy as np

from analysis.consistency.checks import Check
from analysis.consistency.conventions import CONVENTIONS
from analysis.consistency.findings import Findings
from analysis.consistency.form import Form
from analysis.consistency.grim import ANY, possible_sums
from analysis.consistency.joint import convention_words
from analysis.consistency.ranges import is_outside
from analysis.consistency.verdicts import Verdict
from analysis.consistency.wording import fraction_text, packed, unpacked_words

__all__ = ["judge_means", "untested_reason"]

MOST_MISSING = 10


def judge_means(form: Form, check: Check, choice: np.ndarray, findings: Findings) -> None:
    """Say of each mean whether whole numbers, or its scale, allow it.

    Parameters
    ----------
    form : Form
    check : Check
    choice : ndarray of int
        The convention, in `CONVENTIONS`, of the table of each row of `check`.
    findings : Findings
    """
    outside = is_outside(form)
    _judge_ranges(form, check, outside, findings)
    chosen = [convention_words([pair], with_sd=False) for pair in CONVENTIONS]
    texts, rows = form.texts["mean"], check.rows
    parts = (form.n.digits * form.items)[rows]
    decimals = form.mean.decimals[rows]
    finer = (decimals + 2).tolist()
    first, last = check.sums.first[ANY], check.sums.last[ANY]
    words = packed(check.by_convention)
    cannot_fail = parts >= 10.0**decimals

    def lead(at: int) -> str:
        if first[at] == last[at]:
            total, of = int(first[at]), int(parts[at])
            return f"{total} / {of} is {fraction_text(total, of, finer[at])}"
        return f"Totals from {first[at]} to {last[at]} of {_numbers(form, rows[at])} give it"

    is_good, is_possible = check.under(choice), check.is_possible
    at = np.flatnonzero(is_good)
    why = [
        f"{lead(i)}; printed as {texts[rows[i]]}"
        + (f" by {chosen[choice[i]]}." if unpacked_words(words[i], False) else ".")
        + (" (So large an n allows every mean with so few decimals.)" if cannot_fail[i] else "")
        for i in at.tolist()
    ]
    findings.add("mean", rows[at], Verdict.CONSISTENT, why)
    at = np.flatnonzero(~is_good & is_possible)
    why = [
        f"{lead(i)}: {texts[rows[i]]} comes of {unpacked_words(words[i], False)}, not of "
        f"{chosen[choice[i]]}. Name the convention in a note, or use one for the whole table."
        for i in at.tolist()
    ]
    findings.add("mean", rows[at], Verdict.ROUNDING, why)
    at = np.flatnonzero(~is_possible & ~outside[rows])
    why = [
        f"{_numbers(form, rows[i])} cannot have the mean {texts[rows[i]]}, however it is rounded: "
        + _neighbours(int(form.mean.digits[rows[i]]), int(decimals[i]), int(parts[i]))
        + " Check the mean, the n, and whether every answer is a whole number."
        + (f" Conjecture: it fits n = {form.n.digits[rows[i]] - gone}, {gone} fewer." * bool(gone))
        for i, gone in zip(at.tolist(), _missing(form, rows[at]), strict=True)
    ]
    findings.add("mean", rows[at], Verdict.IMPOSSIBLE, why)


def untested_reason(form: Form, row: int) -> str:
    """Say why a mean or an SD cannot be tested."""
    if form.is_continuous[row]:
        return "The data are continuous, and any value with so many decimals can occur."
    if not form.is_integer[row]:
        return (
            "The form does not say whether the answers are whole numbers (column data), and "
            "other data can give any value."
        )
    return "The n is not given."


def _judge_ranges(form: Form, check: Check, outside: np.ndarray, findings: Findings) -> None:
    texts = form.texts["mean"]
    rows = np.flatnonzero(outside)
    why = [
        f"{texts[row]} lies outside its scale{_scale(form, row)}. Check the mean and the scale."
        for row in rows.tolist()
    ]
    findings.add("mean", rows, Verdict.IMPOSSIBLE, why)
    is_tested = np.zeros(len(form.rows), dtype=bool)
    is_tested[check.rows] = True
    has_range = form.low.is_value | form.high.is_value | form.is_binary
    rest = form.mean.known & ~is_tested & ~outside
    rows = np.flatnonzero(rest & has_range & form.mean.is_value)
    why = [f"{texts[row]} lies on its scale{_scale(form, row)}." for row in rows.tolist()]
    findings.add("mean", rows, Verdict.CONSISTENT, why)
    rows = np.flatnonzero(rest & ~has_range & form.mean.is_value)
    why = [untested_reason(form, row) for row in rows.tolist()]
    findings.add("mean", rows, Verdict.NOT_COMPUTABLE, why)
    rows = np.flatnonzero(form.mean.known & ~form.mean.is_value)
    why = [f"{texts[row]} is a bound, not a value." for row in rows.tolist()]
    findings.add("mean", rows, Verdict.NOT_COMPUTABLE, why)


def _scale(form: Form, row: int) -> str:
    if form.is_binary[row]:
        return ", 0 to 1"
    low, high = form.texts["min"][row], form.texts["max"][row]
    said = [f"from {low}"] if form.low.is_value[row] else []
    said += [f"to {high}"] if form.high.is_value[row] else []
    return f", {' '.join(said)}" if said else ""


def _numbers(form: Form, row: int) -> str:
    n, items = int(form.n.digits[row]), int(form.items[row])
    said = "1 whole number" if n == 1 else f"{n} whole numbers"
    if form.is_binary[row]:
        said = f"{n} zeros and ones"
    return said if items == 1 else f"{n} means of {items} whole numbers"


def _neighbours(digits: int, decimals: int, parts: int) -> str:
    below = digits * parts // 10**decimals
    near = [fraction_text(total, parts, decimals + 2) for total in (below, below + 1)]
    return f"{below} / {parts} is {near[0]} and {below + 1} / {parts} is {near[1]}."


def _missing(form: Form, rows: np.ndarray) -> list[int]:
    """Return how many fewer answers each mean would fit, rounded; 0 if not a few."""
    found = np.zeros(len(rows), dtype=np.int64)
    mean, n, items = form.mean.take(rows), form.n.digits[rows], form.items[rows]
    for fewer in range(MOST_MISSING, 0, -1):
        smaller = n - fewer
        sums = possible_sums(mean, np.maximum(smaller, 1), items)
        found[sums.exist[0] & (smaller > 0)] = fewer
    result: list[int] = found.tolist()
    return result
