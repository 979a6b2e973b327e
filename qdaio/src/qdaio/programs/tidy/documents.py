"""Documents of the tidy form: listed, or only named by codings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from qdaio.codes import document_id
from qdaio.faults import FaultList
from qdaio.model import make_frame
from qdaio.programs.tidy.columns import TidyTable, typed_columns
from qdaio.programs.tidy.form import TABLES
from qdaio.programs.tidy.named import Named, check_known, check_once

__all__ = ["documents_of"]

OWN = ("kind", "text", "position")


def documents_of(tables: Mapping[str, TidyTable], faults: FaultList) -> Named:
    """Take documents from their list, or else from the codings and segments."""
    keys = {
        name: _document_ids(tables[name], faults)
        for name in ("documents", "codings", "segments")
        if name in tables
    }
    used = {name: ids for name, (ids, _) in keys.items() if name != "documents"}
    if "documents" not in tables:
        found = [rows for _, rows in keys.values()]
        frame = pd.concat(found).dropna(subset="document_id") if found else pd.DataFrame()
        if len(frame):
            frame = frame.drop_duplicates("document_id", ignore_index=True)
            frame["position"] = range(1, len(frame) + 1)
        return Named(make_frame("documents", frame), used)
    table = tables["documents"]
    ids, rows = keys["documents"]
    check_once(table, "document", ids, faults)
    frame = rows.assign(**typed_columns(table, OWN, faults))
    for name in used:
        used[name] = check_known(tables[name], "document", used[name], rows, faults)
    return Named(make_frame("documents", frame), used, _variables(table, ids))


def _document_ids(table: TidyTable, faults: FaultList) -> tuple[pd.Series, pd.DataFrame]:
    names, groups, ids = (
        table.need("document", faults),
        table.text("group"),
        table.get("document_id"),
    )
    if ids is None:
        names, groups = names.str.strip(), groups.str.strip()
        pairs = pd.DataFrame({"group": groups, "name": names})
        at, keys = pd.factorize(pd.MultiIndex.from_frame(pairs.fillna("\0")))
        labels = [document_id(None if group == "\0" else group, name) for group, name in keys]
        ids = pd.Series(labels, dtype="str").iloc[at].reset_index(drop=True)
        ids = ids.where(names.notna())
    return ids, pd.DataFrame({"document_id": ids, "name": names, "group": groups})


def _variables(table: TidyTable, ids: pd.Series) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "entity": "document",
                "entity_id": ids,
                "name": name,
                "value": table.columns[name].astype("str"),
                "source_file": table.file,
                "source_row": list(table.rows),
            }
        ).dropna(subset="value")
        for name in table.columns
        if name not in TABLES["documents"]
    ]
    return make_frame("attributes", pd.concat(parts, ignore_index=True) if parts else [])
