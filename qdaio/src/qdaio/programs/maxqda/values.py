"""Values as MAXQDA writes them: positions, numbers that are missing, columns of variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from qdaio.files.cells import as_text, label_series, number_series, text_series
from qdaio.headers import SheetTable, table_at
from qdaio.model import make_frame
from qdaio.programs.maxqda.words import DOTS

__all__ = ["MISSING", "attribute_rows", "numbers", "positions", "with_variables"]

MISSING = -9  # how MAXQDA writes a number that is not there
PAGE = re.compile(r"(\d{1,6})\s*:\s*(\d{1,9})")
TIME = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?")


def numbers(cells: Sequence[Any]) -> pd.Series:
    """Return numbers; -9 and text that is none are missing."""
    values = number_series(cells)
    return values.mask(values == MISSING)


def positions(start: Sequence[Any], end: Sequence[Any]) -> pd.DataFrame:
    """Read the columns Beginning and End.

    A whole number is a paragraph, ``3:120`` the 120th character on page 3 of a PDF,
    ``0:01:23.4`` a time in a recording.

    Returns
    -------
    DataFrame
        ``start``, ``end`` (Int64: paragraphs, pages or milliseconds), ``unit``, and
        ``place`` as printed where it is more than a pair of whole numbers.
    """
    frames = [_side(cells) for cells in (start, end)]
    first, last = frames
    printed = first["printed"].fillna("") + "–" + last["printed"].fillna("")
    return pd.DataFrame(
        {
            "start": first["value"],
            "end": last["value"],
            "unit": first["unit"].fillna(last["unit"]),
            "place": printed.where(first["printed"].notna() | last["printed"].notna()),
        }
    )


def _side(cells: Sequence[Any]) -> pd.DataFrame:
    if set(map(type, cells)) <= {int, type(None)}:
        value = numbers(cells).astype("Int64")
        unit = pd.Series("paragraph", index=value.index, dtype="str").where(value.notna())
        printed = pd.Series(pd.NA, index=value.index, dtype="str")
        return pd.DataFrame({"value": value, "unit": unit, "printed": printed})
    places, labels = label_series(cells)
    read = pd.DataFrame(
        [_position(label) for label in labels], columns=["value", "unit", "printed"]
    ).astype({"value": "Int64", "unit": "str", "printed": "str"})
    return read.iloc[places].reset_index(drop=True)


def _position(label: str | None) -> tuple[int | None, str | None, str | None]:
    if label is None or label == str(MISSING):
        return None, None, None
    if label.isascii() and label.isdigit() and len(label) < 16:
        return int(label), "paragraph", None
    if page := PAGE.fullmatch(label):
        return int(page[1]), "page", label
    if time := TIME.fullmatch(label):
        seconds = int(time[1]) * 3600 + int(time[2]) * 60 + int(time[3])
        return seconds * 1000 + int((time[4] or "0").ljust(3, "0")), "ms", label
    return None, None, label


def attribute_rows(
    entity: str,
    ids: pd.Series,
    columns: Mapping[str, Sequence[Any]],
    file: str,
    row_numbers: Sequence[int],
) -> pd.DataFrame:
    """Turn columns of variables into the frame ``attributes``, without missing values.

    MAXQDA writes a missing number as -9, so it is one where a column holds numbers only.
    """
    parts = []
    for name, cells in columns.items():
        values = text_series(cells)
        filled = values.dropna()
        if filled.empty or set(filled) <= DOTS:
            continue
        if pd.to_numeric(filled, errors="coerce").notna().all():
            values = values.mask(values == str(MISSING))
        rows = pd.DataFrame({"entity_id": ids, "value": values, "source_row": row_numbers})
        parts.append(rows.assign(entity=entity, name=name, source_file=file).dropna(subset="value"))
    if not parts:
        return make_frame("attributes", [])
    # all variables of a document together, in the order of the table
    stacked = pd.concat(parts).sort_values("source_row", kind="stable", ignore_index=True)
    return make_frame("attributes", stacked)


def with_variables(
    table: SheetTable, places: Iterable[int], known: Mapping[str, str]
) -> SheetTable:
    """Take columns of a table for variables, though their headers are known ones.

    Parameters
    ----------
    table : SheetTable
    places : iterable of int
        Of the columns in the sheet, from 0; one that repeats a known column is dropped.
    known : mapping of str to str
        Canonical name by normalised header.
    """
    beside = list(places)
    sheet, index = table.sheet, table.header_row - table.sheet.first_row
    kept = [column for place, column in enumerate(sheet.columns) if place not in beside]
    again = table_at(replace(sheet, columns=kept), index, known)
    variables = dict(again.unknown)
    for place in beside:
        cells = [sheet.columns[place][row - sheet.first_row] for row in table.row_numbers]
        if cells in again.columns.values():
            continue
        label = name = as_text(sheet.columns[place][index]) or ""
        count = 2
        while name in variables:
            name, count = f"{label} ({count})", count + 1
        variables[name] = cells
    return replace(again, sheet=sheet, unknown=variables, missing=table.missing)
