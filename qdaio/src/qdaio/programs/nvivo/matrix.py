"""Matrix coding queries of NVivo: codes by cases, one file or one a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from qdaio.codes import check_rows_known, code_frame, code_systems
from qdaio.counts import find_sums, own_codings
from qdaio.faults import FaultList
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside, make_frame
from qdaio.programs.nvivo.counts import Matrix, is_matrix, read_matrix
from qdaio.programs.nvivo.grid import Grid, find_grid
from qdaio.reader import Match

__all__ = ["READER", "MatrixReader"]

SHOWN = 12
DIGITS = re.compile(r"\d+")


class MatrixReader:
    """Reads counts of coding references by code and case."""

    format = "nvivo-matrix"
    software = "NVivo"

    def recognise(self, source: Source) -> Match | None:
        """Know numbered rows and lettered columns around nothing but numbers."""
        if source.kind not in {"xlsx", "xls", "text"}:
            return None
        for sheet in read_sheets(source):
            grid = find_grid(sheet)
            if grid is not None and is_matrix(grid):
                reason = "numbered rows and lettered columns around counts"
                return Match(0.95, reason, sheet.name.strip() or None, {"grid": grid})
        return None

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
        matrix = read_matrix(match.details["grid"], system)
        sums = find_sums(matrix.paths, [None] * len(matrix.paths), matrix.counts)
        if system is not None:
            _check_known(matrix, system)
        others = [item.name for item in matrix.crossed]
        own = own_codings(matrix.grid.sheet, sums.excess, matrix.source_rows, matrix.ids, others)
        aside = [*_left_out(matrix.grid), *own]
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
            codes=_code_frame(matrix, system),
            matrix_cells=_cells(matrix, [why is not None for why in sums.why]),
            rows_read=sum(item.what == "coding" for item in aside),
            set_aside=tuple(aside),
            warnings=(
                *matrix.grid.sheet.warnings,
                *_warnings(source, matrix, [matrix.ids[row] for row in sums.by_arithmetic]),
            ),
        )


def _check_known(matrix: Matrix, system: pd.DataFrame) -> None:
    """Check that the codebook has every code that the matrix counts.

    Raises
    ------
    StudyError
        With a fault for each that it lacks.
    """
    faults = FaultList()
    used = np.flatnonzero(matrix.counts.any(axis=1))
    rows = [
        (
            None if matrix.is_turned else int(matrix.source_rows[place, 0]),
            matrix.ids[place],
            matrix.paths[place][-1],
        )
        for place in used
    ]
    check_rows_known(matrix.grid.sheet, rows, system, faults)
    faults.raise_if_any()


def _names(matrix: Matrix, entity: str) -> list[str]:
    return list(dict.fromkeys(item.name for item in matrix.crossed if item.entity == entity))


def _code_frame(matrix: Matrix, system: pd.DataFrame | None) -> pd.DataFrame:
    if system is not None:
        return make_frame("codes", system)
    paths = list(dict.fromkeys(matrix.paths))
    if matrix.is_turned or any(len(path) > 1 for path in paths):
        return code_frame(paths)
    # The number of a row is its place in the code system, also where a file leaves rows out.
    numbers = zip(matrix.paths, matrix.grid.row_numbers, strict=True)
    first = dict(reversed(list(numbers)))
    return code_frame(paths, {"position": [first[path] for path in paths]})


def _cells(matrix: Matrix, is_total: Sequence[bool]) -> pd.DataFrame:
    codes, others = matrix.counts.shape
    return make_frame(
        "matrix_cells",
        {
            "entity": [item.entity for item in matrix.crossed] * codes,
            "entity_id": [item.name for item in matrix.crossed] * codes,
            "code_id": np.repeat(np.array(matrix.ids, dtype=object), others),
            "n": matrix.counts.ravel(),
            "unit": ["codings"] * (codes * others),
            "is_total": np.repeat(np.array(is_total, dtype=bool), others),
            "source_file": [matrix.grid.sheet.file] * (codes * others),
            "source_row": matrix.source_rows.ravel(),
        },
    )


def _left_out(grid: Grid) -> list[SetAside]:
    return [
        SetAside(
            what="row",
            why="its label has no number, as totals have none",
            file=grid.sheet.file,
            sheet=grid.sheet.name.strip() or None,
            row=grid.sheet.row_number(place),
        )
        for place in grid.left_out
    ]


def _warnings(source: Source, matrix: Matrix, sums: Sequence[str]) -> list[str]:
    name = matrix.grid.sheet.file
    warnings = []
    if sums:
        shown = ", ".join(f'"{code}"' for code in sums[:SHOWN])
        warnings.append(
            f"{name}: {len(sums)} codes count just what the codes under them count, and are taken "
            f"for sums of these: {shown}."
        )
    groups = [item.name for item in matrix.crossed if item.entity == "group"]
    if groups:
        warnings.append(
            f"{name}: {len(groups)} columns are groups of cases by an attribute; a study needs "
            "the matrix by case."
        )
    stem = PurePosixPath(source.name).stem
    label = matrix.crossed[0].name
    if len(matrix.crossed) == 1 and stem != label and _shape(stem) == _shape(label):
        warnings.append(
            f'{name}: its one column is "{label}", not "{stem}"; the name in the file is used. '
            "Is the file named rightly?"
        )
    return warnings


def _shape(name: str) -> str:
    """Return a name without its numbers, in which names of one series agree."""
    return DIGITS.sub("0", name.casefold())


READER = MatrixReader()
