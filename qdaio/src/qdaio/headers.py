"""Finding a table in a sheet by its headers, wherever it stands and however it is ordered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from qdaio.faults import Fault, StudyError
from qdaio.files.cells import Sheet, TextColumn, as_text, text_series
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.labels import is_total, plain

__all__ = [
    "SUM",
    "Headers",
    "SheetTable",
    "find_table",
    "read_attribute_table",
    "table_at",
    "without_totals",
]


Headers = Mapping[str, Collection[str]]
SUM = "it sums up other rows"  # why a row of totals is set aside
# columns in which a row of totals says so; names of columns can be numbered
NAMED = frozenset(
    ["document", "group", "code", "case", "participant", "coder", "id", "parent", "theme", "level"]
)
MANY = 20_000  # different names are not those of documents or codes
FIGURE = re.compile(r"[-+]?[\d.,\s]*\d\s*%?|\(\s*\d[\d.,]*\s*%?\s*\)|[-–—]")

DEPTH = 50  # rows among which a header is looked for
SHOWN = 12  # rows named one by one
WIDE = 3  # cells of a row that is no title
LONGEST = 64  # characters of a header
PROBED = 6  # columns in which headers are looked for again


@dataclass(frozen=True, eq=False)
class SheetTable:
    """A table in a sheet: named columns, and the row of each record in the file.

    Attributes
    ----------
    sheet : Sheet
    header_row : int
        Row of the header, as a person counts in the file.
    columns : dict of str to list
        The known columns, by canonical name; all of one length. Rows in which every
        cell of the sheet is blank are left out.
    unknown : dict of str to list
        The others, by header as written. A second column of one header gets " (2)".
    row_numbers : Sequence of int
        Row of each record, as a person counts in the file.
    headers : dict of str to str
        Header as written, by canonical name.
    missing : tuple of str
        Required names that have no column (only where a partial table was asked for).
    faults : tuple of Fault
        Two columns for one thing, rows of a text table with too few or too many cells, rows
        of a table above the header, headers that stand again.
    """

    sheet: Sheet
    header_row: int
    columns: dict[str, list[Any]]
    unknown: dict[str, list[Any]]
    row_numbers: Sequence[int]
    headers: dict[str, str]
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def height(self) -> int:
        """Number of records."""
        return len(self.row_numbers)

    @property
    def all_headers(self) -> list[str]:
        """Every header as written, known ones first."""
        return [*self.headers.values(), *self.unknown]

    def without(self, places: Collection[int]) -> SheetTable:
        """Leave out records, given by their places from 0."""
        gone = set(places)
        if not gone:
            return self
        kept = [place for place in range(self.height) if place not in gone]
        return replace(
            self,
            columns={name: [cells[at] for at in kept] for name, cells in self.columns.items()},
            unknown={name: [cells[at] for at in kept] for name, cells in self.unknown.items()},
            row_numbers=[self.row_numbers[at] for at in kept],
        )


def find_table(
    sheet: Sheet,
    required: Mapping[str, Collection[str]],
    optional: Mapping[str, Collection[str]] | None = None,
    *,
    partial: bool = False,
) -> SheetTable | None:
    """Find the table whose header names the required columns.

    Parameters
    ----------
    sheet : Sheet
        Searched among its first rows, so that title rows may stand above the header.
    required, optional : mapping of str to collection of str
        Headers in any language, by canonical name. They need no normal form.
    partial : bool
        Also take a row that names at least two known columns, one of them required,
        so that a message can say which are missing.

    Returns
    -------
    SheetTable or None
        None when no row is such a header.
    """
    known = {
        plain(label): name
        for names in (optional or {}, required)
        for name, labels in names.items()
        for label in labels
    }
    best: tuple[int, int, int] | None = None
    for index, row in enumerate(sheet.head(DEPTH)):
        found = {known.get(plain(cell)) for cell in row if isinstance(cell, str)} - {None}
        needed = sum(name in found for name in required)
        good = needed == len(required) or (partial and needed and len(found) > 1)
        if good and (best is None or (needed, len(found)) > best[:2]):
            best = needed, len(found), index
    return None if best is None else table_at(sheet, best[2], known, tuple(required))


def table_at(
    sheet: Sheet, index: int, known: Mapping[str, str], required: Sequence[str] = ()
) -> SheetTable:
    """Take the table whose header is row `index` of a sheet, counted from 0.

    Parameters
    ----------
    sheet : Sheet
    index : int
    known : mapping of str to str
        Canonical name by plain header.
    required : sequence of str
    """
    start = index + 1
    columns: dict[str, list[Any]] = {}
    unknown: dict[str, list[Any]] = {}
    headers: dict[str, str] = {}
    faults: list[Fault] = []
    for position, column in enumerate(sheet.columns):
        label = as_text(column[index])
        cells = column.below(start) if isinstance(column, TextColumn) else column[start:]
        if label is None:
            if any(cell is not None for cell in cells):
                unknown[f"column {position + 1}"] = cells
            continue
        name = known.get(plain(label))
        if name is None:
            unknown[_free(label, unknown)] = cells
        elif name not in columns:
            columns[name], headers[name] = cells, label
        elif columns[name] != cells:
            faults.append(_duplicate(sheet, index, label, headers[name]))
    kept = _filled(columns, unknown, sheet.height - start)
    rows: Sequence[int] = range(sheet.row_number(start), sheet.row_number(sheet.height))
    if kept is not None:
        rows = [rows[place] for place in kept]
        columns = {name: [cells[place] for place in kept] for name, cells in columns.items()}
        unknown = {name: [cells[place] for place in kept] for name, cells in unknown.items()}
    return SheetTable(
        sheet=sheet,
        header_row=sheet.row_number(index),
        columns=columns,
        unknown=unknown,
        row_numbers=rows,
        headers=headers,
        missing=tuple(name for name in required if name not in columns),
        faults=(
            *faults,
            *_ragged(sheet, index, rows),
            *_above(sheet, index),
            *_again(sheet, columns, known, rows),
        ),
    )


def _above(sheet: Sheet, index: int) -> list[Fault]:
    """Refuse rows above the header that are as wide as the table: they are one, and not read."""
    filled = [sum(cell is not None for cell in row) for row in sheet.head(index + 1)]
    wide = [place for place in range(index) if filled[place] >= max(WIDE, filled[index] / 2)]
    if len(wide) < 2:  # a band of titles over columns is one row
        return []
    return [
        Fault(
            kind="data-above-header",
            file=sheet.file,
            sheet=sheet.name.strip() or None,
            row=sheet.row_number(wide[0]),
            found=f"{len(wide)} rows with many cells above the header in row "
            f"{sheet.row_number(index)}",
            expected="titles only above the header of the table",
            remedy="Give the two tables as two files, or delete the rows that do not belong here.",
        )
    ]


def _again(
    sheet: Sheet, columns: Mapping[str, list[Any]], known: Mapping[str, str], rows: Sequence[int]
) -> list[Fault]:
    """Name the rows in which headers stand again, as where two exports were put together."""
    hits: Counter[int] = Counter()
    probed = sorted(list(columns.values())[:PROBED], key=_volume)
    for number, cells in enumerate(probed, 1):
        if number == len(probed) and not hits:
            break  # in one column alone it is no header
        labels = {cell for cell in _short_texts(cells) if plain(cell) in known}
        if labels:
            hits.update(place for place, cell in enumerate(cells) if cell in labels)
    return [
        Fault(
            kind="repeated-header",
            file=sheet.file,
            sheet=sheet.name.strip() or None,
            row=rows[place],
            found="headers in the middle of the table",
            expected="one header, above all rows",
            remedy="Delete the row if the columns below it are the same, or give the two exports "
            "as two files.",
        )
        for place in sorted(hits)
        if hits[place] > 1 and _is_header([cells[place] for cells in columns.values()], known)
    ][:SHOWN]


def _volume(cells: Sequence[Any]) -> int:
    return cells.arrow.nbytes if isinstance(cells, TextColumn) else 0


def _short_texts(cells: Sequence[Any]) -> Iterable[str]:
    """Return the texts of a column that can be headers, each once."""
    if isinstance(cells, TextColumn):
        texts = cells.arrow.unique().to_pylist()
        return [text for text in texts if text is not None and len(text) < LONGEST]
    return {cell for cell in set(cells) if isinstance(cell, str) and len(cell) < LONGEST}


def _is_header(cells: Sequence[Any], known: Mapping[str, str]) -> bool:
    """Say whether all that a row holds in known columns are headers."""
    filled = [cell for cell in cells if cell is not None]
    return all(isinstance(cell, str) and plain(cell) in known for cell in filled)


def _free(label: str, taken: Mapping[str, object]) -> str:
    count = 2
    name = label
    while name in taken:
        name = f"{label} ({count})"
        count += 1
    return name


def without_totals(table: SheetTable) -> tuple[SheetTable, list[int]]:
    """Part the rows that sum up others, which people and programs write below a table.

    Such a row says "Total", in any of many languages, and nothing beside it but figures. One
    that names a code as well sums up the code where no words stand in it.

    Returns
    -------
    table : SheetTable
        The other rows.
    rows : list of int
        Rows that were parted, as a person counts in the file.
    """
    first = next(iter(table.unknown.values()), [])
    looked = [cells for name, cells in table.columns.items() if name.split()[0] in NAMED]
    hits: set[int] = set()
    for cells in (*looked, first):
        texts = list(_short_texts(cells))
        sums = {text for text in texts if is_total(text)} if len(texts) < MANY else set()
        if sums:
            hits.update(place for place, cell in enumerate(cells) if cell in sums)
    every = [*table.columns.values(), *table.unknown.values()]
    words = table.columns.get("text")
    documents = table.columns.get("document", [])
    found = []
    for place in sorted(hits):
        filled = [cells[place] for cells in every if cells[place] is not None]
        if all(is_total(cell) or _is_figure(cell) for cell in filled) or (
            words is not None
            and is_total(documents[place] if documents else None)
            and (words[place] is None or _is_figure(words[place]))
        ):
            found.append(place)
    return table.without(found), [table.row_numbers[at] for at in found]


def _is_figure(cell: object) -> bool:
    return not isinstance(cell, str) or FIGURE.fullmatch(cell.strip()) is not None


def _filled(
    columns: Mapping[str, list[Any]], unknown: Mapping[str, list[Any]], height: int
) -> list[int] | None:
    """Give the places of rows that hold anything, or None when all do."""
    every = [*columns.values(), *unknown.values()]
    if any(None not in cells for cells in every):
        return None
    empty: list[int] | None = None
    for cells in every:
        places = range(height) if empty is None else empty
        empty = [place for place in places if cells[place] is None]
        if not empty:
            return None
    blank = set(empty or ())
    return [place for place in range(height) if place not in blank] if blank else None


def _duplicate(sheet: Sheet, index: int, label: str, first: str) -> Fault:
    return Fault(
        kind="duplicate-column",
        file=sheet.file,
        sheet=sheet.name.strip() or None,
        row=sheet.row_number(index),
        column=label,
        found=f'a second column for what "{first}" holds, with other content',
        expected="one",
        remedy="Delete the column that does not belong to the export.",
    )


def _ragged(sheet: Sheet, index: int, rows: Sequence[int]) -> list[Fault]:
    """Name the rows of a text table whose number of cells is not the header's."""
    if sheet.lengths is None:
        return []
    width = sheet.lengths[index]
    if sheet.lengths.count(width) == len(sheet.lengths):
        return []
    first = sheet.row_number(0)
    uneven = [row for row in rows if sheet.lengths[row - first] != width]
    faults = [
        Fault(
            kind="wrong-format",
            file=sheet.file,
            row=row,
            found=f"{sheet.lengths[row - first]} cells",
            expected=f"{width}, as in the header",
            remedy="Look for a separator or a quotation mark that is missing or too many, "
            "or export the file again.",
        )
        for row in uneven[:SHOWN]
    ]
    if len(uneven) > SHOWN:
        faults.append(
            Fault(
                kind="wrong-format",
                file=sheet.file,
                found=f"{len(uneven) - SHOWN} more rows with another number of cells",
                expected=f"{width}, as in the header",
                remedy="Export the file again.",
            )
        )
    return faults


def read_attribute_table(source: Source) -> tuple[pd.DataFrame, pd.Series]:
    """Read the one table of a file whatever its columns, such as scores or demographic data.

    Parameters
    ----------
    source : Source
        CSV or workbook. Of several sheets the one with most cells is read.

    Returns
    -------
    table : DataFrame of str
        Columns as written, stripped of outer spaces; the second of one header gets " (2)".
    rows : Series of int
        Row of each record, as a person counts in the file.

    Raises
    ------
    StudyError
        When the file is no table, has no rows below its header, or is damaged.
    """
    sheets = read_sheets(source)
    sheet = max(sheets, key=lambda item: item.height * item.width, default=None)
    if sheet is None or sheet.height < 2:
        raise StudyError(
            Fault(
                kind="empty-file",
                file=source.name,
                found="no rows below a header",
                expected="a header row and rows below it",
                remedy="Fill the table, or name another file.",
            )
        )
    table = table_at(sheet, _header(sheet), {})
    if table.faults:
        raise StudyError(table.faults)
    columns: dict[str, pd.Series] = {}
    for header, cells in table.unknown.items():
        columns[_free(header.strip(), columns)] = text_series(cells).str.strip()
    return pd.DataFrame(columns), pd.Series(list(table.row_numbers), dtype="int64")


def _header(sheet: Sheet) -> int:
    """Take the first row that fills most columns: title rows above it fill few."""
    filled = [sum(as_text(cell) is not None for cell in row) for row in sheet.head(20)]
    return next(index for index, count in enumerate(filled) if 2 * count > max(filled))
