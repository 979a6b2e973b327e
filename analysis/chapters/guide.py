"""The interview guide: its questions, in numbers and as a table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.forms import read_form
from analysis.metrics import Metric
from analysis.tables import Column, Table
from analysis.workspace import Workspace
from qdaio.faults import Fault, FaultList, StudyError

__all__ = [
    "guide_facts",
    "guide_of",
    "guide_table",
    "read_guide",
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


def read_guide(path: Path, name: str, faults: FaultList) -> pd.DataFrame:
    """Read the guide: ``group`` (whom it was put to), ``number``, ``question``, in order."""
    columns = ["group", "number", "question"]
    guide = read_form(path, name, columns, faults, filled=["group", "question"])
    return guide.drop(columns="row")


def guide_of(workspace: Workspace) -> pd.DataFrame:
    """Read the guide of a study.

    Raises
    ------
    StudyError
        When the study names none, or it has faults.
    """
    spec = workspace.study.guide
    if spec is None:
        raise StudyError(
            Fault(
                kind="missing-key",
                file="study.toml",
                column="guide",
                remedy="Name the file of the interview guide.",
            )
        )
    faults = FaultList()
    guide = read_guide(workspace.folder / spec.file, spec.file, faults)
    faults.raise_if_any()
    return guide


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
