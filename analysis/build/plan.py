"""The steps of a build, from the study file and the notebooks' own declarations."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from analysis.build.code import code_hash, helpers_of
from analysis.build.notebooks import NotebookSpec
from analysis.build.parameters import Value
from analysis.build.steps import Step
from analysis.settings import StudyFile

__all__ = ["plan_build", "raw_files"]

# sections that notebooks which write nothing for the report do not rest on
TITLE_PAGE = ("study", "manuscript", "lint", "parameters", "build")
TABLE_FORMATS, FIGURE_FORMATS = ("csv", "html", "docx"), ("svg", "png")
SUFFIX = {"html": "html", "docx": "docx", "pdf": "pdf", "jats": "xml"}


Parameters = Mapping[str, Value]
# runs a notebook with parameters: its specification, the values, and the folder of products
RunNotebook = Callable[[NotebookSpec, Parameters, Path], None]


def plan_build(
    folder: Path,
    study: StudyFile,
    specs: list[NotebookSpec],
    run: RunNotebook,
    *,
    formats: Sequence[str],
    engine: str,
    parameters: Mapping[str, Parameters],
    tell: Callable[[str], None] = lambda note: None,
) -> list[Step]:
    """List the steps of a build.

    Parameters
    ----------
    folder : Path
    study : StudyFile
    specs : list of NotebookSpec
        The notebooks that run.
    run : callable
        Runs one of them.
    formats : sequence of str
        Formats of the manuscript, of "html", "docx", "pdf", "jats".
    engine : str
    parameters : mapping
        For each notebook the values that it runs with.
    tell : callable
        Takes what people should know of a step that ran.
    """
    steps: list[Step] = []
    for spec in specs:
        steps += _notebook_steps(folder, study, spec, specs, run, parameters[spec.name])
    return [*steps, _manuscript_step(folder, study, specs, formats, engine, tell)]


def _notebook_steps(
    folder: Path,
    study: StudyFile,
    spec: NotebookSpec,
    specs: list[NotebookSpec],
    run: RunNotebook,
    parameters: Parameters,
) -> list[Step]:
    processed, output = folder / "data-processed", folder / "report" / "output"
    made = {name for other in specs for name in other.writes}
    helpers = helpers_of(spec.sources, (folder / "notebooks", folder))
    inputs = [spec.path, *helpers, *raw_files(folder, study, spec.inputs)]
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

    def run_it() -> None:
        run(spec, parameters, output)

    def export() -> None:
        from analysis.build.kernels import export_html

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
            action=run_it,
        ),
        Step(name=f"{spec.name} as a page", inputs=(executed,), outputs=(html,), action=export),
    ]


def raw_files(folder: Path, study: StudyFile, kinds: Iterable[str]) -> list[Path]:
    """Return the files of a study that stand behind keys of a notebook's ``inputs``."""
    files: list[str | None] = []
    for kind in kinds:
        if kind == "exports":
            files += study.data.exports
        elif kind == "labels":
            files.append(study.data.labels)
        elif kind == "participants" and study.participants:
            files.append(study.participants.file)
        elif kind == "framework" and study.framework:
            framework = study.framework
            files += [framework.dimensions, framework.map, framework.guidance]
        elif kind == "guide" and study.guide:
            files.append(study.guide.file)
        elif kind == "published" and study.published:
            folder_of = folder / study.published.folder
            files += [path.relative_to(folder).as_posix() for path in folder_of.glob("*.csv")]
    found = [path for name in files if name for path in _files_at(folder / name)]
    return list(dict.fromkeys(found))


def _files_at(path: Path) -> list[Path]:
    """Return a file itself, and of a folder in the tidy form all that lies in it."""
    return sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]


def _manuscript_step(
    folder: Path,
    study: StudyFile,
    specs: list[NotebookSpec],
    formats: Sequence[str],
    engine: str,
    tell: Callable[[str], None],
) -> Step:
    report, output = folder / "report", folder / "report" / "output"
    generated = {report / name for spec in specs for name in spec.reports}
    written = {
        path
        for pattern in ("*.qmd", "*.yml", "*.bib", "*.csl", "*.css", "*.scss", "*.docx", "*.md")
        for path in report.glob(pattern)
    }
    for part in ("filters", "prose", "templates", "typst"):
        written |= {path for path in (report / part).rglob("*") if path.is_file()}
    embeds = [output / "embed" / f"{spec.name}.ipynb" for spec in specs]

    def render_all() -> None:
        from analysis.manuscript import render

        made = render(report, output, formats, engine, hidden=study.identifying())
        tell(f"The manuscript was made by {made.note}")

    return Step(
        name="manuscript",
        inputs=(*sorted(written | generated), *embeds),
        outputs=tuple(output / f"manuscript.{SUFFIX[name]}" for name in formats),
        values={
            "code": code_hash(["import analysis.manuscript"]),
            "engine": engine if engine == "pandoc" else f"{engine}: {_quarto()}",
            "formats": ",".join(formats),
            "names to hide": _digest(study.identifying()),
        },
        action=render_all,
    )


def _quarto() -> str:
    """Say which Quarto there is: another one makes other files."""
    if shutil.which("quarto") is None:
        return "no Quarto"
    from analysis.manuscript.quarto import find_quarto

    return find_quarto().name


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
