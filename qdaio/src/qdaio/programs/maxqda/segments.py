"""Coded segments: the table in which MAXQDA lists what was coded, and with which code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import code_id, whole_number
from qdaio.dates import iso_dates
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.cells import Sheet, as_text, label_series, text_series
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table, table_at
from qdaio.labels import plain
from qdaio.model import CodedProject, ExportFile, ExportInfo, make_frame
from qdaio.programs.maxqda.codes import code_rows, codes_frame, separator_of, split_path
from qdaio.programs.maxqda.content import Guess, guess_columns
from qdaio.programs.maxqda.documents import documents_of, repeated_groups
from qdaio.programs.maxqda.memos import match_memos
from qdaio.programs.maxqda.values import (
    attribute_rows,
    numbers,
    positions,
    with_variables,
)
from qdaio.programs.maxqda.words import BESIDE_CODES, HEADERS, language_of, words_for
from qdaio.reader import Match
from qdaio.tables import best_sheet

__all__ = [
    "READER",
    "CodedSegments",
    "find_segments",
    "match_segments",
    "segments_project",
]


REQUIRED = words_for({"document", "code"})
OPTIONAL = words_for([name for name in HEADERS if name not in REQUIRED]) | {
    "memo": list(BESIDE_CODES["memo"])
}
KNOWN = {plain(label): name for name, labels in (OPTIONAL | REQUIRED).items() for label in labels}
SIGNS = {"text", "group", "start", "weight", "area", "coverage", "coder", "colour", "comment"}
ENOUGH = 2  # of these beside document and code, to tell the table from that of another program
SHARE = 0.5  # of the headers must be known for the words of one language to be its words
SURE = {"en", "de", "pl"}  # languages whose headers were read off real exports
OF_CODINGS = {"text", "start", "weight", "area", "coverage"}


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
    """Find coded segments by their headers, with variables of documents beside them."""
    table = find_table(sheet, REQUIRED, OPTIONAL, partial=partial)
    if table is None or len(SIGNS & table.columns.keys()) < ENOUGH:
        return None
    if not OF_CODINGS & table.columns.keys() and _is_list_of_documents(table):
        return None
    return _variables_apart(table)


def _is_list_of_documents(table: SheetTable) -> bool:
    """Say whether each document has one row; "Code" is then a variable of documents."""
    groups = table.columns.get("group", [None] * table.height)
    documents = table.columns.get("document", [])
    return len(documents) > 1 and len(set(zip(groups, documents, strict=True))) == len(documents)


def _variables_apart(table: SheetTable) -> SheetTable:
    """Tell the columns of the codings from variables of documents that have the same headers.

    Beside segments MAXQDA writes its own variables of the documents, so that "Created on"
    can stand twice. The first is that of the coding, but a column that says several things
    of one document is none of its variables.
    """
    if not any(fault.kind == "duplicate-column" for fault in table.faults):
        return table
    sheet, index = table.sheet, table.header_row - table.sheet.first_row
    at = [row - sheet.first_row for row in table.row_numbers]
    places: dict[str, list[int]] = {}
    for place, column in enumerate(sheet.columns):
        name = KNOWN.get(plain(as_text(column[index]) or ""))
        if name not in {None, "code"}:
            places.setdefault(str(name), []).append(place)
    groups = table.columns.get("group", [None] * table.height)
    keys = list(zip(groups, table.columns.get("document", []), strict=False))
    beside: list[int] = []
    for found in places.values():
        varying = [
            place
            for place in found
            if len(
                {
                    (key, as_text(sheet.columns[place][row]))
                    for key, row in zip(keys, at, strict=False)
                }
            )
            > len(set(keys))
        ]
        if len(varying) < 2:
            own = (varying or found)[0]
            beside += [place for place in found if place != own]
    return with_variables(table, beside, KNOWN)


def match_segments(sheet: Sheet) -> Match | None:
    """Recognise coded segments in a sheet."""
    if match_memos(sheet) is not None:
        return None
    table = find_segments(sheet, partial=True)
    if table is not None:
        language = language_of(table.headers.values())
        details: dict[str, Any] = {"table": table, "language": language}
        reason = "headers " + ", ".join(table.headers.values())
        if not table.missing:
            if language not in SURE:
                details |= _completed(table)
            score = 0.95 if "text" in details["table"].columns else 0.9
            return Match(score, reason, sheet=sheet.name, details=details)
        if len(table.columns) >= SHARE * len(table.all_headers):
            return Match(0.5, reason, sheet=sheet.name, details=details)
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


def _completed(table: SheetTable) -> dict[str, Any]:
    """Find columns by what they hold where only some of the headers are known."""
    guess = guess_columns(table.sheet)
    if guess is None or table.sheet.row_number(guess.header) != table.header_row:
        return {}
    new = {
        name: header
        for name, header in guess.columns.items()
        if name not in table.columns and header in table.unknown
    }
    if not new:
        return {}
    more = {name: table.unknown[header] for name, header in new.items()}
    rest = {header: cells for header, cells in table.unknown.items() if header not in new.values()}
    headers = table.headers | new
    full = replace(table, columns=table.columns | more, headers=headers, unknown=rest)
    return {"table": full, "guess": replace(guess, columns=headers, unclear={})}


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


SHOWN = 20


def segments_project(
    source: Source, table: SheetTable, *, form: str, language: str | None
) -> CodedProject:
    """Make a project from a table of coded segments.

    Parameters
    ----------
    source : Source
    table : SheetTable
        With the columns ``document`` and ``code``, and any of ``parent``, ``group``,
        ``start``, ``end``, ``weight``, ``text``, ``comment``, ``coder``, ``created``.
    form : str
        Format for the record of files.
    language : str, optional
        Of the interface, ISO 639-1.

    Raises
    ------
    StudyError
        For each row that lacks its document or code.
    """
    columns = table.columns
    height = table.height
    rows = np.asarray(table.row_numbers, dtype="int64")
    documents_at, documents = documents_of(columns["document"], columns.get("group"))
    codes_at, codes = _codes(columns)
    _check_rows(source, table, documents_at, codes_at)
    coders_at, coders = _coders(columns.get("coder"), height)
    place = positions(columns.get("start", [None] * height), columns.get("end", [None] * height))
    number = pd.Series(np.arange(1, height + 1)).astype("str")
    segments = {
        "segment_id": "s" + number,
        "document_id": documents_at,
        "start": place["start"],
        "end": place["end"],
        "unit": place["unit"].astype("category"),
        "place": place["place"],
        "offset_status": pd.Categorical(["unchecked"] * height),
    }
    codings: dict[str, Any] = {
        "coding_id": "c" + number,
        "segment_id": "s" + number,
        "code_id": codes_at,
        "coder_id": coders_at,
        "source_file": pd.Categorical([source.name] * height),
        "source_row": rows,
    }
    if table.sheet.name:
        codings["source_sheet"] = pd.Categorical([table.sheet.name] * height)
    for name in ("text", "comment"):
        if name in columns:
            segments[name] = text_series(columns[name])
    if "memo" in columns and not _are_counts(columns["memo"]):
        codings["memo"] = text_series(columns["memo"])
    if "weight" in columns:
        codings["weight"] = numbers(columns["weight"])
    if "created" in columns:
        codings["created_at"] = iso_dates(columns["created"])
    attributes, ignored = _variables(source, table, documents_at)
    who = pd.DataFrame({"document_id": documents_at, "coder_id": coders_at})
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language,
            files=(ExportFile(source.name, source.sha256, form, table.sheet.name or None),),
        ),
        documents=documents,
        codes=codes,
        coders=coders,
        segments=make_frame("segments", segments),
        codings=make_frame("codings", codings),
        attributes=attributes,
        rows_read=height,
        warnings=(*table.sheet.warnings, *ignored, *repeated_groups(documents, who)),
    )


def _variables(
    source: Source, table: SheetTable, documents: pd.Series
) -> tuple[pd.DataFrame, list[str]]:
    """Take further columns as variables of documents, where each has one value a document."""
    first = documents[~documents.duplicated()]
    ids = first.astype("str").reset_index(drop=True)
    kept: dict[str, list[Any]] = {}
    ignored = []
    columns = dict(table.unknown)
    if _are_counts(table.columns.get("memo", ())):  # how many memos a document has
        columns[table.headers["memo"]] = table.columns["memo"]
    for header, cells in columns.items():
        values = pd.DataFrame({"document": documents.astype("str"), "value": text_series(cells)})
        values = values.dropna(subset="value").drop_duplicates()
        if values["document"].duplicated().any():
            ignored.append(header)
        else:
            found = values.set_index("document")["value"].reindex(ids)
            kept[header] = list(found.astype("object").where(found.notna(), None))
    numbers = [table.row_numbers[place] for place in first.index.tolist()]
    rows = attribute_rows("document", ids, kept, source.name, numbers)
    if not ignored:
        return rows, []
    return rows, [f"{source.name}: these columns were not read: {', '.join(ignored)}."]


def _are_counts(cells: Sequence[Any]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and all(whole_number(cell) is not None for cell in filled)


def _codes(columns: Mapping[str, Sequence[Any]]) -> tuple[pd.Series, pd.DataFrame]:
    """Read code paths; in the data editor the leaf stands beside the path of its parent."""
    at, labels = label_series(columns["code"])
    if "parent" not in columns:
        separator = separator_of(labels)
        paths = [None if label is None else split_path(label, separator) for label in labels]
    else:
        parent_at, parents = label_series(columns["parent"])
        at, pairs = pd.factorize(at * len(parents) + parent_at)
        separator = separator_of(parents)
        paths = []
        for pair in pairs:
            label, parent = labels[pair // len(parents)], parents[pair % len(parents)]
            above = split_path(parent, separator) if parent else ()
            paths.append(None if label is None else (*above, label))
    rows = code_rows(path for path in paths if path is not None)
    categories = pd.Index([code_id(path) for path in rows], dtype="str")
    place = {path: index for index, path in enumerate(rows)}
    where = np.asarray([-1 if path is None else place[path] for path in paths], dtype="int64")
    return pd.Series(pd.Categorical.from_codes(where[at], categories)), codes_frame(rows)


def _coders(cells: Sequence[Any] | None, height: int) -> tuple[pd.Series, pd.DataFrame]:
    if cells is None:
        return pd.Series(pd.Categorical([None] * height)), make_frame("coders", [])
    at, labels = label_series(cells)
    names = [label for label in labels if label is not None]
    place = {name: index for index, name in enumerate(names)}
    where = np.asarray([-1 if label is None else place[label] for label in labels], dtype="int64")
    coders = make_frame("coders", {"coder_id": names, "name": names})
    return pd.Series(pd.Categorical.from_codes(where[at], pd.Index(names, dtype="str"))), coders


def _check_rows(source: Source, table: SheetTable, documents: pd.Series, codes: pd.Series) -> None:
    faults = FaultList()
    faults.extend(table.faults)
    for name, values in (("document", documents), ("code", codes)):
        lacking = np.flatnonzero(values.isna().to_numpy())
        for index in lacking[:SHOWN]:
            faults.add(
                kind="missing-value",
                file=source.name,
                sheet=table.sheet.name or None,
                row=table.row_numbers[int(index)],
                column=table.headers.get(name, name),
                found="nothing",
                expected=f"the {name} of the segment",
                remedy="Fill it in, or delete the row if it is no coded segment"
                + (f" ({len(lacking)} rows lack it)." if len(lacking) > SHOWN else "."),
            )
    faults.raise_if_any()
