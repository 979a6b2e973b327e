"""The codings of RQDA: of texts, of pictures, and those of a second round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from analysis.exports.database import Database, Rows
from analysis.exports.notes import Notes
from analysis.exports.placed_segments import Marked, placed_columns
from analysis.exports.refi.places import CORNERS, rectangle
from analysis.exports.rqda.codes import Codes
from analysis.exports.rqda.dates import iso_date
from analysis.exports.rqda.documents import Documents
from analysis.exports.rqda.tables import is_live, read_table
from analysis.exports.vectors import text_series
from analysis.project import make_frame

__all__ = ["Coded", "read_codings"]

DELETED = "deleted in the program"
SECOND = " (second coding)"


class Coded(NamedTuple):
    """Frames of the model."""

    segments: pd.DataFrame
    codings: pd.DataFrame
    coders: pd.DataFrame


class _Coding(NamedTuple):
    table: str
    row: int
    code: str
    document: int
    start: int | None
    end: int | None
    place: str | None
    text: str | None
    coder: str | None
    date: str | None
    memo: str | None


def read_codings(database: Database, codes: Codes, documents: Documents, notes: Notes) -> Coded:
    """Read every coding; those that are deleted, or lead nowhere, are set aside."""
    found = [
        *_texts(read_table(database, "coding"), codes, documents, notes),
        *_texts(read_table(database, "coding2"), codes, documents, notes),
        *_pictures(read_table(database, "imagecoding"), codes, documents, notes),
    ]
    second = sum(item.table == "coding2" for item in found)
    if second:
        notes.warn(
            f"{second} codings are of a second round (table coding2); their coders are named "
            f'"…{SECOND}", so that they can serve for agreement and need not be counted.'
        )
    spans: dict[tuple[object, ...], int] = {}
    segment: list[int] = []
    marked: list[_Coding] = []
    for item in found:
        segment.append(spans.setdefault(_span(item), len(spans)))
        if len(spans) > len(marked):
            marked.append(item)
    columns, warnings = placed_columns(
        Marked(
            [item.document for item in marked],
            [item.start for item in marked],
            [item.end for item in marked],
            [item.text for item in marked],
        ),
        documents.texts,
    )
    for said in warnings:
        notes.warn(said)
    is_picture = pd.Series([item.place is not None for item in marked], dtype="bool")
    columns["unit"] = columns["unit"].mask(is_picture, "page rectangle")
    ids = documents.frame["document_id"].tolist()
    segments = make_frame(
        "segments",
        {
            "segment_id": [f"s{number}" for number in range(1, len(marked) + 1)],
            "document_id": [ids[item.document] for item in marked],
            "place": text_series([item.place for item in marked]),
            **columns,
        },
    )
    size = len(found)
    codings = make_frame(
        "codings",
        {
            "coding_id": [f"c{number}" for number in range(1, size + 1)],
            "segment_id": [f"s{number + 1}" for number in segment],
            "code_id": [item.code for item in found],
            "coder_id": text_series([item.coder for item in found]),
            "created_at": text_series([item.date for item in found]),
            "memo": text_series([item.memo for item in found]),
            "source_file": [notes.file] * size,
            "source_sheet": [item.table for item in found],
            "source_row": [item.row for item in found],
        },
    )
    people = list(dict.fromkeys(item.coder for item in found if item.coder is not None))
    return Coded(segments, codings, make_frame("coders", {"coder_id": people, "name": people}))


def _span(item: _Coding) -> tuple[object, ...]:
    """Return what two codings of one segment share; one without a place is alone."""
    if item.place is None and (item.start is None or item.end is None):
        return item.table, item.row
    return item.document, item.start, item.end, item.place, item.text


def _texts(rows: Rows, codes: Codes, documents: Documents, notes: Notes) -> Iterator[_Coding]:
    second = rows.table == "coding2"
    for place in range(len(rows)):
        file = rows["fid"][place]
        link = _follow(rows, place, documents.files.get(file), file in documents.deleted_files,
                       codes, documents, notes)  # fmt: skip
        if link is None:
            continue
        code, document = link
        coder = rows["owner"][place] or None
        yield _Coding(
            table=rows.table,
            row=rows.ids[place],
            code=code,
            document=document,
            start=rows["selfirst"][place],
            end=rows["selend"][place],
            place=None,
            text=rows["seltext"][place],
            coder=f"{coder or 'unknown'}{SECOND}" if second else coder,
            date=iso_date(rows["date"][place]),
            memo=rows["memo"][place] or None,
        )


def _pictures(rows: Rows, codes: Codes, documents: Documents, notes: Notes) -> Iterator[_Coding]:
    for place in range(len(rows)):
        image = rows["iid"][place]
        link = _follow(rows, place, documents.images.get(image), image in documents.deleted_images,
                       codes, documents, notes)  # fmt: skip
        if link is None:
            continue
        code, document = link
        sides = {
            corner: "?" if rows[side][place] is None else str(rows[side][place])
            for corner, side in zip(CORNERS, ("x1", "y1", "x2", "y2"), strict=True)
        }
        yield _Coding(
            table=rows.table,
            row=rows.ids[place],
            code=code,
            document=document,
            start=None,
            end=None,
            place=rectangle(sides),
            text=None,
            coder=rows["owner"][place] or None,
            date=iso_date(rows["date"][place]),
            memo=rows["memo"][place] or None,
        )


def _follow(
    rows: Rows,
    place: int,
    document: int | None,
    is_document_deleted: bool,
    codes: Codes,
    documents: Documents,
    notes: Notes,
) -> tuple[str, int] | None:
    """Return code and document of a coding that counts; set aside one that does not."""
    number = rows["cid"][place]
    code = codes.ids.get(number)
    if not is_live(rows["status"][place]):
        why = DELETED
    elif document is None:
        why = f"its document is {DELETED if is_document_deleted else 'not in the database'}"
    elif code is None:
        why = f"its code is {DELETED if number in codes.deleted else 'not in the database'}"
    else:
        return code, document
    name = None if document is None else documents.frame["document_id"].iloc[document]
    notes.aside("coding", why, rows.ids[place], rows.table, code=code, document=name)
    return None
