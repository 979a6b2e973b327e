"""What the tables of the tidy form list, held against what they use."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from qdaio.faults import FaultList
from qdaio.labels import nearest
from qdaio.model import empty_frame
from qdaio.programs.tidy.columns import TidyTable

__all__ = ["Named", "check_known", "check_once"]

SHOWN = 20


@dataclass
class Named:
    """What is listed, and what each table uses.

    Attributes
    ----------
    frame : DataFrame
        Of the model.
    used : dict of str to Series
        Identifier of each row, by table.
    attributes : DataFrame
        Frame ``attributes``, from further columns of the list of documents.
    """

    frame: pd.DataFrame
    used: dict[str, pd.Series] = field(default_factory=dict)
    attributes: pd.DataFrame = field(default_factory=lambda: empty_frame("attributes"))


def check_once(table: TidyTable, column: str, values: pd.Series, faults: FaultList) -> None:
    """Add a fault for each value that stands twice in a list."""
    again = values.duplicated() & values.notna()
    for place in values.index[again][:SHOWN]:
        label = values[place]
        shown = " > ".join(label) if isinstance(label, tuple) else label
        faults.add(
            kind=f"duplicate-{column.removesuffix('_id')}",
            file=table.file,
            sheet=table.sheet,
            row=table.rows[place],
            column=column,
            found=f'"{shown}" a second time',
            expected="one row each",
            remedy="Delete the row, or give it a name of its own.",
        )


def check_known(
    table: TidyTable,
    what: str,
    ids: pd.Series,
    listed: pd.DataFrame,
    faults: FaultList,
    labels: pd.Series | None = None,
) -> pd.Series:
    """Check identifiers against a list; a document may be named without its group."""
    key = f"{what}_id"
    if what == "document":
        bare = listed[listed["group"].notna() & ~listed["name"].duplicated(keep=False)]
        short = dict(zip(bare["name"], bare[key], strict=True))
        ids = ids.where(ids.isin(listed[key]), ids.map(lambda name: short.get(name, name)))
    unknown = ids.notna() & ~ids.isin(listed[key])
    if unknown.any():
        shown = ids if labels is None else labels
        names = [" > ".join(path) for path in listed["path"]] if what == "code" else listed["name"]
        for label, rows in shown[unknown].groupby(shown[unknown], sort=False):
            near = nearest(str(label), list(names))
            faults.add(
                kind=f"unknown-{what}",
                file=table.file,
                sheet=table.sheet,
                row=table.rows[int(rows.index[0])],
                column=what,
                found=f'"{label}"' + (f", in {len(rows)} rows" if len(rows) > 1 else ""),
                expected=f"a {what} of the list of {what}s",
                remedy=(f'Did you mean "{near}"? ' if near else "")
                + f"Correct it, or add it to the list of {what}s.",
            )
    return ids
