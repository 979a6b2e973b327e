"""What a column holds, in a few numbers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from qdaio.files.cells import as_text

__all__ = ["Profile", "profile"]

DOTS = frozenset("●•○◉⬤")
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
