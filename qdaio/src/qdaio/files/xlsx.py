"""Workbooks, opened so that a hostile or damaged one can do no harm.

The program that reads the cells lays out every sheet as a full rectangle in memory, so
one cell in the last corner would need hundreds of gigabytes. Each sheet's XML is therefore
read through as well: how far its cells reach, and whether its checksum holds.

A workbook keeps each text once, and cells refer to it by number. A long text that a million
cells refer to takes little room in the file, and gigabytes when the cells are read: how much
text the cells refer to is counted before.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from qdaio.faults import Fault, StudyError
from qdaio.files.xls import OtherFileError

__all__ = [
    "CHUNK",
    "MAX_CELLS",
    "MAX_COLUMNS",
    "SharedStrings",
    "checking",
    "open_workbook",
    "reach",
    "reading",
]


CHUNK = 1 << 20
TAIL = 4 << 20  # more than the XML of one cell can take
THOROUGH = 32  # pieces that are looked at cell by cell where a sheet states no reach

CELL = re.compile(rb"""\br=["']([A-Za-z]+)(\d+)["']""")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d{8,})""")  # beyond the last there can be
SPACED = re.compile(rb"r\s+=")
SPACE, LETTER, SMALL = 0x20, 0x41, 0x61  # up to the one, and from the others on
QUOTES = 0x22, 0x27
NEAR = 7  # digits of a row at most, or a letter and six digits
PREFIX = re.compile(rb"<(\w+:)?sheetData\b")
STATED = re.compile(rb"""<(?:\w+:)?dimension\b[^>]*\bref=["'](?:[A-Z]+\d+:)?([A-Z]+)(\d+)["']""")


def reach(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """Give each piece of a sheet's XML, and how far the cells up to there reach.

    A sheet that states its reach itself, as nearly all do, is believed for more than that,
    never for less: where no cell is beyond column Z or row 999,999 the last one is enough.
    One that does not is looked at cell by cell, and later at the last cell of each row.

    Parameters
    ----------
    pieces : iterable of bytes
        In order, of any length.

    Yields
    ------
    piece : bytes
    row, column : int
        Both from 1.
    """
    prefix: bytes | None = None
    stated: tuple[int, int] | None = None
    top = 0, 0
    rest = b""
    ended = before = 0
    for number, piece in enumerate(pieces):
        window = rest + piece
        if prefix is None and (found := PREFIX.search(window)):
            prefix = found[1] or b""
            if said := STATED.search(window, 0, found.start()):
                stated = top = int(said[2]), _column(said[1])
        close, cell = (
            b"<" + mark + (prefix or b"") + tag for mark, tag in ((b"/", b"row>"), (b"", b"c "))
        )
        end = window.rfind(close) + 1
        end += len(close) - 1 if end else 0
        rest = window[end:]
        row = column = 0
        is_far = _may_be_far(window)
        if stated and not is_far and CELL.search(window):
            row, column = _of_last(window, cell)
        elif number < THOROUGH or (stated and is_far):
            row, column = _furthest(CELL.findall(window))
            row = max([row, *(int(said[:20]) for said in ROW.findall(window))])
        else:
            row, column = _furthest(CELL.findall(_last_cells(window, cell, close)))
        if not CELL.search(window):  # cells and rows need not say where they stand
            ended += window.count(close, 0, end)
            column = before + max(part.count(cell[:-1]) for part in window.split(close))
        yield piece, max(row, ended, top[0]), max(column, top[1])
        before = 0 if end else before
        if len(rest) > TAIL:  # of a row without end its last cells say enough
            before += rest[:-TAIL].count(cell)
            rest = rest[-TAIL:]


def _may_be_far(window: bytes) -> bool:
    """Say whether a cell may be beyond column Z or row 999,999, or is written as by no program.

    Arrays of bytes are as fast as one can read, and leave the processor to the reading meanwhile.
    """
    shown = np.frombuffer(window, dtype="uint8")
    is_equals = shown[1:] == ord("=")
    if (is_equals & (shown[:-1] <= SPACE)).any() and SPACED.search(window):
        return True
    whole = max(len(window) - NEAR - 3, 0)  # what is cut off comes again with the next piece
    after = np.flatnonzero(is_equals[:whole] & (shown[:whole] == ord("r"))) + 2
    quote, first, second = (shown[after + place] for place in range(3))
    is_near = second == quote
    for place in range(3, NEAR + 2):
        is_near |= shown[after + place] == quote
    is_near &= (first < SMALL) & (second < LETTER)
    is_quote = (quote == QUOTES[0]) | (quote == QUOTES[1])
    return bool(((is_quote & ~is_near) | (quote <= SPACE)).any())


def _of_last(window: bytes, cell: bytes) -> tuple[int, int]:
    """Give the row and column of the last cell."""
    last = CELL.search(window, max(window.rfind(cell), 0))
    return (int(last[2][:20]), _column(last[1])) if last else (0, 0)


def _last_cells(window: bytes, cell: bytes, close: bytes) -> bytes:
    """Return the beginnings of the last cell of each row."""
    rows = window.split(close)
    return b"\n".join(row[start : start + 80] for row in rows if (start := row.rfind(cell)) >= 0)


def _furthest(places: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    row = max((int(number[:20]) for _, number in places), default=0)
    return row, max(map(_column, {name for name, _ in places}), default=0)


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, Z 26, AA 27."""
    upper = letters[:8].upper()  # three are the most there can be
    return sum(26**power * (letter - 64) for power, letter in enumerate(reversed(upper)))


REFERENCE = re.compile(rb"""\bt=["']s["'][^>]*><(?:\w+:)?v>(\d{1,9})</""")
END = re.compile(rb"</(?:\w+:)?si>")
TEXT_CHUNK = 1 << 20


class SharedStrings:
    """Lengths of the texts that a workbook keeps once.

    Parameters
    ----------
    archive : ZipFile
    item : ZipInfo
        The member ``xl/sharedStrings.xml``; it is read to its end, so that a checksum that
        does not hold is found.
    """

    def __init__(self, archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> None:
        self.size = item.file_size
        lengths: list[int] = []
        rest = end = b""
        long = 0
        with archive.open(item) as stream:
            while chunk := stream.read(TEXT_CHUNK):
                window = rest + chunk
                if not end and (found := END.search(window)):
                    end = found[0]
                *texts, rest = window.split(end) if end else [window]
                if texts and long:
                    lengths.append(long + len(texts.pop(0)))
                    long = 0
                lengths += map(len, texts)
                if len(rest) > TEXT_CHUNK:  # a text without end is as long as what was seen of it
                    long += len(rest) - len(rest[-16:])
                    rest = rest[-16:]
        self.lengths = np.asarray(lengths, dtype="int64")
        self.longest = max(lengths, default=0)

    def volume(self, piece: bytes) -> int:
        """Return how many bytes of text the cells in a piece of a sheet's XML refer to."""
        numbers = np.asarray([int(number) for number in REFERENCE.findall(piece)], dtype="int64")
        known = numbers[numbers < len(self.lengths)]
        return int(self.lengths[known].sum())


MAX_COLUMNS = 16_384  # people format whole rows
MAX_CELLS = 16_000_000  # filled or not, in the rectangle that a sheet spans: 32 bytes each
MAX_UNPACKED = 2 << 30
MAX_RATIO = 100  # plain spreadsheets pack by 5 to 30
HARMLESS = 64 << 20  # unpacked size below which no ratio is suspicious
MAX_TEXT = 256 << 20  # bytes that cells refer to, below which nothing is suspicious
MAX_REPEATED = 8  # times the size of the texts kept
CHECKED_SAMPLE = 8  # one piece in so many is looked at for references
LARGE = 4 << 20  # unpacked size from which on the check runs beside the reading
LEAST_CELL = 21  # bytes of XML that a cell with a shared text takes at least
MAX_POSSIBLE = 1 << 30  # bytes of text that cells could refer to, beyond which none is read first
MAX_SHEETS = 512
LAST_ROW = 1 << 20
FEW_CELLS = 4_000_000  # below which it does not matter that most are empty
SPARSE = 1  # cells for each byte of XML; a filled cell takes some thirty bytes
MAX_TAG = 64 << 10
MAX_PART = 16 << 20  # bytes of the list of sheets, or of where they are
LEAST_TEXT = 5  # bytes of XML that a shared text takes at least
STRINGS = "xl/sharedstrings.xml"  # names in an archive are compared in lower case
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEET = re.compile(rb"<(?:\w+:)?sheet\b")
LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
LINKED = re.compile(rb"""\bTarget\s*=\s*["']([^"']*)["']""")
COUNT = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["']\s*\+?(\d+)""")


@contextmanager
def checking(path: Path, shown: str) -> Iterator[Callable[[], None]]:
    """Check an .xlsx file's members, sizes, checksums and the reach of its sheets.

    A large workbook is checked while it is read: one that holds so much XML takes far
    longer to read than to check, so the outcome is known before any sheet is laid out.
    One whose cells could repeat a long text beyond all bounds is checked before.

    Yields
    ------
    function
        To be called before cells are taken: it waits for the outcome.

    Raises
    ------
    StudyError
        When the file is damaged, unpacks to more than it should, or spans too many cells.
    """
    size, is_sure, shared = _check_members(path, shown)
    if size < LARGE or not is_sure:
        _check_sheets(path, shared, shown)
        yield lambda: None
        return
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(_check_sheets, path, shared, shown)
        try:
            yield outcome.result
        except StudyError:
            outcome.result()  # what the check found says more
            raise


def open_workbook(path: Path) -> Any:
    """Open an .xlsx workbook; the suffix of its name plays no part."""
    from python_calamine import CalamineWorkbook

    if path.suffix.casefold() == ".xlsx":
        return CalamineWorkbook.from_path(path)
    return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))


@contextmanager
def reading(shown: str) -> Iterator[None]:
    """Turn whatever goes wrong while a workbook is read into a fault of the file."""
    try:
        yield
    except (StudyError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except OtherFileError as error:
        if "password" not in str(error):
            raise _refusal(
                shown,
                "wrong-format",
                str(error),
                "a workbook",
                "Open it in a spreadsheet program and save it as .xlsx.",
            ) from None
        raise _locked(shown) from None
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if "assword" in type(error).__name__ + str(error):
            raise _locked(shown) from None
        raise _refusal(
            shown,
            "truncated-file",
            "a workbook that is cut off or damaged",
            "a whole one",
            "Export or copy the file again; this copy cannot be read to its end.",
        ) from None


def _check_members(path: Path, shown: str) -> tuple[int, bool, SharedStrings | None]:
    """Check what a workbook says of its parts.

    Returns
    -------
    size : int
        Of all its members when unpacked.
    is_sure : bool
        Whether its cells, however they repeat its texts, fit into memory.
    shared : SharedStrings or None
        The texts that it keeps once.
    """
    with reading(shown), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if any(item.filename == "xl/workbook.bin" for item in members):
            raise _refusal(
                shown,
                "wrong-format",
                "a binary workbook (.xlsb)",
                "an .xlsx file",
                "Open it in a spreadsheet program and save it as .xlsx.",
            )
        unpacked = sum(item.file_size for item in members)
        packed = sum(item.compress_size for item in members)
        if unpacked > MAX_UNPACKED or (unpacked > HARMLESS and unpacked > MAX_RATIO * packed):
            raise _refusal(
                shown,
                "unsafe-archive",
                f"{packed:,} bytes that unpack to {unpacked:,}",
                f"at most {MAX_UNPACKED:,}, and at most {MAX_RATIO} times the packed size",
                "No program writes such a workbook; export it again.",
            )
        parts = {item.filename.lower(): item for item in members}
        sheets = len(SHEET.findall(_beginning(archive, parts.get(BOOK))))
        targets = _targets(archive, parts)
        if sheets > MAX_SHEETS or len(targets) > len(set(targets)):
            raise _refusal(
                shown,
                "too-large" if sheets > MAX_SHEETS else "unsafe-archive",
                f"{sheets:,} sheets" + ("" if sheets > MAX_SHEETS else ", two of one part"),
                f"at most {MAX_SHEETS}, each with a part of its own",
                "Delete the sheets that hold no coding, or export the file again.",
            )
        texts = parts.get(STRINGS)
        tag = _beginning(archive, texts, MAX_TAG).partition(b"sst")[2]
        stated = max((int(said[:20]) for said in COUNT.findall(tag)), default=0)
        is_endless = len(tag) > MAX_TAG // 2 and b">" not in tag
        if texts is not None and (is_endless or stated * LEAST_TEXT > 8 * unpacked):
            raise _refusal(
                shown,
                "unsafe-archive",
                f"{stated:,} texts in {texts.file_size:,} bytes",
                "as many texts as it says",
                "No program writes such a workbook; export it again.",
            )
        shared = SharedStrings(archive, texts) if texts else None
    longest, of_texts = (shared.longest, shared.size) if shared else (0, 0)
    possible = longest * ((unpacked - of_texts) // LEAST_CELL)
    return unpacked, possible <= MAX_POSSIBLE, shared


def _targets(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> list[str]:
    """Return the names of the parts that sheets stand in, in lower case."""
    return [
        target[1].decode("utf-8", "replace").lower().lstrip("/").removeprefix("xl/")
        for link in LINK.findall(_beginning(archive, parts.get(LINKS)))
        if b"/worksheet" in link and (target := LINKED.search(link))
    ]


def _beginning(
    archive: zipfile.ZipFile, item: zipfile.ZipInfo | None, most: int = MAX_PART
) -> bytes:
    if item is None:
        return b""
    with archive.open(item) as stream:
        return stream.read(most)


def _check_sheets(path: Path, shared: SharedStrings | None, shown: str) -> None:
    with reading(shown), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        parts = {item.filename.lower(): item for item in members}
        linked = set(_targets(archive, parts))
        for name, item in parts.items():
            is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
            if is_sheet or name.removeprefix("xl/") in linked:
                _check_sheet(archive, item, shared, shown)


def _check_sheet(
    archive: zipfile.ZipFile, item: zipfile.ZipInfo, shared: SharedStrings | None, shown: str
) -> None:
    """Read a sheet's XML to its end; refuse one that reaches too far or repeats too much."""
    rows = columns = volume = 0
    with archive.open(item) as stream:
        pieces = iter(lambda: stream.read(CHUNK), b"")
        for number, (piece, row, column) in enumerate(reach(pieces)):
            rows, columns = max(rows, row), max(columns, column)
            cells = rows * columns
            is_sparse = cells > FEW_CELLS and cells > SPARSE * item.file_size
            if rows > LAST_ROW or columns > MAX_COLUMNS or cells > MAX_CELLS or is_sparse:
                raise _refusal(
                    shown,
                    "too-large",
                    f"cells as far as row {rows:,} and column {columns:,} in {item.filename}",
                    f"at most {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells, not nearly all of "
                    "them empty",
                    "Delete the empty rows and columns around the table (the rows and columns "
                    "themselves, not just their content), or export the file again.",
                )
            if shared is None:
                continue
            # of each piece one part, in places that only the content tells
            part = len(piece) // CHECKED_SAMPLE + 256
            start = (item.CRC + number * 0x9E3779B1) % max(len(piece) - part, 1)
            share = len(piece) / max(len(piece[start : start + part]), 1)
            volume += int(share * shared.volume(piece[start : start + part]))
            if volume > MAX_TEXT and volume > MAX_REPEATED * shared.size:
                raise _refusal(
                    shown,
                    "too-large",
                    f"{shared.size:,} bytes of text that its cells repeat to {volume:,}",
                    f"at most {MAX_REPEATED} times as much",
                    "No program writes such a workbook; export it again.",
                )


def _locked(shown: str) -> StudyError:
    return _refusal(
        shown,
        "wrong-format",
        "a workbook with a password",
        "an open one",
        "Open it in a spreadsheet program, remove the password and save it.",
    )


def _refusal(shown: str, kind: str, found: str, expected: str, remedy: str) -> StudyError:
    return StudyError(Fault(kind=kind, file=shown, found=found, expected=expected, remedy=remedy))
