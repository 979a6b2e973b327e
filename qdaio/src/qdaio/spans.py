"""Codings of stretches of documents, as databases and annotation tools hold them.

Segments are placed in the texts of their documents and held against what the file quotes;
codings of one place share a segment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from qdaio.codes import code_frame, code_id
from qdaio.files.cells import text_series
from qdaio.labels import unique
from qdaio.model import CodedProject, ExportInfo, Notes, empty_frame, labelled, make_frame, numbered
from qdaio.places import CORNERS, STANDARD, Counter, Marked, placed_columns, rectangle

__all__ = [
    "Coded",
    "Codings",
    "Links",
    "Marks",
    "blank_to_missing",
    "coded_frames",
    "found_at",
    "in_tree_order",
    "mapped",
    "rectangles",
]


Positions = npt.NDArray[np.int64]
Path = tuple[str, ...]

TEXTS = ("text", "pdf")  # kinds of documents whose text positions count

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
    counter: Counter = STANDARD,
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
    counter : Counter
        How the program is known to count positions in a text.
    """
    table = _stacked(found)
    if table.empty:
        return Coded(empty_frame("segments"), empty_frame("codings"), empty_frame("coders"))
    segment = _spans(table)
    first = table[~segment.duplicated()]
    document = first["document"].to_numpy()
    marked = Marked(document, first["start"], first["end"], first["text"])
    columns, warnings = placed_columns(marked, texts, counter)
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


def in_tree_order(paths: Iterable[Path]) -> list[Path]:
    """Return paths, each once, every code right before what is below it.

    Examples
    --------
    >>> in_tree_order([("a", "x"), ("b",), ("a", "y")])
    [('a', 'x'), ('a', 'y'), ('b',)]
    """
    first: dict[Path, int] = {}
    listed = list(dict.fromkeys(paths))
    for path in listed:
        for depth in range(1, len(path) + 1):
            first.setdefault(path[:depth], len(first))
    return sorted(
        listed, key=lambda path: [first[path[:depth]] for depth in range(1, len(path) + 1)]
    )


class Marks:
    """Documents and what is marked in them, collected while a file is read.

    Parameters
    ----------
    notes : Notes
    counter : Counter
        How the program is known to count positions in a text.
    """

    def __init__(self, notes: Notes, counter: Counter = STANDARD) -> None:
        self.notes, self.counter = notes, counter
        self._documents: dict[str, list[Any]] = {
            name: [] for name in ("name", "text", "group", "kind")
        }
        self._attributes: list[tuple[int, str, str, int | None]] = []
        self._codes: dict[Path, dict[str, Any]] = {}
        self._paths: dict[Path, int] = {}
        self._marked: dict[str, list[Any]] = {name: [] for name in (*FOUND, "table")}

    def document(
        self, name: str, text: str | None = None, *, group: str | None = None, kind: str = "text"
    ) -> int:
        """Add a document; return its number."""
        for column, value in (("name", name), ("text", text), ("group", group), ("kind", kind)):
            self._documents[column].append(value)
        return len(self._documents["name"]) - 1

    def attribute(self, document: int, name: str, value: str, row: int | None = None) -> None:
        """Add what is known of a document."""
        self._attributes.append((document, name, value, row))

    def code(self, path: Path, **details: Any) -> None:
        """Add a code that need not be used; `details` are columns of the frame of codes."""
        self._codes[path] = details

    def mark(
        self,
        document: int,
        path: Path,
        row: int,
        *,
        start: int | None = None,
        end: int | None = None,
        **details: str | None,
    ) -> None:
        """Add a coding: of a stretch of a document, or of all of it.

        Parameters
        ----------
        document : int
        path : tuple of str
            Of the code.
        row : int
        start, end : int, optional
            In the units of the counter, or of `unit`.
        **details : str, optional
            ``unit`` and ``place`` of what is no text, ``text`` that the file itself quotes,
            ``coder``, ``date``, ``memo``, and ``table``, the member of an archive.
        """
        found = self._marked
        code = self._paths.setdefault(path, len(self._paths))
        plain = {"row": row, "code": code, "document": document, "start": start, "end": end}
        for column, cells in found.items():
            cells.append(plain[column] if column in plain else details.get(column))

    def __len__(self) -> int:
        return len(self._marked["row"])

    def project(self, info: ExportInfo) -> CodedProject:
        """Make the project."""
        names = self._documents["name"]
        ids = unique(names)
        if ids != names:
            self.notes.warn("several documents have one name; they are told apart by a number.")
        paths = list(self._paths)
        known = in_tree_order([*self._codes, *paths])
        details = [self._codes.get(path, {}) for path in known]
        columns = {name for detail in details for name in detail}
        coded = self._coded(paths, ids)
        listed = self._attributes
        return CodedProject(
            info=info,
            documents=make_frame(
                "documents",
                {
                    "document_id": ids,
                    **{
                        name: text_series(cells) if name != "kind" else cells
                        for name, cells in self._documents.items()
                    },
                    "position": range(1, len(ids) + 1),
                },
            ),
            codes=code_frame(
                known,
                {
                    name: [detail.get(name, name == "is_codable" or None) for detail in details]
                    for name in sorted(columns)
                },
            ),
            coders=coded.coders,
            segments=coded.segments,
            codings=coded.codings,
            attributes=make_frame(
                "attributes",
                {
                    "entity": ["document"] * len(listed),
                    "entity_id": [ids[document] for document, *_ in listed],
                    "name": [name for _, name, *_ in listed],
                    "value": [value for *_, value, _ in listed],
                    "source_file": [self.notes.file] * len(listed),
                    "source_row": pd.array([row for *_, row in listed], dtype="Int64"),
                },
            ),
            rows_read=len(coded.codings) + self.notes.codings_aside,
            set_aside=tuple(self.notes.set_aside),
            warnings=tuple(self.notes.warnings),
        )

    def _coded(self, paths: Sequence[Path], ids: Sequence[str]) -> Coded:
        frame = pd.DataFrame(
            {
                name: pd.Series(cells, dtype=FOUND[name])
                if FOUND[name] != "str"
                else text_series(cells)
                for name, cells in self._marked.items()
                if name in FOUND
            }
        )
        coded = coded_frames(
            [Codings("", frame)],
            [code_id(path) for path in paths],
            ids,
            [text if kind in TEXTS else None for text, kind in self._texts()],
            self.notes,
            self.counter,
        )
        if len(coded.codings):
            # no position is counted in anything; and there are no tables, but perhaps members
            is_nowhere = coded.segments["start"].isna() & coded.segments["place"].isna()
            coded.segments["unit"] = coded.segments["unit"].mask(is_nowhere)
            coded.codings["source_sheet"] = text_series(self._marked["table"]).astype("category")
        return coded

    def _texts(self) -> Iterator[tuple[str | None, str]]:
        return zip(self._documents["text"], self._documents["kind"], strict=True)
