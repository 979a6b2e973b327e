"""The layout of a paper's table: its columns and rows, what their heads say, their sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.audit.papers.numbers import SIZE, to_int
from analysis.audit.papers.paper import PaperTable
from analysis.audit.words import plain

if TYPE_CHECKING:
    from analysis.audit.papers.extraction import Extracted

__all__ = ["KINDS", "MOST", "SIZE_ROWS", "TOTAL", "Cells", "Column", "Layout", "Line"]

TOTAL = re.compile(
    r"(?:total|overall|all|all participants|all patients|whole sample|entire sample)\b"
)
KINDS = (
    ("mean_se", r"(?:±|\+/-)\s*s\.?e\.?m?\b|mean\s*\(s\.?e\.?m?\.?\)|standard errors?"),
    (
        "mean_sd",
        r"mean\s*(?:±|\+/?-|[\[(])\s*(?:s\.?d\.?|std|standard dev)|mean,\s*sd|mean and sd|"
        r"\bm\s*\(sd\)",
    ),
    ("median", r"median\s*[\[(,]?\s*(?:\[|\()?\s*(?:iqr|q1|p25|25|interquartile|range|min)"),
    (
        "n_percent",
        r"\b(?:n|no\.?|number|count|frequency)\s*[,;]?\s*[(\[]\s*%\s*[)\]]|\(%\)|\bn,\s*%|"
        r"\bn\s*/\s*%|\bn and %",
    ),
    ("n", r"(?:,|^|\()\s*n\s*\)?$"),
)
HEADS = {
    **dict.fromkeys(("n", "no", "no.", "number", "count", "frequency", "freq", "freq."), "count"),
    **dict.fromkeys(("frequency (n)", "number (n)", "n (number)", "frequencies"), "count"),
    **dict.fromkeys(("%", "percent", "percentage", "(%)", "percent (%)"), "percent"),
    **dict.fromkeys(("percentage (%)", "percentages", "% of total", "frequency (%)"), "percent"),
    **{"valid percent": "valid", "valid %": "valid", "mean": "mean", "sd": "sd", "m": "mean"},
    **dict.fromkeys(("std. deviation", "std deviation", "standard deviation", "std. dev"), "sd"),
    **dict.fromkeys(("p", "p value", "p-value", "p values", "sig", "sig.", "test"), "p"),
    **dict.fromkeys(("minimum", "min", "maximum", "max", "cumulative percent", "median"), "other"),
    **dict.fromkeys(("std. error", "se", "sem", "smd", "range", "iqr", "df", "t", "f"), "other"),
    **dict.fromkeys(("χ2", "χ²", "or", "aor", "rr", "hr", "95% ci", "ci", "year", "age"), "other"),
}
SIZE_ROWS = {
    *("n", "no", "number", "sample size", "participants", "number of participants", "total n"),
    *("number of patients", "sample size n", "total number"),
}
WEIGHTED = re.compile(r"\bweighted\b|\bweights\b|\bweighting\b", re.IGNORECASE)
MOST = 0.6


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values: what its head says."""

    at: int
    head: str
    group: str
    kind: str
    n: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of values under its labels."""

    at: int
    label: str
    group: str
    kind: str


Cells = dict[tuple[Line, Column], dict[str, str]]


class Layout:
    """The columns, lines and sizes of one table.

    Parameters
    ----------
    table : PaperTable
    key : str
        What the ids of its rows begin with.
    found : Extracted
        Gets the rows, and the cells that are not judged.
    sizes : dict of str to str
        By label, the ids of rows that state how many people it is.
    is_weighted : bool
        Whether the text says that shares are weighted.
    said : callable
        Gives the numbers that the text states of what a head names.
    """

    def __init__(
        self,
        table: PaperTable,
        key: str,
        found: Extracted,
        sizes: dict[str, str],
        *,
        is_weighted: bool = False,
        said: Callable[[str], list[int]] = lambda head: [],
    ) -> None:
        self.table, self.key, self.found, self.sizes = table, key, found, sizes
        self.said = said
        self.legend = f"{table.caption} {table.notes}"
        self.is_weighted = is_weighted or bool(WEIGHTED.search(self.legend))
        self.stub = self._stub()
        self.columns = [self._column(at) for at in range(self.stub, len(table.grid[0]))]
        self.lines = list(self._lines())
        self.n_of: dict[int, str] = {c.at: c.n for c in self.columns if to_int(c.n)}
        self.pairs = self._pairs()

    def _id(self, row: int | str, column: int) -> str:
        return f"{self.key}.{row}.{column}"

    def id_of(self, line: Line, column: Column) -> str:
        """Return the id that the ledger's row of a cell has."""
        return self._id(line.at, column.at)

    def size_id(self, column: Column) -> str:
        """Return the id that the ledger's row of a column's size has."""
        return self._id("n", column.at)

    def _unread(self, line: Line, column: Column, text: str) -> None:
        parts = (self.table.label, line.group, line.label, column.head)
        place = ", ".join(part for part in parts if part)
        self.found.unread_at[self._id(line.at, column.at)] = (place, text[:120])

    def _text(self, line: Line, column: Column) -> str:
        return self.table.grid[line.at][column.at].text

    # the form of the table

    def _stub(self) -> int:
        """Return how many columns at the left hold labels."""
        grid, heads = self.table.grid, self.table.heads
        stub = 1
        while stub < len(grid[0]) - 1:
            cells = [row[stub] for row in grid[heads:] if row[stub].text and row[stub].is_first]
            digits = sum(any(c.isdigit() for c in cell.text[:1]) for cell in cells)
            is_nameless = not self._head(stub) and bool(self._head(stub + 1))
            if SIZE.search(self._head(stub)) or (
                not is_nameless and cells and digits > 0.2 * len(cells)
            ):
                break
            if len(grid[0]) - stub < 2 or not cells:
                break
            stub += 1
        return stub if stub < len(grid[0]) else 1

    def _head(self, at: int) -> str:
        texts = [row[at].text for row in self.table.grid[: self.table.heads]]
        return ", ".join(dict.fromkeys(text for text in texts if text))

    def _column(self, at: int) -> Column:
        head = self._head(at)
        sizes = SIZE.findall(head)
        last = head.rpartition(", ")[2]
        kind = HEADS.get(plain(last), "") or HEADS.get(last.casefold().strip(), "")
        if re.search(r"\bp\b.{0,3}value|^p$", last, re.IGNORECASE):
            kind = "p"
        group = head.rpartition(", ")[0] if kind else head
        size = re.sub(r"\D", "", sizes[0]) if len(set(sizes)) == 1 else ""
        return Column(at, head, group, kind, size)

    def _lines(self) -> Iterator[Line]:
        """Give the rows with values, each under the heads of its group."""
        grid, heads = self.table.grid, self.table.heads
        body = grid[heads:]
        uses_indent = any(row[0].indent >= 0.5 for row in body)
        group, group_kind, level = "", "", 0.0
        for at, row in enumerate(body, start=heads):
            stub = list(dict.fromkeys(cell.text for cell in row[: self.stub] if cell.text))
            label = stub[-1] if stub else ""
            # a head of a group may have its p beside it
            values = [row[c.at] for c in self.columns if c.kind not in ("p", "other")]
            values = [cell for cell in values if cell.text and cell.is_first]
            spans = len(row) > 2 and all(cell.text == row[0].text for cell in row)
            # a row of dashes is a row like others, in which nobody is
            is_blank = bool(values) and all(cell.text.strip("-–—−.·") == "" for cell in values)
            has_none = not any(any(c.isdigit() for c in cell.text) for cell in values)
            if (has_none and not is_blank) or spans:
                group, group_kind, level = label, self._kind(label), row[0].indent
                continue
            if uses_indent and row[0].indent <= level and group:
                group, group_kind = "", ""
            shown = ", ".join(stub[:-1])
            yield Line(at, label, group or shown, self._kind(label) or group_kind)

    def _kind(self, text: str) -> str:
        folded = text.casefold()
        return next((kind for kind, pattern in KINDS if re.search(pattern, folded)), "")

    def _pairs(self) -> dict[int, Column]:
        """Return, by the place of a column of counts, the column of their percentages."""
        found: dict[int, Column] = {}
        for one, other in zip(self.columns, self.columns[1:], strict=False):
            if {one.kind, other.kind} == {"count", "percent"} and one.group == other.group:
                count, share = (one, other) if one.kind == "count" else (other, one)
                if count.at not in found and share not in found.values():
                    found[count.at] = share
        return found

    def _sizes_of_columns(self) -> dict[int, str]:
        """Return the sizes of columns, from their heads or from a first row of sizes."""
        shares = {column.at for column in self.pairs.values()}
        sizes = {c.at: c.n for c in self.columns if c.n and c.at not in shares}
        for line in self.lines[:2]:
            cells = self.table.grid[line.at]
            label = plain(re.sub(r"[(=].*", "", line.label))
            if sizes or label not in SIZE_ROWS or line.group:
                continue
            for column in self.columns:
                text = re.sub(r"[ ,\u202f]", "", cells[column.at].text)
                if text.isdecimal() and column.kind not in ("p", "percent"):
                    sizes[column.at] = text
            self.lines = [other for other in self.lines if other is not line]
        named = {re.sub(r"\D", "", size) for size in SIZE.findall(self.legend)}
        values = [c for c in self.columns if c.kind not in ("p", "other") and c.at not in shares]
        if not sizes and len(named) == 1 and len(values) == 1 and named != {"0"}:
            sizes[values[0].at] = named.pop()
        self.n_of = {at: size for at, size in sizes.items() if to_int(size)}
        return self.n_of
