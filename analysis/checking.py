"""Everything that can be checked about a study without building it."""

from __future__ import annotations

from pathlib import Path

from analysis.lint import lint_report
from analysis.pipeline.notebook import study_notebooks
from analysis.preparation import prepare
from analysis.settings import load_study
from qdaio.faults import FaultList, StudyError

__all__ = ["check_study"]


def check_study(folder: Path) -> list[str]:
    """Check the study file, all inputs and the manuscript.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of str
        What is not wrong, but good to know.

    Raises
    ------
    StudyError
        With every fault in one go.
    """
    study = load_study(folder)
    faults = FaultList()
    notes: list[str] = []
    names: list[str] = []
    cases: list[str] = []
    try:
        _, left_out = study_notebooks(folder, study)
        notes += left_out
    except StudyError as error:
        faults.extend(error.faults)
    try:
        prepared = prepare(folder, study)
    except StudyError as error:
        faults.extend(error.faults)
    else:
        notes += prepared.warnings
        shown = prepared.codes[prepared.codes["level"] < len(study.hierarchy.levels or [1, 2])]
        names = [*shown["name"], *shown["label"]]
        cases = list(prepared.people.documents["case_id"].dropna().unique())
    faults.extend(lint_report(folder, study.lint.allow, names, cases))
    faults.raise_if_any()
    return notes
