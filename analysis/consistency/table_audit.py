"""Audit a reported table against itself: no data, no study, only what is printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.consistency.checks import Check, check_deviations, check_means, check_percents
from analysis.consistency.conventions import CONVENTIONS
from analysis.consistency.findings import Findings
from analysis.consistency.form import Form, read_form_table
from analysis.consistency.joint import TableConvention, joint
from analysis.consistency.judge_deviations import judge_deviations
from analysis.consistency.judge_means import judge_means
from analysis.consistency.judge_relations import judge_parts, judge_repeats
from analysis.consistency.judge_shares import judge_counts, judge_percents
from analysis.consistency.verdicts import SEVERITY
from analysis.consistency.witnesses import judge_witnesses

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TableAudit", "audit_table"]


@dataclass(frozen=True, eq=False)
class TableAudit:
    """What an audit found.

    Attributes
    ----------
    claims : DataFrame
        One row a reported value: ``id``, ``place``, ``kind``, ``printed``, ``rebuilt`` (none:
        there are no data to rebuild from), ``verdict``, ``why``.
    conventions : tuple of TableConvention
        How each table was computed and rounded, as far as its values show together.
    """

    claims: pd.DataFrame
    conventions: tuple[TableConvention, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each verdict that occurs, the most severe first."""
        counted = self.claims["verdict"].value_counts()
        return {verdict.value: int(counted[verdict]) for verdict in SEVERITY if verdict in counted}

    def as_dict(self) -> dict[str, Any]:
        """Return the audit as plain values: ``claims``, ``counts`` and ``conventions``."""
        return {
            "claims": [
                {key: None if value != value else value for key, value in claim.items()}
                for claim in self.claims.to_dict("records")
            ],
            "counts": self.counts,
            "conventions": [
                {"table": found.table, "why": found.sentence} for found in self.conventions
            ],
        }


def audit_table(path: Path, name: str | None = None, *, witnesses: bool = False) -> TableAudit:
    """Audit a table that was typed into the form of ``docs/audit-table.md``.

    Parameters
    ----------
    path : Path
        CSV.
    name : str, optional
        How messages call the file; by default its last part.
    witnesses : bool
        Whether to search a sample for each mean and SD of whole numbers (SPRITE): it is shown
        in the sentence, and where a full search finds none the SD is impossible. Slow.

    Returns
    -------
    TableAudit

    Raises
    ------
    StudyError
        With every fault of the file, see :func:`analysis.consistency.form.read_form_table`.
    """
    form = read_form_table(path, name)
    percents, whole = check_percents(form)
    means, deviations = check_means(form), check_deviations(form)
    names = list(dict.fromkeys(form.tables))
    at = {table: position for position, table in enumerate(names)}
    table = np.array([at[found] for found in form.tables], dtype=np.int64)
    conventions = _conventions(form, (percents, means, deviations), table, names)
    choice = np.array([CONVENTIONS.index(found.choice) for found in conventions])[table]
    findings = Findings()
    judge_counts(form, findings)
    judge_percents(form, percents, whole, choice[percents.rows], findings)
    judge_means(form, means, choice[means.rows], findings)
    judge_deviations(form, deviations, choice[deviations.rows], findings)
    if witnesses:
        judge_witnesses(form, deviations, choice[deviations.rows], findings)
    judge_parts(form, findings)
    judge_repeats(form, findings)
    return TableAudit(findings.claims(form), tuple(conventions))


def _conventions(
    form: Form, checks: tuple[Check, ...], table: np.ndarray, names: list[str]
) -> list[TableConvention]:
    fits = np.concatenate([check.by_convention for check in checks], axis=1)
    # an SD whose mean cannot be was tested against every total, which says little of the table
    deviations = checks[-1]
    is_alone = form.mean.is_value[deviations.rows] & ~deviations.sums.exist[-1]
    fits[:, len(is_alone) * -1 :][:, is_alone] = False
    tables = np.concatenate([table[check.rows] for check in checks])
    sizes = [len(check.rows) for check in checks]
    is_sd = np.repeat([False, False, True], sizes)
    return joint(fits, tables, names, is_sd)
