"""What is known of a resource: columns that say the same in all of its excerpts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qdaio.files.cells import text_series
from qdaio.model import Notes, make_frame

__all__ = ["descriptor_frame"]


def descriptor_frame(
    columns: Mapping[str, Sequence[Any]],
    documents: Sequence[str],
    rows: Sequence[int],
    notes: Notes,
) -> pd.DataFrame:
    """Build attributes of documents from the columns of an excerpt export.

    Parameters
    ----------
    columns : mapping of str to sequence of cells
    documents : sequence of str
        Identifier of each row's document.
    rows : sequence of int
        For messages.
    notes : Notes
        Gets a warning for columns that say several things of one document; these are
        of the excerpt, and not read.
    """
    frames = []
    varying = []
    for name, cells in columns.items():
        table = pd.DataFrame(
            {
                "entity_id": text_series(list(documents)),
                "value": text_series(list(cells)),
                "source_row": list(rows),
            }
        ).dropna(subset="value")
        first = table.drop_duplicates(["entity_id", "value"])
        if first["entity_id"].duplicated().any():
            varying.append(name)
        elif len(first):
            frames.append(first.assign(entity="document", name=name, source_file=notes.file))
    if varying:
        notes.warn(
            f"columns that say several things of one document were not read: {', '.join(varying)}."
        )
    return make_frame("attributes", pd.concat(frames, ignore_index=True) if frames else {})
