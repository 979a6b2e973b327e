"""The interview guide: its questions, in numbers and as a table."""

from __future__ import annotations

import pandas as pd

from analysis.metrics import Metric
from analysis.tables import Column, Table

__all__ = [
    "guide_facts",
    "guide_table",
]


def guide_facts(guide: pd.DataFrame) -> dict[str, Metric]:
    """Count the questions, in all and by whom they were put to.

    Parameters
    ----------
    guide : DataFrame
        ``group``, ``question``.

    Returns
    -------
    dict
        ``guide.total``; for each audience in the order of the guide ``guide-1.group`` and
        ``guide-1.count``.
    """
    facts: dict[str, Metric] = {"guide.total": len(guide)}
    for at, group in enumerate(guide["group"].unique(), start=1):
        facts[f"guide-{at}.group"] = str(group)
        facts[f"guide-{at}.count"] = int((guide["group"] == group).sum())
    return facts


def guide_table(guide: pd.DataFrame, *, label: str, caption: str) -> Table:
    """Lay out the questions under the people to whom they were put.

    Parameters
    ----------
    guide : DataFrame
        ``group``, ``number``, ``question``.
    label, caption : str
    """
    return Table(
        body=guide[["group", "number", "question"]].fillna("").reset_index(drop=True),
        columns=(
            Column("number", "No.", align="right"),
            Column("question", "Question", align="left"),
        ),
        groups="group",
        caption=caption,
        notes=(),
        label=label,
        synthetic=False,
    )
