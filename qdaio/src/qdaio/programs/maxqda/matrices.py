"""The code matrix browser and code relations: tables of counts with codes as rows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from qdaio.codes import code_frame, code_id, document_id
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.files.source import Source
from qdaio.labels import is_total, plain
from qdaio.model import CodedProject, ExportFile, ExportInfo, make_frame
from qdaio.programs.maxqda.values import code_rows, split_path
from qdaio.programs.maxqda.words import BESIDE_CODES, DOTS, ROOTS
from qdaio.reader import Match
from qdaio.tables import SheetReader

__all__ = ["READER", "match_matrix", "matrix_project"]

FORM = "maxqda-code-matrix"
DEPTH = 20
BESIDE_NAMES = {plain(label) for labels in BESIDE_CODES.values() for label in labels}
Path = tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Where a matrix stands: its header row, columns of code names, of cells, and of the sum."""

    header: int
    labels: list[int]
    cells: list[int]
    total_column: int | None
    total_row: int | None
    is_relation: bool
    has_root: bool


def match_matrix(sheet: Sheet) -> Match | None:
    """Recognise a matrix: counts under labels, with a sum as last row or column."""
    for header, row in enumerate(sheet.head(DEPTH)):
        texts = [place for place, cell in enumerate(row) if isinstance(cell, str)]
        corner = row[0] if row else None
        is_root = isinstance(corner, str) and plain(corner) in ROOTS
        if len(texts) < 2 or not (corner is None or is_root):
            continue
        if all(str(row[place]).strip().isdigit() for place in texts if place):
            continue  # the root row of a code system in CSV, where numbers are text
        if is_root and any(plain(str(row[place])) in BESIDE_NAMES for place in texts):
            return None  # a code system whose root row was deleted: memos and counts beside names
        grid = _grid(sheet, header, row)
        if grid is None:
            return None
        if grid.total_column is None and grid.total_row is None and not is_root:
            return None
        if not is_root and not _adds_up(sheet, grid):
            return None  # a table of the author's own, with figures between or above its sums
        score = 0.9 if is_root else 0.7
        return Match(
            score, "counts of codes with their sums", sheet.name, {"sheet": sheet, "grid": grid}
        )
    return None


def _grid(sheet: Sheet, header: int, row: list[object]) -> Grid | None:
    body = [column[header + 1 :] for column in sheet.columns]
    used = [place for place, cell in enumerate(row) if cell is not None or place == 0]
    # columns of names: the first one, and those of deeper levels, which have no header
    labels = [0]
    while labels[-1] + 1 < sheet.width and labels[-1] + 1 not in used:
        labels.append(labels[-1] + 1)
    cells = [place for place in used if place > labels[-1]]
    kinds = {
        type(cell)
        for place in cells
        for cell in body[place]
        if not (isinstance(cell, str) and (cell.strip().isdigit() or cell in DOTS))
    }
    if not cells or not kinds <= {int, type(None)}:
        return None
    names = [
        next((body[place][index] for place in labels if body[place][index] is not None), None)
        for index in range(len(body[0]))
    ]
    if not any(isinstance(name, str) for name in names):
        return None
    total_column = cells[-1] if is_total(row[cells[-1]]) else None
    last = max(index for index, name in enumerate(names) if name is not None)
    total_row = header + 1 + last if is_total(names[last]) else None
    cells = [place for place in cells if place != total_column]
    if not cells:
        return None
    rows = {
        str(name).strip() for name in names[: last if total_row is not None else last + 1] if name
    }
    columns = {str(row[place]).strip() for place in cells}
    corner = row[0] if row else None
    has_root = isinstance(corner, str) and plain(corner) in ROOTS
    return Grid(header, labels, cells, total_column, total_row, columns <= rows, has_root)


def _adds_up(sheet: Sheet, grid: Grid) -> bool:
    """Say whether half of the sums or more are those of their cells, as in any MAXQDA writes."""
    rows = [row for row in range(grid.header + 1, sheet.height) if row != grid.total_row]

    def number(row: int, place: int) -> int:
        text = (as_text(sheet.columns[place][row]) or "0").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0

    lines = []
    if grid.total_column is not None:
        lines += [(number(r, grid.total_column), [(r, c) for c in grid.cells]) for r in rows]
    if grid.total_row is not None:
        lines += [(number(grid.total_row, c), [(r, c) for r in rows]) for c in grid.cells]
    sums = [(stated, sum(number(*at) for at in cells)) for stated, cells in lines]
    filled = [stated == added for stated, added in sums if stated or added]
    return not filled or 2 * sum(filled) >= len(filled)


def matrix_project(source: Source, sheet: Sheet, grid: Grid) -> CodedProject:
    """Make a project of codes, documents and the counts of one by the other."""
    faults = FaultList()
    rows = _code_paths(sheet, grid)
    paths = code_rows(rows.values())
    entity = "code" if grid.is_relation else "document"
    labels = {
        place: str(as_text(sheet.columns[place][grid.header])).strip() for place in grid.cells
    }
    by_leaf = {path[-1]: code_id(path) for path in reversed(paths)}
    ids = {
        place: by_leaf.get(label, label) if grid.is_relation else _document(label)
        for place, label in labels.items()
    }
    cells = []
    for index, path in rows.items():
        for place in [*grid.cells, *([grid.total_column] if grid.total_column is not None else [])]:
            cell = sheet.columns[place][index]
            text = (as_text(cell) or "0").strip()
            if not (text.isascii() and text.isdigit() and len(text) < 16):
                faults.add(
                    kind="bad-number",
                    file=source.name,
                    sheet=sheet.name or None,
                    row=sheet.row_number(index),
                    column=labels.get(place),
                    found=f'"{text[:20]}"',
                    expected="a count",
                    remedy="Show numbers, not symbols, in MAXQDA's matrix and export it again.",
                )
                continue
            is_total = place == grid.total_column
            cells.append(
                {
                    "entity": "total" if is_total else entity,
                    "entity_id": "total" if is_total else ids[place],
                    "code_id": code_id(path),
                    "n": int(text),
                    "unit": "segments" if grid.is_relation else "codings",
                    "is_total": is_total,
                    "source_file": source.name,
                    "source_row": sheet.row_number(index),
                }
            )
    faults.raise_if_any()
    form = FORM
    names = [] if grid.is_relation else [labels[place] for place in grid.cells]
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            files=(ExportFile(source.name, source.sha256, form, sheet.name or None),),
        ),
        documents=make_frame(
            "documents",
            {
                "document_id": [ids[place] for place in grid.cells] if names else [],
                "name": [_name(label) for label in names],
                "group": [_group(label) for label in names],
                "position": range(1, len(names) + 1),
            },
        ),
        codes=code_frame(paths, {"position": [None] * len(paths)}),
        matrix_cells=make_frame("matrix_cells", cells),
        warnings=(
            *sheet.warnings,
            *_orientation(source, grid),
            *_column_sums(source, sheet, grid, cells, ids),
        ),
    )


def _orientation(source: Source, grid: Grid) -> list[str]:
    """Say what rows and columns are taken for, where no root of the code system says so."""
    if grid.is_relation or grid.has_root:
        return []
    return [
        f"{source.name}: its rows are taken for codes and its columns for documents, as MAXQDA "
        "writes them; if they stand the other way round, turn the table."
    ]


def _code_paths(sheet: Sheet, grid: Grid) -> dict[int, Path]:
    """Give the path of the code of each row: by column, by indent, or as "A > B"."""
    found: dict[int, Path] = {}
    stack: list[str] = []
    for index in range(grid.header + 1, sheet.height):
        if index == grid.total_row:
            continue
        for level, place in enumerate(grid.labels):
            cell = sheet.columns[place][index]
            if cell is None:
                continue
            text = str(as_text(cell))
            if len(grid.labels) > 1:
                stack = [*stack[:level], text.strip()]
                found[index] = tuple(stack)
            else:
                found[index] = split_path(text.strip())
    first = next(iter(found), None)
    if first is not None and plain(found[first][0]) in ROOTS:
        found = {index: path[1:] for index, path in found.items() if len(path) > 1}
    return found


def _document(label: str) -> str:
    return document_id(_group(label), _name(label))


def _group(label: str) -> str | None:
    """Columns of documents are headed by the name, or by group and name."""
    return label.rsplit("\\", 1)[0].strip() if "\\" in label else None


def _name(label: str) -> str:
    return label.rsplit("\\", 1)[-1].strip()


def _column_sums(
    source: Source,
    sheet: Sheet,
    grid: Grid,
    cells: list[dict[str, object]],
    ids: dict[int, str],
) -> list[str]:
    """Hold the last row, the sum of each column, against the cells above it."""
    if grid.total_row is None or not cells:
        return []
    frame = pd.DataFrame(cells)
    summed = frame[~frame["is_total"]].groupby("entity_id")["n"].sum()
    wrong = []
    for place in grid.cells:
        stated = (as_text(sheet.columns[place][grid.total_row]) or "0").strip()
        if stated != str(summed.get(ids[place], 0)):
            wrong.append(f'"{ids[place]}" {stated[:20]} against {summed.get(ids[place], 0)}')
    if not wrong:
        return []
    return [
        f"{source.name}: {len(wrong)} sums of columns are not those of their cells (stated "
        f"against summed): {', '.join(wrong[:5])}."
    ]


READER = SheetReader(FORM, "MAXQDA", match_matrix, matrix_project)
