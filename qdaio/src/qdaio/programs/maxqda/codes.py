"""Codes of MAXQDA: the code system as a tree, lists of codes, and paths as it prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qdaio.codes import code_id
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text, text_series
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table
from qdaio.labels import normalise
from qdaio.model import CodedProject, ExportFile, ExportInfo, make_frame
from qdaio.programs.maxqda.documents import attribute_rows
from qdaio.programs.maxqda.words import DOTS, HEADERS, ROOTS, language_of
from qdaio.reader import Match
from qdaio.tables import best_sheet

__all__ = [
    "CODE_SYSTEM",
    "CODE_VARIABLES",
    "CodeSystem",
    "CodeVariables",
    "Tree",
    "TreeRow",
    "code_rows",
    "code_variables_project",
    "codes_frame",
    "find_tree",
    "how_counted",
    "match_code_variables",
    "match_system",
    "separator_of",
    "split_path",
    "system_project",
    "tree_rows",
]


Path = tuple[str, ...]
ARROW = " > "


def split_path(label: str, separator: str = ARROW) -> tuple[str, ...]:
    """Split a code path into names.

    Examples
    --------
    >>> split_path("Barriers > Time > waiting")
    ('Barriers', 'Time', 'waiting')
    """
    return tuple(part.strip() for part in label.split(separator) if part.strip()) or (label,)


def separator_of(labels: Iterable[str | None]) -> str:
    r"""Return what separates the levels of code paths: " > ", or "\" as in imported tables."""
    known = [label for label in labels if label]
    if not any(ARROW in label for label in known) and any("\\" in label for label in known):
        return "\\"
    return ARROW


def code_rows(paths: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return all paths and those of their parents, each once, parents first."""
    seen: dict[tuple[str, ...], None] = {}
    for path in paths:
        for depth in range(1, len(path) + 1):
            seen.setdefault(tuple(path[:depth]))
    return list(seen)


def codes_frame(
    paths: Sequence[tuple[str, ...]], **columns: Sequence[object] | pd.Series
) -> pd.DataFrame:
    """Make the frame of codes from paths in which every parent has its own row.

    Parameters
    ----------
    paths : sequence of tuple of str
    **columns : sequence or Series
        Further columns of the frame, one value a path.
    """
    return make_frame(
        "codes",
        {
            "code_id": [code_id(path) for path in paths],
            "parent_id": [code_id(path[:-1]) if len(path) > 1 else None for path in paths],
            "name": [path[-1] for path in paths],
            "path": pd.Series(list(paths), dtype="object"),
            "level": [len(path) for path in paths],
            **columns,
        },
    )


DEPTH = 30
TREE_WORDS = {
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
TREE_HEADERS = {normalise(label): name for name, labels in TREE_WORDS.items() for label in labels}


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
    header = next((index for index, row in enumerate(head) if _known_headers(row)), None)
    if root is not None and header is not None and root <= header:
        root = next(
            (index for index, row in enumerate(head) if index > header and _is_root(row)), None
        )
    if root is None and header is None:
        return None
    start = (header if header is not None else root or 0) + 1
    if header is None and root is not None:
        start = root
    names = {} if header is None else _known_headers(head[header])
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


def _known_headers(row: Sequence[Any]) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        name = TREE_HEADERS.get(normalise(cell)) if isinstance(cell, str) else None
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


class CodeSystem:
    """Reads code systems: one column a level, or paths in one column with memos."""

    format = "maxqda-code-system"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file is a code system."""
        return best_sheet(source, match_system)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the sheet that was recognised.

        Raises
        ------
        StudyError
            For a code that stands twice or skips a level, and a count that is no number.
        """
        return system_project(source, match.details["sheet"], match.details["tree"])


def match_system(sheet: Sheet) -> Match | None:
    """Recognise a code system in a sheet."""
    tree = find_tree(sheet)
    if tree is None:
        return None
    rows = tree_rows(sheet, tree)
    if not rows:
        return None
    details = {"sheet": sheet, "tree": tree}
    if tree.root is not None:
        return Match(0.95, "a tree of codes under its root", sheet.name, details)
    return Match(0.85, "codes with memos and counts", sheet.name, details)


def system_project(source: Source, sheet: Sheet, tree: Tree) -> CodedProject:
    """Make a project of codes from a sheet."""
    faults = FaultList()
    rows = _system_paths(source, sheet, tree, faults)
    counts, total = _system_counts(source, sheet, tree, rows, faults)
    faults.raise_if_any()
    warnings = list(sheet.warnings)
    how = how_counted(counts, total)
    if total is not None and how == "unknown":
        warnings.append(
            f"{source.name}: the counts of the codes add up to {sum(counts.values())}, and those "
            f"of the first level to {sum(n for path, n in counts.items() if len(path) == 1)}; "
            f"the root says {total}."
        )
    paths = code_rows(rows)
    memos: dict[Path, Any] = {}
    if tree.memo is not None:
        memos = {path: sheet.columns[tree.memo][index] for path, index in rows.items()}
    codes = codes_frame(
        paths,
        position=range(1, len(paths) + 1),
        description=text_series([memos.get(path) for path in paths]),
        reported_n=[counts.get(path) for path in paths],
        reported_n_kind=[how if path in counts else None for path in paths],
    )
    form = CodeSystem.format
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(tree.header.values()),
            files=(ExportFile(source.name, source.sha256, form, sheet.name or None),),
        ),
        codes=codes,
        warnings=tuple(warnings),
    )


def _system_paths(source: Source, sheet: Sheet, tree: Tree, faults: FaultList) -> dict[Path, int]:
    """Give the path of each code and the place of its row in the sheet."""
    rows = tree_rows(sheet, tree)
    if tree.root is None and all(list(row.names) == [1] for row in rows):
        separator = separator_of(row.names.get(1) for row in rows)
        found = [(split_path(row.names[1], separator), row.index) for row in rows if 1 in row.names]
    else:
        found = _by_column(source, sheet, tree, faults)
    places: dict[Path, int] = {}
    for path, index in found:
        if path in places:
            faults.add(
                kind="duplicate-code",
                file=source.name,
                sheet=sheet.name or None,
                row=sheet.row_number(index),
                found=f'"{" > ".join(path)}" a second time, after row '
                f"{sheet.row_number(places[path])}",
                expected="each code once",
                remedy="Rename or merge the codes in MAXQDA and export the code system again.",
            )
        places.setdefault(path, index)
    return places


def _by_column(
    source: Source, sheet: Sheet, tree: Tree, faults: FaultList
) -> list[tuple[Path, int]]:
    # under the root of the whole system, codes stand one column further right
    root_level = 0
    if tree.root is not None:
        root_level = 1 + next(
            level for level, place in enumerate(tree.levels) if sheet.columns[place][tree.root]
        )
        if any(min(row.names) <= root_level for row in tree_rows(sheet, tree)):
            root_level = 0
    stack: list[str] = []
    found: list[tuple[Path, int]] = []
    for row in tree_rows(sheet, tree):
        for level, name in sorted(row.names.items()):
            depth = level - root_level
            if depth > len(stack) + 1:
                faults.add(
                    kind="inconsistent-export",
                    file=source.name,
                    sheet=sheet.name or None,
                    row=sheet.row_number(row.index),
                    found=f'"{name}" on level {depth} under level {len(stack)}',
                    expected="each code one level below its parent at most",
                    remedy="Export the code system again; a row or column is missing.",
                )
                depth = len(stack) + 1
            stack = [*stack[: depth - 1], name]
        found.append((tuple(stack), row.index))
    return found


def _system_counts(
    source: Source, sheet: Sheet, tree: Tree, rows: dict[Path, int], faults: FaultList
) -> tuple[dict[Path, int], int | None]:
    if tree.count is None:
        return {}, None
    column = sheet.columns[tree.count]

    def number(index: int) -> int | None:
        cell = column[index]
        text = (as_text(cell) or "").strip()
        if text.isascii() and text.isdigit() and len(text) < 16:
            return int(text)
        if cell is not None:
            faults.add(
                kind="bad-number",
                file=source.name,
                sheet=sheet.name or None,
                row=sheet.row_number(index),
                column=tree.header.get(tree.count or 0),
                found=f'"{text[:20]}"',
                expected="how many segments have the code, a whole number",
                remedy="Export the code system again.",
            )
        return None

    counts = {path: n for path, index in rows.items() if (n := number(index)) is not None}
    return counts, None if tree.root is None else number(tree.root)


CODE_SYSTEM = CodeSystem()


REQUIRED = {"code": [label for labels in HEADERS["code"].values() for label in labels]}
OPTIONAL = {
    name: [label for labels in HEADERS[name].values() for label in labels]
    for name in HEADERS
    if name != "code"
} | {name: list(labels) for name, labels in TREE_WORDS.items()}
OF_CODES = {"code", "parent", "colour", "memo", "count", "coder", "created", "modifier", "modified"}


class CodeVariables:
    """Reads tables with one row a code: the overview of codes, and variables of codes."""

    format = "maxqda-code-variables"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file lists codes with variables or memos."""
        return best_sheet(source, match_code_variables)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the sheet that was recognised.

        Raises
        ------
        StudyError
            For a row without a code, and a code that stands twice.
        """
        return code_variables_project(source, match.details["table"])


def match_code_variables(sheet: Sheet) -> Match | None:
    """Recognise a list of codes: paths under "Code", or leaves beside "Parent code"."""
    table = find_table(sheet, REQUIRED, OPTIONAL)
    if table is None or table.columns.keys() - OF_CODES:
        return None
    labels = [as_text(cell) for cell in table.columns["code"]]
    is_path = any(label and (" > " in label or "\\" in label) for label in labels)
    if "parent" in table.columns:
        score = 0.8
    elif "memo" in table.columns or "colour" in table.columns:
        score = 0.6
    elif is_path and table.unknown:
        score = 0.55
    else:
        return None
    reason = "one row a code: headers " + ", ".join(table.headers.values())
    return Match(score, reason, sheet.name, {"table": table, "sheet": sheet})


def code_variables_project(source: Source, table: SheetTable) -> CodedProject:
    """Make a project of codes, their memos and attributes."""
    labels = [as_text(cell) for cell in table.columns["code"]]
    parents = [as_text(cell) for cell in table.columns.get("parent", [None] * len(labels))]
    separator = separator_of([*labels, *parents] if "parent" not in table.columns else parents)
    faults = FaultList()
    faults.extend(table.faults)
    rows: dict[tuple[str, ...], int] = {}
    for place, (label, parent) in enumerate(zip(labels, parents, strict=True)):
        number = table.row_numbers[place]
        where = {"file": source.name, "sheet": table.sheet.name or None}
        if label is None:
            faults.add(
                kind="missing-value",
                **where,
                row=number,
                column=table.headers["code"],
                found="nothing",
                expected="the name of a code",
                remedy="Fill it in, or delete the row.",
            )
            continue
        if "parent" in table.columns:
            path = (*(split_path(parent, separator) if parent else ()), label.strip())
        else:
            path = split_path(label, separator)
        if path in rows:
            faults.add(
                kind="duplicate-code",
                **where,
                row=number,
                found=f'"{" > ".join(path)}" a second time, after row '
                f"{table.row_numbers[rows[path]]}",
                expected="each code once",
                remedy="Rename or merge the codes in MAXQDA and export the table again.",
            )
        rows.setdefault(path, place)
    faults.raise_if_any()
    paths = code_rows(rows)
    memos = table.columns.get("memo", [None] * len(labels))
    form = CodeVariables.format
    ids = text_series([code_id(path) for path in rows])
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(table.headers.values()),
            files=(ExportFile(source.name, source.sha256, form, table.sheet.name or None),),
        ),
        codes=codes_frame(
            paths,
            position=range(1, len(paths) + 1),
            description=text_series(
                [memos[rows[path]] if path in rows else None for path in paths]
            ),
            reported_n=_listed_counts(table, rows, paths),
            reported_n_kind=["unknown" if path in rows else None for path in paths],
        ),
        attributes=attribute_rows("code", ids, table.unknown, source.name, table.row_numbers),
        warnings=table.sheet.warnings,
    )


def _listed_counts(
    table: SheetTable, rows: dict[tuple[str, ...], int], paths: list[tuple[str, ...]]
) -> list[int | None]:
    cells = table.columns.get("count")
    if cells is None:
        return [None] * len(paths)
    values = [as_text(cells[rows[path]]) if path in rows else None for path in paths]
    return [
        int(value) if value and value.isascii() and value.isdigit() and len(value) < 16 else None
        for value in values
    ]


CODE_VARIABLES = CodeVariables()
