r"""Tables of NVivo: matrix coding queries, the codebook, classification sheets.

Rows are numbered and columns lettered (``1 : Time``, ``A : Ann``), and hierarchical names
begin with a folder of the project: ``Nodes\\Barriers\Time``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import CodeNames, check_rows_known, code_frame, code_id, code_systems
from qdaio.counts import Counts, are_one_list, check_size, find_sums, own_codings
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.files.source import Source
from qdaio.headers import SheetTable
from qdaio.labels import unique
from qdaio.matrix import Grid, cell_frame, find_grid
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside, make_frame
from qdaio.reader import Match
from qdaio.tables import (
    CodeTable,
    Path,
    Rows,
    VariableTable,
    best_sheet,
    headers,
    other_sheets,
)

__all__ = ["CLASSIFICATION", "CODEBOOK", "FILES", "MATRIX"]

SOFTWARE = "NVivo"
ROW = re.compile(r"^(\d{1,6})\s*:\s*(\S.*)$", re.S)
COLUMN = re.compile(r"^([A-Z]{1,3})\s*:\s*(\S.*)$", re.S)
HIERARCHY = re.compile(r"^([^\\]+)\\\\(.+)$", re.S)
FILE_FOLDERS = frozenset({"files", "internals", "externals", "sources", "memos"})
CASE_FOLDERS = frozenset({"cases", "nodes"})
LIKE_A_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?\s*%?")
WORD = re.compile(r"[^\W\d_]")
NO_NUMBER = frozenset({"n/a", "na", "nan", "none", "null", "x", "missing"})
ATTRIBUTE = re.compile(r".+\S\s+=\s+\S.*", re.S)
DIGITS = re.compile(r"\d+")
# What the program writes where no value was chosen.
UNASSIGNED = frozenset({"unassigned", "nicht zugewiesen", "sin asignar", "não atribuído"})
DEPTH = 20
SHOWN = 12


def path_of(name: str) -> tuple[str | None, Path]:
    r"""Part a hierarchical name into the folder of the project and the names below it.

    Examples
    --------
    >>> path_of("Nodes\\\\Barriers\\Time")
    ('Nodes', ('Barriers', 'Time'))
    >>> path_of("Time")
    (None, ('Time',))
    """
    found = HIERARCHY.match(name)
    parts = tuple(part.strip() for part in found[2].split("\\") if part.strip()) if found else ()
    return (found[1].strip(), parts) if found and parts else (None, (name,))


def _folder(name: str) -> str:
    return (path_of(name)[0] or "").casefold()


# --- codebook


class Codebook(CodeTable):
    """The list of codes with their files and references."""

    format = "nvivo-codebook"
    software = SOFTWARE
    # English is the program's own manual; the other languages are those of its interface.
    required = headers(
        code=["Name", "Code", "Node", "Nombre", "Nome", "Nom", "名称", "名前"],
        n=[
            "References",
            "Coding References",
            "Referenzen",
            "Codierungsreferenzen",
            "Referencias",
            "Referências",
            "Références",
            "参考点",
            "リファレンス",
        ],
        files=[
            "Files",
            "Sources",
            "Files Coded",
            "Sources Coded",
            "Dateien",
            "Quellen",
            "Archivos",
            "Fuentes",
            "Arquivos",
            "Fontes",
            "Fichiers",
            "文件",
            "材料来源",
            "ファイル",
        ],
    )
    optional = headers(
        description=["Description", "Beschreibung", "Descripción", "Descrição", "描述", "説明"],
        hierarchy=["Hierarchical Name", "Hierarchischer Name", "Nombre jerárquico"],
        color=["Color", "Colour", "Farbe", "Cor", "Couleur"],
    )
    reason = "codes with files and references"
    counted = "how many references are coded"

    def certainty(self, table: SheetTable) -> float:
        """Be surer where codes are described."""
        return 0.92 if "description" in table.columns else 0.88

    def paths(self, rows: Rows) -> list[Path]:
        r"""Read ``Parent\Child``, or hang each name under the last one further left."""
        cells = rows.cells("hierarchy" if "hierarchy" in rows else "code")
        names = [as_text(cell) or "" for cell in cells]
        if any("\\" in name for name in names):
            return [_levels(name.strip()) for name in names]
        above: list[tuple[int, str]] = []
        paths: list[Path] = []
        for name in names:
            if not name.strip():
                paths.append(())
                continue
            indent = len(name) - len(name.lstrip())
            while above and above[-1][0] >= indent:
                above.pop()
            above.append((indent, name.strip()))
            paths.append(tuple(level for _, level in above))
        return paths

    def kinds(self, paths: Sequence[Path], counts: Sequence[int | None]) -> list[str | None]:
        """Whether a code counts those under it as well is a setting of each code."""
        parents = {path[:-1] for path in paths}
        return ["unknown" if path in parents else "own" for path in paths]


def _levels(name: str) -> Path:
    folder, path = path_of(name)
    if folder is None and "\\" in name:
        path = tuple(part.strip() for part in name.split("\\") if part.strip())
    return path if name else ()


# --- classification sheets


class Classification(VariableTable):
    """Values of attributes, one row per case or file."""

    format = "nvivo-classification"
    software = SOFTWARE

    def match(self, sheet: Sheet) -> Match | None:
        """Know numbered rows and lettered columns around text, or hierarchical names."""
        name = sheet.name.strip() or None
        grid = find_grid(sheet, COLUMN, ROW)
        if grid is not None and not _is_matrix(grid):
            cells = {place: sheet.columns[place] for place in grid.columns}
            table = _values(
                sheet, grid.rows, grid.row_names, dict(zip(cells, grid.column_names, strict=True))
            )
            details = {"table": table, "left_out": grid.left_out}
            return Match(0.9, "numbered cases and lettered attributes", name, details)
        return _by_folders(sheet)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the values; rows whose label names no case are set aside.

        Raises
        ------
        StudyError
            When one case stands in two rows with different values.
        """
        rows = self.rows(source, match.details["table"])
        sheet = rows.table.sheet
        for place in match.details["left_out"]:
            rows.notes.aside("row", "its label names no case", sheet.row_number(place), match.sheet)
        return self.project(rows, ())

    def entities(self, rows: Rows) -> list[tuple[str, str]]:
        """Name each row without its folders; names that two folders share keep them."""
        parts = [path_of(str(name)) for name in rows.cells("case")]
        leaves = [path[-1] for path in {path for _, path in parts}]
        return [
            (
                "document" if (folder or "").casefold() in FILE_FOLDERS else "case",
                path[-1] if leaves.count(path[-1]) == 1 else code_id(path),
            )
            for folder, path in parts
        ]

    def value(self, text: str) -> str | None:
        """Take what no value was chosen for as missing."""
        return None if text.casefold() in UNASSIGNED else text


def _values(
    sheet: Sheet, places: Sequence[int], names: Sequence[Any], labels: dict[int, str]
) -> SheetTable:
    columns = [[sheet.columns[column][row] for row in places] for column in labels]
    return SheetTable(
        sheet=sheet,
        header_row=sheet.row_number(0),
        columns={"case": list(names)},
        unknown=dict(zip(unique(list(labels.values())), columns, strict=True)),
        row_numbers=[sheet.row_number(place) for place in places],
        headers={},
    )


def _by_folders(sheet: Sheet) -> Match | None:
    r"""Find a table whose first column holds names like ``Cases\\Ann``."""
    if sheet.width < 2 or not sheet.height:
        return None
    first = sheet.columns[0]
    known = FILE_FOLDERS | CASE_FOLDERS
    places = [
        place
        for place, cell in enumerate(first)
        if isinstance(cell, str) and _folder(cell) in known
    ]
    if not places or not 0 < places[0] <= DEPTH:
        return None
    below = [place for place in range(places[0], sheet.height) if first[place] is not None]
    labels = {
        place: text.strip()
        for place in range(1, sheet.width)
        if (text := as_text(sheet.columns[place][places[0] - 1])) and text.strip()
    }
    if not labels or len(places) < 0.8 * len(below):
        return None
    table = _values(sheet, places, [first[place] for place in places], labels)
    left_out = [place for place in below if place not in set(places)]
    details = {"table": table, "left_out": left_out}
    return Match(0.85, "cases named with their folder", sheet.name.strip() or None, details)


# --- the list of files


class Files(VariableTable):
    """Files with how many codes and references each has: the list view, exported."""

    format = "nvivo-files"
    software = SOFTWARE
    required = headers(
        document=["Name", "Nombre", "Nome", "Nom", "名称", "名前"],
        codes=["Codes", "Nodes", "Knoten", "Códigos", "Nodos", "Nós", "Nœuds", "节点", "コード"],
        references=list(Codebook.required["n"]),
        modified=[
            *("Modified on", "Modified", "Created on", "Geändert am", "Erstellt am"),
            *("Modificado el", "Modificado em", "Modifié le", "修改日期", "更新日"),
        ],
    )
    optional = headers(
        who=["Modified by", "Geändert von", "Modificado por", "Modifié par"],
        created=["Created by", "Erstellt von", "Creado por", "Criado por", "Créé par"],
    )
    reason = "files with their numbers of codes and references"
    score = 0.9

    def project(self, rows: Rows, parts: Sequence[CodedProject]) -> CodedProject:
        """Keep the classification and the counts of each file; a file stands once."""
        for name in ("codes", "references"):
            rows.table.unknown[rows.table.headers[name]] = rows.cells(name)
        named = [place for place, name in enumerate(rows.texts("document")) if name is None]
        rows.missing("document", named, "the name of the file")
        rows.notes.faults.raise_if_any()
        return super().project(rows, parts)


# --- matrix coding queries


@dataclass(frozen=True, eq=False)
class Matrix:
    """The counts, codes in rows.

    Attributes
    ----------
    grid : Grid
    paths, ids : list
        Of the codes.
    crossed : list of (str, str)
        Entity (case, document, or group by an attribute) and name of each column.
    counts, source_rows : array of int64, shape (codes, crossed)
        The counts, and the row in the file of each.
    is_turned : bool
        The file has the codes in columns.
    """

    grid: Grid
    paths: list[Path]
    ids: list[str]
    crossed: list[tuple[str, str]]
    counts: Counts
    source_rows: Counts
    is_turned: bool


class MatrixReader:
    """Counts of coding references by code and case, one file or one a case."""

    format = "nvivo-matrix"
    software = SOFTWARE

    def recognise(self, source: Source) -> Match | None:
        """Know numbered rows and lettered columns around nothing but numbers."""
        return best_sheet(source, self._match)

    def _match(self, sheet: Sheet) -> Match | None:
        grid = find_grid(sheet, COLUMN, ROW)
        if grid is None or not _is_matrix(grid):
            return None
        reason = "numbered rows and lettered columns around counts"
        return Match(0.95, reason, sheet.name.strip() or None, {"grid": grid})

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the matrix alone."""
        return self.read_beside(source, match, ())

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the matrix; a codebook among `parts` says which codes stand above others.

        Raises
        ------
        StudyError
            When cells are no whole numbers, such as percentages.
        """
        system = code_systems(parts)
        matrix = _read_matrix(match.details["grid"], system)
        sheet = matrix.grid.sheet
        sums = find_sums(matrix.paths, [None] * len(matrix.paths), matrix.counts)
        if system is not None:
            _check_known(matrix, system)
        others = [name for _, name in matrix.crossed]
        aside = [
            *(
                SetAside(
                    what="row",
                    why="its label has no number, as totals have none"
                    if matrix.grid.label(place)
                    else f"it has no label; its cells add up to {matrix.grid.sum_of(place):,}",
                    file=sheet.file,
                    sheet=match.sheet,
                    row=sheet.row_number(place),
                )
                for place in matrix.grid.left_out
            ),
            *(
                SetAside(
                    what="column",
                    why=f"no lettered label stands above {_column(place)}, as above totals; its "
                    f"cells add up to {matrix.grid.column_sum_of(place):,}",
                    file=sheet.file,
                    sheet=match.sheet,
                    row=sheet.row_number(matrix.grid.header),
                )
                for place in matrix.grid.columns_left_out
            ),
            *own_codings(sheet, sums.excess, matrix.source_rows, matrix.ids, others),
        ]
        cases = _names(matrix, "case")
        documents = [*cases, *_names(matrix, "document")]
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
                is_partial=True,
            ),
            documents=make_frame("documents", {"document_id": documents, "name": documents}),
            cases=make_frame("cases", {"case_id": cases, "name": cases}),
            case_documents=make_frame("case_documents", {"case_id": cases, "document_id": cases}),
            codes=_codes(matrix, system),
            matrix_cells=cell_frame(
                matrix.ids,
                matrix.crossed,
                matrix.counts,
                is_total=[why is not None for why in sums.why],
                file=sheet.file,
                rows=matrix.source_rows,
            ),
            rows_read=sum(item.what == "coding" for item in aside),
            set_aside=(*aside, *other_sheets(source, match)),
            warnings=(
                *sheet.warnings,
                *_warnings(source, matrix, [matrix.ids[row] for row in sums.by_arithmetic]),
            ),
        )


def _column(place: int) -> str:
    """Name a column as a spreadsheet does."""
    letters = ""
    number = place + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"column {letters}"


def _is_matrix(grid: Grid) -> bool:
    """Say whether a grid holds counts (or percentages) and not values of attributes.

    A column of attributes is text for most cases; a mark for what is missing, or a digit with
    something behind it, is a slip in a matrix and no evidence of text.
    """
    for column in zip(*grid.cells(), strict=True):
        texts = [text for cell in column if (text := (as_text(cell) or "").strip())]
        numbers = sum(bool(LIKE_A_NUMBER.fullmatch(text)) for text in texts)
        words = sum(bool(WORD.search(text)) and not _is_slip(text) for text in texts)
        if words and words >= numbers:
            return False
    return any(as_text(cell) is not None for row in grid.cells() for cell in row)


def _is_slip(text: str) -> bool:
    return text.casefold() in NO_NUMBER or text[:1].isdigit()


def _read_matrix(grid: Grid, system: pd.DataFrame | None) -> Matrix:
    """Read the counts of a grid; names of codes are looked up in the code system."""
    check_size(grid.sheet, len(grid.rows), len(grid.columns))
    faults = FaultList()
    if are_one_list(grid.row_names, grid.column_names):
        faults.add(
            kind="no-codings",
            file=grid.sheet.file,
            sheet=grid.sheet.name.strip() or None,
            found="a matrix of codes by codes, which lists no codings",
            expected="codes in rows and cases or files in columns",
            remedy="Make a matrix coding query of codes by cases or files, and export that.",
        )
        faults.raise_if_any()
    counts = grid.counts(
        faults, "Let the matrix show coding references, not percentages, and export it again."
    )
    faults.raise_if_any()
    names, others = grid.row_names, grid.column_names
    source_rows = np.repeat(np.array(grid.row_numbers), len(others)).reshape(counts.shape)
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
    return Matrix(
        grid, paths, ids, [_crossed(name) for name in others], counts, source_rows, is_turned
    )


def _is_no_code(name: str) -> bool:
    return bool(ATTRIBUTE.fullmatch(name)) or _folder(name) in FILE_FOLDERS | {"cases"}


def _crossed(name: str) -> tuple[str, str]:
    if ATTRIBUTE.fullmatch(name):
        return "group", name
    entity = "document" if _folder(name) in FILE_FOLDERS else "case"
    return entity, " / ".join(path_of(name)[1])


def _names(matrix: Matrix, entity: str) -> list[str]:
    return list(dict.fromkeys(name for kind, name in matrix.crossed if kind == entity))


def _check_known(matrix: Matrix, system: pd.DataFrame) -> None:
    """Check that the codebook has every code that the matrix counts."""
    faults = FaultList()
    rows = [
        (
            None if matrix.is_turned else int(matrix.source_rows[place, 0]),
            matrix.ids[place],
            matrix.paths[place][-1],
        )
        for place in np.flatnonzero(matrix.counts.any(axis=1))
    ]
    check_rows_known(matrix.grid.sheet, rows, system, faults)
    faults.raise_if_any()


def _codes(matrix: Matrix, system: pd.DataFrame | None) -> pd.DataFrame:
    if system is not None:
        return make_frame("codes", system)
    paths = list(dict.fromkeys(matrix.paths))
    if matrix.is_turned or any(len(path) > 1 for path in paths):
        return code_frame(paths)
    # The number of a row is its place in the code system, also where a file leaves rows out.
    numbers = zip(matrix.paths, map(int, matrix.grid.row_marks), strict=True)
    first = dict(reversed(list(numbers)))
    return code_frame(paths, {"position": [first[path] for path in paths]})


def _warnings(source: Source, matrix: Matrix, sums: Sequence[str]) -> list[str]:
    name = matrix.grid.sheet.file
    warnings = []
    if sums:
        shown = ", ".join(f'"{code}"' for code in sums[:SHOWN])
        warnings.append(
            f"{name}: {len(sums)} codes count just what the codes under them count, and are taken "
            f"for sums of these: {shown}."
        )
    groups = [item for entity, item in matrix.crossed if entity == "group"]
    if groups:
        warnings.append(
            f"{name}: {len(groups)} columns are groups of cases by an attribute; a study needs "
            "the matrix by case."
        )
    stem, label = PurePosixPath(source.name).stem, matrix.crossed[0][1]
    if len(matrix.crossed) == 1 and stem != label and _shape(stem) == _shape(label):
        warnings.append(
            f'{name}: its one column is "{label}", not "{stem}"; the name in the file is used. '
            "Is the file named rightly?"
        )
    return warnings


def _shape(name: str) -> str:
    """Return a name without its numbers, in which names of one series agree."""
    return DIGITS.sub("0", name.casefold())


CODEBOOK = Codebook()
CLASSIFICATION = Classification()
FILES = Files()
MATRIX = MatrixReader()
