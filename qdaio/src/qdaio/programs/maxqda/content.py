"""Coded segments under headers of an unknown language, known by what the columns hold.

What gives them away: a column of "●", paths "A > B", a pair of positions, a number that is
the length of the text beside it, names of people left of dates.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from typing import Any

from qdaio.files.cells import Sheet, as_text
from qdaio.labels import plain
from qdaio.programs.maxqda.words import DOTS, STEMS

__all__ = ["Guess", "Profile", "guess_columns", "label_columns", "profile"]


DEPTH = 30
LEAST_HEADERS = 4
LEAST_SIGNS = 2
MOST_UNCLEAR = 6  # columns among which a document or code may be
SAMPLE = 2000
DOT_COLUMN, LENGTH, PATHS = "the dots of code colours", "the length of the text", 'paths "A > B"'
STRONG = {DOT_COLUMN, LENGTH, PATHS}  # dates and pairs of numbers stand in many tables


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
    header = _first_header(sheet)
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
        signs.append(DOT_COLUMN)
    text = _longest_text(columns)
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
    if STRONG & set(signs) == {PATHS} and len(signs) == LEAST_SIGNS and "weight" not in found:
        return None  # two columns of counts beside sentences with ">" are no segments
    if any(len(items) > MOST_UNCLEAR for items in unclear.values()):
        return None  # such as a survey: MAXQDA writes no more than three columns of names
    if any(name not in found and not unclear.get(name) for name in ("document", "code")):
        return None
    return Guess(
        header=header,
        columns={name: item.header for name, item in found.items()},
        signs=tuple(signs),
        unclear={name: [item.header for item in items] for name, items in unclear.items()},
    )


def _first_header(sheet: Sheet) -> int | None:
    """Take the first row of four or more different short texts with rows below it."""
    for index, row in enumerate(sheet.head(DEPTH)):
        labels = [cell for cell in row if cell is not None]
        if (
            len(labels) >= LEAST_HEADERS
            and index + 1 < sheet.height
            and all(isinstance(label, str) and len(label) < 60 for label in labels)
            and len({plain(label) for label in labels}) == len(labels)
        ):
            return index
    return None


def _longest_text(columns: list[Profile]) -> Profile | None:
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


LONGEST = 100  # characters of a label, on average


def label_columns(
    columns: Sequence[Profile], found: dict[str, Profile], dates: Sequence[Profile]
) -> dict[str, list[Profile]]:
    """Find document, group, code and coder; add them to `found`.

    Returns
    -------
    dict of str to list of Profile
        What could not be told: the columns that it may be. A guess would put names of
        documents among the codes, so nothing is guessed.
    """
    rest = [item for item in columns if item.mean_length <= LONGEST]
    for number, date in enumerate(dates):
        left = next((item for item in rest if item.place == date.place - 1), None)
        if left is not None:
            rest.remove(left)
            if number == 0:
                found["coder"] = left
    if comment := next((item for item in rest if _named(item, "comment")), None):
        rest.remove(comment)
        found["comment"] = comment
    rest = [item for item in rest if item.distinct < 0.9 or item.paths]
    for name in ("group", "document", "code"):
        named = [item for item in rest if _named(item, name)]
        if name not in found and len(named) == 1:
            found[name] = named[0]
            rest.remove(named[0])
    if "document" in found and "code" in found:
        return {}
    return _by_structure(rest, found)


def _named(item: Profile, name: str) -> bool:
    """Say whether a word of the header starts as the word does in many languages."""
    words = plain(item.header).split()
    if name == "document" and _named(item, "group"):
        return False
    return any(
        word.startswith(stem) or (not stem.isascii() and stem in word)
        for stem in STEMS[name]
        for word in words
    )


def _by_structure(rest: list[Profile], found: dict[str, Profile]) -> dict[str, list[Profile]]:
    """Use that a document belongs to one group, and that groups stand left of documents."""
    lacking = [name for name in ("document", "code") if name not in found]
    if len(rest) == 1 and len(lacking) == 1:
        found[lacking[0]] = rest[0]
        return {}
    if lacking == ["document"] and len(rest) == 2:
        one, other = rest
        if _determines(one, other) != _determines(other, one):
            document, group = (one, other) if _determines(one, other) else (other, one)
            found["document"] = document
            found.setdefault("group", group)
            return {}
    return {name: list(rest) for name in lacking}


def _determines(one: Profile, other: Profile) -> bool:
    """Say whether equal values of `one` always stand beside equal values of `other`."""
    seen: dict[str | None, str | None] = {}
    return all(
        seen.setdefault(key, value) == value
        for key, value in zip(one.values, other.values, strict=True)
    )


DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\.?,?(\s*[T ]?\s*\d{1,2}:\d{2}(:\d{2})?(\s*[AP]M)?)?", re.I
)
NUMBER = re.compile(r"-?\d+([.,]\d+)?")
PLACE = re.compile(r"-?\d+|\d+:\d+|\d+:\d{2}:\d{2}([.,]\d+)?")
PATH = re.compile(r"\S > \S")


@dataclass(frozen=True, eq=False)
class Profile:
    """A column and shares of its filled cells.

    Attributes
    ----------
    place : int
        From 0, as in the sheet.
    header : str
    cells : list
    filled : float
        Share of cells that are not blank.
    texts, numbers, dates, positions, paths : float
        Share of the filled cells that are text, numbers, dates, positions in a document,
        or paths "A > B".
    distinct : float
        Number of different values by number of filled cells.
    mean_length : float
        In characters.
    is_dots : bool
        Whether it holds nothing but the dots that show a code's colour.
    order : list of tuple of int, or None
        Positions in a form that compares.
    """

    place: int
    header: str
    cells: list[Any]
    filled: float
    texts: float
    numbers: float
    dates: float
    positions: float
    paths: float
    distinct: float
    mean_length: float
    is_dots: bool
    order: list[tuple[int, ...] | None]

    @property
    def values(self) -> list[str | None]:
        """The cells as text."""
        return [as_text(cell) for cell in self.cells]


def profile(place: int, header: str | None, cells: list[Any]) -> Profile:
    """Describe a column."""
    filled = [cell for cell in cells if cell is not None]
    texts = [str(as_text(cell)).strip() for cell in filled]
    times = (dt.date, dt.datetime)
    dates = [
        isinstance(cell, times) or DATE.fullmatch(text) is not None
        for cell, text in zip(filled, texts, strict=True)
    ]
    numbers = [NUMBER.fullmatch(text) is not None for text in texts]
    return Profile(
        place=place,
        header=header or "",
        cells=cells,
        filled=len(filled) / len(cells) if cells else 0,
        texts=_share(
            isinstance(cell, str) and not (number or date)
            for cell, number, date in zip(filled, numbers, dates, strict=True)
        ),
        numbers=_share(numbers),
        dates=_share(dates),
        positions=_share(PLACE.fullmatch(text) is not None for text in texts),
        paths=_share(PATH.search(text) is not None for text in texts),
        distinct=len(set(texts)) / len(texts) if texts else 0,
        mean_length=fmean(map(len, texts)) if texts else 0,
        is_dots=bool(texts) and set(texts) <= DOTS,
        order=[_order(cell) for cell in cells],
    )


def _share(values: Any) -> float:
    found = list(values)
    return fmean(found) if found else 0.0


def _order(cell: object) -> tuple[int, ...] | None:
    text = str(as_text(cell)).strip()
    return tuple(map(int, re.split(r"[:.,]", text))) if PLACE.fullmatch(text) else None
