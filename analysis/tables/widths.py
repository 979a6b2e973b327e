"""How wide each column of a table should be where the format cannot work it out."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from analysis.tables.text import cell_text

if TYPE_CHECKING:
    from analysis.tables.table import Table

__all__ = ["column_shares"]

# letters: a narrow column must hold its longest word, a wide one may wrap its lines
NARROWEST = 5
WIDEST = 48


def column_shares(table: Table) -> list[float]:
    """Return the width of each column in percent of the table; together 100.

    Columns with a width of their own keep it. The others share the rest by their longest
    line, within limits so that long texts wrap and short numbers do not.
    """
    given = [column.width for column in table.columns]
    lengths = [_length(table, index) for index in range(len(given))]
    rest = max(0.0, 100 - sum(width or 0 for width in given))
    open_length = sum(length for length, width in zip(lengths, given, strict=True) if width is None)
    shares = [
        rest * length / open_length if width is None else width
        for length, width in zip(lengths, given, strict=True)
    ]
    total = sum(shares) or 1
    return [100 * share / total for share in shares]


def _length(table: Table, index: int) -> float:
    indents = [2 * row.indent if index == 0 else 0 for row in table.rows]
    lines = [
        indent + _letters(line)
        for row, indent in zip(table.rows, indents, strict=True)
        for line in row.cells[index].split("\n")
    ]
    heading = cell_text(table.columns[index].label)
    words = [_letters(word) for word in heading.split()]
    longest = max([*lines, *words, NARROWEST])
    return min(longest, WIDEST)


def _letters(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)
