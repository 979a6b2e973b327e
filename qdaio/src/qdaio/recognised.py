"""Know a file again by the columns of a table in it, or by the tables of a database."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from qdaio.database import tables_of
from qdaio.faults import StudyError
from qdaio.reader import Match
from qdaio.sheets import Sheet, read_sheets
from qdaio.source import Source

__all__ = ["match_by_sheet", "match_by_tables"]

SURE = 0.96


def match_by_sheet(
    source: Source, find: Callable[[Sheet], Any | None], reason: str
) -> Match | None:
    """Look for a table in the sheets of a file.

    Parameters
    ----------
    source : Source
    find : callable
        Returns what it finds in a sheet, or None.
    reason : str
        What gives the file away, for people.

    Returns
    -------
    Match or None
        With ``sheet`` and ``table`` (what was found) among its details.
    """
    if source.kind not in {"xlsx", "xls", "text"}:
        return None
    try:
        sheets = read_sheets(source)
    except StudyError:
        return None
    for sheet in sheets:
        found = find(sheet)
        if found is not None:
            return Match(SURE, reason, sheet.name or None, {"sheet": sheet, "table": found})
    return None


def match_by_tables(source: Source, signature: Collection[str], reason: str) -> Match | None:
    """Look whether a database has all tables of `signature`, in lower case."""
    if source.kind != "sqlite":
        return None
    try:
        kinds = tables_of(source)
    except StudyError:
        return None
    return Match(1.0, reason) if set(kinds) >= set(signature) else None
