"""What a build would make of a study, found without running a notebook.

The numbers are computed by the functions that the notebooks call, the manuscript is read and
resolved by the engine that renders it, both in a folder that is thrown away. So what the
build would refuse is refused here, in the same words and with the same rows.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.build.cells import DOT, TABLE, numbers_given, predicted_outputs
from analysis.build.code import python_of
from analysis.build.notebooks import NotebookSpec
from analysis.build.parameters import Value
from analysis.manuscript.embeds import embed_cells
from analysis.metrics import Metric, dump_metrics
from analysis.phrases import counted
from analysis.preparation import Prepared, hand_over
from analysis.settings import StudyFile
from analysis.studyfile import CHOSEN_STYLE
from analysis.workspace import Workspace
from qdaio.faults import Fault, FaultList, StudyError

if TYPE_CHECKING:
    from analysis.manuscript.document import Document

__all__ = ["Rehearsal", "rehearse"]

MADE = (
    *("output", ".quarto", "_results.qmd", "_variables.yml", "_study.yml"),
    *(CHOSEN_STYLE, "_quarto-built.yml"),
)
FLOATS = ("table or figure", "tables and figures")
LABEL = re.compile(r"^#\|\s*label:\s*(\S+)", re.MULTILINE)
NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")
USED = re.compile(r"\{\{<\s*var\s+([\w.-]+)\s*>\}\}")


@dataclass
class Rehearsal:
    """What a build would make.

    Attributes
    ----------
    metrics : dict
        Every number that the text can use; of an own notebook the names only.
    faults : FaultList
        What the build would refuse.
    notes : list of str
        What is good to know of the manuscript.
    """

    metrics: dict[str, Metric] = field(default_factory=dict)
    faults: FaultList = field(default_factory=FaultList)
    notes: list[str] = field(default_factory=list)


def rehearse(
    folder: Path,
    study: StudyFile,
    prepared: Prepared,
    specs: list[NotebookSpec],
    parameters: Mapping[str, Mapping[str, Value]],
) -> Rehearsal:
    """Compute the numbers of a study, and resolve its manuscript with them.

    Parameters
    ----------
    folder : Path
    study : StudyFile
    prepared : Prepared
    specs : list of NotebookSpec
        The notebooks that would run.
    parameters : mapping
        What each would run with, besides its defaults.
    """
    found = Rehearsal()
    names = {spec.name for spec in specs}
    with tempfile.TemporaryDirectory(prefix="study-check-") as name:
        workspace = Workspace(Path(name), study)
        _copy_report(folder / "report", workspace.report)
        hand_over(prepared, workspace)
        for part, numbers in NUMBERS.items():
            if part in names:
                told = _Told(part, found.faults)
                with told:
                    workspace.write_metrics(part, numbers(workspace, prepared))
        if "audit" in names:
            with _Told("audit", found.faults):
                _audit(folder, workspace)
        _write_embeds(specs, workspace, found.faults)
        if "reporting" in names:
            with _Told("reporting", found.faults):
                found.metrics = _report(workspace, parameters.get("reporting", {}))
            if found.metrics:
                own = {name for spec in specs for name in _own_names(spec, workspace.report)}
                _own_numbers(specs, workspace, found.faults)
                own -= found.metrics.keys()
                if own:
                    _add_variables(workspace, own)
                found.metrics |= dict.fromkeys(own, "")
                _abstract(folder, workspace, found.faults)
                with _Told("manuscript", found.faults):
                    document = _manuscript(workspace)
                    found.notes += _about_floats(study, list(document.numbers.floats))
    return found


def _manuscript(workspace: Workspace) -> Document:
    """Resolve the manuscript; citations are written out where the style is the author's own.

    Keys and bibliography are looked at in any case, and the styles that ship are sound.
    """
    from analysis.manuscript.document import resolve
    from analysis.manuscript.references import cite

    study = workspace.study
    document = resolve(workspace.report, study.identifying())
    style = document.settings.metadata.get("csl", CHOSEN_STYLE)
    if style != CHOSEN_STYLE or (study.manuscript.citation_style or "").endswith(".csl"):
        cite(document.tree, workspace.report, document.settings)
    return document


def _about_floats(study: StudyFile, labels: list[str]) -> list[str]:
    """Say how many tables and figures stand in the text, where a journal has a limit."""
    most = study.manuscript.max_floats
    if most is None:
        return []
    here = sum(label.startswith(("tbl-", "fig-")) for label in labels)
    there = sum(label.startswith(("supptbl-", "suppfig-")) for label in labels)
    return [
        f"max_floats = {most}: {counted(here, FLOATS)} in the text, {there:,} in the supplement."
    ]


class _Told:
    """Collects what a part of the build would refuse; nothing of it ends the check."""

    def __init__(self, part: str, faults: FaultList) -> None:
        self._part = part
        self._faults = faults

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, StudyError):
            self._faults.extend(error.faults)
        elif isinstance(error, Exception):
            # the text of the error can hold words of an interview
            self._faults.add(
                kind="not-computed",
                column=self._part,
                found=f"{type(error).__name__} in {self._part}",
                remedy="The build would stop here. If nothing else is at fault, this is a "
                "fault of the program: report it with the output of `study inspect`.",
            )
        return error is None or isinstance(error, Exception)


def _copy_report(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    if source.is_dir():
        shutil.copytree(
            source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*MADE, ".*")
        )


def _preparation(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.corpus import corpus_facts

    return corpus_facts(
        workspace.read("documents"),
        prepared.codings,
        prepared.agreement_codings,
        prepared.set_aside,
        workspace.groups(),
    )


def _participants(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.participants import choose_columns, group_facts, participant_facts

    study = workspace.study
    assert study.participants is not None
    people = workspace.read("participants")
    own = choose_columns(people, study.participants, "group", "")
    facts = participant_facts(people, own.variables, own.group, study.numbers)
    return facts | group_facts(people, own.group)


def _frequencies(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.frequencies import (
        code_frequencies,
        frequency_facts,
        group_frequencies,
        interview_order,
        novelty_facts,
    )
    from analysis.chapters.saturation import novelty_of

    codings, codes = workspace.read("codings"), workspace.read("codes")
    documents = workspace.read("documents")
    frequencies = code_frequencies(codings, codes)
    own = group_frequencies(codings, codes, workspace.groups())
    cases = len(workspace.cases())
    study = workspace.study
    facts = frequency_facts(codes, frequencies, own, study.hierarchy, study.numbers, cases, top=5)
    novelty = novelty_of(codings, interview_order(documents)).table()
    return facts | novelty_facts(novelty, study.case_words)


def _hierarchy(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.framework import framework_facts
    from analysis.chapters.frequencies import code_frequencies
    from analysis.chapters.guide import guide_facts

    facts: dict[str, Metric] = {}
    codings, codes = workspace.read("codings"), workspace.read("codes")
    if workspace.study.framework:
        facts |= framework_facts(
            workspace.read("dimensions"),
            workspace.read("categories"),
            codes,
            code_frequencies(codings, codes),
            workspace.read("guidance"),
            len(workspace.cases()),
        )
    if workspace.study.guide:
        facts |= guide_facts(workspace.read("guide"))
    return facts


def _agreement(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    import pandas as pd

    from analysis.chapters.agreement import agreement_by_code, agreement_facts, compare_coders
    from analysis.codes import depth_of

    study, codes = workspace.study, workspace.read("codes")
    both = pd.concat([workspace.read("codings"), workspace.read("agreement")], ignore_index=True)
    comparison = compare_coders(
        both.assign(coder=both["coder_id"].astype("str")),
        codes,
        workspace.read("spans"),
        level=depth_of(codes, study.hierarchy.levels, 0),
    )
    return agreement_facts(
        agreement_by_code(comparison, codes, samples=0), comparison, study.numbers
    )


def _saturation(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.frequencies import interview_order
    from analysis.chapters.saturation import (
        guest_settings,
        novelty_of,
        refinement_places,
        saturation_facts,
    )

    novelty = novelty_of(workspace.read("codings"), interview_order(workspace.read("documents")))
    if workspace.study.guide:
        refinement_places(novelty.cases, workspace.study.guide.refined_after)
    points = guest_settings(novelty, orders=10, seed=1)
    return saturation_facts(novelty, points, workspace.study.case_words)


def _crosstabs(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.crosstabs import cross, cross_facts, crossing

    groups = workspace.groups()
    if groups is None:
        return {}
    codings, codes = workspace.read("codings"), workspace.read("codes")
    return cross_facts(cross(codings, codes, crossing(groups)), codes, workspace.by())


def _cooccurrence(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.cooccurrence import cooccurrence_facts, first_kind, level_of
    from analysis.chapters.saturation import codes_at

    codes = workspace.read("codes")
    codings = codes_at(workspace.read("codings"), codes, level_of(codes, 0))
    kind, pairs = first_kind(codings, workspace.read("spans"))
    words = workspace.study.data.document_words
    return cooccurrence_facts(pairs, codes, kind, document_words=words)


def _coverage(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.crosswalk import crosswalk_counts, crosswalk_facts, placed_codings
    from analysis.chapters.framework import coverage, coverage_facts

    study, groups = workspace.study, workspace.groups()
    codings, codes = workspace.read("codings"), workspace.read("codes")
    dimensions, categories = workspace.read("dimensions"), workspace.read("categories")
    table = coverage(codings, codes, dimensions, categories, groups)
    facts = coverage_facts(table, groups, thin=0.05)
    if study.framework and (second := study.framework.crosswalk):
        mapping = workspace.read("crosswalk")
        counts = crosswalk_counts(
            codings, codes, workspace.read("crosswalk-items"), mapping, groups
        )
        placed = placed_codings(codings, codes, mapping)
        facts |= crosswalk_facts(counts, placed, len(codings), second.name, study.numbers)
    return facts


def _sampling(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.sampling import criteria_facts, criteria_met, grid_facts, sampling_grid

    study = workspace.study
    assert study.participants is not None
    facts: dict[str, Metric] = {}
    if study.parts()["attributes"]:
        facts |= grid_facts(sampling_grid(workspace.attributes([])), study.case_words)
    if criteria := study.participants.criteria:
        people = workspace.read("participants")
        facts |= criteria_facts(criteria_met(people, criteria, workspace.groups()), criteria)
    return facts


def _trustworthiness(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.checklists import COREQ, SRQR, checklist_facts, filled
    from analysis.chapters.trustworthiness import known_in, trust_facts, trust_lines

    study, known = workspace.study, known_in(workspace)
    facts = trust_facts(trust_lines(known, study.trustworthiness, study.case_words, study.numbers))
    found = filled(known, study, study.case_words, facts)
    facts |= checklist_facts("coreq", COREQ, found, study.checklists.coreq)
    return facts | checklist_facts("srqr", SRQR, found, study.checklists.srqr)


def _changes(workspace: Workspace, prepared: Prepared) -> dict[str, Metric]:
    from analysis.chapters.changes import change_facts, code_changes

    before, after = workspace.read("earlier-codings"), workspace.read("coding-keys")
    codes = workspace.read("earlier-codes"), workspace.read("codes")
    return change_facts(code_changes(*codes, before, after), before, after)


# the numbers of the shipped notebooks, as their last cells compute them
NUMBERS: dict[str, Callable[[Workspace, Prepared], dict[str, Metric]]] = {
    "preparation": _preparation,
    "participants": _participants,
    "frequencies": _frequencies,
    "hierarchy": _hierarchy,
    "agreement": _agreement,
    "saturation": _saturation,
    "crosstabs": _crosstabs,
    "cooccurrence": _cooccurrence,
    "coverage": _coverage,
    "sampling": _sampling,
    "trustworthiness": _trustworthiness,
    "changes": _changes,
}


def _audit(folder: Path, workspace: Workspace) -> None:
    from analysis.audit import run_audit
    from analysis.chapters.audit import audit_facts

    published = workspace.study.published
    if published is not None and (folder / published.folder).is_dir():
        shutil.copytree(folder / published.folder, workspace.folder / published.folder)
    workspace.write_metrics("audit", audit_facts(dict(run_audit(workspace).counts)))


def _report(workspace: Workspace, parameters: Mapping[str, Value]) -> dict[str, Metric]:
    from analysis.reporting import gather, write_report

    chosen = {"level": 0, "quotations_each": 2, "examples": 1, **parameters}
    level, each, examples = (
        int(value) if isinstance(value := chosen[name], (int, float)) else 0
        for name in ("level", "quotations_each", "examples")
    )
    abstract = workspace.report / "abstract.md"
    kept = abstract.read_bytes() if abstract.is_file() else None
    abstract.unlink(missing_ok=True)  # what is wrong with it is told by itself
    metrics = write_report(
        workspace, gather(workspace, level=level, quotations_each=each), examples=examples
    )
    if kept is not None:
        abstract.write_bytes(kept)
    return metrics


def _own_names(spec: NotebookSpec, report: Path) -> set[str]:
    """Return what an own notebook may call its numbers.

    These are the texts that stand in its cells. Where none of them begins with the name of
    the notebook, as its names are made elsewhere, every name that begins so may be one.
    """
    if not spec.metrics or spec.name in (*NUMBERS, "audit", "reporting"):
        return set()
    found: set[str] = set()
    for source in spec.sources:
        try:
            tree = ast.parse(python_of(source))
        except SyntaxError:
            continue
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        found |= {text for text in texts if NAME.fullmatch(text)}
    if not any(name.startswith(f"{spec.name}.") for name in found):
        for path in [*report.glob("*.qmd"), *report.glob("*.md"), *report.glob("prose/*.md")]:
            used = USED.findall(path.read_text(encoding="utf-8", errors="replace"))
            found |= {name for name in used if name.startswith(f"{spec.name}.")}
    return found


def _own_numbers(specs: list[NotebookSpec], workspace: Workspace, faults: FaultList) -> None:
    """Tell of numbers that an own notebook promises and does not give, or gives again."""
    parts = [spec.name for spec in specs if spec.name in (*NUMBERS, "audit", "reporting")]
    giver = {key: part for part in parts for key in workspace.read_metrics([part])}
    for spec in specs:
        given, keys = numbers_given(spec.sources)
        if spec.name in parts or not spec.metrics or "" in given:
            continue
        if spec.name not in given:
            faults.add(
                kind="missing-product",
                file=spec.file,
                column="metadata.study.metrics",
                found=f"numbers of {', '.join(given)}" if given else "no cell that writes numbers",
                expected=f'workspace.write_metrics("{spec.name}", …)',
                remedy="Let a cell write them, or take `metrics` out of the notebook's metadata.",
            )
        try:
            dump_metrics(dict.fromkeys(keys, 0))
        except ValueError as error:
            faults.add(
                kind="bad-value",
                file=spec.file,
                column="write_metrics",
                found=str(error),
                expected=f"names such as {spec.name}.total",
                remedy="Rename the number.",
            )
        for key in sorted(keys & giver.keys()):
            giver_file = next(other.file for other in specs if other.name == giver[key])
            faults.add(
                kind="duplicate-number",
                file=spec.file,
                column="write_metrics",
                found=f"{key}, which {giver_file} gives",
                expected="each number from one notebook",
                remedy="Call the numbers of an own notebook by a name of their own, such as "
                f"{spec.name}.{key.rpartition('.')[2]}.",
            )
        giver |= dict.fromkeys(keys, spec.name)


def _add_variables(workspace: Workspace, names: set[str]) -> None:
    """Add names without a value to the variables of the manuscript."""
    path = workspace.report / "_variables.yml"
    variables = _read_yaml(path)
    for name in sorted(names):
        place = variables
        *above, last = name.split(".")
        for part in above:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                break
        else:
            place.setdefault(last, "0")
    _write_yaml(path, variables)


def _abstract(folder: Path, workspace: Workspace, faults: FaultList) -> None:
    """Resolve the abstract by itself, so that what is wrong with it has its rows."""
    from analysis.manuscript.document import expanded

    path = workspace.report / "abstract.md"
    if not path.is_file():
        return
    title_page = workspace.report / "_study.yml"
    variables = _read_yaml(workspace.report / "_variables.yml")
    metadata = _read_yaml(title_page)
    with _Told("abstract", faults):
        text = path.read_text(encoding="utf-8-sig")
        metadata["abstract"] = expanded(text, "report/abstract.md", variables, metadata)
        _write_yaml(title_page, metadata)


def _read_yaml(path: Path) -> dict[str, Any]:
    """Read what this module wrote or let write; LibYAML is ten times as quick."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {}
    return found


def _write_yaml(path: Path, value: dict[str, Any]) -> None:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    path.write_text(yaml.dump(value, Dumper=dumper, allow_unicode=True), encoding="utf-8")


def _write_embeds(specs: list[NotebookSpec], workspace: Workspace, faults: FaultList) -> None:
    """Write the copies to embed from, with stand-ins for what the notebooks would show."""
    tables = {name for spec in specs for name in spec.reads if workspace.has(name)}
    read = {name: workspace.read(name) for name in sorted(tables)}
    for spec in specs:
        declared = {f"tbl-{name}" for name in spec.tables} | {
            f"fig-{name}" for name in spec.figures
        }
        left_out = {f"{kind}-{name}" for name in spec.only_with for kind in ("tbl", "fig")}
        outputs = predicted_outputs(spec.sources, read)
        cells: list[dict[str, Any]] = [
            {"cell_type": "markdown"} for _ in range(max(spec.places, default=0))
        ]
        for place, source, shown in zip(spec.places, spec.sources, outputs, strict=True):
            label = LABEL.search(source)
            is_left_out = label is not None and label[1] in left_out - declared
            cells[place - 1] = {
                "cell_type": "markdown" if is_left_out else "code",
                "metadata": {},
                "source": source,
                "outputs": shown,
            }
        wrong = FaultList()
        copied = embed_cells(cells, spec.path.name, "", wrong)
        faults.extend(wrong)
        # what is wrong with a cell is told once, and not again where it is embedded
        told = {fault.row for fault in wrong}
        named = zip(spec.places, map(LABEL.search, spec.sources), strict=True)
        refused = {label[1] for place, label in named if label is not None and place in told}
        copied = [cell for cell in copied if cell["id"] not in refused]
        copied += map(_stand_in, sorted(refused))
        path = workspace.output / "embed" / f"{spec.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {"cells": copied, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(document), encoding="utf-8")


def _stand_in(label: str) -> dict[str, Any]:
    """Return a cell of a copy to embed from, in place of one that was refused."""
    kind = label[:3]
    data = {"image/png": DOT} if kind == "fig" else {"text/markdown": f"```{{=html}}\n{TABLE}\n```"}
    return {
        "cell_type": "code",
        "metadata": {},
        "source": f"#| label: {label}\n#| {kind}-cap: c\n",
        "outputs": [{"output_type": "display_data", "metadata": {}, "data": data}],
    }


def missing(file: str, remedy: str) -> Fault:
    """Return the fault of a file that a build needs and that is not there."""
    return Fault(kind="missing-file", file=file, found="no such file", remedy=remedy)
