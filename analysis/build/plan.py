"""The steps of a build, from the study file and the notebooks' own declarations."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.build.code import code_hash, helpers_of
from analysis.build.notebooks import NotebookSpec
from analysis.build.parameters import Value
from analysis.build.steps import Step
from analysis.settings import StudyFile
from analysis.workspace import VARIANTS

__all__ = ["plan_build", "raw_files"]

# sections that notebooks which write nothing for the report do not rest on
TITLE_PAGE = ("study", "manuscript", "lint", "parameters", "variants", "build")
# tables that the page to explore the study shows
EXPLORED = ("codes", "codings", "documents", "groupings", "participants", "quotations")
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
    variants: Mapping[str, Mapping[str, Parameters]] | None = None,
    tell: Callable[[str], None] = lambda note: None,
) -> list[Step]:
    """List the steps of a build.

    A variant runs the notebooks whose parameters differ from the study's own, and those that
    use what they make; all else is made once.

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
    variants : mapping, optional
        The same for each variant of the study.
    tell : callable
        Takes what people should know of a step that ran.
    """
    base = _Place(folder)
    steps: list[Step] = []
    for spec in specs:
        steps += _notebook_steps(base, study, spec, specs, run, parameters[spec.name])
    for name, values in (variants or {}).items():
        own = _own_notebooks(specs, parameters, values)
        place = _Place(folder, name, frozenset(spec.name for spec in own))
        for spec in own:
            steps += _notebook_steps(place, study, spec, specs, run, values[spec.name])
        manuscript = _manuscript_step(place, study, specs, formats, engine, tell)
        # it brings the variant's copy of the text up to date, which the page of traces reads
        steps += [manuscript, *_page_steps(place, study, specs, tell, after=manuscript.outputs)]
    steps += _page_steps(base, study, specs, tell)
    return [*steps, _manuscript_step(base, study, specs, formats, engine, tell)]


@dataclass(frozen=True)
class _Place:
    """Where a build, or a variant of it, puts what it makes, and takes what it does not make."""

    folder: Path
    variant: str = ""
    own: frozenset[str] = frozenset()  # the notebooks that a variant runs itself

    def makes(self, spec: NotebookSpec) -> bool:
        """Whether this build itself runs a notebook."""
        return not self.variant or spec.name in self.own

    def processed(self, spec: NotebookSpec) -> Path:
        """Return where the tables of a notebook stand."""
        return self.home if self.makes(spec) else self.folder / VARIANTS[0]

    def output(self, spec: NotebookSpec) -> Path:
        """Return where its products stand."""
        return self.products if self.makes(spec) else self.folder / "report" / "output"

    @property
    def home(self) -> Path:
        """Where tables and numbers are written."""
        parts = (*VARIANTS, self.variant) if self.variant else VARIANTS[:1]
        return self.folder.joinpath(*parts)

    @property
    def products(self) -> Path:
        """Where tables, figures and manuscripts are written."""
        output = self.folder / "report" / "output"
        return output / "variants" / self.variant if self.variant else output

    @property
    def report(self) -> Path:
        """Where the manuscript stands: a variant has a copy of it."""
        return (self.home if self.variant else self.folder) / "report"

    def called(self, name: str) -> str:
        """Return what a step is called."""
        return f"{name} ({self.variant})" if self.variant else name


def _own_notebooks(
    specs: list[NotebookSpec],
    parameters: Mapping[str, Parameters],
    values: Mapping[str, Parameters],
) -> list[NotebookSpec]:
    """Return the notebooks that a variant runs itself, in their order."""
    changed = {
        spec.name: {
            name
            for name in values[spec.name].keys() | parameters[spec.name].keys()
            if values[spec.name].get(name) != parameters[spec.name].get(name)
        }
        for spec in specs
    }
    own = {spec.name for spec in specs if spec.reports or changed[spec.name]}
    # others use what these make, unless only what is shown changed
    spreading = {spec.name for spec in specs if changed[spec.name] - set(spec.display)}
    size = -1
    while size < len(spreading):
        size = len(spreading)
        made = {name for spec in specs if spec.name in spreading for name in spec.writes}
        counting = {spec.name for spec in specs if spec.metrics and spec.name in spreading}
        for spec in specs:
            used = counting - {spec.name}
            if "*" not in spec.metrics_of:
                used &= set(spec.metrics_of)
            if used or made & set(spec.reads):
                spreading.add(spec.name)
    own |= spreading
    return [spec for spec in specs if spec.name in own]


def _notebook_steps(
    place: _Place,
    study: StudyFile,
    spec: NotebookSpec,
    specs: list[NotebookSpec],
    run: RunNotebook,
    parameters: Parameters,
) -> list[Step]:
    folder, processed, output = place.folder, place.home, place.products
    made = {name: other for other in specs for name in other.writes}
    helpers = helpers_of(spec.sources, (folder / "notebooks", folder))
    inputs = [spec.path, *helpers, *raw_files(folder, study, spec.inputs)]
    inputs += [
        place.processed(made[name]) / f"{name}.parquet" for name in spec.reads if name in made
    ]
    outputs = [processed / f"{name}.parquet" for name in spec.writes]
    outputs += [
        output / "tables" / f"{name}.{kind}" for name in spec.tables for kind in TABLE_FORMATS
    ]
    outputs += [
        output / "figures" / f"{name}.{kind}" for name in spec.figures for kind in FIGURE_FORMATS
    ]
    outputs += [place.report / name for name in spec.reports]
    outputs += [output / name for name in spec.pages]
    own = processed / "metrics" / f"{spec.name}.json"
    if spec.metrics:
        outputs.append(own)
    inputs += [
        place.processed(other) / "metrics" / f"{other.name}.json"
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
    sections = study.model_dump(exclude={"variants"} if spec.reports else set(TITLE_PAGE))

    def run_it() -> None:
        values = dict(parameters)
        if place.variant:
            values["study_dir"] = "/".join((*VARIANTS, place.variant))
            if spec.reports:
                _copy_report(place)
        run(spec, values, output)

    def export() -> None:
        from analysis.build.kernels import export_html

        export_html(executed, html, spec.name)

    return [
        Step(
            name=place.called(spec.name),
            inputs=tuple(inputs),
            outputs=(*outputs, executed, embedded),
            values={
                "code": code_hash(spec.sources),
                "parameters": _digest(parameters),
                "study file": _digest(sections),
                "language of the text": study.study.language,
            },
            action=run_it,
        ),
        Step(
            name=f"{place.called(spec.name)} as a page",
            inputs=(executed,),
            outputs=(html,),
            action=export,
        ),
    ]


def raw_files(folder: Path, study: StudyFile, kinds: Iterable[str]) -> list[Path]:
    """Return the files of a study that stand behind keys of a notebook's ``inputs``."""
    by_kind = study.files()
    if study.published:
        folder_of = folder / study.published.folder
        by_kind["published"] = [
            path.relative_to(folder).as_posix() for path in sorted(folder_of.glob("*.csv"))
        ]
    files = [name for kind in kinds for name in by_kind.get(kind, ())]
    found = [path for name in files for path in _files_at(folder / name)]
    return list(dict.fromkeys(found))


def _files_at(path: Path) -> list[Path]:
    """Return a file itself, and of a folder in the tidy form all that lies in it."""
    return sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]


def _manuscript_step(
    place: _Place,
    study: StudyFile,
    specs: list[NotebookSpec],
    formats: Sequence[str],
    engine: str,
    tell: Callable[[str], None],
) -> Step:
    report, output = place.folder / "report", place.products
    generated = {place.report / name for spec in specs for name in spec.reports}
    made = {name for spec in specs for name in spec.reports}
    written = {path for path in _written(report) if path.parent != report or path.name not in made}
    embeds = {spec.name: place.output(spec) / "embed" / f"{spec.name}.ipynb" for spec in specs}

    def render_all() -> None:
        from analysis.manuscript import render

        if place.variant:
            _copy_report(place)
            for name, path in embeds.items():
                copy = place.report / "output" / "embed" / f"{name}.ipynb"
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        done = render(place.report, output, formats, engine, hidden=study.identifying())
        if not place.variant:
            tell(f"The manuscript was made by {done.note}")

    return Step(
        name=place.called("manuscript"),
        inputs=(*sorted(written | generated), *embeds.values()),
        outputs=tuple(output / f"manuscript.{SUFFIX[name]}" for name in formats),
        values={
            "code": code_hash(["import analysis.manuscript"]),
            "engine": engine if engine == "pandoc" else f"{engine}: {_quarto()}",
            "formats": ",".join(formats),
            "names to hide": _digest(study.identifying()),
        },
        action=render_all,
    )


def _page_steps(
    place: _Place,
    study: StudyFile,
    specs: list[NotebookSpec],
    tell: Callable[[str], None],
    after: Sequence[Path] = (),
) -> list[Step]:
    """Make the pages of a study whose notebooks hand on what these show."""
    made = {name: spec for spec in specs for name in spec.writes}
    if not made.keys() >= {*EXPLORED}:
        return []
    traces = _trace_step(place, study, specs, made)
    traces = replace(traces, inputs=(*traces.inputs, *after))
    return [_explore_step(place, study, specs, made, tell), traces]


def _trace_step(
    place: _Place, study: StudyFile, specs: list[NotebookSpec], made: Mapping[str, NotebookSpec]
) -> Step:
    """Make the page that lists what is behind each number of the manuscript."""
    report = place.folder / "report"
    generated = [place.report / name for spec in specs for name in spec.reports]
    texts = [path for path in _written(report) if path.suffix in (".qmd", ".md")]
    texts = [path for path in texts if path.parent != report or not path.name.startswith("_")]
    numbers = [
        place.processed(spec) / "metrics" / f"{spec.name}.json" for spec in specs if spec.metrics
    ]
    numbers += [place.home / "metrics.json"] if any(spec.reports for spec in specs) else []
    embeds = {spec.name: place.output(spec) / "embed" / f"{spec.name}.ipynb" for spec in specs}
    tables = [place.processed(spec) / f"{name}.parquet" for name, spec in made.items()]

    def write() -> None:
        from analysis.trace.page import write_trace_page
        from analysis.workspace import Workspace

        write_trace_page(Workspace(place.folder, study, place.variant), list(embeds.values()))

    return Step(
        name=place.called("trace"),
        inputs=(*dict.fromkeys([*tables, *numbers, *embeds.values(), *generated, *sorted(texts)]),),
        outputs=(place.products / "trace.html",),
        values={
            "code": code_hash(["import analysis.trace.page"]),
            "study file": _digest(study.model_dump(exclude={"lint", "parameters", "build"})),
        },
        action=write,
    )


def _explore_step(
    place: _Place,
    study: StudyFile,
    specs: list[NotebookSpec],
    made: Mapping[str, NotebookSpec],
    tell: Callable[[str], None],
) -> Step:
    """Make the page to explore the study."""
    figures = [
        place.output(spec) / "figures" / f"{name}.svg" for spec in specs for name in spec.figures
    ]
    tables = [place.processed(made[name]) / f"{name}.parquet" for name in EXPLORED]

    def write() -> None:
        from analysis.explore import write_explore_page
        from analysis.workspace import Workspace

        note = write_explore_page(Workspace(place.folder, study, place.variant), figures)
        if note and not place.variant:
            tell(note)

    return Step(
        name=place.called("explore"),
        inputs=(*tables, *figures),
        outputs=(place.products / "supplement.html",),
        values={
            "code": code_hash(["import analysis.explore"]),
            "study file": _digest(study.model_dump(exclude={"lint", "parameters", "build"})),
        },
        action=write,
    )


def _written(report: Path) -> set[Path]:
    """Return the files of a manuscript that people write."""
    written = {
        path
        for pattern in ("*.qmd", "*.yml", "*.bib", "*.csl", "*.css", "*.scss", "*.docx", "*.md")
        for path in report.glob(pattern)
    }
    for part in ("filters", "prose", "templates", "typst"):
        written |= {path for path in (report / part).rglob("*") if path.is_file()}
    return written


def _copy_report(place: _Place) -> None:
    """Bring a variant's copy of the manuscript up to date; what it made itself stays."""
    source = place.folder / "report"
    for path in source.rglob("*"):
        name = path.relative_to(source)
        made = name.parts[0] == "output" or name.parts[0].startswith((".", "_"))
        if path.is_file() and (not made or name.name == "_quarto.yml"):
            target = place.report / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _quarto() -> str:
    """Say which Quarto there is: another one makes other files."""
    if shutil.which("quarto") is None:
        return "no Quarto"
    from analysis.manuscript.quarto import find_quarto

    return find_quarto().name


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
