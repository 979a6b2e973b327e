"""Values of SQLite, whose columns hold anything, as the kinds that a reader asks for."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["CONVERTERS", "Decoder", "TextLimitError", "as_rounded", "as_whole", "expression"]

MOST = 2**62  # beyond it no program counts


class TextLimitError(Exception):
    """Raised when the texts that are read are larger than allowed."""


class Decoder:
    """Decodes texts: UTF-8, and Windows-1252 where a program wrote what its system used.

    Parameters
    ----------
    most : int
        Bytes that it decodes before it raises :class:`TextLimitError`.

    Attributes
    ----------
    guessed : int
        How many texts were not UTF-8.
    """

    def __init__(self, most: int) -> None:
        self._left = most
        self.guessed = 0

    def __call__(self, raw: bytes) -> str:
        """Decode one text."""
        self._left -= len(raw)
        if self._left < 0:
            raise TextLimitError
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self.guessed += 1
            return raw.decode("cp1252", errors="replace")


def expression(column: str, kind: str) -> str:
    """Return the SQL of a column's value, so that whatever is large passes the decoder.

    Text is text, whatever it is stored as. What is asked to be a whole number may be a
    text, but no bytes: these stand behind everything else in the order of SQLite.
    """
    name = f'"{column}"'
    return f"CAST({name} AS TEXT)" if kind == "text" else f"CASE WHEN {name} < x'' THEN {name} END"


def as_whole(value: object) -> int | None:
    """Return a whole number, also where it is stored as a float or as text; else None.

    Examples
    --------
    >>> as_whole(3), as_whole(83075.0), as_whole("12"), as_whole(0.5), as_whole(b"3")
    (3, 83075, 12, None, None)
    """
    if type(value) is int:
        return value if -MOST < value < MOST else None
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) < MOST else None
    if type(value) is str:
        text = value.strip()
        digits = text.removeprefix("-")
        return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    return None


def as_rounded(value: object) -> int | None:
    """Return a number as the nearest whole one, such as a place in a picture; else None.

    Examples
    --------
    >>> as_rounded(10.37), as_rounded(4), as_rounded("left")
    (10, 4, None)
    """
    if type(value) is float and abs(value) < MOST:
        return round(value)
    return as_whole(value)


CONVERTERS: dict[str, Callable[[object], int | None]] = {"whole": as_whole, "rounded": as_rounded}
