"""The interview guide as data."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.faults import FaultList
from analysis.forms import read_form

__all__ = ["read_guide"]


def read_guide(path: Path, name: str, faults: FaultList) -> pd.DataFrame:
    """Read the guide: ``group`` (whom it was put to), ``number``, ``question``, in order."""
    columns = ["group", "number", "question"]
    guide = read_form(path, name, columns, faults, filled=["group", "question"])
    return guide.drop(columns="row")
