"""Cells of workbooks before .xlsx (BIFF8), read record by record.

Layout as in Microsoft's [MS-XLS], version 20240820, public under its Open Specifications
Promise. Read here, as a damaged file must give a message: the library that reads .xlsx
asks the system for as much memory as a damaged record says, and that ends the program.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from qdaio.biff_values import Pieces, as_date, is_date_format, packed_number, text_at
from qdaio.compound import OtherFileError

__all__ = ["BiffError", "BiffSheet", "read_biff"]

BOF, EOF, CONTINUE, PASSWORD = 0x0809, 0x000A, 0x003C, 0x002F
BOUNDSHEET, SST, FORMAT, XF, DATEMODE = 0x0085, 0x00FC, 0x041E, 0x00E0, 0x0022
LABELSST, LABEL, RSTRING, NUMBER, RK, MULRK = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
FORMULA, STRING, BOOLERR = 0x0006, 0x0207, 0x0205
WORKSHEET, BIFF8 = 0x0010, 0x0600
CELLS = frozenset({LABELSST, LABEL, RSTRING, NUMBER, RK, MULRK, FORMULA, BOOLERR})
# records without a value that may stand among those of cells: blanks, rows, shared formulas
BETWEEN = frozenset({0x0201, 0x00BE, 0x0208, 0x00D7, 0x04BC, 0x0221, 0x0236, STRING, CONTINUE})
MOST_COLUMNS = 256

Record = tuple[int, bytes]


class BiffError(Exception):
    """Raised when a workbook is damaged or of another kind; says what does not fit."""


@dataclass
class BiffSheet:
    """One worksheet: cells by row and column, both from 0."""

    name: str
    is_visible: bool
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)

    def columns(self) -> list[list[Any]]:
        """Return all columns, of one length; a cell without value is an empty text."""
        if not self.cells:
            return []
        height = 1 + max(row for row, _ in self.cells)
        width = 1 + max(column for _, column in self.cells)
        columns: list[list[Any]] = [[""] * height for _ in range(width)]
        for (row, column), value in self.cells.items():
            columns[column][row] = value
        return columns


@dataclass
class _Book:
    sheets: list[tuple[int, str, bool]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    references: int = 0
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    dates: dict[int, bool] = field(default_factory=dict)
    is_1904: bool = False


def read_biff(stream: bytes) -> list[BiffSheet]:
    """Read every worksheet of the stream ``Workbook``.

    Raises
    ------
    BiffError
        When a record leaves the stream, or says what cannot be; when a cell stands twice,
        or fewer cells refer to shared texts than the workbook counts.
    OtherFileError
        When it has a password, or is older than Excel 97.
    """
    try:
        book = _globals(stream)
        sheets = [_sheet(stream, book, *entry) for entry in book.sheets]
    except (struct.error, ValueError, IndexError) as error:
        raise BiffError(str(error)) from error
    used = sum(isinstance(value, _Shared) for sheet in sheets for value in sheet.cells.values())
    if used != book.references:
        raise BiffError(f"{used} cells with shared texts instead of {book.references}")
    for sheet in sheets:
        for place, value in sheet.cells.items():
            if isinstance(value, _Shared):
                sheet.cells[place] = book.texts[value]
    return sheets


class _Shared(int):
    """Number of a shared text."""


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """Give the records from a BOF to its EOF, without those of charts between."""
    place = start
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, place)
        data = stream[place + 4 : place + 4 + length]
        if len(data) < length:
            raise BiffError("a record without end")
        place += 4 + length
        if kind == BOF:
            depth += 1
        if depth == 1 or kind == BOF:
            yield kind, data
        if kind == EOF:
            depth -= 1
            if depth <= 0:
                return


def _globals(stream: bytes) -> _Book:
    book = _Book()
    shared: list[bytes] = []
    collecting = False
    for number, (kind, data) in enumerate(_records(stream, 0)):
        if number == 0 and (kind != BOF or struct.unpack_from("<H", data)[0] != BIFF8):
            raise OtherFileError("a workbook of Excel 95 or before")
        if kind == PASSWORD:
            raise OtherFileError("password")
        collecting = kind == SST or (collecting and kind == CONTINUE)
        if collecting:
            shared.append(data)
        elif kind == BOUNDSHEET:
            position, visibility, of = struct.unpack_from("<IBB", data)
            if of == 0:
                book.sheets.append((position, text_at(data, 6, short=True), visibility & 3 == 0))
        elif kind == FORMAT:
            book.formats[struct.unpack_from("<H", data)[0]] = text_at(data, 2)
        elif kind == XF:
            book.styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == DATEMODE:
            book.is_1904 = struct.unpack_from("<H", data)[0] == 1
    if not book.sheets:
        raise BiffError("no worksheet")
    if shared:
        pieces = Pieces(shared)
        book.references = pieces.number_of("<I")
        book.texts = [pieces.text() for _ in range(pieces.number_of("<I"))]
    return book


def _sheet(stream: bytes, book: _Book, position: int, name: str, is_visible: bool) -> BiffSheet:
    sheet = BiffSheet(name, is_visible)
    since: list[int] = []  # kinds of records after the last cell
    began = False
    waiting: tuple[int, int] | None = None  # a formula whose text stands in a record of its own
    for number, (kind, data) in enumerate(_records(stream, position)):
        if number == 0 and kind != BOF:
            raise BiffError("a worksheet that is not where it should be")
        if kind == STRING and waiting is not None:
            sheet.cells[waiting] = text_at(data, 0)
            waiting = None
        if kind not in CELLS:
            since += [kind] if began and kind not in BETWEEN else []
            continue
        if since:
            raise BiffError("another record among those of cells")
        began = True
        row, column = struct.unpack_from("<HH", data)
        for offset, value in enumerate(_values(book, kind, data)):
            place = row, column + offset
            if place in sheet.cells or place[1] >= MOST_COLUMNS:
                raise BiffError("a cell that stands twice or outside of the sheet")
            sheet.cells[place] = value
        if kind == FORMULA and data[6] == 0 and data[12:14] == b"\xff\xff":
            waiting = row, column
    return sheet


def _values(book: _Book, kind: int, data: bytes) -> list[Any]:
    """Return the value of a record of one cell, or of several side by side."""
    if kind == LABELSST:
        number = struct.unpack_from("<I", data, 6)[0]
        if number >= len(book.texts):
            raise BiffError("a shared text that is not there")
        return [_Shared(number)]
    if kind in (LABEL, RSTRING):
        return [text_at(data, 6)]
    if kind == MULRK:
        count, over = divmod(len(data) - 6, 6)
        if over:
            raise BiffError("packed numbers of another length")
        pairs = [struct.unpack_from("<HI", data, 4 + 6 * at) for at in range(count)]
        return [_number(book, style, packed_number(packed)) for style, packed in pairs]
    style = struct.unpack_from("<H", data, 4)[0]
    if kind == RK:
        return [_number(book, style, packed_number(struct.unpack_from("<I", data, 6)[0]))]
    if kind == BOOLERR:
        value, is_error = struct.unpack_from("<BB", data, 6)
        return ["" if is_error else bool(value)]
    if kind == FORMULA and data[12:14] == b"\xff\xff":
        return [bool(data[8]) if data[6] == 1 else ""]
    return [_number(book, style, struct.unpack_from("<d", data, 6)[0])]


def _number(book: _Book, style: int, value: float) -> Any:
    if style not in book.dates:
        form = book.styles[style]
        book.dates[style] = is_date_format(form, book.formats.get(form))
    return as_date(value, is_1904=book.is_1904) if book.dates[style] else value
