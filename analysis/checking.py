"""Everything that can be checked about a study without building it."""

from __future__ import annotations

from pathlib import Path

from analysis.build.notebooks import all_notebooks, check_notebooks, study_notebooks
from analysis.build.parameters import choose_parameters
from analysis.lint import lint_report
from analysis.preparation import prepare
from analysis.settings import STUDY_FILE, load_study
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
    specs = all_notebooks(folder, faults)
    check_notebooks(specs, faults)
    text = (folder / STUDY_FILE).read_text(encoding="utf-8-sig")
    choose_parameters(specs, study.parameters, {}, text, faults)
    notes += study_notebooks(specs, study)[1]
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
