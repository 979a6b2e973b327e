"""When interviews took place and how long they lasted."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd

from analysis.forms import records
from analysis.settings import Participants
from qdaio.faults import FaultList
from qdaio.model import CodedProject

__all__ = ["add_interviews", "read_day"]


def add_interviews(
    documents: pd.DataFrame, project: CodedProject, spec: Participants, faults: FaultList
) -> pd.DataFrame:
    """Add ``date`` (ISO text) and ``minutes`` (Float64) to the documents.

    Parameters
    ----------
    documents : DataFrame
        With ``document_id``.
    project : CodedProject
    spec : Participants
        ``date``, ``date_range`` and ``duration`` name document variables and limits.
    faults : FaultList
        Gets a fault for each value that cannot be read or lies outside the range.
    """
    days: dict[str, str] = {}
    minutes: dict[str, float] = {}
    first, last = spec.date_range or (None, None)
    for row in _values(project, spec.date):
        day = read_day(row["value"])
        if day is None:
            faults.add(
                **_place(row),
                kind="bad-date",
                found=repr(row["value"]),
                expected="a day as 2023-05-31 or 31.05.2023",
                remedy="Correct the date in the source file.",
            )
        elif first and last and not first <= day <= last:
            faults.add(
                **_place(row),
                kind="out-of-range",
                found=day,
                expected=f"{first} to {last}",
                remedy="Correct the date, or `date_range` in study.toml.",
            )
        else:
            days[row["entity_id"]] = day
    for row in _values(project, spec.duration):
        try:
            minutes[row["entity_id"]] = float(row["value"])
        except ValueError:
            faults.add(
                **_place(row),
                kind="bad-number",
                found=repr(row["value"]),
                expected="minutes",
                remedy="Correct the duration in the source file.",
            )
    ids = documents["document_id"]
    return documents.assign(
        date=ids.map(days).astype("str"), minutes=ids.map(minutes).astype("Float64")
    )


def read_day(text: str) -> str | None:
    """Read a day written as ISO 8601 or d.m.y, with or without a time; None if it is none."""
    iso = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]|$)", text.strip())
    dotted = re.match(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[T ]|$)", text.strip())
    if iso:
        year, month, day = map(int, iso.groups())
    elif dotted:
        day, month, year = map(int, dotted.groups())
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _values(project: CodedProject, variable: str | None) -> list[dict[str, Any]]:
    if variable is None:
        return []
    rows = project.attributes.query("entity == 'document' and name == @variable")
    return records(rows.dropna(subset="value"))


def _place(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "file": None if pd.isna(row["source_file"]) else str(row["source_file"]),
        "row": None if pd.isna(row["source_row"]) else int(row["source_row"]),
        "column": row["name"],
    }
