"""Positions and dates as ATLAS.ti prints them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from qdaio.files.cells import as_text

__all__ = ["Place", "iso_dates", "place_of"]

Place = tuple[int | None, int | None, str | None, str | None]

PARAGRAPHS = re.compile(r"^¶+\s*(\d{1,9})(?:\s*[-–—]\s*(?:¶\s*)?(\d{1,9}))?\b")
CLOCK = re.compile(r"^(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,:](\d{1,3}))?$")
SLASHED = re.compile(r"^(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})(?:,?\s+(.*))?$")


def place_of(reference: object, start: object, end: object) -> Place:
    """Read where a quotation is.

    Parameters
    ----------
    reference : cell
        Such as ``¶ 3 – 4`` (with thin spaces), ``p. 3`` or ``0:01:23 – 0:02:00``.
    start, end : cells
        Positions in columns of their own: paragraphs of a text, times of a recording.

    Returns
    -------
    tuple of start, end, unit and place
        Start and end are whole numbers in `unit` where they are known; place is what is
        printed.
    """
    printed = " ".join((as_text(reference) or "").split()) or None
    first, last = _number(start), _number(end)
    marked = PARAGRAPHS.match(printed or "")
    if marked and first is None:
        first, last = int(marked[1]), int(marked[2] or marked[1])
    times = _milliseconds(start), _milliseconds(end)
    if times[0] is not None:
        return times[0], times[1], "ms", printed or _pair(start, end)
    if first is None:
        return None, None, None, printed or _pair(start, end)
    if marked or printed is None:
        return first, last, "paragraph", printed
    return None, None, None, f"{printed} ({_pair(start, end)})"


def _pair(start: object, end: object) -> str | None:
    return " – ".join(text for cell in (start, end) if (text := as_text(cell))) or None


def _number(cell: object) -> int | None:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    text = (as_text(cell) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _milliseconds(cell: object) -> int | None:
    if isinstance(cell, dt.time):
        cell = dt.timedelta(
            hours=cell.hour,
            minutes=cell.minute,
            seconds=cell.second,
            microseconds=cell.microsecond,
        )
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() * 1000)
    found = CLOCK.match((as_text(cell) or "").strip())
    if found is None:
        return None
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    return seconds * 1000 + int((found[4] or "0").ljust(3, "0"))


def iso_dates(cells: Sequence[Any]) -> list[str | None]:
    """Return a column of dates as ISO 8601; what cannot be read stays as written.

    ``3/25/25`` has the month first and ``25/3/25`` the day; which of them a column means
    is read from all of its dates together. Where none has a number above 12 it cannot be
    told, and they stay as written.
    """
    texts = [cell.isoformat() if isinstance(cell, dt.date) else as_text(cell) for cell in cells]
    found = [SLASHED.match((text or "").strip()) for text in texts]
    firsts = {int(date[1]) for date in found if date}
    seconds = {int(date[3]) for date in found if date}
    dotted = any(date[2] == "." for date in found if date)
    day_first = dotted or max(firsts, default=0) > 12
    month_first = not dotted and max(seconds, default=0) > 12
    if day_first is month_first:
        return texts
    return [
        _iso(date, day_first) or text if date else text
        for text, date in zip(texts, found, strict=True)
    ]


def _iso(date: re.Match[str], day_first: bool) -> str | None:
    day, month = (int(date[1]), int(date[3])) if day_first else (int(date[3]), int(date[1]))
    year = int(date[4]) + (2000 if len(date[4]) == 2 else 0)
    try:
        written = dt.date(year, month, day).isoformat()
    except ValueError:
        return None
    return f"{written} {date[5]}" if date[5] else written
