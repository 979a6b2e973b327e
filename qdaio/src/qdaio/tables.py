'''Kinds of tables, declared: how each is recognised, and what its columns mean.

A program's table is a class that names its headers and says little else; how a table is
found in a sheet, checked and turned into a project is here, once. Three kinds:
:class:`CodingTable` (what was coded: a row a coding, or a row a segment with its codes),
:class:`CodeTable` (a codebook) and :class:`VariableTable` (a row a document or case).

The names of columns have a meaning. In a table of codings: ``document, group, code, coder,
created, weight, text, comment, memo``; in a codebook: ``code, description, n``; in a
table of variables: ``document, group`` or ``case``. Others serve the hooks of their table.

Examples
--------
The whole reader of a program that exports a list of codings:

>>> from qdaio.tables import CodingTable, headers
>>> class Applications(CodingTable):
...     """Codings of a program of our own, one a row."""
...     format = "own-codings"
...     software = "Own"
...     required = headers(document=["File", "Datei"], code="Code path", text="Passage")
...     optional = headers(coder=["Coded by", "Kodiert von"], created="Date")
...     reason = "the columns of a list of codings"
...     def paths(self, labels, parts):
...         return [tuple(label.split("/")) for label in labels]

It is found where an entry point of the group ``qdaio.readers`` names it.
'''

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.codes import code_frame, code_id, document_id, first_rows, whole_number
from qdaio.dates import iso_dates
from qdaio.faults import FaultList, StudyError
from qdaio.files.cells import Sheet, as_text, label_series, number_series, text_series
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.headers import SUM, Headers, SheetTable, find_table, without_totals
from qdaio.join import Statements, combine, statement
from qdaio.model import (
    CodedProject,
    ExportFile,
    ExportInfo,
    Notes,
    SetAside,
    identifiers,
    labelled,
    make_frame,
    numbered,
)
from qdaio.reader import Match

__all__ = [
    "TABLE_KINDS",
    "Applied",
    "BesideOthers",
    "CodeTable",
    "CodingTable",
    "Path",
    "Rows",
    "SheetReader",
    "TableReader",
    "VariableTable",
    "best_sheet",
    "headers",
    "match_by_sheet",
    "other_sheets",
    "read_together",
    "readable_sheets",
    "together",
]

TABLE_KINDS = frozenset({"xlsx", "xls", "text", "docx", "html"})
SHOWN = 20
# what spreadsheet programs show in place of a value
ERRORS = frozenset(["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"])

Path = tuple[str, ...]
Places = npt.NDArray[np.int64]


def headers(**names: str | Sequence[str]) -> Headers:
    """Declare columns by what they mean; a column has one header or several."""
    return MappingProxyType(
        {name: (labels,) if isinstance(labels, str) else labels for name, labels in names.items()}
    )


def readable_sheets(source: Source) -> list[Sheet]:
    """Return the sheets of a file; none of one that is no table, or a damaged one."""
    if source.kind not in TABLE_KINDS:
        return []
    try:
        return list(read_sheets(source))
    except StudyError:
        return []


def best_sheet(source: Source, match: Callable[[Sheet], Match | None]) -> Match | None:
    """Return the best match among the sheets of a workbook or text table.

    Parameters
    ----------
    source : Source
    match : callable
        Says of one sheet how well it is known; of equal matches the first sheet's is taken.

    Returns
    -------
    Match or None
        With the others that are known. None when no sheet is known, or the file is no table,
        or a damaged one.
    """
    found = [known for sheet in readable_sheets(source) if (known := match(sheet)) is not None]
    best = max(found, key=lambda known: known.score, default=None)
    if best is None:
        return None
    return replace(best, others=tuple(known for known in found if known is not best))


ANOTHER = "another sheet is of the same kind and was read; give this one as a file of its own"


def other_sheets(source: Source, match: Match) -> tuple[SetAside, ...]:
    """List the sheets that are of the same kind as the one that was read."""
    return tuple(
        SetAside(
            what="sheet", why=ANOTHER, file=source.name, sheet=(other.sheet or "").strip() or None
        )
        for other in match.others
    )


@dataclass(frozen=True)
class SheetReader:
    """Reads the sheet that fits best, where a table is more than a declaration can say.

    Attributes
    ----------
    format, software : str
        As `Reader.format` and `Reader.software`.
    match : callable
        Says of one sheet how well it is known; what it found is among the details.
    project : callable
        Makes the project of the source and of the details, given by name.
    """

    format: str
    software: str
    match: Callable[[Sheet], Match | None]
    project: Callable[..., CodedProject]

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file is known."""
        return best_sheet(source, self.match)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the sheet that was recognised.

        Raises
        ------
        StudyError
            With every fault of the sheet at once.
        """
        project = self.project(source, **match.details)
        return project.with_(set_aside=(*project.set_aside, *other_sheets(source, match)))


def match_by_sheet(
    source: Source, find: Callable[[Sheet], Any | None], reason: str
) -> Match | None:
    """Look for a table in the sheets of a file; what was found is among the details."""

    def match(sheet: Sheet) -> Match | None:
        found = find(sheet)
        if found is None:
            return None
        return Match(0.96, reason, sheet.name or None, {"sheet": sheet, "table": found})

    return best_sheet(source, match)


class Rows:
    """A table while it is read: its columns, and what is to be said of its rows.

    Parameters
    ----------
    source : Source
    table : SheetTable
    info : ExportInfo
        Of the project that comes of it.
    """

    def __init__(self, source: Source, table: SheetTable, info: ExportInfo) -> None:
        self.info = info
        self.sheet = table.sheet.name.strip() or None
        self.notes = Notes(source.name)
        self.notes.faults.extend(table.faults)
        self.table, sums = without_totals(table)
        table = self.table
        for number in sums:
            self.notes.aside("row", SUM, number, self.sheet)
        self.before: list[CodedProject] = []  # of sheets of the same file
        self.height = table.height
        self.numbers = table.row_numbers
        for name in ("document", "code"):
            self._broken(name)

    def __contains__(self, name: str) -> bool:
        return name in self.table.columns

    def cells(self, name: str) -> list[Any]:
        """Return a column; one that the table lacks is blank."""
        return self.table.columns.get(name) or [None] * self.height

    def texts(self, name: str) -> list[str | None]:
        """Return a column as text without outer spaces, None where nothing is left."""
        return [(as_text(cell) or "").strip() or None for cell in self.cells(name)]

    def _broken(self, name: str) -> None:
        """Find cells in which a spreadsheet program says that a formula went wrong."""
        cells = self.cells(name)
        if ERRORS.isdisjoint(cells):
            return
        for place in [at for at, cell in enumerate(cells) if cell in ERRORS][:SHOWN]:
            self.fault(
                place,
                kind="broken-formula",
                column=name,
                found=str(cells[place]),
                expected=f"the name of a {name}",
                remedy="Mend the formula in the spreadsheet, or write the name itself.",
            )

    def fault(
        self, place: int, *, kind: str, found: str, expected: str, remedy: str, column: str | None
    ) -> None:
        """Add a fault of a row, counted from 0; `column` is the name that has a meaning."""
        self.notes.faults.add(
            kind=kind,
            file=self.notes.file,
            sheet=self.sheet,
            row=self.numbers[place],
            column=None if column is None else self.table.headers.get(column, column),
            found=found,
            expected=expected,
            remedy=remedy,
        )

    def missing(self, name: str, places: Sequence[int], expected: str) -> None:
        """Add a fault for each row that lacks what it must have."""
        more = f" ({len(places)} rows lack it)" if len(places) > SHOWN else ""
        for place in places[:SHOWN]:
            self.fault(
                int(place),
                kind="missing-value",
                column=name,
                found="nothing",
                expected=expected,
                remedy=f"Fill it in, or delete the row if it does not belong to the table{more}.",
            )

    def aside(
        self,
        place: int,
        what: str,
        why: str,
        *,
        code: str | None = None,
        document: str | None = None,
    ) -> None:
        """List a row, counted from 0, that is not counted."""
        self.notes.aside(what, why, self.numbers[place], self.sheet, code=code, document=document)

    def counts(self, name: str, expected: str) -> list[int | None]:
        """Return a column of counts; what is none is a fault, a blank cell None."""
        cells = self.cells(name)
        counts = [whole_number(cell) for cell in cells]
        for place, (cell, count) in enumerate(zip(cells, counts, strict=True)):
            if cell is not None and (count is None or count < 0):
                self.fault(
                    place,
                    kind="bad-number",
                    column=name,
                    found="no whole number",
                    expected=expected,
                    remedy="Correct the number, or export the codebook again.",
                )
        return counts

    def labels(self, name: str) -> pd.Series:
        """Return a column of labels as a category without outer spaces."""
        at, labels = label_series(self.cells(name))
        return _category(at, labels)

    def documents(self) -> tuple[pd.Series, pd.DataFrame]:
        """Give each row its document, and the documents in the order in which they come first.

        Returns
        -------
        ids : Series
            Categorical, one a row, missing where no document is named (which is a fault).
        documents : DataFrame
            Frame ``documents`` of the model.
        """
        name_at, names = label_series(self.cells("document"))
        if "group" in self:
            group_at, groups = label_series(self.cells("group"))
        else:
            group_at, groups = np.zeros(len(name_at), dtype="int64"), [None]
        at, pairs = pd.factorize(name_at * len(groups) + group_at)
        found = [(groups[pair % len(groups)], names[pair // len(groups)]) for pair in pairs]
        known = {
            place: (self.document_id(group, name), group, name)
            for place, (group, name) in enumerate(found)
            if name is not None
        }
        ids = [known[place][0] if place in known else None for place in range(len(found))]
        frame = make_frame(
            "documents",
            {
                "document_id": [item[0] for item in known.values()],
                "name": [item[2] for item in known.values()],
                "group": pd.Series([item[1] for item in known.values()], dtype="str"),
                "position": range(1, len(known) + 1),
            },
        )
        column = _category(at, ids)
        lacking = np.flatnonzero(column.isna().to_numpy()).tolist()
        self.missing("document", lacking, "the name of the document")
        return column, frame

    def document_id(self, group: str | None, name: str) -> str:
        """Identify a document: by its name, with its group where the table has groups."""
        return document_id(group, name) if "group" in self else name

    def variables(self, ids: pd.Series, said: str) -> pd.DataFrame:
        """Take the columns without a meaning as attributes of documents.

        Parameters
        ----------
        ids : Series
            Document of each row.
        said : str
            Warning of the columns that say several things of one document, which are not read.
        """
        frames, varying = [], []
        for name, cells in self.table.unknown.items():
            values = pd.DataFrame(
                {
                    "entity_id": ids.astype("str"),
                    "value": text_series(cells),
                    "source_row": list(self.numbers),
                }
            ).dropna(subset=["entity_id", "value"])
            first = values.drop_duplicates(["entity_id", "value"])
            if first["entity_id"].duplicated().any():
                varying.append(name)
            elif len(first):
                frames.append(first.assign(entity="document", name=name))
        if varying:
            self.notes.warn(f"{said}: {', '.join(varying)}.")
        if not frames:
            return make_frame("attributes", {})
        attributes = pd.concat(frames, ignore_index=True).assign(source_file=self.notes.file)
        return make_frame("attributes", attributes)

    def project(self, **frames: Any) -> CodedProject:
        """Make the project, when all faults have been found.

        Raises
        ------
        StudyError
            With every fault of the table.
        """
        self.notes.faults.raise_if_any()
        return CodedProject(
            info=self.info,
            set_aside=tuple(self.notes.set_aside),
            warnings=(*self.table.sheet.warnings, *self.notes.warnings),
            **frames,
        )


class TableReader:
    """A kind of table of one program; see the kinds below.

    Attributes
    ----------
    format, software : str
    required, optional : mapping of str to collection of str
        Headers in every language, by the meaning of the column; see :func:`headers`.
    reason : str
        What gives the table away, for people.
    score : float
        How sure that is, as in `Match`.
    """

    format: ClassVar[str]
    software: ClassVar[str]
    required: ClassVar[Headers]
    optional: ClassVar[Headers] = MappingProxyType({})
    reason: ClassVar[str]
    score: ClassVar[float] = 0.96

    def find(self, sheet: Sheet) -> SheetTable | None:
        """Find the table in a sheet."""
        return find_table(sheet, self.required, self.optional)

    def certainty(self, table: SheetTable) -> float | None:
        """Say how sure it is that a table is of this kind; None where it is not."""
        return self.score

    def language(self, table: SheetTable) -> str | None:
        """Say which language the headers are in, ISO 639-1, where that is known."""
        return None

    def match(self, sheet: Sheet) -> Match | None:
        """Say how well a sheet is known."""
        table = self.find(sheet)
        score = None if table is None else self.certainty(table)
        if score is None:
            return None
        return Match(score, self.reason, sheet.name.strip() or None, {"table": table})

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file is such a table, and which others are as well."""
        return best_sheet(source, self.match)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the table that was recognised.

        Raises
        ------
        StudyError
            With every fault of the table.
        """
        return self.all_sheets(source, match, ())

    def all_sheets(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the table, and name those of other sheets, which are not read.

        Raises
        ------
        StudyError
            With every fault of the table.
        """
        rows = self.rows(source, match.details["table"])
        rows.notes.set_aside.extend(other_sheets(source, match))
        return self.project(rows, parts)

    def rows(self, source: Source, table: SheetTable) -> Rows:
        """Prepare the rows of a table for reading."""
        file = ExportFile(source.name, source.sha256, self.format, table.sheet.name.strip() or None)
        info = ExportInfo(
            format=self.format,
            software=self.software,
            language=self.language(table),
            files=(file,),
        )
        return Rows(source, table, info)

    def project(self, rows: Rows, parts: Sequence[CodedProject]) -> CodedProject:
        """Make a project of the rows; `parts` are the other files, where they are known."""
        raise NotImplementedError


class BesideOthers(TableReader):
    """A table that is read after the other files, which say more of its codes or codings."""

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the table; `parts` are those of the files whose readers need no others.

        Raises
        ------
        StudyError
            With every fault of the table.
        """
        return self.all_sheets(source, match, parts)


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """Which codes are applied in which rows.

    Attributes
    ----------
    rows : array of int64, shape (n,)
        Rows of the table, counted from 0, in their order.
    codes : array of int64, shape (n,)
        Places in `paths`.
    paths : list of tuple of str
        Of the codes; no path twice.
    weights : Series of Float64, shape (n,), optional
        Where they stand in no column "weight".
    """

    rows: Places
    codes: Places
    paths: list[Path]
    weights: pd.Series | None = None


class CodingTable(TableReader):
    """A table of codings: one a row, or one segment a row with its codes.

    Attributes
    ----------
    uncoded : str, optional
        Why a row without a code is set aside; None where such a row is a fault.
    stated_by : str, optional
        Format of the database that holds the same codings, where it stands beside the table.
    has_variables : bool
        Whether columns without a meaning are attributes of documents.
    not_read : str
        Warning of columns that are neither.
    """

    uncoded: ClassVar[str | None] = None
    stated_by: ClassVar[str | None] = None
    has_variables: ClassVar[bool] = False
    not_read: ClassVar[str] = "these columns were not read"

    def paths(self, labels: Sequence[str], parts: Sequence[CodedProject]) -> list[Path]:
        """Give the path of each label in the column "code"; by default it is the whole name."""
        return [(label,) for label in labels]

    def applied(self, rows: Rows, parts: Sequence[CodedProject]) -> Applied:
        """Say which codes are applied in which rows; by default the one in the column "code"."""
        at, labels = label_series(rows.cells("code"))
        names = [label for label in labels if label is not None]
        paths = self.paths(names, parts)
        by_name = dict(zip(names, paths, strict=True))
        place = {path: number for number, path in enumerate(dict.fromkeys(paths))}
        where = np.asarray(
            [-1 if label is None else place[by_name[label]] for label in labels], dtype="int64"
        )
        codes = where[at]
        has_code = codes >= 0
        if not has_code.all():
            self.lacks_code(rows, np.flatnonzero(~has_code).tolist())
        found = np.flatnonzero(has_code)
        return Applied(found, codes[found], list(place))

    def lacks_code(self, rows: Rows, places: Sequence[int]) -> None:
        """Say of rows that no code is applied in them."""
        if self.uncoded is None:
            rows.missing("code", places, "the code of the segment")
            return
        documents = rows.texts("document")
        for place in places:
            rows.aside(place, "uncoded highlight", self.uncoded, document=documents[place])

    def codes(self, paths: Sequence[Path], parts: Sequence[CodedProject]) -> pd.DataFrame:
        """Make the frame of codes from the paths that were met."""
        return code_frame(paths)

    def segment_of(self, rows: Rows) -> Places | None:
        """Give for each row the row of its segment, where several rows are of one segment."""
        return None

    def places(self, rows: Rows) -> Mapping[str, Any]:
        """Give ``start, end, unit, place`` of each row, as far as the table tells."""
        return {}

    def variables(self, rows: Rows, documents: pd.Series) -> pd.DataFrame:
        """Make attributes of columns without a meaning, or warn of them."""
        if self.has_variables:
            return rows.variables(documents, self.not_read)
        if rows.table.unknown:
            rows.notes.warn(f"{self.not_read}: {', '.join(rows.table.unknown)}.")
        return make_frame("attributes", {})

    def all_sheets(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read every sheet that has these columns; a coding that two of them hold counts once.

        Raises
        ------
        StudyError
            With every fault of every sheet.
        """
        return read_together(
            (self.rows(source, known.details["table"]) for known in (match, *match.others)),
            lambda rows: self.project(rows, parts),
        )

    def project(self, rows: Rows, parts: Sequence[CodedProject]) -> CodedProject:
        """Make a project of the codings."""
        ids, documents = rows.documents()
        applied = self.applied(rows, parts)
        rows.notes.faults.raise_if_any()
        attributes = self.variables(rows, ids)
        if self.stated_by is not None:
            applied = _not_stated(
                rows, applied, [p for p in parts if p.info.format == self.stated_by]
            )
        if rows.before and "text" in rows:
            applied = _not_before(rows, applied)
        segments, at = self._segments(rows, applied, ids)
        codings, coders = self._codings(rows, applied, at)
        return rows.project(
            documents=documents,
            codes=self.codes(applied.paths, parts),
            coders=coders,
            segments=segments,
            codings=codings,
            attributes=attributes,
            rows_read=len(codings) + rows.notes.codings_aside,
        )

    def _segments(
        self, rows: Rows, applied: Applied, ids: pd.Series
    ) -> tuple[pd.DataFrame, Places]:
        """Return the segments that have a code, and the row of the segment of each coding."""
        of_row = self.segment_of(rows)
        at = applied.rows if of_row is None else of_row[applied.rows]
        used = at[np.flatnonzero(np.diff(at, prepend=-1))] if _is_sorted(at) else np.unique(at)
        take = _taker(used, rows.height)
        columns: dict[str, Any] = {
            "segment_id": identifiers("s", used + 1),
            "document_id": take(ids),
            "offset_status": labelled(np.zeros(len(used), dtype="int8"), ["unchecked"]),
        }
        for name in ("text", "comment"):
            if name in rows:
                columns[name] = take(text_series(rows.cells(name)))
        for name, values in self.places(rows).items():
            columns[name] = take(pd.Series(values).reset_index(drop=True))
        return make_frame("segments", columns), at

    def _codings(
        self, rows: Rows, applied: Applied, at: Places
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        size = len(applied.rows)
        one = np.zeros(size, dtype="int8")
        take = _taker(applied.rows, rows.height)
        codes = pd.Index([code_id(path) for path in applied.paths], dtype="str")
        columns: dict[str, Any] = {
            "coding_id": numbered("c", size),
            "segment_id": identifiers("s", at + 1),
            "code_id": pd.Series(pd.Categorical.from_codes(applied.codes, categories=codes)),
            "source_file": labelled(one, [rows.notes.file]),
            "source_row": take(pd.Series(np.asarray(rows.numbers, dtype="int64"))),
        }
        if rows.sheet:
            columns["source_sheet"] = labelled(one, [rows.sheet])
        if applied.weights is not None:
            columns["weight"] = applied.weights
        elif "weight" in rows:
            columns["weight"] = take(number_series(rows.cells("weight")))
        if "created" in rows:
            columns["created_at"] = take(iso_dates(rows.cells("created")))
        if "memo" in rows:
            columns["memo"] = take(text_series(rows.cells("memo")))
        people: list[str] = []
        if "coder" in rows:
            coders = take(rows.labels("coder")).cat.remove_unused_categories()
            columns["coder_id"] = coders
            people = list(coders.dropna().unique())
        return (
            make_frame("codings", columns),
            make_frame("coders", {"coder_id": people, "name": people}),
        )


class CodeTable(TableReader):
    """A codebook: one row per code.

    Attributes
    ----------
    counted : str
        What the numbers in the column "n" count, for messages.
    repeats : str
        ``"aside"`` where a second row of one code is set aside, ``"fault"`` where it is one.
    """

    counted: ClassVar[str]
    repeats: ClassVar[str] = "aside"

    def paths(self, rows: Rows) -> list[Path]:
        """Give the path of the code in each row; empty where a row names none."""
        return [(name,) if name else () for name in rows.texts("code")]

    def kinds(self, paths: Sequence[Path], counts: Sequence[int | None]) -> list[str | None]:
        """Say of each count what it counts: ``own``, ``aggregate`` or ``unknown``."""
        return ["own"] * len(paths)

    def columns(self, rows: Rows, places: Sequence[int]) -> Mapping[str, Sequence[object]]:
        """Give further columns of the frame of codes, for the rows of the codes."""
        return {}

    def attributes(self, rows: Rows, ids: Mapping[int, str]) -> pd.DataFrame:
        """Make attributes of codes; `ids` are their identifiers by row."""
        return make_frame("attributes", {})

    def project(self, rows: Rows, parts: Sequence[CodedProject]) -> CodedProject:
        """Make a project of the codes."""
        counts = rows.counts("n", self.counted)
        stated = self.paths(rows)
        first = first_rows(stated)
        for place, path in enumerate(stated):
            if not path:
                rows.aside(place, "row", "the row names no code")
            elif first[path] != place and self.repeats == "fault":
                rows.fault(
                    place,
                    kind="duplicate-code",
                    column="code",
                    found=f'"{" > ".join(path)}" a second time, after row '
                    f"{rows.numbers[first[path]]}",
                    expected="each code once",
                    remedy="Rename or merge the codes in the program, and export the table again.",
                )
            elif first[path] != place:
                why = "a row before it has the same code"
                rows.aside(place, "code", why, code=code_id(path))
        places = list(first.values())
        numbers = [counts[place] for place in places]
        columns: dict[str, Sequence[object]] = {
            "reported_n": numbers,
            "reported_n_kind": self.kinds(list(first), numbers),
        }
        if "description" in rows:
            cells = rows.cells("description")
            columns["description"] = [as_text(cells[place]) for place in places]
        attributes = self.attributes(rows, {place: code_id(path) for path, place in first.items()})
        rows.notes.faults.raise_if_any()
        return rows.project(
            codes=code_frame(list(first), {**columns, **self.columns(rows, places)}),
            attributes=attributes,
        )


class VariableTable(TableReader):
    """A table of variables: one row per document or case, one column per variable."""

    def entities(self, rows: Rows) -> list[tuple[str, str]]:
        """Give the kind (``document`` or ``case``) and identifier of each row."""
        kind = "document" if "document" in rows else "case"
        return [(kind, name or "") for name in rows.texts(kind)]

    def value(self, text: str) -> str | None:
        """Return a value as it is meant; None where it means that nothing is known."""
        return text

    def project(self, rows: Rows, parts: Sequence[CodedProject]) -> CodedProject:
        """Make a project of documents or cases and their attributes."""
        entities = self.entities(rows)
        kind_of = {name: kind for kind, name in entities}
        found: dict[tuple[str, str], tuple[str, int]] = {}
        columns = [
            (name, text_series(cells).tolist()) for name, cells in rows.table.unknown.items()
        ]
        for place, (_, entity) in enumerate(entities):
            for name, texts in columns:
                text = texts[place]
                value = self.value(text.strip()) if isinstance(text, str) else None
                if not value:
                    continue
                before = found.setdefault((entity, name), (value, rows.numbers[place]))
                if before[0] != value:
                    rows.fault(
                        place,
                        kind=f"duplicate-{kind_of[entity]}",
                        column=name,
                        found=f'another value for "{entity}" than in row {before[1]}',
                        expected=f"one row a {kind_of[entity]}",
                        remedy="Give the two different names, or delete one row.",
                    )
        documents = [name for name, kind in kind_of.items() if kind == "document"]
        cases = [name for name, kind in kind_of.items() if kind == "case"]
        return rows.project(
            documents=make_frame("documents", {"document_id": documents, "name": documents}),
            cases=make_frame("cases", {"case_id": cases, "name": cases}),
            attributes=make_frame(
                "attributes",
                {
                    "entity": [kind_of[entity] for entity, _ in found],
                    "entity_id": [entity for entity, _ in found],
                    "name": [name for _, name in found],
                    "value": [value for value, _ in found.values()],
                    "source_file": [rows.notes.file] * len(found),
                    "source_row": [row for _, row in found.values()],
                },
            ),
        )


def read_together(sheets: Iterable[Rows], project: Callable[[Rows], CodedProject]) -> CodedProject:
    """Read the codings of one or several sheets of a file, and say that they were joined.

    Parameters
    ----------
    sheets : iterable of Rows
    project : callable
        Makes the project of one sheet; its rows know the projects of the sheets before it.

    Raises
    ------
    StudyError
        With every fault of every sheet.
    """
    faults, projects, names = FaultList(), list[CodedProject](), list[str]()
    for rows in sheets:
        rows.before = projects
        names.append(rows.sheet or "")
        try:
            projects.append(project(rows))
        except StudyError as error:
            faults.extend(error.faults)
    faults.raise_if_any()
    return together(projects, names)


def together(projects: Sequence[CodedProject], sheets: Sequence[str]) -> CodedProject:
    """Join the codings of several sheets of one file, and say that they were joined."""
    if len(projects) == 1:
        return projects[0]
    counts = " + ".join(str(len(project.codings)) for project in projects)
    shown = ", ".join(f'"{name}"' for name in sheets[:SHOWN]) + " …" * (len(sheets) > SHOWN)
    joined = combine(projects)
    said = (
        f"{joined.info.files[0].name}: {len(sheets)} sheets have the same columns ({shown}), and "
        f"all of them are counted: {counts} codings."
    )
    return joined.with_(warnings=(*joined.warnings, said))


def _category(at: npt.NDArray[Any], labels: Sequence[str | None]) -> pd.Series:
    """Return labels by their numbers as a category; a label that is None is missing."""
    named = list(dict.fromkeys(label for label in labels if label is not None))
    place = {name: number for number, name in enumerate(named)}
    where = np.asarray([-1 if name is None else place[name] for name in labels], dtype="int64")
    codes = where[at] if len(where) else np.zeros(0, dtype="int64")
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(named, dtype="str")))


def _is_sorted(places: Places) -> bool:
    return bool((np.diff(places) >= 0).all())


def _taker(places: Places, height: int) -> Callable[[pd.Series], pd.Series]:
    """Return what takes some rows of a column; all of them are taken without a copy."""
    if len(places) == height and bool((places == np.arange(height)).all()):
        return lambda series: series
    return lambda series: series.take(places).reset_index(drop=True)


def _not_before(rows: Rows, applied: Applied) -> Applied:
    """Set aside the codings that a sheet before this one holds, word by word."""
    held = Statements(rows.before, with_coders="coder" in rows)
    documents, coders, contents = rows.texts("document"), rows.texts("coder"), rows.cells("text")
    kept = []
    for place, (row, code) in enumerate(
        zip(applied.rows.tolist(), applied.codes.tolist(), strict=True)
    ):
        document, name = documents[row] or "", applied.paths[code][-1]
        text = as_text(contents[row])
        if text and held.take(statement(document, name, coders[row], text)):
            why = "another sheet holds the same coding"
            rows.aside(row, "coding", why, code=name, document=document)
        else:
            kept.append(place)
    return _only(applied, kept)


def _only(applied: Applied, places: Sequence[int]) -> Applied:
    used, codes = np.unique(applied.codes[places], return_inverse=True)
    weights = applied.weights
    return Applied(
        applied.rows[places],
        codes,
        [applied.paths[code] for code in used.tolist()],
        None if weights is None else weights.take(places).reset_index(drop=True),
    )


def _not_stated(rows: Rows, applied: Applied, databases: Sequence[CodedProject]) -> Applied:
    """Set aside the codings that the database of the project holds as well."""
    if not databases:
        return applied
    held = Statements(databases, with_coders="coder" in rows)
    documents, coders, contents = rows.texts("document"), rows.texts("coder"), rows.cells("text")
    kept = []
    for place, (row, code) in enumerate(
        zip(applied.rows.tolist(), applied.codes.tolist(), strict=True)
    ):
        document, name = documents[row] or "", applied.paths[code][-1]
        if held.take(statement(document, name, coders[row], as_text(contents[row]))):
            why = f"{held.name} holds the same coding"
            rows.aside(row, "coding", why, code=name, document=document)
        else:
            kept.append(place)
    if kept:
        rows.notes.warn(
            f"{len(kept)} of {len(applied.rows)} codings are not in {held.name}, and are counted "
            "as well. If one of the files is out of date, leave it out."
        )
    return _only(applied, kept)
