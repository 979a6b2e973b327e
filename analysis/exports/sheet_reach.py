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
        From 1.
    """
    prefix: bytes | None = None
    stated = (0, 0)
    rest = b""
    ended = before = 0
    for number, piece in enumerate(pieces):
        window = rest + piece
        if prefix is None and (found := PREFIX.search(window)):
            prefix = found[1] or b""
            if said := STATED.search(window, 0, found.start()):
                stated = int(said[2]), _column(said[1])
        close, cell = (
            b"<" + mark + (prefix or b"") + tag for mark, tag in ((b"/", b"row>"), (b"", b"c "))
        )
        end = window.rfind(close) + 1
        end += len(close) - 1 if end else 0
        rest = window[end:]
        is_sample = number % SAMPLED == 0
        if stated == (0, 0) or number < THOROUGH or is_sample:
            row, column, places = _of_cells(window, cell, close, before, stated[1])
            # rows need not say their number either
            ended += 0 if places else window.count(close, 0, end)
        else:
            last = CELL.search(window, max(window.rfind(cell), 0))
            row, column = (int(last[2]), _column(last[1])) if last else (0, 0)
        yield piece, max(row, ended, stated[0]), max(column, stated[1])
        before = 0 if end else before
        if len(rest) > TAIL:  # of a row without end its last cells say enough
            before += rest[:-TAIL].count(cell)
            rest = rest[-TAIL:]


def _of_cells(
    window: bytes, cell: bytes, close: bytes, before: int, stated: int
) -> tuple[int, int, bool]:
    """Give the furthest row and column of cells, and whether they say where they stand.

    Where the sheet states its last column and no cell stands beyond column Z, the last cell
    tells the rest; else the last cell of each row is looked at. Cells that do not say where
    they are stand one after another, `before` of them before these.
    """
    if stated and FAR.search(window) is None:
        last = CELL.search(window, max(window.rfind(cell), 0))
        if last:
            return int(last[2]), _column(last[1]), True
    rows = window.split(close)
    last_cells = b"\n".join(
        row[start : start + 80] for row in rows if (start := row.rfind(cell)) >= 0
    )
    places = CELL.findall(last_cells)
    furthest = max((int(number) for _, number in places), default=0)
    column = max(map(_column, {name for name, _ in places}), default=0)
    is_stated = len(places) > last_cells.count(b"\n")
    if not is_stated:
        column = max(column, before + max(row.count(cell[:-1]) for row in rows))
    return furthest, column, is_stated


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, Z 26, AA 27."""
    return sum(26**power * (letter - 64) for power, letter in enumerate(reversed(letters)))
