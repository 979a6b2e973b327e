"""The report of coded segments of QualCoder, by file or by case, as CSV or Excel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from qdaio.codes import code_frame, code_id
from qdaio.files.cells import text_series
from qdaio.files.source import Source
from qdaio.join import Statements, statement
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.programs.qualcoder.report_rows import ReportRow, find_header, report_rows
from qdaio.reader import Match
from qdaio.tables import match_by_sheet

__all__ = ["READER", "QualCoderReport"]

PROJECT = "qualcoder-project"
SOFTWARE = "QualCoder"
MEDIA = {"imid": "image", "avid": "video"}


class QualCoderReport:
    """Reads a report, which holds the segments that a search in the program found."""

    format = "qualcoder-report"
    software = SOFTWARE

    def recognise(self, source: Source) -> Match | None:
        """Know the columns, whose names no translation changes."""
        return match_by_sheet(source, find_header, "the columns Coder, Coded and Codename")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the report alone."""
        return self.read_beside(source, match, ())

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the report; what the project beside it holds as well is set aside.

        Raises
        ------
        StudyError
            When rows name no file, or have too few or too many cells.
        """
        notes = Notes(source.name)
        sheet = match.details["sheet"]
        rows = list(report_rows(sheet, match.details["table"], notes))
        _check_documents(rows, match.sheet, notes)
        notes.faults.raise_if_any()
        kept = _kept(rows, match.sheet, parts, notes)
        known = {
            path[-1]: path
            for part in parts
            if part.info.software == SOFTWARE
            for path in part.codes["path"]
        }
        paths = [known.get(row.path[-1], row.path) for row in kept]
        coders = dict.fromkeys(row.values["coder"] for row in kept if row.values["coder"])
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
            ),
            documents=_documents(rows),
            codes=code_frame(list(dict.fromkeys(paths))),
            coders=make_frame("coders", {"coder_id": list(coders), "name": list(coders)}),
            segments=_segments(kept),
            codings=_codings(kept, paths, source.name, match.sheet),
            **_cases(rows, notes),
            rows_read=len(kept) + notes.codings_aside,
            set_aside=tuple(notes.set_aside),
            warnings=(*sheet.warnings, *notes.warnings),
        )


def _document(row: ReportRow) -> str:
    return row.values.get("file") or ""


def _check_documents(rows: Iterable[ReportRow], sheet: str | None, notes: Notes) -> None:
    for row in rows:
        if not _document(row):
            notes.faults.add(
                kind="missing-value",
                file=notes.file,
                sheet=sheet,
                row=row.row,
                column="File",
                found="no file",
                expected="the name of the file that was coded",
                remedy="Export the report again, by files or by cases.",
            )


def _kept(
    rows: Iterable[ReportRow], sheet: str | None, parts: Sequence[CodedProject], notes: Notes
) -> list[ReportRow]:
    """Set aside what names no code, stands under another case too, or is in the project."""
    projects = [part for part in parts if part.info.format == PROJECT]
    held = Statements(projects, with_coders=True)
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        number, coder = row.values.get("id"), row.values["coder"]
        document, code = _document(row), row.values["code"]
        why = None
        if not code:
            why = "it names no code"
        elif number and number in seen:
            why = f"the same coding ({number}) as in row {seen[number]}, under another case"
        elif held.take(statement(document, code, coder, _text(row))):
            why = f"{held.name} holds the same coding"
        if number:
            seen.setdefault(number, row.row)
        if why is None:
            kept.append(row)
        else:
            notes.aside("coding", why, row.row, sheet, code=code, document=document)
    if projects and kept:
        notes.warn(
            f"{len(kept)} codings are not in {held.name}, and are counted as well. If one of the "
            "files is out of date, leave it out."
        )
    return kept


def _text(row: ReportRow) -> str | None:
    """Return the coded text; a picture or recording has only a word for its kind."""
    return None if _medium(row) else row.values["coded"]


def _medium(row: ReportRow) -> str | None:
    medium = MEDIA.get((row.values.get("id") or "").partition(":")[0])
    return "pdf" if medium and _document(row).lower().endswith(".pdf") else medium


def _documents(rows: Iterable[ReportRow]) -> pd.DataFrame:
    kinds: dict[str, str | None] = {}
    for row in rows:
        kinds[_document(row)] = kinds.get(_document(row)) or _medium(row)
    return make_frame(
        "documents",
        {
            "document_id": list(kinds),
            "name": list(kinds),
            "kind": pd.Series(list(kinds.values()), dtype="str"),
            "position": range(1, len(kinds) + 1),
        },
    )


def _segments(rows: Sequence[ReportRow]) -> pd.DataFrame:
    """Return a segment for each coding; its number in the program tells equal words apart."""
    return make_frame(
        "segments",
        {
            "segment_id": [f"s{number}" for number in range(1, len(rows) + 1)],
            "document_id": [_document(row) for row in rows],
            "place": text_series([row.values.get("id") for row in rows]),
            "text": text_series([_text(row) for row in rows]),
            "offset_status": ["unchecked"] * len(rows),
        },
    )


def _codings(
    rows: Sequence[ReportRow], paths: Sequence[tuple[str, ...]], file: str, sheet: str | None
) -> pd.DataFrame:
    size = len(rows)
    return make_frame(
        "codings",
        {
            "coding_id": [f"c{number}" for number in range(1, size + 1)],
            "segment_id": [f"s{number}" for number in range(1, size + 1)],
            "code_id": [code_id(path) for path in paths],
            "coder_id": text_series([row.values["coder"] or None for row in rows]),
            "memo": text_series([row.values.get("memo") for row in rows]),
            "source_file": [file] * size,
            "source_sheet": pd.Series([sheet] * size, dtype="str"),
            "source_row": [row.row for row in rows],
        },
    )


def _cases(rows: Iterable[ReportRow], notes: Notes) -> dict[str, pd.DataFrame]:
    """Return cases, their documents, and the variables of both, each value once."""
    cases: dict[str, None] = {}
    links: dict[tuple[str, str], None] = {}
    values: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        case, document = row.values.get("case"), _document(row)
        if case:
            cases[case] = links[case, document] = None
        for entity, name, value in row.variables:
            owner = document if entity == "document" else case
            if owner:
                values.setdefault((entity, owner, name, value), row.row)
    return {
        "cases": make_frame("cases", {"case_id": list(cases), "name": list(cases)}),
        "case_documents": make_frame(
            "case_documents",
            {"case_id": [case for case, _ in links], "document_id": [name for _, name in links]},
        ),
        "attributes": make_frame(
            "attributes",
            {
                "entity": [key[0] for key in values],
                "entity_id": [key[1] for key in values],
                "name": [key[2] for key in values],
                "value": [key[3] for key in values],
                "source_file": [notes.file] * len(values),
                "source_row": list(values.values()),
            },
        ),
    }


READER = QualCoderReport()
