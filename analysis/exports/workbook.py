"""Workbooks, opened so that a hostile or damaged one can do no harm.

The program that reads the cells lays out every sheet as a full rectangle in memory, so
one cell in the last corner would need hundreds of gigabytes. Each sheet's XML is therefore
read through once before: how far its cells reach, and whether its checksum holds.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from analysis.faults import Fault, StudyError

__all__ = ["MAX_CELLS", "MAX_COLUMNS", "check_workbook", "open_workbook", "reading"]

MAX_COLUMNS = 8_192
MAX_CELLS = 16_000_000  # filled or not, in the rectangle that a sheet spans: 32 bytes each
MAX_UNPACKED = 4 << 30
MAX_RATIO = 400  # plain spreadsheets pack by 5 to 30
HARMLESS = 32 << 20  # unpacked size below which no ratio is suspicious
CHUNK = 1 << 20
LAST_ROW = 1 << 20

ROW = re.compile(rb"""\br=["'](\d{1,9})["']""")
CELL = re.compile(rb"""\br=["']([A-Z]{1,4})(\d{1,9})["']""")
PREFIX = re.compile(rb"<(\w+:)?sheetData\b")


def check_workbook(path: Path, shown: str) -> None:
    """Check an .xlsx file's members, sizes, checksums and the reach of its sheets.

    Raises
    ------
    StudyError
        When it is damaged, unpacks to more than it should, or spans too many cells.
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
        for item in members:
            name = item.filename
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _check_sheet(archive, item, shown)
            elif name == "xl/sharedStrings.xml":
                _read_through(archive, item)


def open_workbook(path: Path, kind: str) -> Any:
    """Open a workbook that was checked; the suffix of its name plays no part."""
    from python_calamine import CalamineWorkbook

    if path.suffix.casefold() == f".{kind}":
        return CalamineWorkbook.from_path(path)
    return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))


@contextmanager
def reading(shown: str) -> Iterator[None]:
    """Turn whatever goes wrong while a workbook is read into a fault of the file."""
    try:
        yield
    except (StudyError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        what = type(error).__name__
        if what == "PasswordError" or "assword" in str(error):
            raise _refusal(
                shown,
                "wrong-format",
                "a workbook with a password",
                "an open one",
                "Open it in a spreadsheet program, remove the password and save it.",
            ) from None
        raise _refusal(
            shown,
            "truncated-file",
            "a workbook that is cut off or damaged",
            "a whole one",
            "Export or copy the file again; this copy cannot be read to its end.",
        ) from None


def _refusal(shown: str, kind: str, found: str, expected: str, remedy: str) -> StudyError:
    return StudyError(Fault(kind=kind, file=shown, found=found, expected=expected, remedy=remedy))


def _read_through(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> None:
    with archive.open(item) as stream:
        while stream.read(CHUNK):
            pass


def _check_sheet(archive: zipfile.ZipFile, item: zipfile.ZipInfo, shown: str) -> None:
    """Read a sheet's XML to its end; refuse one that reaches too far."""
    rows = columns = 0
    for row, column in _reach(archive, item):
        rows, columns = max(rows, row), max(columns, column)
        if rows > LAST_ROW or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
            raise _refusal(
                shown,
                "too-large",
                f"cells as far as row {rows:,} and column {columns:,} in {item.filename}",
                f"at most {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells",
                "Delete the empty rows and columns around the table (the rows and columns "
                "themselves, not just their content), or export the file again.",
            )


def _reach(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Iterator[tuple[int, int]]:
    """Give the last row and column of each piece of a sheet's XML."""
    prefix = b""
    rest = b""
    count = 0
    with archive.open(item) as stream:
        while chunk := stream.read(CHUNK):
            window = rest + chunk
            if found := PREFIX.search(window):
                prefix = found[1] or b""
            *rows, rest = window.split(b"</" + prefix + b"row>")
            count += len(rows)
            yield _reach_of_rows([*rows, rest], b"<" + prefix + b"c ", count)


def _reach_of_rows(rows: list[bytes], cell: bytes, count: int) -> tuple[int, int]:
    """Give the furthest row and column of the last cells of some rows.

    Cells need not say where they are; then they stand one after another.
    """
    last = b"\n".join(row[start : start + 80] for row in rows if (start := row.rfind(cell)) >= 0)
    places = CELL.findall(last)
    furthest = max((int(number) for _, number in places), default=0)
    letters = max((name for name, _ in places), key=lambda name: (len(name), name), default=b"")
    columns = sum(26**power * (letter - 64) for power, letter in enumerate(reversed(letters)))
    if len(places) <= last.count(b"\n"):
        columns = max(columns, max(row.count(cell[:-1]) for row in rows))
    return max(furthest, count), columns
