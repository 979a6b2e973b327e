"""The tables of the tidy form and their columns.

`docs/tidy-form.md` describes them for people who write them by hand. Only `document` and
`code` of the table of codings are needed.
"""

from __future__ import annotations

from collections.abc import Mapping

from qdaio.model import COUNT, FLAG, FRAMES, NUMBER

__all__ = ["COUNTS", "FLAGS", "NEEDED", "NUMBERS", "TABLES", "VERSION"]

VERSION = 1

_SEGMENT = (
    "document",
    "group",
    "text",
    "start",
    "end",
    "unit",
    "place",
    "comment",
    "start_cp",
    "end_cp",
    "offset_status",
    "segment_id",
    "document_id",
)
TABLES: Mapping[str, tuple[str, ...]] = {
    "codings": (
        "document",
        "group",
        "code",
        "coder",
        "text",
        "start",
        "end",
        "unit",
        "place",
        "weight",
        "comment",
        "memo",
        "created_at",
        "start_cp",
        "end_cp",
        "offset_status",
        "is_repeat",
        "source_file",
        "source_sheet",
        "source_row",
        "coding_id",
        "segment_id",
        "document_id",
        "code_id",
        "coder_id",
    ),
    "segments": _SEGMENT,  # those without a coding
    "codes": (
        "code",
        "name",
        "level",
        "position",
        "is_codable",
        "colour",
        "description",
        "reported_n",
        "reported_n_kind",
        "code_id",
        "parent_id",
    ),
    "documents": ("document", "group", "kind", "text", "position", "document_id"),
    "coders": ("coder", "coder_id"),
    "cases": ("case", "case_id"),
    "case_documents": tuple(FRAMES["case_documents"]),
    "attributes": tuple(FRAMES["attributes"]),
    "matrix_cells": tuple(FRAMES["matrix_cells"]),
    "set_aside": ("what", "why", "file", "row", "sheet", "code", "document"),
}
# columns without which a table says nothing
NEEDED: Mapping[str, tuple[str, ...]] = {
    "codings": ("document", "code"),
    "segments": ("document", "segment_id"),
    "codes": ("code",),
    "documents": ("document",),
    "coders": ("coder",),
    "cases": ("case",),
    "case_documents": ("case_id", "document_id"),
    "attributes": ("entity", "entity_id", "name", "value"),
    "matrix_cells": ("entity", "entity_id", "code_id", "n"),
    "set_aside": ("what", "why", "file"),
}


def _of_kind(kind: str) -> frozenset[str]:
    named = {column for frame in FRAMES.values() for column, of in frame.items() if of == kind}
    return frozenset(named)


COUNTS = _of_kind(COUNT) | {"row"}
NUMBERS = _of_kind(NUMBER)
FLAGS = _of_kind(FLAG)
