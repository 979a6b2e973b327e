"""Excerpts of Dedoose: a row for each excerpt of each coder, a column for each code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import code_frame, code_id
from qdaio.files.cells import as_text, text_series
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.programs.atlasti.quotations import iso_dates
from qdaio.programs.dedoose.applied import (
    Applied,
    applied_by_columns,
    applied_by_lists,
    compare_with_lists,
)
from qdaio.programs.dedoose.columns import code_columns, find_excerpts, other_columns
from qdaio.programs.dedoose.descriptors import descriptor_frame
from qdaio.reader import Match
from qdaio.tables import SheetTable, match_by_sheet

__all__ = ["READER", "DedooseExcerpts"]

RANGE = re.compile(r"(\d{1,15})\s*[-–]\s*(\d{1,15})")


class DedooseExcerpts:
    """Reads excerpts exported as Excel or CSV."""

    format = "dedoose-excerpts"
    software = "Dedoose"

    def recognise(self, source: Source) -> Match | None:
        """Know the column of media, and those of codes."""
        return match_by_sheet(source, find_excerpts, "the columns of media and of applied codes")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the excerpts.

        Raises
        ------
        StudyError
            When a row names no media, or a cell of a code is neither True nor False.
        """
        notes = Notes(source.name)
        table = match.details["table"]
        notes.faults.extend(table.faults)
        documents = _documents(table, notes)
        columns = code_columns(table, notes.faults)
        by_columns = bool(columns)
        applied = (
            applied_by_columns(columns, table, notes)
            if by_columns
            else applied_by_lists(table, notes)
        )
        notes.faults.raise_if_any()
        if by_columns and "combined" in table.columns:
            compare_with_lists(applied, table, documents, notes)
        _list_uncoded(applied, table, documents, notes)
        names = list(dict.fromkeys(documents))
        codings = _codings(applied, table, match.sheet)
        people = codings["coder_id"].dropna().astype("str").drop_duplicates()
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
            ),
            documents=make_frame(
                "documents",
                {"document_id": names, "name": names, "position": range(1, len(names) + 1)},
            ),
            codes=code_frame(applied.paths),
            coders=make_frame("coders", {"coder_id": people, "name": people}),
            segments=_segments(applied, table, documents),
            codings=codings,
            attributes=descriptor_frame(other_columns(table), documents, table.row_numbers, notes),
            rows_read=len(codings),
            set_aside=tuple(notes.set_aside),
            warnings=(*table.sheet.warnings, *notes.warnings),
        )


def _cells(table: SheetTable, name: str) -> list[Any]:
    return table.columns.get(name) or [None] * table.height


def _documents(table: SheetTable, notes: Notes) -> list[str]:
    names = [(as_text(cell) or "").strip() for cell in table.columns["document"]]
    for row, name in zip(table.row_numbers, names, strict=True):
        if not name:
            notes.faults.add(
                kind="missing-value",
                file=notes.file,
                sheet=table.sheet.name.strip() or None,
                row=row,
                column=table.headers["document"],
                found="no media",
                expected="the title of the media that the excerpt is from",
                remedy="Fill in the title, or delete the row if it is no excerpt.",
            )
    return names


def _list_uncoded(
    applied: Applied, table: SheetTable, documents: Sequence[str], notes: Notes
) -> None:
    """List the excerpts to which no code is applied."""
    coded = np.zeros(table.height, dtype=np.bool_)
    coded[applied.excerpts] = True
    sheet = table.sheet.name.strip() or None
    for place in np.flatnonzero(~coded).tolist():
        row = table.row_numbers[place]
        why = "no code is applied to it"
        notes.aside("uncoded highlight", why, row, sheet, document=documents[place])


def _segments(applied: Applied, table: SheetTable, documents: Sequence[str]) -> pd.DataFrame:
    """Return a segment for each excerpt that has a code."""
    used = np.unique(applied.excerpts).tolist()
    texts, ranges = _cells(table, "text"), _cells(table, "range")
    places = [as_text(ranges[row]) for row in used]
    found = [RANGE.fullmatch(place.strip()) if place else None for place in places]
    return make_frame(
        "segments",
        {
            "segment_id": [f"s{row + 1}" for row in used],
            "document_id": [documents[row] for row in used],
            "start": pd.Series([match and int(match[1]) for match in found], dtype="Int64"),
            "end": pd.Series([match and int(match[2]) for match in found], dtype="Int64"),
            "unit": text_series([match and "code point" for match in found]),
            "place": text_series(places),
            "text": text_series([texts[row] for row in used]),
            "offset_status": ["unchecked"] * len(used),
        },
    )


def _codings(applied: Applied, table: SheetTable, sheet: str | None) -> pd.DataFrame:
    size = len(applied.excerpts)
    coders = text_series([(as_text(cell) or "").strip() or None for cell in _cells(table, "coder")])
    dates = text_series(iso_dates(_cells(table, "created")))
    ids = text_series([code_id(path) for path in applied.paths])
    rows = pd.Series(list(table.row_numbers), dtype="Int64")
    columns = {
        "coding_id": "c" + pd.Series(range(1, size + 1)).astype("str"),
        "segment_id": "s" + pd.Series(applied.excerpts + 1).astype("str"),
        "code_id": ids.take(applied.codes).array,
        "coder_id": coders.take(applied.excerpts).array,
        "weight": applied.weights,
        "created_at": dates.take(applied.excerpts).array,
        "source_file": [table.sheet.file] * size,
        "source_sheet": pd.Series([sheet] * size, dtype="str"),
        "source_row": rows.take(applied.excerpts).array,
    }
    return make_frame("codings", columns)


READER = DedooseExcerpts()
