"""The steps of a build, from the study file and the notebooks' own declarations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.pipeline.code import code_hash
from analysis.pipeline.execute import Parameters
from analysis.pipeline.notebook import NotebookSpec, study_notebooks
from analysis.pipeline.step import Step
from analysis.settings import StudyFile

__all__ = ["Plan", "plan_build"]

TITLE_PAGE = ("study", "manuscript", "lint", "parameters")
TABLE_FORMATS, FIGURE_FORMATS = ("csv", "html", "docx"), ("svg", "png")
SUFFIX = {"html": "html", "docx": "docx", "pdf": "pdf", "jats": "xml"}


@dataclass(frozen=True)
class Plan:
    """Steps in an order in which they can run, and what the study lacks."""

    steps: list[Step]
    left_out: list[str]


class Kitchen:
    """What steps share while they run: kernels that are started when first needed."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.folder = folder
        self.jobs = jobs
        self._pool: Any = None

    def open(self) -> None:
        """Start the kernels; they warm up while the first steps are looked at."""
        from analysis.pipeline.kernels import KernelPool

        self._pool = KernelPool(self.jobs, self.folder)

    def run(self, spec: NotebookSpec, parameters: Parameters, output: Path) -> None:
        """Run a notebook; write it, and the copy that the manuscript embeds."""
        from analysis.manuscript.embeds import embed_copy
        from analysis.pipeline.execute import execute, write_notebook

        with self._pool.kernel() as manager:
            executed = execute(spec.path, parameters, self.folder, manager)
        write_notebook(executed, output / "notebooks" / f"{spec.name}.ipynb")
        write_notebook(
            embed_copy(executed, spec.path.name), output / "embed" / f"{spec.name}.ipynb"
        )

    def close(self) -> None:
        """Shut the kernels down."""
        if self._pool is not None:
            self._pool.close()


def plan_build(
    folder: Path,
    study: StudyFile,
    kitchen: Kitchen,
    *,
    formats: Sequence[str],
    engine: str,
    parameters: Mapping[str, str | int | float | bool],
) -> Plan:
    """List the steps of a build.

    Parameters
    ----------
    folder : Path
    study : StudyFile
    kitchen : Kitchen
    formats : sequence of str
        Formats of the manuscript, of "html", "docx", "pdf", "jats".
    engine : str
    parameters : mapping
        Parameters from the command line, for each notebook that has one of that name.
    """
    specs, left_out = study_notebooks(folder, study)
    steps: list[Step] = []
    for spec in specs:
        chosen = {**study.parameters.get(spec.name, {})}
        chosen |= {key: value for key, value in parameters.items() if key in spec.parameters}
        steps += _notebook_steps(folder, study, spec, specs, kitchen, chosen)
    steps.append(_manuscript_step(folder, study, specs, formats, engine))
    return Plan(steps=steps, left_out=left_out)


def _notebook_steps(
    folder: Path,
    study: StudyFile,
    spec: NotebookSpec,
    specs: list[NotebookSpec],
    kitchen: Kitchen,
    parameters: Parameters,
) -> list[Step]:
    processed, output = folder / "data-processed", folder / "report" / "output"
    made = {name for other in specs for name in other.writes}
    inputs = [spec.path, *_raw_files(folder, study, spec)]
    inputs += [processed / f"{name}.parquet" for name in spec.reads if name in made]
    outputs = [processed / f"{name}.parquet" for name in spec.writes]
    outputs += [
        output / "tables" / f"{name}.{kind}" for name in spec.tables for kind in TABLE_FORMATS
    ]
    outputs += [
        output / "figures" / f"{name}.{kind}" for name in spec.figures for kind in FIGURE_FORMATS
    ]
    outputs += [folder / "report" / name for name in spec.reports]
    outputs += [output / name for name in spec.pages]
    own = processed / "metrics" / f"{spec.name}.json"
    if spec.metrics:
        outputs.append(own)
    inputs += [
        processed / "metrics" / f"{other.name}.json"
        for other in specs
        if other.metrics
        and other.name != spec.name
        and ("*" in spec.metrics_of or other.name in spec.metrics_of)
    ]
    if spec.reports:
        inputs += sorted((folder / "report" / "prose").glob("*.md"))
        abstract = folder / "report" / "abstract.md"
        inputs += [abstract] if abstract.is_file() else []
        outputs.append(processed / "metrics.json")
    executed = output / "notebooks" / f"{spec.name}.ipynb"
    embedded = output / "embed" / f"{spec.name}.ipynb"
    html = output / "notebooks" / f"{spec.name}.html"
    sections = study.model_dump(exclude=None if spec.reports else set(TITLE_PAGE))

    def run() -> None:
        kitchen.run(spec, parameters, output)

    def export() -> None:
        from analysis.pipeline.execute import export_html

        export_html(executed, html, spec.name)

    return [
        Step(
            name=spec.name,
            inputs=tuple(inputs),
            outputs=(*outputs, executed, embedded),
            values={
                "code": code_hash(spec.sources),
                "parameters": _digest(parameters),
                "study file": _digest(sections),
            },
            action=run,
        ),
        Step(name=f"{spec.name} as a page", inputs=(executed,), outputs=(html,), action=export),
    ]


def _raw_files(folder: Path, study: StudyFile, spec: NotebookSpec) -> list[Path]:
    files: list[str | None] = []
    if "exports" in spec.inputs:
        files += study.data.exports
    if "labels" in spec.inputs:
        files.append(study.data.labels)
    if "participants" in spec.inputs and study.participants:
        files.append(study.participants.file)
    if "framework" in spec.inputs and study.framework:
        framework = study.framework
        files += [framework.dimensions, framework.map, framework.guidance]
    if "guide" in spec.inputs and study.guide:
        files.append(study.guide.file)
    if "published" in spec.inputs and study.published:
        files += [
            path.relative_to(folder).as_posix()
            for path in sorted((folder / study.published.folder).glob("*.csv"))
        ]
    return [path for name in files if name for path in _files_at(folder / name)]


def _files_at(path: Path) -> list[Path]:
    """Return a file itself, and of a folder in the tidy form all that lies in it."""
    return sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]


def _manuscript_step(
    folder: Path,
    study: StudyFile,
    specs: list[NotebookSpec],
    formats: Sequence[str],
    engine: str,
) -> Step:
    report, output = folder / "report", folder / "report" / "output"
    generated = {report / name for spec in specs for name in spec.reports}
    written = {
        path
        for pattern in ("*.qmd", "*.yml", "*.bib", "*.csl", "*.css", "*.scss", "*.docx", "*.md")
        for path in report.glob(pattern)
    }
    for part in ("filters", "prose", "typst"):
        written |= {path for path in (report / part).rglob("*") if path.is_file()}
    embeds = [output / "embed" / f"{spec.name}.ipynb" for spec in specs]

    def render_all() -> None:
        from analysis.manuscript import render

        render(report, output, formats, engine)

    return Step(
        name="manuscript",
        inputs=(*sorted(written | generated), *embeds),
        outputs=tuple(output / f"manuscript.{SUFFIX[name]}" for name in formats),
        values={
            "code": code_hash(["import analysis.manuscript"]),
            "engine": engine,
            "formats": ",".join(formats),
        },
        action=render_all,
    )


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
