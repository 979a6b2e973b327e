"""Values as MAXQDA writes them: paths of codes, positions, missing numbers, variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from qdaio.codes import check_depth
from qdaio.files.cells import Sheet, as_text, label_series, number_series, text_series
from qdaio.files.source import Source
from qdaio.headers import SheetTable, table_at
from qdaio.model import make_frame
from qdaio.programs.maxqda.words import DOTS

__all__ = [
    "ARROW",
    "MISSING",
    "Path",
    "attribute_rows",
    "code_rows",
    "joined",
    "numbers",
    "positions",
    "said_twice",
    "separator_of",
    "split_path",
    "with_variables",
]

Path = tuple[str, ...]
ARROW = " > "
SHOWN = 5
MISSING = -9  # how MAXQDA writes a number that is not there
PAGE = re.compile(r"(\d{1,6})\s*:\s*(\d{1,9})")
TIME = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?")


def split_path(label: str, separator: str = ARROW) -> Path:
    """Split a code path into names.

    Raises
    ------
    StudyError
        When there are more levels than any code system has.

    Examples
    --------
    >>> split_path("Barriers > Time > waiting")
    ('Barriers', 'Time', 'waiting')
    """
    names = tuple(part.strip() for part in label.split(separator) if part.strip())
    check_depth(len(names))
    return names or (label,)


def separator_of(labels: Iterable[str | None]) -> str:
    r"""Return what separates the levels of code paths: " > ", or "\" as in imported tables."""
    known = [label for label in labels if label]
    if not any(ARROW in label for label in known) and any("\\" in label for label in known):
        return "\\"
    return ARROW


def code_rows(paths: Iterable[Sequence[str]]) -> list[Path]:
    """Return all paths and those of their parents, each once, parents first."""
    seen: dict[Path, None] = {}
    for path in paths:
        for depth in range(1, len(path) + 1):
            seen.setdefault(tuple(path[:depth]))
    return list(seen)


def said_twice(source: Source, sheet: Sheet, rows: Mapping[Path, Sequence[int]]) -> list[str]:
    """Warn of codes that stand several times, which their names alone cannot tell apart."""
    twice = [
        f'"{" > ".join(path)}" (rows {", ".join(str(sheet.row_number(place)) for place in at)})'
        for path, at in rows.items()
        if len(at) > 1
    ]
    if not twice:
        return []
    more = f" and {len(twice) - SHOWN} more" if len(twice) > SHOWN else ""
    return [
        f"{source.name}: {len(twice)} codes have the name and the place of another code, which "
        f"a table cannot tell apart; each is taken for one code and its counts are added: "
        f"{', '.join(twice[:SHOWN])}{more}. Rename one of them in MAXQDA if they differ."
    ]


def joined(cells: Iterable[Any]) -> str | None:
    """Join the texts of cells that are not blank, each once."""
    texts = dict.fromkeys(text for cell in cells if (text := as_text(cell)))
    return "\n".join(texts) or None


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
    dash = pd.Series("–", index=first.index, dtype="str")
    dash = dash.where(first["printed"].notna() & last["printed"].notna(), "")
    printed = first["printed"].fillna("") + dash + last["printed"].fillna("")
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
