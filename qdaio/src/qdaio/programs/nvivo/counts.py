"""The counts of a matrix coding query, and what they cross codes with."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qdaio.codes import CodeNames, code_id
from qdaio.counts import Counts, check_size
from qdaio.faults import FaultList
from qdaio.files.cells import as_text
from qdaio.programs.nvivo.grid import Grid, cells_of, path_of

__all__ = ["FILE_FOLDERS", "Crossed", "Matrix", "is_matrix", "read_matrix"]

SHOWN = 12
LIKE_A_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?\s*%?")
ATTRIBUTE = re.compile(r".+\S\s+=\s+\S.*", re.S)
FILE_FOLDERS = frozenset({"files", "internals", "externals", "sources", "memos"})

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crossed:
    """What the codes are crossed with: a case, a document, or a group by an attribute."""

    name: str
    entity: str


@dataclass(frozen=True, eq=False)
class Matrix:
    """The counts, codes in rows.

    Attributes
    ----------
    grid : Grid
    paths : list of tuple of str
        Of the codes.
    ids : list of str
        Their identifiers.
    crossed : list of Crossed
    counts : ndarray of int
        Shape (codes, crossed).
    source_rows : ndarray of int
        Row in the file of each count, of the same shape.
    is_turned : bool
        The file has the codes in columns.
    """

    grid: Grid
    paths: list[Path]
    ids: list[str]
    crossed: list[Crossed]
    counts: Counts
    source_rows: Counts
    is_turned: bool


def is_matrix(grid: Grid) -> bool:
    """Say whether a table holds counts (or percentages) and not values of attributes."""
    cells = [as_text(cell) for row in cells_of(grid) for cell in row if cell is not None]
    return bool(cells) and all(LIKE_A_NUMBER.fullmatch((text or "").strip()) for text in cells)


def read_matrix(grid: Grid, system: pd.DataFrame | None) -> Matrix:
    """Read the counts of a table; names of codes are looked up in the code system.

    Raises
    ------
    StudyError
        With a fault for each cell that is no whole number.
    """
    check_size(grid.sheet, len(grid.rows), len(grid.columns))
    faults = FaultList()
    counts = _counts(grid, faults)
    faults.raise_if_any()
    names, others = grid.row_names, grid.column_names
    rows = np.array([grid.sheet.row_number(place) for place in grid.rows])
    source_rows = np.repeat(rows, len(others)).reshape(counts.shape)
    is_turned = all(_is_no_code(name) for name in names)
    if is_turned:
        names, others, counts, source_rows = others, names, counts.T, source_rows.T
    paths = [path_of(name)[1] for name in names]
    ids = [code_id(path) for path in paths]
    if system is not None:
        known = CodeNames(system)
        ways = dict(zip(system["code_id"], map(tuple, system["path"]), strict=True))
        ids = [
            code if code in ways else known.find(path[-1]) or code
            for code, path in zip(ids, paths, strict=True)
        ]
        paths = [ways.get(code, path) for code, path in zip(ids, paths, strict=True)]
    crossed = [_crossed(name) for name in others]
    return Matrix(grid, paths, ids, crossed, counts, source_rows, is_turned)


def _is_no_code(name: str) -> bool:
    return bool(ATTRIBUTE.fullmatch(name)) or _folder(name) in FILE_FOLDERS | {"cases"}


def _folder(name: str) -> str:
    return (path_of(name)[0] or "").casefold()


def _crossed(name: str) -> Crossed:
    if ATTRIBUTE.fullmatch(name):
        return Crossed(name, "group")
    entity = "document" if _folder(name) in FILE_FOLDERS else "case"
    return Crossed(" / ".join(path_of(name)[1]), entity)


def _counts(grid: Grid, faults: FaultList) -> Counts:
    """Return the counts, shape (rows, columns); blank is 0, other than whole is a fault."""
    counts: list[list[int]] = []
    bad: list[tuple[int, str]] = []
    for place, cells in zip(grid.rows, cells_of(grid), strict=True):
        counts.append([])
        for name, cell in zip(grid.column_names, cells, strict=True):
            text = (as_text(cell) or "0").strip()
            is_whole = text.isascii() and text.isdigit() and len(text) < 8
            counts[-1].append(int(text) if is_whole else 0)
            if not is_whole:
                bad.append((grid.sheet.row_number(place), name))
    for row, name in bad[:SHOWN]:
        faults.add(
            kind="bad-number",
            file=grid.sheet.file,
            sheet=grid.sheet.name.strip() or None,
            row=row,
            column=name,
            found="no whole number of codings",
            expected="a count" + (f" (so in {len(bad)} cells)" if len(bad) > 1 else ""),
            remedy="Let the matrix show coding references, not percentages, and export it again.",
        )
    return np.array(counts, dtype=np.int64)
