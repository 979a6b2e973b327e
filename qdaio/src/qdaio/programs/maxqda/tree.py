"""Trees of codes that are laid out by column: the further right, the deeper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qdaio.files.cells import Sheet, as_text
from qdaio.labels import normalise
from qdaio.programs.maxqda.profile import DOTS
from qdaio.programs.maxqda.words import ROOTS

__all__ = ["Tree", "TreeRow", "find_tree", "tree_rows"]

DEPTH = 30
WORDS = {
    "memo": ("Memo", "Code memo", "Code-Memo", "Memos", "Notatka", "Nota", "Mémo"),
    "count": (
        "Frequency",
        "Coded segments",
        "Cod seg (all documents)",
        "Cod seg",
        "All coded segments",
        "Number of coded segments",
        "Codings",
        "Häufigkeit",
        "Alle Codings",
        "Anzahl Codings",
        "Codings (alle Dokumente)",
        "Codierte Segmente",
        "Częstość",
        "Liczba zakodowanych segmentów",
        "Zakodowane segmenty",
    ),
}
KNOWN = {normalise(label): name for name, labels in WORDS.items() for label in labels}


@dataclass(frozen=True)
class Tree:
    """Where a tree of codes stands in a sheet.

    Attributes
    ----------
    start : int
        Place of its first row, from 0.
    levels : list of int
        Places of the columns that hold names.
    memo, count : int, optional
        Places of the columns of memos and counts.
    root : int, optional
        Place of the row of the whole code system, which is no code.
    """

    start: int
    levels: list[int]
    memo: int | None
    count: int | None
    root: int | None
    header: dict[int, str]


@dataclass(frozen=True)
class TreeRow:
    """One row of a tree: its place in the sheet, level from 1, and names in that row."""

    index: int
    names: dict[int, str]

    @property
    def level(self) -> int:
        """Level of the code that the row is about."""
        return max(self.names)


def find_tree(sheet: Sheet) -> Tree | None:
    """Find a tree of codes by its root row "Code System", or by the headers of its columns."""
    head = sheet.head(DEPTH)
    root = next((index for index, row in enumerate(head) if _is_root(row)), None)
    header = next((index for index, row in enumerate(head) if _known(row)), None)
    if root is not None and header is not None and root <= header:
        root = next(
            (index for index, row in enumerate(head) if index > header and _is_root(row)), None
        )
    if root is None and header is None:
        return None
    start = (header if header is not None else root or 0) + 1
    if header is None and root is not None:
        start = root
    names = {} if header is None else _known(head[header])
    if root is None and set(names.values()) != {"memo", "count"}:
        return None
    body = [column[start:] for column in sheet.columns]
    memo = next((place for place, name in names.items() if name == "memo"), None)
    count = next((place for place, name in names.items() if name == "count"), None)
    if count is None:
        count = _last_numbers(body)
    limit = min(place for place in (memo, count, sheet.width) if place is not None)
    levels = [place for place in range(limit) if not _is_decoration(body[place])]
    if memo is None and levels and count is not None:
        levels, memo = _without_memo(body, levels)
    if not levels:
        return None
    written = (
        {}
        if header is None
        else {place: str(as_text(cell)) for place, cell in enumerate(head[header]) if cell}
    )
    return Tree(start, levels, memo, count, root, written)


def tree_rows(sheet: Sheet, tree: Tree) -> list[TreeRow]:
    """Return the rows of a tree that name a code, without the root."""
    columns = [sheet.columns[place] for place in tree.levels]
    rows = []
    for index in range(tree.start, sheet.height):
        names = {
            level: str(as_text(column[index])).strip()
            for level, column in enumerate(columns, start=1)
            if column[index] is not None
        }
        if names and index != tree.root:
            rows.append(TreeRow(index, names))
    return rows


def _is_root(row: Sequence[Any]) -> bool:
    """Say whether a row names the whole code system and nothing beside it but numbers."""
    texts = [cell for cell in row if isinstance(cell, str) and cell not in DOTS]
    return len(texts) == 1 and normalise(texts[0]) in ROOTS


def _known(row: Sequence[Any]) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        name = KNOWN.get(normalise(cell)) if isinstance(cell, str) else None
        if name is not None and name not in found.values():
            found[place] = name
    return found


def _is_decoration(cells: Sequence[Any]) -> bool:
    """Say whether a column holds the dots of code colours."""
    kinds = {cell for cell in cells if isinstance(cell, str)}
    return bool(kinds) and kinds <= DOTS


def _last_numbers(body: Sequence[Sequence[Any]]) -> int | None:
    """Return the last column that holds whole numbers only, in most rows."""
    for place in reversed(range(len(body))):
        cells = [cell for cell in body[place] if cell is not None]
        whole = all(
            (isinstance(cell, int) and not isinstance(cell, bool))
            or (isinstance(cell, str) and cell.strip().isdigit())
            for cell in cells
        )
        if cells and whole and 2 * len(cells) >= len(body[place]):
            return place
    return None


def _without_memo(body: Sequence[Sequence[Any]], levels: list[int]) -> tuple[list[int], int | None]:
    """Tell a column of memos under an unknown header from the last level.

    A memo stands beside the name of its code; a name of the last level, where each code
    has a row of its own, stands alone.
    """
    last = levels[-1]
    beside = [
        any(body[place][index] is not None for place in levels[:-1])
        for index, cell in enumerate(body[last])
        if cell is not None
    ]
    if len(levels) > 1 and beside and all(beside):
        return levels[:-1], last
    return levels, None
