"""Projects of RQDA 0.1.5 to 0.2, an R package that keeps them as SQLite databases.

What is live is read, and what was deleted in the program is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qdaio.codes import CodeTree, Node, code_tree
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
from qdaio.files.cells import text_series
from qdaio.files.sqlite import Database, Rows
from qdaio.labels import unique
from qdaio.model import Notes, make_frame
from qdaio.spans import (
    Coded,
    Codings,
    Links,
    blank_to_missing,
    coded_frames,
    found_at,
    mapped,
    rectangles,
)

__all__ = ["READER", "RqdaProject", "iso_date"]


SIGNATURE = frozenset({"freecode", "coding", "source"})
LIVE = 1  # the status of what is not deleted

NEEDED: dict[str, dict[str, str]] = {
    "source": {"id": "whole", "name": "text", "file": "text", "status": "whole"},
    "freecode": {"id": "whole", "name": "text", "status": "whole"},
    "coding": {
        "cid": "whole",
        "fid": "whole",
        "seltext": "text",
        "selfirst": "whole",
        "selend": "whole",
        "status": "whole",
    },
}
# Tables that a project may lack; where one is there, it has these columns.
OPTIONAL: dict[str, dict[str, str]] = {
    "coding2": NEEDED["coding"],
    "codecat": {"catid": "whole", "name": "text", "status": "whole"},
    "treecode": {"cid": "whole", "catid": "whole", "status": "whole"},
    "filecat": {"catid": "whole", "name": "text", "status": "whole"},
    "treefile": {"fid": "whole", "catid": "whole", "status": "whole"},
    "cases": {"id": "whole", "name": "text", "status": "whole"},
    "caselinkage": {
        "caseid": "whole",
        "fid": "whole",
        "selfirst": "whole",
        "selend": "whole",
        "status": "whole",
    },
    "caseattr": {"variable": "text", "value": "text", "caseid": "whole"},
    "fileattr": {"variable": "text", "value": "text", "fileid": "whole"},
    "image": {"id": "whole", "name": "text", "status": "whole"},
    "imagecoding": {
        "cid": "whole",
        "iid": "whole",
        "x1": "rounded",
        "y1": "rounded",
        "x2": "rounded",
        "y2": "rounded",
        "status": "whole",
    },
    "project": {},
}
# Columns that came with later versions, or say more.
MORE: dict[str, dict[str, str]] = {
    "freecode": {"memo": "text", "color": "text"},
    "coding": {"owner": "text", "date": "text", "memo": "text"},
    "coding2": {"owner": "text", "date": "text", "memo": "text"},
    "imagecoding": {"owner": "text", "date": "text", "memo": "text"},
    "codecat": {"memo": "text"},
    "caseattr": {"status": "whole"},
    "fileattr": {"status": "whole"},
    "project": {"databaseversion": "text"},
}

TABLES = Schema(NEEDED, OPTIONAL, MORE)


def _is_live(status: int | None, *, unstated: bool = False) -> bool:
    """Say whether a row is not deleted; `unstated` is what no status means."""
    return unstated if status is None else status == LIVE


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PRINTED = re.compile(r"\w{3} (\w{3}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})")


def iso_date(printed: str) -> str | None:
    """Return a date as ISO 8601; one that has another form stays as it is.

    Examples
    --------
    >>> iso_date("Tue Apr  1 10:51:03 2014")
    '2014-04-01 10:51:03'
    """
    found = PRINTED.fullmatch(printed.strip())
    if found is None or found[1] not in MONTHS:
        return printed or None
    return f"{found[4]}-{MONTHS.index(found[1]) + 1:02}-{int(found[2]):02} {found[3]}"


SHOWN = 5
CATEGORY = "category"


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """The codes of a project.

    Attributes
    ----------
    frame, attributes : DataFrame
        Frames of the model; the attributes name every category of a code in several.
    ids : dict of int to str
        Identifier of each live code, by its number.
    deleted : set of int
        Numbers of the codes that are deleted in the program.
    """

    frame: pd.DataFrame
    attributes: pd.DataFrame
    ids: dict[int, str]
    deleted: set[int]


def _read_codes(database: Database, notes: Notes) -> Codes:
    """Read the codes; one in several categories stands under the first of them."""
    rows = TABLES.read(database, "freecode")
    places = rows_by_number(rows, "id", notes)
    notes.faults.raise_if_any()
    deleted = {number for number, place in places.items() if not _is_live(rows["status"][place])}
    live = {number: place for number, place in places.items() if number not in deleted}
    for number in deleted:
        name = rows["name"][places[number]]
        why = "deleted in the program"
        notes.aside("code", why, rows.ids[places[number]], "freecode", code=name)
    categories = TABLES.read(database, "codecat")
    names = _category_names(categories)
    members = _members(TABLES.read(database, "treecode"), live, names)
    nodes = [Node(key=("category", number), name=name, is_codable=False)
             for number, name in names.items()]  # fmt: skip
    for number, place in live.items():
        above = members.get(number)
        nodes.append(
            Node(
                key=number,
                name=rows["name"][place] or f"code {number}",
                parent=("category", above[0]) if above else None,
                colour=rows["color"][place] or None,
                description=rows["memo"][place] or None,
            )
        )
    tree = code_tree(nodes, notes)
    notes.faults.raise_if_any()
    several = {number: above for number, above in members.items() if len(above) > 1}
    if several:
        shown = ", ".join(f'"{rows["name"][live[number]]}"' for number in list(several)[:SHOWN])
        notes.warn(
            f"{len(several)} codes are in several categories ({shown}). Each stands under the "
            f'first, so that its codings count once; attribute "{CATEGORY}" names them all.'
        )
    return Codes(tree.frame, _attributes(several, names, tree, notes), _numbers(tree), deleted)


def _category_names(rows: Rows) -> dict[int, str]:
    """Return the names of the live categories, of codes or of files, by number."""
    return {
        number: name or f"category {number}"
        for number, name, status in zip(rows["catid"], rows["name"], rows["status"], strict=True)
        if number is not None and _is_live(status)
    }


def _members(rows: Rows, live: dict[int, int], names: dict[int, str]) -> dict[int, list[int]]:
    """Return the categories of each live code, each once, in the order of the links."""
    members: dict[int, list[int]] = {}
    for code, category, status in zip(rows["cid"], rows["catid"], rows["status"], strict=True):
        if _is_live(status) and code in live and category in names:
            above = members.setdefault(code, [])
            if category not in above:
                above.append(category)
    return members


def _numbers(tree: CodeTree) -> dict[int, str]:
    return {key: code for key, code in tree.ids.items() if isinstance(key, int)}


def _attributes(
    several: dict[int, list[int]], names: dict[int, str], tree: CodeTree, notes: Notes
) -> pd.DataFrame:
    pairs = [(code, names[category]) for code, above in several.items() for category in above]
    return make_frame(
        "attributes",
        {
            "entity": ["code"] * len(pairs),
            "entity_id": [tree.ids[code] for code, _ in pairs],
            "name": [CATEGORY] * len(pairs),
            "value": [name for _, name in pairs],
            "source_file": [notes.file] * len(pairs),
        },
    )


FILE_CATEGORY = "file category"


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The live files of a project.

    Attributes
    ----------
    frame, attributes : DataFrame
        Frames of the model; the attributes name every category of a file in several.
    files, images : dict of int to int
        Row in the frame of each text and of each picture, by its number.
    deleted_files, deleted_images : set of int
        Numbers of those that are deleted in the program.
    texts : list of str or None
        By row of the frame.
    """

    frame: pd.DataFrame
    attributes: pd.DataFrame
    files: dict[int, int]
    images: dict[int, int]
    deleted_files: set[int]
    deleted_images: set[int]
    texts: list[str | None]


def _read_documents(database: Database, notes: Notes) -> Documents:
    """Read texts and pictures; those that are deleted in the program are set aside."""
    names: list[str] = []
    texts: list[str | None] = []
    kinds: list[str] = []
    numbers: dict[str, dict[int, int]] = {}
    deleted: dict[str, set[int]] = {}
    for table, kind in (("source", "text"), ("image", "image")):
        rows = TABLES.read(database, table)
        numbers[table], deleted[table] = {}, set()
        contents = rows.columns.get("file") or [None] * len(rows)
        for number, place in rows_by_number(rows, "id", notes).items():
            name = rows["name"][place] or f"file {number}"
            if not _is_live(rows["status"][place]):
                deleted[table].add(number)
                why = "deleted in the program"
                notes.aside("document", why, rows.ids[place], table, document=name)
                continue
            numbers[table][number] = len(names)
            names.append(name)
            texts.append(contents[place])
            kinds.append(kind)
    notes.faults.raise_if_any()
    ids = unique(names)
    if ids != names:
        notes.warn("several files have one name; they are told apart by a number.")
    groups = _groups(database, numbers["source"])
    several = {place: above for place, above in groups.items() if len(above) > 1}
    if several:
        notes.warn(
            f"{len(several)} files are in several categories. The group of each is its first one; "
            f'attribute "{FILE_CATEGORY}" names them all.'
        )
    pairs = [(place, name) for place, above in several.items() for name in above]
    return Documents(
        frame=make_frame(
            "documents",
            {
                "document_id": ids,
                "name": names,
                "group": text_series([groups.get(place, [None])[0] for place in range(len(ids))]),
                "kind": kinds,
                "text": text_series(texts),
                "position": range(1, len(ids) + 1),
            },
        ),
        attributes=make_frame(
            "attributes",
            {
                "entity": ["document"] * len(pairs),
                "entity_id": [ids[place] for place, _ in pairs],
                "name": [FILE_CATEGORY] * len(pairs),
                "value": [name for _, name in pairs],
                "source_file": [notes.file] * len(pairs),
            },
        ),
        files=numbers["source"],
        images=numbers["image"],
        deleted_files=deleted["source"],
        deleted_images=deleted["image"],
        texts=texts,
    )


def _groups(database: Database, files: dict[int, int]) -> dict[int, list[str | None]]:
    """Return the names of the categories of each file, by its row."""
    names = _category_names(TABLES.read(database, "filecat"))
    rows = TABLES.read(database, "treefile")
    groups: dict[int, list[str | None]] = {}
    for file, category, status in zip(rows["fid"], rows["catid"], rows["status"], strict=True):
        if _is_live(status) and file in files and category in names:
            above = groups.setdefault(files[file], [])
            if names[category] not in above:
                above.append(names[category])
    return groups


DELETED = "deleted in the program"
LOST = "not in the database"
SECOND = " (second coding)"


def _read_codings(database: Database, codes: Codes, documents: Documents, notes: Notes) -> Coded:
    """Read every coding; those that are deleted, or lead nowhere, are set aside."""
    ids = documents.frame["document_id"].tolist()
    follow = _Follow(codes, ids, notes)
    found = []
    for table in ("coding", "coding2", "imagecoding"):
        rows = TABLES.read_frame(database, table)
        is_text = table != "imagecoding"
        if is_text:
            rows = follow(table, rows, rows["fid"], documents.files, documents.deleted_files)
            rows = rows.rename(columns={"selfirst": "start", "selend": "end", "seltext": "text"})
        else:
            rows = follow(table, rows, rows["iid"], documents.images, documents.deleted_images)
            rows["place"] = rectangles(rows["x1"], rows["y1"], rows["x2"], rows["y2"])
            rows["unit"] = "page rectangle"
        rows["coder"] = blank_to_missing(rows["owner"])
        rows["date"] = mapped(rows["date"], iso_date)
        rows["memo"] = blank_to_missing(rows["memo"])
        if table == "coding2" and len(rows):
            rows["coder"] = rows["coder"].fillna("unknown") + SECOND
            notes.warn(
                f"{len(rows)} codings are of a second round (table coding2); their coders are "
                f'named "…{SECOND}", so that they can serve for agreement and need not be counted.'
            )
        found.append(Codings(table, rows))
    return coded_frames(found, list(codes.ids.values()), ids, documents.texts, notes)


class _Follow:
    """Follows codings to their codes and documents; sets aside those that do not count."""

    def __init__(self, codes: Codes, documents: list[str], notes: Notes) -> None:
        self.codes, self.documents, self.notes = codes, documents, notes

    def __call__(
        self,
        table: str,
        rows: pd.DataFrame,
        numbers: pd.Series,
        places: Mapping[int, int],
        deleted: Set[int],
    ) -> pd.DataFrame:
        codes = self.codes
        code = found_at(rows["cid"], codes.ids)
        at = found_at(numbers, places)
        document = np.where(at < 0, -1, np.array([*places.values(), -1], dtype=np.int64)[at])
        _is_live = (rows["status"] == LIVE).fillna(value=False).to_numpy(dtype=bool)
        why = np.select(
            [
                ~_is_live,
                (document < 0) & numbers.isin(list(deleted)).to_numpy(),
                document < 0,
                (code < 0) & rows["cid"].isin(list(codes.deleted)).to_numpy(),
                code < 0,
            ],
            [
                DELETED,
                f"its document is {DELETED}",
                f"its document is {LOST}",
                f"its code is {DELETED}",
                f"its code is {LOST}",
            ],
            default="",
        ).astype(object)
        links = Links(code, document, list(codes.ids.values()), self.documents)
        return links.kept(table, rows, why, self.notes)


def _read_cases(database: Database, documents: Documents, notes: Notes) -> Cases:
    """Read cases, links and attributes; what is deleted in the program is left out."""
    rows = TABLES.read(database, "cases")
    places = rows_by_number(rows, "id", notes)
    notes.faults.raise_if_any()
    names = {
        number: rows["name"][place] or f"case {number}"
        for number, place in places.items()
        if _is_live(rows["status"][place])
    }
    files = Files(documents.frame["document_id"].tolist(), documents.texts, documents.files)
    values = [
        *_values(database, "caseattr", "case", "caseid"),
        *_values(database, "fileattr", "document", "fileid"),
    ]
    deleted = {("case", number) for number in places if number not in names}
    deleted |= {("document", number) for number in documents.deleted_files}
    links = [
        link
        for link in _links(database)
        if deleted.isdisjoint([("case", link.case), ("document", link.file)])
    ]
    return case_frames(
        names,
        links,
        [value for value in values if (value.entity, value.number) not in deleted],
        files,
        notes,
    )


def _links(database: Database) -> Iterator[CaseLink]:
    rows = TABLES.read(database, "caselinkage")
    columns = (rows[name] for name in ("caseid", "fid", "selfirst", "selend", "status"))
    for case, file, start, end, status in zip(*columns, strict=True):
        if _is_live(status):
            yield CaseLink(case, file, start, end)


def _values(database: Database, table: str, entity: str, number: str) -> Iterator[Value]:
    rows = TABLES.read(database, table)
    columns = (rows[name] for name in (number, "variable", "value", "status"))
    for row, (owner, name, value, status) in zip(rows.ids, zip(*columns, strict=True), strict=True):
        if _is_live(status, unstated=True):
            yield Value(entity, owner, name, value, row)


class RqdaProject(DatabaseReader):
    """Reads an ``.rqda`` file."""

    format = "rqda-database"
    software = "RQDA"
    schema = TABLES
    signature = SIGNATURE

    def contents(self, database: Database, notes: Notes) -> Contents:
        """Read what is live; list what is deleted in the program."""
        documents = _read_documents(database, notes)
        codes = _read_codes(database, notes)
        coded = _read_codings(database, codes, documents, notes)
        cases = _read_cases(database, documents, notes)
        versions = TABLES.read(database, "project")["databaseversion"]
        return Contents(
            documents=documents.frame,
            codes=codes.frame,
            coded=coded,
            cases=cases,
            attributes=(documents.attributes, codes.attributes),
            version=next(filter(None, versions), None),
        )


READER = RqdaProject()
