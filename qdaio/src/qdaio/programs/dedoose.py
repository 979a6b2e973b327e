r"""Excerpts of Dedoose: a row for each excerpt of each coder, three columns for each code.

The columns of a code are called ``Code: Parent\Child Applied``, ``… Range`` and ``… Weight``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.files.cells import as_text, number_series, text_series
from qdaio.headers import SheetTable
from qdaio.model import CodedProject
from qdaio.tables import Applied, CodingTable, Path, Rows, headers

__all__ = ["EXCERPTS"]

CODE = re.compile(r"Code:\s*(.+?)\s+(Applied|Range|Weight)(?: \(\d+\))?", re.S)
AGAIN = re.compile(r" \(\d+\)$")
RANGE = re.compile(r"(\d{1,15})\s*[-–]\s*(\d{1,15})")
TRUE, FALSE = {"true", "1"}, {"", "false", "0"}
SEPARATOR = ", "
SHOWN = 12


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """The cells of one code: a truth value for each excerpt, or its word, and the weights."""

    path: Path
    header: str
    applied: list[Any]
    weights: list[Any] | None


class Excerpts(CodingTable):
    """Excerpts exported as Excel or CSV."""

    format = "dedoose-excerpts"
    software = "Dedoose"
    required = headers(document=["Media Title", "Resource Title", "Resource Name"])
    optional = headers(
        text=["Excerpt Copy", "Excerpt"],
        coder="Excerpt Creator",
        created="Excerpt Date",
        range="Excerpt Range",
        combined="Codes Applied Combined",
    )
    reason = "the columns of media and of applied codes"
    uncoded = "no code is applied to it"
    has_variables = True  # descriptors of the media stand in columns of their own
    not_read = "columns that say several things of one document were not read"

    def certainty(self, table: SheetTable) -> float | None:
        """Ask for a column of a code, or else for the list of codes beside the text."""
        found = filter(None, map(CODE.fullmatch, table.unknown))
        has_codes = any(match[2] == "Applied" for match in found)
        return self.score if has_codes or {"combined", "text"} <= set(table.columns) else None

    def applied(self, rows: Rows, parts: Sequence[CodedProject]) -> Applied:
        """Take what the columns of codes say, or the lists of names where there are none."""
        columns = _code_columns(rows)
        applied = _by_columns(columns, rows) if columns else _by_lists(rows)
        rows.notes.faults.raise_if_any()
        if columns and "combined" in rows:
            _compare_with_lists(applied, rows)
        coded = np.zeros(rows.height, dtype=np.bool_)
        coded[applied.rows] = True
        self.lacks_code(rows, np.flatnonzero(~coded).tolist())
        return applied

    def places(self, rows: Rows) -> Mapping[str, Any]:
        """Read ranges of characters, such as ``120-245``."""
        places = [as_text(cell) for cell in rows.cells("range")]
        found = [RANGE.fullmatch(place.strip()) if place else None for place in places]
        return {
            "start": pd.Series([match and int(match[1]) for match in found], dtype="Int64"),
            "end": pd.Series([match and int(match[2]) for match in found], dtype="Int64"),
            "unit": text_series([match and "code point" for match in found]),
            "place": text_series(places),
        }

    def variables(self, rows: Rows, documents: pd.Series) -> pd.DataFrame:
        """Take the columns that neither Dedoose nor a code explains."""
        for header in [name for name in rows.table.unknown if CODE.fullmatch(name)]:
            del rows.table.unknown[header]
        return super().variables(rows, documents)


def _code_columns(rows: Rows) -> list[CodeColumn]:
    """Return the columns of each code, in the order of the sheet."""
    parts: dict[tuple[str, str], list[Any]] = {}
    labels: dict[str, str] = {}
    twice: list[str] = []
    for header, cells in rows.table.unknown.items():
        if (found := CODE.fullmatch(header)) is None:
            continue
        name, part = found[1], found[2]
        if AGAIN.search(header) and (name, part) in parts:
            twice.append(AGAIN.sub("", header))
            continue
        parts[name, part] = cells
        if part == "Applied":
            labels[name] = header
    columns: dict[Path, CodeColumn] = {}
    for name, header in labels.items():
        path = tuple(level.strip() for level in name.split("\\") if level.strip()) or (name,)
        if path in columns:
            twice.append(header)
        else:
            weights = parts.get((name, "Weight"))
            columns[path] = CodeColumn(path, header, parts[name, "Applied"], weights)
    for header in twice:
        rows.notes.faults.add(
            kind="duplicate-column",
            file=rows.notes.file,
            sheet=rows.sheet,
            row=rows.table.header_row,
            column=header,
            found="a second column of one code",
            expected="one",
            remedy="Delete the column that does not belong to the export.",
        )
    return list(columns.values())


def _by_columns(columns: Sequence[CodeColumn], rows: Rows) -> Applied:
    excerpts, codes, weights = [], [], []
    for number, column in enumerate(columns):
        found = np.flatnonzero(_flags(column, rows))
        excerpts.append(found)
        codes.append(np.full(len(found), number))
        stated = column.weights
        weights.append(number_series([None if stated is None else stated[row] for row in found]))
    together = np.concatenate(excerpts)
    order = np.argsort(together, kind="stable")
    return Applied(
        rows=together[order],
        codes=np.concatenate(codes)[order],
        paths=[column.path for column in columns],
        weights=pd.concat(weights, ignore_index=True).take(order).reset_index(drop=True),
    )


def _flags(column: CodeColumn, rows: Rows) -> npt.NDArray[np.bool_]:
    """Return whether the code is applied to each excerpt; anything but a truth value is a fault."""
    meaning: dict[object, bool | None] = {}
    for cell in set(column.applied):
        word = (as_text(cell) or "").strip().casefold()
        meaning[cell] = True if word in TRUE else False if word in FALSE else None
    if None in meaning.values():
        wrong = [place for place, cell in enumerate(column.applied) if meaning[cell] is None]
        more = f" (and in {len(wrong) - SHOWN} more rows)" if len(wrong) > SHOWN else ""
        for place in wrong[:SHOWN]:
            rows.fault(
                place,
                kind="bad-value",
                column=column.header,
                found=f"neither True nor False{more}",
                expected="True or False",
                remedy="Correct the cell, or export the excerpts again.",
            )
    return np.array([bool(meaning[cell]) for cell in column.applied], dtype=np.bool_)


def _by_lists(rows: Rows) -> Applied:
    places: dict[str, int] = {}
    pairs = [
        (row, places.setdefault(name, len(places)))
        for row, cell in enumerate(rows.cells("combined"))
        for name in names_in(as_text(cell) or "")
    ]
    rows.notes.warn(
        f'without columns of codes, "{rows.table.headers["combined"]}" was cut at its commas: '
        "which code is under which is unknown, and names that hold commas may be in parts. "
        "Export the excerpts with a column for each code."
    )
    numbers = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Applied(numbers[:, 0], numbers[:, 1], [(name,) for name in places])


def _compare_with_lists(applied: Applied, rows: Rows) -> None:
    """List the names that a cell has and no column says to be applied.

    The columns count: they know the whole path. A name without one is a code that was
    renamed, merged, or left out of the export.
    """
    names: dict[int, list[str]] = {}
    for row, code in zip(applied.rows.tolist(), applied.codes.tolist(), strict=True):
        names.setdefault(row, []).append(applied.paths[code][-1])
    label = rows.table.headers["combined"]
    documents = rows.texts("document")
    concerned, listed = 0, 0
    for place, cell in enumerate(rows.cells("combined")):
        lost = unexplained(as_text(cell) or "", names.get(place, []))
        concerned, listed = concerned + bool(lost), listed + len(lost)
        why = f'"{label}" names it, and no column of a code says True for it'
        for name in lost:
            rows.aside(place, "code name", why, code=name, document=documents[place])
    if concerned:
        rows.notes.warn(
            f'in {concerned} of {rows.height} excerpts "{label}" names codes ({listed} names) that '
            "no column says to be applied. The columns are counted, and the names listed: the "
            "codes were renamed or merged, or their columns are missing."
        )


def names_in(cell: str) -> list[str]:
    """Cut a list of last names of codes at the commas that stand in no brackets.

    Examples
    --------
    >>> names_in("Care (home, alone), Time")
    ['Care (home, alone)', 'Time']
    """
    names: list[str] = []
    for part in cell.split(SEPARATOR):
        if names and names[-1].count("(") > names[-1].count(")"):
            names[-1] += SEPARATOR + part
        else:
            names.append(part)
    return [name.strip() for name in names if name.strip()]


def unexplained(cell: str, applied: Iterable[str]) -> list[str]:
    """Return the names in a cell that are none of the last names of the codes applied.

    Examples
    --------
    >>> unexplained("Money, time, Becoming a gateway", ["Money, time", "Becoming a Gateway"])
    []
    """
    left = names_in(cell)
    for name in sorted(applied, key=len, reverse=True):
        wanted = [part.casefold() for part in names_in(name)]
        folded = [part.casefold() for part in left]
        for start in range(len(left) - len(wanted) + 1):
            if wanted and folded[start : start + len(wanted)] == wanted:
                del left[start : start + len(wanted)]
                break
    return left


EXCERPTS = Excerpts()
