"""Projects that programs keep as SQLite databases: their tables as frames of the model.

A program declares its tables, and says how their rows become documents, codes and codings;
what all have in common stands here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.faults import StudyError
from qdaio.files.source import Source
from qdaio.files.sqlite import Database, Rows, open_database, tables_of
from qdaio.labels import unique
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, empty_frame, make_frame
from qdaio.reader import Match
from qdaio.spans import Coded

__all__ = [
    "CaseLink",
    "Cases",
    "Contents",
    "DatabaseReader",
    "Files",
    "Schema",
    "Value",
    "case_frames",
    "check_numbers",
    "rows_by_number",
]


Columns = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Schema:
    """Columns by table; of each column its kind, as for `Database.read`.

    Attributes
    ----------
    needed : mapping
        Tables and columns that every database of the program has.
    optional : mapping
        Tables that one may lack; where a table is there, it has these columns.
    more : mapping
        Columns that came with later versions, or say more.
    """

    needed: Mapping[str, Columns]
    optional: Mapping[str, Columns] = field(default_factory=dict)
    more: Mapping[str, Columns] = field(default_factory=dict)

    def check(self, database: Database) -> None:
        """Check that the tables are there and can be read.

        Raises
        ------
        StudyError
            With every fault at once.
        """
        database.check(self.needed, self.optional)

    def read(self, database: Database, table: str) -> Rows:
        """Read a table with all columns that it can have; one that is absent has no rows."""
        return database.read(table, self._columns(table))

    def read_frame(self, database: Database, table: str) -> pd.DataFrame:
        """Read a long table so, as a frame with a column ``row``."""
        return database.read_frame(table, self._columns(table))

    def _columns(self, table: str) -> dict[str, str]:
        known = self.needed.get(table) or self.optional[table]
        return {**known, **self.more.get(table, {})}


SHOWN = 5


def rows_by_number(rows: Rows, column: str, notes: Notes) -> dict[int, int]:
    """Return the place of each row by its number.

    Parameters
    ----------
    rows : Rows
    column : str
        Holds the number.
    notes : Notes
        Gets a fault for rows without a number, or with that of another row.

    Returns
    -------
    dict of int to int
        In the order of the rows.
    """
    places: dict[int, int] = {}
    wrong: list[tuple[int, int | None]] = []
    for place, (row, number) in enumerate(zip(rows.ids, rows[column], strict=True)):
        if number is None or number in places:
            wrong.append((row, number))
        else:
            places[number] = place
    _add_faults(wrong, rows.table, column, notes)
    return places


def check_numbers(rows: pd.DataFrame, table: str, column: str, notes: Notes) -> None:
    """Check the numbers of a long table, as :func:`rows_by_number` does."""
    numbers = rows[column]
    wrong = np.flatnonzero(numbers.isna() | numbers.duplicated())
    stated = numbers.iloc[wrong].astype("object").tolist()
    pairs = [
        (int(row), None if pd.isna(number) else int(number))
        for row, number in zip(rows["row"].iloc[wrong], stated, strict=True)
    ]
    _add_faults(pairs, table, column, notes)


def _add_faults(
    wrong: Sequence[tuple[int, int | None]], table: str, column: str, notes: Notes
) -> None:
    more = f" (and {len(wrong) - SHOWN} more rows)" if len(wrong) > SHOWN else ""
    for row, number in wrong[:SHOWN]:
        found = "no number" if number is None else f"the number {number} of an earlier row"
        notes.faults.add(
            kind="inconsistent-export",
            file=notes.file,
            sheet=table,
            row=row,
            column=column,
            found=found + more,
            expected="a number of its own for each row",
            remedy="The database was changed by another program, or is damaged: "
            "save or export the project again.",
        )


Found = TypeVar("Found")


class Files(NamedTuple):
    """The documents: identifiers and texts by row, and the row of each by its number."""

    ids: Sequence[str]
    texts: Sequence[str | None]
    places: Mapping[int, int]


class CaseLink(NamedTuple):
    """A case linked with a stretch of a file, both by number."""

    case: int | None
    file: int | None
    start: int | None
    end: int | None


class Value(NamedTuple):
    """What is known of a case or document, which is called by its number."""

    entity: str
    number: int | None
    name: str | None
    value: str | None
    row: int


class Part(NamedTuple):
    """A stretch of a document, in letters, in which one case speaks."""

    document: str
    case: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Frames of the model, and where in documents of several cases each of them speaks."""

    cases: pd.DataFrame
    case_documents: pd.DataFrame
    attributes: pd.DataFrame
    parts: Sequence[Part] = ()


def case_frames(
    names: Mapping[int, str],
    links: Iterable[CaseLink],
    values: Iterable[Value],
    files: Files,
    notes: Notes,
) -> Cases:
    """Build cases, their documents, and the attributes of both.

    Links and values of a case or document that is not there are left out; a warning says
    how many.
    """
    case_ids = dict(zip(names, unique(list(names.values())), strict=True))
    pairs: dict[tuple[str, str], None] = {}
    parts: list[Part] = []
    lost = 0
    for link in links:
        case, file = _get(case_ids, link.case), _get(files.places, link.file)
        if case is None or file is None:
            lost += 1
            continue
        pairs[case, files.ids[file]] = None
        if link.end is not None and not _covers(link, files.texts[file]):
            parts.append(Part(files.ids[file], case, link.start or 0, link.end))
    kept: list[tuple[Value, str]] = []
    for value in values:
        if value.entity == "case":
            owner = _get(case_ids, value.number)
        else:
            place = _get(files.places, value.number)
            owner = None if place is None else files.ids[place]
        if owner is None or not value.name:
            lost += 1
        else:
            kept.append((value, owner))
    if lost:
        notes.warn(f"{lost} links or attributes name a case or file that is not there.")
    return Cases(
        make_frame("cases", {"case_id": list(case_ids.values()), "name": list(names.values())}),
        make_frame(
            "case_documents",
            {"case_id": [case for case, _ in pairs], "document_id": [file for _, file in pairs]},
        ),
        make_frame(
            "attributes",
            {
                "entity": [value.entity for value, _ in kept],
                "entity_id": [owner for _, owner in kept],
                "name": [value.name for value, _ in kept],
                "value": pd.Series([value.value or None for value, _ in kept], dtype="str"),
                "source_file": [notes.file] * len(kept),
                "source_row": [value.row for value, _ in kept],
            },
        ),
        parts,
    )


def with_speakers(coded: Coded, parts: Sequence[Part], notes: Notes) -> pd.DataFrame:
    """Give codings to the one case in whose part of the document more than half of them lies.

    Parameters
    ----------
    coded : Coded
    parts : sequence of Part
        Of documents that are linked with a case in part only.
    notes : Notes
        Gets a warning that says how many codings were given to a case.

    Returns
    -------
    DataFrame
        Frame ``codings`` of the model, with ``case_id``.
    """
    codings = coded.codings
    if not parts or codings.empty:
        return codings
    spans = coded.segments.set_index("segment_id").reindex(codings["segment_id"])
    start, end = (
        spans[name].to_numpy(dtype="float64", na_value=np.nan) for name in ("start_cp", "end_cp")
    )
    documents = spans["document_id"].astype("str").to_numpy()
    places = pd.Series(range(len(spans))).groupby(documents).indices
    speakers: npt.NDArray[np.object_] = np.full(len(codings), None, dtype=object)
    by_document: dict[str, dict[str, list[Part]]] = {}
    for part in parts:
        by_document.setdefault(part.document, {}).setdefault(part.case, []).append(part)
    met = 0
    for document, cases in by_document.items():
        at = places.get(document, np.array([], dtype="int64"))
        met += len(at)
        inside = np.zeros((len(cases), len(at)))
        for row, stretches in zip(inside, cases.values(), strict=True):
            for part in stretches:
                shared = np.minimum(end[at], part.end) - np.maximum(start[at], part.start)
                row += np.clip(shared, 0, None)
        is_most = inside > (end[at] - start[at]) / 2
        one = is_most.sum(axis=0) == 1
        speakers[at[one]] = np.array(list(cases), dtype=object)[is_most[:, one].argmax(axis=0)]
    given = int(pd.notna(speakers).sum())
    others = "; the others belong to all cases of the document" if given < met else ""
    notes.warn(
        f"{len(parts)} links of a case are with parts of a document: {given:,} of the {met:,} "
        f"codings there lie in the part of one case, and are given to it{others}."
    )
    return codings.assign(case_id=pd.Series(speakers, index=codings.index, dtype="str"))


def _get(found: Mapping[int, Found], number: int | None) -> Found | None:
    return None if number is None else found.get(number)


def _covers(link: CaseLink, text: str | None) -> bool:
    """Whether a link is with all of a document; programs count its end in two ways."""
    if not text or link.end is None:
        return True
    return (link.start or 0) <= 1 and link.end >= len(text) - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contents:
    """What a database holds, as frames of the model.

    Attributes
    ----------
    documents, codes : DataFrame
    coded : Coded
    cases : Cases, optional
    attributes : sequence of DataFrame
        Further attributes, of documents or codes.
    version : str, optional
        Of the program, or of its databases.
    """

    documents: pd.DataFrame
    codes: pd.DataFrame
    coded: Coded
    cases: Cases | None = None
    attributes: Sequence[pd.DataFrame] = ()
    version: str | None = None


class DatabaseReader(ABC):
    """Reads the databases of one program; a subclass declares them and reads their rows.

    Attributes
    ----------
    format, software : str
    schema : Schema
    signature : collection of str
        Tables that no other program has together.
    """

    format: str
    software: str
    schema: Schema
    signature: Collection[str]

    def recognise(self, source: Source) -> Match | None:
        """Know the tables of the program."""
        if source.kind != "sqlite":
            return None
        try:
            kinds = tables_of(source)
        except StudyError:
            return None
        if not set(kinds) >= set(self.signature):
            return None
        return Match(1.0, f"the tables of {self.software}")

    @abstractmethod
    def contents(self, database: Database, notes: Notes) -> Contents:
        """Read what the database holds; add faults, and what is set aside, to `notes`."""

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the project.

        Raises
        ------
        StudyError
            When the database is damaged, or its tables are not those of the program.
        """
        notes = Notes(source.name)
        member = match.details.get("member")
        with open_database(source, member) as database:
            self.schema.check(database)
            found = self.contents(database, notes)
            notes.warn_of_encoding(database.guessed)
        notes.faults.raise_if_any()
        around = found.cases or Cases(
            empty_frame("cases"), empty_frame("case_documents"), empty_frame("attributes")
        )
        codings = with_speakers(found.coded, around.parts, notes)
        attributes = [around.attributes, *found.attributes]
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                version=found.version,
                files=(ExportFile(source.name, source.sha256, self.format, member),),
            ),
            documents=found.documents,
            codes=found.codes,
            coders=found.coded.coders,
            segments=found.coded.segments,
            codings=codings,
            cases=around.cases,
            case_documents=around.case_documents,
            attributes=make_frame("attributes", pd.concat(attributes, ignore_index=True)),
            rows_read=len(found.coded.codings) + notes.codings_aside,
            set_aside=tuple(notes.set_aside),
            warnings=tuple(notes.warnings),
        )
