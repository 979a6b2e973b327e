"""`study build`: rebuilds everything that is out of date, and says why."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.build.manifest import (
    begin,
    build_id,
    is_made,
    out_of_step,
    record,
)
from analysis.build.notebooks import NotebookSpec, all_notebooks, check_notebooks, study_notebooks
from analysis.build.parameters import (
    Value,
    choose_parameters,
    given_values,
    save_parameters,
    study_words,
    variant_parameters,
)
from analysis.build.plan import plan_build
from analysis.build.steps import Outcome, Ran, Step, recorded_products, run_steps
from analysis.languages import find_language
from analysis.settings import StudyFile
from analysis.studyfile import STUDY_FILE, load_study
from qdaio.faults import Fault, FaultList, StudyError

if TYPE_CHECKING:
    from analysis.build.kernels import Kernels

__all__ = ["BuildResult", "build", "left_behind"]

LOCK = "data-processed/.building"


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
    parameters: Mapping[str, Value] | None = None,
    save: bool = False,
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
        Parameters for notebooks, before those of the study file. Texts are read as the
        type that the notebook's default has.
    save : bool
        Write them into the study file, for the builds to come.
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
    faults = FaultList()
    known = all_notebooks(folder, faults)
    check_notebooks(known, faults)
    text = (folder / STUDY_FILE).read_text(encoding="utf-8-sig")
    words = study_words(study)
    chosen = choose_parameters(known, study.parameters, parameters or {}, text, faults, words=words)
    variants = variant_parameters(known, study, chosen, text, faults)
    faults.raise_if_any()
    if save and parameters:
        save_parameters(folder, given_values(parameters, chosen))
        study = load_study(folder)
    specs, left_out = study_notebooks(known, study)
    runner = _Runner(folder, study, jobs, len(specs) * (1 + len(variants)))
    formats = formats or study.manuscript.formats
    told: list[str] = []
    steps = plan_build(
        folder,
        study,
        specs,
        runner.run,
        formats=formats,
        engine=engine or study.manuscript.engine,
        parameters=chosen,
        variants=variants,
        tell=told.append,
    )
    made = {path for step in steps for path in step.outputs}
    inputs = dict.fromkeys(path for step in steps for path in step.inputs if path not in made)
    if any(not path.is_file() for path in inputs):
        _raise_all_faults(folder)
        raise StudyError(
            Fault(
                kind="missing-file",
                file=path.relative_to(folder).as_posix(),
                found="no such file",
                remedy="Put the file back, or correct its path.",
            )
            for path in inputs
            if not path.is_file()
        )
    with _only_build(folder):
        before = recorded_products(folder)
        # numbers and tables of a notebook that runs no more must not reach those that do
        for path in left_behind(steps, before, folder):
            if path.is_relative_to(folder / "data-processed"):
                path.unlink()
        build = build_id(folder, steps)
        first = [True]

        def begun(name: str, why: list[str]) -> None:
            if first and first.pop():
                begin(folder, build)
            started(name, why)

        try:
            outcome = run_steps(
                steps,
                folder,
                jobs=jobs,
                force=force,
                started=begun,
                finished=finished,
                stop=runner.close,
            )
        except StudyError:
            _raise_all_faults(folder)
            raise
        finally:
            runner.close()
        for path in left_behind(steps, before, folder):
            path.unlink()
        record(folder, build, steps)
    products = [path for step in steps for path in step.outputs if path.suffix != ".parquet"]
    unsaid = find_language(study.study.language).notes
    return BuildResult(
        outcome, products, [*left_out, *unsaid, *_warnings(folder), *told, *out_of_step(folder)]
    )


class _Runner:
    """Runs notebooks, with kernels that are started when the first of them runs."""

    def __init__(self, folder: Path, study: StudyFile, jobs: int, total: int) -> None:
        self._folder = folder
        self._settings = study.build
        notice = find_language(study.study.language).page["synthetic"]
        self._notice = notice if study.is_synthetic else ""
        self._jobs = jobs
        self._total = total
        self._opened: Kernels | None = None
        self._lock = threading.Lock()

    def run(self, spec: NotebookSpec, parameters: Mapping[str, Value], output: Path) -> None:
        """Run a notebook; write it, and the copy that the manuscript embeds."""
        from analysis.build.kernels import Kernels, execute, write_notebook
        from analysis.manuscript.embeds import embed_copy

        with self._lock:
            self._opened = self._opened or Kernels(self._folder, self._jobs, self._total)
        with self._opened.kernel() as manager:
            executed = execute(
                spec.path,
                parameters,
                manager,
                cwd=self._folder,
                minutes=self._settings.minutes,
                show_errors=self._settings.show_errors,
            )
        write_notebook(executed, output / "notebooks" / f"{spec.name}.ipynb")
        copy = embed_copy(executed, spec.path.name, self._notice)
        write_notebook(copy, output / "embed" / f"{spec.name}.ipynb")

    def close(self) -> None:
        """End all kernels."""
        if self._opened is not None:
            self._opened.close()


@contextmanager
def _only_build(folder: Path) -> Iterator[None]:
    """Hold the study for this build; the system lets go of it however the build ends."""
    path = folder / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as stream:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StudyError(
                Fault(
                    kind="build-running",
                    file=folder.name,
                    found="another build of this study that is running",
                    remedy="Wait until it is done, or stop it.",
                )
            ) from error
        yield


def left_behind(
    steps: Sequence[Step], before: Mapping[str, Mapping[str, str]], root: Path
) -> list[Path]:
    """List files that the last build made and this one does not make any more.

    A manuscript in a format that was not asked for this time is not among them, and
    nothing that lies outside the folders in which builds make things, whatever the record
    says.
    """
    made = {path for step in steps for path in step.outputs}
    names = {step.name for step in steps}
    gone = [
        root / name
        for step, products in sorted(before.items())
        if step != "manuscript" and not (step.startswith("manuscript (") and step in names)
        for name in sorted(products)
        if root / name not in made
    ]
    if not gone:  # as in nearly every build: the disk need not be asked
        return []
    kept = {path.resolve() for path in made}
    resolved = [path.resolve() for path in gone]
    return [p for p in resolved if p.is_file() and p not in kept and is_made(p, root.resolve())]


def _raise_all_faults(folder: Path) -> None:
    """Raise everything that is wrong with a study, where `study check` finds anything.

    A build that meets bad input says all that is wrong with all files, not only with the
    one that stopped it first.
    """
    from analysis.check.study import find_faults

    faults, _ = find_faults(folder)
    if faults:
        raise StudyError(faults)


def _warnings(folder: Path) -> list[str]:
    path = folder / "data-processed" / "warnings.json"
    said = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return [str(line) for line in said]
