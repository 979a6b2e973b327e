"""Values as MAXQDA writes them: positions, dates, numbers that are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qdaio.files.cells import label_series, number_series, text_series

__all__ = ["MISSING", "iso_dates", "numbers", "positions"]

MISSING = -9  # how MAXQDA writes a number that is not there
PAGE = re.compile(r"(\d{1,6})\s*:\s*(\d{1,9})")
TIME = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?")
CLOCK = r"(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)"
USUAL = r"^(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.\d{4} \d{2}:\d{2}:\d{2}$"
DAY, MONTH, YEAR = r"(0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])", r"(\d{4})"


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


def iso_dates(cells: Sequence[Any]) -> pd.Series:
    """Return dates as ISO 8601 text; what cannot be read stays as written.

    ``30.11.2017 20:55:14`` has the day first. With slashes the order is that of the
    column: day first where a first number exceeds 12, month first where a second does.
    """
    text = text_series(cells)
    if (usual := _usual(text)) is not None:
        return usual
    text = text.str.strip()
    text = _rewritten(text, rf"{DAY}\.{MONTH}\.{YEAR}", r"\3-\2-\1")
    first, second = _largest_of_slashed(text)
    if first > 12 >= second:
        text = _rewritten(text, f"{DAY}/{MONTH}/{YEAR}", r"\3-\2-\1")
    elif second > 12 >= first:
        text = _rewritten(text, f"{MONTH}/{DAY}/{YEAR}", r"\3-\1-\2")
    return _rewritten(text, r"(\d{4})-(\d{2})-(\d{2})", r"\1-\2-\3")


def _usual(text: pd.Series) -> pd.Series | None:
    """Rewrite a column in which all dates are ``30.11.2017 20:55:14``, by place alone."""
    values = pa.array(text, pa.large_string(), from_pandas=True)
    if not pc.all(pc.match_substring_regex(values, USUAL)).as_py():
        return None
    pieces = [pc.utf8_slice_codeunits(values, *ends) for ends in ((6, 10), (3, 5), (0, 2))]
    day = pc.binary_join_element_wise(*pieces, pa.scalar("-", pa.large_string()))
    clock = pc.utf8_slice_codeunits(values, 11, 19)
    both = pc.binary_join_element_wise(day, clock, pa.scalar("T", pa.large_string()))
    return pd.Series(pd.array(both, dtype="str"))


def _rewritten(text: pd.Series, day: str, order: str) -> pd.Series:
    """Write days of one form as ISO, with the time of day where there is one."""
    values = pa.array(text, pa.large_string(), from_pandas=True)
    values = pc.replace_substring_regex(values, rf"^{day}$", order)
    values = pc.replace_substring_regex(values, rf"^{day}\s+{CLOCK}$", rf"{order}T\4")
    for short, padded in (
        (r"^(\d{4})-(\d)-", r"\1-0\2-"),
        (r"^(\d{4}-\d{2})-(\d)(T|$)", r"\1-0\2\3"),
    ):
        values = pc.replace_substring_regex(values, short, padded)
    values = pc.replace_substring_regex(values, r"^(\d{4}-\d{2}-\d{2})T(\d):", r"\1T0\2:")
    return pd.Series(pd.array(values, dtype="str"), index=text.index)


def _largest_of_slashed(text: pd.Series) -> tuple[float, float]:
    if not text.str.contains("/", regex=False).any():
        return 0, 0
    pairs = text.str.extract(r"^(\d{1,2})/(\d{1,2})/\d{4}").astype("float64")
    first, second = pairs.max()
    return float(first), float(second)
