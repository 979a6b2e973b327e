"""Documents as MAXQDA's tables name them, and their variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from qdaio.codes import document_id, whole_number
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, label_series
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table
from qdaio.labels import plain
from qdaio.model import CodedProject, ExportFile, ExportInfo, make_frame
from qdaio.programs.maxqda.code_system import find_tree, tree_rows
from qdaio.programs.maxqda.values import attribute_rows
from qdaio.programs.maxqda.words import (
    BARE,
    BESIDE_CODES,
    LISTED,
    MEMO,
    ROOTS_OF_DOCUMENTS,
    language_of,
    words_for,
)
from qdaio.reader import Match
from qdaio.tables import best_sheet

__all__ = [
    "READER",
    "DocumentVariables",
    "Listed",
    "documents_listed",
    "documents_of",
    "match_variables",
    "repeated_groups",
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


class DocumentVariables:
    """Reads tables of document variables into attributes of documents."""

    format = "maxqda-document-variables"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file lists documents with their variables."""
        return best_sheet(source, match_variables)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the sheet that was recognised.

        Raises
        ------
        StudyError
            For a row without a document, and a document that stands twice.
        """
        return variables_project(source, match.details["table"])


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
    reason = "one row a document: headers " + ", ".join(table.headers.values())
    return Match(score, reason, sheet.name, {"table": table, "sheet": sheet})


def variables_project(source: Source, table: SheetTable) -> CodedProject:
    """Make a project of documents and their attributes."""
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
    form = DocumentVariables.format
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(table.headers.values()),
            files=(ExportFile(source.name, source.sha256, form, table.sheet.name or None),),
        ),
        documents=documents,
        attributes=attribute_rows("document", names, table.unknown, source.name, table.row_numbers),
        warnings=table.sheet.warnings,
    )


READER = DocumentVariables()


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
