"""Codebooks typed by hand: a table of codes with definitions, as a journal's supplement has it.

It is known by its headers, in a Word document, a web page or a spreadsheet. A table in which a
code stands twice, or a person or a document beside it, lists codings and is no codebook; nor is
a workbook with other sheets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from qdaio.codes import code_frame, code_path, whole_number
from qdaio.files.cells import Sheet, as_text
from qdaio.files.source import Source
from qdaio.headers import SheetTable
from qdaio.labels import plain
from qdaio.model import CodedProject, SetAside, make_frame
from qdaio.programs.spreadsheet.reader import CODEBOOK
from qdaio.reader import Match
from qdaio.tables import CodeTable, Path, Rows, headers, readable_sheets

__all__ = ["READER", "CodebookTable"]

PAGES = ("docx", "html")
LEVELS = ("theme", "code", "subcode")
OTHERS = (  # what stands in a list of codings, and in no codebook
    "participant respondent interviewee informant person id document file source interview "
    "transcript coder rater teilnehmer befragte dokument datei participante documento uczestnik "
    "dokument katılımcı belge مشارکت کننده مصاحبه مصاحبه شونده"
)
NOT_HERE = frozenset(OTHERS.split())


class CodebookTable(CodeTable):
    """Reads codes with their definitions, examples and counts."""

    format = "codebook-table"
    software = "codebook"
    required = headers(
        description=[
            *CODEBOOK["description"],
            "code definition",
            "full definition",
            "category definition",
            "theme definition",
            "code description",
            "operational definition",
            "omschrijving",
            "definitie",
            "tanım",
            "açıklama",
            "توضیح",
            "توضیحات",
        ],
    )
    optional = headers(
        code=[*(word for word in CODEBOOK["code"] if word != "name"), "code name", "name of code"],
        theme=[*CODEBOOK["theme"], "main category", "themes", "categories", "main code"],
        subcode=[
            *("subtheme", "sub-theme", "sub theme", "subthemes", "sub-themes"),
            *("subcategory", "sub-category", "sub category", "subcategories", "sub-categories"),
            *("subcode", "sub-code", "sub code", "subcodes", "unterkategorie", "subkategorie"),
            *("unterthema", "untercode", "unterkode", "sous-thème", "sous-catégorie", "sous-code"),
            *(
                "subtema",
                "subcategoría",
                "subcategoria",
                "subcódigo",
                "sottotema",
                "sottocategoria",
            ),
            *("podkategoria", "podkod", "alt tema", "alt kategori", "alt kod"),
            *("زیرمضمون", "زیر مضمون", "زیرطبقه", "زیر طبقه", "زیرمقوله", "زیرکد", "زیر کد"),
        ],
        n=[
            *(
                "n",
                "count",
                "counts",
                "frequency",
                "references",
                "number of codings",
                "times coded",
            ),
            *("häufigkeit", "anzahl", "fréquence", "nombre", "frecuencia", "frequência"),
            *("frequenza", "częstość", "liczba", "sıklık", "frekans", "frequentie", "aantal"),
            *("فراوانی", "تعداد"),
        ],
    )
    reason = "a table of codes with definitions"
    counted = "how often the code was applied"

    def find(self, sheet: Sheet) -> SheetTable | None:
        """Find the table; a count beside a share, such as "12 (8 %)", stays as it is written."""
        table = super().find(sheet)
        if table is None or "n" not in table.columns:
            return table
        if all(cell is None or whole_number(cell) is not None for cell in table.columns["n"]):
            return table
        columns = {name: cells for name, cells in table.columns.items() if name != "n"}
        unknown = {**table.unknown, table.headers["n"]: table.columns["n"]}
        return replace(table, columns=columns, unknown=unknown)

    def certainty(self, table: SheetTable) -> float | None:
        """Know a codebook by its levels, each code once and nothing that codings have."""
        words = {word for header in table.all_headers for word in plain(header).split()}
        if words & NOT_HERE or not any(level in table.columns for level in LEVELS):
            return None
        paths = [path for path in paths_of(table) if path]
        return 0.5 if len(paths) > 1 and len(set(paths)) == len(paths) else None

    def recognise(self, source: Source) -> Match | None:
        """Find every such table of a document; a workbook must hold nothing else."""
        sheets = readable_sheets(source)
        found = [known for sheet in sheets if (known := self.match(sheet)) is not None]
        if not found:
            return None
        tables = [known.details["table"] for known in found]
        used = [table.sheet for table in tables]
        others = [sheet.name or None for sheet in sheets if sheet not in used and sheet.height]
        if others and source.kind not in PAGES:
            return None  # such as the codings themselves, typed by hand, too
        return replace(found[0], details={"tables": tables, "others": others})

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the tables one after another; what else the file holds is set aside.

        Raises
        ------
        StudyError
            With every fault of a table.
        """
        parts = [self.project(self.rows(source, table), ()) for table in match.details["tables"]]
        aside = [
            SetAside(what="sheet", why="it is no table of codes", file=source.name, sheet=name)
            for name in match.details["others"]
        ]
        return _together(parts, aside)

    def paths(self, rows: Rows) -> list[Path]:
        """Give each row the code of its last level under those before it."""
        return paths_of(rows.table)

    def kinds(self, paths: Sequence[Path], counts: Sequence[int | None]) -> list[str | None]:
        """Leave open what a count counts: authors count in many ways."""
        return [None if count is None else "unknown" for count in counts]

    def attributes(self, rows: Rows, ids: Mapping[int, str]) -> pd.DataFrame:
        """Keep examples, rules and whatever else is said of a code, by header."""
        found = [
            (code, name, text, rows.numbers[place])
            for place, code in ids.items()
            for name, cells in rows.table.unknown.items()
            if (text := (as_text(cells[place]) or "").strip())
        ]
        return make_frame(
            "attributes",
            {
                "entity": ["code"] * len(found),
                "entity_id": [item[0] for item in found],
                "name": [item[1] for item in found],
                "value": [item[2] for item in found],
                "source_file": [rows.notes.file] * len(found),
                "source_row": [item[3] for item in found],
            },
        )


def paths_of(table: SheetTable) -> list[Path]:
    """Give the path of each row; a level that is blank is that of the row above it."""
    levels = [table.columns[name] for name in LEVELS if name in table.columns]
    current: list[str | None] = [None] * len(levels)
    paths: list[Path] = []
    for row in range(table.height):
        cells = [(as_text(column[row]) or "").strip() or None for column in levels]
        last = max((place for place, cell in enumerate(cells) if cell), default=None)
        if last is None:
            paths.append(())
            continue
        for place, cell in enumerate(cells):
            if cell:
                current[place] = cell
                current[place + 1 :] = [None] * (len(levels) - place - 1)
        parts = [part for part in current[: last + 1] if part]
        paths.append(tuple(parts) if len(parts) > 1 else code_path(parts[0]))
    return paths


def _together(parts: Sequence[CodedProject], aside: Sequence[SetAside]) -> CodedProject:
    """Put the codes of several tables of one file into one project."""
    first = parts[0]
    codes: dict[Path, dict[str, Any]] = {}
    twice: list[SetAside] = []
    for part in parts:
        for found in part.codes.to_dict("records"):
            row = {str(name): value for name, value in found.items()}
            path = row["path"]
            if path not in codes or not codes[path]["is_codable"]:
                codes[path] = row
            elif row["is_codable"]:
                twice.append(
                    SetAside(
                        what="code",
                        why="a table before it has the same code",
                        file=part.info.files[0].name,
                        sheet=part.info.files[0].sheet,
                        code=row["code_id"],
                    )
                )
    kept = ["description", "reported_n", "reported_n_kind", "is_codable"]
    said = dict.fromkeys(warning for part in parts for warning in part.warnings)
    return first.with_(
        codes=code_frame(
            list(codes), {name: [row[name] for row in codes.values()] for name in kept}
        ),
        attributes=make_frame(
            "attributes", pd.concat([part.attributes for part in parts], ignore_index=True)
        ),
        set_aside=(*(item for part in parts for item in part.set_aside), *twice, *aside),
        warnings=tuple(said),
    )


READER = CodebookTable()
