"""Classification sheets of NVivo: attributes of cases or files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qdaio.codes import code_id
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside, make_frame
from qdaio.programs.nvivo.counts import FILE_FOLDERS, is_matrix
from qdaio.programs.nvivo.grid import cells_of, find_grid, path_of
from qdaio.reader import Match

__all__ = ["READER", "ClassificationReader"]

DEPTH = 20
# What the program writes where no value was chosen.
UNASSIGNED = frozenset({"unassigned", "nicht zugewiesen", "sin asignar", "não atribuído"})
FOLDERS = FILE_FOLDERS | {"cases", "nodes"}


class ClassificationReader:
    """Reads values of attributes, one row a case or file."""

    format = "nvivo-classification"
    software = "NVivo"

    def recognise(self, source: Source) -> Match | None:
        """Know numbered rows and lettered columns around text, or hierarchical names."""
        if source.kind not in {"xlsx", "xls", "text"}:
            return None
        for sheet in read_sheets(source):
            name = sheet.name.strip() or None
            grid = find_grid(sheet)
            if grid is not None and not is_matrix(grid):
                reason = "numbered cases and lettered attributes"
                rows = [sheet.row_number(place) for place in grid.rows]
                found = _Sheet(sheet, grid.row_names, grid.column_names, cells_of(grid), rows)
                found.left_out = [sheet.row_number(place) for place in grid.left_out]
                return Match(0.9, reason, name, {"values": found})
            if (named := _by_folders(sheet)) is not None:
                return Match(0.85, "cases named with their folder", name, {"values": named})
        return None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the attributes.

        Raises
        ------
        StudyError
            When one case stands in two rows with different values.
        """
        values: _Sheet = match.details["values"]
        names, entities = values.people()
        rows: dict[tuple[str, str], tuple[str, int]] = {}
        faults = FaultList()
        for place, cells in enumerate(values.cells):
            for attribute, cell in zip(values.attributes, cells, strict=True):
                text = (as_text(cell) or "").strip()
                if not text or text.casefold() in UNASSIGNED:
                    continue
                before = rows.setdefault((names[place], attribute), (text, values.rows[place]))
                if before[0] != text:
                    faults.add(
                        kind="duplicate-case",
                        file=values.sheet.file,
                        sheet=match.sheet,
                        row=values.rows[place],
                        column=attribute,
                        found=f'another value for "{names[place]}" than in row {before[1]}',
                        expected="one row a case",
                        remedy="Give the two cases different names, or delete one row.",
                    )
        faults.raise_if_any()
        kind_of = dict(zip(names, entities, strict=True))
        cases = [name for name, entity in kind_of.items() if entity == "case"]
        documents = [name for name, entity in kind_of.items() if entity == "document"]
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
            ),
            documents=make_frame("documents", {"document_id": documents, "name": documents}),
            cases=make_frame("cases", {"case_id": cases, "name": cases}),
            attributes=make_frame(
                "attributes",
                [
                    {
                        "entity": kind_of[name],
                        "entity_id": name,
                        "name": attribute,
                        "value": text,
                        "source_file": values.sheet.file,
                        "source_row": row,
                    }
                    for (name, attribute), (text, row) in rows.items()
                ],
            ),
            set_aside=tuple(
                SetAside(
                    what="row",
                    why="its label names no case",
                    file=values.sheet.file,
                    sheet=match.sheet,
                    row=row,
                )
                for row in values.left_out
            ),
            warnings=values.sheet.warnings,
        )


class _Sheet:
    """Names, attributes and values of a classification sheet."""

    def __init__(
        self,
        sheet: Sheet,
        names: Sequence[str],
        attributes: Sequence[str],
        cells: list[list[Any]],
        rows: Sequence[int],
    ) -> None:
        self.sheet = sheet
        self.names = names
        self.attributes = attributes
        self.cells = cells
        self.rows = rows
        self.left_out: list[int] = []

    def people(self) -> tuple[list[str], list[str]]:
        """Return the name of each row without its folders, and whether it is a case or document.

        Names that two folders share keep their folders.
        """
        parts = [path_of(name) for name in self.names]
        paths = {path for _, path in parts}
        leaves = [path[-1] for path in paths]
        names = [path[-1] if leaves.count(path[-1]) == 1 else code_id(path) for _, path in parts]
        entities = [
            "document" if (folder or "").casefold() in FILE_FOLDERS else "case"
            for folder, _ in parts
        ]
        return names, entities


def _by_folders(sheet: Sheet) -> _Sheet | None:
    r"""Find a table whose first column holds names like ``Cases\\Ann``."""
    if sheet.width < 2 or not sheet.height:
        return None
    first = sheet.columns[0]
    places = [
        place
        for place, cell in enumerate(first)
        if isinstance(cell, str) and (path_of(cell)[0] or "").casefold() in FOLDERS
    ]
    if not places or not 0 < places[0] <= DEPTH:
        return None
    header = places[0] - 1
    below = [place for place in range(places[0], sheet.height) if first[place] is not None]
    labels = {
        place: text.strip()
        for place in range(1, sheet.width)
        if (text := as_text(sheet.columns[place][header])) and text.strip()
    }
    if not labels or len(places) < 0.8 * len(below):
        return None
    cells = [[sheet.columns[column][row] for column in labels] for row in places]
    rows = [sheet.row_number(place) for place in places]
    found = _Sheet(
        sheet, [str(first[place]) for place in places], list(labels.values()), cells, rows
    )
    found.left_out = [sheet.row_number(place) for place in below if place not in set(places)]
    return found


READER = ClassificationReader()
