"""Workbooks before .xlsx (BIFF8), read record by record.

Read here, as a damaged file must give a message: the library that reads .xlsx asks the
system for as much memory as a damaged record says, and that ends the program.

Layout as in Microsoft's [MS-CFB] (the container) and [MS-XLS] (the records), version
20240820, public under its Open Specifications Promise.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "BiffError",
    "BiffSheet",
    "CompoundError",
    "OtherFileError",
    "Pieces",
    "as_date",
    "is_date_format",
    "packed_number",
    "read_biff",
    "stream_of",
    "text_at",
    "workbook_stream",
]


MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = 512
LAST = 0xFFFFFFFA  # larger numbers of sectors are marks: free, end of a chain, tables
END = 0xFFFFFFFE
ENTRY = 128
ROOT = 5
STREAM = 2


class CompoundError(Exception):
    """Raised when a compound file is cut off or contradicts itself."""


class OtherFileError(Exception):
    """Raised when a compound file is sound, but something else; says what."""


def stream_of(content: bytes, *names: str) -> bytes | None:
    """Return the stream that has one of some names, or None where there is none.

    Parameters
    ----------
    content : bytes
        The whole file.
    *names : str
        In any case; the first that exists is taken.

    Raises
    ------
    CompoundError
        When a chain of sectors leaves the file, loops, or is shorter than its stream.
    """
    if len(content) < HEADER or not content.startswith(MAGIC):
        raise CompoundError("no header")
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise CompoundError("sizes of sectors")
    first_directory, _, cutoff, first_mini, _, first_difat, _ = struct.unpack_from(
        "<7I", content, 48
    )
    disk = _Sectors(content, 1 << shift, offset=1 << shift)
    table = _allocation(content, disk, first_difat)
    directory = disk.chain(first_directory, table)
    entries: dict[str, tuple[int, int]] = {}
    root = None
    for start in range(0, len(directory) - ENTRY + 1, ENTRY):
        entry = directory[start : start + ENTRY]
        length, kind = struct.unpack_from("<HB", entry, 64)
        first, size = struct.unpack_from("<IQ", entry, 116)
        size = size & 0xFFFFFFFF if shift == 9 else size
        if kind == ROOT:
            root = first
        elif kind == STREAM and 2 <= length <= 64:
            name = entry[: length - 2].decode("utf-16-le", errors="replace").casefold()
            entries.setdefault(name, (first, size))
    found = next((entries[name.casefold()] for name in names if name.casefold() in entries), None)
    if found is None:
        return None
    first, size = found
    if size >= cutoff:
        stream = disk.chain(first, table)
    else:
        if root is None:
            raise CompoundError("no root")
        mini = _Sectors(disk.chain(root, table), 1 << mini_shift)
        mini_table = _numbers(disk.chain(first_mini, table)) if first_mini < LAST else ()
        stream = mini.chain(first, mini_table)
    if len(stream) < size:
        raise CompoundError("a stream is shorter than it says")
    return stream[:size]


def workbook_stream(content: bytes) -> bytes:
    """Return the stream of a workbook before .xlsx.

    Raises
    ------
    CompoundError
        When the file is damaged, or holds something else, such as a document.
    """
    if stream_of(content, "EncryptedPackage") is not None:
        raise OtherFileError("password")
    stream = stream_of(content, "Workbook")
    if stream is None:
        raise OtherFileError("an Office file that is no workbook of Excel 97 to 2003")
    return stream


class _Sectors:
    """Pieces of one size, numbered from 0."""

    def __init__(self, content: bytes, size: int, offset: int = 0) -> None:
        self.content = content
        self.size = size
        self.offset = offset
        self.count = max(0, -(-(len(content) - offset) // size))

    def sector(self, number: int) -> bytes:
        if number >= self.count:
            raise CompoundError("a sector outside of the file")
        start = self.offset + number * self.size
        return self.content[start : start + self.size]

    def chain(self, first: int, table: tuple[int, ...]) -> bytes:
        """Join the sectors of a chain."""
        pieces: list[bytes] = []
        number = first
        while number != END:
            if number >= len(table) or len(pieces) > self.count:
                raise CompoundError("a chain of sectors without end")
            pieces.append(self.sector(number))
            number = table[number]
        return b"".join(pieces)


def _allocation(content: bytes, disk: _Sectors, first_difat: int) -> tuple[int, ...]:
    """Return the table that says which sector follows each."""
    places = [number for number in struct.unpack_from("<109I", content, 76) if number < LAST]
    seen = 0
    while first_difat < LAST:
        seen += 1
        if seen > disk.count:
            raise CompoundError("a table of tables without end")
        *more, first_difat = _numbers(disk.sector(first_difat))
        places += [number for number in more if number < LAST]
    if len(places) > disk.count:
        raise CompoundError("more tables than sectors")
    return _numbers(b"".join(disk.sector(place) for place in places))


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
DAYS = 2_958_466  # the year 10000
WIDE, EXTENDED, RICH = 0x01, 0x04, 0x08


class Pieces:
    """A record and its continuations, read from one end to the other.

    Where the characters of a text cross into a continuation, that begins with a byte that
    says anew whether characters are one or two bytes wide.

    Raises
    ------
    ValueError
        When more is read than there is.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces = pieces
        self.number = 0
        self.place = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes, from as many continuations as it takes."""
        parts = []
        while count:
            part = self._some(count)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def number_of(self, form: str) -> int:
        """Return the next whole number, of a form that `struct` knows."""
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def text(self) -> str:
        """Return the next text with its own header."""
        count = self.number_of("<H")
        flags = self.number_of("<B")
        runs = self.number_of("<H") if flags & RICH else 0
        extra = self.number_of("<I") if flags & EXTENDED else 0
        parts = []
        while count:
            if self.place == len(self.pieces[self.number]):
                self._next()
                flags = self.number_of("<B")
            width = 2 if flags & WIDE else 1
            part = self._some(count * width, width)
            count -= len(part) // width
            parts.append(part if width == 2 else part.decode("latin-1").encode("utf-16-le"))
        self.take(4 * runs)
        self.take(extra)
        return b"".join(parts).decode("utf-16-le", errors="replace")

    def _some(self, count: int, width: int = 1) -> bytes:
        if self.place == len(self.pieces[self.number]):
            self._next()
        piece = self.pieces[self.number]
        part = piece[self.place : self.place + count]
        if len(part) % width:
            raise ValueError("a character cut in two")
        self.place += len(part)
        return part

    def _next(self) -> None:
        self.number += 1
        self.place = 0
        if self.number >= len(self.pieces) or not self.pieces[self.number]:
            raise ValueError("a text without end")


def text_at(record: bytes, start: int, *, short: bool = False) -> str:
    """Return a text that stands whole in one record, with a long or short header."""
    count, flags = struct.unpack_from("<BB" if short else "<HB", record, start)
    start += 2 if short else 3
    width = 2 if flags & WIDE else 1
    part = record[start : start + count * width]
    if len(part) < count * width:
        raise ValueError("a text without end")
    return part.decode("utf-16-le" if width == 2 else "latin-1", errors="replace")


def packed_number(packed: int) -> float:
    """Return a number that is packed into 30 bits and two flags (RK)."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return float(value / 100 if packed & 1 else value)


def is_date_format(number: int, code: str | None) -> bool:
    """Say whether a number format shows dates or times."""
    if code is None:
        return number in BUILT_IN_DATES
    return re.search(r"[ymdhs]", LITERAL.sub("", code.split(";")[0]), re.IGNORECASE) is not None


def as_date(value: float, *, is_1904: bool) -> dt.date | dt.time | float:
    """Return a number as the date, time or both that its format shows."""
    if not 0 <= value < DAYS:
        return value
    seconds = round(value * 86_400)
    if seconds < 86_400 and not is_1904:
        return (dt.datetime.min + dt.timedelta(seconds=seconds)).time()
    start = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)
    moment = start + dt.timedelta(seconds=seconds)
    return moment if seconds % 86_400 else moment.date()


BOF, EOF, CONTINUE, PASSWORD = 0x0809, 0x000A, 0x003C, 0x002F
BOUNDSHEET, SST, FORMAT, XF, DATEMODE = 0x0085, 0x00FC, 0x041E, 0x00E0, 0x0022
LABELSST, LABEL, RSTRING, NUMBER, RK, MULRK = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
FORMULA, STRING, BOOLERR = 0x0006, 0x0207, 0x0205
BIFF8 = 0x0600
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
