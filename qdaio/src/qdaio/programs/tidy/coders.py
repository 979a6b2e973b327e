"""Coders of the tidy form: listed, or only named by codings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from qdaio.faults import FaultList
from qdaio.model import make_frame
from qdaio.programs.tidy.columns import TidyTable
from qdaio.programs.tidy.named import Named, check_known, check_once

__all__ = ["coders_of"]


def coders_of(tables: Mapping[str, TidyTable], faults: FaultList) -> Named:
    """Take coders from their list, or else from the codings."""
    used: dict[str, pd.Series] = {}
    names = pd.Series(dtype="str")
    ids = pd.Series(dtype="str")
    if "codings" in tables:
        table = tables["codings"]
        names = table.text("coder")
        found = table.get("coder_id")
        ids = names.str.strip() if found is None else found
        names = names.str.strip() if found is None else names
        used["codings"] = ids
    if "coders" not in tables:
        rows = pd.DataFrame({"coder_id": ids, "name": names.fillna(ids)}).dropna(subset="coder_id")
        return Named(make_frame("coders", rows.drop_duplicates("coder_id")), used)
    table = tables["coders"]
    listed = table.need("coder", faults)
    own = table.get("coder_id")
    rows = pd.DataFrame({"coder_id": listed if own is None else own, "name": listed})
    check_once(table, "coder", rows["coder_id"], faults)
    if used:
        used["codings"] = check_known(tables["codings"], "coder", ids, rows, faults)
    return Named(make_frame("coders", rows), used)
