"""Documents as MAXQDA's tables name them, and their variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import document_id
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, label_series, text_series
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table
from qdaio.model import CodedProject, ExportFile, ExportInfo, make_frame
from qdaio.programs.maxqda.values import MISSING
from qdaio.programs.maxqda.words import DOTS, HEADERS, language_of
from qdaio.reader import Match
from qdaio.tables import best_sheet

__all__ = [
    "READER",
    "DocumentVariables",
    "attribute_rows",
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


def attribute_rows(
    entity: str,
    ids: pd.Series,
    columns: Mapping[str, Sequence[Any]],
    file: str,
    row_numbers: Sequence[int],
) -> pd.DataFrame:
    """Turn columns of variables into the frame ``attributes``, without missing values.

    MAXQDA writes a missing number as -9, so it is one where a column holds numbers only.
    """
    parts = []
    for name, cells in columns.items():
        values = text_series(cells)
        filled = values.dropna()
        if filled.empty or set(filled) <= DOTS:
            continue
        if pd.to_numeric(filled, errors="coerce").notna().all():
            values = values.mask(values == str(MISSING))
        rows = pd.DataFrame({"entity_id": ids, "value": values, "source_row": row_numbers})
        parts.append(rows.assign(entity=entity, name=name, source_file=file).dropna(subset="value"))
    if not parts:
        return make_frame("attributes", [])
    # all variables of a document together, in the order of the table
    stacked = pd.concat(parts).sort_values("source_row", kind="stable", ignore_index=True)
    return make_frame("attributes", stacked)


# "Document" alone is a header of many programs
REQUIRED = {"document": ["Document name", "Dokumentname", "Nazwa dokumentu"]}
OPTIONAL = {
    name: [label for labels in HEADERS[name].values() for label in labels]
    for name in ("group", "colour", "text", "start", "end", "code", "area", "coverage")
}
OTHER_TABLES = {"text", "start", "end", "code", "area", "coverage"}


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
    """Recognise document variables in a sheet."""
    table = find_table(sheet, REQUIRED, OPTIONAL)
    if table is None or OTHER_TABLES & table.columns.keys():
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
