"""`study build`: everything that is out of date, rebuilt, and told why."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.pipeline.fresh import Record, all_fresh, left_behind
from analysis.pipeline.plan import Kitchen, plan_build
from analysis.pipeline.run import Outcome, Ran, run_steps
from analysis.settings import load_study
from qdaio.faults import FaultList, StudyError

__all__ = ["BuildResult", "build"]


@dataclass(frozen=True)
class BuildResult:
    """What a build did, and what it wants people to know."""

    outcome: Outcome
    products: list[Path]
    notes: list[str]


def build(
    folder: Path,
    *,
    formats: Sequence[str] | None = None,
    engine: str | None = None,
    parameters: Mapping[str, str | int | float | bool] | None = None,
    jobs: int | None = None,
    force: bool = False,
    started: Callable[[str, list[str]], None] = lambda name, why: None,
    finished: Callable[[Ran], None] = lambda ran: None,
) -> BuildResult:
    """Rebuild what is out of date in the study of `folder`.

    Parameters
    ----------
    folder : Path
    formats : sequence of str, optional
        Formats of the manuscript; by default those of the study file.
    engine : {"auto", "quarto", "pandoc"}, optional
    parameters : mapping, optional
        Parameters for notebooks, before those of the study file.
    jobs : int, optional
        Notebooks at a time; by default the number of processors, at most 4.
    force : bool
        Run everything.
    started, finished : callable
        Told of each step.

    Raises
    ------
    StudyError
        With every fault; earlier products stay as they were.
    """
    folder = folder.resolve()
    study = load_study(folder)
    jobs = jobs or min(4, os.cpu_count() or 1)
    kitchen = Kitchen(folder, jobs)
    plan = plan_build(
        folder,
        study,
        kitchen,
        formats=formats or study.manuscript.formats,
        engine=engine or study.manuscript.engine,
        parameters=parameters or {},
    )
    _check_parameters(parameters or {}, folder, study)
    made = {path for step in plan.steps for path in step.outputs}
    products = [path for step in plan.steps for path in step.outputs if path.suffix != ".parquet"]
    before = Record.read(folder)
    if not force and all_fresh(plan.steps, folder):
        fresh = [step.name for step in plan.steps]
        return BuildResult(Outcome([], fresh), products, _notes(folder, plan.left_out))
    if any(not path.is_file() for step in plan.steps for path in step.inputs if path not in made):
        _raise_all_faults(folder, [path for step in plan.steps for path in step.inputs], made)
    kitchen.open()
    try:
        outcome = run_steps(
            plan.steps, folder, jobs=jobs, force=force, started=started, finished=finished
        )
    except StudyError as error:
        if any(fault.kind == "notebook-failed" for fault in error.faults):
            _raise_all_faults(folder, [], made)
        raise
    finally:
        kitchen.close()
    for path in left_behind(plan.steps, before, folder):
        path.unlink()
    return BuildResult(outcome, products, _notes(folder, plan.left_out))


def _check_parameters(parameters: Mapping[str, object], folder: Path, study: object) -> None:
    from analysis.pipeline.notebook import read_notebook

    known: set[str] = set()
    for path in sorted((folder / "notebooks").glob("*.ipynb")):
        known |= set(read_notebook(path).parameters)
    faults = FaultList()
    for name in parameters:
        if name not in known:
            faults.add(
                kind="unknown-parameter",
                column=name,
                expected=", ".join(sorted(known)),
                remedy="Use a parameter of one of the notebooks: their cell tagged "
                "`parameters` explains each.",
            )
    faults.raise_if_any()


def _raise_all_faults(folder: Path, inputs: list[Path], made: set[Path]) -> None:
    """Raise every fault of the study's files, where there are any.

    A build that meets bad input says all that is wrong with all files, not only with the
    one that stopped it first; so the checks run once more, by themselves.
    """
    from analysis.preparation import prepare

    faults = FaultList()
    try:
        prepare(folder, load_study(folder))
    except StudyError as error:
        faults.extend(error.faults)
    known = {fault.file for fault in faults}
    for path in dict.fromkeys(inputs):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() and path not in made and name not in known:
            faults.add(
                kind="missing-file",
                file=name,
                remedy="Put the file back, or correct its path in study.toml.",
            )
    faults.raise_if_any()


def _notes(folder: Path, left_out: list[str]) -> list[str]:
    path = folder / "data-processed" / "warnings.json"
    said = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return [*left_out, *said]
