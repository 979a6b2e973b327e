"""Coded segments under headers of an unknown language, known by what the columns hold.

What gives them away: a column of "●", paths "A > B", a pair of positions, a number that is
the length of the text beside it, names of people left of dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from typing import Any

from qdaio.files.cells import Sheet, as_text
from qdaio.labels import normalise
from qdaio.programs.maxqda.labels import label_columns
from qdaio.programs.maxqda.profile import Profile, profile

__all__ = ["Guess", "guess_columns"]

DEPTH = 30
LEAST_HEADERS = 4
LEAST_SIGNS = 2
SAMPLE = 2000
DOTS, LENGTH, PATHS = "the dots of code colours", "the length of the text", 'paths "A > B"'
STRONG = {DOTS, LENGTH, PATHS}  # dates and pairs of numbers stand in many tables


@dataclass(frozen=True)
class Guess:
    """Which column holds what.

    Attributes
    ----------
    header : int
        Place of the header row in the sheet, from 0.
    columns : dict of str to str
        Header as written, by canonical name.
    signs : tuple of str
        What gave the table away.
    unclear : dict of str to list of str
        Headers of the columns among which one cannot be told.
    """

    header: int
    columns: dict[str, str]
    signs: tuple[str, ...]
    unclear: dict[str, list[str]] = field(default_factory=dict)


def guess_columns(sheet: Sheet) -> Guess | None:
    """Recognise coded segments by what the columns hold, or return None."""
    header = _header(sheet)
    if header is None:
        return None
    columns = [
        profile(place, as_text(column[header]), column[header + 1 : header + 1 + SAMPLE])
        for place, column in enumerate(sheet.columns)
        if column[header] is not None
    ]
    found: dict[str, Profile] = {}
    signs: list[str] = []
    if dot := next((item for item in columns if item.is_dots), None):
        found["colour"] = dot
        signs.append(DOTS)
    text = _text(columns)
    if text is None:
        return None
    found["text"] = text
    free = [item for item in columns if item not in found.values()]
    dates = [item for item in free if item.dates > 0.8]
    if dates:
        found["created"] = dates[0]
        signs.append("dates")
    numbers = [item for item in free if item.numbers > 0.8 and item not in dates]
    if area := next((item for item in numbers if _is_length(item, text)), None):
        found["area"] = area
        signs.append(LENGTH)
    places = [item for item in free if item.positions > 0.8 and item is not area]
    for first, second in pairwise(places):
        if second.place == first.place + 1 and _is_pair(first, second):
            found["start"], found["end"] = first, second
            signs.append("pairs of positions")
            break
    if paths := [item for item in free if item.paths > 0.2 and item is not text]:
        found["code"] = max(paths, key=lambda item: item.paths)
        signs.append(PATHS)
    if weight := _weight(numbers, found):
        found["weight"] = weight
    taken = list(found.values())
    rest = [item for item in free if item not in taken and item.texts > 0.8 and item.filled]
    unclear = label_columns(rest, found, dates)
    if len(signs) < LEAST_SIGNS or len(found) < LEAST_HEADERS or not STRONG & set(signs):
        return None
    if any(name not in found and not unclear.get(name) for name in ("document", "code")):
        return None
    return Guess(
        header=header,
        columns={name: item.header for name, item in found.items()},
        signs=tuple(signs),
        unclear={name: [item.header for item in items] for name, items in unclear.items()},
    )


def _header(sheet: Sheet) -> int | None:
    """Take the first row of four or more different short texts with rows below it."""
    for index, row in enumerate(sheet.head(DEPTH)):
        labels = [cell for cell in row if cell is not None]
        if (
            len(labels) >= LEAST_HEADERS
            and index + 1 < sheet.height
            and all(isinstance(label, str) and len(label) < 60 for label in labels)
            and len({normalise(label) for label in labels}) == len(labels)
        ):
            return index
    return None


def _text(columns: list[Profile]) -> Profile | None:
    """Take the column of the longest texts, when they are long or hardly ever repeat."""
    texts = [item for item in columns if item.texts > 0.8 and item.filled > 0.9]
    texts = [item for item in texts if item.dates < 0.5 and item.paths < 0.5]
    best = max(texts, key=lambda item: item.mean_length, default=None)
    if best is None or (best.mean_length < 20 and best.distinct < 0.5):
        return None
    return best


def _is_length(item: Profile, text: Profile) -> bool:
    """Say whether a column counts the characters of the text, give or take its edges."""
    pairs = [
        abs(float(number) - len(words)) <= 3
        for number, words in zip(item.cells, text.cells, strict=True)
        if isinstance(words, str) and _number(number) is not None
    ]
    return len(pairs) > 0 and fmean(pairs) > 0.6


def _is_pair(first: Profile, second: Profile) -> bool:
    pairs = [
        (one, other)
        for one, other in zip(first.order, second.order, strict=True)
        if one is not None and other is not None
    ]
    return len(pairs) > 0 and all(one <= other for one, other in pairs)


def _weight(numbers: list[Profile], found: dict[str, Profile]) -> Profile | None:
    """Take the whole numbers of 0 to 100 that hardly vary, right after the positions."""
    end = found.get("end")
    for item in numbers:
        values = {_number(cell) for cell in item.cells} - {None}
        if item in found.values() or end is None or item.place != end.place + 1:
            continue
        if all(value is not None and 0 <= value <= 100 and value == int(value) for value in values):
            return item
    return None


def _number(cell: Any) -> float | None:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return None
