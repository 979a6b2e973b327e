"""How wide each column of a table should be where the format cannot work it out."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from analysis.tables.text import cell_text

if TYPE_CHECKING:
    from analysis.tables.table import Table

__all__ = ["column_shares"]

# letters that a line of the page holds, at the usual size
PAGE = 95
# a long text may wrap, so its column need not be as wide as its longest line
WIDEST = 40
# empty space in a cell, and what bold letters need more
PADDING = 2
BOLD = 1.15


def column_shares(table: Table) -> list[float]:
    """Return the width of each column in percent of the table; together 100.

    Columns with a width of their own keep it. The others are as wide as their longest
    word at least, where the page has room for that, and share the rest by their longest
    line.
    """
    given = [column.width for column in table.columns]
    wanted = [_letters_wanted(table, index) for index in range(len(given))]
    free = max(0.0, 100 - sum(width or 0 for width in given)) * PAGE / 100
    least = sum(word for (word, _), width in zip(wanted, given, strict=True) if width is None)
    extra = sum(line - word for (word, line), width in zip(wanted, given, strict=True)
                if width is None)  # fmt: skip
    rest = max(0.0, free - least)
    shares = [
        word + (rest * (line - word) / extra if extra else rest * word / least)
        if width is None
        else width * PAGE / 100
        for (word, line), width in zip(wanted, given, strict=True)
    ]
    total = sum(shares)
    return [100 * share / total for share in shares]


def _letters_wanted(table: Table, index: int) -> tuple[float, float]:
    """Return the letters of the longest word and of the longest line of a column."""
    indents = [2 * row.indent if index == 0 else 0 for row in table.rows]
    cells = [
        (indent, line)
        for row, indent in zip(table.rows, indents, strict=True)
        for line in row.cells[index].split("\n")
    ]
    heading = cell_text(table.columns[index].label).split()
    words = [BOLD * _letters(word) for word in heading]
    words += [indent + _letters(word) for indent, line in cells for word in line.split()]
    lines = [float(indent + _letters(line)) for indent, line in cells]
    word = PADDING + min(max(words, default=1), WIDEST)
    line = PADDING + min(max(lines, default=1), WIDEST)
    return word, max(word, line)


def _letters(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)
