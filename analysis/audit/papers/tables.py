"""What the tables of a paper state, read into rows of a ledger.

What a cell holds is read from its form, from its row and column, and from the table's notes;
sizes from "(n = 16)" in heads. A reading is kept only where most of the table's other cells
bear it out: that 25 (7.9) is a count with its percentage shows in that others like it are.
"""

from __future__ import annotations

import re

from analysis.audit.ledger.cells import split_cell, split_count, split_mean, split_median
from analysis.audit.papers.counts import CountTable
from analysis.audit.papers.layout import KINDS, MOST, SIZE_ROWS, TOTAL, Cells, Column, Line
from analysis.audit.papers.numbers import (
    MARKS,
    SIZE,
    is_between,
    is_count,
    is_fitting,
    is_hundred,
    is_number,
    is_union,
    to_int,
)
from analysis.audit.words import loose, plain

__all__ = ["TableReader"]

OF_WHOLE = re.compile(r"\bn\s*/\s*n\b|\b(?:no\.?|number|n)\s*/\s*(?:total|no)|/\s*total", re.I)
MISSING = re.compile(
    r"(?:missing|unknown|not reported|not stated|not available|no answer|no response|n/?a\b|"
    r"not known|not specified|unspecified|undisclosed|declined|refused|prefer(?:red)? not|"
    r"keine angabe|fehlend|unbekannt|no consta|sin dato|n[aã]o informado|não consta|"
    r"non renseign|manquant|گزارش.?نشده|نامشخص)",
    re.IGNORECASE,
)
ITEM = re.compile(r"\s*([A-Za-z][^:;()]*?)\s*:\s*(\d+)\s*(?:\(([^()]*)\))?\s*(?:;|$)")
WITH_PARTS = re.compile(r"(\d{1,6})\s*\(([^()]*[A-Za-z][^()]*\d[^()]*)\)")
INNER = re.compile(r"\s*([A-Za-z][^:,;\d]*?)\s*:?\s*(\d+)\s*(?:[,;]|$)")


COUNTED = re.compile(r"\b(?:n|no|number|count|frequency)\b", re.IGNORECASE)
# shares that tell what a column is of, and the part of it that they have to be
FEWEST, NEARLY_ALL = 4, 0.8


class TableReader(CountTable):
    """Reads one table into rows of a ledger; its parameters are those of its layout."""

    def read(self) -> None:
        """Add what is read with certainty."""
        if {"count", "percent"} <= {column.kind for column in self.columns} and any(
            plain(line.label) == "total" for line in self.lines
        ):
            self.read_frequencies()
            return
        self.items: dict[tuple[Line, Column], list[tuple[str, str, str]]] = {}
        n_of = self._sizes_of_columns()
        if not n_of and self.read_counts():
            return
        cells = self._values()
        self._drop_odd_medians(cells)
        whole_of = self._wholes(cells, n_of)
        parts = self._partitions(cells, n_of)
        total, others = self._total(cells, n_of)
        self._add_sizes(n_of, total, others)
        self._add_items()
        for (line, column), fields in cells.items():
            inner = fields.pop("inner", "")
            row = {
                "id": self._id(line.at, column.at),
                "section": self.table.label,
                "row": ", ".join(part for part in (line.group, line.label) if part),
                "column": column.head,
            } | fields
            links, rules = [], []
            place = line.at, column.at
            if "count" in fields or "percent" in fields:
                if place in whole_of:
                    row["whole"] = whole_of[place]
                elif column.at in n_of and "whole" not in fields and "percent" not in fields:
                    row["whole"] = self._id("n", column.at)
            elif column.at in n_of:
                row["n"] = n_of[column.at]
            if "percent" in fields and self.is_weighted:
                rules.append("weighted")
            if line.group in parts.get(column.at, ()) and "count" in fields:
                links.append(f"{self._id('n', column.at)} by {_name(line.group)}")
                rules.append("open-parts")
            if total is not None and column.at in others and "count" in fields:
                whole = cells.get((line, total), {})
                is_sum = "count" in whole and self._is_whole_row(line, cells, others)
                if is_sum and not self._is_union(line, cells, total, others):
                    links.append(f"{self._id(line.at, total.at)} by column")
            if whole_of.get(place, "").startswith("size-"):
                links.append(f"{whole_of[place]} by {_name(line.group or 'columns')}")
                rules.append("open-parts")
            row["part_of"], row["rule"] = "; ".join(links), " ".join(dict.fromkeys(rules))
            self.found.rows.append(row)
            if inner:
                self._add_inner(row, inner)

    # what its cells hold

    def _values(self) -> Cells:
        """Return the values of each cell whose form says what they are."""
        cells: Cells = {}
        shares = {column.at for column in self.pairs.values()}
        signs = any("%" in cell.text for row in self.table.grid[self.table.heads :] for cell in row)
        for line in self.lines:
            for column in self.columns:
                cell = self.table.grid[line.at][column.at]
                if not cell.is_first or not any(c.isdigit() for c in cell.text):
                    continue
                if column.at in shares:
                    continue
                if column.at in self.pairs:
                    fields = self._pair(line, column)
                    if not fields:
                        self._unread(line, self.pairs[column.at], self._text(line, column))
                else:
                    fields = self._fields(cell.text, line, column, signs)
                if items := _items(cell.text):
                    self.items[line, column] = items
                elif fields:
                    cells[line, column] = fields
                elif column.at not in self.pairs:
                    self._unread(line, column, cell.text)
        return cells

    def _pair(self, line: Line, column: Column) -> dict[str, str]:
        count, share = self._text(line, column), self._text(line, self.pairs[column.at])
        share = share.strip().rstrip("%").strip("() ")
        if not is_number(count) or line.kind in ("mean_sd", "mean_se", "median"):
            return {}
        if re.fullmatch(r"\d+(?:[.,·]\d+)?", share):
            return {"count": count.strip(), "percent": share}
        return {"count": count.strip()} if not share.strip("-–— ") else {}

    def _fields(self, text: str, line: Line, column: Column, signs: bool) -> dict[str, str]:
        # the mark of a footnote behind the bracket
        text = text.rstrip(MARKS) if text.rstrip(MARKS).endswith((")", "]")) else text
        form = split_cell(text)
        if column.kind in ("p", "other"):
            return {}
        said = line.kind or self._kind(column.head)
        if form in ("mean ± SD", "mean, SD"):
            is_error = said == "mean_se" or self._kind(self.legend) == "mean_se"
            return {} if is_error else split_mean(text)
        if said in ("mean_sd", "mean_se", "median") and form != "a (b)" and form != "a (b–c)":
            return {}
        if form in ("count of whole", "% (n)"):
            fields = split_count(text)
            said_of = f"{line.group} {line.label} {column.head} {self.legend}"
            is_share = "percent" in fields or OF_WHOLE.search(said_of)
            return fields if is_share and is_count(fields) and _is_share_form(fields) else {}
        if form == "a (b)":
            if not said:
                legend = self.legend.casefold()
                kinds = [kind for kind, p in KINDS if kind != "n" and re.search(p, legend)]
                # mean ± SD has a form of its own
                is_own = "mean_sd" in kinds and not re.search(r"mean\s*\(", legend)
                pairs = [k for k in kinds if k != "median" and not (k == "mean_sd" and is_own)]
                said = pairs[0] if len(pairs) == 1 else ""
                if len(pairs) == 2 and signs:
                    said = next(kind for kind in pairs if kind != "n_percent")
            if said == "mean_sd":
                return split_mean(text) if "%" not in text else {}
            if ("%" in text and said != "mean_se") or said == "n_percent":
                fields = split_count(text)
                return fields if is_count(fields) else {}
            return {}
        if form == "a (b–c)":
            if said == "median" or (not said and self._kind(self.legend) == "median"):
                return split_median(text)
            fields = split_mean(text)
            return fields if "ci" in fields else {}
        if form == "a" and column.kind in ("mean", "sd"):
            return {column.kind: text.strip()}
        # under “(%)” alone a bare number is a percentage
        heads = SIZE.sub("", f"{line.group} {line.label} {column.head}")
        is_said = said == "n" or column.kind == "count"
        is_said = is_said or (said == "n_percent" and bool(COUNTED.search(heads)))
        if is_said and is_number(text.rstrip(MARKS)):
            return {"count": text.rstrip(MARKS).strip()}
        if said in ("n", "n_percent") and (match := WITH_PARTS.fullmatch(text.strip())):
            return {"count": match[1], "inner": match[2]} if _inner(match[2]) else {}
        return {}

    def _drop_odd_medians(self, cells: Cells) -> None:
        """Set readings as medians aside where many do not lie between their ends."""
        read = [place for place, fields in cells.items() if "low" in fields and "high" in fields]
        odd = [place for place in read if not is_between(cells[place])]
        if len(odd) > 1 and 4 * len(odd) > len(read):
            for line, column in read:
                del cells[line, column]
                self._unread(line, column, self._text(line, column))

    # what its shares are of

    def _wholes(self, cells: Cells, n_of: dict[int, str]) -> dict[tuple[int, int], str]:
        """Find what percentages are of, and set those aside of which it is not certain.

        A column's size, or the sum of a group of rows or of a row, is taken for the whole only
        where most of its percentages are shares of it.

        Returns
        -------
        whole_of : dict of (int, int) to str
            By row and column, the id or the number of the whole.
        """
        shares = {
            place: fields
            for place, fields in cells.items()
            if "percent" in fields and "count" in fields
        }
        whole_of: dict[tuple[int, int], str] = {}
        own = [place for place in shares if "whole" in shares[place]]
        good = [p for p in own if is_fitting(shares[p], to_int(shares[p]["whole"]))]
        odd = [p for p in own if p not in good]
        # “0/1 (2)” beside “Other/not reported” are two counts
        is_odd = len(good) < MOST * len(own) if len(own) > 2 else not good
        if is_odd:
            self._drop(cells, own)
        else:
            self._drop(cells, [p for p in odd if "/" in p[0].label and not self._says_whole(p)])
        rest = {place: fields for place, fields in shares.items() if "whole" not in fields}
        self._whole_of_columns(cells, rest, n_of, whole_of)
        for column in self.columns:
            if column.at not in n_of:
                self._whole_of_said(column, cells, rest, whole_of)
        open_ = {p: f for p, f in rest.items() if (p[0].at, p[1].at) not in whole_of}
        if not n_of:
            self._whole_of_rows(open_, whole_of)
        self._drop(cells, [p for p in open_ if (p[0].at, p[1].at) not in whole_of])
        return whole_of

    def _says_whole(self, place: tuple[Line, Column]) -> bool:
        line, column = place
        return bool(OF_WHOLE.search(f"{line.group} {line.label} {column.head} {self.legend}"))

    def _drop(self, cells: Cells, places: list[tuple[Line, Column]]) -> None:
        for line, column in places:
            if cells.pop((line, column), None) is not None:
                self._unread(line, column, self._text(line, column))

    def _whole_of_columns(
        self,
        cells: Cells,
        shares: Cells,
        n_of: dict[int, str],
        whole_of: dict[tuple[int, int], str],
    ) -> None:
        """Take the size of a column, or the sum of a group of its rows, for the whole."""
        blocks: dict[tuple[Column, str], list[Line]] = {}
        for line, column in shares:
            blocks.setdefault((column, line.group), []).append(line)
        fit = {
            place: place[1].at in n_of and is_fitting(fields, to_int(n_of[place[1].at]))
            for place, fields in shares.items()
        }
        sums: dict[tuple[Column, str], int] = {}
        for column, group in blocks:
            here = [line for line in self.lines if line.group == group]
            counts = [
                to_int(cells[line, column]["count"])
                for line in here
                if "count" in cells.get((line, column), {})
                and not MISSING.match(plain(line.label))
                and not TOTAL.fullmatch(plain(line.label))
            ]
            sums[column, group] = sum(counts) if group and len(counts) > 1 else 0
        by_sum = {
            place: is_fitting(fields, sums[place[1], place[0].group])
            for place, fields in shares.items()
        }
        odd = self._odd_groups(shares, {p for p in shares if fit[p] or by_sum[p]})
        odd = set() if self.is_weighted else odd
        for place in [place for place in shares if place[0].group in odd]:
            self._drop(cells, [place])
            del shares[place]
        blocks = {at: lines for at, lines in blocks.items() if at[1] not in odd}
        borne = sum(fit[place] or by_sum[place] for place in shares)
        is_certain = self.is_weighted or (borne >= 2 and borne >= MOST * len(shares))
        for (column, group), lines in blocks.items():
            places = [(line, column) for line in lines]
            of_size = sum(fit[place] for place in places)
            of_sum = sum(by_sum[place] for place in places)
            total = sums[column, group]
            own = [place for place in shares if place[1] is column]
            is_own = self.is_weighted or 2 * sum(fit[p] or by_sum[p] for p in own) >= len(own)
            if column.at in n_of and is_certain and is_own:
                is_known = of_sum > of_size and self._is_of_known(cells, column, group, total, n_of)
                for line, _ in places:
                    is_borne = self.is_weighted or fit[line, column] or by_sum[line, column]
                    if is_borne or self._is_sure(line, column, shares, fit, by_sum):
                        # how many are missing is a share of all
                        is_of_all = not is_known or bool(MISSING.match(plain(line.label)))
                        # one row of a group may be of others than the rest, as a note says
                        if by_sum[line, column] and not fit[line, column] and len(lines) > 1:
                            is_of_all = False
                        of = self._id("n", column.at) if is_of_all else str(total)
                        whole_of[line.at, column.at] = of
            elif (
                column.at not in n_of
                and of_sum >= 2
                and of_sum >= len(lines) - 1
                and COUNTED.search(f"{group} {column.head} {self.legend}")
            ):
                for line, _ in places:
                    whole_of[line.at, column.at] = str(total)

    def _odd_groups(self, shares: Cells, borne: set[tuple[Line, Column]]) -> set[str]:
        """Return groups of rows of which most percentages are of something else."""
        tested: dict[str, list[bool]] = {}
        for (line, column), fields in shares.items():
            if line.group and to_int(fields["count"]):
                tested.setdefault(line.group, []).append((line, column) in borne)
        return {
            group
            for group, fits in tested.items()
            if len(fits) - sum(fits) > 2 and sum(fits) < MOST * len(fits)
        }

    def _whole_of_said(
        self,
        column: Column,
        cells: Cells,
        shares: Cells,
        whole_of: dict[tuple[int, int], str],
    ) -> None:
        """Take a number that the paper states for the whole, where nearly all shares are of it."""
        here = {place: fields for place, fields in shares.items() if place[1] is column}
        totals = [
            to_int(cells.get((line, column), {}).get("count", ""))
            for line in self.lines
            if TOTAL.fullmatch(plain(line.label))
        ]
        stated = [to_int(size) for size in SIZE.findall(self.legend)]
        best, often = 0, 0
        for whole in dict.fromkeys([*totals, *stated, *self.said(column.head)]):
            fitting = sum(is_fitting(fields, whole) for fields in here.values())
            if fitting > often:
                best, often = whole, fitting
        if often >= FEWEST and often >= NEARLY_ALL * len(here):
            for line, _ in here:
                whole_of.setdefault((line.at, column.at), str(best))

    def _is_of_known(
        self, cells: Cells, column: Column, group: str, total: int, n_of: dict[int, str]
    ) -> bool:
        """Whether the table itself says that a group's percentages are of those known."""
        missing = [
            line for line in self.lines if line.group == group and MISSING.match(plain(line.label))
        ]
        gone = [cells.get((line, column), {}).get("count", "") for line in missing]
        if any(gone):
            return sum(map(to_int, gone)) == to_int(n_of[column.at]) - total
        said = re.search(r"non-?missing|missing|known|available|valid", self.legend)
        return said is not None and total < to_int(n_of[column.at])

    def _is_sure(
        self,
        line: Line,
        column: Column,
        shares: Cells,
        fit: dict[tuple[Line, Column], bool],
        by_sum: dict[tuple[Line, Column], bool],
    ) -> bool:
        """Whether a value that fits nothing is a share all the same: those around it are."""
        beside = [p for p in shares if p[0] is line and p[1] is not column]
        around = [p for p in shares if p[1] is column and p[0].group == line.group and line.group]
        around = [place for place in around if place[0] is not line]
        said = "n_percent" in (line.kind, self._kind(column.head)) or column.at in self.pairs
        said = said or "%" in self._text(line, column)
        others = [p for p in shares if p[1] is column and p[0] is not line]
        borne = [place for place in others if fit[place] or by_sum[place]]
        near = [place for place in (*beside, *around) if fit[place] or by_sum[place]]
        if any(fit[place] for place in beside) and 2 * len(near) >= len(beside) + len(around):
            return True
        if len(around) > 1 and 2 * len(near) >= len(beside) + len(around):
            return True
        is_borne = len(borne) >= 2 and len(borne) >= 0.8 * len(others)
        return said and is_borne

    def _whole_of_rows(self, shares: Cells, whole_of: dict[tuple[int, int], str]) -> None:
        """Take the size or the sum of a row for the whole, where most rows bear it out."""
        sized = [c for c in self.columns if plain(SIZE.sub("", c.head)) in SIZE_ROWS]
        if len(sized) == 1:
            sizes = {line: to_int(self._text(line, sized[0])) for line, _ in shares}
            fits = sum(is_fitting(fields, sizes[p[0]]) for p, fields in shares.items())
            if fits >= FEWEST and fits >= NEARLY_ALL * len(shares):
                for line, column in shares:
                    whole_of[line.at, column.at] = str(sizes[line])
                return
        rows: dict[Line, list[Column]] = {}
        for line, column in shares:
            rows.setdefault(line, []).append(column)
        sums: dict[Line, int] = {}
        fitting: dict[Line, int] = {}
        for line, columns in rows.items():
            numeric = [
                column
                for column in self.columns
                if any(c.isdigit() for c in self._text(line, column))
                and column.kind not in ("p", "other")
                and column not in self.pairs.values()
            ]
            if len(columns) < 2 or len(numeric) != len(columns):
                continue
            sums[line] = sum(to_int(shares[line, column]["count"]) for column in columns)
            fitting[line] = sum(is_fitting(shares[line, column], sums[line]) for column in columns)
        whole = [line for line in sums if fitting[line] == len(rows[line])]
        if len(whole) < 2 or len(whole) < MOST * len(sums):
            return
        for line in sums:
            if 2 * fitting[line] >= len(rows[line]):
                for column in rows[line]:
                    size = self.sizes.get(loose(line.label), str(sums[line]))
                    whole_of[line.at, column.at] = size

    # what its rows and columns add up to

    def _partitions(self, cells: Cells, n_of: dict[int, str]) -> dict[int, set[str]]:
        """Return, by column, the groups of rows that are parts of its size.

        That rows are all the parts of a whole is certain where they add up to it in at least
        two columns and in most of them, or where their percentages add up to 100.
        """
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.group and not TOTAL.fullmatch(plain(line.label)):
                groups.setdefault(line.group, []).append(line)
        result: dict[int, set[str]] = {}
        for group, lines in groups.items():
            if len(lines) < 2:
                continue
            sums: dict[int, int] = {}
            full: set[int] = set()
            for column in self.columns:
                here = [cells.get((line, column), {}) for line in lines]
                counts = [to_int(fields["count"]) for fields in here if "count" in fields]
                blanks = sum("count" not in fields for fields in here)
                if column.at in n_of and counts and not blanks:
                    sums[column.at] = sum(counts)
                    if is_hundred([fields.get("percent", "") for fields in here]):
                        full.add(column.at)
            even = {at for at, total in sums.items() if total == to_int(n_of[at])}
            if len(even) >= 2 and 3 * len(even) >= 2 * len(sums):
                sure = set(sums)
            else:
                sure = full if len(even | full) > 1 or len(sums) == 1 else set()
            for at in sure:
                # percentages of those known add up to 100 as well
                if at in even or at not in full or self._are_of_size(cells, lines, at, n_of):
                    result.setdefault(at, set()).add(group)
        return result

    def _are_of_size(self, cells: Cells, lines: list[Line], at: int, n_of: dict[int, str]) -> bool:
        column = next(c for c in self.columns if c.at == at)
        here = [cells.get((line, column), {}) for line in lines]
        fits = [is_fitting(f, to_int(n_of[at])) for f in here if "percent" in f and "count" in f]
        return len(fits) > 1 and sum(fits) >= len(fits) - 1

    def _total(self, cells: Cells, n_of: dict[int, str]) -> tuple[Column | None, set[int]]:
        """Return the column that is the sum of the others, and the others."""
        totals = [c for c in self.columns if TOTAL.match(plain(c.group or c.head))]
        totals = [c for c in totals if c not in self.pairs.values()]
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
                even += sum(to_int(f["count"]) for f in here) == to_int(whole["count"])
        adds_up = sum(to_int(n_of[c.at]) for c in others) == to_int(n_of[total.at])
        if not (adds_up and 2 * even >= tested) and not (even >= 3 and even >= MOST * tested):
            return None, set()
        return total, {column.at for column in others}

    def _is_whole_row(self, line: Line, cells: Cells, columns: set[int]) -> bool:
        """Whether every cell of some columns is a count that was read, or blank."""
        return all(
            "count" in cells.get((line, column), {})
            or not any(c.isdigit() for c in self._text(line, column))
            for column in self.columns
            if column.at in columns
        )

    def _is_union(self, line: Line, cells: Cells, total: Column, columns: set[int]) -> bool:
        parts = [cells.get((line, c), {}).get("count", "") for c in self.columns if c.at in columns]
        whole = to_int(cells[line, total]["count"])
        return is_union(list(map(to_int, parts)), whole, f"{line.group} {line.label}")

    def _add_sizes(self, n_of: dict[int, str], total: Column | None, others: set[int]) -> None:
        stated = {row["id"]: to_int(row.get("count", "")) for row in self.found.rows if "id" in row}
        here = [
            (loose(SIZE.sub("", c.head)), to_int(n_of[c.at])) for c in self.columns if c.at in n_of
        ]
        alike = [stated[self.sizes[label]] == n for label, n in here if label in self.sizes]
        # groups of one name may be of another sample
        are_alike = sum(alike) >= len(alike) - (len(alike) > 2)
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
            if are_alike and label in self.sizes:
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
                row["id"]: to_int(row.get("count", "")) for row in self.found.rows if "id" in row
            }
            even = sum(
                sum(to_int(count) for _, count, _ in self.items[place]) == stated[of[place]]
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
        for at, (label, count) in enumerate(_inner(inner), start=1):
            part = {
                "id": f"{row['id']}.{at}",
                "section": row["section"],
                "row": f"{row['row']}, {label}",
                "column": row.get("column", ""),
                "count": count,
                "part_of": f"{row['id']} by kind",
                "rule": "open-parts",
            }
            self.found.rows.append(part)


def _is_share_form(fields: dict[str, str]) -> bool:
    """Whether a count and its whole can be such: ``6100/6000-5700`` are years."""
    percent = fields.get("percent", "0").replace(",", ".").replace("·", ".").rstrip(MARKS)
    if not re.fullmatch(r"[<≤]?\s?\d*\.?\d+", percent.strip()) or float(percent.strip("<≤ ")) > 100:
        return False
    return "percent" in fields or to_int(fields["count"]) <= to_int(fields.get("whole", "0"))


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


def _inner(text: str) -> list[tuple[str, str]]:
    """Cut ``BS 3, MS: 1`` into names and counts; nothing where it is no such list."""
    found, at = [], 0
    while at < len(text):
        match = INNER.match(text, at)
        if match is None or match.end() == at:
            return []
        found.append((match[1].strip(), match[2]))
        at = match.end()
    return found


def _name(text: str) -> str:
    """Return the name of a split, without the words that part it from its whole."""
    return re.sub(r"[;]|\bby\b", " ", text).strip() or "rows"
