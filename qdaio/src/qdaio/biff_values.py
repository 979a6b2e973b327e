"""Values in records of BIFF8: texts, numbers, dates."""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Sequence

__all__ = ["Pieces", "as_date", "is_date_format", "packed_number", "text_at"]

BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
DAYS = 2_958_466  # the year 10000
WIDE, EXTENDED, RICH = 0x01, 0x04, 0x08


class Pieces:
    """A record and its continuations, read from one end to the other.

    Where the characters of a text cross into a continuation, that begins with a byte that
    says anew whether characters are one or two bytes wide.

    Raises
    ------
    ValueError
        When more is read than there is.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces = pieces
        self.number = 0
        self.place = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes, from as many continuations as it takes."""
        parts = []
        while count:
            part = self._some(count)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def number_of(self, form: str) -> int:
        """Return the next whole number, of a form that `struct` knows."""
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def text(self) -> str:
        """Return the next text with its own header."""
        count = self.number_of("<H")
        flags = self.number_of("<B")
        runs = self.number_of("<H") if flags & RICH else 0
        extra = self.number_of("<I") if flags & EXTENDED else 0
        parts = []
        while count:
            if self.place == len(self.pieces[self.number]):
                self._next()
                flags = self.number_of("<B")
            width = 2 if flags & WIDE else 1
            part = self._some(count * width, width)
            count -= len(part) // width
            parts.append(part if width == 2 else part.decode("latin-1").encode("utf-16-le"))
        self.take(4 * runs)
        self.take(extra)
        return b"".join(parts).decode("utf-16-le", errors="replace")

    def _some(self, count: int, width: int = 1) -> bytes:
        if self.place == len(self.pieces[self.number]):
            self._next()
        piece = self.pieces[self.number]
        part = piece[self.place : self.place + count]
        if len(part) % width:
            raise ValueError("a character cut in two")
        self.place += len(part)
        return part

    def _next(self) -> None:
        self.number += 1
        self.place = 0
        if self.number >= len(self.pieces) or not self.pieces[self.number]:
            raise ValueError("a text without end")


def text_at(record: bytes, start: int, *, short: bool = False) -> str:
    """Return a text that stands whole in one record, with a long or short header."""
    count, flags = struct.unpack_from("<BB" if short else "<HB", record, start)
    start += 2 if short else 3
    width = 2 if flags & WIDE else 1
    part = record[start : start + count * width]
    if len(part) < count * width:
        raise ValueError("a text without end")
    return part.decode("utf-16-le" if width == 2 else "latin-1", errors="replace")


def packed_number(packed: int) -> float:
    """Return a number that is packed into 30 bits and two flags (RK)."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return float(value / 100 if packed & 1 else value)


def is_date_format(number: int, code: str | None) -> bool:
    """Say whether a number format shows dates or times."""
    if code is None:
        return number in BUILT_IN_DATES
    return re.search(r"[ymdhs]", LITERAL.sub("", code.split(";")[0]), re.IGNORECASE) is not None


def as_date(value: float, *, is_1904: bool) -> dt.date | dt.time | float:
    """Return a number as the date, time or both that its format shows."""
    if not 0 <= value < DAYS:
        return value
    seconds = round(value * 86_400)
    if seconds < 86_400 and not is_1904:
        return (dt.datetime.min + dt.timedelta(seconds=seconds)).time()
    start = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)
    moment = start + dt.timedelta(seconds=seconds)
    return moment if seconds % 86_400 else moment.date()
