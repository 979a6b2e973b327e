"""What the reporting notebook gathers and writes for the manuscript."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.frequencies import code_frequencies
from analysis.metrics import Metric, dump_metrics, variables
from analysis.phrases import in_sentence
from analysis.preparation.depth import depth_of, level_names
from analysis.reporting.quotations import category_quotations
from analysis.reporting.results import Words, results_markdown
from analysis.reporting.title_page import expand, title_page_yaml, variables_yaml
from analysis.workspace import Workspace
from qdaio.writing import write_text

__all__ = ["Report", "gather", "write_report"]

HEADINGS = 5  # the first level stands below a heading, and Word knows six ranks
PARTS = ["preparation", "participants", "frequencies", "hierarchy", "audit"]


@dataclass(frozen=True)
class Report:
    """What the results section is made of."""

    codes: pd.DataFrame
    frequencies: pd.DataFrame
    quotations: pd.DataFrame
    words: Words
    sections: dict[str, str]
    cases: int
    depth: int


def gather(workspace: Workspace, *, level: int, quotations_each: int) -> Report:
    """Collect the tables for the results section.

    Parameters
    ----------
    workspace : Workspace
    level : int
        Deepest level with a heading; 0 for the last one above the primary codes.
    quotations_each : int
        At most so many quotations for each category at that level.
    """
    study = workspace.study
    codes = workspace.read("codes")
    depth = min(HEADINGS, depth_of(codes, study.hierarchy.levels, level))
    quotations = category_quotations(workspace.read("quotations"), codes, depth, quotations_each)
    role = study.participants.role if study.participants else None
    people = workspace.read("participants")
    roles = pd.Series(dtype="object")
    if role and role in people:
        roles = people.set_index("case_id")[role].astype("object")
    names = level_names(study.hierarchy.levels, max(depth + 1, len(study.hierarchy.levels)))
    plurals = study.hierarchy.plurals or [f"{name}s" for name in names]
    categories = workspace.read("categories")
    primary = categories[categories["is_primary"].astype(bool)] if len(categories) else categories
    return Report(
        codes=codes,
        frequencies=code_frequencies(workspace.read("codings"), codes),
        quotations=quotations.assign(role=quotations["case_id"].map(roles)),
        words=Words(
            levels=[
                (in_sentence(one), in_sentence(many))
                for one, many in zip(names, plurals, strict=False)
            ],
            case=("participant", "participants")
            if study.participants
            else ("document", "documents"),
        ),
        sections=dict(zip(primary["category"], primary["dimension"], strict=True)),
        cases=workspace.read("documents")["case_id"].nunique(),
        depth=depth,
    )


def write_report(workspace: Workspace, report: Report, *, examples: int) -> dict[str, Metric]:
    """Write the numbers, the title page and the results section.

    Parameters
    ----------
    workspace : Workspace
    report : Report
    examples : int
        Codes named as examples below the last heading.

    Returns
    -------
    dict
        All numbers of the study, as in ``metrics.json``.
    """
    study = workspace.study
    metrics = workspace.read_metrics(PARTS) | {
        "data.status": study.data.status,
        "quotations.total": len(report.quotations),
    }
    printed = variables(metrics, study.numbers)
    prose = {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted((workspace.report / "prose").glob("*.md"))
    }
    results = results_markdown(
        report.codes,
        report.frequencies,
        report.quotations,
        report.sections,
        prose,
        report.words,
        study.numbers,
        cases=report.cases,
        depth=report.depth,
        examples=examples,
        synthetic=study.is_synthetic,
    )
    abstract_file = workspace.report / "abstract.md"
    abstract = None
    if abstract_file.is_file():
        abstract = expand(abstract_file.read_text(encoding="utf-8"), printed, study.has())
    write_text(workspace.processed / "metrics.json", dump_metrics(metrics))
    write_text(workspace.report / "_variables.yml", variables_yaml(printed))
    write_text(workspace.report / "_study.yml", title_page_yaml(study, abstract))
    write_text(workspace.report / "_results.qmd", results)
    return metrics
