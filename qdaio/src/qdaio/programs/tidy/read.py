"""Tables of the tidy form as a project."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from qdaio.faults import FaultList
from qdaio.model import FRAMES, CodedProject, ExportInfo, SetAside, make_frame
from qdaio.programs.tidy.coders import coders_of
from qdaio.programs.tidy.codes import codes_of
from qdaio.programs.tidy.columns import TidyTable, typed_columns
from qdaio.programs.tidy.documents import documents_of

__all__ = ["project_of"]

SEGMENT = ("start", "end", "unit", "place", "start_cp", "end_cp", "text", "comment")
CODING = ("weight", "created_at", "memo", "source_file", "source_sheet", "source_row", "is_repeat")


def project_of(tables: Mapping[str, TidyTable], info: ExportInfo) -> CodedProject:
    """Make a project from tables of the tidy form, with the faults of all of them at once.

    Parameters
    ----------
    tables : mapping of str to TidyTable
        By name of the table in `qdaio.programs.tidy.form.TABLES`; any may be missing.
    info : ExportInfo

    Raises
    ------
    StudyError
        For cells that are empty or of the wrong kind, and for codes, documents or coders
        that are used but not listed where there is a list.
    """
    faults = FaultList()
    documents = documents_of(tables, faults)
    codes = codes_of(tables, faults)
    coders = coders_of(tables, faults)
    segments, codings = [], pd.DataFrame()
    if "codings" in tables:
        table = tables["codings"]
        segment_ids = _segment_ids(table, faults)
        codings = _codings(table, segment_ids, faults).assign(
            code_id=codes.used["codings"], coder_id=coders.used["codings"]
        )
        segments.append(_segments(table, segment_ids, documents.used["codings"], faults))
    if "segments" in tables:
        table = tables["segments"]
        ids = table.need("segment_id", faults)
        segments.append(_segments(table, ids, documents.used["segments"], faults))
    plain = {
        name: _plain(tables[name], name, faults)
        for name in ("case_documents", "attributes", "matrix_cells")
        if name in tables
    }
    if len(documents.attributes):
        plain["attributes"] = make_frame(
            "attributes",
            pd.concat(
                [
                    frame
                    for frame in (plain.get("attributes"), documents.attributes)
                    if frame is not None and len(frame)
                ]
            ),
        )
    if "cases" in tables:
        names = tables["cases"].need("case", faults)
        case_ids = tables["cases"].get("case_id")
        plain["cases"] = make_frame(
            "cases", {"case_id": names if case_ids is None else case_ids, "name": names}
        )
    aside = _set_aside(tables["set_aside"], faults) if "set_aside" in tables else ()
    faults.raise_if_any()
    return CodedProject(
        info=info,
        documents=documents.frame,
        codes=codes.frame,
        coders=coders.frame,
        segments=make_frame("segments", pd.concat(segments, ignore_index=True) if segments else []),
        codings=make_frame("codings", codings),
        rows_read=len(codings) + sum(item.what == "coding" for item in aside),
        set_aside=aside,
    ).with_(**plain)


def _segment_ids(table: TidyTable, faults: FaultList) -> pd.Series:
    if table.get("segment_id") is not None:
        return table.need("segment_id", faults)
    return "s" + pd.Series(range(1, len(table) + 1)).astype("str")


def _segments(
    table: TidyTable, ids: pd.Series, documents: pd.Series, faults: FaultList
) -> pd.DataFrame:
    """Take each segment once; rows that give one segment two places are a fault."""
    frame = pd.DataFrame({"segment_id": ids, "document_id": documents})
    frame = frame.assign(**typed_columns(table, SEGMENT, faults))
    frame["offset_status"] = table.text("offset_status").fillna("unchecked")
    again = frame["segment_id"].duplicated()
    if again.any():
        different = ~frame.duplicated() & again
        for place in different.index[different]:
            faults.add(
                kind="inconsistent-export",
                file=table.file,
                sheet=table.sheet,
                row=table.rows[place],
                column="segment_id",
                found=f'segment "{ids[place]}" with another document, place or text than above',
                expected="the same in each row of a segment",
                remedy="Give it a segment_id of its own, or correct the row.",
            )
        frame = frame[~again]
    return frame


def _codings(table: TidyTable, segment_ids: pd.Series, faults: FaultList) -> pd.DataFrame:
    number = pd.Series(range(1, len(table) + 1)).astype("str")
    ids = table.get("coding_id")
    frame = pd.DataFrame(
        {"coding_id": "c" + number if ids is None else ids, "segment_id": segment_ids}
    )
    frame = frame.assign(**typed_columns(table, CODING, faults))
    if "source_file" not in frame:
        frame["source_file"] = table.file
        frame["source_sheet"] = pd.Series(table.sheet, index=frame.index, dtype="str")
        frame["source_row"] = pd.Series(list(table.rows), dtype="Int64")
    elif "source_row" not in frame:
        frame["source_row"] = pd.Series(list(table.rows), dtype="Int64")
    for column in ("source_file", "source_row"):
        for place in frame.index[frame[column].isna()]:
            faults.add(
                kind="missing-value",
                file=table.file,
                row=table.rows[place],
                column=column,
                found="nothing",
                expected="where the coding stands in the export that it came from",
                remedy="Fill it in, or delete the columns source_file and source_row.",
            )
    return frame


def _plain(table: TidyTable, name: str, faults: FaultList) -> pd.DataFrame:
    columns = typed_columns(table, tuple(FRAMES[name]), faults)
    for required in ("case_id", "document_id", "entity", "entity_id", "name", "code_id", "n"):
        if required in FRAMES[name]:
            table.need(required, faults)
    return make_frame(name, columns)


def _set_aside(table: TidyTable, faults: FaultList) -> tuple[SetAside, ...]:
    names = ("what", "why", "file", "row", "sheet", "code", "document")
    columns = typed_columns(table, names, faults)
    frame = pd.DataFrame(columns, index=range(len(table))).reindex(columns=list(names))
    return tuple(
        SetAside(
            what=str(row["what"]),
            why=str(row["why"]),
            file=str(row["file"]),
            row=None if pd.isna(row["row"]) else int(row["row"]),
            sheet=None if pd.isna(row["sheet"]) else str(row["sheet"]),
            code=None if pd.isna(row["code"]) else str(row["code"]),
            document=None if pd.isna(row["document"]) else str(row["document"]),
        )
        for row in frame.to_dict("records")
    )
