"""The workbook of a whole project: a sheet each for segments, codes, variables and more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd

from qdaio.codes import document_id, whole_number
from qdaio.faults import FaultList, StudyError
from qdaio.files.cells import Sheet
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.headers import find_table
from qdaio.join import combine
from qdaio.labels import plain
from qdaio.model import CodedProject, SetAside, make_frame
from qdaio.programs.maxqda.code_system import find_tree, match_system, system_project, tree_rows
from qdaio.programs.maxqda.matrices import match_matrix, matrix_project
from qdaio.programs.maxqda.memos import match_memos, read_memos
from qdaio.programs.maxqda.segments import CodedSegments, match_segments
from qdaio.programs.maxqda.values import Path
from qdaio.programs.maxqda.variables import (
    code_variables_project,
    match_code_variables,
    match_variables,
    variables_project,
)
from qdaio.programs.maxqda.words import BESIDE_CODES, LISTED, ROOTS_OF_DOCUMENTS, words_for
from qdaio.reader import Match, NativeFile

__all__ = ["NATIVE", "READER", "WholeProject"]

LEAST = 2  # sheets
SHOWN = 5
KINDS: dict[str, Callable[[Sheet], Match | None]] = {
    "segments": match_segments,
    "system": match_system,
    "variables": match_variables,
    "matrix": match_matrix,
    "code variables": match_code_variables,
    "memos": match_memos,
}
ORDER = ("segments", "system", "variables", "matrix", "code variables", "memos")
VARIABLES = words_for({"variable", "kind"}, LISTED)
COUNTS = {plain(label) for label in BESIDE_CODES["count"]}


class Listed(NamedTuple):
    """A document of MAXQDA's list of documents, and how many codings the list gives it."""

    group: str | None
    name: str
    stated: int | None


def documents_listed(sheet: Sheet) -> list[Listed] | None:
    """Read the list of documents: a tree of groups and documents under its root.

    Returns
    -------
    list of Listed or None
        None when the sheet is no such list. What has nothing under it is a document, or a
        group without documents: the list does not tell them apart.
    """
    tree = find_tree(sheet, ROOTS_OF_DOCUMENTS)
    if tree is None or tree.root is None or tree.is_moved:
        return None
    rows = [row for row in tree_rows(sheet, tree) if row.index > (tree.root or 0)]
    end = next((n for n, row in enumerate(rows) if min(row.names) == 1), len(rows))
    rows = rows[:end]  # sets of documents repeat documents under a root of their own
    counts = None if tree.count is None else sheet.columns[tree.count]
    found: list[Listed] = []
    stack: list[str] = []
    for place, row in enumerate(rows):
        below = rows[place + 1] if place + 1 < len(rows) else None
        stack = [*stack[: row.level - 2], row.names[row.level]]
        if below is None or below.level <= row.level:
            count = None if counts is None else whole_number(counts[row.index])
            found.append(Listed(" > ".join(stack[:-1]) or None, stack[-1], count))
    return found


@dataclass(frozen=True)
class Part:
    """A sheet that is known, as what, and what recognition learned."""

    kind: str
    match: Match
    sheet: Sheet


class WholeProject:
    """Reads a workbook in which several sheets are MAXQDA's tables, as one project."""

    format = "maxqda-project-workbook"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether several of the sheets of this workbook are MAXQDA's tables."""
        if source.kind not in {"xlsx", "xls"}:
            return None
        sheets = read_sheets(source)
        if len(sheets) < LEAST:
            return None
        found = [part for sheet in sheets if (part := _best(sheet)) is not None]
        kinds = Counter(part.kind for part in found)
        if len(kinds) < LEAST and kinds["segments"] < LEAST:
            return None
        said = ", ".join(f'"{part.sheet.name.strip()}" ({part.kind})' for part in found)
        return Match(0.97, f"sheets {said}", details={"found": found})

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read every sheet that was recognised, and join them.

        The data editor lists the codings of the coded segments a second time; a sheet that
        says nothing new of codings is not counted again. Sheets that hold neither codings
        nor codes nor variables are set aside.

        Raises
        ------
        StudyError
            With the faults of all sheets.
        """
        faults = FaultList()
        parts: list[CodedProject] = []
        warnings: list[str] = []
        system: list[Path] = []
        found = sorted(
            match.details["found"], key=lambda part: (ORDER.index(part.kind), -_rank(part))
        )
        for item in found:
            if item.kind == "memos":
                continue
            try:
                part = _read(source, item, system)
            except StudyError as error:
                faults.extend(error.faults)
                continue
            if item.kind == "system":
                system += part.codes["path"].tolist()
            if any(_repeats(part, done) for done in parts):
                warnings.append(
                    f'{source.name}: the sheet "{item.sheet.name.strip()}" lists '
                    f"{len(part.codings)} of the codings of another sheet again; they are "
                    "counted once."
                )
                continue
            parts.append(part)
        faults.raise_if_any()
        warnings += _counted_together(source, parts)
        known = {part.sheet.name for part in found}
        others = [sheet for sheet in read_sheets(source) if sheet.name not in known]
        lists = [listed for sheet in others if (listed := documents_listed(sheet)) is not None]
        project = _with_documents(combine(parts), [item for each in lists for item in each], found)
        aside = [item for sheet in others if (item := _aside(sheet)) is not None]
        for item in found:
            if item.kind == "memos":
                memos = read_memos(item.match.details["table"], project.codes)
                project = project.with_(codes=make_frame("codes", memos.codes))
                aside += memos.set_aside
        warnings += _documents_counted(source, project, [item for each in lists for item in each])
        files = tuple(replace(item, format=self.format) for item in project.info.files)
        info = replace(project.info, format=self.format, files=files)
        return project.with_(
            info=info,
            set_aside=(*project.set_aside, *aside),
            warnings=(*project.warnings, *warnings),
        )


def _best(sheet: Sheet) -> Part | None:
    if find_table(sheet, VARIABLES) is not None or documents_listed(sheet) is not None:
        return None
    matches = [(kind, match) for kind, known in KINDS.items() if (match := known(sheet))]
    if not matches:
        return None
    kind, match = max(matches, key=lambda pair: pair[1].score)
    return Part(kind, match, sheet)


def _rank(part: Part) -> float:
    """Sheets of segments with text and full paths first: the others repeat them."""
    table = part.match.details.get("table")
    return part.match.score + (0.5 if table is not None and "parent" not in table.columns else 0)


def _read(source: Source, part: Part, system: Iterable[Path]) -> CodedProject:
    details = part.match.details
    if part.kind == "segments":
        return CodedSegments().read(source, part.match)
    if part.kind == "system":
        return system_project(source, details["sheet"], details["tree"])
    if part.kind == "variables":
        return variables_project(source, details["table"])
    if part.kind == "matrix":
        return matrix_project(source, details["sheet"], details["grid"])
    return code_variables_project(source, details["table"], system)


def _repeats(part: CodedProject, done: CodedProject) -> bool:
    """Say whether all codings of a part stand in another one too."""
    if part.codings.empty or done.codings.empty:
        return False
    return not _content(part) - _content(done)


def _content(part: CodedProject) -> Counter[tuple[Any, ...]]:
    names = part.documents.set_index("document_id")["name"]
    where = part.segments.set_index("segment_id")["document_id"].astype("str").map(names)
    rows = pd.DataFrame(
        {
            "document": where.loc[part.codings["segment_id"]].array,
            "code": part.codings["code_id"].astype("str").array,
        }
    )
    return Counter(rows.itertuples(index=False, name=None))


def _counted_together(source: Source, parts: Iterable[CodedProject]) -> list[str]:
    """Say that several sheets list codings, which were put one after another."""
    sizes = [len(part.codings) for part in parts if len(part.codings)]
    if len(sizes) < 2:
        return []
    return [
        f"{source.name}: {len(sizes)} sheets list different codings "
        f"({' + '.join(map(str, sizes))}), and all of them are counted."
    ]


def _aside(sheet: Sheet) -> SetAside | None:
    """Say of a sheet that gives the project nothing what it is; lists of documents give some."""
    if documents_listed(sheet) is not None:
        return None
    why = "it holds no codings, codes or variables in a form that is known here"
    if find_table(sheet, VARIABLES) is not None:
        why = "it lists the variables and holds no values of them"
    return SetAside(what="sheet", why=why, file=sheet.file, sheet=sheet.name or None)


def _with_documents(
    project: CodedProject, listed: Iterable[Listed], found: Iterable[Part]
) -> CodedProject:
    """Add documents that nobody coded, where only the list of documents has them."""
    if any(part.kind == "variables" for part in found):
        return project  # it names every document, and knows them from empty groups
    known = set(project.documents["name"])
    new = [item for item in listed if item.name not in known]
    if not new:
        return project
    start = len(project.documents)
    more = make_frame(
        "documents",
        {
            "document_id": [document_id(item.group, item.name) for item in new],
            "name": [item.name for item in new],
            "group": [item.group for item in new],
            "position": range(start + 1, start + 1 + len(new)),
        },
    ).drop_duplicates("document_id")
    both = pd.concat([project.documents, more], ignore_index=True) if start else more
    return project.with_(documents=make_frame("documents", both))


def _documents_counted(
    source: Source, project: CodedProject, listed: Iterable[Listed]
) -> list[str]:
    """Hold the codings that the list and the variables give each document against those read."""
    if not len(project.codings):
        return []
    document_of = project.segments.set_index("segment_id")["document_id"].astype("str")
    read = Counter(document_of.loc[project.codings["segment_id"]].tolist())
    ids: dict[str, list[str]] = {}
    for key, name in zip(project.documents["document_id"], project.documents["name"], strict=True):
        ids.setdefault(name, []).append(key)
    stated: dict[str, int] = {}
    for item in listed:
        own = document_id(item.group, item.name)
        keys = [own] if own in ids.get(item.name, []) else ids.get(item.name, [])
        if len(keys) == 1 and item.stated is not None:
            stated[keys[0]] = item.stated
    frame = project.attributes
    rows = frame[(frame["entity"] == "document") & frame["name"].map(plain).isin(COUNTS)]
    for key, value in zip(rows["entity_id"], rows["value"], strict=True):
        if (count := whole_number(value)) is not None:
            stated[key] = count
    wrong = [
        f'"{key}" {count} against {read[key]}'
        for key, count in stated.items()
        if count != read[key]
    ]
    if not wrong:
        return []
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return [
        f"{source.name}: the codings of {len(wrong)} documents are not as many as the workbook "
        f"says (stated against read): {', '.join(wrong[:SHOWN])}{more}."
    ]


READER = WholeProject()

# project (.mx24), project with external files (.mxex…), exchange (.mex), teamwork, code tree (.mtr)
NATIVE = NativeFile(
    "maxqda-native-file",
    "MAXQDA",
    r"mx\d{1,4}|mxd\d*|mex\d*|mex|mxe\w{0,4}|mtr\d*|mx[345]|mod|loa",
    "Open it in MAXQDA and export the project: Reports, Export, REFI-QDA project (.qdpx), or the "
    "overview of coded segments and the code system as Excel tables.",
)
