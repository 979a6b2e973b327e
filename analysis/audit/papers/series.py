"""The columns of numbers of a paper's tables, by the rows that they stand in.

A cell may hold two numbers, ``93; 75``, and then a column has two series. What a series is
of is not known; what it has to do with others shows in the numbers, see
:mod:`analysis.audit.papers.relations`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from analysis.audit.ledger.cells import ends_of
from analysis.audit.papers.layout import TOTAL, Column, Layout, Line
from analysis.audit.papers.numbers import MARKS, is_number, to_int
from analysis.audit.words import loose, plain

__all__ = ["Ledgered", "Series", "Value", "series_of"]

TWO = re.compile(r"(\d[\d,]*)\s*;\s*(\d+(?:\.\d+)?)\s*%?")
DECIMAL = re.compile(r"[-−–]?\d*\.\d+")
PERCENT = re.compile(r"\d+(?:\.\d+)?\s?%?")
BLANKS = {"", "–", "-", "—", "−"}
# heads of what neither adds up nor is counted
NOT_COUNTED = re.compile(
    r"%|percent|\brate|\bratio|\bmean|\bmedian|\bscore|\byear|\bage\b|\bp\b|\brank|\bno\.$|"
    r"\bcode\b.*\bid\b|\bdate|\bweight|\bindex",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Value:
    """One number of a series.

    Attributes
    ----------
    line : Line
    text : str
        As printed; empty where the cell is blank.
    id : str
        The row of the ledger that states it, or would.
    row : dict of str to str
        That row, whether it is in the ledger or not.
    """

    line: Line
    text: str
    id: str
    row: dict[str, str]

    @property
    def number(self) -> int:
        """A count; 0 where the cell is blank."""
        return to_int(self.text)


@dataclass(eq=False)
class Series:
    """The numbers of one column that are of one kind.

    Attributes
    ----------
    layout : Layout
    column : Column
    part : int
        0, or 1 for the second number of each cell.
    kind : str
        ``count``, ``share`` (the second number), ``value`` (with decimals) or ``interval``.
    values : dict of int to Value
        By the row of the table; of counts and shares also those of blank cells.
    """

    layout: Layout
    column: Column
    part: int
    kind: str
    values: dict[int, Value] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """What the head of its column says."""
        return self.column.head

    @property
    def is_total(self) -> bool:
        """Whether its head says that it is the total of others."""
        last = self.column.head.rpartition(", ")[2]
        return bool(TOTAL.match(plain(last)) or TOTAL.match(plain(self.column.group)))

    @property
    def by_label(self) -> dict[str, Value]:
        """Its values by the label of their row, where no other row is called so."""
        found: dict[str, Value] = {}
        grid, stub = self.layout.table.grid, self.layout.stub
        # a head of a group may have the name of a row
        rows = grid[self.layout.table.heads :]
        often = Counter(label for row in rows for label in {loose(c.text) for c in row[:stub]})
        twice = {label for label, n in often.items() if n > 1}
        for value in self.values.values():
            for label in {loose(cell.text) for cell in grid[value.line.at][:stub]}:
                found[label] = value
        return {k: v for k, v in found.items() if k not in twice and len(k) > 3}


class Ledgered:
    """Rows of a ledger by their ids; rows and links are added to it.

    Parameters
    ----------
    rows : list of dict
    """

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.rows = rows
        self.by_id = {row["id"]: row for row in rows if "id" in row}

    def add(self, value: Value) -> None:
        """Add the row of a value, where the ledger has none."""
        if value.id not in self.by_id:
            self.rows.append(value.row)
            self.by_id[value.id] = value.row

    def link(self, value: Value, column: str, reference: str) -> None:
        """Link a value to another, whose row has to be added as well."""
        self.add(value)
        row = self.by_id[value.id]
        links = [link for link in row.get(column, "").split("; ") if link]
        row[column] = "; ".join(dict.fromkeys([*links, reference]))


def series_of(layout: Layout, section: str, rows: Mapping[str, dict[str, str]]) -> Iterator[Series]:
    """Give the series of a table's columns.

    Parameters
    ----------
    layout : Layout
    section : str
        How its rows of the ledger call the table.
    rows : mapping of str to dict
        Rows of the ledger that it has already, by id.
    """
    shares = {column.at for column in layout.pairs.values()}
    for column in layout.columns:
        if column.kind in ("p", "valid") or column.at in shares:
            continue
        found: dict[str, Series] = {}
        blanks: list[Line] = []
        filled = 0
        for line in layout.lines:
            cell = layout.table.grid[line.at][column.at]
            text = cell.text.rstrip(MARKS).strip()
            if not cell.is_first:
                continue
            if text in BLANKS:
                blanks.append(line)
                continue
            filled += 1
            row = rows.get(layout.id_of(line, column))
            if column.kind == "percent" and row is None and PERCENT.fullmatch(text):
                read: Iterable[tuple[str, int, str]] = [("value", 0, text)]
            else:
                read = _read(text, row)
            for kind, part, printed in read:
                series = found.setdefault(kind, Series(layout, column, part, kind))
                value = _value(layout, section, line, column, kind, part, printed)
                value.row = rows.get(value.id, value.row)
                series.values[line.at] = value
        for series in found.values():
            # a column of another kind in which a few cells look alike is none
            if len(series.values) < 0.8 * filled or len(series.values) < 2:
                continue
            if series.kind == "count" and NOT_COUNTED.search(column.head.rpartition(", ")[2]):
                known = sum(value.id in rows for value in series.values.values())
                if known < 0.8 * len(series.values):
                    continue
            if series.kind in ("count", "share"):
                is_whole = len(series.values) == filled
                for line in blanks if is_whole else ():
                    value = _value(layout, section, line, column, series.kind, series.part, "")
                    series.values[line.at] = value
                series.values = dict(sorted(series.values.items()))
            yield series


def _value(
    layout: Layout, section: str, line: Line, column: Column, kind: str, part: int, text: str
) -> Value:
    id_ = layout.id_of(line, column) + (f".{part + 1}" if part else "")
    row = {
        "id": id_,
        "section": section,
        "row": ", ".join(dict.fromkeys(part for part in (line.group, line.label) if part)),
        "column": column.head,
    }
    if kind == "count":
        row["count"] = text
    elif kind == "share":
        row["percent"] = text
    else:
        place = ", ".join(part for part in (row.pop("row"), row.pop("column")) if part)
        printed = " to ".join(ends_of(text) or (text,)) if kind == "interval" else text
        row |= {"place": place, "printed": printed, "kind": kind}
    return Value(line, text, id_, row)


def _read(text: str, row: dict[str, str] | None) -> Iterator[tuple[str, int, str]]:
    """Give the numbers of a cell: their kind, their place in it, and what is printed."""
    if row is not None and row.get("count"):
        yield "count", 0, row["count"].rstrip(MARKS)
        return
    if is_number(text):
        yield "count", 0, text
    elif match := TWO.fullmatch(text):
        yield "count", 0, match[1]
        yield "share", 1, match[2]
    elif DECIMAL.fullmatch(text):
        yield "value", 0, text
    elif (ends := ends_of(text)) is not None and all(any(c.isdigit() for c in e) for e in ends):
        yield "interval", 0, text
