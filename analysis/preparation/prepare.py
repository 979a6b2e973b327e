"""From the files of a study to tidy, checked tables, with nothing lost on the way."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.codes import (
    code_definitions,
    full_paths,
    printed_labels,
    read_labels,
    refuse_unknown,
)
from analysis.preparation.coders import SplitCodings, name_coders, split_codings
from analysis.preparation.codesystem import codes_of_study, without_codes
from analysis.preparation.framework import (
    FrameworkData,
    check_map,
    read_framework,
    read_guide,
)
from analysis.preparation.interviews import Voices, find_voices
from analysis.preparation.people import People, documents_as_cases, people_of
from analysis.preparation.states import States, compared, read_earlier
from analysis.settings import StudyFile
from analysis.workspace import Workspace
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.writing import write_text
from qdaio.model import CodedProject

__all__ = [
    "Prepared",
    "hand_over",
    "prepare",
    "spans_of",
]

# what people call data that nobody gave, in a few languages
SYNTHETIC = re.compile(r"\bsynth(?:etic|etisch|étique)", re.IGNORECASE)
DIMENSIONS = ["id", "number", "name", "definition"]
CATEGORIES = ["category", "dimension", "is_primary"]
ITEMS = ["item", "parent", "name"]
STATE_CODES = ["code_id", "parent_id", "name", "label", "level"]
STATE_CODINGS = ["code_id", "key"]
GUIDE = ["group", "number", "question"]
INCLUSIVE = ("paragraph",)  # units in which the end is part of the span
GUIDANCE = ["section", "parent", "title", "page", "kind", "dimension"]

CODING_COLUMNS = [
    "coding_id",
    "code_id",
    "case_id",
    "people",
    "document_id",
    "segment_id",
    "coder_id",
    "weight",
    "is_repeat",
    "source_file",
    "source_sheet",
    "source_row",
]


@dataclass(frozen=True)
class Prepared:
    """A study ready for analysis.

    Attributes
    ----------
    project : CodedProject
        As read.
    people : People
    codes : DataFrame
        ``code_id``, ``parent_id``, ``name``, ``label`` (printed), ``path`` (list),
        ``level``, ``position``, ``description``; in the order of the code system.
    definitions : DataFrame
        ``code_id``, ``definition``, ``inclusion``, ``exclusion``, ``example``; missing where
        nothing is said.
    codings, agreement_codings : DataFrame
        ``coding_id``, ``code_id``, ``case_id``, ``document_id``, ``segment_id``,
        ``coder_id``, ``weight``, ``is_repeat``, ``source_file``, ``source_sheet``,
        ``source_row``. No text.
        ``people`` lists who may have said it where several speak in the document, and is
        missing elsewhere.
    quotations : DataFrame
        Segments that the coders weighted as fit to quote: ``coding_id``, ``code_id``,
        ``case_id``, ``document_id``, ``text``, ``weight``.
    set_aside : DataFrame
        Every row that is neither counted nor used for agreement, and why.
    framework : FrameworkData or None
    guide : DataFrame or None
    changes : States or None
        An earlier state of the codings beside this one.
    warnings : tuple of str
    """

    project: CodedProject
    people: People
    codes: pd.DataFrame
    definitions: pd.DataFrame
    codings: pd.DataFrame
    agreement_codings: pd.DataFrame
    quotations: pd.DataFrame
    set_aside: pd.DataFrame
    framework: FrameworkData | None
    guide: pd.DataFrame | None
    changes: States | None
    warnings: tuple[str, ...]


def prepare(folder: Path, study: StudyFile) -> Prepared:
    """Read and check everything that a study names.

    Parameters
    ----------
    folder : Path
        The study's folder.
    study : StudyFile

    Raises
    ------
    StudyError
        With every fault of every file at once.
    """
    from qdaio.registry import ReadOptions, read_exports

    faults = FaultList()
    framework = read_framework(folder, study.framework, faults) if study.framework else None
    guide = None
    if study.guide:
        guide = read_guide(folder / study.guide.file, study.guide.file, faults)
    labels = None
    if study.data.labels:
        labels = read_labels(folder / study.data.labels, study.data.labels, faults)
    try:
        paths = [folder / name for name in study.data.exports]
        columns = study.data.columns
        options = ReadOptions(columns=columns.mapping() if columns else None)
        project = read_exports(paths, names=study.data.exports, options=options)
    except StudyError as error:
        faults.extend(error.faults)
        raise StudyError(faults) from error

    project = name_coders(project, study.data.coders, faults)
    earlier = read_earlier(folder, study, faults) if study.data.previous_exports else None
    codes = codes_of_study(project, study.hierarchy, faults)
    codes["label"] = printed_labels(codes, labels, study.data.labels or "", faults)
    definitions = code_definitions(codes, folder, study.data.codebook, faults)
    if not len(project.codes) or not len(project.codings):
        faults.add(
            kind="no-codings",
            file=", ".join(study.data.exports),
            found=f"{len(project.codes)} codes and no coding",
            expected="coded segments",
            remedy="Export the coded segments too, with all documents activated, and give the "
            "file to `study new` with another --from, or name it under `exports` in study.toml.",
        )
    elif len(codes):
        _check_levels(codes, study.hierarchy.levels, faults)
    if framework is not None:
        check_map(framework, list(codes.loc[codes["level"] == 1, "name"]), faults)
        if study.framework and (second := study.framework.crosswalk):
            known = codes["code_id"].astype("str").tolist()
            named = full_paths(framework.crosswalk, codes)
            refuse_unknown(named, known, second.map, faults)
            framework = replace(framework, crosswalk=named)
    if study.participants:
        people = people_of(project, study.participants, folder, faults)
    else:
        people = documents_as_cases(project)
    split = without_codes(split_codings(project, study.coders, faults), codes)
    if study.hierarchy.omit and split.counted.empty and not len(faults):
        faults.add(
            kind="no-codings",
            file="study.toml",
            column="hierarchy.omit",
            found="a list that leaves all codings out",
            expected="codings that are counted",
            remedy="Take codes that are categories of the study out of the list.",
        )
    elif split.counted.empty and len(project.codings) and not len(faults):
        faults.add(
            kind="no-codings",
            file="study.toml",
            column="coders.main",
            found=f'no coding of "{study.coders.main}"',
            expected="the coder whose codings are counted",
            remedy="Name a coder who coded something, or the export that holds the codings.",
        )
    faults.raise_if_any()

    _check_nothing_is_lost(project, split)
    case = people.documents.set_index("document_id")["case_id"]
    segments = project.segments.set_index("segment_id")
    voices = find_voices(project, people.documents)
    counted = _with_cases(split.counted, segments, case, voices)
    return Prepared(
        project=project,
        people=people,
        codes=_codes_table(codes),
        definitions=definitions,
        codings=counted[CODING_COLUMNS],
        agreement_codings=_with_cases(split.agreement, segments, case, voices)[CODING_COLUMNS],
        quotations=_quotations(counted, segments, study.quotations.minimum_weight),
        set_aside=project.with_(set_aside=(*project.set_aside, *split.set_aside)).set_aside_frame(),
        framework=framework,
        guide=guide,
        changes=None if earlier is None else compared(project, split.counted, earlier),
        warnings=(
            *project.warnings,
            *split.warnings,
            *people.notes,
            *voices.notes,
            *_asks_for_status(project, study),
        ),
    )


def _asks_for_status(project: CodedProject, study: StudyFile) -> list[str]:
    """Ask whether data are original whose own comments say that they are synthetic."""
    if study.is_synthetic or not len(project.codings):
        return []
    comments = project.segments.set_index("segment_id")["comment"].fillna("")
    notes = project.codings["memo"].fillna("")
    said = comments.str.contains(SYNTHETIC).reindex(project.codings["segment_id"])
    says = pd.Series(said.to_numpy() | notes.str.contains(SYNTHETIC).to_numpy(), dtype=bool)
    n = int(says.sum())
    if 2 * n < len(says):
        return []
    return [
        f'Is `status = "original"` right? {n:,} of {len(says):,} codings carry a comment that '
        'says "synthetic"; if they are, set `status = "synthetic"` under [data] in study.toml.'
    ]


def _check_levels(codes: pd.DataFrame, names: list[str], faults: FaultList) -> None:
    """Check that the study file names as many levels as the code system has."""
    deepest = int(codes["level"].max())
    if names and len(names) != deepest:
        deep = codes.loc[codes["level"] == deepest, "code_id"].iloc[0]
        faults.add(
            kind="wrong-levels",
            file="study.toml",
            column="hierarchy.levels",
            found=f"{len(names)} names: {', '.join(names)}",
            expected=f"{deepest}, one for each level of the code system, whose deepest code is "
            f'"{deep}"',
            remedy="Name each level from the root down, and the plurals likewise.",
        )


def _codes_table(codes: pd.DataFrame) -> pd.DataFrame:
    columns = ["code_id", "parent_id", "name", "label", "path", "level", "description"]
    table = codes[columns].assign(path=codes["path"].map(list))
    return table.assign(position=range(1, len(table) + 1))


def _with_cases(
    codings: pd.DataFrame, segments: pd.DataFrame, case: pd.Series, voices: Voices
) -> pd.DataFrame:
    document = codings["segment_id"].map(segments["document_id"].astype("str"))
    table = codings.assign(
        document_id=document, case_id=document.map(case), people=voices.of(codings)
    )
    return table.reset_index(drop=True)


def _quotations(
    codings: pd.DataFrame, segments: pd.DataFrame, minimum_weight: float
) -> pd.DataFrame:
    marked = codings[codings["weight"].fillna(0) >= minimum_weight]
    said = [
        # one speaker is named; of several it is said in which document they spoke
        case if people is None else people[0] if len(people) == 1 else f"in {case}"
        for case, people in zip(marked["case_id"], marked["people"], strict=True)
    ]
    marked = marked.assign(
        case_id=pd.Series(said, index=marked.index, dtype="str"),
        text=marked["segment_id"].map(segments["text"]),
    )
    columns = ["coding_id", "code_id", "case_id", "document_id", "text", "weight"]
    return marked.dropna(subset="text")[columns].reset_index(drop=True)


def _check_nothing_is_lost(project: CodedProject, split: SplitCodings) -> None:
    aside = len(split.set_aside) + sum(item.what == "coding" for item in project.set_aside)
    total = len(split.counted) + len(split.agreement) + aside
    if total != project.rows_read:
        raise StudyError(
            Fault(
                kind="lost-rows",
                file=", ".join(item.name for item in project.info.files),
                found=f"{total} codings accounted for",
                expected=f"{project.rows_read} codings read",
                remedy="This is a fault of the program: report it with the output of "
                "`study inspect`.",
            )
        )


def spans_of(segments: pd.DataFrame) -> pd.DataFrame:
    """Return where segments begin and end, end not included, in units that can be compared.

    Positions in code points are used where a segment has them, else its own unit.

    Parameters
    ----------
    segments : DataFrame
        ``segment_id``, ``document_id``, ``start``, ``end``, ``unit``, ``start_cp``, ``end_cp``.

    Returns
    -------
    DataFrame
        ``segment_id``, ``document_id``, ``start``, ``stop`` (int), ``unit``; segments without
        a position are not in it.
    """
    has_cp = segments["start_cp"].notna() & segments["end_cp"].notna()
    unit = segments["unit"].astype("str").where(~has_cp, "code point")
    start = segments["start_cp"].where(has_cp, segments["start"])
    end = segments["end_cp"].where(has_cp, segments["end"])
    end = end.fillna(start)
    known = start.notna() & unit.notna()
    table = pd.DataFrame(
        {
            "segment_id": segments["segment_id"].astype("str"),
            "document_id": segments["document_id"].astype("str"),
            "start": start,
            "stop": end + unit.isin(INCLUSIVE).astype("int64"),
            "unit": unit,
        }
    )[known]
    table["stop"] = table[["start", "stop"]].max(axis=1)
    return table.astype({"start": "int64", "stop": "int64"}).reset_index(drop=True)


def hand_over(prepared: Prepared, workspace: Workspace) -> None:
    """Write the tables; a part that the study does not have becomes a table without rows.

    Parameters
    ----------
    prepared : Prepared
    workspace : Workspace
    """
    people, framework, states = prepared.people, prepared.framework, prepared.changes
    documents = people.documents.drop(columns=["group"], errors="ignore")
    tables = {
        "documents": documents,
        "participants": people.participants
        if people.participants is not None
        else pd.DataFrame({"case_id": pd.Series(dtype="str")}),
        "groupings": people.groupings,
        "codes": prepared.codes,
        "definitions": prepared.definitions,
        "codings": prepared.codings,
        "agreement": prepared.agreement_codings,
        "quotations": prepared.quotations,
        "spans": spans_of(prepared.project.segments),
        "set-aside": prepared.set_aside,
        "dimensions": _columns(framework.dimensions if framework else None, DIMENSIONS),
        "categories": _columns(framework.categories if framework else None, CATEGORIES),
        "guidance": _columns(framework.guidance if framework else None, GUIDANCE),
        "crosswalk-items": _columns(framework.items if framework else None, ITEMS),
        "crosswalk": _columns(framework.crosswalk if framework else None, ["code", "item"]),
        "guide": _columns(prepared.guide, GUIDE),
        "earlier-codes": _columns(states.codes if states else None, STATE_CODES),
        "earlier-codings": _columns(states.before if states else None, STATE_CODINGS),
        "coding-keys": _columns(states.after if states else None, STATE_CODINGS),
    }
    for name, table in tables.items():
        workspace.write(name, table)
    said = json.dumps(list(prepared.warnings), ensure_ascii=False, indent=1)
    write_text(workspace.processed / "warnings.json", said + "\n")


def _columns(table: pd.DataFrame | None, columns: list[str]) -> pd.DataFrame:
    if table is None:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in columns})
    return table[columns]
