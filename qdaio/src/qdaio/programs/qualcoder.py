"""QualCoder: its project (``data.qda``, in its folder or a zip of it), and its reports."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import CodeTree, Node, code_frame, code_id, code_tree
from qdaio.databases import (
    CaseLink,
    Cases,
    Contents,
    DatabaseReader,
    Files,
    Schema,
    Value,
    case_frames,
    rows_by_number,
)
from qdaio.faults import Fault, StudyError
from qdaio.files.archive import open_archive
from qdaio.files.cells import Sheet, as_text, text_series
from qdaio.files.source import Source
from qdaio.files.sqlite import Database
from qdaio.headers import find_table
from qdaio.join import Statements, statement
from qdaio.labels import plain, unique
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.reader import Match
from qdaio.spans import Coded, Codings, Links, blank_to_missing, coded_frames, found_at, rectangles
from qdaio.tables import match_by_sheet

__all__ = ["PROJECT", "REPORT", "QualCoderProject", "QualCoderReport"]


SIGNATURE = frozenset({"code_name", "code_text", "code_cat", "source"})

NEEDED: dict[str, dict[str, str]] = {
    "source": {"id": "whole", "name": "text", "fulltext": "text", "mediapath": "text"},
    "code_name": {"cid": "whole", "name": "text", "catid": "whole"},
    "code_cat": {"catid": "whole", "name": "text", "supercatid": "whole"},
    "code_text": {
        "cid": "whole",
        "fid": "whole",
        "seltext": "text",
        "pos0": "whole",
        "pos1": "whole",
        "owner": "text",
    },
}
# Tables that a project may lack; where one is there, it has these columns.
OPTIONAL: dict[str, dict[str, str]] = {
    "code_image": {
        "id": "whole",
        "cid": "whole",
        "x1": "rounded",
        "y1": "rounded",
        "width": "rounded",
        "height": "rounded",
        "owner": "text",
    },
    "code_av": {"id": "whole", "cid": "whole", "pos0": "whole", "pos1": "whole", "owner": "text"},
    "cases": {"caseid": "whole", "name": "text"},
    "case_text": {"caseid": "whole", "fid": "whole", "pos0": "whole", "pos1": "whole"},
    "attribute": {"name": "text", "attr_type": "text", "value": "text", "id": "whole"},
    "project": {},
}
# Columns that came with later versions, or say more.
MORE: dict[str, dict[str, str]] = {
    "code_name": {"memo": "text", "color": "text", "supercid": "whole"},
    "code_cat": {"memo": "text"},
    "code_text": {"date": "text", "memo": "text"},
    "code_image": {"date": "text", "memo": "text", "pdf_page": "whole"},
    "code_av": {"date": "text", "memo": "text"},
    "project": {"databaseversion": "text", "about": "text"},
}

TABLES = Schema(NEEDED, OPTIONAL, MORE)


def _read_codes(database: Database, notes: Notes) -> CodeTree:
    """Read the codes; their keys are their numbers, and (``"category"``, number)."""
    categories = TABLES.read(database, "code_cat")
    codes = TABLES.read(database, "code_name")
    category_places = rows_by_number(categories, "catid", notes)
    code_places = rows_by_number(codes, "cid", notes)
    notes.faults.raise_if_any()
    nodes = []
    astray = 0
    for number, place in category_places.items():
        above = categories["supercatid"][place] or None
        astray += above is not None and above not in category_places
        nodes.append(
            Node(
                key=("category", number),
                name=categories["name"][place] or f"category {number}",
                parent=None if above is None else ("category", above),
                is_codable=False,
                description=categories["memo"][place] or None,
            )
        )
    for number, place in code_places.items():
        category, code = codes["catid"][place] or None, codes["supercid"][place] or None
        parent: Hashable | None = None
        if category is not None:
            parent = "category", category
            astray += category not in category_places
        elif code is not None:
            parent = code
            astray += code not in code_places
        nodes.append(
            Node(
                key=number,
                name=codes["name"][place] or f"code {number}",
                parent=parent,
                colour=codes["color"][place] or None,
                description=codes["memo"][place] or None,
            )
        )
    if astray:
        notes.warn(
            f"{astray} codes or categories are in a category that is not in the database; they "
            "stand at the root."
        )
    tree = code_tree(nodes, notes)
    notes.faults.raise_if_any()
    return tree


# How the path of a file begins: inside the project, or linked from elsewhere.
MEDIA = {
    "/images": "image",
    "images:": "image",
    "/audio": "audio",
    "audio:": "audio",
    "/video": "video",
    "video:": "video",
}


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The files of a project.

    Attributes
    ----------
    frame : DataFrame
        Frame ``documents`` of the model.
    places : dict of int to int
        Row of each file, by its number.
    texts : list of str or None
        By row; None for media.
    """

    frame: pd.DataFrame
    places: dict[int, int]
    texts: list[str | None]


def _read_documents(database: Database, notes: Notes) -> Documents:
    """Read the files of the project."""
    rows = TABLES.read(database, "source")
    places = rows_by_number(rows, "id", notes)
    notes.faults.raise_if_any()
    names = [
        name or f"file {number}" for number, name in zip(rows["id"], rows["name"], strict=True)
    ]
    ids = unique(names)
    if ids != names:
        notes.warn("several files have one name; they are told apart by a number.")
    kinds = [_kind(path, name) for path, name in zip(rows["mediapath"], names, strict=True)]
    texts = [
        text if kind in ("text", "pdf") else None
        for kind, text in zip(kinds, rows["fulltext"], strict=True)
    ]
    frame = make_frame(
        "documents",
        {
            "document_id": ids,
            "name": names,
            "kind": kinds,
            "text": text_series(texts),
            "position": range(1, len(ids) + 1),
        },
    )
    return Documents(frame, places, texts)


def _kind(path: str | None, name: str) -> str:
    stated = path or ""
    medium = next((kind for start, kind in MEDIA.items() if stated.startswith(start)), None)
    if medium is not None:
        return medium
    return "pdf" if stated.lower().endswith(".pdf") or name.lower().endswith(".pdf") else "text"


FILE = {"code_text": "fid", "code_image": "id", "code_av": "id"}


def _read_codings(database: Database, tree: CodeTree, documents: Documents, notes: Notes) -> Coded:
    """Read every coding of every coder; those that lead nowhere are set aside."""
    names = documents.frame["document_id"].tolist()
    codes = {key: code for key, code in tree.ids.items() if isinstance(key, int)}
    found = []
    for table, file in FILE.items():
        rows = TABLES.read_frame(database, table)
        document = found_at(rows[file], documents.places)
        code = found_at(rows["cid"], codes)
        why = np.select(
            [document < 0, code < 0],
            [f"its {lost} is not in the database" for lost in ("document", "code")],
            default="",
        ).astype(object)
        links = Links(code, document, list(codes.values()), names)
        found.append(Codings(table, _columns(table, links.kept(table, rows, why, notes))))
    return coded_frames(found, list(codes.values()), names, documents.texts, notes)


def _columns(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.rename(columns={"pos0": "start", "pos1": "end", "seltext": "text"})
    for name, column in (("coder", "owner"), ("date", "date"), ("memo", "memo")):
        rows[name] = blank_to_missing(rows[column])
    if table == "code_av":
        rows["unit"] = "ms"
    if table == "code_image":
        x, y = rows["x1"], rows["y1"]
        corners = rectangles(x, y, x + rows["width"], y + rows["height"])
        page = "page " + (rows["pdf_page"] + 1).astype("str") + " "
        rows["place"] = page.fillna("") + corners
        rows["unit"] = "page rectangle"
    return rows


ENTITIES = {"case": "case", "file": "document"}  # journals have attributes too: not read


def _read_cases(database: Database, documents: Documents, notes: Notes) -> Cases:
    """Read cases, links and attributes."""
    rows = TABLES.read(database, "cases")
    places = rows_by_number(rows, "caseid", notes)
    notes.faults.raise_if_any()
    names = {number: rows["name"][place] or f"case {number}" for number, place in places.items()}
    linked = TABLES.read(database, "case_text")
    links = zip(linked["caseid"], linked["fid"], linked["pos0"], linked["pos1"], strict=True)
    stated = TABLES.read(database, "attribute")
    values = zip(
        stated["attr_type"], stated["id"], stated["name"], stated["value"], stated.ids, strict=True
    )
    return case_frames(
        names,
        [CaseLink(*link) for link in links],
        [
            Value(ENTITIES[entity], number, name, value, row)
            for entity, number, name, value, row in values
            if entity in ENTITIES
        ],
        Files(documents.frame["document_id"].tolist(), documents.texts, documents.places),
        notes,
    )


DATABASE = "data.qda"
SHOWN = 5


class QualCoderProject(DatabaseReader):
    """Reads the database of a project."""

    format = "qualcoder-project"
    software = "QualCoder"
    schema = TABLES
    signature = SIGNATURE

    def recognise(self, source: Source) -> Match | None:
        """Know the tables of QualCoder, or an archive that holds one ``data.qda``."""
        if source.kind != "zip":
            return super().recognise(source)
        try:
            with open_archive(source.path, source.name) as archive:
                members = [name for name in archive.names if PurePosixPath(name).name == DATABASE]
        except StudyError:
            return None
        details = {"members": members, "member": next(iter(members), None)}
        return Match(1.0, f"an archive with {DATABASE}", details=details) if members else None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the project.

        Raises
        ------
        StudyError
            When the database is damaged, its tables are not those of QualCoder, or an
            archive holds several.
        """
        members = match.details.get("members", ())
        if len(members) > 1:
            raise StudyError(_several(source.name, members))
        return super().read(source, match)

    def contents(self, database: Database, notes: Notes) -> Contents:
        """Read all that every coder coded."""
        documents = _read_documents(database, notes)
        tree = _read_codes(database, notes)
        coded = _read_codings(database, tree, documents, notes)
        cases = _read_cases(database, documents, notes)
        about = TABLES.read(database, "project")["about"]
        return Contents(
            documents=documents.frame,
            codes=tree.frame,
            coded=coded,
            cases=cases,
            version=_version(about),
        )


def _several(file: str, members: Sequence[str]) -> Fault:
    return Fault(
        kind="several-projects",
        file=file,
        found=f"{len(members)} projects: {', '.join(members[:SHOWN])}",
        expected="one project",
        remedy="Give the folder of each project by itself.",
    )


def _version(about: list[str | None]) -> str | None:
    """Return the version from a text such as ``QualCoder 3.6``."""
    words = (about[0] or "").split() if about else []
    return next((word for word in words if word[:1].isdigit()), None)


PROJECT = QualCoderProject()


REPORT_REQUIRED = {"coder": ["Coder"], "coded": ["Coded"], "code": ["Codename"]}
REPORT_OPTIONAL = {
    "file": ["File", "Filename"],
    "case": ["Case"],
    "id": ["Id"],
    "memo": ["Coded_Memo"],
}
NAMES = {
    plain(label): name
    for names in (REPORT_REQUIRED, REPORT_OPTIONAL)
    for name, labels in names.items()
    for label in labels
}
CATEGORY = "category"
VARIABLES = {"FileVar_": "document", "CaseVar_": "case"}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a report stand.

    Attributes
    ----------
    row : int
        Of the header, counted from 0 in the sheet.
    fixed : dict of str to int
        Place of ``coder, coded, code`` and, where there, ``file, case, id, memo``.
    categories : range
        Places of the categories, the nearest first.
    variables : list of (str, str)
        Entity and name of each variable behind the categories.
    """

    row: int
    fixed: dict[str, int]
    categories: range
    variables: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One coding as the report states it."""

    row: int
    values: dict[str, str | None]
    path: tuple[str, ...]
    variables: list[tuple[str, str, str]]


def _find_header(sheet: Sheet) -> Header | None:
    """Find the header of a report; None where there is none."""
    table = find_table(sheet, REPORT_REQUIRED, REPORT_OPTIONAL)
    if table is None or not {"file", "case"} & set(table.columns):
        return None
    row = table.header_row - sheet.first_row
    labels = [as_text(column[row]) or "" for column in sheet.columns]
    fixed: dict[str, int] = {}
    categories: list[int] = []
    variables: list[tuple[str, str]] = []
    for place, label in enumerate(labels):
        start = next((start for start in VARIABLES if label.startswith(start)), None)
        if start is not None:
            variables.append((VARIABLES[start], label.removeprefix(start)))
        elif plain(label) == CATEGORY:
            categories.append(place)
        elif (name := NAMES.get(plain(label))) is not None:
            fixed.setdefault(name, place)
    first = categories[0] if categories else len(labels) - len(variables)
    return Header(row, fixed, range(first, first + len(categories)), variables)


def _report_rows(sheet: Sheet, header: Header, notes: Notes) -> Iterator[ReportRow]:
    """Read the rows below a header; blank ones are left out."""
    columns: Sequence[Sequence[Any]] = [column[header.row + 1 :] for column in sheet.columns]
    start = header.categories.start
    most = len(header.categories)
    for number, cells in enumerate(zip(*columns, strict=True)):
        if all(cell is None for cell in cells):
            continue
        row = sheet.row_number(header.row + 1 + number)
        levels = most
        if sheet.lengths is not None:
            length = sheet.lengths[header.row + 1 + number]
            levels = length - start - len(header.variables)
            if not 0 <= levels <= most:
                notes.faults.add(
                    kind="wrong-format",
                    file=notes.file,
                    row=row,
                    found=f"{length} cells",
                    expected=f"{start + len(header.variables)} to "
                    f"{start + most + len(header.variables)}, as in the header",
                    remedy="Look for a separator or a quotation mark that is missing or too "
                    "many, or export the report again.",
                )
                continue
        texts = [as_text(cell) for cell in cells]
        values = {name: texts[place] for name, place in header.fixed.items()}
        above = [text for text in texts[start : start + levels] if text]
        code = values["code"]
        behind = texts[start + levels :]
        yield ReportRow(
            row=row,
            values=values,
            path=(*reversed(above), code) if code else (),
            variables=[
                (entity, name, text)
                for (entity, name), text in zip(header.variables, behind, strict=False)
                if text
            ],
        )


REPORT_MEDIA = {"imid": "image", "avid": "video"}


class QualCoderReport:
    """Reads a report, which holds the segments that a search in the program found."""

    format = "qualcoder-report"
    software = "QualCoder"

    def recognise(self, source: Source) -> Match | None:
        """Know the columns, whose names no translation changes."""
        return match_by_sheet(source, _find_header, "the columns Coder, Coded and Codename")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the report alone."""
        return self.read_beside(source, match, ())

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the report; what the project beside it holds as well is set aside.

        Raises
        ------
        StudyError
            When rows name no file, or have too few or too many cells.
        """
        notes = Notes(source.name)
        sheet = match.details["sheet"]
        rows = list(_report_rows(sheet, match.details["table"], notes))
        _check_documents(rows, match.sheet, notes)
        notes.faults.raise_if_any()
        kept = _kept(rows, match.sheet, parts, notes)
        known = {
            path[-1]: path
            for part in parts
            if part.info.software == QualCoderReport.software
            for path in part.codes["path"]
        }
        paths = [known.get(row.path[-1], row.path) for row in kept]
        coders = dict.fromkeys(row.values["coder"] for row in kept if row.values["coder"])
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
            ),
            documents=_documents(rows),
            codes=code_frame(list(dict.fromkeys(paths))),
            coders=make_frame("coders", {"coder_id": list(coders), "name": list(coders)}),
            segments=_segments(kept),
            codings=_codings(kept, paths, source.name, match.sheet),
            **_cases(rows, notes),
            rows_read=len(kept) + notes.codings_aside,
            set_aside=tuple(notes.set_aside),
            warnings=(*sheet.warnings, *notes.warnings),
        )


def _document(row: ReportRow) -> str:
    return row.values.get("file") or ""


def _check_documents(rows: Iterable[ReportRow], sheet: str | None, notes: Notes) -> None:
    for row in rows:
        if not _document(row):
            notes.faults.add(
                kind="missing-value",
                file=notes.file,
                sheet=sheet,
                row=row.row,
                column="File",
                found="no file",
                expected="the name of the file that was coded",
                remedy="Export the report again, by files or by cases.",
            )


def _kept(
    rows: Iterable[ReportRow], sheet: str | None, parts: Sequence[CodedProject], notes: Notes
) -> list[ReportRow]:
    """Set aside what names no code, stands under another case too, or is in the project."""
    projects = [part for part in parts if part.info.format == QualCoderProject.format]
    held = Statements(projects, with_coders=True)
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        number, coder = row.values.get("id"), row.values["coder"]
        document, code = _document(row), row.values["code"]
        why = None
        if not code:
            why = "it names no code"
        elif number and number in seen:
            why = f"the same coding ({number}) as in row {seen[number]}, under another case"
        elif held.take(statement(document, code, coder, _text(row))):
            why = f"{held.name} holds the same coding"
        if number:
            seen.setdefault(number, row.row)
        if why is None:
            kept.append(row)
        else:
            notes.aside("coding", why, row.row, sheet, code=code, document=document)
    if projects and kept:
        notes.warn(
            f"{len(kept)} codings are not in {held.name}, and are counted as well. If one of the "
            "files is out of date, leave it out."
        )
    return kept


def _text(row: ReportRow) -> str | None:
    """Return the coded text; a picture or recording has only a word for its kind."""
    return None if _medium(row) else row.values["coded"]


def _medium(row: ReportRow) -> str | None:
    medium = REPORT_MEDIA.get((row.values.get("id") or "").partition(":")[0])
    return "pdf" if medium and _document(row).lower().endswith(".pdf") else medium


def _documents(rows: Iterable[ReportRow]) -> pd.DataFrame:
    kinds: dict[str, str | None] = {}
    for row in rows:
        kinds[_document(row)] = kinds.get(_document(row)) or _medium(row)
    return make_frame(
        "documents",
        {
            "document_id": list(kinds),
            "name": list(kinds),
            "kind": pd.Series(list(kinds.values()), dtype="str"),
            "position": range(1, len(kinds) + 1),
        },
    )


def _segments(rows: Sequence[ReportRow]) -> pd.DataFrame:
    """Return a segment for each coding; its number in the program tells equal words apart."""
    return make_frame(
        "segments",
        {
            "segment_id": [f"s{number}" for number in range(1, len(rows) + 1)],
            "document_id": [_document(row) for row in rows],
            "place": text_series([row.values.get("id") for row in rows]),
            "text": text_series([_text(row) for row in rows]),
            "offset_status": ["unchecked"] * len(rows),
        },
    )


def _codings(
    rows: Sequence[ReportRow], paths: Sequence[tuple[str, ...]], file: str, sheet: str | None
) -> pd.DataFrame:
    size = len(rows)
    return make_frame(
        "codings",
        {
            "coding_id": [f"c{number}" for number in range(1, size + 1)],
            "segment_id": [f"s{number}" for number in range(1, size + 1)],
            "code_id": [code_id(path) for path in paths],
            "coder_id": text_series([row.values["coder"] or None for row in rows]),
            "memo": text_series([row.values.get("memo") for row in rows]),
            "source_file": [file] * size,
            "source_sheet": pd.Series([sheet] * size, dtype="str"),
            "source_row": [row.row for row in rows],
        },
    )


def _cases(rows: Iterable[ReportRow], notes: Notes) -> dict[str, pd.DataFrame]:
    """Return cases, their documents, and the variables of both, each value once."""
    cases: dict[str, None] = {}
    links: dict[tuple[str, str], None] = {}
    values: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        case, document = row.values.get("case"), _document(row)
        if case:
            cases[case] = links[case, document] = None
        for entity, name, value in row.variables:
            owner = document if entity == "document" else case
            if owner:
                values.setdefault((entity, owner, name, value), row.row)
    return {
        "cases": make_frame("cases", {"case_id": list(cases), "name": list(cases)}),
        "case_documents": make_frame(
            "case_documents",
            {"case_id": [case for case, _ in links], "document_id": [name for _, name in links]},
        ),
        "attributes": make_frame(
            "attributes",
            {
                "entity": [key[0] for key in values],
                "entity_id": [key[1] for key in values],
                "name": [key[2] for key in values],
                "value": [key[3] for key in values],
                "source_file": [notes.file] * len(values),
                "source_row": list(values.values()),
            },
        ),
    }


REPORT = QualCoderReport()
