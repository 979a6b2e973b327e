"""Workbooks as they are shown: each number in the form in which its cell prints it.

47.6 in a cell with two decimals prints as 47.60, and its zero carries precision. A reader
of values loses it; so the sheet is read together with the cells' formats.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from qdaio.faults import Fault, StudyError

__all__ = ["printed_cells", "printed_number"]

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PARSER: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
MOST_BYTES = 64 * 1024 * 1024
MOST_CELLS = 2_000_000
BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
BUILT_IN |= {37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"}
BUILT_IN |= dict.fromkeys((14, 15, 16, 17, 22), "yyyy-mm-dd")
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
NUMBER = re.compile(r"(?P<thousands>#,##)?[#0]*0(?:\.(?P<decimals>[0#?]+))?")
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
FIRST_DAY = dt.date(1899, 12, 30)


def printed_cells(path: Path, name: str) -> tuple[list[list[str | None]], str]:
    """Return the first sheet's cells as they are printed, by column.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` or ``.xlsm`` file.
    name : str
        How messages call the file.

    Returns
    -------
    columns : list of list of str or None
        All of one length, from the sheet's first row and column.
    sheet : str
        The sheet's name.

    Raises
    ------
    StudyError
        When the file is damaged, or too large for a ledger.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _first_sheet(archive)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise StudyError(
            Fault(
                kind="damaged-file",
                file=name,
                found=f"a workbook that cannot be read ({type(error).__name__})",
                expected="an .xlsx workbook",
                remedy="Open it in a spreadsheet program and save it again, or save it as CSV.",
            )
        ) from None


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part of the archive, up to a limit: its stated size may lie."""
    with archive.open(name) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError("too large")
    return data


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element:
    root: etree._Element = etree.fromstring(_part(archive, name), etree.XMLParser(**PARSER))
    return root


def _first_sheet(archive: zipfile.ZipFile) -> tuple[list[list[str | None]], str]:
    names = set(archive.namelist())
    book = _tree(archive, "xl/workbook.xml")
    sheets = [
        sheet for sheet in book.iter(f"{MAIN}sheet") if sheet.get("state", "visible") == "visible"
    ]
    if not sheets:
        raise ValueError("no sheet")
    targets = {
        link.get("Id"): link.get("Target") or ""
        for link in _tree(archive, "xl/_rels/workbook.xml.rels")
    }
    target = targets[sheets[0].get(RELATION)].lstrip("/")
    file = target if target.startswith("xl/") else str(PurePosixPath("xl") / target)
    strings = []
    if "xl/sharedStrings.xml" in names:
        strings = [
            "".join(text.text or "" for text in item.iter(f"{MAIN}t"))
            for item in _tree(archive, "xl/sharedStrings.xml").iter(f"{MAIN}si")
        ]
    formats = _formats(_tree(archive, "xl/styles.xml")) if "xl/styles.xml" in names else []
    rows = _rows(_tree(archive, file), strings, formats)
    width = max((max(row, default=-1) for row in rows.values()), default=-1) + 1
    height = max(rows, default=0)
    if width * height > MOST_CELLS:
        raise ValueError("too many cells")
    columns = [
        [rows.get(row, {}).get(column) for row in range(1, height + 1)] for column in range(width)
    ]
    return columns, sheets[0].get("name") or ""


def _formats(styles: etree._Element) -> list[str]:
    """Return the number format of each cell style."""
    own = {
        int(one.get("numFmtId") or 0): one.get("formatCode") or ""
        for one in styles.iter(f"{MAIN}numFmt")
    }
    cells = styles.find(f"{MAIN}cellXfs")
    ids = [int(style.get("numFmtId") or 0) for style in cells] if cells is not None else []
    return [own.get(id_, BUILT_IN.get(id_, "General")) for id_ in ids]


def _rows(
    sheet: etree._Element, strings: list[str], formats: list[str]
) -> dict[int, dict[int, str | None]]:
    rows: dict[int, dict[int, str | None]] = {}
    row_number, column = 0, -1
    for row in sheet.iter(f"{MAIN}row"):
        row_number = int(row.get("r") or row_number + 1)
        column = -1
        for cell in row.iter(f"{MAIN}c"):
            place = CELL.fullmatch(cell.get("r") or "")
            column = _column(place[1]) if place else column + 1
            text = _cell(cell, strings, formats)
            if text:
                rows.setdefault(row_number, {})[column] = text
    return rows


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1


def _cell(cell: etree._Element, strings: list[str], formats: list[str]) -> str | None:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))
    value = cell.findtext(f"{MAIN}v")
    if value is None:
        return None
    if kind == "s":
        return strings[int(value)]
    if kind != "n":
        return value
    style = int(cell.get("s") or 0)
    return printed_number(value, formats[style] if style < len(formats) else "General")


def printed_number(value: str, form: str) -> str:
    """Return a stored number as its cell prints it.

    Parameters
    ----------
    value : str
        As the file stores it: ``47.6``, ``0.571``.
    form : str
        The format of the cell: ``0.00``, ``0.0%``, ``General``.

    Examples
    --------
    >>> printed_number("47.6", "0.00"), printed_number("0.571", "0.0%")
    ('47.60', '57.1%')
    >>> printed_number("1704", "#,##0"), printed_number("36.57", "General")
    ('1,704', '36.57')
    """
    try:
        # a stored double has fifteen digits that mean something
        number = Decimal(f"{float(value):.15g}")
    except (ValueError, InvalidOperation):
        return value
    positive, _, negative = form.partition(";")
    section = LITERAL.sub("", negative.partition(";")[0] if number < 0 and negative else positive)
    if re.search(r"[ymd]", section, re.IGNORECASE) and "0" not in section:
        return _day(number)
    match = NUMBER.search(section)
    if match is None:
        return f"{number.normalize():f}" if number else "0"
    if is_percent := "%" in section:
        number *= 100
    decimals = match["decimals"] or ""
    shown = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{shown:,f}" if match["thousands"] else f"{shown:f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    return text.rstrip(".") + "%" * is_percent if optional else text + "%" * is_percent


def _day(number: Decimal) -> str:
    try:
        return (FIRST_DAY + dt.timedelta(days=int(number))).isoformat()
    except OverflowError:
        return f"{number:f}"
