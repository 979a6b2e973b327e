"""Variables of documents and of codes: one row for each document, or for each code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import code_frame, code_id, document_id, whole_number
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text, label_series, text_series
from qdaio.files.source import Source
from qdaio.headers import SUM, SheetTable, find_table, without_totals
from qdaio.labels import plain
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside, make_frame
from qdaio.programs.maxqda.values import (
    ARROW,
    Path,
    attribute_rows,
    code_rows,
    joined,
    said_twice,
    separator_of,
    split_path,
    with_variables,
)
from qdaio.programs.maxqda.words import (
    BARE,
    BESIDE_CODES,
    HEADERS,
    LISTED,
    MEMO,
    language_of,
    words_for,
)
from qdaio.reader import Match
from qdaio.tables import SheetReader

__all__ = [
    "CODES",
    "DOCUMENTS",
    "code_variables_project",
    "documents_of",
    "match_code_variables",
    "match_variables",
    "variables_project",
]


def documents_of(
    names: Sequence[Any], groups: Sequence[Any] | None = None
) -> tuple[pd.Series, pd.DataFrame]:
    """Give each row its document, and the documents in the order in which they come first.

    Parameters
    ----------
    names, groups : sequence
        Columns of the table; a row without a name has no document.

    Returns
    -------
    ids : Series
        Categorical, one a row, missing where there is no name.
    documents : DataFrame
        Frame ``documents`` of the model.
    """
    name_at, name_labels = label_series(names)
    if groups is None:
        group_at = np.zeros(len(name_at), dtype="int64")
        group_labels: list[str | None] = [None]
    else:
        group_at, group_labels = label_series(groups)
    both = name_at * len(group_labels) + group_at
    at, pairs = pd.factorize(both)
    rows = [
        (group_labels[pair % len(group_labels)], name_labels[pair // len(group_labels)])
        for pair in pairs
    ]
    ids = [None if name is None else document_id(group, name) for group, name in rows]
    kept = [index for index, key in enumerate(ids) if key is not None]
    place = np.full(len(ids), -1)
    place[kept] = np.arange(len(kept))
    keys = [ids[index] for index in kept]
    documents = make_frame(
        "documents",
        {
            "document_id": keys,
            "name": [rows[index][1] for index in kept],
            "group": [rows[index][0] for index in kept],
            "position": range(1, len(kept) + 1),
        },
    )
    categories = pd.Index(keys, dtype="str")
    return pd.Series(pd.Categorical.from_codes(place[at], categories)), documents


DOCUMENT_FORM, CODE_FORM = "maxqda-document-variables", "maxqda-code-variables"
VARIABLES = words_for({"group", "colour"})
BY_NAME = {
    "document": [label for label in words_for({"document"})["document"] if plain(label) not in BARE]
}
BY_GROUP = words_for({"document", "group"})
# columns of codings; "Coded segments" alone is how many a document has
OF_CODINGS = {
    name: [label for label in labels if plain(label) != "coded segments"]
    for name, labels in words_for({"text", "start", "end", "code", "area", "coverage"}).items()
}
OF_LISTS = {
    plain(label)
    for words in (MEMO, LISTED)
    for labels in words_for(set(words) - {"kind", "origin"}, words).values()
    for label in labels
} - {plain(label) for label in BESIDE_CODES["memo"]}


def match_variables(sheet: Sheet) -> Match | None:
    """Recognise document variables in a sheet: a document a row, and no codings."""
    seen = find_table(sheet, BY_NAME, VARIABLES | OF_CODINGS)
    required: dict[str, list[str]] = BY_NAME
    if seen is None:
        required = BY_GROUP
        seen = find_table(sheet, required, VARIABLES | OF_CODINGS)
    if seen is None or {"text", "area", "coverage"} & seen.columns.keys():
        return None
    if {"start", "end"} <= seen.columns.keys():
        return None
    if any(plain(header) in OF_LISTS for header in seen.unknown):
        return None
    if "code" in seen.columns:  # of a participant: else a document would stand once a coding
        cells = zip(
            seen.columns.get("group", [None] * seen.height), seen.columns["document"], strict=True
        )
        if len(set(cells)) < seen.height:
            return None
    table = find_table(sheet, required, VARIABLES)
    if table is None:
        return None
    score = 0.85 if "group" in table.columns else 0.6
    if "group" not in table.columns and not _leads(table):
        return None  # one header is not enough where columns of another table stand before it
    reason = "one row per document: headers " + ", ".join(table.headers.values())
    return Match(score, reason, sheet.name, {"table": table})


def _leads(table: SheetTable) -> bool:
    """Say whether the names of documents stand before all variables, as MAXQDA writes them."""
    index = table.header_row - table.sheet.first_row
    labels = [as_text(column[index]) for column in table.sheet.columns]
    known = set(table.headers.values())
    first = next((label for label in labels if label is not None), None)
    return first in known


def variables_project(source: Source, table: SheetTable) -> CodedProject:
    """Make a project of documents and their attributes."""
    table, sums = without_totals(table)
    ids, documents = documents_of(table.columns["document"], table.columns.get("group"))
    faults = FaultList()
    faults.extend(table.faults)
    names = ids.astype("str")
    first: dict[str, int] = {}
    labels: list[object] = list(names)
    for row, name in zip(table.row_numbers, labels, strict=True):
        if not isinstance(name, str):
            faults.add(
                kind="missing-value",
                file=source.name,
                sheet=table.sheet.name or None,
                row=row,
                column=table.headers["document"],
                found="nothing",
                expected="the name of the document",
                remedy="Fill it in, or delete the row.",
            )
        elif name in first:
            faults.add(
                kind="duplicate-document",
                file=source.name,
                sheet=table.sheet.name or None,
                row=row,
                column=table.headers["document"],
                found=f'"{name}" a second time, after row {first[name]}',
                expected="one row for each document",
                remedy="Delete one of the rows, or rename one of the documents in MAXQDA.",
            )
        else:
            first[name] = row
    faults.raise_if_any()
    form = DOCUMENT_FORM
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(table.headers.values()),
            files=(ExportFile(source.name, source.sha256, form, table.sheet.name or None),),
        ),
        documents=documents,
        attributes=attribute_rows("document", names, table.unknown, source.name, table.row_numbers),
        set_aside=_sums(source, table, sums),
        warnings=table.sheet.warnings,
    )


def _sums(source: Source, table: SheetTable, rows: Sequence[int]) -> tuple[SetAside, ...]:
    """List rows of totals."""
    sheet = table.sheet.name or None
    return tuple(
        SetAside(what="row", why=SUM, file=source.name, sheet=sheet, row=row) for row in rows
    )


BESIDE_WORDS = frozenset(  # of columns that stand beside codings, and in no list of codes
    [
        *("snippet", "snippets", "quote", "quotes", "quotation", "excerpt", "transcript", "text"),
        *("highlight", "participant", "respondent", "interviewee", "source", "document", "file"),
        *("zitat", "teilnehmer", "dokument", "cita", "citação", "citation", "documento"),
    ]
)
LIST_REQUIRED = words_for({"code"})
LIST_OPTIONAL = words_for([name for name in HEADERS if name != "code"]) | {
    name: list(labels) for name, labels in BESIDE_CODES.items()
}
KNOWN = {
    plain(label): name
    for name, labels in (LIST_OPTIONAL | LIST_REQUIRED).items()
    for label in labels
}
OF_CODES = {"code", "parent", "colour", "memo", "count", "coder", "created", "modifier", "modified"}


def match_code_variables(sheet: Sheet) -> Match | None:
    """Recognise a list of codes: paths under "Code", or leaves beside "Parent code"."""
    table = find_table(sheet, LIST_REQUIRED, LIST_OPTIONAL)
    if table is None or table.columns.keys() - OF_CODES:
        return None
    if any(fault.kind == "duplicate-column" for fault in table.faults):
        table = with_variables(table, _second_columns(table), KNOWN)
    labels = [as_text(cell) for cell in table.columns["code"]]
    is_path = any(label and (ARROW in label or "\\" in label) for label in labels)
    if any(BESIDE_WORDS & set(plain(header).split()) for header in table.unknown):
        return None  # such as a list of snippets with the code of each
    if len(table.columns) == 2 and None in labels:
        return None  # two headers are not enough where rows between them name no code
    if "parent" in table.columns:
        score = 0.8
    elif "memo" in table.columns or "colour" in table.columns:
        score = 0.6
    elif is_path and table.unknown:
        score = 0.55
    else:
        return None
    reason = "one row per code: headers " + ", ".join(table.headers.values())
    return Match(score, reason, sheet.name, {"table": table})


def _second_columns(table: SheetTable) -> list[int]:
    """Find columns whose header says the same as one before, such as "% Cod. seg."."""
    index = table.header_row - table.sheet.first_row
    seen: set[str] = set()
    places = []
    for place, column in enumerate(table.sheet.columns):
        name = KNOWN.get(plain(as_text(column[index]) or ""))
        if name in seen and name != "code":
            places.append(place)
        elif name is not None:
            seen.add(name)
    return places


def code_variables_project(
    source: Source, table: SheetTable, known: Iterable[Path] = ()
) -> CodedProject:
    """Make a project of codes, their memos and attributes.

    Parameters
    ----------
    source : Source
    table : SheetTable
    known : iterable of paths
        Those of the code system in the same workbook: there a name alone means the one
        code that has it, and rows that mean none are set aside.
    """
    table, sums = without_totals(table)
    labels = [as_text(cell) for cell in table.columns["code"]]
    parents = [as_text(cell) for cell in table.columns.get("parent", [None] * len(labels))]
    separator = separator_of([*labels, *parents] if "parent" not in table.columns else parents)
    system = list(known)
    leaves: dict[str, list[Path]] = {}
    for path in system:
        leaves.setdefault(path[-1], []).append(path)
    faults = FaultList()
    faults.extend(table.faults)
    aside: list[SetAside] = []
    rows: dict[Path, list[int]] = {}
    where: dict[str, Any] = {"file": source.name, "sheet": table.sheet.name or None}
    for place, (label, parent) in enumerate(zip(labels, parents, strict=True)):
        number = table.row_numbers[place]
        if label is None:
            faults.add(
                kind="missing-value",
                **where,
                row=number,
                column=table.headers["code"],
                found="nothing",
                expected="the name of a code",
                remedy="Fill it in, or delete the row.",
            )
            continue
        if "parent" in table.columns:
            path = (*(split_path(parent, separator) if parent else ()), label.strip())
        else:
            path = split_path(label, separator)
        if system and path not in system:
            meant = leaves.get(path[-1], [])
            if len(meant) != 1:
                why = "several codes have this name" if meant else "the code system lacks it"
                aside.append(SetAside(what="code", why=why, row=number, **where))
                continue
            path = meant[0]
        rows.setdefault(path, []).append(place)
    faults.raise_if_any()
    paths = code_rows(rows)
    first = {path: at[0] for path, at in rows.items()}
    memos = table.columns.get("memo", [None] * len(labels))
    counts = [whole_number(cell) for cell in table.columns.get("count", [None] * len(labels))]
    stated = {
        path: sum(n for n in (counts[place] for place in at) if n is not None)
        for path, at in rows.items()
        if any(counts[place] is not None for place in at)
    }
    form = CODE_FORM
    ids = text_series([code_id(path) for path in first])
    variables = {
        name: [cells[place] for place in first.values()] for name, cells in table.unknown.items()
    }
    numbers = [table.row_numbers[place] for place in first.values()]
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(table.headers.values()),
            files=(ExportFile(source.name, source.sha256, form, table.sheet.name or None),),
        ),
        codes=code_frame(
            paths,
            {
                "description": [
                    joined(memos[place] for place in rows.get(path, ())) for path in paths
                ],
                "reported_n": [stated.get(path) for path in paths],
                "reported_n_kind": ["unknown" if path in rows else None for path in paths],
            },
        ),
        attributes=attribute_rows("code", ids, variables, source.name, numbers),
        set_aside=(*aside, *_sums(source, table, sums)),
        warnings=(
            *table.sheet.warnings,
            *said_twice(
                source,
                table.sheet,
                {
                    path: [table.row_numbers[place] - table.sheet.first_row for place in at]
                    for path, at in rows.items()
                },
            ),
        ),
    )


DOCUMENTS = SheetReader(DOCUMENT_FORM, "MAXQDA", match_variables, variables_project)
CODES = SheetReader(CODE_FORM, "MAXQDA", match_code_variables, code_variables_project)
