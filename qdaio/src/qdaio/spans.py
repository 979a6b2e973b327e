"""Codings of stretches of documents, as databases and annotation tools hold them.

Segments are placed in the texts of their documents and held against what the file quotes;
codings of one place share a segment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from qdaio.files.cells import text_series
from qdaio.model import Notes, empty_frame, labelled, make_frame, numbered
from qdaio.places import CORNERS, Marked, placed_columns, rectangle

__all__ = [
    "Coded",
    "Codings",
    "Links",
    "blank_to_missing",
    "coded_frames",
    "found_at",
    "mapped",
    "rectangles",
]


Positions = npt.NDArray[np.int64]

BLOCK = 10_000
NOWHERE = -(2**63)  # no program numbers a row so
PLACE = ["document", "start", "end", "unit", "place", "text"]
# Columns of a table of codings before it takes the form of the model.
FOUND = {
    "row": "int64",  # row id
    "code": "int64",  # place of the code in a list
    "document": "int64",  # row of the document in its frame
    "start": "Int64",
    "end": "Int64",
    "unit": "str",  # of a medium; missing for a text
    "place": "str",
    "text": "str",
    "coder": "str",
    "date": "str",
    "memo": "str",
}


class Codings(NamedTuple):
    """The codings of one table that count: its name, and a frame with columns `FOUND`."""

    table: str
    frame: pd.DataFrame


class Coded(NamedTuple):
    """Frames of the model."""

    segments: pd.DataFrame
    codings: pd.DataFrame
    coders: pd.DataFrame


def found_at(numbers: pd.Series, keys: Iterable[int]) -> Positions:
    """Return where each number stands in a list of numbers; −1 where it does not.

    Parameters
    ----------
    numbers : Series of Int64, shape (n,)
    keys : iterable of int
        No number twice.
    """
    index = pd.Index(np.fromiter(keys, dtype=np.int64))
    wanted = pd.Index(numbers.fillna(NOWHERE).to_numpy(dtype=np.int64))
    return index.get_indexer(wanted).astype(np.int64)


class Links(NamedTuple):
    """Where codings lead, shape (n,): places of codes and documents, −1 for nowhere."""

    code: Positions
    document: Positions
    code_ids: Sequence[str]
    document_ids: Sequence[str]

    def kept(
        self, table: str, rows: pd.DataFrame, why: npt.NDArray[np.object_], notes: Notes
    ) -> pd.DataFrame:
        """List the codings for which there is a reason not to count them; return the others.

        Parameters
        ----------
        table : str
        rows : DataFrame
            With a column ``row``, n rows.
        why : array of object, shape (n,)
            The reason, or an empty text.
        notes : Notes
        """
        ids = rows["row"].to_numpy()
        for place in np.flatnonzero(why != "").tolist():
            code, document = self.code[place], self.document[place]
            notes.aside(
                "coding",
                str(why[place]),
                int(ids[place]),
                table,
                code=None if code < 0 else self.code_ids[code],
                document=None if document < 0 else self.document_ids[document],
            )
        found: pd.DataFrame = rows.assign(code=self.code, document=self.document)
        return found.loc[pd.Series(why == "", index=found.index)].reset_index(drop=True)


def rectangles(*sides: pd.Series) -> pd.Series:
    """Return the corners of coded rectangles as text, from x and y of two of them."""
    listed = (side.astype("object").tolist() for side in sides)
    return text_series(
        [
            rectangle(
                {
                    corner: str(side)
                    for corner, side in zip(CORNERS, row, strict=True)
                    if not pd.isna(side)
                }
            )
            for row in zip(*listed, strict=True)
        ]
    )


def mapped(texts: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Return texts changed one by one; some thousand at a time, as texts are large in Python."""
    pieces = []
    for start in range(0, len(texts), BLOCK):
        block = texts.iloc[start : start + BLOCK].tolist()
        changed = [change(text) if isinstance(text, str) else None for text in block]
        pieces.append(pa.array(changed, pa.large_string()))
    return pd.Series(pd.array(pa.chunked_array(pieces, pa.large_string()), dtype="str"))


def blank_to_missing(texts: pd.Series) -> pd.Series:
    """Return texts, missing where they are empty."""
    return texts.mask(texts == "")


def coded_frames(
    found: Sequence[Codings],
    code_ids: Sequence[str],
    document_ids: Sequence[str],
    texts: Sequence[str | None],
    notes: Notes,
) -> Coded:
    """Build segments, codings and coders; codings of one place share a segment.

    Parameters
    ----------
    found : sequence of Codings
    code_ids : sequence of str
        By place, as the frames call them.
    document_ids, texts : sequence
        By row of the documents' frame; no text for a medium.
    notes : Notes
        Gets a warning where positions are counted otherwise than expected.
    """
    table = _stacked(found)
    if table.empty:
        return Coded(empty_frame("segments"), empty_frame("codings"), empty_frame("coders"))
    segment = _spans(table)
    first = table[~segment.duplicated()]
    document = first["document"].to_numpy()
    marked = Marked(document, first["start"], first["end"], first["text"])
    columns, warnings = placed_columns(marked, texts)
    for said in warnings:
        notes.warn(said)
    columns["unit"] = first["unit"].reset_index(drop=True).fillna(columns["unit"])
    segments = {
        "segment_id": numbered("s", len(first)),
        "document_id": _in_use(document, document_ids),
        "place": first["place"].reset_index(drop=True),
        **columns,
    }
    codings = {
        "coding_id": numbered("c", len(table)),
        "segment_id": "s" + (segment + 1).astype("str"),
        "code_id": _in_use(table["code"].to_numpy(), code_ids),
        "coder_id": table["coder"],
        "created_at": table["date"],
        "memo": table["memo"],
        "source_file": _in_use(np.zeros(len(table), dtype=np.int64), [notes.file]),
        "source_sheet": table["table"],
        "source_row": table["row"],
    }
    people = table["coder"].dropna().drop_duplicates()
    return Coded(
        make_frame("segments", segments),
        make_frame("codings", codings),
        make_frame("coders", {"coder_id": people, "name": people}),
    )


def _stacked(found: Sequence[Codings]) -> pd.DataFrame:
    """Put tables underneath each other, with their names as labels and all columns."""
    frames = []
    for place, part in enumerate(found):
        typed = {
            name: part.frame[name].astype(kind)  # type: ignore[call-overload]
            if name in part.frame
            else pd.Series(pd.NA, index=part.frame.index, dtype=kind)
            for name, kind in FOUND.items()
        }
        frames.append(pd.DataFrame({"table": place, **typed}))
    table = pd.concat(frames, ignore_index=True)
    names = [part.table for part in found]
    return table.assign(table=_in_use(table["table"].to_numpy(), names))


def _spans(table: pd.DataFrame) -> pd.Series:
    """Give each place that was coded a number; a coding without a place is alone."""
    is_alone = table["place"].isna() & (table["start"].isna() | table["end"].isna())
    alone = np.where(is_alone, np.arange(len(table)), -1)
    keys = table[PLACE].assign(alone=alone)
    return keys.groupby([*PLACE, "alone"], sort=False, dropna=False).ngroup()


def _in_use(places: Positions, labels: Sequence[str]) -> pd.Series:
    """Return labels by their places, as a category without those that stand nowhere."""
    return labelled(places, labels).cat.remove_unused_categories()
