"""Codebooks typed by hand: a table of codes with definitions, as a journal's supplement has it.

It is known by its headers, in a Word document, a web page or a spreadsheet. A table in which a
code stands twice, or a person or a document beside it, lists codings and is no codebook; nor is
a workbook in which another sheet seems to hold the codings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from qdaio.codes import code_frame, code_path, whole_number
from qdaio.faults import Fault
from qdaio.files.cells import Sheet, as_text
from qdaio.files.source import Source
from qdaio.headers import SheetTable, table_at
from qdaio.labels import plain
from qdaio.model import CodedProject, SetAside, make_frame
from qdaio.programs.spreadsheet.proposal import lists_codings
from qdaio.programs.spreadsheet.reader import CODEBOOK
from qdaio.reader import Match
from qdaio.tables import CodeTable, Path, Rows, readable_sheets

__all__ = ["READER", "CodebookTable"]

PAGES = ("docx", "html")
LEVELS = frozenset({"theme", "subtheme", "code", "subcode"})
SAID = {"description", "example"}  # a codebook says at least one of them of its codes
LEVEL_NAME = "level "
LEVEL = LEVEL_NAME + "{}"
DEPTH = 20  # rows among which the headers are looked for
LONGEST, MOST_WORDS = 64, 5  # letters and words of a header
NUMBERED = re.compile(r" \(\d+\)$")  # the second column of one header
WORDS: dict[str, tuple[str, ...]] = {
    "theme": (
        *CODEBOOK["theme"],
        *("themes", "categories", "main code", "main codes", "code group", "code category"),
        *("dimension", "aggregate dimension", "overarching theme", "family", "domain", "topic"),
        *("themen", "kategorien", "hauptkategorie", "obercode", "dimensión", "dimensão", "wymiar"),
        *("tema", "kategori", "مضمون", "مضامین", "طبقه", "主题", "类别", "テーマ", "カテゴリー"),
    ),
    "subtheme": (
        *("subtheme", "sub theme", "subthemes", "sub themes", "subtopic", "sub topic"),
        *("subcategory", "sub category", "subcategories", "sub categories"),
        *("unterkategorie", "subkategorie", "unterthema", "sous thème", "sous catégorie"),
        *("subtema", "subcategoría", "subcategoria", "sottotema", "sottocategoria"),
        *("podkategoria", "podtemat", "alt tema", "alt kategori"),
        *("زیرمضمون", "زیر مضمون", "زیرطبقه", "زیر طبقه", "زیرمقوله", "زیر مقوله"),
    ),
    "code": (
        *(word for word in CODEBOOK["code"] if word != "name"),
        *("code name", "code names", "name of code", "code label", "codename", "codierung"),
        *("codes", "kodes", "códigos", "codigos", "codici", "kody", "kodlar", "代码", "コード"),
    ),
    "subcode": (
        *("subcode", "sub code", "subcodes", "sub codes", "untercode", "unterkode", "subkode"),
        *("sous code", "subcódigo", "subcodigo", "sottocodice", "podkod", "alt kod"),
        *("زیرکد", "زیر کد"),
    ),
    "description": (
        *CODEBOOK["description"],
        *("descriptions", "definitions", "description definition", "definition description"),
        *("omschrijving", "definitie", "tanım", "açıklama", "توضیح", "توضیحات", "تعریف"),
        *("定义", "描述", "定義", "説明"),
    ),
    "n": (
        *("n", "count", "counts", "frequency", "references", "number of codings", "times coded"),
        *("n total", "total n", "total"),
        *("häufigkeit", "anzahl", "fréquence", "nombre", "frecuencia", "frequência"),
        *("frequenza", "częstość", "liczba", "sıklık", "frekans", "frequentie", "aantal"),
        *("فراوانی", "تعداد"),
    ),
}
ROLES = {plain(label): role for role, labels in WORDS.items() for label in labels}
SUB = frozenset(["sub", "low", "lower", "level", "second", "unter", "alt", "زیر"])
EXAMPLES = frozenset(
    [
        *("example", "examples", "illustrative", "exemplary", "exemplar", "exemplars"),
        *("beispiel", "beispiele", "ankerbeispiel", "ankerbeispiele", "ejemplo", "ejemplos"),
        *("exemple", "exemples", "exemplo", "exemplos", "esempio", "esempi", "przykład"),
        *("przykłady", "voorbeeld", "voorbeelden", "örnek", "örnekler", "مثال", "نمونه"),
        *("例", "示例"),
    ]
)
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
    reason = "a table of codes with definitions"
    counted = "how often the code was applied"

    def find(self, sheet: Sheet) -> SheetTable | None:
        """Find the row of headers that names levels of codes, and what is said of them."""
        best: tuple[int, int] | None = None
        for index, row in enumerate(sheet.head(DEPTH)):
            roles = [role_of(cell) for cell in row if isinstance(cell, str)]
            levels = sum(role in LEVELS for role in roles)
            if levels and SAID & set(roles):
                count = sum(role is not None for role in roles)
                if best is None or count > best[0]:
                    best = count, index
        if best is None:
            return None
        table = table_at(sheet, best[1], {})
        written = list(table.unknown)
        roles_of = {header: role_of(NUMBERED.sub("", header)) for header in written}
        levels_of = _in_order(
            _once([name for name in written if roles_of[name] in LEVELS], roles_of)
        )
        columns = {LEVEL.format(place): table.unknown[name] for place, name in enumerate(levels_of)}
        named = {LEVEL.format(place): name for place, name in enumerate(levels_of)}
        after = written.index(levels_of[-1])
        for role in ("description", "n"):
            found = [header for header in written if roles_of[header] == role]
            # of several definitions, each of another level, that of the code stands after it
            found = [name for name in found if written.index(name) > after] or found
            if found and (role != "n" or _are_counts(table.unknown[found[0]])):
                columns[role], named[role] = table.unknown[found[0]], found[0]
        again = [
            place
            for place in range(table.height)
            if all(
                cells[place] is None or as_text(cells[place]) == NUMBERED.sub("", header)
                for header, cells in table.unknown.items()
            )
        ]
        rest = dict(table.unknown)
        for header in named.values():
            rest.pop(header)
        twice = [
            header
            for header in rest
            if roles_of[header] == "code" and NUMBERED.sub("", header) in named.values()
        ]
        faults = [
            Fault(
                kind="duplicate-column",
                file=sheet.file,
                sheet=sheet.name.strip() or None,
                row=table.header_row,
                column=NUMBERED.sub("", header),
                found="a second column of codes with the same header",
                expected="one",
                remedy="Give the two tables one below the other, or as two files.",
            )
            for header in twice
        ]
        table = replace(
            table, columns=columns, unknown=rest, headers=named, faults=(*table.faults, *faults)
        )
        return table.without(again)

    def certainty(self, table: SheetTable) -> float | None:
        """Know a codebook by its levels, each code once and nothing that codings have."""
        words = {word for header in table.all_headers for word in plain(header).split()}
        roles = {role_of(NUMBERED.sub("", header)) for header in table.all_headers}
        if words & NOT_HERE or not roles & {"code", "subcode", "description"}:
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
        tallest = max(sheet.height for sheet in used)
        if source.kind not in PAGES and any(
            sheet.height > tallest or lists_codings(sheet) for sheet in sheets if sheet not in used
        ):
            return None  # the codings themselves, typed by hand, stand beside it
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


def role_of(header: str) -> str | None:
    """Say what a column of a codebook holds, by the last words of its header."""
    if len(header) > LONGEST:
        return None
    words = plain(header).split()
    for start in range(len(words) if len(words) <= MOST_WORDS else 0):
        role = ROLES.get(" ".join(words[start:]))
        if start and role in ("code", "subcode", "n"):
            return None  # such as a related code
        if role is not None:
            is_sub = role == "theme" and start > 0 and bool(SUB & set(words[:start]))
            return "subtheme" if is_sub else role
    if words and len(words) <= MOST_WORDS and EXAMPLES & set(words):
        return "example"
    return None


def _once(headers: Sequence[str], roles: Mapping[str, str | None]) -> list[str]:
    """Leave out a second column for the code itself, such as its label beside its number."""
    first = {roles[header]: header for header in reversed(headers)}
    single = ("code", "subcode")
    return [name for name in headers if roles[name] not in single or first[roles[name]] == name]


def _in_order(headers: Sequence[str]) -> list[str]:
    """Order levels as they stand, but a theme that stands after its codes goes before them."""
    roles = [role_of(NUMBERED.sub("", header)) for header in headers]
    codes = [place for place, role in enumerate(roles) if role != "theme"]
    late = [
        header
        for place, header in enumerate(headers)
        if codes and place > codes[0] and roles[place] == "theme"
    ]
    return [*late, *(header for header in headers if header not in late)]


def _are_counts(cells: Sequence[Any]) -> bool:
    """Say whether cells are whole numbers; a count beside a share stays as it is written."""
    return all(cell is None or whole_number(cell) is not None for cell in cells)


def paths_of(table: SheetTable) -> list[Path]:
    """Give the path of each row; a level that is blank is that of the row above it."""
    levels = [cells for name, cells in table.columns.items() if name.startswith(LEVEL_NAME)]
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
