"""What a table prints: its columns, rows, groups, caption and notes, and how wide columns are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Literal

from analysis import phrases

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EM_SPACE", "Align", "Column", "Printed", "Row", "cell_text", "column_shares"]

Align = Literal["left", "right", "center"]
LABEL = re.compile(r"tbl-[a-z0-9]+(-[a-z0-9]+)*")
# indents survive in every format as characters; padding is lost between them
EM_SPACE = "\u2003"
# XML holds none of these, and no reader sees them
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# letters that a line of the page holds, at the usual size
PAGE = 95
# a long text may wrap, so its column need not be as wide as its longest line
WIDEST = 40
# empty space in a cell, and what bold letters need more
PADDING = 2
BOLD = 1.15


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column.

    Parameters
    ----------
    name : str
        Column of the body.
    label : str
        What its heading prints.
    align : {"left", "right", "center"}
    spanner : str, optional
        A heading above this one, shared with neighbours that have the same.
    width : float, optional
        Share of the table's width in percent; without it, widths follow the content.
    """

    name: str
    label: str
    align: Align = "left"
    spanner: str | None = None
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its cells from the left, its indent and the heading it stands under."""

    cells: tuple[str, ...]
    indent: int = 0
    group: str = ""


@dataclass(frozen=True, eq=False)
class Printed:
    """What a table prints, and the raw values behind it.

    Parameters
    ----------
    body : DataFrame
        Printed cells as text; missing ones are empty. Columns that are not named in
        `columns`, `groups` or `indent` are not printed.
    columns : tuple of Column
        What is printed, from the left.
    caption, label : str
        The label is the name of the files, after ``tbl-``.
    notes : tuple of str
        Printed under the table, one a line.
    groups : str, optional
        Column of the body whose value is a heading above the rows that share it.
    indent : str, optional
        Column of the body with the level, from 0, by which the first cell is indented.
    data : DataFrame, optional
        Tidy raw values for the CSV; without them it holds the printed cells.
    synthetic : bool
        Adds a note, and a last column to the CSV.

    Raises
    ------
    ValueError
        When a column is missing, the label is not like ``tbl-name``, rows of a group or
        columns of a spanner do not stand together, or an indent is no number from 0.
    """

    body: pd.DataFrame
    columns: tuple[Column, ...]
    _: KW_ONLY
    caption: str
    label: str
    notes: tuple[str, ...] = ()
    groups: str | None = None
    indent: str | None = None
    data: pd.DataFrame | None = None
    synthetic: bool = False
    rows: tuple[Row, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not LABEL.fullmatch(self.label):
            raise ValueError(f'label "{self.label}" is not like tbl-name')
        named = [column.name for column in self.columns]
        named += [name for name in (self.groups, self.indent) if name]
        if missing := [name for name in named if name not in self.body.columns]:
            raise ValueError(f"{self.label}: the body has no column {', '.join(missing)}")
        if not self.columns:
            raise ValueError(f"{self.label}: a table needs a column")
        _stand_together([column.spanner for column in self.columns], f"{self.label}: columns of")
        object.__setattr__(self, "rows", self._made_rows())
        # frames are copied when one of the two sides changes, so later changes stay outside
        object.__setattr__(self, "body", self.body.copy(deep=False))
        if self.data is not None:
            object.__setattr__(self, "data", self.data.copy(deep=False))
        _stand_together([row.group for row in self.rows], f"{self.label}: rows of")

    def _made_rows(self) -> tuple[Row, ...]:
        cells = [[cell_text(value) for value in self.body[column.name]] for column in self.columns]
        count = len(self.body)
        indents = [0] * count
        if self.indent:
            levels = self.body[self.indent]
            if levels.isna().any() or (levels.astype("float64") < 0).any():
                raise ValueError(f"{self.label}: indents must be numbers from 0")
            indents = [int(level) for level in levels]
        groups = [""] * count
        if self.groups:
            groups = [cell_text(value) for value in self.body[self.groups]]
        return tuple(
            Row(row, indent, group)
            for row, indent, group in zip(zip(*cells, strict=True), indents, groups, strict=True)
        )

    def __repr__(self) -> str:
        size = f"{len(self.rows)} rows, {len(self.columns)} columns"
        return f"<{type(self).__name__} {self.label}: {size}>"

    @property
    def name(self) -> str:
        """Name of the files, without a suffix."""
        return self.label.removeprefix("tbl-")

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes as printed, with the one that says that the data are synthetic."""
        return (*self.notes, phrases.SYNTHETIC_NOTE) if self.synthetic else self.notes


def cell_text(value: object) -> str:
    r"""Return what a cell prints: missing values as nothing, line ends as ``\n``.

    Characters that XML cannot hold are left out; tabs become spaces.
    """
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return FORBIDDEN.sub("", text)


def _stand_together(values: list[str | None], what: str) -> None:
    """Raise ValueError when equal values are parted by others."""
    seen: set[str | None] = set()
    last = None
    for value in values:
        if value and value != last and value in seen:
            raise ValueError(f'{what} "{value}" do not stand together')
        seen.add(value)
        last = value


def column_shares(table: Printed) -> list[float]:
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


def _letters_wanted(table: Printed, index: int) -> tuple[float, float]:
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
