"""The audit as one JSON document."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.forms import records

__all__ = ["audit_document"]

KEYS = ("id", "place", "kind", "printed", "rebuilt", "verdict", "why")


def audit_document(claims: pd.DataFrame, counts: dict[str, int]) -> dict[str, Any]:
    """Return claims and counts as plain values.

    Parameters
    ----------
    claims : DataFrame
        ``id``, ``section`` (may be absent), ``place``, ``kind``, ``printed``,
        ``rebuilt``, ``verdict``, ``why`` and, where there is one, ``conjecture``.
    counts : dict
        Claims of each verdict.

    Returns
    -------
    dict
        ``claims``: a list with one mapping a claim; ``counts``.
    """
    rows = []
    for row in records(claims):
        item = {key: None if pd.isna(row.get(key)) else row[key] for key in KEYS}
        section = row.get("section")
        if isinstance(section, str) and section:
            item["place"] = f"{section}: {item['place']}"
        conjecture = row.get("conjecture")
        if isinstance(conjecture, str) and conjecture:
            item["conjecture"] = conjecture
        rows.append(item)
    return {"claims": rows, "counts": dict(counts)}
