"""Dates and times as programs print them, brought into one form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qdaio.files.cells import label_series, text_series

__all__ = ["iso_dates"]

CLOCK = r"(?:[T,]?\s*(\d{1,2}):(\d{2})(?::(\d{2})((?:\.\d+)?))?\s*([AaPp]\.?\s?[Mm]\.?)?)?"
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + CLOCK)
PRINTED = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})\.?" + CLOCK)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BY_C = re.compile(r"\w{3} (\w{3}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})")
USUAL = (
    r"^(?:(?:0[1-9]|1\d|2[0-8])\.(?:0[1-9]|1[0-2])|(?:29|30)\.(?:0[13-9]|1[0-2])"
    r"|31\.(?:0[13578]|1[02]))\.\d{4} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$"
)


def iso_dates(cells: Sequence[Any]) -> pd.Series:
    """Return a column of dates as ISO 8601 text; what cannot be read stays as written.

    ``30.11.2017 20:55:14`` has the day first. With slashes the order is that of the whole
    column: day first where a first number exceeds 12, month first where a second does;
    where neither does it cannot be told. ``Tue Apr  1 10:51:03 2014`` is what C and R print.

    Parameters
    ----------
    cells : sequence
        Text, dates, or None.

    Returns
    -------
    Series of str
        Such as ``2017-11-30T20:55:14``, or ``2017-11-30`` where there is no time of day.

    Examples
    --------
    >>> list(iso_dates(["3/25/25, 9:05 PM", "3/1/25"]))
    ['2025-03-25T21:05', '2025-03-01']
    >>> list(iso_dates(["3/1/25"]))
    ['3/1/25']
    """
    text = text_series(cells)
    if (usual := _usual(text)) is not None:
        return usual
    at, labels = label_series(cells)
    found = [PRINTED.fullmatch(label) if label else None for label in labels]
    slashed = [(int(date[1]), int(date[3])) for date in found if date and date[2] == "/"]
    first, second = (max((pair[side] for pair in slashed), default=0) for side in (0, 1))
    day_first = (first > 12) if (first > 12) != (second > 12) else None
    read = [
        _printed(date, day_first) if date else _other(label)
        for date, label in zip(found, labels, strict=True)
    ]
    kept = [new or old for new, old in zip(read, labels, strict=True)]
    return pd.Series(pd.array(np.asarray(kept, dtype=object)[at], dtype="str"))


def _usual(text: pd.Series) -> pd.Series | None:
    """Rewrite a column in which all dates are ``20.11.2017 20:55:14``, by place alone."""
    values = pa.array(text, pa.large_string(), from_pandas=True)
    if not pc.all(pc.match_substring_regex(values, USUAL)).as_py():
        return None
    pieces = [pc.utf8_slice_codeunits(values, *ends) for ends in ((6, 10), (3, 5), (0, 2))]
    day = pc.binary_join_element_wise(*pieces, pa.scalar("-", pa.large_string()))
    clock = pc.utf8_slice_codeunits(values, 11, 19)
    both = pc.binary_join_element_wise(day, clock, pa.scalar("T", pa.large_string()))
    return pd.Series(pd.array(both, dtype="str"))


def _printed(date: re.Match[str], day_first: bool | None) -> str | None:
    order = True if date[2] == "." else day_first
    if order is None:
        return None
    day, month = (date[1], date[3]) if order else (date[3], date[1])
    year = int(date[4]) + (2000 if len(date[4]) == 2 else 0)
    return _written(year, int(month), int(day), *date.groups()[4:])


def _other(label: str | None) -> str | None:
    if label is None:
        return None
    if found := ISO.fullmatch(label):
        return _written(int(found[1]), int(found[2]), int(found[3]), *found.groups()[3:])
    found = BY_C.fullmatch(label)
    if found and found[1] in MONTHS:
        hour, minute, second = found[3].split(":")
        month = MONTHS.index(found[1]) + 1
        return _written(int(found[4]), month, int(found[2]), hour, minute, second)
    return None


def _written(
    year: int,
    month: int,
    day: int,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    fraction: str | None = None,
    half: str | None = None,
) -> str | None:
    """Return a date, with the time of day as exact as it was printed; None where it is none."""
    try:
        written = dt.date(year, month, day).isoformat()
        if hour is None:
            return written
        hours = int(hour)
        if half:
            if not 1 <= hours <= 12:
                return None
            hours = hours % 12 + (12 if half[0] in "Pp" else 0)
        dt.time(hours, int(minute or 0), int(second or 0))
    except ValueError:
        return None
    seconds = f":{second}{fraction or ''}" if second else ""
    return f"{written}T{hours:02}:{minute}{seconds}"
