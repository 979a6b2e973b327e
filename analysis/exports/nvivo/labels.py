"""Labels of NVivo's tables: numbered rows, lettered columns, hierarchical names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from analysis.exports.sheet import Sheet, as_text

__all__ = ["ROOTS", "column_name", "find_grid", "path_of", "row_name"]

ROW = re.compile(r"^\d{1,6}\s*:\s*(?P<name>\S.*)$", re.S)
COLUMN = re.compile(r"^[A-Z]{1,3}\s*:\s*(?P<name>\S.*)$", re.S)
# The folder of the project that a hierarchical name begins with, "Nodes\\Barriers\Time".
ROOTS = ("nodes", "codes", "themes", "cases", "files", "internals", "externals", "memos", "sources")
HIERARCHY = re.compile(r"^(?P<root>[^\\]+)\\\\(?P<rest>.+)$", re.S)
DEPTH = 20
MOSTLY = 0.8


def row_name(label: object) -> str | None:
    """Return the name in a label like ``3 : Time``; None where it is no such label."""
    return _named(ROW, label)


def column_name(label: object) -> str | None:
    """Return the name in a label like ``B : Interview 2``; None where it is no such label."""
    return _named(COLUMN, label)


def _named(pattern: re.Pattern[str], label: object) -> str | None:
    found = pattern.match((as_text(label) or "").strip())
    return found["name"].strip() if found else None


def path_of(name: str) -> tuple[str | None, tuple[str, ...]]:
    r"""Part a hierarchical name into its root folder and the names below it.

    Examples
    --------
    >>> path_of("Nodes\\\\Barriers\\Time")
    ('Nodes', ('Barriers', 'Time'))
    >>> path_of("Time")
    (None, ('Time',))
    """
    found = HIERARCHY.match(name)
    if found is None:
        return None, (name,)
    parts = tuple(part.strip() for part in found["rest"].split("\\") if part.strip())
    return found["root"].strip(), parts or (name,)


def find_grid(sheet: Sheet) -> tuple[int, int, list[int], list[int]] | None:
    """Find a table with numbered rows and lettered columns.

    Returns
    -------
    tuple or None
        Row of the header and column of the row labels, counted from 0; places of the
        labelled rows and of the labelled columns.
    """
    for header, cells in enumerate(sheet.head(DEPTH)):
        columns = [place for place, cell in enumerate(cells) if column_name(cell)]
        if not columns:
            continue
        stub = columns[0] - 1
        if stub < 0:
            return None
        labels: Sequence[Any] = sheet.columns[stub]
        rows = [place for place in range(header + 1, sheet.height) if row_name(labels[place])]
        filled = sum(cell is not None for cell in labels[header + 1 :])
        if not rows or len(rows) < MOSTLY * filled:
            return None
        return header, stub, rows, columns
    return None
