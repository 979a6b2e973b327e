"""Coded segments: the table in which MAXQDA lists what was coded, and with which code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import code_frame, whole_number
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.cells import Sheet, as_text, label_series, text_series
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table, table_at
from qdaio.labels import plain
from qdaio.model import CodedProject
from qdaio.programs.maxqda.content import Guess, guess_columns
from qdaio.programs.maxqda.values import (
    attribute_rows,
    code_rows,
    numbers,
    positions,
    separator_of,
    split_path,
    with_variables,
)
from qdaio.programs.maxqda.words import BESIDE_CODES, HEADERS, language_of, words_for
from qdaio.reader import Match
from qdaio.tables import Applied, CodingTable, Path, Rows

__all__ = [
    "READER",
    "CodedSegments",
    "find_segments",
    "match_segments",
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


class CodedSegments(CodingTable):
    """Tables of coded segments, known by their headers or else by what the columns hold."""

    format = "maxqda-coded-segments"
    software = "MAXQDA"
    required = REQUIRED
    optional = OPTIONAL
    reason = "columns of coded segments of MAXQDA"

    def language(self, table: SheetTable) -> str | None:
        """Say which language the headers are in."""
        return language_of(table.headers.values())

    def match(self, sheet: Sheet) -> Match | None:
        """Say how well a sheet is known, and with which columns."""
        return match_segments(sheet)

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
        rows = self.rows(source, table)
        if guess is not None:
            said = ", ".join(f'"{header}" as {name}' for name, header in table.headers.items())
            rows.notes.warn(
                "the headers are in a language that is not known, and the columns were "
                f"recognised by what they hold: {said}."
            )
        return self.project(rows, ())

    def rows(self, source: Source, table: SheetTable) -> Rows:
        """Prepare the rows; a column "Memos" of numbers says how many a document has."""
        memos = table.columns.get("memo", ())
        if _are_counts(memos):
            columns = {name: cells for name, cells in table.columns.items() if name != "memo"}
            unknown = {**table.unknown, table.headers["memo"]: list(memos)}
            table = replace(table, columns=columns, unknown=unknown)
        return super().rows(source, table)

    def applied(self, rows: Rows, parts: Sequence[CodedProject]) -> Applied:
        """Read code paths; in the data editor the leaf stands beside the path of its parent."""
        at, labels = label_series(rows.cells("code"))
        if "parent" not in rows:
            separator = separator_of(labels)
            found = [None if label is None else split_path(label, separator) for label in labels]
        else:
            parent_at, parents = label_series(rows.cells("parent"))
            at, pairs = pd.factorize(at * len(parents) + parent_at)
            separator = separator_of(parents)
            found = []
            for pair in pairs:
                label, parent = labels[pair // len(parents)], parents[pair % len(parents)]
                above = split_path(parent, separator) if parent else ()
                found.append(None if label is None else (*above, label))
        place = {path: n for n, path in enumerate(dict.fromkeys(filter(None, found)))}
        where = np.asarray([-1 if path is None else place[path] for path in found], dtype="int64")
        codes = where[at]
        self.lacks_code(rows, np.flatnonzero(codes < 0).tolist())
        used = np.flatnonzero(codes >= 0)
        weights = None
        if "weight" in rows:  # of which -9 is none
            weights = numbers(rows.cells("weight")).take(used).reset_index(drop=True)
        return Applied(used, codes[used], list(place), weights)

    def codes(self, paths: Sequence[Path], parts: Sequence[CodedProject]) -> pd.DataFrame:
        """Make the frame of the codes that are applied, with those above them."""
        rows = code_rows(paths)
        return code_frame(rows, {"position": [None] * len(rows)})  # that is the code system's

    def places(self, rows: Rows) -> Mapping[str, Any]:
        """Read paragraphs, pages or times."""
        found = positions(rows.cells("start"), rows.cells("end"))
        return {str(name): column for name, column in found.items()}

    def variables(self, rows: Rows, documents: pd.Series) -> pd.DataFrame:
        """Take further columns as variables of documents, where each has one value a document."""
        first = documents[~documents.duplicated()]
        ids = first.astype("str").reset_index(drop=True)
        kept: dict[str, list[Any]] = {}
        ignored = []
        for header, cells in rows.table.unknown.items():
            values = pd.DataFrame(
                {"document": documents.astype("str"), "value": text_series(cells)}
            )
            values = values.dropna(subset="value").drop_duplicates()
            if values["document"].duplicated().any():
                ignored.append(header)
            else:
                found = values.set_index("document")["value"].reindex(ids)
                kept[header] = list(found.astype("object").where(found.notna(), None))
        if ignored:
            rows.notes.warn(f"{self.not_read}: {', '.join(ignored)}.")
        at = [rows.numbers[place] for place in first.index.tolist()]
        return attribute_rows("document", ids, kept, rows.notes.file, at)

    def project(self, rows: Rows, parts: Sequence[CodedProject]) -> CodedProject:
        """Make a project, and say of groups that look like one set coded twice."""
        project = super().project(rows, parts)
        if project.documents["group"].nunique() < 2:
            return project
        documents = project.segments.set_index("segment_id")["document_id"]
        who = pd.DataFrame(
            {
                "document_id": documents.loc[project.codings["segment_id"]].array,
                "coder_id": project.codings["coder_id"].array,
            }
        )
        repeated = repeated_groups(project.documents, who)
        return project.with_(warnings=(*project.warnings, *repeated)) if repeated else project


def repeated_groups(documents: pd.DataFrame, coders: pd.DataFrame) -> list[str]:
    """Warn of groups that look like one set of documents coded twice.

    To compare two coders, MAXQDA's users copy the documents into a second group, one a
    coder. Whether that was done cannot be known, so it is said and not acted upon.

    Parameters
    ----------
    documents : DataFrame
        Frame of the model.
    coders : DataFrame
        ``document_id`` and ``coder_id`` of each coding.
    """
    grouped = documents.dropna(subset="group")
    if grouped["group"].nunique() < 2:
        return []
    names: dict[str, frozenset[str]] = {
        str(group): frozenset(rows["name"]) for group, rows in grouped.groupby("group", sort=False)
    }
    by_group = grouped.set_index("document_id")["group"]
    pairs = coders.drop_duplicates().astype("str")
    worked = pairs.assign(group=pairs["document_id"].map(by_group).astype("str"))
    who: dict[str, frozenset[str]] = {
        str(group): frozenset(rows["coder_id"].dropna())
        for group, rows in worked.groupby("group", sort=False)
    }
    warnings = []
    for first in names:
        for second in names:
            inside = names[second] <= names[first] and (
                names[second] != names[first] or first < second
            )
            if first == second or len(names[second]) < 2 or not inside:
                continue
            one, other = who.get(first, frozenset()), who.get(second, frozenset())
            if one and other and one != other:
                warnings.append(
                    f'All documents of the group "{second}" have the names of documents of '
                    f'"{first}", and other coders ({_list(other)} against {_list(one)}): if they '
                    "are copies made to compare coders, name the main coder in study.toml, "
                    "else all of them are counted."
                )
    return warnings


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


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


def _are_counts(cells: Sequence[Any]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and all(whole_number(cell) is not None for cell in filled)


READER = CodedSegments()
