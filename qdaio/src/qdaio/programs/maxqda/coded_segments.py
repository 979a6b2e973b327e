"""Coded segments: the table in which MAXQDA lists what was coded, and with which code."""

from __future__ import annotations

from dataclasses import replace

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.cells import Sheet
from qdaio.files.source import Source
from qdaio.model import CodedProject
from qdaio.programs.maxqda.by_content import Guess, guess_columns
from qdaio.programs.maxqda.segments import segments_project
from qdaio.programs.maxqda.words import (
    HEADERS,
    SEGMENT_OPTIONAL,
    SEGMENT_REQUIRED,
    language_of,
)
from qdaio.reader import Match
from qdaio.tables import SheetTable, best_sheet, find_table, table_at

__all__ = ["READER", "CodedSegments", "find_segments", "match_segments"]

REQUIRED = {
    name: [label for labels in HEADERS[name].values() for label in labels]
    for name in SEGMENT_REQUIRED
}
OPTIONAL = {
    name: [label for labels in HEADERS[name].values() for label in labels]
    for name in SEGMENT_OPTIONAL
}
SIGNS = {"text", "group", "start", "weight", "area", "coverage", "coder", "colour", "comment"}
ENOUGH = 2  # of these beside document and code, to tell the table from that of another program
SHARE = 0.5  # of the headers must be known for the words of one language to be its words


class CodedSegments:
    """Reads tables of coded segments, by their headers or else by what the columns hold."""

    format = "maxqda-coded-segments"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file lists coded segments."""
        return best_sheet(source, match_segments)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the sheet that was recognised.

        Raises
        ------
        StudyError
            When a column is missing or cannot be told from another, or a row lacks its
            document or code.
        """
        table: SheetTable = match.details["table"]
        guess: Guess | None = match.details.get("guess")
        if guess is not None and guess.unclear:
            raise StudyError(_unclear(source, table, guess))
        if table.missing:
            raise StudyError(_missing(source, table))
        project = segments_project(
            source, table, form=self.format, language=match.details["language"]
        )
        if guess is None:
            return project
        said = ", ".join(f'"{header}" as {name}' for name, header in table.headers.items())
        return project.with_(
            warnings=(
                *project.warnings,
                f"{source.name}: the headers are in a language that is not known, and the "
                f"columns were recognised by what they hold: {said}.",
            )
        )


def find_segments(sheet: Sheet, *, partial: bool = False) -> SheetTable | None:
    """Find coded segments by English, German or Polish headers."""
    table = find_table(sheet, REQUIRED, OPTIONAL, partial=partial)
    if table is None or len(SIGNS & table.columns.keys()) < ENOUGH:
        return None
    return table


def match_segments(sheet: Sheet) -> Match | None:
    """Recognise coded segments in a sheet."""
    table = find_segments(sheet, partial=True)
    if table is not None:
        language = language_of(table.headers.values())
        if not table.missing:
            return Match(
                0.95 if "text" in table.columns else 0.9,
                "headers " + ", ".join(table.headers.values()),
                sheet=sheet.name,
                details={"table": table, "language": language},
            )
        if len(table.columns) >= SHARE * len(table.all_headers):
            return Match(
                0.5,
                "headers " + ", ".join(table.headers.values()),
                sheet=sheet.name,
                details={"table": table, "language": language},
            )
    guess = guess_columns(sheet)
    if guess is None:
        return None
    known = {header: name for name, header in guess.columns.items()}
    found = table_at(sheet, guess.header, {}, ())
    columns = {known[header]: cells for header, cells in found.unknown.items() if header in known}
    table = replace(
        found,
        columns=columns,
        headers=dict(guess.columns),
        unknown={},  # columns that are not known by what they hold say nothing
    )
    return Match(
        0.6,
        "columns that hold " + ", ".join(guess.signs),
        sheet=sheet.name,
        details={"table": table, "language": None, "guess": guess},
    )


def _missing(source: Source, table: SheetTable) -> list[Fault]:
    faults = FaultList()
    for name in table.missing:
        labels = HEADERS[name]
        language = language_of(table.headers.values()) or "en"
        faults.add(
            kind="missing-column",
            file=source.name,
            sheet=table.sheet.name or None,
            row=table.header_row,
            column=labels[language][0],
            found="the columns " + ", ".join(f'"{header}"' for header in table.all_headers),
            expected=f'a column "{labels[language][0]}"',
            remedy="Show the column in MAXQDA's table of coded segments and export it again, "
            "or rename the header if it has another name.",
        )
    return list(faults)


def _unclear(source: Source, table: SheetTable, guess: Guess) -> list[Fault]:
    faults = FaultList()
    for name, headers in guess.unclear.items():
        faults.add(
            kind="ambiguous-column",
            file=source.name,
            sheet=table.sheet.name or None,
            row=table.header_row,
            found=" or ".join(f'"{header}"' for header in headers) or "no column that could be it",
            expected=f"one column that holds the {name} of each segment",
            remedy=f'Write "{HEADERS[name]["en"][0]}" as the header of the column that holds it.',
        )
    return list(faults)


READER = CodedSegments()
