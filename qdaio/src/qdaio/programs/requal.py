"""requal: its project as a database, and the segments and codebook that it exports as CSV.

R counts positions in a text from 1, and the end with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import Node, code_tree
from qdaio.databases import (
    CaseLink,
    Contents,
    DatabaseReader,
    Files,
    Schema,
    Value,
    case_frames,
    rows_by_number,
)
from qdaio.files.cells import number_series, text_series
from qdaio.files.sqlite import Database
from qdaio.labels import unique
from qdaio.model import Notes, make_frame
from qdaio.spans import Codings, Links, coded_frames, found_at
from qdaio.tables import BesideOthers, CodeTable, CodingTable, Rows, headers

__all__ = ["CODEBOOK", "PROJECT", "SEGMENTS", "RequalCodebook", "RequalProject", "RequalSegments"]

CATEGORY = "category"
TABLES = Schema(
    {
        "documents": {"doc_id": "whole", "doc_name": "text", "doc_text": "text"},
        "codes": {"code_id": "whole", "code_name": "text"},
        "segments": {
            "doc_id": "whole",
            "code_id": "whole",
            "segment_start": "whole",
            "segment_end": "whole",
            "segment_text": "text",
            "user_id": "whole",
        },
        "projects": {"project_id": "whole", "project_name": "text"},
    },
    {
        "users": {"user_id": "whole", "user_name": "text"},
        "categories": {"category_id": "whole", "category_name": "text"},
        "categories_codes_map": {"category_id": "whole", "code_id": "whole"},
        "cases": {"case_id": "whole", "case_name": "text"},
        "cases_documents_map": {"case_id": "whole", "doc_id": "whole"},
        "attributes": {"attribute_id": "whole", "attribute_name": "text"},
        "attribute_values": {"attribute_value_id": "whole", "value": "text"},
        "attributes_documents_map": {
            "doc_id": "whole",
            "attribute_id": "whole",
            "attribute_value_id": "whole",
        },
        "attributes_cases_map": {
            "case_id": "whole",
            "attribute_id": "whole",
            "attribute_value_id": "whole",
        },
        "requal_version": {"version": "text"},
        "memos": {"memo_id": "whole", "text": "text"},
        "memos_codes_map": {"memo_id": "whole", "code_id": "whole"},
        "memos_segments_map": {"memo_id": "whole", "segment_id": "whole"},
    },
    {
        "codes": {"code_description": "text", "code_color": "text"},
        "segments": {"segment_id": "whole"},
    },
)


class RequalProject(DatabaseReader):
    """Reads the ``.requal`` file of a project."""

    format = "requal-project"
    software = "requal"
    schema = TABLES
    signature = ("documents", "codes", "segments", "categories_codes_map", "requal_version")

    def contents(self, database: Database, notes: Notes) -> Contents:
        """Read documents, codes and segments; a code in several categories says so."""
        rows = TABLES.read(database, "documents")
        places = rows_by_number(rows, "doc_id", notes)
        _check_one_project(TABLES.read(database, "projects")["project_name"], notes)
        notes.faults.raise_if_any()
        names = [
            name or f"document {number}"
            for number, name in zip(rows["doc_id"], rows["doc_name"], strict=True)
        ]
        ids = unique(names)
        if ids != names:
            notes.warn("several documents have one name; they are told apart by a number.")
        documents = make_frame(
            "documents",
            {
                "document_id": ids,
                "name": names,
                "kind": ["text"] * len(ids),
                "text": text_series(rows["doc_text"]),
                "position": range(1, len(ids) + 1),
            },
        )
        codes = TABLES.read(database, "codes")
        numbers = rows_by_number(codes, "code_id", notes)
        notes.faults.raise_if_any()
        memos = _Memos(database, notes)
        tree = code_tree(
            [
                Node(
                    key=number,
                    name=codes["code_name"][place] or f"code {number}",
                    colour=_hex(codes["code_color"][place]),
                    description=memos.of_code(number, codes["code_description"][place]),
                )
                for number, place in numbers.items()
            ],
            notes,
        )
        known = {int(str(key)): code for key, code in tree.ids.items()}
        coded = coded_frames(
            [Codings("segments", _segments(database, known, places, ids, memos, notes))],
            list(known.values()),
            ids,
            rows["doc_text"],
            notes,
        )
        memos.set_others_aside()
        files = Files(ids, rows["doc_text"], places)
        versions = TABLES.read(database, "requal_version")["version"]
        return Contents(
            documents=documents,
            codes=tree.frame,
            coded=coded,
            cases=_cases(database, files, notes),
            attributes=(_categories(database, known, notes),),
            version=next(filter(None, versions), None),
        )


class _Memos:
    """Memos by what they are about; those of documents and of the project have no place here."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._notes = notes
        rows = TABLES.read(database, "memos")
        self._texts = dict(zip(rows["memo_id"], rows["text"], strict=True))
        self._rows = dict(zip(rows["memo_id"], rows.ids, strict=True))
        self._used: set[int | None] = set()
        self._about: dict[str, dict[int | None, list[int | None]]] = {}
        for table, name in (("memos_codes_map", "code_id"), ("memos_segments_map", "segment_id")):
            links = TABLES.read(database, table)
            found = self._about.setdefault(name, {})
            for memo, number in zip(links["memo_id"], links[name], strict=True):
                found.setdefault(number, []).append(memo)

    def of_code(self, number: int, description: str | None) -> str | None:
        """Return what is said of a code: its description, and its memos."""
        return "\n\n".join(filter(None, (description, self._said("code_id", number)))) or None

    def of_segment(self, number: Any) -> str | None:
        """Return the memos of a coding."""
        return None if pd.isna(number) else self._said("segment_id", int(number))

    def set_others_aside(self) -> None:
        """List the memos that were not asked for."""
        for memo, row in self._rows.items():
            if memo not in self._used and self._texts[memo]:
                why = "it is about a document or the project, or about what is not there"
                self._notes.aside("memo", why, row, "memos")

    def _said(self, name: str, number: int) -> str | None:
        memos = self._about[name].get(number, [])
        self._used.update(memos)
        return "\n\n".join(filter(None, map(self._texts.get, memos))) or None


def _check_one_project(names: list[str | None], notes: Notes) -> None:
    if len(names) > 1:
        notes.faults.add(
            kind="several-projects",
            file=notes.file,
            sheet="projects",
            found=f"{len(names)} projects",
            expected="one project",
            remedy="Export the project that you mean by itself.",
        )


def _segments(
    database: Database,
    codes: Mapping[int, str],
    places: Mapping[int, int],
    ids: list[str],
    memos: _Memos,
    notes: Notes,
) -> pd.DataFrame:
    rows = TABLES.read_frame(database, "segments")
    code, document = found_at(rows["code_id"], codes), found_at(rows["doc_id"], places)
    why = np.select(
        [document < 0, code < 0],
        [f"its {lost} is not in the database" for lost in ("document", "code")],
        default="",
    ).astype(object)
    kept = Links(code, document, list(codes.values()), ids).kept("segments", rows, why, notes)
    people = TABLES.read(database, "users")
    names = dict(zip(people["user_id"], people["user_name"], strict=True))
    coders = [
        None if pd.isna(number) else names.get(int(number)) or f"user {int(number)}"
        for number in kept["user_id"]
    ]
    return kept.assign(
        start=kept["segment_start"] - 1,
        end=kept["segment_end"],
        text=kept["segment_text"],
        coder=text_series(coders),
        memo=text_series([memos.of_segment(number) for number in kept["segment_id"]]),
    )


def _categories(database: Database, codes: Mapping[int, str], notes: Notes) -> pd.DataFrame:
    """Name the categories of each code: they overlap, and are no tree."""
    rows = TABLES.read(database, "categories")
    names = dict(zip(rows["category_id"], rows["category_name"], strict=True))
    links = TABLES.read(database, "categories_codes_map")
    pairs = [
        (codes[code], name, row)
        for row, code, category in zip(
            links.ids, links["code_id"], links["category_id"], strict=True
        )
        if code in codes and (name := names.get(category))
    ]
    return _category_frame(pairs, notes.file)


def _category_frame(pairs: Sequence[tuple[str, str, int]], file: str) -> pd.DataFrame:
    """Return the categories of codes as attributes, from code, category and row."""
    return make_frame(
        "attributes",
        {
            "entity": ["code"] * len(pairs),
            "entity_id": [code for code, _, _ in pairs],
            "name": [CATEGORY] * len(pairs),
            "value": [name for _, name, _ in pairs],
            "source_file": [file] * len(pairs),
            "source_row": [row for _, _, row in pairs],
        },
    )


def _cases(database: Database, files: Files, notes: Notes) -> Any:
    rows = TABLES.read(database, "cases")
    places = rows_by_number(rows, "case_id", notes)
    notes.faults.raise_if_any()
    names = {
        number: rows["case_name"][place] or f"case {number}" for number, place in places.items()
    }
    links = TABLES.read(database, "cases_documents_map")
    stated = TABLES.read(database, "attributes")
    labels = dict(zip(stated["attribute_id"], stated["attribute_name"], strict=True))
    listed = TABLES.read(database, "attribute_values")
    values = dict(zip(listed["attribute_value_id"], listed["value"], strict=True))
    found = []
    for table, entity, number in (
        ("attributes_documents_map", "document", "doc_id"),
        ("attributes_cases_map", "case", "case_id"),
    ):
        kept = TABLES.read(database, table)
        columns = (kept[name] for name in (number, "attribute_id", "attribute_value_id"))
        for row, (owner, name, value) in zip(kept.ids, zip(*columns, strict=True), strict=True):
            found.append(Value(entity, owner, labels.get(name), values.get(value), row))
    pairs = zip(links["case_id"], links["doc_id"], strict=True)
    return case_frames(
        names, [CaseLink(case, file, None, None) for case, file in pairs], found, files, notes
    )


def _hex(colour: str | None) -> str | None:
    """Return a colour such as ``rgb(255,0,0)`` as ``#FF0000``."""
    parts = (colour or "").removeprefix("rgb(").removesuffix(")").split(",")
    numbers = [int(part) for part in map(str.strip, parts) if part.isdigit() and len(part) < 4]
    if len(parts) == len(numbers) == 3 and max(numbers) < 256:
        return "#" + "".join(f"{number:02X}" for number in numbers)
    return colour or None


class RequalSegments(BesideOthers, CodingTable):
    """Reads the segments that requal exports as CSV."""

    format = "requal-segments"
    software = "requal"
    required = headers(document="doc_name", code="code_name", text="segment_text", doc_id="doc_id")
    optional = headers(
        coder="user_name", start="segment_start", end="segment_end", code_id="code_id"
    )
    reason = "the columns doc_name, code_name and segment_text"
    stated_by = RequalProject.format

    def places(self, rows: Rows) -> Mapping[str, Any]:
        """Give the positions, which newer versions export."""
        if "start" not in rows or "end" not in rows:
            return {}
        start, end = (number_series(rows.cells(name)).astype("Int64") for name in ("start", "end"))
        return {"start": start - 1, "end": end, "unit": pd.Series(["code point"] * rows.height)}


class RequalCodebook(CodeTable):
    """Reads the codebook that requal exports as CSV: codes with the categories they are in."""

    format = "requal-codebook"
    software = "requal"
    required = headers(code="code_name", description="code_description", categories="categories")
    optional = headers(colour="code_color", code_id="code_id")
    reason = "the columns code_name, code_description and categories"
    counted = "how often a code was applied"

    def columns(self, rows: Rows, places: Sequence[int]) -> Mapping[str, Sequence[object]]:
        """Give descriptions and colours; R writes NA for what is missing."""
        found = {}
        for name, column in (("description", "description"), ("colour", "colour")):
            texts = rows.texts(column)
            found[name] = [None if texts[place] == "NA" else texts[place] for place in places]
        return found

    def attributes(self, rows: Rows, ids: Mapping[int, str]) -> pd.DataFrame:
        """Keep the categories of each code."""
        stated = rows.texts("categories")
        pairs = [
            (code, name.strip(), rows.numbers[place])
            for place, code in ids.items()
            for name in (stated[place] or "").split(" | ")
            if name.strip() not in ("", "NA")
        ]
        return _category_frame(pairs, rows.notes.file)


PROJECT, SEGMENTS, CODEBOOK = RequalProject(), RequalSegments(), RequalCodebook()
