"""Files of RQDA, texts and pictures, with their categories."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from qdaio.database import Database
from qdaio.database_keys import rows_by_number
from qdaio.files.cells import text_series
from qdaio.labels import unique
from qdaio.model import Notes, make_frame
from qdaio.programs.rqda.codes import category_names
from qdaio.programs.rqda.tables import TABLES, is_live

__all__ = ["Documents", "read_documents"]

CATEGORY = "file category"


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The live files of a project.

    Attributes
    ----------
    frame, attributes : DataFrame
        Frames of the model; the attributes name every category of a file in several.
    files, images : dict of int to int
        Row in the frame of each text and of each picture, by its number.
    deleted_files, deleted_images : set of int
        Numbers of those that are deleted in the program.
    texts : list of str or None
        By row of the frame.
    """

    frame: pd.DataFrame
    attributes: pd.DataFrame
    files: dict[int, int]
    images: dict[int, int]
    deleted_files: set[int]
    deleted_images: set[int]
    texts: list[str | None]


def read_documents(database: Database, notes: Notes) -> Documents:
    """Read texts and pictures; those that are deleted in the program are set aside."""
    names: list[str] = []
    texts: list[str | None] = []
    kinds: list[str] = []
    numbers: dict[str, dict[int, int]] = {}
    deleted: dict[str, set[int]] = {}
    for table, kind in (("source", "text"), ("image", "image")):
        rows = TABLES.read(database, table)
        numbers[table], deleted[table] = {}, set()
        contents = rows.columns.get("file") or [None] * len(rows)
        for number, place in rows_by_number(rows, "id", notes).items():
            name = rows["name"][place] or f"file {number}"
            if not is_live(rows["status"][place]):
                deleted[table].add(number)
                why = "deleted in the program"
                notes.aside("document", why, rows.ids[place], table, document=name)
                continue
            numbers[table][number] = len(names)
            names.append(name)
            texts.append(contents[place])
            kinds.append(kind)
    notes.faults.raise_if_any()
    ids = unique(names)
    if ids != names:
        notes.warn("several files have one name; they are told apart by a number.")
    groups = _groups(database, numbers["source"])
    several = {place: above for place, above in groups.items() if len(above) > 1}
    if several:
        notes.warn(
            f"{len(several)} files are in several categories. The group of each is its first one; "
            f'attribute "{CATEGORY}" names them all.'
        )
    pairs = [(place, name) for place, above in several.items() for name in above]
    return Documents(
        frame=make_frame(
            "documents",
            {
                "document_id": ids,
                "name": names,
                "group": text_series([groups.get(place, [None])[0] for place in range(len(ids))]),
                "kind": kinds,
                "text": text_series(texts),
                "position": range(1, len(ids) + 1),
            },
        ),
        attributes=make_frame(
            "attributes",
            {
                "entity": ["document"] * len(pairs),
                "entity_id": [ids[place] for place, _ in pairs],
                "name": [CATEGORY] * len(pairs),
                "value": [name for _, name in pairs],
                "source_file": [notes.file] * len(pairs),
            },
        ),
        files=numbers["source"],
        images=numbers["image"],
        deleted_files=deleted["source"],
        deleted_images=deleted["image"],
        texts=texts,
    )


def _groups(database: Database, files: dict[int, int]) -> dict[int, list[str | None]]:
    """Return the names of the categories of each file, by its row."""
    names = category_names(TABLES.read(database, "filecat"))
    rows = TABLES.read(database, "treefile")
    groups: dict[int, list[str | None]] = {}
    for file, category, status in zip(rows["fid"], rows["catid"], rows["status"], strict=True):
        if is_live(status) and file in files and category in names:
            above = groups.setdefault(files[file], [])
            if names[category] not in above:
                above.append(names[category])
    return groups
