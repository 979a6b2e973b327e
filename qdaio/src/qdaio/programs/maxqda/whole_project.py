"""The workbook of a whole project: segments, code system, variables and more, a sheet each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from qdaio.faults import FaultList, StudyError
from qdaio.files.cells import Sheet
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.join import combine
from qdaio.model import CodedProject
from qdaio.programs.maxqda.codes import (
    code_variables_project,
    match_code_variables,
    match_system,
    system_project,
)
from qdaio.programs.maxqda.documents import match_variables, variables_project
from qdaio.programs.maxqda.matrices import match_matrix, matrix_project
from qdaio.programs.maxqda.segments import CodedSegments, match_segments
from qdaio.reader import Match

__all__ = ["READER", "WholeProject"]

LEAST = 2  # sheets of different kinds
KINDS: dict[str, Callable[[Sheet], Match | None]] = {
    "segments": match_segments,
    "system": match_system,
    "variables": match_variables,
    "matrix": match_matrix,
    "code variables": match_code_variables,
}


class WholeProject:
    """Reads a workbook in which several sheets are MAXQDA's tables, as one project."""

    format = "maxqda-project-workbook"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether sheets of several kinds of MAXQDA's tables stand in this workbook."""
        if source.kind not in {"xlsx", "xls"}:
            return None
        sheets = read_sheets(source)
        if len(sheets) < LEAST:
            return None
        found = [(*best, sheet) for sheet in sheets if (best := _best(sheet)) is not None]
        kinds = {kind for kind, _, _ in found}
        if len(kinds) < LEAST:
            return None
        return Match(
            0.97,
            "sheets " + ", ".join(f'"{sheet.name.strip()}" ({kind})' for kind, _, sheet in found),
            details={"found": found},
        )

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read every sheet that was recognised, and join them.

        The data editor lists the codings of the coded segments a second time; a sheet that
        says nothing new of codings is not counted again.

        Raises
        ------
        StudyError
            With the faults of all sheets.
        """
        faults = FaultList()
        parts: list[CodedProject] = []
        warnings: list[str] = []
        order = sorted(
            match.details["found"], key=lambda item: (item[0] != "segments", -_rank(item))
        )
        for kind, found, sheet in order:
            try:
                part = _read(source, kind, found)
            except StudyError as error:
                faults.extend(error.faults)
                continue
            first = next((done for done in parts if _repeats(part, done)), None)
            if first is not None:
                warnings.append(
                    f'{source.name}: the sheet "{sheet.name.strip()}" lists '
                    f"{len(part.codings)} of the codings of another sheet again; they are "
                    "counted once."
                )
                continue
            parts.append(part)
        faults.raise_if_any()
        project = combine(parts)
        files = tuple(replace(item, format=self.format) for item in project.info.files)
        info = replace(project.info, format=self.format, files=files)
        return project.with_(info=info, warnings=(*project.warnings, *warnings))


def _best(sheet: Sheet) -> tuple[str, Match] | None:
    found = [(match.score, kind, match) for kind, known in KINDS.items() if (match := known(sheet))]
    if not found:
        return None
    _, kind, match = max(found, key=lambda item: item[0])
    return kind, match


def _rank(item: tuple[str, Match, Sheet]) -> float:
    """Sheets of segments with text and full paths first: the others repeat them."""
    _, match, _ = item
    table = match.details.get("table")
    return match.score + (0.5 if table is not None and "parent" not in table.columns else 0)


def _read(source: Source, kind: str, match: Match) -> CodedProject:
    if kind == "segments":
        return CodedSegments().read(source, match)
    if kind == "system":
        return system_project(source, match.details["sheet"], match.details["tree"])
    if kind == "variables":
        return variables_project(source, match.details["table"])
    if kind == "matrix":
        return matrix_project(source, match.details["sheet"], match.details["grid"])
    return code_variables_project(source, match.details["table"])


def _repeats(part: CodedProject, done: CodedProject) -> bool:
    """Say whether all codings of a part stand in another one too."""
    if part.codings.empty or done.codings.empty:
        return False
    return not _content(part) - _content(done)


def _content(part: CodedProject) -> Counter[tuple[str, str]]:
    names = part.documents.set_index("document_id")["name"]
    where = part.segments.set_index("segment_id")["document_id"].astype("str").map(names)
    rows = pd.DataFrame(
        {
            "document": where.loc[part.codings["segment_id"]].array,
            "code": part.codings["code_id"].astype("str").array,
        }
    )
    return Counter(rows.itertuples(index=False, name=None))


READER = WholeProject()
