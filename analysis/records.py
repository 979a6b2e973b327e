"""Rows of a frame as plain mappings, for loops over few rows."""

from __future__ import annotations

from typing import Any

import pandas as pd

__all__ = ["records"]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as mappings from column to value, in order.

    For tables that are printed or checked row by row; whatever has one row for each
    coding is computed in columns instead.
    """
    return frame.to_dict("records")  # type: ignore[return-value]
