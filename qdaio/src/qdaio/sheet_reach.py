"""How far the cells of a worksheet reach, from its XML, without reading the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["CHUNK", "reach"]

CHUNK = 1 << 20
TAIL = 4 << 20  # more than the XML of one cell can take
THOROUGH = 32  # pieces that are looked at cell by cell; of later ones every so many-th
SAMPLED = 8

CELL = re.compile(rb"""\br=["']([A-Z]{1,4})(\d{1,9})["']""")
FAR = re.compile(rb"""r=["'](?:[A-Z]{2}|[A-Z]\d{7})""")  # beyond column Z or row 999,999
PREFIX = re.compile(rb"<(\w+:)?sheetData\b")
STATED = re.compile(rb"""<(?:\w+:)?dimension\b[^>]*\bref=["'](?:[A-Z]+\d+:)?([A-Z]+)(\d+)["']""")


def reach(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """Give each piece of a sheet's XML, and how far the cells up to there reach.

    A sheet that states its reach itself, as nearly all do, is believed for more than that,
    never for less: its first pieces are looked at cell by cell, then each last cell and
    every eighth piece. One that does not is looked at cell by cell throughout.

    Parameters
    ----------
    pieces : iterable of bytes
        In order, of any length.

    Yields
    ------
    piece : bytes
    row, column : int
        Both from 1.
    """
    prefix: bytes | None = None
    stated: tuple[int, int] | None = None
    top = 0, 0
    rest = b""
    ended = before = 0
    for number, piece in enumerate(pieces):
        window = rest + piece
        if prefix is None and (found := PREFIX.search(window)):
            prefix = found[1] or b""
            if said := STATED.search(window, 0, found.start()):
                stated = top = int(said[2]), _column(said[1])
        close, cell = (
            b"<" + mark + (prefix or b"") + tag for mark, tag in ((b"/", b"row>"), (b"", b"c "))
        )
        end = window.rfind(close) + 1
        end += len(close) - 1 if end else 0
        rest = window[end:]
        row = column = 0
        if (stated and number >= THOROUGH and number % SAMPLED) or (
            stated and FAR.search(window) is None and CELL.search(window)
        ):
            row, column = _of_last(window, cell)
        elif number < THOROUGH:
            row, column = _furthest(CELL.findall(window))
        else:
            row, column = _furthest(CELL.findall(_last_cells(window, cell, close)))
        if not CELL.search(window):  # cells and rows need not say where they stand
            ended += window.count(close, 0, end)
            column = before + max(part.count(cell[:-1]) for part in window.split(close))
        yield piece, max(row, ended, top[0]), max(column, top[1])
        before = 0 if end else before
        if len(rest) > TAIL:  # of a row without end its last cells say enough
            before += rest[:-TAIL].count(cell)
            rest = rest[-TAIL:]


def _of_last(window: bytes, cell: bytes) -> tuple[int, int]:
    """Give the row and column of the last cell."""
    last = CELL.search(window, max(window.rfind(cell), 0))
    return (int(last[2]), _column(last[1])) if last else (0, 0)


def _last_cells(window: bytes, cell: bytes, close: bytes) -> bytes:
    """Return the beginnings of the last cell of each row."""
    rows = window.split(close)
    return b"\n".join(row[start : start + 80] for row in rows if (start := row.rfind(cell)) >= 0)


def _furthest(places: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    row = max((int(number) for _, number in places), default=0)
    return row, max(map(_column, {name for name, _ in places}), default=0)


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, Z 26, AA 27."""
    return sum(26**power * (letter - 64) for power, letter in enumerate(reversed(letters)))
