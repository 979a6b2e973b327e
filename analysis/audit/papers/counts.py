"""Tables of counts alone: with a row or a column of totals, or as SPSS prints frequencies."""

from __future__ import annotations

import math
import re

from analysis.audit.ledger.cells import ends_of
from analysis.audit.papers.layout import MOST, TOTAL, Column, Layout, Line
from analysis.audit.papers.numbers import is_decimal, is_fitting, is_number, to_int
from analysis.audit.words import plain

__all__ = ["CountTable"]


# ranges above a row that spans them
FEWEST_RANGES = 3


class CountTable(Layout):
    """Reads tables that hold counts, and perhaps their percentages, and their totals."""

    def read_counts(self) -> bool:
        """Read a table of bare counts with a row of totals, and perhaps a column of them.

        That a column adds up is certain where it does; that it should, only where three
        others do: beside codings a table may count people, who are in several rows.
        """
        if len(self.lines) < 3 or not TOTAL.fullmatch(plain(self.lines[-1].label)):
            return False
        grid: dict[tuple[int, int], int] = {}
        for line in self.lines:
            for column in self.columns:
                text = self._text(line, column)
                if is_number(text):
                    grid[line.at, column.at] = to_int(text)
                elif text in ("–", "-", "—", ""):
                    grid[line.at, column.at] = 0
        rows, last = [line.at for line in self.lines[:-1]], self.lines[-1].at
        counted = [c for c in self.columns if not re.search(r"%|percent|rate|mean|ratio", c.head)]
        columns = [c.at for c in counted if all((r, c.at) in grid for r in (*rows, last))]
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
        self._read_ranges()
        return True

    def _read_ranges(self) -> None:
        """Read columns of ranges, whose last row spans those above it."""
        for column in self.columns:
            ends = {line: ends_of(self._text(line, column)) for line in self.lines}
            *parts, last = ends.values()
            if last is None or sum(one is not None for one in parts) < FEWEST_RANGES:
                continue
            low, high = _ends(last)
            inside = [low <= _ends(one)[0] and _ends(one)[1] <= high for one in parts if one]
            met = {end for one in parts if one for end in _ends(one)}
            if sum(inside) < len(inside) - 1 or not {low, high} & met:
                continue
            whole = self._id(self.lines[-1].at, column.at)
            for line, found in ends.items():
                if found is None:
                    continue
                row = {"id": self._id(line.at, column.at), "section": self.table.label}
                place = ", ".join(part for part in (line.group, line.label, column.head) if part)
                row |= {"place": place, "printed": " to ".join(found), "kind": "range"}
                self.found.rows.append(row | ({} if row["id"] == whole else {"whole": whole}))

    def read_frequencies(self) -> None:
        """Read a table of frequencies, as SPSS prints one: count, percent, valid percent."""
        by_kind: dict[str, Column] = {}
        for column in self.columns:
            by_kind.setdefault(column.kind, column)
        if sum(column.kind == "count" for column in self.columns) > 1:
            return
        grid = self.table.grid
        rows = []
        for line in self.lines:
            values: dict[str, str] = {
                kind: grid[line.at][by_kind[kind].at].text.strip().rstrip("%").strip("() ")
                for kind in ("count", "percent", "valid")
                if kind in by_kind
            }
            if is_number(values.get("count", "")):
                rows.append((line, values))
        totals = [line for line, _ in rows if plain(line.label) == "total"]
        if not rows or plain(rows[-1][0].label) != "total" or len(totals) > 2:
            return
        whole, valid = totals[-1], totals[0]
        counts = {line: to_int(values["count"]) for line, values in rows}
        has_missing = valid is not whole
        is_sum = _is_sum(counts, valid, whole)
        shares = [(line, values) for line, values in rows if is_decimal(values["percent"])]
        fits = [is_fitting(values, counts[whole]) for _, values in shares]
        if not is_sum and sum(fits) < max(3, MOST * len(fits)):
            return
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
            if self.is_weighted:
                row["rule"] = "weighted"
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


def _ends(pair: tuple[str, str]) -> tuple[float, float]:
    """Return the ends of a range as numbers; of what is none, ends that nothing lies between."""
    try:
        low, high = (float(re.sub(r"[−–]", "-", end).replace(",", "")) for end in pair)
    except ValueError:
        return math.inf, -math.inf
    return low, high


def _is_sum(counts: dict[Line, int], valid: Line, whole: Line) -> bool:
    """Whether the rows of a table of frequencies add up to its totals."""
    lines = list(counts)
    parts = [counts[line] for line in lines if line is not valid and line is not whole]
    if valid is whole:
        return sum(parts) == counts[whole]
    above = [counts[line] for line in lines if line.at < valid.at]
    return sum(above) == counts[valid] or sum(parts) == counts[whole]


def _mostly(sums: dict[int, bool]) -> set[int]:
    """Return which sums hold, and the one that does not where three others do."""
    holding = {at for at, holds in sums.items() if holds}
    failing = set(sums) - holding
    return holding | failing if len(holding) >= 3 and len(failing) == 1 else holding
