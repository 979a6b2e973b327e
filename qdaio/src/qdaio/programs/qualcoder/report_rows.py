"""The rows of a report of coded segments, whatever number of categories each of them has.

A row is shorter than the header where its code has fewer categories than another, and
what stands behind the categories moves to the left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qdaio.files.cells import Sheet, as_text
from qdaio.labels import normalise
from qdaio.model import Notes
from qdaio.tables import find_table

__all__ = ["Header", "ReportRow", "find_header", "report_rows"]

REQUIRED = {"coder": ["Coder"], "coded": ["Coded"], "code": ["Codename"]}
OPTIONAL = {
    "file": ["File", "Filename"],
    "case": ["Case"],
    "id": ["Id"],
    "memo": ["Coded_Memo"],
}
NAMES = {
    normalise(label): name
    for names in (REQUIRED, OPTIONAL)
    for name, labels in names.items()
    for label in labels
}
CATEGORY = "category"
VARIABLES = {"FileVar_": "document", "CaseVar_": "case"}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a report stand.

    Attributes
    ----------
    row : int
        Of the header, counted from 0 in the sheet.
    fixed : dict of str to int
        Place of ``coder, coded, code`` and, where there, ``file, case, id, memo``.
    categories : range
        Places of the categories, the nearest first.
    variables : list of (str, str)
        Entity and name of each variable behind the categories.
    """

    row: int
    fixed: dict[str, int]
    categories: range
    variables: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One coding as the report states it."""

    row: int
    values: dict[str, str | None]
    path: tuple[str, ...]
    variables: list[tuple[str, str, str]]


def find_header(sheet: Sheet) -> Header | None:
    """Find the header of a report; None where there is none."""
    table = find_table(sheet, REQUIRED, OPTIONAL)
    if table is None or not {"file", "case"} & set(table.columns):
        return None
    row = table.header_row - sheet.first_row
    labels = [as_text(column[row]) or "" for column in sheet.columns]
    fixed: dict[str, int] = {}
    categories: list[int] = []
    variables: list[tuple[str, str]] = []
    for place, label in enumerate(labels):
        start = next((start for start in VARIABLES if label.startswith(start)), None)
        if start is not None:
            variables.append((VARIABLES[start], label.removeprefix(start)))
        elif normalise(label) == CATEGORY:
            categories.append(place)
        elif (name := NAMES.get(normalise(label))) is not None:
            fixed.setdefault(name, place)
    first = categories[0] if categories else len(labels) - len(variables)
    return Header(row, fixed, range(first, first + len(categories)), variables)


def report_rows(sheet: Sheet, header: Header, notes: Notes) -> Iterator[ReportRow]:
    """Read the rows below a header; blank ones are left out."""
    columns: Sequence[Sequence[Any]] = [column[header.row + 1 :] for column in sheet.columns]
    start = header.categories.start
    most = len(header.categories)
    for number, cells in enumerate(zip(*columns, strict=True)):
        if all(cell is None for cell in cells):
            continue
        row = sheet.row_number(header.row + 1 + number)
        levels = most
        if sheet.lengths is not None:
            length = sheet.lengths[header.row + 1 + number]
            levels = length - start - len(header.variables)
            if not 0 <= levels <= most:
                notes.faults.add(
                    kind="wrong-format",
                    file=notes.file,
                    row=row,
                    found=f"{length} cells",
                    expected=f"{start + len(header.variables)} to "
                    f"{start + most + len(header.variables)}, as in the header",
                    remedy="Look for a separator or a quotation mark that is missing or too "
                    "many, or export the report again.",
                )
                continue
        texts = [as_text(cell) for cell in cells]
        values = {name: texts[place] for name, place in header.fixed.items()}
        above = [text for text in texts[start : start + levels] if text]
        code = values["code"]
        behind = texts[start + levels :]
        yield ReportRow(
            row=row,
            values=values,
            path=(*reversed(above), code) if code else (),
            variables=[
                (entity, name, text)
                for (entity, name), text in zip(header.variables, behind, strict=False)
                if text
            ],
        )
