"""Medians, standard errors and p values: what stands between ends, and what follows."""

from __future__ import annotations

import numpy as np

from analysis.audit.arithmetic.grim import possible_sums
from analysis.audit.arithmetic.significance import parse_statistic, significance
from analysis.audit.judge.findings import (
    SLACK,
    Findings,
    Sizes,
    limits_of,
    numbers_words,
    partner,
    sd_text,
)
from analysis.audit.ledger import Ledger, parse_range
from analysis.audit.verdicts import Verdict

__all__ = ["judge_errors", "judge_medians", "judge_tests"]


def judge_medians(ledger: Ledger, sizes: Sizes, findings: Findings) -> None:
    """Test medians of whole numbers, which end in .0 or .5, and what lies between two ends."""
    texts = ledger.texts
    is_tested = ledger.is_integer & sizes.has_n & ledger.median.is_value
    rows = np.flatnonzero(is_tested)
    if len(rows):
        halves = np.where(sizes.n[rows] % 2 == 0, 2, 1)
        exist = possible_sums(ledger.median.take(rows), halves, ledger.items[rows]).exist[-1]
        good, wrong = rows[exist], rows[~exist]
        findings.add(
            "median",
            good,
            Verdict.CONSISTENT,
            lambda at: f"{sizes.n[good[at]]} whole numbers can have this median.",
        )
        findings.add(
            "median",
            wrong,
            Verdict.IMPOSSIBLE,
            lambda at: (
                f"The median of {numbers_words(ledger, int(wrong[at]), int(sizes.n[wrong[at]]))}"
                f" is one of them, or halfway between two; {texts['median'][wrong[at]]} is neither."
                " Check the median and whether every answer is a whole number."
            ),
        )
    around = [texts[column] for column in ("range", "ci", "low", "high")]
    has_ends = np.array([any(cells) for cells in zip(*around, strict=True)], dtype=bool)
    for column in ("median", "centre", "mean"):
        for row in np.flatnonzero(findings.owns(column) & has_ends).tolist():
            value = _float(texts[column][row])
            for low, high, shown in _pairs_around(ledger, row, column):
                if value is None:
                    continue
                if low - SLACK <= value <= high + SLACK:
                    if column != "mean":
                        findings.add(
                            column, [row], Verdict.CONSISTENT, f"It lies between its ends, {shown}."
                        )
                else:
                    findings.add(
                        column,
                        [row],
                        Verdict.INCONSISTENT,
                        f"{texts[column][row]} does not lie between {shown}, printed beside it.",
                    )


def _pairs_around(ledger: Ledger, row: int, column: str) -> list[tuple[float, float, str]]:
    """Return the ends between which a value has to lie: of its range, its quartiles, its CI."""
    found = []
    texts = ledger.texts
    names = ("range", "ci") if column == "mean" else ("range",)
    for name in names:
        text = texts[name][row]
        if text and not texts["printed"][row]:
            try:
                low, high = parse_range(text)
            except ValueError:
                continue
            found.append((float(low), float(high), text))
    low_text, high_text = texts["low"][row], texts["high"][row]
    if column != "mean" and low_text and high_text:
        ends = _float(low_text), _float(high_text)
        if ends[0] is not None and ends[1] is not None:
            found.append((ends[0], ends[1], f"{low_text} and {high_text}"))
    return found


def _float(text: str | None) -> float | None:
    from analysis.audit.arithmetic.printed import parse_number

    try:
        number = parse_number(text)
    except ValueError:
        return None
    return None if number is None or number.relation != "=" else float(number.value)


def judge_errors(ledger: Ledger, sizes: Sizes, findings: Findings) -> None:
    """Hold a standard error against its SD and n."""
    rows = np.flatnonzero(findings.owns("se") & ledger.se.is_value)
    sd_low, sd_high = limits_of(ledger.sd)
    se_low, se_high = limits_of(ledger.se)
    for row in rows.tolist():
        text = ledger.texts["se"][row]
        if not (ledger.sd.is_value[row] and sizes.has_n[row] and sizes.n[row] > 1):
            findings.add("se", [row], Verdict.NOT_COMPUTABLE, "No SD and n to hold it against.")
            continue
        n = int(sizes.n[row])
        least, most = sd_low[row] / n**0.5, sd_high[row] / (n - 1) ** 0.5
        said = f"{ledger.texts['sd'][row] or sd_text(ledger, row)} / √{n} is about {least:.4g}"
        if least <= se_high[row] + SLACK and most >= se_low[row] - SLACK:
            findings.add("se", [row], Verdict.CONSISTENT, f"{said}; printed as {text}.")
        else:
            why = f"{said}, not {text}. Check SD, SE and n, and which of the two is printed."
            findings.add("se", [row], Verdict.INCONSISTENT, why, partner(row, "sd"))


def judge_tests(ledger: Ledger, findings: Findings) -> None:
    """Compute p anew where a statistic and its degrees of freedom are printed."""
    for row in np.flatnonzero(findings.owns("p")).tolist():
        printed, statistic = ledger.texts["p"][row] or "", ledger.texts["statistic"][row]
        found = parse_statistic(statistic or "")
        if found is None:
            why = "No statistic with its degrees of freedom to compute it from."
            findings.add("p", [row], Verdict.NOT_COMPUTABLE, why)
            continue
        kind, value, first, second = found
        try:
            tested = significance(kind, value, printed, first, second)
        except ValueError:
            findings.add("p", [row], Verdict.NOT_COMPUTABLE, f"“{printed}” is no number.")
            continue
        sides = f"{tested.low:.3g} to {tested.high:.3g}"
        if tested.sides:
            how = "" if tested.sides == 2 else ", one-sided"
            why = f"{statistic} gives p from {sides}; {printed} fits{how}."
            findings.add("p", [row], Verdict.CONSISTENT, why)
            findings.add("statistic", [row], Verdict.CONSISTENT, why)
            continue
        if "corrected" in ledger.rules[row] and tested.is_larger:
            why = (
                f"{statistic} gives p from {sides}, which a correction of the text may have made "
                f"{printed}."
            )
            findings.add("p", [row], Verdict.NOT_COMPUTABLE, why)
            findings.add("statistic", [row], Verdict.NOT_COMPUTABLE, why)
            continue
        why = (
            f"{statistic} gives p from {sides}{', two-sided' if kind in 'trz' else ''}, not "
            f"{printed}. Check the statistic, its degrees of freedom and p."
        )
        findings.add("p", [row], Verdict.INCONSISTENT, why)
        findings.add("statistic", [row], Verdict.INCONSISTENT, why)
