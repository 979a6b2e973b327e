"""The form that a reported table is typed into: its columns, read from CSV.

Documented for the people who fill it in, in ``docs/audit-table.md``.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.consistency.cells import SPLITTERS
from analysis.consistency.fields import check_scales, read_data_kinds, read_decimals, read_whole
from analysis.consistency.links import Relations, read_ids, read_relations
from analysis.consistency.places import check_places, place_names
from analysis.consistency.printed import NOT_REPORTED, Numbers
from qdaio.faults import Fault, FaultList, StudyError

__all__ = ["COLUMNS", "VALUES", "Form", "read_form_table"]

VALUES = ("n", "mean", "sd", "count", "whole", "percent")
COLUMNS = (
    *("id", "table", "row", "column"),
    *VALUES,
    *("min", "max", "items", "data", "part_of", "same_as", "note"),
)
# other names that people give these columns
ALSO = {
    "%": "percent",
    "percentage": "percent",
    "m": "mean",
    "total": "whole",
    "label": "row",
    "group": "column",
    "minimum": "min",
    "maximum": "max",
}
Texts = dict[str, list[str | None]]


@dataclass(frozen=True, slots=True)
class Form:
    """A filled-in form, one entry a row in every field.

    Attributes
    ----------
    name : str
        How messages call the file.
    rows : list of int
        Rows of the file, from 1.
    ids, tables, places : list of str
    texts : dict of str to list of str or None
        The reported values and the ends of the scale as printed, by field.
    n, count, whole : Numbers
        Whole numbers.
    mean, sd, percent, low, high : Numbers
        `low` and `high` are the ends of the scale.
    items : ndarray of int
        1 where not given.
    is_integer, is_binary, is_continuous : ndarray of bool
        What the data are declared to be; binary data are integer, too.
    relations : Relations
    """

    name: str
    rows: list[int]
    ids: list[str]
    tables: list[str]
    places: list[str]
    texts: Texts
    n: Numbers
    count: Numbers
    whole: Numbers
    mean: Numbers
    sd: Numbers
    percent: Numbers
    low: Numbers
    high: Numbers
    items: np.ndarray
    is_integer: np.ndarray
    is_binary: np.ndarray
    is_continuous: np.ndarray
    relations: Relations


def read_form_table(path: Path, name: str | None = None) -> Form:
    """Read a filled-in form.

    Parameters
    ----------
    path : Path
        CSV; separator and encoding are found from the content.
    name : str, optional
        How messages call the file; by default its last part.

    Raises
    ------
    StudyError
        With all faults of the file: unknown columns, values that are no numbers, ids that do
        not exist or stand twice, circles of parts, a place with two values.
    """
    shown = name or path.name
    texts, rows = _read_texts(path, shown)
    faults = FaultList()
    _split_cells(texts, rows, shown, faults)
    ids = read_ids(texts["id"], rows, shown, faults)
    relations = read_relations(ids, texts["part_of"], texts["same_as"], rows, shown, faults)
    check_places(texts, VALUES, rows, shown, faults)
    wholes = read_whole(texts, ("n", "count", "whole", "items"), rows, shown, faults)
    decimals = read_decimals(texts, ("mean", "sd", "percent", "min", "max"), rows, shown, faults)
    check_scales(decimals["min"], decimals["max"], rows, shown, faults)
    kinds = read_data_kinds(texts["data"], wholes["items"], rows, shown, faults)
    faults.raise_if_any()
    if not any(text for value in VALUES for text in texts[value]):
        raise StudyError(
            Fault(
                kind="empty-file",
                file=shown,
                found="no reported value",
                expected=f"values in the columns {', '.join(VALUES)}",
                remedy="Type the table's values in, as they are printed.",
            )
        )
    items = wholes["items"]
    return Form(
        name=shown,
        rows=rows,
        ids=ids,
        tables=[text or "" for text in texts["table"]],
        places=place_names(texts, rows),
        texts={value: texts[value] for value in (*VALUES, "min", "max")},
        n=wholes["n"],
        count=wholes["count"],
        whole=wholes["whole"],
        mean=decimals["mean"],
        sd=decimals["sd"],
        percent=decimals["percent"],
        low=decimals["min"],
        high=decimals["max"],
        items=np.where(items.known, items.digits, 1),
        is_integer=kinds.is_integer,
        is_binary=kinds.is_binary,
        is_continuous=kinds.is_continuous,
        relations=relations,
    )


def _read_texts(path: Path, name: str) -> tuple[Texts, list[int]]:
    """Return the texts of all columns, and the rows of the file that say something."""
    from qdaio.files.sheets import read_sheets
    from qdaio.files.source import open_source

    source = open_source(path, name)
    if source.kind != "text":
        raise StudyError(
            Fault(
                kind="wrong-format",
                file=name,
                found=f"a file of kind {source.kind}",
                expected="CSV, which keeps numbers as they are typed",
                remedy="Save the sheet as CSV (UTF-8); format its cells as text before typing, "
                "so that trailing zeros stay.",
            )
        )
    sheets = read_sheets(source)
    columns = [_stripped(column) for column in sheets[0].columns] if sheets else []
    filled = [at for at, cells in enumerate(zip(*columns, strict=True)) if any(cells)]
    if len(filled) < 2:
        raise StudyError(
            Fault(
                kind="empty-file",
                file=name,
                found="no row of values",
                expected=f"a line with the names of columns ({', '.join(COLUMNS)}) and rows below",
                remedy="Fill in the form.",
            )
        )
    header, body = filled[0], filled[1:]
    numbers = [sheets[0].row_number(at) for at in filled]
    names = [(column[header] or "").casefold() for column in columns]
    faults = FaultList()
    _check_header(names, name, numbers[0], faults)
    texts: Texts = {column: [None] * len(body) for column in COLUMNS}
    for column, cells in zip(names, columns, strict=True):
        if not column:
            _check_beyond_header([cells[at] for at in body], numbers[1:], name, faults)
        texts[ALSO.get(column, column)] = [cells[at] for at in body]
    faults.raise_if_any()
    return texts, numbers[1:]


def _stripped(column: list[Any]) -> list[str | None]:
    return [cell.strip() or None if cell else None for cell in column]


def _check_header(names: list[str], file: str, row: int, faults: FaultList) -> None:
    known = [*COLUMNS, *ALSO]
    meant = [ALSO.get(name, name) for name in names if name]
    for name in dict.fromkeys(name for name in names if name and name not in known):
        near = difflib.get_close_matches(name, known, n=1)
        faults.add(
            kind="unknown-column",
            file=file,
            row=row,
            column=name,
            expected=", ".join(COLUMNS),
            remedy=f'Did you mean "{near[0]}"?' if near else 'Rename it, for example to "note".',
        )
    for name in dict.fromkeys(name for name in meant if meant.count(name) > 1):
        faults.add(
            kind="duplicate-column",
            file=file,
            row=row,
            column=name,
            remedy="Remove or rename one of the two columns.",
        )


def _check_beyond_header(
    cells: list[str | None], rows: list[int], file: str, faults: FaultList
) -> None:
    for cell, row in zip(cells, rows, strict=True):
        if cell:
            faults.add(
                kind="cell-without-column",
                file=file,
                row=row,
                found=f'"{cell}" beyond the named columns',
                expected="as many cells as there are names of columns",
                remedy='Put a value that holds the separator in quotation marks: "1,704".',
            )


def _split_cells(texts: Texts, rows: list[int], file: str, faults: FaultList) -> None:
    """Spread cells with several numbers over their fields; a field filled twice is a fault."""
    for column, split in SPLITTERS.items():
        several: dict[str | None, dict[str, str]] = {}
        for text in set(texts[column]):
            if text is None or text.isdigit() or text.casefold() in NOT_REPORTED:
                continue
            fields = split(text)
            if fields != {column: text}:
                several[text] = fields
        if not several:
            continue
        for at, text in enumerate(texts[column]):
            for field, value in several.get(text, {}).items():
                before = texts[field][at]
                if field != column and before not in (None, value):
                    faults.add(
                        kind="stated-twice",
                        file=file,
                        row=rows[at],
                        column=field,
                        found=f'"{before}", and "{text}" in the column {column}',
                        expected="each value once",
                        remedy="Remove one of the two.",
                    )
                texts[field][at] = value
            if text in several and column not in several[text]:
                texts[column][at] = None
