"""The interview guide as data."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.forms import read_form
from analysis.workspace import Workspace
from qdaio.faults import Fault, FaultList, StudyError

__all__ = ["guide_of", "read_guide"]


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
