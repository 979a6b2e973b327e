"""Reporting: what the manuscript is made of, gathered and written to `report/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.authors import orcid_number
from analysis.chapters.frequencies import code_frequencies
from analysis.chapters.quotations import category_quotations, spread_quotations
from analysis.chapters.results import Words, results_markdown
from analysis.chapters.summary import summary_facts
from analysis.codes import depth_of, level_words
from analysis.metrics import (
    Metric,
    bidi_markdown,
    dump_metrics,
    escape_markdown,
    slugs,
    variables,
)
from analysis.numbers import ROUNDED
from analysis.settings import StudyFile
from analysis.workspace import Workspace
from qdaio.faults import FaultList
from qdaio.files.writing import write_text
from qdaio.labels import nearest

__all__ = [
    "Report",
    "gather",
    "prose_sections",
    "read_prose",
    "title_page",
    "title_page_yaml",
    "variables_yaml",
    "write_report",
]

# Quarto renders what a profile's file names; report/_quarto.yml names the profile.
BUILT = "project:\n  render:\n    - manuscript.qmd\n"
HEADINGS = 5  # the first level stands below a heading, and Word knows six ranks


@dataclass(frozen=True)
class Report:
    """What the results section is made of.

    Attributes
    ----------
    quotations : DataFrame
        Every quotation that the coders marked, with its category above the primary codes.
    shown : DataFrame
        Those in the text, with the category under whose heading they stand.
    sections : dict
        Name of a category of the first level to the id under which its prose is filed.
    headings : int
        Levels that get headings.
    """

    codes: pd.DataFrame
    frequencies: pd.DataFrame
    quotations: pd.DataFrame
    shown: pd.DataFrame
    words: Words
    sections: dict[str, str]
    cases: int
    headings: int


def gather(workspace: Workspace, *, level: int, quotations_each: int) -> Report:
    """Collect the tables for the results section.

    Parameters
    ----------
    workspace : Workspace
    level : int
        Deepest level with a heading; 0 for the last one whose categories gather others.
    quotations_each : int
        At most so many quotations under each of the deepest headings.
    """
    study = workspace.study
    codes = workspace.read("codes")
    deepest = int(codes["level"].max())
    depth = depth_of(codes, study.hierarchy.levels, 0)
    usual = 0 if deepest == 1 else max(1, depth - 1)
    headings = min(HEADINGS, level or usual)
    marked = workspace.read("quotations")
    role = study.participants.role if study.participants else None
    people = workspace.read("participants")
    roles = pd.Series(dtype="object")
    if role and role in people:
        roles = people.set_index("case_id")[role].astype("object")
    marked = marked.assign(role=marked["case_id"].map(roles))
    shown = spread_quotations(
        category_quotations(marked, codes, max(1, headings)),
        codes,
        workspace.groups(),
        quotations_each,
    )
    return Report(
        codes=codes,
        frequencies=code_frequencies(workspace.read("codings"), codes),
        quotations=category_quotations(marked, codes, depth),
        shown=shown,
        words=Words(
            levels=level_words(study.hierarchy.levels, study.hierarchy.plurals, deepest),
            case=study.case_words,
        ),
        sections=prose_sections(codes, workspace.read("categories")),
        cases=workspace.read("documents")["case_id"].nunique(),
        headings=headings,
    )


def prose_sections(codes: pd.DataFrame, categories: pd.DataFrame) -> dict[str, str]:
    """Return the id under which the prose of each category of the first level is filed.

    Parameters
    ----------
    codes : DataFrame
        ``name``, ``level``.
    categories : DataFrame
        ``category``, ``dimension``, ``is_primary``; without rows in a study without a
        framework, where a category's prose is filed under its own name.

    Returns
    -------
    dict
        Name of the category to the id.
    """
    if len(categories):
        primary = categories[categories["is_primary"].astype(bool)]
        return dict(zip(primary["category"], primary["dimension"], strict=True))
    roots = list(codes.loc[codes["level"] == 1, "name"])
    return dict(zip(roots, slugs(roots), strict=True))


def read_prose(report: Path, sections: Mapping[str, str]) -> dict[str, str]:
    """Read the prose of the results, which is filed under the ids of sections.

    Parameters
    ----------
    report : Path
        The folder with the manuscript.
    sections : mapping
        As of :func:`prose_sections`.

    Raises
    ------
    StudyError
        For each file that no section has, with the nearest id.
    """
    faults = FaultList()
    prose: dict[str, str] = {}
    known = list(dict.fromkeys(sections.values()))
    for path in sorted((report / "prose").glob("*.md")):
        if path.stem in known:
            prose[path.stem] = path.read_text(encoding="utf-8-sig")
            continue
        near = nearest(path.stem, known)
        faults.add(
            kind="unknown-section",
            file=f"{report.name}/prose/{path.name}",
            found="a text that stands nowhere",
            expected=f"a file named after one of {', '.join(known)}",
            remedy=(f'Did you mean "{near}.md"? ' if near else "")
            + "Rename the file; a category on two dimensions has its text under the first.",
        )
    faults.raise_if_any()
    return prose


def write_report(workspace: Workspace, report: Report, *, examples: int) -> dict[str, Metric]:
    """Write the numbers, the title page and the results section.

    Parameters
    ----------
    workspace : Workspace
    report : Report
    examples : int
        Codes named as examples of each category below the last heading.

    Returns
    -------
    dict
        All numbers of the study, as in ``metrics.json``.
    """
    study = workspace.study
    known = workspace.read_metrics()
    metrics = known | {
        "data.status": study.data.status,
        "numbers.rounding": ROUNDED[study.numbers.rounding],
        "quotations.total": len(report.quotations),
        "quotations.shown": len(report.shown),
        "quotations.cases": report.shown["case_id"].nunique(),
    }
    if study.framework:
        metrics["framework.name"] = study.framework.name
    metrics |= summary_facts(
        report.codes,
        report.frequencies,
        workspace.read("documents"),
        workspace.groups(),
        study.numbers,
        levels=study.hierarchy.levels,
        plurals=study.hierarchy.plurals,
        document_words=study.data.document_words,
        has_participants=study.participants is not None,
        read=_count(known, "codings.read"),
        agreement=_count(known, "codings.agreement"),
        set_aside=_count(known, "codings.set-aside"),
    )
    printed = variables(metrics, study.numbers)
    prose = read_prose(workspace.report, report.sections)
    results = results_markdown(
        report.codes,
        report.frequencies,
        report.shown,
        report.sections,
        prose,
        report.words,
        study.numbers,
        cases=report.cases,
        headings=report.headings,
        examples=examples,
        anchored=study.framework is not None,
        synthetic=study.is_synthetic,
    )
    abstract_file = workspace.report / "abstract.md"
    meta, abstract = title_page(study), None
    if abstract_file.is_file():
        from analysis.manuscript.document import expanded

        said = abstract_file.read_text(encoding="utf-8-sig")
        abstract = expanded(said, f"{workspace.report.name}/{abstract_file.name}", printed, meta)
    write_text(workspace.processed / "metrics.json", dump_metrics(metrics))
    write_text(workspace.report / "_variables.yml", variables_yaml(printed))
    write_text(workspace.report / "_study.yml", title_page_yaml(meta, abstract))
    write_text(workspace.report / "_results.qmd", results)
    write_text(workspace.report / "_quarto-built.yml", BUILT)
    return metrics


def _count(metrics: Mapping[str, Metric], key: str) -> int:
    value = metrics.get(key, 0)
    return int(value) if isinstance(value, (int, float)) else 0


def title_page(study: StudyFile) -> dict[str, Any]:
    """Return the generated metadata of the manuscript, without its abstract.

    What the study file says is text: it is escaped, since programs read metadata as Markdown.

    Parameters
    ----------
    study : StudyFile

    Returns
    -------
    dict
        Every part that a study can have stands in ``has``, true or false, and
        ``data.synthetic`` too: a condition that names another is a mistake.
    """
    text = escape_markdown
    meta: dict[str, Any] = {"title": bidi_markdown(study.study.title)}
    if study.study.subtitle:
        meta["subtitle"] = bidi_markdown(study.study.subtitle)
    meta["author"] = []
    for author in study.study.authors:
        name = author.parted()
        parts = {"given": name.given, "family": name.family, "suffix": name.suffix}
        places = [author.affiliation] if author.affiliation else author.affiliations
        said: dict[str, Any] = {
            "name": {
                "literal": text(name.literal),
                **{key: text(part) for key, part in parts.items() if part},
            }
        }
        if name.is_group:
            said["is-group"] = True
        if author.orcid:
            said["orcid"] = orcid_number(author.orcid)
        if author.email:
            said["email"] = text(author.email)
        if author.corresponding:
            said["corresponding"] = True
        if places:
            said["affiliations"] = [{"name": text(place)} for place in places]
        meta["author"].append(said)
    if study.study.keywords:
        meta["keywords"] = [bidi_markdown(word) for word in study.study.keywords]
    meta["lang"] = study.study.language
    meta["data"] = {"status": study.data.status, "synthetic": study.is_synthetic}
    meta["has"] = study.parts()
    return meta


def title_page_yaml(meta: Mapping[str, Any], abstract: str | None) -> str:
    """Return the metadata of the manuscript as YAML.

    Parameters
    ----------
    meta : mapping
        From :func:`title_page`.
    abstract : str or None
        Markdown without shortcodes: metadata that programs copy is not expanded by them.
    """
    said = {"abstract": abstract.strip() + "\n"} if abstract else {}
    return _yaml({**meta, **said})


def variables_yaml(variables: Mapping[str, Any]) -> str:
    """Return nested variables as YAML, texts in quotes."""
    return _yaml(variables)


def _yaml(value: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(value), allow_unicode=True, sort_keys=True, width=10_000)
