"""The frames of a coded project: their columns, types and meaning.

The coding is the counting unit: one code, applied by one coder, to one segment.
Identity is the path of a code or the identifier that the program wrote, never the
last part of a name, which can stand twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

__all__ = ["FRAMES", "REQUIRED", "empty_frame", "make_frame"]

TEXT, LABEL, COUNT, NUMBER, FLAG, OBJECT = "str", "category", "Int64", "Float64", "bool", "object"

FRAMES: dict[str, dict[str, str]] = {
    "documents": {
        "document_id": TEXT,
        "name": TEXT,
        "group": TEXT,  # path of the document group or folder, levels joined with " > "
        "kind": LABEL,  # text, pdf, image, audio, video, table
        "text": TEXT,  # the whole text, where the export holds it
        "position": COUNT,  # order in the export, from 1
    },
    "codes": {
        "code_id": TEXT,
        "parent_id": TEXT,
        "name": TEXT,
        "path": OBJECT,  # tuple of names from the root down to this code
        "level": COUNT,  # 1 at the root
        "position": COUNT,  # order in the code system, from 1
        "is_codable": FLAG,
        "colour": TEXT,
        "description": TEXT,
        "reported_n": COUNT,  # what the export itself says of this code
        "reported_n_kind": LABEL,  # own, aggregate, unknown
    },
    "coders": {"coder_id": TEXT, "name": TEXT},
    "segments": {
        "segment_id": TEXT,
        "document_id": LABEL,
        "start": COUNT,  # as the program wrote it, in `unit`
        "end": COUNT,
        "unit": LABEL,  # code point, utf-16, byte, paragraph, page, page rectangle, ms
        "place": TEXT,  # the position as printed, where it is no plain pair of numbers
        "start_cp": COUNT,  # code points from 0 in the document's text, end exclusive
        "end_cp": COUNT,
        "text": TEXT,
        "comment": TEXT,
        "offset_status": LABEL,  # ok, repaired, mismatch, unchecked
    },
    "codings": {
        "coding_id": TEXT,
        "segment_id": TEXT,
        "code_id": LABEL,
        "coder_id": LABEL,
        "weight": NUMBER,
        "created_at": TEXT,  # ISO 8601 where it could be read, else as written
        "memo": TEXT,
        "source_file": LABEL,
        "source_sheet": LABEL,
        "source_row": COUNT,  # row in a table as a person counts, line in XML, rowid in SQLite
        "is_repeat": FLAG,  # an earlier row says the same; kept and counted
    },
    "cases": {"case_id": TEXT, "name": TEXT},
    "case_documents": {"case_id": TEXT, "document_id": TEXT},
    "attributes": {
        "entity": LABEL,  # document, case
        "entity_id": TEXT,
        "name": TEXT,
        "value": TEXT,
        "source_file": LABEL,
        "source_row": COUNT,
    },
    "matrix_cells": {
        "entity": LABEL,  # document, case, group, code, total: what the row or column stands for
        "entity_id": TEXT,
        "code_id": TEXT,
        "n": COUNT,
        "unit": LABEL,  # codings, documents, cases, segments, words: what was counted
        "is_total": FLAG,
        "source_file": LABEL,
        "source_row": COUNT,
    },
}

REQUIRED: dict[str, tuple[str, ...]] = {
    "documents": ("document_id", "name"),
    "codes": ("code_id", "name", "path", "level", "is_codable"),
    "coders": ("coder_id", "name"),
    "segments": ("segment_id", "document_id", "offset_status"),
    "codings": ("coding_id", "segment_id", "code_id", "source_file", "source_row", "is_repeat"),
    "cases": ("case_id", "name"),
    "case_documents": ("case_id", "document_id"),
    "attributes": ("entity", "entity_id", "name"),
    "matrix_cells": ("entity", "entity_id", "code_id", "n", "unit", "is_total"),
}

DEFAULTS: dict[str, Any] = {"is_codable": True, "is_repeat": False, "is_total": False}


def empty_frame(name: str) -> pd.DataFrame:
    """Return the frame `name` of :data:`FRAMES` with no rows."""
    return _empty_frame(name).copy()


@lru_cache(maxsize=len(FRAMES))
def _empty_frame(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in FRAMES[name].items()})


def make_frame(
    name: str, data: pd.DataFrame | Mapping[str, Any] | Iterable[Mapping[str, Any]]
) -> pd.DataFrame:
    """Bring rows or columns into the form of one frame of the model.

    Parameters
    ----------
    name : str
        Key of :data:`FRAMES`.
    data : DataFrame, mapping of columns, or iterable of row mappings
        Columns that the model does not know are an error of the caller. Columns that
        are absent become missing values (flags get their default).

    Returns
    -------
    DataFrame
        Shape (rows, columns of the model), columns and types as in :data:`FRAMES`,
        index 0 to n−1.

    Raises
    ------
    KeyError
        When `data` has a column that the model does not have.
    """
    columns = FRAMES[name]
    frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)  # type: ignore[arg-type]
    unknown = [column for column in frame.columns if column not in columns]
    if unknown:
        raise KeyError(f"frame {name!r} has no column {', '.join(map(repr, unknown))}")
    if frame.empty:
        return empty_frame(name)
    typed = {}
    for column, kind in columns.items():
        if column in frame:
            values = frame[column]
            typed[column] = values if values.dtype == kind else values.astype(kind)  # type: ignore[call-overload]
        elif kind == FLAG:
            typed[column] = pd.Series(DEFAULTS[column], index=frame.index, dtype=kind)
        else:
            missing = None if kind == OBJECT else pd.NA
            typed[column] = pd.Series(missing, index=frame.index, dtype=kind)
    return pd.DataFrame(typed).reset_index(drop=True)
