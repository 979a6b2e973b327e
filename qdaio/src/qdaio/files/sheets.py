"""Spreadsheets and text tables as columns of plain values, whatever program wrote them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from qdaio.faults import Fault, StudyError
from qdaio.files.cells import ColumnBuilder, Sheet, clean_cells, columns_of
from qdaio.files.pages import page_sheets
from qdaio.files.source import Source
from qdaio.files.text import find_dialect, read_records
from qdaio.files.xls import read_biff, workbook_stream
from qdaio.files.xlsx import checking, open_workbook, reading

__all__ = ["read_sheets", "without_collection"]

MAX_TEXT_CELLS = 100_000_000
FEW_CELLS = 4_000_000  # below which it does not matter that nearly all are empty
LEAST_BYTES = 1.25  # of a cell, on average: a separator and something, in one of four

_cache: WeakKeyDictionary[Source, tuple[Sheet, ...]] = WeakKeyDictionary()


def read_sheets(source: Source) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook, the one table of a text file, or the tables of a document.

    Parameters
    ----------
    source : Source
        Of kind ``xlsx``, ``xls``, ``text``, ``docx`` or ``html``. Formula cells give their
        last value. Sheets are read once a source.

    Returns
    -------
    tuple of Sheet
        In the order of the workbook; sheets with no cells are left out.

    Raises
    ------
    StudyError
        When the file is damaged, too large, locked, in no known encoding, or no table.
    """
    if source not in _cache:
        if source.kind in READ:
            with without_collection():
                sheets = READ[source.kind](source)
        else:
            raise StudyError(
                Fault(
                    kind="wrong-format",
                    file=source.name,
                    found=f"a file of kind {source.kind}",
                    expected="a table: .xlsx, .xls or .csv",
                    remedy="Export it as a table.",
                )
            )
        _cache[source] = tuple(sheet for sheet in sheets if sheet.height)
    return _cache[source]


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the search for cyclic garbage: millions of new cells set it off, and hold none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_xlsx(source: Source) -> list[Sheet]:
    sheets = []
    with checking(source.path, source.name) as confirm, reading(source.name):
        workbook = open_workbook(source.path)
        for index, entry in enumerate(workbook.sheets_metadata):
            if "WorkSheet" not in str(entry.typ):
                continue
            sheet = workbook.get_sheet_by_index(index)
            confirm()
            if sheet.height:
                sheets.append(
                    Sheet(
                        name=entry.name,
                        file=source.name,
                        columns=columns_of(sheet.iter_rows(), sheet.width),
                        is_visible="Visible" in str(entry.visible),
                    )
                )
    return sheets


def _read_xls(source: Source) -> list[Sheet]:
    with reading(source.name):
        return [
            Sheet(
                name=sheet.name,
                file=source.name,
                columns=[clean_cells(column) for column in sheet.columns()],
                is_visible=sheet.is_visible,
            )
            for sheet in read_biff(workbook_stream(source.path.read_bytes()))
        ]


def _read_text(source: Source) -> list[Sheet]:
    dialect = find_dialect(source.path, source.name)
    width = cells = 0
    most = min(MAX_TEXT_CELLS, max(FEW_CELLS, int(source.path.stat().st_size / LEAST_BYTES)))
    lengths: list[int] = []
    builders: list[ColumnBuilder] = []
    for block in read_records(source.path, source.name, dialect):
        sizes = list(map(len, block))
        widest = max(sizes)
        if widest > width:
            more = [ColumnBuilder() for _ in range(widest - width)]
            for builder in more:
                builder.extend([""] * len(lengths))
            builders += more
            width = widest
        cells += width * len(block)
        if cells > most:
            raise StudyError(
                Fault(
                    kind="too-large",
                    file=source.name,
                    row=dialect.skip + len(lengths) + 1,
                    found=f"{width:,} columns and {cells:,} cells",
                    expected=f"at most {MAX_TEXT_CELLS:,} cells, not nearly all of them empty",
                    remedy="Delete the empty columns and lines, or export the table again; if it "
                    "really is so large, split it.",
                )
            )
        if min(sizes) < width:
            block = [record + [""] * (width - len(record)) for record in block]
        for builder, part in zip(builders, zip(*block, strict=True), strict=True):
            builder.extend(part)
        lengths += sizes
    sheet = Sheet(
        name="",
        file=source.name,
        columns=[builder.build() for builder in builders],
        first_row=1 + dialect.skip,
        lengths=lengths,
        warnings=dialect.warnings,
    )
    return [sheet]


READ = {
    "text": _read_text,
    "xlsx": _read_xlsx,
    "xls": _read_xls,
    "docx": page_sheets,
    "html": page_sheets,
}
