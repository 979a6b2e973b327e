"""The three tables as MAXQDA writes them, the same bytes on every machine."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from reconstruction.facts import Code, Interview
from reconstruction.transcript import Coding

__all__ = ["write_code_system", "write_segments", "write_variables"]

COLOURS = (
    "#1F77B4",
    "#8C564B",
    "#2CA02C",
    "#BCBD22",
    "#FF7F0E",
    "#9467BD",
    "#D62728",
    "#17BECF",
)
SEGMENT_COLUMNS = {
    "Color": 6,
    "Comment": 12,
    "Document group": 20,
    "Document name": 22,
    "Code": 60,
    "Beginning": 10,
    "End": 6,
    "Weight score": 12,
    "Segment": 90,
    "Area": 8,
    "Coverage %": 12,
    "Created by": 12,
    "Created": 20,
    "Modified by": 12,
    "Modified": 20,
}
Cell = str | int | float
LEVELS = 5  # the root and four levels of codes


def write_segments(path: Path, codings: list[Coding], codes: tuple[Code, ...]) -> None:
    """Write one row for each coding."""
    book, target = _book()
    sheet = book.add_worksheet("Coded Segments")
    _header(book, sheet, SEGMENT_COLUMNS)
    generic = list(dict.fromkeys(code.path[0] for code in codes))
    dots = {
        name: book.add_format({"font_color": colour, "align": "center"})
        for name, colour in zip(generic, COLOURS, strict=True)
    }
    for row, coding in enumerate(codings, start=1):
        sheet.write_string(row, 0, "●", dots[coding.code.path[0]])
        values: list[Cell] = [
            coding.comment,
            coding.interview.participant.group,
            coding.interview.name,
            " > ".join(coding.code.path),
            coding.beginning,
            coding.end,
            coding.weight,
            coding.text,
            len(coding.text),
            len(coding.text) / coding.length * 100,
            coding.coder,
            _stamp(coding.created),
            coding.coder,
            _stamp(coding.modified),
        ]
        _write_row(sheet, row, 1, values)
    _save(book, target, path)


def write_code_system(path: Path, codings: list[Coding], codes: tuple[Code, ...]) -> None:
    """Write the tree of codes, one column a level, with how often each was applied.

    The counts are of all coders' codings and do not include those of subcodes; the root
    row has the total.
    """
    book, target = _book()
    sheet = book.add_worksheet("Code System")
    counts = Counter(coding.code.path for coding in codings)
    bold = book.add_format({"bold": True})
    sheet.set_column(0, LEVELS - 2, 3)
    sheet.set_column(LEVELS - 1, LEVELS - 1, 70)
    sheet.set_column(LEVELS, LEVELS, 14)
    sheet.merge_range(0, 0, 0, LEVELS - 1, "Code", bold)
    sheet.write_string(0, LEVELS, "Memo", bold)
    sheet.write_string(0, LEVELS + 1, "Frequency", bold)
    rows: dict[tuple[str, ...], int] = {}
    for code in codes:
        for depth in range(1, len(code.path) + 1):
            rows.setdefault(code.path[:depth], counts[code.path[:depth]])
    _code(sheet, 1, 0, "Code System", len(codings))
    ordered = sorted(rows, key=_tree_order(list(rows)))
    for row, code_path in enumerate(ordered, start=2):
        _code(sheet, row, len(code_path), code_path[-1], rows[code_path])
    _save(book, target, path)


def write_variables(path: Path, interviews: tuple[Interview, ...]) -> None:
    """Write one row for each document with its variables."""
    book, target = _book()
    sheet = book.add_worksheet("Document variables")
    columns = {
        "Document group": 20,
        "Document name": 22,
        "Participant": 11,
        "Group": 20,
        "Gender": 8,
        "Age": 6,
        "Education": 22,
        "Role": 22,
        "Setting": 36,
        "Interview date": 14,
        "Duration (min)": 14,
        "Follow-up": 10,
        "Position": 42,
    }
    _header(book, sheet, columns)
    for row, interview in enumerate(interviews, start=1):
        person = interview.participant
        values: list[Cell] = [
            person.group,
            interview.name,
            str(person.number),
            person.group,
            person.gender,
            person.age,
            person.education,
            person.role,
            person.setting,
            interview.day.strftime("%d.%m.%Y"),
            interview.minutes,
            "yes" if interview.is_follow_up else "no",
            person.position,
        ]
        _write_row(sheet, row, 0, values)
    _save(book, target, path)


def _tree_order(paths: list[tuple[str, ...]]) -> Any:
    """Return a sorting key that puts each code under its parent, in the order of the lists."""
    place = {path: index for index, path in enumerate(paths)}
    return lambda path: [place[path[:depth]] for depth in range(1, len(path) + 1)]


def _book() -> tuple[xlsxwriter.Workbook, io.BytesIO]:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
    book.set_properties(
        {
            "title": "Synthetic data",
            "comments": "Synthetic: a reconstruction, not the study's own data.",
            "created": datetime(2023, 9, 6),
        }
    )
    return book, target


def _header(book: xlsxwriter.Workbook, sheet: Any, columns: dict[str, int]) -> None:
    bold = book.add_format({"bold": True})
    for column, (name, width) in enumerate(columns.items()):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)


def _write_row(sheet: Any, row: int, first: int, values: list[Cell]) -> None:
    for column, value in enumerate(values, start=first):
        if isinstance(value, str):
            if value:
                sheet.write_string(row, column, value)
        else:
            sheet.write_number(row, column, value)


def _code(sheet: Any, row: int, column: int, name: str, count: int) -> None:
    if column < LEVELS - 1:
        sheet.merge_range(row, column, row, LEVELS - 1, name)
    else:
        sheet.write_string(row, column, name)
    sheet.write_number(row, LEVELS + 1, count)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%d.%m.%Y %H:%M:%S")


def _save(book: xlsxwriter.Workbook, target: io.BytesIO, path: Path) -> None:
    """Store the parts uncompressed, as compressed bytes differ between machines."""
    book.close()
    whole = io.BytesIO()
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(whole, "w") as stored:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.create_system = 0
            stored.writestr(part, source.read(name))
    path.write_bytes(whole.getvalue())
