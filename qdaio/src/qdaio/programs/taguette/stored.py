"""Documents and highlights as the database of Taguette holds them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from qdaio.database import Rows
from qdaio.database_codings import Links, blank_to_missing, found_at, mapped
from qdaio.database_keys import check_numbers, rows_by_number
from qdaio.files.cells import text_series
from qdaio.labels import unique
from qdaio.model import Notes, labelled, make_frame
from qdaio.places import Counter, Marked, placed_columns
from qdaio.programs.taguette.html import plain_text

__all__ = ["Documents", "read_documents", "read_links", "segment_frame", "segment_ids"]

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


def read_links(
    links: pd.DataFrame,
    highlights: pd.DataFrame,
    documents: Documents,
    codes: dict[int, str],
    notes: Notes,
) -> pd.DataFrame:
    """Follow the links between highlights and tags, in the order of the texts.

    Those that lead nowhere are set aside, and so are highlights that have none.

    Parameters
    ----------
    links, highlights : DataFrame
        As the database has them.
    documents : Documents
    codes : dict of int to str
        Identifier of each tag, by its number.
    notes : Notes

    Returns
    -------
    DataFrame
        The links that count, with ``place`` (row of the highlight, from 0), ``code`` (place
        among `codes`) and ``document`` (row of its frame).
    """
    check_numbers(highlights, "highlights", "id", notes)
    notes.faults.raise_if_any()
    ids = documents.frame["document_id"].tolist()
    document_of = found_at(highlights["document_id"], documents.places)
    place = found_at(links["highlight_id"], highlights["id"])
    code = found_at(links["tag_id"], codes)
    document = np.where(place < 0, -1, np.append(document_of, -1)[place])
    why = np.select(
        [place < 0, document < 0, code < 0],
        [f"its {lost} is not in the database" for lost in ("highlight", "document", "tag")],
        default="",
    ).astype(object)
    kept = Links(code, document, list(codes.values()), ids).kept(
        "highlight_tags", links.assign(place=place), why, notes
    )
    untagged = np.ones(len(highlights), dtype=np.bool_)
    untagged[place[place >= 0]] = False
    for row in np.flatnonzero(untagged).tolist():
        name = None if document_of[row] < 0 else ids[document_of[row]]
        number = int(highlights["row"].iloc[row])
        why_not = "no tag was given to it"
        notes.aside("uncoded highlight", why_not, number, "highlights", document=name)
    starts = highlights["start_offset"].fillna(-1).to_numpy(dtype=np.int64)
    order = kept.assign(start=starts[kept["place"]])
    order = order.sort_values(["document", "start", "place", "row"], kind="stable")
    return kept.loc[order.index].reset_index(drop=True)


def segment_frame(
    highlights: pd.DataFrame, links: pd.DataFrame, documents: Documents, notes: Notes
) -> pd.DataFrame:
    """Build a segment for each highlight that is tagged, placed in the text of its document."""
    first = links.drop_duplicates("place")
    marks = highlights.iloc[first["place"]]
    document = first["document"].to_numpy(dtype=np.int64)
    columns, warnings = placed_columns(
        Marked(
            document,
            marks["start_offset"],
            marks["end_offset"],
            blank_to_missing(mapped(marks["snippet"], plain_text)),
        ),
        documents.texts,
        BYTES,
    )
    for said in warnings:
        notes.warn(said)
    return make_frame(
        "segments",
        {
            "segment_id": segment_ids(first["place"]).reset_index(drop=True),
            "document_id": labelled(document, documents.frame["document_id"]),
            **columns,
        },
    )


def segment_ids(places: pd.Series) -> pd.Series:
    """Return the identifiers of segments by the rows of their highlights, from 0."""
    return "s" + (places + 1).astype("str")
