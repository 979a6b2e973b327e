"""The codings of a database as frames of the model, whatever they were applied to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.exports.notes import Notes
from analysis.exports.placed_segments import Marked, placed_columns
from analysis.exports.vectors import text_series
from analysis.project import make_frame

__all__ = ["Coded", "FoundCoding", "coded_frames"]


class FoundCoding(NamedTuple):
    """One coding that counts.

    Attributes
    ----------
    table, row : str, int
        Where it stands.
    code : str
        Identifier.
    document : int
        Row of the document in its frame.
    start, end, place, text
        As in the frame of segments.
    unit : str, optional
        Of a medium; None for a text.
    """

    table: str
    row: int
    code: str
    document: int
    start: int | None = None
    end: int | None = None
    unit: str | None = None
    place: str | None = None
    text: str | None = None
    coder: str | None = None
    date: str | None = None
    memo: str | None = None


class Coded(NamedTuple):
    """Frames of the model."""

    segments: pd.DataFrame
    codings: pd.DataFrame
    coders: pd.DataFrame


def coded_frames(
    found: Sequence[FoundCoding],
    document_ids: Sequence[str],
    texts: Sequence[str | None],
    notes: Notes,
) -> Coded:
    """Build segments, codings and coders; codings of one place share a segment.

    Parameters
    ----------
    found : sequence of FoundCoding
    document_ids, texts : sequence
        By row of the documents' frame; no text for a medium.
    notes : Notes
        Gets a warning where positions are counted otherwise than expected.
    """
    spans: dict[tuple[object, ...], int] = {}
    segment: list[int] = []
    marked: list[FoundCoding] = []
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
        texts,
    )
    for said in warnings:
        notes.warn(said)
    own_units = text_series([item.unit for item in marked])
    columns["unit"] = own_units.fillna(columns["unit"])
    segments = make_frame(
        "segments",
        {
            "segment_id": [f"s{number}" for number in range(1, len(marked) + 1)],
            "document_id": [document_ids[item.document] for item in marked],
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


def _span(item: FoundCoding) -> tuple[object, ...]:
    """Return what two codings of one segment share; one without a place is alone."""
    if item.place is None and (item.start is None or item.end is None):
        return item.table, item.row
    return item.document, item.start, item.end, item.unit, item.place, item.text
