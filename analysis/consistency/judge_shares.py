"""Verdicts on counts and percentages, with their sentences."""

from __future__ import annotations

import numpy as np

from analysis.consistency.checks import Check
from analysis.consistency.conventions import CONVENTIONS
from analysis.consistency.findings import Findings
from analysis.consistency.form import Form
from analysis.consistency.joint import convention_words
from analysis.consistency.percent import percent_counts
from analysis.consistency.verdicts import Verdict
from analysis.consistency.wording import fraction_text, packed, unpacked_words

__all__ = ["judge_counts", "judge_percents"]

# how many missing answers a conjecture may assume
MOST_MISSING = 10


def judge_counts(form: Form, findings: Findings) -> None:
    """Hold each count against its whole."""
    count, text = form.count, form.texts["count"]
    of = np.where(form.whole.is_value, form.whole.digits, form.n.digits)
    has_whole = form.whole.is_value | (form.n.is_value & ~form.whole.known)
    is_tested = count.is_value & has_whole
    is_more = is_tested & (count.digits > of)
    rows = np.flatnonzero(is_tested & ~is_more)
    why = [f"{text[row]} is not more than its whole, {of[row]}." for row in rows.tolist()]
    findings.add("count", rows, Verdict.CONSISTENT, why)
    rows = np.flatnonzero(is_more)
    why = [
        f"{text[row]} is more than its whole, {of[row]}. Check both numbers."
        for row in rows.tolist()
    ]
    findings.add("count", rows, Verdict.INCONSISTENT, why)
    rows = np.flatnonzero(count.known & ~is_tested)
    why = [
        f"{text[row]} is a bound, and counts are compared as numbers."
        if count.relation[row] != "="
        else "Nothing to hold it against: no whole is given."
        for row in rows.tolist()
    ]
    findings.add("count", rows, Verdict.NOT_COMPUTABLE, why)


def judge_percents(
    form: Form, check: Check, whole: np.ndarray, choice: np.ndarray, findings: Findings
) -> None:
    """Hold each percentage against its count and whole, or against all counts of the whole.

    Parameters
    ----------
    form : Form
    check : Check
    whole : ndarray of int
        Of the rows of `check`.
    choice : ndarray of int
        The convention, in `CONVENTIONS`, of the table of each row of `check`.
    findings : Findings
    """
    chosen = [convention_words([pair], with_sd=False) for pair in CONVENTIONS]
    texts = form.texts["percent"]
    shown = [(texts[row] or "").rstrip("% ").lstrip() for row in check.rows.tolist()]
    decimals = (form.percent.decimals[check.rows] + 2).tolist()
    has_count = form.count.is_value[check.rows]
    counts, first, last = form.count.digits[check.rows], check.sums.first[-1], check.sums.last[-1]
    words = packed(check.by_convention)

    def share(at: int, count: int) -> str:
        of = int(whole[at])
        return f"{count} of {of} is {fraction_text(100 * count, of, decimals[at])}%"

    def lead(at: int) -> str:
        if has_count[at]:
            return share(at, int(counts[at]))
        if first[at] == last[at]:
            return share(at, int(first[at]))
        return f"Counts from {first[at]} to {last[at]} of {whole[at]} give it"

    is_good, is_possible = check.under(choice), check.is_possible
    at = np.flatnonzero(is_good)
    why = [
        f"{lead(i)}; printed as {shown[i]}."
        if not unpacked_words(words[i], False)
        else f"{lead(i)}; printed as {shown[i]} by {chosen[choice[i]]}."
        for i in at.tolist()
    ]
    findings.add("percent", check.rows[at], Verdict.CONSISTENT, why)
    at = np.flatnonzero(~is_good & is_possible)
    why = [
        f"{lead(i)}: {shown[i]} comes of {unpacked_words(words[i], False)}, not of "
        f"{chosen[choice[i]]}. Name the convention in a note, or use one for the whole table."
        for i in at.tolist()
    ]
    findings.add("percent", check.rows[at], Verdict.ROUNDING, why)
    at = np.flatnonzero(~is_possible & has_count)
    missing = _missing(form, check, whole, at)
    why = [
        f"{share(i, int(counts[i]))}, not {shown[i]}. Check count, whole and percentage."
        + _conjecture(shown[i], int(first[i]), int(last[i]), int(whole[i]), int(counts[i]), gone)
        for i, gone in zip(at.tolist(), missing, strict=True)
    ]
    findings.add("percent", check.rows[at], Verdict.INCONSISTENT, why)
    at = np.flatnonzero(~is_possible & ~has_count)
    missing = _missing(form, check, whole, at)
    why = [
        f"No count out of {whole[i]} gives {shown[i]}%, however it is rounded: "
        + _neighbours(float(form.percent.digits[check.rows[i]]), decimals[i], int(whole[i]))
        + " Check the percentage and its whole."
        + (f" Conjecture: it fits a whole of {whole[i] - gone}, {gone} fewer." if gone else "")
        for i, gone in zip(at.tolist(), missing, strict=True)
    ]
    findings.add("percent", check.rows[at], Verdict.IMPOSSIBLE, why)
    is_tested = np.zeros(len(form.rows), dtype=bool)
    is_tested[check.rows] = True
    rows = np.flatnonzero(form.percent.known & ~is_tested)
    reason = "Nothing to hold it against: no whole is given."
    findings.add("percent", rows, Verdict.NOT_COMPUTABLE, [reason] * len(rows))


def _missing(form: Form, check: Check, whole: np.ndarray, at: np.ndarray) -> list[int]:
    """Return how many fewer answers each percentage would fit, the count as it is; 0 if none."""
    rows = check.rows[at]
    printed, of = form.percent.take(rows), whole[at]
    count, has_count = form.count.digits[rows], form.count.is_value[rows]
    found = np.zeros(len(at), dtype=np.int64)
    for fewer in range(MOST_MISSING, 0, -1):
        smaller = of - fewer
        sums = percent_counts(printed, np.maximum(smaller, 1))
        fits = sums.exist[0]
        fits &= ~has_count | ((sums.first[0] <= count) & (count <= sums.last[0]))
        found[fits & (smaller > 0)] = fewer
    result: list[int] = found.tolist()
    return result


def _conjecture(shown: str, first: int, last: int, whole: int, count: int, fewer: int) -> str:
    said = []
    if first <= last:
        near = first if abs(first - count) < abs(last - count) else last
        said.append(f"{shown}% is {near} of {whole}")
    if fewer:
        said.append(f"{shown}% is {count} of {whole - fewer}")
    return f" Conjecture: {', or '.join(said)}." if said else ""


def _neighbours(digits: float, decimals: int, whole: int) -> str:
    """Name the counts whose shares lie on either side of a percentage."""
    value = digits / 10 ** (decimals - 2)
    if not 0 <= value <= 100:
        return "a share lies between 0 and 100%."
    below = min(int(value * whole / 100), whole - 1)
    shares = [fraction_text(100 * count, whole, decimals) for count in (below, below + 1)]
    return f"{below} is {shares[0]}% and {below + 1} is {shares[1]}%."
