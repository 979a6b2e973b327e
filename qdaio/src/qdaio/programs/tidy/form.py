"""The tables of the tidy form and their columns, and how their cells are written.

`docs/tidy-form.md` describes them for people who write them by hand. Only `document` and
`code` of the table of codings are needed.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qdaio.model import COUNT, FLAG, FRAMES, NUMBER

__all__ = ["COUNTS", "FLAGS", "NEEDED", "NUMBERS", "TABLES", "VERSION", "protect", "unprotect"]


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
        "case",
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
        "case_id",
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


# what starts a formula; a cell of one blank, which reads as missing; and an empty text
SIGNS = "=+\\-@\t\r\n＝＋－＠"
RISKY = rf"'*(?:[{SIGNS}](?s:.*)|[ \x{{a0}}]?)"


def protect(text: pd.Series) -> pd.Series:
    """Put an apostrophe before each text that could become a formula or be lost.

    Spreadsheet programs run a cell that starts with ``= + - @``, and drop blanks. An empty
    text becomes one apostrophe, so that it differs from a missing one; where apostrophes
    come before such a sign already, one more is put. `unprotect` is the exact way back.

    Parameters
    ----------
    text : Series of str
        Missing values stay missing.
    """
    return _replaced(text, rf"^({RISKY})$", r"'\1")


def unprotect(text: pd.Series) -> pd.Series:
    """Take away the apostrophes that `protect` put."""
    return _replaced(text, rf"^'({RISKY})$", r"\1")


def _replaced(text: pd.Series, pattern: str, by: str) -> pd.Series:
    values = pa.array(text, pa.large_string(), from_pandas=True)
    risky = pc.match_substring_regex(values, pattern)
    if not pc.any(risky).as_py():
        return text
    values = pc.if_else(risky, pc.replace_substring_regex(values, pattern, by), values)
    return pd.Series(pd.array(values, dtype="str"), index=text.index)
