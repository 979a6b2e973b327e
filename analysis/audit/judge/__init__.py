"""Verdicts of arithmetic: what n, count, percentage, mean, SD and p say of each other.

All values of a table are tested together first, to find the convention that they are judged
by (:mod:`analysis.audit.arithmetic.conventions`); then each gets its verdict and a sentence.
"""

from __future__ import annotations

import numpy as np

from analysis.audit.arithmetic.conventions import CONVENTIONS, TableConvention, joint
from analysis.audit.judge.deviations import check_deviations, judge_deviations
from analysis.audit.judge.findings import Check, Chosen, Finding, Findings, Sizes, limits_of
from analysis.audit.judge.means import check_means, judge_means
from analysis.audit.judge.shares import check_percents, judge_counts, judge_percents
from analysis.audit.judge.summaries import judge_errors, judge_medians, judge_tests
from analysis.audit.ledger import Ledger

__all__ = ["Finding", "Findings", "judge_arithmetic", "limits_of"]


def judge_arithmetic(ledger: Ledger) -> tuple[Findings, list[TableConvention]]:
    """Judge every number of a ledger by arithmetic alone.

    Returns
    -------
    findings : Findings
    conventions : list of TableConvention
        How each section was computed and rounded, as far as its values show together.
    """
    sizes = _sizes(ledger)
    percents, fewer, largest = check_percents(ledger, sizes)
    means, deviations = check_means(ledger, sizes), check_deviations(ledger, sizes)
    names = list(dict.fromkeys(ledger.sections))
    at = {name: position for position, name in enumerate(names)}
    table = np.array([at[name] for name in ledger.sections], dtype=np.int64)
    found = _conventions(ledger, (percents, means, deviations), fewer, table, names)
    chosen = Chosen(
        np.array([one.manner for one in found] or [0])[table],
        np.array([one.alone for one in found] or [0])[table],
        np.array([one.words for one in found] or [""], dtype=object)[table],
    )
    findings = Findings(ledger)
    judge_counts(ledger, sizes, findings)
    judge_percents(ledger, percents, fewer, largest, sizes, chosen, findings)
    good_means = judge_means(ledger, means, chosen, findings)
    judge_deviations(ledger, deviations, means, good_means, chosen, findings)
    judge_medians(ledger, sizes, findings)
    judge_errors(ledger, sizes, findings)
    judge_tests(ledger, findings)
    return findings, [one for one in found if one.cells]


def _sizes(ledger: Ledger) -> Sizes:
    missing = np.where(ledger.missing.is_value, ledger.missing.digits, 0)
    n, whole = ledger.n, ledger.whole
    size = np.where(n.is_value, n.digits, whole.digits) - missing
    has_size = (n.is_value | (whole.is_value & ~n.known)) & (size > 0)
    of = np.where(whole.is_value, whole.digits, n.digits) - missing
    has_of = (whole.is_value | (n.is_value & ~whole.known)) & (of > 0)
    return Sizes(size, has_size, of, has_of)


def _conventions(
    ledger: Ledger,
    checks: tuple[Check, Check, Check],
    fewer: np.ndarray,
    table: np.ndarray,
    names: list[str],
) -> list[TableConvention]:
    percents, means, deviations = checks
    shares = percents.by_convention
    # a percentage of those known tells how it was rounded as well
    smaller = fewer[: len(CONVENTIONS)]
    has_count = ledger.count.is_value[percents.rows]
    shares = np.where(has_count, shares | smaller, np.where(shares.any(axis=0), shares, smaller))
    fits = np.concatenate([shares, means.by_convention, deviations.by_convention], axis=1)
    # an SD whose mean cannot be was tested against every total, which says little of the table
    is_alone = ledger.mean.is_value[deviations.rows] & ~deviations.sums.exist[-1]
    if len(is_alone):
        fits[:, -len(is_alone) :][:, is_alone] = False
    # a mean that stands in the rows of others is tested once
    is_own = np.concatenate(
        [
            np.ones(len(percents.rows), dtype=bool),
            [ledger.texts["mean"][row] is not None for row in means.rows.tolist()],
            np.ones(len(deviations.rows), dtype=bool),
        ]
    ).astype(bool)
    rows = np.concatenate([check.rows for check in checks])
    is_sd = np.repeat([False, False, True], [len(check.rows) for check in checks])
    return joint(fits[:, is_own], table[rows][is_own], names, is_sd[is_own])
