"""A spreadsheet typed by hand as a project, by the mapping of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import code_frame
from qdaio.faults import Fault, StudyError
from qdaio.files.cells import Sheet, as_text, label_series
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table
from qdaio.labels import did_you_mean, nearest, plain
from qdaio.model import CodedProject, make_frame
from qdaio.programs.spreadsheet.columns import ONE_EACH, Columns, flag_of
from qdaio.reader import Match
from qdaio.tables import TABLE_KINDS, Applied, CodingTable, Path, Rows, headers, read_together

__all__ = ["CODEBOOK", "SpreadsheetReader", "codebook_of"]

CODE, THEME = "code {}", "theme {}"  # columns by their number
FILLED = ("document", "participant")
SHOWN = 20
CODEBOOK = {
    "code": [
        "code",
        "codes",
        "codename",
        "name",
        "kode",
        "código",
        "codigo",
        "codice",
        "kod",
        "کد",
        "رمز",
    ],
    "description": [
        "definition",
        "description",
        "meaning",
        "explanation",
        "beschreibung",
        "erklärung",
        "définition",
        "definición",
        "descripción",
        "definição",
        "descrição",
        "definizione",
        "descrizione",
        "definicja",
        "opis",
        "تعریف",
        "تعريف",
    ],
    "theme": [
        "theme",
        "category",
        "parent",
        "family",
        "thema",
        "kategorie",
        "oberkategorie",
        "thème",
        "catégorie",
        "tema",
        "categoría",
        "categoria",
        "kategoria",
        "مقوله",
    ],
}


class SpreadsheetReader(CodingTable):
    """Reads the table that a mapping describes; it is asked only where one was stated.

    Parameters
    ----------
    columns : Columns
    """

    format = "spreadsheet"
    software = "spreadsheet"
    reason = "the columns that study.toml names"
    score = 1.0
    uncoded = "no code was given to it"
    has_variables = True
    not_read = "these columns say several things of one document and were not read"

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        alone = {
            "document": columns.document or columns.participant,
            "participant": columns.participant if columns.document else None,
            "text": columns.quotation,
            "coder": columns.coder,
        }
        named = {name: header for name, header in alone.items() if header}
        named |= {THEME.format(place): header for place, header in enumerate(columns.theme)}
        named |= {CODE.format(place): header for place, header in enumerate(columns.codes)}
        self._required = headers(**named)

    def find(self, sheet: Sheet) -> SheetTable | None:
        """Find the table in a sheet, by the headers that the mapping names."""
        wanted = self.columns.sheet
        if wanted is not None and plain(sheet.name) != plain(wanted):
            return None
        return find_table(sheet, self._required)

    def missing(self, source: Source) -> Fault | None:
        """Say which columns of the mapping a table lacks; None for a file that is no table."""
        if source.kind not in TABLE_KINDS:
            return None
        sheets = read_sheets(source)
        labels = [
            label
            for sheet in sheets
            for row in sheet.head(20)
            for cell in row
            if isinstance(cell, str) and (label := cell.strip())
        ]
        known = {plain(label) for label in labels}
        lacking = [name for name in self.columns.named if plain(name) not in known]
        if self.columns.sheet and plain(self.columns.sheet) not in {plain(s.name) for s in sheets}:
            lacking = [f"sheet {self.columns.sheet}", *lacking]
        if not lacking or len(lacking) == len(self.columns.named):
            return None
        near = [near for name in lacking if (near := nearest(name, labels[:500]))]
        return Fault(
            kind="missing-column",
            file=source.name,
            found="no " + ", ".join(f'"{name}"' for name in lacking),
            expected="every column that [data.columns] names, in one row of headers",
            remedy=did_you_mean(near, "Correct [data.columns] in study.toml, or the headers."),
        )

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the table.

        Raises
        ------
        StudyError
            With every fault of the table and of its codebook.
        """
        book = plain(self.columns.codebook or "")
        others = [other.details["table"] for other in match.others]
        tables = [
            match.details["table"],
            *(table for table in others if not book or plain(table.sheet.name) != book),
        ]
        names = [table.sheet.name.strip() for table in tables]
        if len(tables) == 1:
            names = [source.path.stem]

        def project(rows: Rows) -> CodedProject:
            listed = codebook_of(read_sheets(source), self.columns, rows)
            return _Sheet(self, listed).project(rows, ())

        return read_together(
            (
                self.rows(source, self._whole(table, name))
                for table, name in zip(tables, names, strict=True)
            ),
            project,
        )

    def _whole(self, table: SheetTable, name: str) -> SheetTable:
        """Fill what is written once for several rows, and name the one document of a file."""
        columns = dict(table.columns)
        if self.columns.fill_down:
            themes = [THEME.format(place) for place in range(len(self.columns.theme))]
            for name in (*FILLED, *themes):
                if name in columns:
                    columns[name] = _filled(columns[name])
        if "document" not in columns:
            columns["document"] = [name] * table.height
        return replace(table, columns=columns)


class _Sheet(CodingTable):
    """One table while it is read, with the codes that its codebook lists."""

    format, software = SpreadsheetReader.format, SpreadsheetReader.software
    uncoded, has_variables = SpreadsheetReader.uncoded, True
    not_read = SpreadsheetReader.not_read

    def __init__(self, reader: SpreadsheetReader, listed: dict[Path, str | None] | None) -> None:
        self.columns, self.listed = reader.columns, listed
        self.by_name: dict[str, list[Path]] = {}
        for path in listed or ():
            self.by_name.setdefault(path[-1], []).append(path)

    def applied(self, rows: Rows, parts: Sequence[CodedProject]) -> Applied:
        """Say which codes are applied in which rows."""
        found: list[tuple[np.ndarray, np.ndarray]] = []
        paths: dict[Path, int] = {}
        for place, header in enumerate(self.columns.codes):
            cells = rows.cells(CODE.format(place))
            if self.columns.layout == ONE_EACH:
                at = np.flatnonzero(_flags(rows, cells, CODE.format(place)))
                (path,) = self._known(rows, [(header,)])
                codes = np.full(len(at), paths.setdefault(path, len(paths)), dtype="int64")
                found.append((at, codes))
            else:
                found.append(self._named(rows, cells, paths))
        at, codes = found[0]
        if len(found) > 1:
            at = np.concatenate([pair[0] for pair in found])
            codes = np.concatenate([pair[1] for pair in found])
            order = np.argsort(at, kind="stable")
            at, codes = at[order], codes[order]
        again = pd.Series(at * max(len(paths), 1) + codes).duplicated().to_numpy()
        listed = list(paths)
        for place in np.flatnonzero(again).tolist():
            why = "the row names the same code a second time"
            rows.aside(int(at[place]), "coding", why, code=" > ".join(listed[codes[place]]))
        has_code = np.zeros(rows.height, dtype=bool)
        has_code[at] = True
        if not has_code.all():
            self.lacks_code(rows, np.flatnonzero(~has_code).tolist())
        return Applied(at[~again], codes[~again], listed)

    def _named(
        self, rows: Rows, cells: list[Any], paths: dict[Path, int]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return rows and codes of a column whose cells name codes, under the themes of the row."""
        at, labels = label_series(cells)
        names: dict[str, int] = {}
        lists = [
            [names.setdefault(name, len(names)) for name in _names(label, self.columns.separator)]
            for label in labels
        ]
        sizes = np.asarray([len(item) for item in lists], dtype="int64")
        flat = np.asarray([number for item in lists for number in item], dtype="int64")
        counts = sizes[at]
        begin = np.repeat((np.cumsum(sizes) - sizes)[at], counts)
        within = np.arange(len(begin)) - np.repeat(np.cumsum(counts) - counts, counts)
        row = np.repeat(np.arange(len(at)), counts)
        theme, themes = self._themes(rows)
        keys = theme[row] * max(len(names), 1) + flat[begin + within]
        place, pairs = pd.factorize(keys)
        first = np.flatnonzero(~pd.Series(place).duplicated().to_numpy())
        listed = list(names)
        known = []
        for pair, start in zip(pairs.tolist(), first.tolist(), strict=True):
            above, name = divmod(pair, len(names))
            (path,) = self._known(rows, [(*themes[above], listed[name])], int(row[start]))
            known.append(paths.setdefault(path, len(paths)))
        return row, np.asarray(known, dtype="int64")[place]

    def _themes(self, rows: Rows) -> tuple[np.ndarray, list[Path]]:
        """Return what stands above the codes of each row, and its number."""
        theme = np.zeros(rows.height, dtype="int64")
        themes: list[Path] = [()]
        for place in range(len(self.columns.theme)):
            at, labels = label_series(rows.cells(THEME.format(place)))
            theme, keys = pd.factorize(theme * len(labels) + at)
            pairs = [divmod(key, len(labels)) for key in keys.tolist()]
            themes = [
                (*themes[above], label) if (label := labels[own]) else themes[above]
                for above, own in pairs
            ]
        return theme, themes

    def _known(self, rows: Rows, paths: list[Path], place: int | None = None) -> list[Path]:
        """Hold codes against the codebook, where there is one: it tells what they stand under."""
        if self.listed is None:
            return paths
        known = []
        for path in paths:
            found = [path] if path in self.listed else self.by_name.get(path[-1], [])
            fits = [other for other in found if len(path) == 1 or other == path]
            if len(fits) != 1:
                near = nearest(path[-1], list(self.by_name))
                rows.notes.faults.add(
                    kind="unknown-code" if not found else "inconsistent-export",
                    file=rows.notes.file,
                    sheet=rows.sheet,
                    row=None if place is None else rows.numbers[place],
                    found=f'code "{" > ".join(path)}"'
                    + (f", under {len(found)} themes of the codebook" if len(found) > 1 else ""),
                    expected="a code of the codebook, under its theme",
                    remedy=did_you_mean(None if found else near, "Correct it, or the codebook."),
                )
            known.append(fits[0] if len(fits) == 1 else path)
        return known

    def _answered(self, project: CodedProject, rows: Rows) -> CodedProject:
        """Leave out documents of which no row has words or a code: nobody answered there."""
        if "text" not in rows:
            return project
        documents = project.documents
        silent = ~documents["document_id"].isin(project.segments["document_id"].unique())
        if not silent.any():
            return project
        at, names = label_series(rows.cells("document"))
        uncoded = set(documents.loc[silent, "name"])
        looked_at = np.flatnonzero(np.array([name in uncoded for name in names])[at])
        texts = rows.cells("text")
        spoken = {names[at[row]] for row in looked_at if (as_text(texts[row]) or "").strip()}
        out = documents[silent & ~documents["name"].isin(spoken)]
        if out.empty or len(out) == len(documents):
            return project
        are = "1 document has" if len(out) == 1 else f"{len(out):,} documents have"
        warning = f"{rows.notes.file}: {are} neither words nor a code, and no part in the study."
        attributes = project.attributes
        return project.with_(
            documents=documents.drop(index=out.index),
            attributes=attributes[~attributes["entity_id"].isin(out["document_id"])],
            warnings=(*project.warnings, warning),
        )

    def codes(self, paths: Sequence[Path], parts: Sequence[CodedProject]) -> pd.DataFrame:
        """Make the frame of codes: those of the codebook, or those that were met."""
        if self.listed is None:
            return code_frame(paths)
        return code_frame(list(self.listed), {"description": list(self.listed.values())})

    def project(self, rows: Rows, parts: Sequence[CodedProject]) -> CodedProject:
        """Make a project of the codings, with the participants as cases."""
        project = self._answered(super().project(rows, parts), rows)
        if self.columns.participant is None:
            return project
        stated = "participant" in rows
        at, documents = label_series(rows.cells("document"))
        who, people = label_series(rows.cells("participant")) if stated else (at, documents)
        met = [divmod(pair, len(documents)) for pair in pd.unique(who * len(documents) + at)]
        kept = set(project.documents["name"])
        pairs = dict.fromkeys(
            (people[person], documents[document])
            for person, document in met
            if people[person] and documents[document] in kept
        )
        names = list(dict.fromkeys(person for person, _ in pairs))
        said = (people[number] for number in who.tolist())
        speakers = dict(zip(rows.numbers, said, strict=True)) if stated else {}
        return project.with_(
            codings=project.codings.assign(
                case_id=project.codings["source_row"].map(speakers).astype("str")
            ),
            cases=make_frame("cases", {"case_id": names, "name": names}),
            case_documents=make_frame(
                "case_documents", pd.DataFrame(list(pairs), columns=["case_id", "document_id"])
            ),
        )


def codebook_of(
    sheets: Iterable[Sheet], columns: Columns, rows: Rows
) -> dict[Path, str | None] | None:
    """Read the sheet that lists the codes: path and definition; None where none is named.

    Raises
    ------
    StudyError
        When there is no such sheet, or it has no column of codes.
    """
    if columns.codebook is None:
        return None
    sheet = next((s for s in sheets if plain(s.name) == plain(columns.codebook or "")), None)
    needed = {"code": CODEBOOK["code"]}
    optional = {name: words for name, words in CODEBOOK.items() if name != "code"}
    table = None if sheet is None else find_table(sheet, needed, optional)
    if table is None:
        raise StudyError(
            Fault(
                kind="missing-sheet" if sheet is None else "missing-column",
                file=rows.notes.file,
                sheet=columns.codebook,
                found="no such sheet" if sheet is None else "no column of codes",
                expected="a sheet with the columns code and, where known, definition and theme",
                remedy="Correct `codebook` in [data.columns], or the headers of that sheet.",
            )
        )
    cells = table.columns
    themes = cells.get("theme", [None] * table.height)
    if columns.fill_down:
        themes = _filled(themes)
    said = cells.get("description", [None] * table.height)
    found: dict[Path, str | None] = {}
    for row, name, theme, text in zip(table.row_numbers, cells["code"], themes, said, strict=True):
        parts = [(as_text(cell) or "").strip() for cell in (theme, name)]
        path = tuple(filter(None, parts))
        if not parts[1]:
            rows.notes.aside("row", "it names no code", row, columns.codebook)
        elif path in found:
            rows.notes.faults.add(
                kind="duplicate-code",
                file=rows.notes.file,
                sheet=columns.codebook,
                row=row,
                found=f'"{" > ".join(path)}" a second time',
                expected="each code once",
                remedy="Delete the row, or give the code a name of its own.",
            )
        else:
            found[path] = as_text(text)
    return found


def _filled(cells: Sequence[Any]) -> list[Any]:
    """Repeat each cell in the blank ones below it."""
    filled: list[Any] = []
    for cell in cells:
        filled.append(filled[-1] if cell is None and filled else cell)
    return filled


def _names(label: str | None, separator: str | None) -> list[str]:
    if label is None:
        return []
    return [name for part in label.split(separator or "\0") if (name := part.strip())]


def _flags(rows: Rows, cells: Sequence[Any], column: str) -> np.ndarray:
    """Return in which rows a code is marked; what says neither yes nor no is a fault."""
    known = {}
    flags = np.zeros(len(cells), dtype=bool)
    wrong = []
    for place, cell in enumerate(cells):
        if cell not in known:
            known[cell] = flag_of(cell)
        flags[place] = known[cell] is True
        if known[cell] is None:
            wrong.append(place)
    for place in wrong[:SHOWN]:
        rows.fault(
            place,
            kind="bad-value",
            column=column,
            found="neither yes nor no",
            expected="1 or x where the code applies; 0 or nothing where not",
            remedy="Correct the cell, or take the column out of `codes` in [data.columns]."
            + (f" ({len(wrong)} cells of this column.)" if len(wrong) > SHOWN else ""),
        )
    return flags
