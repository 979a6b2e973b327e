"""The ledger that a paper's own tables give, without anybody typing them in.

What a cell holds is read from its form, from its row and column, and from the table's notes;
sizes from "(n = 16)" in heads. What is not read with certainty is listed and not judged: a
false accusation is worse than a miss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analysis.audit.arithmetic.percentages import percent
from analysis.audit.cells import split_cell, split_count, split_mean, split_median
from analysis.audit.ledger import COLUMNS, WORDS, Ledger, ledger_of, parse_count
from analysis.audit.paper import Paper, PaperTable
from analysis.audit.words import loose, plain

__all__ = ["Extracted", "extract"]

SIZE = re.compile(r"\b[nN]\s*=\s*(\d{1,3}(?:[, \u202f]\d{3})+|\d+)")
TOTAL = re.compile(
    r"(?:total|overall|all|all participants|all patients|whole sample|entire sample)\b"
)
# what a text says of a cell's form, in the order in which they are tried
KINDS = (
    ("mean_se", r"(?:±|\+/-)\s*s\.?e\.?m?\b|mean\s*\(s\.?e\.?m?\.?\)|standard errors?"),
    ("mean_sd", r"mean\s*(?:±|\+/?-|\()\s*(?:s\.?d\.?|std|standard dev)|mean,\s*sd|mean and sd"),
    ("median", r"median\s*[\[(,]?\s*(?:\[|\()?\s*(?:iqr|q1|p25|25|interquartile|range|min)"),
    ("n_percent", r"\b(?:n|no\.?|number|count|frequency)\s*[,;]?\s*[(\[]\s*%\s*[)\]]|\(%\)|\bn, %"),
)
HEADS = {
    **dict.fromkeys(("n", "no", "no.", "number", "count", "frequency", "freq", "freq."), "count"),
    **dict.fromkeys(("%", "percent", "percentage", "(%)"), "percent"),
    **{"valid percent": "valid", "valid %": "valid", "mean": "mean", "sd": "sd", "m": "mean"},
    **dict.fromkeys(("std. deviation", "std deviation", "standard deviation", "std. dev"), "sd"),
    **dict.fromkeys(("p", "p value", "p-value", "p values", "sig", "sig.", "test"), "p"),
    **dict.fromkeys(("minimum", "min", "maximum", "max", "cumulative percent", "median"), "other"),
    **dict.fromkeys(
        ("std. error", "se", "sem", "smd", "range", "iqr", "df", "t", "f", "χ2"), "other"
    ),
}
SIZE_ROWS = {
    "n",
    "no",
    "number",
    "sample size",
    "participants",
    "number of participants",
    "total n",
}
BINARY = [{"female", "male"}, {"women", "men"}, {"girls", "boys"}, {"yes", "no"}]
REST = {"other", "missing", "unknown", "not reported", "diverse", "non-binary", "prefer not to say"}
STATISTIC = re.compile(
    r"(?P<statistic>(?:\bt|\bF|\br|χ\s?[²2]|\b[zZ])\s?(?:\([^()]{1,24}\))?\s?=\s?[-−–]?\s?\d*\.?\d+)"
    r"\s*[,;]?\s*(?P<p>[pP]\s*[<>=≤≥]\s*0?\.\d+)"
)
LISTED = re.compile(r"\b(\d[\d,]*)\s+(\w[\w\s/-]*?)\s*\(([^()]*\d[^()]*)\)")
PART = re.compile(r"\s*(?:and\s+)?(\d[\d,]*)\s+([A-Za-z][\w\s/'-]*?)\s*")
ITEM = re.compile(r"\s*([A-Za-z][^:;()]*?)\s*:\s*(\d+)\s*(?:\(([^()]*)\))?\s*(?:;|$)")
COUNTED = r"\b({number})\s+(?:main |generic |distinct |different )*{noun}\b"
NUMBERS = "|".join(("\\d+", *WORDS[1:]))


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


@dataclass
class Extracted:
    """What was read of a paper.

    Attributes
    ----------
    rows : list of dict
        Rows of a ledger, by column.
    unread : list of (str, str)
        Place and text of each cell with a number that is not judged.
    tables : int
        Tables of which something was read.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    tables: int = 0

    @property
    def values(self) -> int:
        """How many rows of the ledger were read."""
        return len(self.rows)

    def ledger(self, name: str) -> Ledger:
        """Return the ledger."""
        self._part_places()
        texts = {c: [row.get(c) or None for row in self.rows] for c in COLUMNS}
        return ledger_of(texts, list(range(2, len(self.rows) + 2)), name)

    def _part_places(self) -> None:
        """Tell places of one name apart: a paper may print two rows of one label."""
        seen: dict[tuple[str, ...], int] = {}
        for row in self.rows:
            parts = ("section", "place", "row", "column")
            key = tuple(plain(row.get(part, "")) for part in parts)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] > 1:
                part = "row" if row.get("row") else "place"
                row[part] = f"{row.get(part, '')} ({seen[key]})".strip()

    def csv(self) -> str:
        """Return the ledger as CSV, to be corrected by a person; unread cells as notes."""
        import csv
        import io

        rows = [dict(row) for row in self.rows]
        for place, text in self.unread:
            section, _, rest = place.partition(", ")
            rows.append({"section": section, "place": rest, "note": f"not read: {text}"})
        used = [c for c in COLUMNS if any(row.get(c) for row in rows)]
        stream = io.StringIO()
        writer = csv.DictWriter(stream, used, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({c: _harmless(row.get(c, "")) for c in used} for row in rows)
        return stream.getvalue()


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking text of a paper for a formula."""
    starts = text.startswith(("=", "@", "\t", "+")) or (
        text.startswith("-") and not text[1:2].isdigit()
    )
    return f"'{text}" if starts else text


def extract(paper: Paper) -> Extracted:
    """Read a paper's tables and text into a ledger.

    Parameters
    ----------
    paper : Paper

    Returns
    -------
    Extracted
    """
    found = Extracted()
    sizes = _sizes_in_text(paper, found)
    labels: set[str] = set()
    for number, table in enumerate(paper.tables, start=1):
        before = len(found.rows)
        reader = TableReader(table, f"t{number}", found, sizes)
        reader.read()
        if table.label in labels:
            # two tables of one label are told apart by their order
            for row in found.rows[before:]:
                row["section"] = f"{table.label} ({number})"
        labels.add(table.label)
    _lists(paper, found)
    _tests(paper, found)
    sections = {row.get("section", "").partition(" (")[0] for row in found.rows}
    found.tables = sum(table.label in sections for table in paper.tables)
    return found


class TableReader:
    """Reads one table into rows of a ledger."""

    def __init__(
        self, table: PaperTable, key: str, found: Extracted, sizes: dict[str, str]
    ) -> None:
        self.table, self.key, self.found, self.sizes = table, key, found, sizes
        self.items: dict[tuple[Line, Column], list[tuple[str, str, str]]] = {}
        self.stub = self._stub()
        self.columns = [self._column(at) for at in range(self.stub, len(table.grid[0]))]
        self.lines = list(self._lines())
        self.legend = f"{table.caption} {table.notes}"

    def read(self) -> None:
        """Add what is read with certainty."""
        if {"count", "percent"} <= {column.kind for column in self.columns} and any(
            plain(line.label) == "total" for line in self.lines
        ):
            self._frequencies()
            return
        n_of = self._sizes_of_columns()
        if not n_of and self._counts():
            return
        cells = self._values(n_of)
        whole_of = self._row_wholes(cells, n_of)
        parts = self._partitions(cells, n_of)
        total, others = self._total(cells, n_of)
        self._add_sizes(n_of, total, others)
        self._add_items()
        for (line, column), fields in cells.items():
            row = {
                "id": self._id(line.at, column.at),
                "section": self.table.label,
                "row": ", ".join(part for part in (line.group, line.label) if part),
                "column": column.head,
            } | fields
            links = []
            if column.at in n_of and "count" in fields:
                row["whole"] = self._id("n", column.at)
            elif column.at in n_of:
                row["n"] = n_of[column.at]
            if (line.at, column.at) in whole_of:
                row["whole"] = whole_of[line.at, column.at]
            if line.group in parts.get(column.at, ()) and "count" in fields:
                links.append(f"{self._id('n', column.at)} by {_name(line.group)}")
                row["rule"] = "open-parts"
            if total is not None and column.at in others and "count" in fields:
                whole = cells.get((line, total), {})
                if "count" in whole:
                    links.append(f"{self._id(line.at, total.at)} by column")
            if whole_of.get((line.at, column.at), "").startswith("size-"):
                links.append(f"{whole_of[line.at, column.at]} by {_name(line.group or 'columns')}")
                row["rule"] = "open-parts"
            row["part_of"] = "; ".join(links)
            self.found.rows.append(row)

    def _id(self, row: int | str, column: int) -> str:
        return f"{self.key}.{row}.{column}"

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
        match = SIZE.search(head)
        last = head.rpartition(", ")[2]
        kind = HEADS.get(plain(last), "") or HEADS.get(last.casefold().strip(), "")
        if re.search(r"\bp\b.{0,3}value|^p$", last, re.IGNORECASE):
            kind = "p"
        group = head.rpartition(", ")[0] if kind else head
        return Column(at, head, group, kind, re.sub(r"\D", "", match[1]) if match else "")

    def _lines(self) -> Iterator[Line]:
        """Give the rows with values, each under the heads of its group."""
        grid, heads = self.table.grid, self.table.heads
        body = grid[heads:]
        uses_indent = any(row[0].indent >= 0.5 for row in body)
        group, group_kind, level = "", "", 0.0
        for at, row in enumerate(body, start=heads):
            stub = list(dict.fromkeys(cell.text for cell in row[: self.stub] if cell.text))
            label = stub[-1] if stub else ""
            values = [cell for cell in row[self.stub :] if cell.text and cell.is_first]
            spans = len(row) > 2 and all(cell.text == row[0].text for cell in row)
            if not any(any(c.isdigit() for c in cell.text) for cell in values) or spans:
                group, group_kind, level = label, self._kind(label), row[0].indent
                continue
            if uses_indent and row[0].indent <= level and group:
                group, group_kind = "", ""
            if uses_indent and not group and len(stub) == 1 and self._kind(label):
                pass
            shown = ", ".join(stub[:-1])
            yield Line(at, label, group or shown, self._kind(label) or group_kind)

    def _kind(self, text: str) -> str:
        folded = text.casefold()
        return next((kind for kind, pattern in KINDS if re.search(pattern, folded)), "")

    def _sizes_of_columns(self) -> dict[int, str]:
        """Return the sizes of columns, from their heads or from a first row of sizes."""
        sizes = {column.at: column.n for column in self.columns if column.n}
        for line in self.lines[:2]:
            cells = self.table.grid[line.at]
            label = plain(re.sub(r"[(=].*", "", line.label))
            if sizes or label not in SIZE_ROWS or line.group:
                continue
            for column in self.columns:
                text = re.sub(r"[ ,\u202f]", "", cells[column.at].text)
                if text.isdigit() and column.kind != "p":
                    sizes[column.at] = text
            self.lines = [other for other in self.lines if other is not line]
        return sizes

    def _values(self, n_of: dict[int, str]) -> dict[tuple[Line, Column], dict[str, str]]:
        """Return the values of each cell that is read with certainty."""
        cells: dict[tuple[Line, Column], dict[str, str]] = {}
        signs = any("%" in cell.text for row in self.table.grid[self.table.heads :] for cell in row)
        for line in self.lines:
            for column in self.columns:
                cell = self.table.grid[line.at][column.at]
                if not cell.is_first or not any(c.isdigit() for c in cell.text):
                    continue
                fields = self._fields(cell.text, line, column, signs)
                if items := _items(cell.text):
                    self.items[line, column] = items
                elif fields:
                    cells[line, column] = fields
                else:
                    parts = (self.table.label, line.group, line.label, column.head)
                    place = ", ".join(part for part in parts if part)
                    self.found.unread.append((place, cell.text[:120]))
        return cells

    def _fields(self, text: str, line: Line, column: Column, signs: bool) -> dict[str, str]:
        form = split_cell(text)
        if column.kind in ("p", "other"):
            return {}
        said = line.kind or self._kind(column.head)
        if form in ("mean ± SD", "mean, SD"):
            is_error = said == "mean_se" or self._kind(self.legend) == "mean_se"
            return {} if is_error else split_mean(text)
        if form in ("count of whole", "% (n)"):
            fields = split_count(text)
            return fields if _is_count(fields) else {}
        if form == "a (b)":
            if not said:
                legend = self.legend.casefold()
                kinds = [kind for kind, p in KINDS if re.search(p, legend)]
                # mean ± SD has a form of its own
                is_own = "mean_sd" in kinds and not re.search(r"mean\s*\(", legend)
                pairs = [k for k in kinds if k != "median" and not (k == "mean_sd" and is_own)]
                said = pairs[0] if len(pairs) == 1 else ""
                if len(pairs) == 2 and signs:
                    said = next(kind for kind in pairs if kind != "n_percent")
            if "%" in text or said == "n_percent":
                fields = split_count(text)
                return fields if _is_count(fields) else {}
            return split_mean(text) if said == "mean_sd" else {}
        if form == "a (b–c)":
            if said == "median" or (not said and self._kind(self.legend) == "median"):
                return split_median(text)
            fields = split_mean(text)
            return fields if "ci" in fields else {}
        if form == "a" and column.kind in ("count", "mean", "sd"):
            return {column.kind: text.strip()} if column.kind != "count" else {}
        if form == "a" and said == "n_percent" and text.strip().isdigit():
            return {"count": text.strip()}
        return {}

    def _row_wholes(
        self, cells: dict[tuple[Line, Column], dict[str, str]], n_of: dict[int, str]
    ) -> dict[tuple[int, int], str]:
        """Return the wholes of percentages that are of their row: its size, or its sum."""
        if n_of:
            return {}
        sums: dict[Line, int] = {}
        fitting = 0
        for line in self.lines:
            here = [fields for (one, _), fields in cells.items() if one is line]
            if len(here) < 2 or not all("count" in f and "percent" in f for f in here):
                continue
            counts = [_int(f["count"]) for f in here]
            total = sum(counts)
            sums[line] = total
            fitting += total > 0 and all(
                percent(f["percent"], total, count).is_possible
                for f, count in zip(here, counts, strict=True)
            )
        if fitting < 2 or fitting < 0.6 * len(sums):
            return {}
        return {
            (line.at, column.at): self.sizes.get(loose(line.label), str(sums[line]))
            for line, column in cells
            if line in sums
        }

    def _partitions(
        self, cells: dict[tuple[Line, Column], dict[str, str]], n_of: dict[int, str]
    ) -> dict[int, set[str]]:
        """Return, by column, the groups of rows that are parts of its size.

        That rows are all the parts of a whole is certain where they add up to it in at least
        two columns and in half of them, or where they are two by nature.
        """
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.group:
                groups.setdefault(line.group, []).append(line)
        result: dict[int, set[str]] = {}
        for group, lines in groups.items():
            if len(lines) < 2:
                continue
            sums: dict[int, int] = {}
            for column in self.columns:
                here = [cells.get((line, column), {}) for line in lines]
                counts = [_int(fields["count"]) for fields in here if "count" in fields]
                blanks = sum("count" not in fields for fields in here)
                if column.at in n_of and counts and not blanks:
                    sums[column.at] = sum(counts)
            even = sum(total == _int(n_of[at]) for at, total in sums.items())
            names = {plain(line.label) for line in lines}
            is_binary = any(pair <= names and names <= pair | REST for pair in BINARY)
            if not (is_binary or (even >= 2 and 2 * even >= len(sums))):
                continue
            for at in sums:
                result.setdefault(at, set()).add(group)
        return result

    def _total(
        self, cells: dict[tuple[Line, Column], dict[str, str]], n_of: dict[int, str]
    ) -> tuple[Column | None, set[int]]:
        """Return the column that is the sum of the others, and the others."""
        totals = [c for c in self.columns if TOTAL.match(plain(c.group or c.head))]
        if len(totals) != 1:
            return None, set()
        total = totals[0]
        others = [c for c in self.columns if c is not total and c.at in n_of]
        if total.at not in n_of or len(others) < 2:
            return None, set()
        even = tested = 0
        for line in self.lines:
            whole = cells.get((line, total), {})
            here = [cells.get((line, column), {}) for column in others]
            if "count" in whole and all("count" in fields for fields in here):
                tested += 1
                even += sum(_int(f["count"]) for f in here) == _int(whole["count"])
        adds_up = sum(_int(n_of[c.at]) for c in others) == _int(n_of[total.at])
        if not (adds_up and 2 * even >= tested) and not (even >= 3 and even >= 0.6 * tested):
            return None, set()
        return total, {column.at for column in others}

    def _add_sizes(self, n_of: dict[int, str], total: Column | None, others: set[int]) -> None:
        for column in self.columns:
            if column.at not in n_of:
                continue
            row = {
                "id": self._id("n", column.at),
                "section": self.table.label,
                "row": "n",
                "column": column.head,
                "n": n_of[column.at],
            }
            if total is not None and column.at in others:
                row["part_of"] = f"{self._id('n', total.at)} by column"
            label = loose(SIZE.sub("", column.head))
            if label in self.sizes:
                row["same_as"] = self.sizes[label]
            self.found.rows.append(row)

    def _add_items(self) -> None:
        """Add cells that list counts, ``BS: 3; MS: 1``, as parts of their row's size."""
        groups: dict[str, list[tuple[Line, Column]]] = {}
        for line, column in self.items:
            groups.setdefault(line.group, []).append((line, column))
        for group, places in groups.items():
            sized = [place for place in places if loose(place[0].label) in self.sizes]
            of = {place: self.sizes[loose(place[0].label)] for place in sized}
            stated = {
                row["id"]: _int(row.get("count", "")) for row in self.found.rows if "id" in row
            }
            even = sum(
                sum(_int(count) for _, count, _ in self.items[place]) == stated[of[place]]
                for place in sized
            )
            is_whole = even >= 2 and 2 * even >= len(sized)
            for line, column in places:
                for at, (label, count, inner) in enumerate(self.items[line, column], start=1):
                    row = {
                        "id": f"{self._id(line.at, column.at)}.{at}",
                        "section": self.table.label,
                        "row": ", ".join(part for part in (group, line.label, label) if part),
                        "count": count,
                    }
                    if is_whole and (line, column) in of:
                        row["part_of"] = f"{of[line, column]} by {_name(group or 'items')}"
                        row["rule"] = "open-parts"
                    self.found.rows.append(row)
                    self._add_inner(row, inner)

    def _add_inner(self, row: dict[str, str], inner: str) -> None:
        parts = re.findall(r"([A-Za-z][^:,;]*):\s*(\d+)", inner)
        for at, (label, count) in enumerate(parts, start=1):
            part = {
                "id": f"{row['id']}.{at}",
                "section": row["section"],
                "row": f"{row['row']}, {label.strip()}",
                "count": count,
                "part_of": f"{row['id']} by kind",
                "rule": "open-parts",
            }
            self.found.rows.append(part)

    def _counts(self) -> bool:
        """Read a table of bare counts with a row of totals, and perhaps a column of them.

        That a column adds up is certain where it does; that it should, only where three
        others do: beside codings a table may count people, who are in several rows.
        """
        if len(self.lines) < 3 or not TOTAL.fullmatch(plain(self.lines[-1].label)):
            return False
        grid: dict[tuple[int, int], int] = {}
        for line in self.lines:
            for column in self.columns:
                text = re.sub(r"[ ,\u202f]", "", self.table.grid[line.at][column.at].text)
                if text.isdigit():
                    grid[line.at, column.at] = int(text)
                elif text in ("–", "-", "—", ""):
                    grid[line.at, column.at] = 0
        rows, last = [line.at for line in self.lines[:-1]], self.lines[-1].at
        columns = [c.at for c in self.columns if all((r, c.at) in grid for r in (*rows, last))]
        if len(columns) < 2:
            return False
        down = {c: sum(grid[r, c] for r in rows) == grid[last, c] for c in columns}
        totals = [c.at for c in self.columns if TOTAL.fullmatch(plain(c.head)) and c.at in columns]
        total = totals[0] if len(totals) == 1 else None
        parts = [c for c in columns if c != total]
        across: dict[int, bool] = {}
        if total is not None and len(parts) > 1:
            across = {r: sum(grid[r, c] for c in parts) == grid[r, total] for r in (*rows, last)}
        is_down, is_across = _mostly(down), _mostly(across)
        if not is_down and not is_across:
            return False
        heads = {column.at: column.head for column in self.columns}
        for line in self.lines:
            for at in columns:
                if not grid[line.at, at] and not self.table.grid[line.at][at].text:
                    continue
                row = {
                    "id": self._id(line.at, at),
                    "section": self.table.label,
                    "row": ", ".join(part for part in (line.group, line.label) if part),
                    "column": heads[at],
                    "count": str(grid[line.at, at]),
                }
                links = []
                if line.at != last and at in is_down:
                    links.append(f"{self._id(last, at)} by rows")
                if total is not None and at != total and line.at in is_across:
                    links.append(f"{self._id(line.at, total)} by columns")
                row["part_of"] = "; ".join(links)
                self.found.rows.append(row)
        return True

    def _frequencies(self) -> None:
        """Read a table of frequencies, as SPSS prints one: count, percent, valid percent."""
        by_kind = {column.kind: column for column in self.columns}
        grid = self.table.grid
        rows = []
        for line in self.lines:
            values = {
                kind: grid[line.at][by_kind[kind].at].text.strip()
                for kind in ("count", "percent", "valid")
                if kind in by_kind
            }
            if re.sub(r"[, ]", "", values.get("count", "")).isdigit():
                rows.append((line, values))
        totals = [line for line, _ in rows if plain(line.label) == "total"]
        if not rows or plain(rows[-1][0].label) != "total" or len(totals) > 2:
            return
        whole, valid = totals[-1], totals[0]
        has_missing = valid is not whole
        for line, values in rows:
            is_valid = has_missing and line.at < valid.at
            row = {
                "id": self._id(line.at, by_kind["count"].at),
                "section": self.table.label,
                "row": ", ".join(part for part in (line.group, line.label) if part),
                "count": values["count"],
                "percent": values["percent"],
            }
            if line is not whole:
                row["whole"] = self._id(whole.at, by_kind["count"].at)
                over = valid if is_valid else whole
                row["part_of"] = f"{self._id(over.at, by_kind['count'].at)} by rows"
            else:
                row["whole"] = re.sub(r"\D", "", values["count"])
            self.found.rows.append(row)
            if values.get("valid") and (is_valid or line is valid or not has_missing):
                self.found.rows.append(
                    {
                        "id": self._id(line.at, by_kind["valid"].at),
                        "section": self.table.label,
                        "place": f"{line.label}, valid percent",
                        "printed": values["valid"],
                        "kind": "percentage",
                        "whole": self._id(valid.at, by_kind["count"].at),
                        "beside": row["id"],
                    }
                )


def _mostly(sums: dict[int, bool]) -> set[int]:
    """Return which sums hold, and the one that does not where three others do."""
    holding = {at for at, holds in sums.items() if holds}
    failing = set(sums) - holding
    return holding | failing if len(holding) >= 3 and len(failing) == 1 else holding


def _items(text: str) -> list[tuple[str, str, str]]:
    """Cut ``Nurse: 4 (MS: 1, BS: 3); psychologist: 2`` into names, counts and what is inside."""
    found, at = [], 0
    while at < len(text):
        match = ITEM.match(text, at)
        if match is None or match.end() == at:
            return []
        found.append((match[1], match[2], match[3] or ""))
        at = match.end()
    return found


def _is_count(fields: dict[str, str]) -> bool:
    text = re.sub(r"[ ,'’\u202f\u2009]", "", fields.get("count", ""))
    return text.isdigit()


def _int(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def _name(text: str) -> str:
    """Return the name of a split, without the words that part it from its whole."""
    return re.sub(r"[;]|\bby\b", " ", text).strip() or "rows"


def _sizes_in_text(paper: Paper, found: Extracted) -> dict[str, str]:
    """Read ``32 interviews (7 patients, 5 caregivers …)``: a whole and its parts.

    Returns
    -------
    dict of str to str
        By label, the id of the row that states its size.
    """
    stubs = {
        loose(SIZE.sub("", cell.text))
        for table in paper.tables
        for row in table.grid
        for cell in row
        if cell.text and len(cell.text) < 60
    }
    sizes: dict[str, str] = {}
    for paragraph in paper.paragraphs:
        for match in LISTED.finditer(paragraph[:20_000]):
            pieces = re.split(r"[,;]|\band\b", match[3])
            parts = [part for piece in pieces if (part := PART.fullmatch(piece))]
            if len(parts) < 2 or len(parts) < len(pieces):
                continue
            labels = [loose(part[2]) for part in parts]
            known = sum(label in stubs for label in labels)
            if sum(_int(part[1]) for part in parts) != _int(match[1]) and known < 2:
                continue
            if any(label in sizes for label in labels):
                continue
            whole, place = f"size-{len(found.rows) + 1}", f"“{match[0]}”"
            found.rows.append({"id": whole, "section": "Text", "place": place, "count": match[1]})
            for label, part in zip(labels, parts, strict=True):
                sizes[label] = f"{whole}-{label}"
                found.rows.append(
                    {
                        "id": sizes[label],
                        "section": "Text",
                        "place": f"{place}, {part[2].strip()}",
                        "count": part[1],
                        "part_of": f"{whole} by list",
                    }
                )
    return sizes


def _lists(paper: Paper, found: Extracted) -> None:
    """Hold counts that the text announces against the tables that list what is counted."""
    for number, table in enumerate(paper.tables, start=1):
        if re.search(r"example|selected|excerpt|sample of", table.caption, re.IGNORECASE):
            continue
        for noun, items in _listed(table):
            mentions = list(_mentions(paper, noun))
            if len(items) < 2 or not mentions:
                continue
            counts = {count for count, _, _ in mentions}
            # a word for one thing may stand for another: one that never fits is not sure
            if len(items) not in counts and len(counts) > 1:
                continue
            key = f"list-{number}-{noun}"
            for at, (_, printed, place) in enumerate(mentions, start=1):
                row = {
                    "id": f"{key}-{at}",
                    "section": "Text",
                    "place": f"mention {at}, {place}",
                    "printed": printed,
                    "kind": "count",
                }
                if at > 1:
                    row["same_as"] = f"{key}-1"
                found.rows.append(row)
            for at, item in enumerate(items, start=1):
                found.rows.append(
                    {
                        "id": f"{key}-item-{at}",
                        "section": table.label,
                        "place": f"{noun} {at}",
                        "printed": item,
                        "kind": "label",
                        "lists": f"{key}-1 in {table.label}",
                    }
                )


def _listed(table: PaperTable) -> Iterator[tuple[str, list[str]]]:
    """Give what a table of names lists, by the word in the head of its column."""
    body = table.grid[table.heads :]
    heads = [row[at].text for row in table.grid[:1] for at in range(len(row))]
    digits = sum(any(c.isdigit() for c in cell.text[:1]) for row in body for cell in row)
    if digits > 0.1 * len(body) * len(heads):
        return
    for at, head in enumerate(heads):
        names = [part for part in re.split(r"[;/]", head) if part.strip()]
        if len(names) == 2 and at == 0:
            # rows without anything beside them are heads of the rows below
            alone = [row[0].text for row in body if _is_alone(row)]
            rest = [row[0].text for row in body if not _is_alone(row)]
            for name, items in zip(names, (alone, rest), strict=True):
                yield from ((noun, items) for noun in _nouns(name))
            continue
        texts = [row[at].text for row in body if row[at].text and not _is_alone(row)]
        # a column that tells where things belong names some of them more than once
        items = [item.strip() for text in texts for item in text.split(";") if item.strip()]
        items = list({plain(item): item for item in reversed(items)}.values())[::-1]
        if len(names) == 1:
            yield from ((noun, items) for noun in _nouns(head))


def _is_alone(row: Sequence[object]) -> bool:
    texts = [cell.text for cell in row]  # type: ignore[attr-defined]
    return not any(texts[1:]) or (len(set(texts)) == 1 and len(texts) > 1)


def _nouns(head: str) -> list[str]:
    """Return the words that a head gives for what its column lists: ``generic category``."""
    inside = re.findall(r"\(([^()]*)\)", head)
    texts = [*inside, re.sub(r"\([^()]*\)", "", head)]
    found = []
    for text in texts:
        noun = plain(text).replace("-", "")
        if re.fullmatch(
            r"(?:[a-z]+ )?(?:sub)?(?:categor(?:y|ies)|themes?|subthemes?|codes?)", noun
        ):
            found.append(noun)
    return found[:1]


def _mentions(paper: Paper, noun: str) -> Iterator[tuple[int, str, str]]:
    """Give the counts of a thing in the text: ``38 subcategories``."""
    stem = noun[:-1] + "ies" if noun.endswith("y") else noun.rstrip("s") + "s"
    stem = stem if not noun.endswith("ies") else noun
    words = re.escape(stem).replace("sub", "sub-?").replace(r"\ ", r"\s+")
    pattern = re.compile(COUNTED.format(number=NUMBERS, noun=words), re.IGNORECASE)
    for paragraph in paper.paragraphs:
        for match in pattern.finditer(paragraph[:20_000]):
            number = parse_count(match[1])
            if number is not None:
                yield number.digits, match[1], _around(paragraph, match)


def _around(text: str, match: re.Match[str]) -> str:
    """Return a place in a text by the words around it."""
    before = text[max(match.start() - 40, 0) : match.start()].partition(" ")[2]
    after = text[match.end() : match.end() + 30].rpartition(" ")[0]
    return f"“… {before}{match[0]}{after} …”"


def _tests(paper: Paper, found: Extracted) -> None:
    """Read ``t(28) = 2.31, p = .028`` wherever it stands."""
    texts = [("Text", text) for text in paper.paragraphs]
    texts += [
        (table.label, cell.text) for table in paper.tables for row in table.grid for cell in row
    ]
    at = 0
    for section, text in texts:
        for match in STATISTIC.finditer(text[:20_000]):
            at += 1
            found.rows.append(
                {
                    "section": section,
                    "place": f"test {at}, {_around(text, match)}",
                    "statistic": match["statistic"],
                    "p": match["p"],
                }
            )
