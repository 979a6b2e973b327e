"""Verdicts on standard deviations, with their sentences."""

from __future__ import annotations

import numpy as np

from analysis.consistency.checks import Check
from analysis.consistency.conventions import CONVENTIONS
from analysis.consistency.findings import Findings
from analysis.consistency.form import Form
from analysis.consistency.grim import Sums
from analysis.consistency.joint import convention_words
from analysis.consistency.judge_means import untested_reason
from analysis.consistency.nearest import nearest_deviations
from analysis.consistency.ranges import is_outside, largest_deviation
from analysis.consistency.verdicts import Verdict
from analysis.consistency.wording import packed, unpacked_words

__all__ = ["judge_deviations"]


def judge_deviations(form: Form, check: Check, choice: np.ndarray, findings: Findings) -> None:
    """Say of each SD whether whole numbers with its mean, or its scale, allow it.

    Parameters
    ----------
    form : Form
    check : Check
    choice : ndarray of int
        The convention, in `CONVENTIONS`, of the table of each row of `check`.
    findings : Findings
    """
    rows = check.rows
    is_blameless = form.mean.is_value[rows] & ~check.sums.exist[-1]
    can_be = form.mean.is_value & ~is_outside(form)
    can_be[rows[is_blameless]] = False
    largest = largest_deviation(form, can_be)
    unit = 10.0**-form.sd.decimals
    is_beyond = form.sd.is_value & (form.sd.digits * unit - unit > largest)
    is_negative = form.sd.is_value & (form.sd.digits < 0)
    _judge_untested(form, check, is_beyond, is_negative, largest, can_be, findings)
    chosen = [convention_words([pair]) for pair in CONVENTIONS]
    texts = form.texts["sd"]
    words = packed(check.by_convention)
    is_good, is_possible = check.under(choice), check.is_possible

    at = np.flatnonzero(is_possible & is_blameless)
    why = [
        f"The mean {form.texts['mean'][rows[i]]}, which it goes with, cannot be itself."
        for i in at.tolist()
    ]
    findings.add("sd", rows[at], Verdict.NOT_COMPUTABLE, why)
    at = np.flatnonzero(is_good & ~is_blameless)
    why = [
        f"{_sample(form, rows[i])} can have the SD {texts[rows[i]]}"
        + (f" ({chosen[choice[i]]})." if unpacked_words(words[i], True) else ".")
        for i in at.tolist()
    ]
    findings.add("sd", rows[at], Verdict.CONSISTENT, why)
    at = np.flatnonzero(~is_good & is_possible & ~is_blameless)
    why = [
        f"{_sample(form, rows[i])} have the SD {texts[rows[i]]} as "
        f"{unpacked_words(words[i], True)}, not as {chosen[choice[i]]}. "
        "Name the convention in a note, or use one for the whole table."
        for i in at.tolist()
    ]
    findings.add("sd", rows[at], Verdict.ROUNDING, why)
    at = np.flatnonzero(~is_possible & ~(is_beyond | is_negative)[rows])
    sums = Sums(check.sums.first[:, at], check.sums.last[:, at])
    near = nearest_deviations(sums, form.sd.take(rows[at]), check.scale.take(at))
    why = [
        f"{_sample(form, rows[i])} cannot have the SD {texts[rows[i]]}, of a sample or of a "
        f"population, however it is rounded{_near(four, int(form.sd.decimals[rows[i]]))}. "
        "Check SD, mean and n, and whether every answer is a whole number."
        for i, four in zip(at.tolist(), near.T.tolist(), strict=True)
    ]
    findings.add("sd", rows[at], Verdict.IMPOSSIBLE, why)


def _judge_untested(
    form: Form,
    check: Check,
    is_beyond: np.ndarray,
    is_negative: np.ndarray,
    largest: np.ndarray,
    can_be: np.ndarray,
    findings: Findings,
) -> None:
    texts, sd = form.texts["sd"], form.sd
    rows = np.flatnonzero(is_negative)
    why = [f"{texts[row]} is below 0, and no SD is. Check the sign." for row in rows.tolist()]
    findings.add("sd", rows, Verdict.IMPOSSIBLE, why)
    rows = np.flatnonzero(is_beyond)
    why = [
        f"On its scale{_with_mean(form, row) * bool(can_be[row])} an SD is at most "
        f"{largest[row]:.{sd.decimals[row] + 1}f}, and {texts[row]} is printed. "
        "Check SD, mean and scale."
        for row in rows.tolist()
    ]
    findings.add("sd", rows, Verdict.IMPOSSIBLE, why)
    is_tested = is_beyond | is_negative
    is_tested[check.rows] = True
    rows = np.flatnonzero(sd.is_value & ~is_tested & np.isfinite(largest))
    why = [
        f"On its scale{_with_mean(form, row)} an SD can be as large as "
        f"{largest[row]:.{sd.decimals[row] + 1}f}."
        for row in rows.tolist()
    ]
    findings.add("sd", rows, Verdict.CONSISTENT, why)
    rows = np.flatnonzero(sd.is_value & ~is_tested & ~np.isfinite(largest))
    findings.add(
        "sd", rows, Verdict.NOT_COMPUTABLE, [untested_reason(form, row) for row in rows.tolist()]
    )
    rows = np.flatnonzero(sd.known & ~sd.is_value)
    why = [f"{texts[row]} is a bound, not a value." for row in rows.tolist()]
    findings.add("sd", rows, Verdict.NOT_COMPUTABLE, why)


def _sample(form: Form, row: int) -> str:
    n, items = int(form.n.digits[row]), int(form.items[row])
    numbers = "zeros and ones" if form.is_binary[row] else "whole numbers"
    said = f"{n} {numbers}" if items == 1 else f"{n} means of {items} {numbers}"
    return said + _with_mean(form, row)


def _with_mean(form: Form, row: int) -> str:
    return f" with the mean {form.texts['mean'][row]}" if form.mean.is_value[row] else ""


def _near(four: list[float], decimals: int) -> str:
    said = []
    for kind, pair in (("sample", four[:2]), ("population", four[2:])):
        values = [f"{value:.{decimals + 2}f}" for value in pair if value == value]
        if values:
            said.append(f"{' and '.join(values)} ({kind})")
    return f"; the nearest are {', '.join(said)}" if said else ""
