"""Tags as codes of the model. Their names are whole: a dot or colon in one is no level."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from qdaio.codes import code_frame, code_id, paths_from_parents
from qdaio.model import Notes

__all__ = ["Tags", "read_tags"]


class Tags:
    """The tags of a project.

    Attributes
    ----------
    frame : DataFrame
        Frame ``codes`` of the model.
    ids : list of str or None
        Identifier of the code that each row names; None where the row is left out.
    """

    def __init__(self, frame: pd.DataFrame, ids: list[str | None]) -> None:
        self.frame, self.ids = frame, ids


def read_tags(
    names: Sequence[str | None],
    parents: Sequence[str | None],
    rows: Sequence[int],
    more: dict[str, Sequence[object]],
    notes: Notes,
    sheet: str | None = None,
) -> Tags:
    """Build codes from rows that name a tag, and perhaps the tag above it.

    Parameters
    ----------
    names, parents : sequence of str or None
        Recent versions of Taguette put a tag under another; else all parents are None.
    rows : sequence of int
        For messages.
    more : dict
        Further columns of the frame, aligned with `names`.
    notes : Notes
        Gets a fault for tags that stand twice or below themselves.
    sheet : str, optional
        For messages.
    """
    first: dict[str, int] = {}
    for place, (name, row) in enumerate(zip(names, rows, strict=True)):
        if not name:
            notes.aside("row", "it names no tag", row, sheet)
        elif name in first:
            notes.faults.add(
                kind="duplicate-code",
                file=notes.file,
                sheet=sheet,
                row=row,
                found=f'tag "{name}", as in row {rows[first[name]]}',
                expected="each tag once",
                remedy="Taguette allows a name once: export the file again.",
            )
        else:
            first[name] = place
    above = {name: parents[place] or None for name, place in first.items()}
    for name, parent in above.items():
        if parent is not None and parent not in first:
            notes.warn(f'tag "{name}" stands under "{parent}", which is no tag; it is at the root.')
    paths = paths_from_parents(
        {name: name for name in first}, above, notes.faults, file=notes.file, sheet=sheet
    )
    kept = [first[str(name)] for name in paths]
    frame = code_frame(
        list(paths.values()),
        {column: [values[place] for place in kept] for column, values in more.items()},
    )
    ids: list[str | None] = [None] * len(names)
    for place, path in zip(kept, paths.values(), strict=True):
        ids[place] = code_id(path)
    return Tags(frame, ids)
