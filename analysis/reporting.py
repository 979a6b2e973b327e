"""Reporting: what the manuscript is made of, gathered and written to `report/`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import yaml
from lxml import etree

from analysis.authors import orcid_number
from analysis.chapters.frequencies import code_frequencies
from analysis.chapters.participants import own_numbers
from analysis.chapters.quotations import (
    category_quotations,
    pick_quotations,
    spread_quotations,
)
from analysis.chapters.results import Words, results_markdown
from analysis.chapters.summary import summary_facts
from analysis.codes import depth_of
from analysis.direction import mostly_latin
from analysis.languages import Language, find_language, speaking
from analysis.metrics import (
    Metric,
    bidi_markdown,
    dump_metrics,
    escape_markdown,
    slugs,
    variables,
)
from analysis.numbers import ROUNDED
from analysis.phrases import in_sentence, level_words
from analysis.settings import Author, Numbers, StudyFile
from analysis.studyfile import CHOSEN_STYLE, STYLES
from analysis.workspace import Workspace
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.writing import write_text
from qdaio.labels import did_you_mean, nearest

__all__ = [
    "Report",
    "citation_style",
    "gather",
    "in_language",
    "labelled",
    "line_in_language",
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
    tabled : DataFrame
        Those that the table shows, by the rule of the study file, with attributes of the person.
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
    tabled: pd.DataFrame
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
        tabled=_tabled(workspace, category_quotations(marked, codes, depth)),
        shown=shown,
        words=Words(
            levels=level_words(study.hierarchy.levels, study.hierarchy.plurals, deepest),
            case=study.case_words,
        ),
        sections=prose_sections(codes, workspace.read("categories")),
        cases=len(workspace.cases()),
        headings=headings,
    )


def _tabled(workspace: Workspace, quotations: pd.DataFrame) -> pd.DataFrame:
    """Return the quotations of the table, each with what the study file wants said of a person."""
    rule = workspace.study.quotations
    codings = workspace.read("codings").set_index("coding_id")[["source_file", "source_row"]]
    picked = pick_quotations(quotations.join(codings, on="coding_id"), workspace.groups(), rule)
    if rule.attributes:
        found = [workspace.groups(name) for name in rule.attributes]
        said = [picked["case_id"].map(values.astype("str")) for values in found
                if values is not None]  # fmt: skip
        more = [", ".join(map(in_sentence, row)) for row in zip(*said, strict=True)]
        picked = picked.assign(more=more if said else "")
    return picked.reset_index(drop=True)


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
        near = nearest(path.name, [f"{section}.md" for section in known])
        faults.add(
            kind="unknown-section",
            file=f"{report.name}/prose/{path.name}",
            found="a text that stands nowhere",
            expected=f"a file named after one of {', '.join(known)}",
            remedy=did_you_mean(
                near, "Rename the file; a category on two dimensions has its text under the first."
            ),
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
        cases=report.cases,
        levels=study.hierarchy.levels,
        plurals=study.hierarchy.plurals,
        document_words=study.data.document_words,
        case_words=study.case_words,
        read=_count(known, "codings.read"),
        agreement=_count(known, "codings.agreement"),
        set_aside=_count(known, "codings.set-aside"),
    )
    printed = variables(metrics, study.numbers, _own_rules(workspace))
    names = {*report.codes["name"], *report.codes["label"]}
    language = find_language(study.study.language)
    if not language.is_english:
        printed = in_language(printed, language, {bidi_markdown(name) for name in names})
    prose = read_prose(workspace.report, report.sections)
    with speaking(language):
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
            traced=True,
            synthetic=study.is_synthetic,
        )
    if not language.is_english:
        own = {line for text in prose.values() for line in text.strip().split("\n")}
        lines = [
            line if line in own else line_in_language(line, language)
            for line in results.split("\n")
        ]
        results = "\n".join(lines)
    abstract_file = workspace.report / "abstract.md"
    style = citation_style(workspace.folder, workspace.report, study)
    meta, abstract = title_page(study, names, metrics), None
    if abstract_file.is_file():
        from analysis.manuscript.document import expanded

        said = labelled(abstract_file.read_text(encoding="utf-8-sig"), language)
        abstract = expanded(said, f"{workspace.report.name}/{abstract_file.name}", printed, meta)
    write_text(workspace.processed / "metrics.json", dump_metrics(metrics))
    write_text(workspace.report / "_variables.yml", variables_yaml(printed))
    write_text(workspace.report / "_study.yml", title_page_yaml(meta, abstract))
    write_text(workspace.report / "_results.qmd", results)
    write_text(workspace.report / CHOSEN_STYLE, style)
    write_text(workspace.report / "_quarto-built.yml", BUILT)
    return metrics


def _own_rules(workspace: Workspace) -> dict[str, Numbers]:
    """Return how the numbers of variables are printed that have a way of their own."""
    study = workspace.study
    if study.participants is None:
        return {}
    return own_numbers(workspace.read("participants"), study.participants.variables, study.numbers)


def _count(metrics: Mapping[str, Metric], key: str) -> int:
    value = metrics.get(key, 0)
    return int(value) if isinstance(value, (int, float)) else 0


def in_language(value: Any, language: Language, names: Collection[str] = ()) -> Any:
    """Return variables for a manuscript in another language than English.

    Parameters
    ----------
    value : str or dict
        Printed variables, nested.
    language : Language
    names : collection of str
        Names of the study, in whatever language.

    Returns
    -------
    str or dict
        Numbers and days as the language writes them, computed sentences marked as English.
    """
    if isinstance(value, dict):
        return {key: in_language(inner, language, names) for key, inner in value.items()}
    if not isinstance(value, str):
        return value
    is_english = bool(SENTENCE.search(value)) and value not in names
    if language.is_right_to_left and language.value(value) == value:
        # names in Latin letters want their direction, too
        is_english = mostly_latin(value)
    return _english(value, language) if is_english else language.value(value)


def labelled(abstract: str, language: Language) -> str:
    """Return an abstract with the labels that a new study begins with in another language.

    Examples
    --------
    >>> labelled("**Results:** Much. **Finding:** None.", find_language("de"))
    '**Ergebnisse:** Much. **Finding:** None.'
    """
    waiting = language.page["to-write"].rstrip(":\u00a0 ")
    said = re.sub(
        r"\*\*([\w ]+):\*\*",
        lambda found: f"**{language.headings.get(found[1], found[1])}:**",
        abstract,
    )
    return said.replace("[To be written.]{.to-write}", f"[{waiting}.]{{.to-write}}")


def line_in_language(line: str, language: Language) -> str:
    """Return a line of the computed results: marked as English, if it is a paragraph.

    Headings are names; what participants said is in whatever language.
    """
    if not line or line.startswith(("#", ":::", "{{<", "|", "- ", "```")):
        return line
    if line.startswith(">"):
        # words of participants, and who they are, have a direction, and a language of their own
        text = line.removeprefix("> ")
        if not language.is_right_to_left or not mostly_latin(text):
            return line
        return f'> [{text}\u200e]{{dir="ltr"}}'
    return _english(line, language)


def _english(text: str, language: Language) -> str:
    """Mark an English text in a manuscript in another language."""
    if language.is_right_to_left:
        # the sign keeps a full stop at the end on its side
        return f'[{text}\u200e]{{lang="en" dir="ltr"}}'
    return f'[{text}]{{lang="en"}}'


# what a computed sentence looks like
SENTENCE = re.compile(r"[a-z].*\s.*\.$", re.DOTALL)


def citation_style(folder: Path, report: Path, study: StudyFile) -> str:
    """Return the citation style that a study names, as CSL.

    Parameters
    ----------
    folder, report : Path
        Of the study, and of its manuscript.
    study : StudyFile

    Raises
    ------
    StudyError
        When the file is no style, or one that only points to another, as most journals' files
        do; or when `_quarto.yml` names another style.
    """
    name = study.manuscript.citation_style
    if name is None or not name.endswith(".csl"):
        path, shown = STYLES / f"{name or 'vancouver'}.csl", f"{name}.csl"
    else:
        # a check runs in a copy of the report's folder
        path, shown = report / Path(name).relative_to("report"), name
    project = report / "_quarto.yml"
    said = yaml.safe_load(project.read_text("utf-8")) if project.is_file() else None
    other = said.get("csl") if isinstance(said, dict) else None
    if name is not None and other not in (None, CHOSEN_STYLE):
        raise StudyError(
            Fault(
                kind="two-styles",
                file="report/_quarto.yml",
                column="csl",
                found=f'{other}, while study.toml has citation_style = "{name}"',
                expected="one citation style",
                remedy=f"Write `csl: {CHOSEN_STYLE}` there, or take citation_style out.",
            )
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (OSError, UnicodeDecodeError, etree.XMLSyntaxError):
        root = None
    is_style = root is not None and etree.QName(root).localname == "style"
    if root is None or not is_style or root.find("{*}citation") is None:
        links = [] if root is None else root.findall("{*}info/{*}link[@rel='independent-parent']")
        parent = links[0].get("href", "") if links else ""
        raise StudyError(
            Fault(
                kind="no-style",
                file=shown,
                found=f"a style that only points to {parent}" if parent else "no citation style",
                expected="a CSL file that says itself how works are cited",
                remedy=f"Take the file from {parent} and name that one."
                if parent
                else "Take the style's file from https://www.zotero.org/styles.",
            )
        )
    return text


def title_page(
    study: StudyFile, names: Collection[str] = (), facts: Mapping[str, Metric] | None = None
) -> dict[str, Any]:
    """Return the generated metadata of the manuscript, without its abstract.

    What the study file says is text: it is escaped, since programs read metadata as Markdown.

    Parameters
    ----------
    study : StudyFile
    names : collection of str
        Names of categories, which are no fixed words even where they read like some.
    facts : mapping, optional
        Numbers that say whether there is a tree of codes, and whether any two stand together.

    Returns
    -------
    dict
        Every part that a study can have stands in ``has``, true or false, and
        ``data.synthetic`` too: a condition that names another is a mistake.
    """
    meta: dict[str, Any] = {"title": bidi_markdown(study.study.title)}
    if study.study.subtitle:
        meta["subtitle"] = bidi_markdown(study.study.subtitle)
    meta["blind"] = study.manuscript.blind
    if not study.manuscript.blind:
        meta["author"] = [_author(author) for author in study.study.authors]
    if study.study.keywords:
        meta["keywords"] = [bidi_markdown(word) for word in study.study.keywords]
    meta["lang"] = study.study.language
    meta["data"] = {"status": study.data.status, "synthetic": study.is_synthetic}
    known = facts or {}
    meta["has"] = study.parts() | {
        "tree": known.get("level.count") != 1,
        "pairs": known.get("cooccurrence.pairs") != 0,
    }
    return meta | _as_a_journal_wants(study) | _fixed_words(study, names)


def _author(author: Author) -> dict[str, Any]:
    """Return an author as metadata has it."""
    name = author.parted()
    parts = {"given": name.given, "family": name.family, "suffix": name.suffix}
    places = [author.affiliation] if author.affiliation else author.affiliations
    said: dict[str, Any] = {
        "name": {
            "literal": escape_markdown(name.literal),
            **{key: escape_markdown(part) for key, part in parts.items() if part},
        }
    }
    if name.is_group:
        said["is-group"] = True
    if author.orcid:
        said["orcid"] = orcid_number(author.orcid)
    if author.email:
        said["email"] = escape_markdown(author.email)
    if author.corresponding:
        said["corresponding"] = True
    if places:
        said["affiliations"] = [{"name": escape_markdown(place)} for place in places]
    return said


def _as_a_journal_wants(study: StudyFile) -> dict[str, Any]:
    """Return what the study file chooses for the pages; nothing where it leaves them alone."""
    chosen, meta = study.manuscript, dict[str, Any]()
    if chosen.line_numbers:
        meta["line-numbers"] = True
    if chosen.tables_and_figures == "end":
        meta["tables-and-figures"] = "end"
    if chosen.reference_doc:
        name = PurePosixPath(chosen.reference_doc).relative_to("report").as_posix()
        meta["format"] = {"docx": {"reference-doc": name}}
    moved = {
        "move": list(chosen.supplement),
        "text": list(chosen.in_text),
        "most": chosen.max_floats,
    }
    if asked := {key: value for key, value in moved.items() if value not in (None, [])}:
        meta["supplement"] = asked
    return meta


# what Quarto calls the words that it prints itself
QUARTO_WORDS = {
    "crossref-tbl-title": "table",
    "crossref-tbl-prefix": "table",
    "crossref-fig-title": "figure",
    "crossref-fig-prefix": "figure",
    "crossref-sec-prefix": "section",
    "crossref-eq-prefix": "equation",
    "crossref-apx-prefix": "appendix",
    "section-title-abstract": "abstract",
    "section-title-references": "references",
    "title-block-keywords": "keywords",
    "title-block-author-single": "author",
    "title-block-author-plural": "authors",
    "title-block-affiliation-single": "affiliation",
    "title-block-affiliation-plural": "affiliations",
    "toc-title-document": "contents",
    **{f"callout-{name}-title": name for name in ("note", "tip", "important", "warning")},
    "callout-caution-title": "caution",
}


def _fixed_words(study: StudyFile, names: Collection[str]) -> dict[str, Any]:
    """Return the fixed words of the page in a study's language; nothing for plain English."""
    language = find_language(study.study.language)
    turned = {"dir": "rtl"} if language.is_right_to_left else {}
    if language.is_plain and (language.is_english or not language.name):
        return turned
    page, text = language.page, escape_markdown
    said = {name: value for name, value in language.headings.items() if name not in names}
    meta: dict[str, Any] = {
        "words": {key: text(page[key]) for key in FILTER_WORDS},
        "language": {name: page[key] for name, key in QUARTO_WORDS.items()},
        "headings": [{"english": k, "said": v} for k, v in said.items()],
        "data": {
            "status": study.data.status,
            "synthetic": study.is_synthetic,
            "notice": text(page["synthetic"]),
        },
    }
    return meta | turned


# words that filters print
FILTER_WORDS = ("table", "figure", "keywords", "correspondence", "to-write", "notebook")


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
    # LibYAML writes the same text, six times as quickly
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(
        dict(value), Dumper=dumper, allow_unicode=True, sort_keys=True, width=10_000
    )
    return text
