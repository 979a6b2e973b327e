"""The code system of MAXQDA: a tree laid out by column, with memos and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qdaio.codes import DEEPEST, code_frame, code_id, whole_number
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text, text_series
from qdaio.files.source import Source
from qdaio.labels import plain
from qdaio.model import CodedProject, ExportFile, ExportInfo
from qdaio.programs.maxqda.values import (
    Path,
    attribute_rows,
    code_rows,
    joined,
    said_twice,
    separator_of,
    split_path,
)
from qdaio.programs.maxqda.words import (
    BESIDE_CODES,
    DOTS,
    HEADERS,
    MEMO,
    ROOTS,
    STEMS,
    is_root,
    language_of,
    words_for,
)
from qdaio.reader import Match
from qdaio.tables import SheetReader

__all__ = [
    "READER",
    "Tree",
    "TreeRow",
    "find_tree",
    "how_counted",
    "match_system",
    "system_project",
    "tree_rows",
]

FORM = "maxqda-code-system"
DEPTH = 30
TREE_HEADERS = {plain(label): name for name, labels in BESIDE_CODES.items() for label in labels}
# a row with one of these heads a table of documents, segments or memos, and no tree of codes
OF_OTHER_TABLES = {
    plain(label)
    for words, names in (
        (HEADERS, ("document", "group", "start", "end", "parent")),
        (MEMO, ("set",)),
    )
    for labels in words_for(names, words).values()
    for label in labels
}


@dataclass(frozen=True)
class Tree:
    """Where a tree of codes stands in a sheet: the further right, the deeper.

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
    header : dict of int to str
        Headers as written, by place.
    is_moved : bool
        Names stand left of the root, or in columns apart from the others: somebody moved
        columns, and which level a name has can no longer be told.
    """

    start: int
    levels: list[int]
    memo: int | None
    count: int | None
    root: int | None
    header: dict[int, str]
    is_moved: bool = False


@dataclass(frozen=True)
class TreeRow:
    """One row of a tree: its place in the sheet, level from 1, and names in that row."""

    index: int
    names: dict[int, str]

    @property
    def level(self) -> int:
        """Level of the code that the row is about."""
        return max(self.names)


def find_tree(sheet: Sheet, roots: frozenset[str] = ROOTS) -> Tree | None:
    """Find a tree by its root row, such as "Code System", or by the headers of its columns."""
    head = sheet.head(DEPTH)
    root = next((index for index, row in enumerate(head) if _is_root(row, roots)), None)
    header = next((index for index, row in enumerate(head) if _known_headers(row)), None)
    if root is not None and header is not None and root <= header:
        later = (i for i, row in enumerate(head) if i > header and _is_root(row, roots))
        root = next(later, None)
    if root is None and header is not None:
        root = _root_beside_others(head, header, roots)
    if root is None and header is None:
        root = _root_by_sum(sheet, head)
        if root is None:
            return None
    if header is None and root:
        header = root - 1  # in a language that is not known
    start = (header if header is not None else root or 0) + 1
    if header is None and root is not None:
        start = root
    names = {} if header is None else _known_headers(head[header])
    if root is None and set(names.values()) != {"memo", "count"}:
        return None
    written = (
        {}
        if header is None
        else {place: str(as_text(cell)) for place, cell in enumerate(head[header]) if cell}
    )
    if any(plain(label) in OF_OTHER_TABLES for label in written.values()):
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
    first = None if root is None else head[root].index(_texts(head[root])[0])
    if not levels:  # the names stand right of memo and count
        levels = _run(body, {memo, count, *written}, limit + 1 if first is None else first)
    if not levels:
        return None
    apart = [
        place
        for place, cells in enumerate(body)
        if place not in {memo, count, *levels, *written}
        and not _is_decoration(cells)
        and any(isinstance(cell, str) for cell in cells)
    ]
    is_moved = (header is not None and bool(apart)) or first not in (None, levels[0])
    return Tree(start, levels, memo, count, root, written, is_moved)


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


def _run(body: Sequence[Sequence[Any]], others: Iterable[int | None], start: int) -> list[int]:
    """Return a column and those right of it that have no header."""
    taken = set(others)
    places = range(start + 1, len(body))
    end = next((p for p in places if p in taken or _is_decoration(body[p])), len(body))
    return list(range(start, end))


def _texts(row: Sequence[Any]) -> list[str]:
    """Return the texts of a row that are no dots and no numbers, which are text in CSV."""
    return [
        cell
        for cell in row
        if isinstance(cell, str) and cell not in DOTS and not cell.strip().isdigit()
    ]


def _is_root(row: Sequence[Any], roots: frozenset[str]) -> bool:
    """Say whether a row names the whole system and nothing beside it but numbers."""
    texts = _texts(row)
    return len(texts) == 1 and is_root(texts[0], roots)


def _root_beside_others(
    head: Sequence[Sequence[Any]], header: int, roots: frozenset[str]
) -> int | None:
    """Find a root row that has texts beside it, in columns that have a header of their own."""
    for index, row in enumerate(head[header + 1 :], start=header + 1):
        first = next((place for place, cell in enumerate(row) if cell in _texts(row)), None)
        bare = [
            cell for place, cell in enumerate(row) if place == first or head[header][place] is None
        ]
        if first is not None and _is_root(bare, roots):
            return index
    return None


def _root_by_sum(sheet: Sheet, head: Sequence[Sequence[Any]]) -> int | None:
    """Find the root of a code system in a language that is not known.

    It alone stands in the first column, is called something with "code" in it, and has the
    number of all codings: that of the counts below it together.
    """
    for index, row in enumerate(head[:3]):
        texts = _texts(row)
        if len(texts) != 1 or row[0] != texts[0] or any(sheet.columns[0][index + 1 :]):
            continue
        if not any(stem in plain(texts[0]) for stem in STEMS["code"]):
            continue
        for column in reversed(sheet.columns[1:]):
            total = whole_number(column[index])
            counts = [whole_number(cell) for cell in column[index + 1 :]]
            if total is not None and sum(n for n in counts if n is not None) == total > 0:
                return index
    return None


def _known_headers(row: Sequence[Any]) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        name = TREE_HEADERS.get(plain(cell)) if isinstance(cell, str) else None
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


def how_counted(counts: Mapping[Path, int], total: int | None) -> str:
    """Find out how the counts of a code system were made.

    MAXQDA shows for a code either its own coded segments or, collapsed or by setting, those
    of its subcodes as well; the table does not say which.

    Parameters
    ----------
    counts : mapping of path to int
        Every code with a count.
    total : int, optional
        Of the root row.

    Returns
    -------
    str
        ``own``, ``aggregate`` or ``unknown``. Where both fit, as without subcodes, ``own``.

    Examples
    --------
    >>> how_counted({("A",): 1, ("A", "a"): 2}, 3)
    'own'
    >>> how_counted({("A",): 3, ("A", "a"): 2}, 3)
    'aggregate'
    """
    below: dict[Path, int] = {}
    for path, count in counts.items():
        below[path[:-1]] = below.get(path[:-1], 0) + count
    at_least = all(counts[path] >= count for path, count in below.items() if path in counts)
    if total is None:
        # a parent that has fewer than its children cannot include them
        return "unknown" if at_least else "own"
    if sum(counts.values()) == total:
        return "own"
    if below.get((), 0) == total and at_least:
        return "aggregate"
    return "unknown"


def match_system(sheet: Sheet) -> Match | None:
    """Recognise a code system in a sheet."""
    tree = find_tree(sheet)
    if tree is None or not tree_rows(sheet, tree):
        return None
    details = {"sheet": sheet, "tree": tree}
    if tree.root is not None:
        return Match(0.95, "a tree of codes under its root", sheet.name, details)
    return Match(0.85, "codes with memos and counts", sheet.name, details)


def system_project(source: Source, sheet: Sheet, tree: Tree) -> CodedProject:
    """Make a project of codes from a sheet."""
    faults = FaultList()
    if tree.is_moved:
        faults.add(
            kind="inconsistent-export",
            file=source.name,
            sheet=sheet.name or None,
            row=sheet.row_number(tree.start),
            found="names of codes left of the code system, or apart from the others",
            expected="the columns of the levels side by side, from left to right",
            remedy="Export the code system again and leave the order of its columns; with moved "
            "columns nobody can say which code stands under which.",
        )
        faults.raise_if_any()
    rows = _rows_of_paths(source, sheet, tree, faults)
    counts, total = _system_counts(source, sheet, tree, rows, faults)
    faults.raise_if_any()
    warnings = [*sheet.warnings, *said_twice(source, sheet, rows)]
    how = how_counted(counts, total)
    if total is not None and how == "unknown":
        warnings.append(
            f"{source.name}: the counts of the codes add up to {sum(counts.values())}, and those "
            f"of the first level to {sum(n for path, n in counts.items() if len(path) == 1)}; "
            f"the root says {total}."
        )
    paths = code_rows(rows)
    memos: dict[Path, str | None] = {}
    if tree.memo is not None:
        column = sheet.columns[tree.memo]
        memos = {path: joined(column[index] for index in at) for path, at in rows.items()}
    form = FORM
    first = {path: at[0] for path, at in rows.items()}
    further = {
        label: [sheet.columns[place][index] for index in first.values()]
        for place, label in tree.header.items()
        if place not in {tree.memo, tree.count, *tree.levels} and not is_root(label)
    }
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(tree.header.values()),
            files=(ExportFile(source.name, source.sha256, form, sheet.name or None),),
        ),
        codes=code_frame(
            paths,
            {
                "description": [memos.get(path) for path in paths],
                "reported_n": [counts.get(path) for path in paths],
                "reported_n_kind": [how if path in counts else None for path in paths],
            },
        ),
        attributes=attribute_rows(
            "code",
            text_series([code_id(path) for path in first]),
            further,
            source.name,
            [sheet.row_number(index) for index in first.values()],
        ),
        warnings=tuple(warnings),
    )


def _rows_of_paths(
    source: Source, sheet: Sheet, tree: Tree, faults: FaultList
) -> dict[Path, list[int]]:
    """Give the path of each code and the places of its rows in the sheet."""
    rows = tree_rows(sheet, tree)
    if tree.root is None and all(list(row.names) == [1] for row in rows):
        separator = separator_of(row.names.get(1) for row in rows)
        found = [(split_path(row.names[1], separator), row.index) for row in rows if 1 in row.names]
    else:
        found = _by_column(source, sheet, tree, faults)
    places: dict[Path, list[int]] = {}
    for path, index in found:
        places.setdefault(path, []).append(index)
    return places


def _by_column(
    source: Source, sheet: Sheet, tree: Tree, faults: FaultList
) -> list[tuple[Path, int]]:
    # under the root of the whole system, codes stand one column further right
    root_level = 0
    rows = tree_rows(sheet, tree)
    if tree.root is not None and not any(min(row.names) <= 1 for row in rows):
        root_level = 1
    stack: list[str] = []
    found: list[tuple[Path, int]] = []
    for row in rows:
        for level, name in sorted(row.names.items()):
            depth = level - root_level
            if depth > len(stack) + 1 or depth > DEEPEST:
                faults.add(
                    kind="inconsistent-export",
                    file=source.name,
                    sheet=sheet.name or None,
                    row=sheet.row_number(row.index),
                    found=f'"{name[:63]}" on level {depth} under level {len(stack)}',
                    expected="each code one level below its parent at most",
                    remedy="Export the code system again; a row or column is missing.",
                )
                depth = min(len(stack) + 1, DEEPEST)
            stack = [*stack[: depth - 1], name]
        found.append((tuple(stack), row.index))
    return found


def _system_counts(
    source: Source, sheet: Sheet, tree: Tree, rows: Mapping[Path, Sequence[int]], faults: FaultList
) -> tuple[dict[Path, int], int | None]:
    if tree.count is None:
        return {}, None
    column = sheet.columns[tree.count]

    def number(index: int) -> int | None:
        cell = column[index]
        count = whole_number(cell)
        if count is not None and count >= 0:
            return count
        if cell is not None:
            faults.add(
                kind="bad-number",
                file=source.name,
                sheet=sheet.name or None,
                row=sheet.row_number(index),
                column=tree.header.get(tree.count or 0),
                found=f'"{(as_text(cell) or "")[:20]}"',
                expected="how many segments have the code, a whole number",
                remedy="Export the code system again.",
            )
        return None

    counts: dict[Path, int] = {}
    for path, at in rows.items():
        stated = [n for index in at if (n := number(index)) is not None]
        if stated:
            counts[path] = sum(stated)
    return counts, None if tree.root is None else number(tree.root)


READER = SheetReader(FORM, "MAXQDA", match_system, system_project)
