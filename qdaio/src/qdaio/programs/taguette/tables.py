"""Tables of Taguette: its list of highlights, a row for each tag of each, and its codebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import paths_from_parents
from qdaio.files.cells import text_series
from qdaio.model import CodedProject, make_frame
from qdaio.tables import BesideOthers, CodeTable, CodingTable, Path, Places, Rows, headers

__all__ = ["CODEBOOK", "HIGHLIGHTS"]

# Names of columns, which no translation changes.
SOFTWARE = "Taguette"


class Highlights(BesideOthers, CodingTable):
    """Highlights exported as CSV or Excel, for all tags or for one."""

    format = "taguette-highlights"
    software = SOFTWARE
    required = headers(id="id", document="document", code="tag", text="content")
    reason = "the columns id, document, tag and content"
    uncoded = "no tag was given to it"
    stated_by = "taguette-database"
    not_read = "these columns are not Taguette's, and were not read"

    def paths(self, labels: Sequence[str], parts: Sequence[CodedProject]) -> list[Path]:
        """Put each tag where a codebook or database has it, else at the root."""
        known = {
            path[-1]: path
            for part in parts
            if part.info.software == SOFTWARE
            for path in part.codes["path"]
        }
        return [known.get(label, (label,)) for label in labels]

    def segment_of(self, rows: Rows) -> Places:
        """Join the rows of one highlight; one without a number is a highlight of its own."""
        first: dict[tuple[object, ...], int] = {}
        keys = zip(rows.texts("id"), rows.texts("document"), rows.cells("text"), strict=True)
        same = [
            first.setdefault(key if key[0] is not None else (place,), place)
            for place, key in enumerate(keys)
        ]
        return np.asarray(same, dtype="int64")

    def places(self, rows: Rows) -> Mapping[str, Any]:
        """Keep the number of the highlight, which tells equal words apart."""
        return {"place": text_series([n and f"highlight {n}" for n in rows.texts("id")])}


class Codebook(CodeTable):
    """A codebook exported as CSV or Excel; in recent versions a tag can stand under another."""

    format = "taguette-codebook"
    software = SOFTWARE
    required = headers(code="tag", description="description", n="number of highlights")
    optional = headers(parent="parent", documents="number of documents")
    reason = "the columns tag, description and number of highlights"
    counted = "how many highlights have the tag"
    repeats = "fault"

    def paths(self, rows: Rows) -> list[Path]:
        """Put each tag under the one that it names."""
        names, parents = rows.texts("code"), rows.texts("parent")
        above = {name: parents[at] for at, name in reversed([*enumerate(names)]) if name}
        for name, parent in reversed(above.items()):
            if parent is not None and parent not in above:
                rows.notes.warn(
                    f'tag "{name}" stands under "{parent}", which is no tag; it is at the root.'
                )
        known = {name: name for name in names if name}
        at = paths_from_parents(
            known, above, rows.notes.faults, file=rows.notes.file, sheet=rows.sheet
        )
        return [at.get(name, ()) if name else () for name in names]

    def attributes(self, rows: Rows, ids: Mapping[int, str]) -> pd.DataFrame:
        """Keep in how many documents a tag was used."""
        counts = rows.counts("documents", "in how many documents it is")
        stated = [place for place in ids if counts[place] is not None]
        return make_frame(
            "attributes",
            {
                "entity": ["code"] * len(stated),
                "entity_id": [ids[place] for place in stated],
                "name": [rows.table.headers.get("documents")] * len(stated),
                "value": [str(counts[place]) for place in stated],
                "source_file": [rows.notes.file] * len(stated),
                "source_row": [rows.numbers[place] for place in stated],
            },
        )


HIGHLIGHTS = Highlights()
CODEBOOK = Codebook()
