"""Columns of variables as attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qdaio.files.cells import text_series
from qdaio.model import make_frame
from qdaio.programs.maxqda.profile import DOTS
from qdaio.programs.maxqda.values import MISSING

__all__ = ["attribute_rows"]


def attribute_rows(
    entity: str,
    ids: pd.Series,
    columns: Mapping[str, Sequence[Any]],
    file: str,
    row_numbers: Sequence[int],
) -> pd.DataFrame:
    """Turn columns of variables into the frame ``attributes``, without missing values.

    MAXQDA writes a missing number as -9, so it is one where a column holds numbers only.
    """
    parts = []
    for name, cells in columns.items():
        values = text_series(cells)
        filled = values.dropna()
        if filled.empty or set(filled) <= DOTS:
            continue
        if pd.to_numeric(filled, errors="coerce").notna().all():
            values = values.mask(values == str(MISSING))
        rows = pd.DataFrame({"entity_id": ids, "value": values, "source_row": row_numbers})
        parts.append(rows.assign(entity=entity, name=name, source_file=file).dropna(subset="value"))
    if not parts:
        return make_frame("attributes", [])
    # all variables of a document together, in the order of the table
    stacked = pd.concat(parts).sort_values("source_row", kind="stable", ignore_index=True)
    return make_frame("attributes", stacked)
