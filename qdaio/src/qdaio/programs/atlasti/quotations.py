"""Quotations of ATLAS.ti, desktop and Web: one row a quotation, its codes in one cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from qdaio.codes import CodeNames, code_frame, code_id, code_systems, whole_number
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table, table_at
from qdaio.labels import name_key, normalise
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside, make_frame
from qdaio.programs.atlasti.codebook import prefixed_paths
from qdaio.programs.atlasti.splitting import SEPARATORS, CodeList, read_code_lists
from qdaio.programs.atlasti.words import QUOTATIONS
from qdaio.reader import Match
from qdaio.tables import TABLE_KINDS

__all__ = [
    "READER",
    "Place",
    "QuotationReader",
    "QuotationRows",
    "find_quotations",
    "iso_dates",
    "place_of",
    "unread",
]


Place = tuple[int | None, int | None, str | None, str | None]

PARAGRAPHS = re.compile(r"^¶+\s*(\d{1,9})(?:\s*[-–—]\s*(?:¶\s*)?(\d{1,9}))?\b")
CLOCK = re.compile(r"^(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,:](\d{1,3}))?$")
SLASHED = re.compile(r"^(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})(?:,?\s+(.*))?$")


def place_of(reference: object, start: object, end: object) -> Place:
    """Read where a quotation is.

    Parameters
    ----------
    reference : cell
        Such as ``¶ 3 – 4`` (with thin spaces), ``p. 3`` or ``0:01:23 – 0:02:00``.
    start, end : cells
        Positions in columns of their own: paragraphs of a text, times of a recording.

    Returns
    -------
    tuple of start, end, unit and place
        Start and end are whole numbers in `unit` where they are known; place is what is
        printed.
    """
    printed = " ".join((as_text(reference) or "").split()) or None
    first, last = _number(start), _number(end)
    marked = PARAGRAPHS.match(printed or "")
    if marked and first is None:
        first, last = int(marked[1]), int(marked[2] or marked[1])
    times = _milliseconds(start), _milliseconds(end)
    if times[0] is not None:
        return times[0], times[1], "ms", printed or _pair(start, end)
    if first is None:
        return None, None, None, printed or _pair(start, end)
    if marked or printed is None:
        return first, last, "paragraph", printed
    return None, None, None, f"{printed} ({_pair(start, end)})"


def _pair(start: object, end: object) -> str | None:
    return " – ".join(text for cell in (start, end) if (text := as_text(cell))) or None


def _number(cell: object) -> int | None:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    text = (as_text(cell) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _milliseconds(cell: object) -> int | None:
    if isinstance(cell, dt.time):
        cell = dt.timedelta(
            hours=cell.hour,
            minutes=cell.minute,
            seconds=cell.second,
            microseconds=cell.microsecond,
        )
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() * 1000)
    found = CLOCK.match((as_text(cell) or "").strip())
    if found is None:
        return None
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    return seconds * 1000 + int((found[4] or "0").ljust(3, "0"))


def iso_dates(cells: Sequence[Any]) -> list[str | None]:
    """Return a column of dates as ISO 8601; what cannot be read stays as written.

    ``3/25/25`` has the month first and ``25/3/25`` the day; which of them a column means
    is read from all of its dates together. Where none has a number above 12 it cannot be
    told, and they stay as written.
    """
    texts = [cell.isoformat() if isinstance(cell, dt.date) else as_text(cell) for cell in cells]
    found = [SLASHED.match((text or "").strip()) for text in texts]
    firsts = {int(date[1]) for date in found if date}
    seconds = {int(date[3]) for date in found if date}
    dotted = any(date[2] == "." for date in found if date)
    day_first = dotted or max(firsts, default=0) > 12
    month_first = not dotted and max(seconds, default=0) > 12
    if day_first is month_first:
        return texts
    return [
        _iso(date, day_first) or text if date else text
        for text, date in zip(texts, found, strict=True)
    ]


def _iso(date: re.Match[str], day_first: bool) -> str | None:
    day, month = (int(date[1]), int(date[3])) if day_first else (int(date[3]), int(date[1]))
    year = int(date[4]) + (2000 if len(date[4]) == 2 else 0)
    try:
        written = dt.date(year, month, day).isoformat()
    except ValueError:
        return None
    return f"{written} {date[5]}" if date[5] else written


QUOTATION_ID = re.compile(r"^\d+:\d+$")
SAMPLE = 400
HEADER_DEPTH = 20


def find_quotations(source: Source) -> Match | None:
    """Find the table of quotations in a file.

    Returns
    -------
    Match or None
        ``details["table"]`` is the :class:`SheetTable`, with the names of
        :data:`qdaio.programs.atlasti.codebook.QUOTATIONS`.
    """
    best: Match | None = None
    for sheet in read_sheets(source):
        found = _by_header(sheet) or _by_content(sheet)
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def _matched(score: float, reason: str, table: SheetTable) -> Match:
    name = table.sheet.name.strip() or None
    return Match(score=score, reason=reason, sheet=name, details={"table": table})


def _by_header(sheet: Sheet) -> Match | None:
    required = {name: QUOTATIONS[name] for name in ("codes", "document")}
    optional = {name: QUOTATIONS[name] for name in QUOTATIONS if name not in required}
    table = find_table(sheet, required, optional)
    if table is None:
        return None
    columns = table.columns
    if "count" in columns or _share(columns.get("number", ()), QUOTATION_ID) > 0.8:
        return _matched(0.95, "columns of a quotation list of ATLAS.ti", table)
    if "text" in columns and "code" not in {normalise(label) for label in table.unknown}:
        return _matched(0.65, "quotations with their document and codes", table)
    return None


def _by_content(sheet: Sheet) -> Match | None:
    """Know a list of quotations whose headers are in another language.

    It has a column of identifiers like ``3:17``, and one of numbers that say how many codes
    another column lists.
    """
    if sheet.width < 4 or sheet.height < 3:
        return None
    shown = {place: column[: SAMPLE + HEADER_DEPTH] for place, column in enumerate(sheet.columns)}
    ids = [place for place, cells in shown.items() if _ids_from(cells) is not None]
    if len(ids) != 1:
        return None
    first = _ids_from(shown[ids[0]])
    if not first:
        return None
    body = {place: cells[first:] for place, cells in shown.items()}
    pair = _codes_and_count(body)
    if pair is None:
        return None
    codes, count = pair
    named = {ids[0]: "number", codes: "codes", count: "count"}
    rest = {place: cells for place, cells in body.items() if place not in named}
    known = {normalise(label): name for name, labels in QUOTATIONS.items() for label in labels}
    headers = {place: as_text(sheet.columns[place][first - 1]) or "" for place in shown}
    for place in list(rest):
        name = known.get(normalise(headers[place]))
        if name and name not in named.values():
            named[place] = name
            del rest[place]
    if "document" not in named.values():
        document = _document_column(rest, body[ids[0]])
        if document is None:
            return None
        named[document] = "document"
        del rest[document]
    if "text" not in named.values() and (text := _longest(rest)) is not None:
        named[text] = "text"
    labels = {normalise(headers[place]): name for place, name in named.items() if headers[place]}
    if len(labels) < len(named):
        return None
    table = table_at(sheet, first - 1, labels, ("codes", "document"))
    if table.missing:
        return None
    return _matched(0.7, "identifiers of quotations, and a number of codes that fits", table)


def _share(cells: Sequence[Any], pattern: re.Pattern[str]) -> float:
    filled = [as_text(cell) or "" for cell in cells[:SAMPLE] if cell is not None]
    return sum(pattern.match(text.strip()) is not None for text in filled) / max(1, len(filled))


def _ids_from(cells: Sequence[Any]) -> int | None:
    """Return the place from which on a column holds identifiers of quotations only."""
    places = [
        place
        for place, cell in enumerate(cells)
        if isinstance(cell, str) and QUOTATION_ID.match(cell.strip())
    ]
    if not places or not 0 < places[0] <= HEADER_DEPTH:
        return None
    return places[0] if len(places) >= 0.9 * (len(cells) - places[0]) else None


def _codes_and_count(body: dict[int, list[Any]]) -> tuple[int, int] | None:
    """Find a column of numbers, and the column whose lists have that many parts."""
    best: tuple[float, int, int] | None = None
    for count, numbers in body.items():
        whole = [whole_number(cell) for cell in numbers]
        if len(set(whole)) < 2 or None in whole:
            continue
        for codes, cells in body.items():
            if codes == count or not any(isinstance(cell, str) for cell in cells):
                continue
            fit = _fit([as_text(cell) or "" for cell in cells], [n or 0 for n in whole])
            if fit > 0 and (best is None or fit > best[0]):
                best = fit, codes, count
    return None if best is None else best[1:]


def _fit(texts: Sequence[str], numbers: Sequence[int]) -> float:
    """Return the share of rows whose text has just the stated number of parts.

    Zero when a row has too few parts, or fewer than a third fit, or no row has several.
    """
    best = 0.0
    for separator in SEPARATORS:
        parts = [text.count(separator) + 1 if text else 0 for text in texts]
        pairs = list(zip(parts, numbers, strict=True))
        if any(p < n for p, n in pairs) or any(n == 0 < p for p, n in pairs):
            continue
        if sum(n > 1 for n in numbers) >= 2:
            best = max(best, sum(p == n for p, n in pairs) / len(pairs))
    return best if best > 1 / 3 else 0.0


def _document_column(columns: dict[int, list[Any]], ids: Sequence[Any]) -> int | None:
    """Take the column that changes just as the number of the document in the identifier."""
    numbers = [str(cell).partition(":")[0] for cell in ids]
    for place, cells in columns.items():
        names = [as_text(cell) for cell in cells]
        if None in names or not any(letter.isalpha() for name in names for letter in name or ""):
            continue
        if len(set(zip(numbers, names, strict=True))) == len(set(numbers)) == len(set(names)):
            return place
    return None


def _longest(columns: dict[int, list[Any]]) -> int | None:
    sizes = {
        place: sum(len(cell) for cell in cells if isinstance(cell, str))
        for place, cells in columns.items()
    }
    sizes = {place: size for place, size in sizes.items() if size}
    return max(sizes, key=lambda place: (sizes[place], -place), default=None)


QUOTES = "\"'“”„‟«»‹›‘’"


class QuotationRows:
    """The table, column by column; a column that is absent has empty cells.

    Parameters
    ----------
    table : SheetTable

    Attributes
    ----------
    faults : FaultList
        Of the table, and of rows that name no document.
    documents : list of str
        Document of each row.
    """

    def __init__(self, table: SheetTable) -> None:
        self.table = table
        self.faults = FaultList()
        self.faults.extend(table.faults)
        self.documents = [(text or "").strip() for text in self.texts("document")]
        for row, name in zip(table.row_numbers, self.documents, strict=True):
            if not name:
                self.faults.add(
                    kind="missing-value",
                    file=table.sheet.file,
                    sheet=table.sheet.name.strip() or None,
                    row=row,
                    column=table.headers["document"],
                    found="no document",
                    expected="the name of the document that the quotation is from",
                    remedy="Fill in the document, or delete the row if it is no quotation.",
                )

    def cells(self, name: str) -> list[Any]:
        """Return a column."""
        return self.table.columns.get(name) or [None] * self.table.height

    def texts(self, name: str) -> list[str | None]:
        """Return a column as text."""
        return [as_text(cell) for cell in self.cells(name)]

    def document_frame(self) -> pd.DataFrame:
        """Return the frame of documents, in the order in which they come first."""
        names = list(dict.fromkeys(self.documents))
        order = range(1, len(names) + 1)
        return make_frame("documents", {"document_id": names, "name": names, "position": order})

    def segments(self, applied: Sequence[tuple[int, str]]) -> pd.DataFrame:
        """Return a segment for each row that has a coding; ids are those of :meth:`codings`."""
        used = list(dict.fromkeys(row for row, _ in applied))
        places = zip(self.cells("reference"), self.cells("start"), self.cells("end"), strict=True)
        table = pd.DataFrame(
            [place_of(*cells) for cells in places], columns=["start", "end", "unit", "place"]
        )
        table = table.astype({"start": "Int64", "end": "Int64", "unit": "str", "place": "str"})
        table = table.assign(
            segment_id=[f"s{row + 1}" for row in range(self.table.height)],
            document_id=self.documents,
            text=pd.Series(self.texts("text"), dtype="str"),
            comment=pd.Series(self.texts("comment"), dtype="str"),
            offset_status="unchecked",
        )
        return make_frame("segments", table.iloc[used])

    def codings(self, applied: Sequence[tuple[int, str]]) -> pd.DataFrame:
        """Return a coding for each pair of row, counted from 0, and code."""
        places = [row for row, _ in applied]
        coders = [(text or "").strip() or None for text in self.texts("creator")]
        dates = iso_dates(self.cells("created"))
        sheet = self.table.sheet.name.strip() or None
        size = len(applied)
        return make_frame(
            "codings",
            {
                "coding_id": [f"c{number}" for number in range(1, size + 1)],
                "segment_id": [f"s{row + 1}" for row in places],
                "code_id": [code for _, code in applied],
                "coder_id": pd.Series([coders[row] for row in places], dtype="str"),
                "created_at": pd.Series([dates[row] for row in places], dtype="str"),
                "source_file": [self.table.sheet.file] * size,
                "source_sheet": pd.Series([sheet] * size, dtype="str"),
                "source_row": [self.table.row_numbers[row] for row in places],
            },
        )


def unread(rows: QuotationRows, lists: Sequence[CodeList], *, has_codebook: bool) -> list[SetAside]:
    """List what the rows state and the project does not hold, and why.

    Parameters
    ----------
    rows : QuotationRows
    lists : sequence of CodeList
        One a row.
    has_codebook : bool
        Whether codes that were not found are codings that are set aside.
    """
    aside: list[SetAside] = []
    texts = rows.texts("text")
    sheet = rows.table.sheet.name.strip() or None
    for place, (row, item) in enumerate(zip(rows.table.row_numbers, lists, strict=True)):

        def put(what: str, why: str, code: str | None = None) -> None:
            aside.append(
                SetAside(
                    what=what,
                    why=why,
                    file=rows.table.sheet.file,
                    sheet=sheet,
                    row=row,  # noqa: B023 - called at once
                    code=code,
                    document=rows.documents[place],  # noqa: B023
                )
            )

        if item.is_uncoded:
            put("uncoded highlight", "the quotation has no code")
        for _ in range(item.lost):
            put("coding", item.why or "its code cannot be told")
        if has_codebook:
            for name, code in zip(item.names, item.code_ids, strict=True):
                if code is None and _bare(name) == _bare(texts[place] or ""):
                    put("coding", "the codebook lacks its code, named as the quotation's own words")
                elif code is None:
                    put("coding", "the codebook lacks its code, or two codes have this name", name)
    return aside


def _bare(text: str) -> str:
    return name_key(text).strip(QUOTES + " ")


SHOWN = 12

Applied = list[tuple[int, str]]


class QuotationReader:
    """Reads a list of quotations, with or without the codebook beside it."""

    format = "atlasti-quotations"
    software = "ATLAS.ti"

    def recognise(self, source: Source) -> Match | None:
        """Know the columns of a quotation list, in several languages or by content."""
        return find_quotations(source) if source.kind in TABLE_KINDS else None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the quotations alone; cells that need the codebook may be set aside."""
        return self.read_beside(source, match, ())

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the quotations; a codebook among `parts` says where lists of codes are cut.

        Raises
        ------
        StudyError
            When rows have no document or no sound number of codes, or the codebook is that
            of another project.
        """
        rows = QuotationRows(match.details["table"])
        system = code_systems(parts)
        lists = read_code_lists(
            rows.texts("codes"),
            rows.table.columns.get("count"),
            rows.table,
            None if system is None else CodeNames(system),
            rows.faults,
        )
        rows.faults.raise_if_any()
        codes, applied = _from_names(lists) if system is None else _from_system(lists, system)
        aside = unread(rows, lists, has_codebook=system is not None)
        codings = rows.codings(applied)
        people = codings["coder_id"].dropna().astype("str").drop_duplicates()
        sheet = rows.table.sheet.name.strip() or None
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, sheet),),
            ),
            documents=rows.document_frame(),
            codes=codes,
            coders=make_frame("coders", {"coder_id": people, "name": people}),
            segments=rows.segments(applied),
            codings=codings,
            rows_read=len(codings) + sum(item.what == "coding" for item in aside),
            set_aside=tuple(aside),
            warnings=(
                *rows.table.sheet.warnings,
                *_warnings(rows, lists, system is not None, people),
            ),
        )


def _from_names(lists: Sequence[CodeList]) -> tuple[pd.DataFrame, Applied]:
    """Build the codes from the names that the rows use."""
    names = list(dict.fromkeys(name for item in lists for name in item.names))
    paths = prefixed_paths(names, shared=True)
    ids = {name: code_id(path) for name, path in zip(names, paths, strict=True)}
    applied = [(row, ids[name]) for row, item in enumerate(lists) for name in item.names]
    return code_frame(list(dict.fromkeys(paths))), applied


def _from_system(lists: Sequence[CodeList], system: pd.DataFrame) -> tuple[pd.DataFrame, Applied]:
    """Take the codes that the rows use from the code system, with those above them."""
    applied = [(row, code) for row, item in enumerate(lists) for code in item.code_ids if code]
    parents = dict(zip(system["code_id"], system["parent_id"], strict=True))
    used = {code for _, code in applied}
    for code in list(used):
        parent = parents.get(code)
        while isinstance(parent, str) and parent not in used:
            used.add(parent)
            parent = parents.get(parent)
    return make_frame("codes", system[system["code_id"].isin(used)]), applied


def _warnings(
    rows: QuotationRows, lists: Sequence[CodeList], has_codebook: bool, people: pd.Series
) -> list[str]:
    name = rows.table.sheet.file
    warnings = []
    doubts = [
        f"row {row}: {item.why}"
        for row, item in zip(rows.table.row_numbers, lists, strict=True)
        if item.names and item.why
    ]
    if doubts:
        more = f"; and {len(doubts) - SHOWN} more" if len(doubts) > SHOWN else ""
        warnings.append(
            f"{name}: {len(doubts)} lists of codes are doubtful. {'; '.join(doubts[:SHOWN])}{more}."
        )
    if not has_codebook and any(len(item.names) > 1 for item in lists):
        if "count" in rows.table.columns:
            how = "from the number of codes of all rows together"
        else:
            how = "at every separator, for no number of codes is stated"
        warnings.append(
            f"{name}: without the codebook, lists of codes were cut {how}. Names of codes can "
            "hold commas: add the codebook to be certain."
        )
    if len(people) > 1:
        warnings.append(
            f"{name}: the coder of a coding is taken from who made the quotation "
            f"({len(people)} people); the file does not say who applied a code."
        )
    return warnings


READER = QuotationReader()
