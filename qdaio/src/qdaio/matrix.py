"""Codings from an export that holds only counts.

A table of codes by documents says how often, and neither where nor by whom. So that a
study can be built from it, a cell with the count 3 becomes three codings, each with a
segment that has no text and no position.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.model import CodedProject, SetAside, make_frame

__all__ = ["MOST_CODINGS", "codings_from_cells"]

MOST_CODINGS = 10_000_000
SHOWN = 3
KEY = ["entity_id", "code_id"]


def codings_from_cells(project: CodedProject) -> CodedProject:
    """Give a project that holds only counts the codings that its cells count.

    Parameters
    ----------
    project : CodedProject
        Cells count when they are no totals, their unit is codings, and they stand for a
        document, or for a case where no document has cells.

    Returns
    -------
    CodedProject
        The same project where it has codings of its own, or states some, or has no such
        cells. Else with segments and codings, marked as partial, and with a warning.
        A cell that two files state alike counts once; the other is set aside.

    Raises
    ------
    StudyError
        When two files state different counts for one cell, or counts are absurdly large.
    """
    cells = project.matrix_cells
    is_counted = (cells["unit"] == "codings") & ~cells["is_total"] & cells["n"].notna()
    stated = cells[is_counted & cells["entity"].isin(["document", "case"])]
    if len(project.codings) or not stated["n"].gt(0).any():
        return project
    # Codings that the same tables state and that were set aside are no codings of their own.
    tables = set(stated["source_file"].astype("str"))
    aside_before = sum(item.what == "coding" for item in project.set_aside if item.file in tables)
    if project.rows_read > aside_before:
        return project
    stated = stated.astype({"entity": "str", "source_file": "str"})
    is_case = stated["entity"] == "case"
    beside = stated[is_case & bool((~is_case).any())]
    counted, repeated = _once(stated.drop(index=beside.index))
    aside = [
        *_aside(beside, "the cells of documents are counted, and those of cases repeat them"),
        *_aside(repeated, "another file states the same count of the same cell"),
    ]
    counted = counted[counted["n"] > 0]
    total = int(counted["n"].sum())
    if total > MOST_CODINGS:
        raise StudyError(
            Fault(
                kind="too-large",
                file=", ".join(sorted(set(counted["source_file"]))),
                found=f"cells that add up to {total:,}",
                expected=f"counts of codings, at most {MOST_CODINGS:,} together",
                remedy="Set the matrix to count coding references (not words or characters) "
                "and export it again.",
            )
        )
    documents, links = _documents(project, counted)
    segments, codings = _expand(counted, links)
    names = list(dict.fromkeys(counted["source_file"]))
    more = f" and {len(names) - SHOWN} more files" if len(names) > SHOWN else ""
    files = ", ".join(names[:SHOWN]) + more
    warning = (
        f"{total} codings are known by count only ({len(counted)} cells of {files}): the export "
        "holds no segments, so their texts, places and coders are unknown, and what needs "
        "these (overlap, agreement, quotations) cannot be computed."
    )
    if counted["n"].max() == 1 and len(counted) > 1:
        warning += (
            " Every count is 0 or 1: if the table says whether a code occurs and not how often, "
            "read the numbers so."
        )
    return project.with_(
        info=replace(project.info, is_partial=True),
        documents=documents,
        segments=segments,
        codings=codings,
        rows_read=project.rows_read + total,
        set_aside=(*project.set_aside, *aside),
        warnings=(*project.warnings, warning),
    )


def _aside(cells: pd.DataFrame, why: str) -> list[SetAside]:
    """List cells that count something but are not counted."""
    listed = cells[cells["n"] > 0]
    rows = [None if pd.isna(row) else int(row) for row in listed["source_row"]]
    return [
        SetAside(what="matrix cell", why=why, file=file, row=row, code=code, document=entity)
        for file, row, code, entity in zip(
            listed["source_file"], rows, listed["code_id"], listed["entity_id"], strict=True
        )
    ]


def _once(cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the cells that repeat another; fault where the two say different counts."""
    again = cells.duplicated(KEY)
    columns = ["n", "source_file", "source_row"]
    pairs = cells[again].merge(cells.loc[~again, KEY + columns], on=KEY, suffixes=("", "_first"))
    faults = FaultList()
    for row in pairs[pairs["n"] != pairs["n_first"]].to_dict("records"):
        faults.add(
            kind="inconsistent-export",
            file=row["source_file"],
            row=None if pd.isna(row["source_row"]) else int(row["source_row"]),
            column=row["entity_id"],
            found=f'{row["n"]} codings of "{row["code_id"]}"',
            expected=f"{row['n_first']}, as in {row['source_file_first']}, "
            f"row {row['source_row_first']}",
            remedy="Leave out the file that is out of date.",
        )
    faults.raise_if_any()
    return cells[~again], cells[again]


def _documents(project: CodedProject, cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the documents, and for each entity of the cells the document of its codings."""
    pairs = project.case_documents.drop_duplicates("case_id", keep=False)
    links = pairs.set_index("case_id")["document_id"].astype("str")
    entities = cells[["entity", "entity_id"]].drop_duplicates()
    ids = entities["entity_id"]
    target = ids.where(entities["entity"] == "document", ids.map(links).astype("str").fillna(ids))
    missing = target[~target.isin(project.documents["document_id"])].drop_duplicates()
    new = make_frame("documents", {"document_id": missing, "name": missing})
    documents = pd.concat([project.documents, new], ignore_index=True)
    return make_frame("documents", documents), pd.Series(target.to_numpy(), index=ids.to_numpy())


def _expand(cells: pd.DataFrame, links: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give a segment and a coding for each time that a cell counts."""
    counts = cells["n"].to_numpy(dtype="int64")
    rows = cells.loc[cells.index.repeat(counts)].reset_index(drop=True)
    number = np.arange(len(rows)) - np.repeat(counts.cumsum() - counts, counts) + 1
    ids = pd.Series(np.arange(1, len(rows) + 1)).astype("str")
    row = rows["source_row"].astype("str").where(rows["source_row"].notna(), "?")
    place = "row " + row + ", " + pd.Series(number).astype("str") + " of " + rows["n"].astype("str")
    segments = make_frame(
        "segments",
        {
            "segment_id": "s" + ids,
            "document_id": rows["entity_id"].map(links),
            "place": "matrix cell, " + place,
            "offset_status": pd.Series("unchecked", index=rows.index),
        },
    )
    codings = make_frame(
        "codings",
        {
            "coding_id": "c" + ids,
            "segment_id": "s" + ids,
            "code_id": rows["code_id"],
            "source_file": rows["source_file"],
            "source_row": rows["source_row"],
        },
    )
    return segments, codings
