"""Documents and highlights as the database of Taguette holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from analysis.exports.database import Rows
from analysis.exports.database_keys import rows_by_number
from analysis.exports.notes import Notes
from analysis.exports.offsets import Counter
from analysis.exports.placed_segments import Marked, placed_columns
from analysis.exports.refi.part import unique
from analysis.exports.taguette.html import plain_text
from analysis.exports.vectors import text_series
from analysis.project import make_frame

__all__ = ["Documents", "Link", "read_documents", "read_links", "segment_frame"]

BYTES = Counter("byte")


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The documents of a project.

    Attributes
    ----------
    frame, attributes : DataFrame
        Frames of the model.
    texts : list of str or None
    places : dict
        Row of each document, by its number.
    """

    frame: pd.DataFrame
    attributes: pd.DataFrame
    texts: list[str | None]
    places: dict[int, int]


def read_documents(rows: Rows, notes: Notes) -> Documents:
    """Build the documents.

    Raises
    ------
    StudyError
        When one has no name, or no number of its own.
    """
    places = rows_by_number(rows, "id", notes)
    for row, name in zip(rows.ids, rows["name"], strict=True):
        if not name:
            notes.faults.add(
                kind="missing-value",
                file=notes.file,
                sheet="documents",
                row=row,
                column="name",
                found="nothing",
                expected="a name for each document",
                remedy="Export the project again.",
            )
    notes.faults.raise_if_any()
    names = unique(rows["name"])
    if names != rows["name"]:
        notes.warn("several documents have one name; they are told apart by a number.")
    texts = [None if html is None else plain_text(html) for html in rows["contents"]]
    frame = make_frame(
        "documents",
        {
            "document_id": names,
            "name": rows["name"],
            "kind": ["text"] * len(rows),
            "text": text_series(texts),
            "position": range(1, len(rows) + 1),
        },
    )
    said = [place for place, text in enumerate(rows["description"]) if text and text.strip()]
    attributes = make_frame(
        "attributes",
        {
            "entity": ["document"] * len(said),
            "entity_id": [names[place] for place in said],
            "name": ["description"] * len(said),
            "value": [rows["description"][place] for place in said],
            "source_file": [notes.file] * len(said),
            "source_row": [rows.ids[place] for place in said],
        },
    )
    return Documents(frame, attributes, texts, places)


class Link(NamedTuple):
    """A tag on a highlight: the row of the highlight, number and code of the tag, own row."""

    highlight: int
    tag: int
    code: str
    row: int


def read_links(
    rows: Rows, highlights: Rows, documents: Documents, codes: dict[int, str], notes: Notes
) -> list[Link]:
    """Follow the links between highlights and tags, in the order of the texts.

    Those that lead nowhere are set aside, and so are highlights that have none.
    """
    places = rows_by_number(highlights, "id", notes)
    notes.faults.raise_if_any()
    ids = documents.frame["document_id"].tolist()
    document_of = [documents.places.get(number) for number in highlights["document_id"]]
    tagged = set()
    links = []
    for row, number, tag in zip(rows.ids, rows["highlight_id"], rows["tag_id"], strict=True):
        place = places.get(number)
        document = None if place is None else document_of[place]
        code = codes.get(tag)
        if place is not None:
            tagged.add(place)
        if place is not None and document is not None and code is not None:
            links.append(Link(place, tag, code, row))
            continue
        lost = "highlight" if place is None else "document" if document is None else "tag"
        name = None if document is None else ids[document]
        why = f"its {lost} is not in the database"
        notes.aside("coding", why, row, rows.table, code=code, document=name)
    for place, (row, document) in enumerate(zip(highlights.ids, document_of, strict=True)):
        if place not in tagged:
            name = None if document is None else ids[document]
            why = "no tag was given to it"
            notes.aside("uncoded highlight", why, row, highlights.table, document=name)
    starts = [-1 if start is None else start for start in highlights["start_offset"]]
    links.sort(key=lambda link: (document_of[link.highlight], starts[link.highlight], link))
    return links


def segment_frame(
    highlights: Rows, links: Sequence[Link], documents: Documents, notes: Notes
) -> pd.DataFrame:
    """Build a segment for each highlight that is tagged, placed in the text of its document."""
    used = list(dict.fromkeys(link.highlight for link in links))
    document = [documents.places[highlights["document_id"][place]] for place in used]
    snippets = [highlights["snippet"][place] for place in used]
    marked = Marked(
        document,
        [highlights["start_offset"][place] for place in used],
        [highlights["end_offset"][place] for place in used],
        [plain_text(snippet) if snippet else None for snippet in snippets],
    )
    columns, warnings = placed_columns(marked, documents.texts, BYTES)
    for said in warnings:
        notes.warn(said)
    ids = documents.frame["document_id"].tolist()
    return make_frame(
        "segments",
        {
            "segment_id": [f"s{place + 1}" for place in used],
            "document_id": [ids[place] for place in document],
            **columns,
        },
    )
