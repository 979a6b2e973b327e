"""Files of a QualCoder project: texts, PDFs, pictures and recordings."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from qdaio.database import Database
from qdaio.database_keys import rows_by_number
from qdaio.files.cells import text_series
from qdaio.labels import unique
from qdaio.model import Notes, make_frame
from qdaio.programs.qualcoder.tables import TABLES

__all__ = ["Documents", "read_documents"]

# How the path of a file begins: inside the project, or linked from elsewhere.
MEDIA = {
    "/images": "image",
    "images:": "image",
    "/audio": "audio",
    "audio:": "audio",
    "/video": "video",
    "video:": "video",
}


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The files of a project.

    Attributes
    ----------
    frame : DataFrame
        Frame ``documents`` of the model.
    places : dict of int to int
        Row of each file, by its number.
    texts : list of str or None
        By row; None for media.
    """

    frame: pd.DataFrame
    places: dict[int, int]
    texts: list[str | None]


def read_documents(database: Database, notes: Notes) -> Documents:
    """Read the files of the project."""
    rows = TABLES.read(database, "source")
    places = rows_by_number(rows, "id", notes)
    notes.faults.raise_if_any()
    names = [
        name or f"file {number}" for number, name in zip(rows["id"], rows["name"], strict=True)
    ]
    ids = unique(names)
    if ids != names:
        notes.warn("several files have one name; they are told apart by a number.")
    kinds = [_kind(path, name) for path, name in zip(rows["mediapath"], names, strict=True)]
    texts = [
        text if kind in ("text", "pdf") else None
        for kind, text in zip(kinds, rows["fulltext"], strict=True)
    ]
    frame = make_frame(
        "documents",
        {
            "document_id": ids,
            "name": names,
            "kind": kinds,
            "text": text_series(texts),
            "position": range(1, len(ids) + 1),
        },
    )
    return Documents(frame, places, texts)


def _kind(path: str | None, name: str) -> str:
    stated = path or ""
    medium = next((kind for start, kind in MEDIA.items() if stated.startswith(start)), None)
    if medium is not None:
        return medium
    return "pdf" if stated.lower().endswith(".pdf") or name.lower().endswith(".pdf") else "text"
