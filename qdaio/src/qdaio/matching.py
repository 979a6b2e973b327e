"""Recognising a table among the sheets of a file."""

from __future__ import annotations

from collections.abc import Callable

from qdaio.reader import Match
from qdaio.sheet import Sheet
from qdaio.sheets import read_sheets
from qdaio.source import Source

__all__ = ["TABLE_KINDS", "best_sheet"]

TABLE_KINDS = frozenset({"xlsx", "xls", "text"})


def best_sheet(source: Source, recognise: Callable[[Sheet], Match | None]) -> Match | None:
    """Return the best match among the sheets of a workbook or text table.

    Parameters
    ----------
    source : Source
    recognise : callable
        Says of one sheet how well it is known; of equal matches the first sheet's is taken.

    Returns
    -------
    Match or None
        None when no sheet is known, or the file is no table.
    """
    if source.kind not in TABLE_KINDS:
        return None
    found = [match for sheet in read_sheets(source) if (match := recognise(sheet)) is not None]
    return max(found, key=lambda match: match.score, default=None)
