"""Workbooks, opened so that a hostile or damaged one can do no harm.

The program that reads the cells lays out every sheet as a full rectangle in memory, so
one cell in the last corner would need hundreds of gigabytes. Each sheet's XML is therefore
read through as well: how far its cells reach, and whether its checksum holds.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from qdaio.compound import OtherFileError
from qdaio.faults import Fault, StudyError
from qdaio.shared_strings import SharedStrings
from qdaio.sheet_reach import CHUNK, reach

__all__ = ["MAX_CELLS", "MAX_COLUMNS", "checking", "open_workbook", "reading"]

MAX_COLUMNS = 8_192
MAX_CELLS = 16_000_000  # filled or not, in the rectangle that a sheet spans: 32 bytes each
MAX_UNPACKED = 2 << 30
MAX_RATIO = 100  # plain spreadsheets pack by 5 to 30
HARMLESS = 64 << 20  # unpacked size below which no ratio is suspicious
MAX_TEXT = 256 << 20  # bytes that cells refer to, below which nothing is suspicious
MAX_REPEATED = 8  # times the size of the texts kept
SAMPLED = 8  # one piece in so many is looked at for references
LARGE = 32 << 20  # unpacked size from which on the check runs beside the reading
LAST_ROW = 1 << 20
FEW_CELLS = 4_000_000  # below which it does not matter that most are empty
SPARSE = 1  # cells for each byte of XML; a filled cell takes some thirty bytes
STRINGS = "xl/sharedStrings.xml"


@contextmanager
def checking(path: Path, shown: str) -> Iterator[Callable[[], None]]:
    """Check an .xlsx file's members, sizes, checksums and the reach of its sheets.

    A large workbook is checked while it is read: one that holds so much XML takes far
    longer to read than to check, so the outcome is known before any sheet is laid out.

    Yields
    ------
    function
        To be called before cells are taken: it waits for the outcome.

    Raises
    ------
    StudyError
        When the file is damaged, unpacks to more than it should, or spans too many cells.
    """
    size = _check_members(path, shown)
    if size < LARGE:
        _check_sheets(path, shown)
        yield lambda: None
        return
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(_check_sheets, path, shown)
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


def _check_members(path: Path, shown: str) -> int:
    """Check what an archive says of its members; return their size when unpacked."""
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
    return unpacked


def _check_sheets(path: Path, shown: str) -> None:
    with reading(shown), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        strings = next((item for item in members if item.filename == STRINGS), None)
        shared = None if strings is None else SharedStrings(archive, strings)
        for item in members:
            if item.filename.startswith("xl/worksheets/") and item.filename.endswith(".xml"):
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
            if shared is None or number % SAMPLED:
                continue
            volume += SAMPLED * shared.volume(piece)
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
