"""The code system: its tree, memos and counts."""

from __future__ import annotations

from typing import Any

from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text, text_series
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo
from qdaio.programs.maxqda.codes import code_rows, codes_frame, separator_of, split_path
from qdaio.programs.maxqda.own_or_summed import how_counted
from qdaio.programs.maxqda.tree import Tree, find_tree, tree_rows
from qdaio.programs.maxqda.words import language_of
from qdaio.reader import Match
from qdaio.tables import best_sheet

__all__ = ["READER", "CodeSystem", "match_system", "system_project"]

Path = tuple[str, ...]


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
    rows = _paths(source, sheet, tree, faults)
    counts, total = _counts(source, sheet, tree, rows, faults)
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


def _paths(source: Source, sheet: Sheet, tree: Tree, faults: FaultList) -> dict[Path, int]:
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


def _counts(
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


READER = CodeSystem()
