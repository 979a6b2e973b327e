"""What the columns of a paper's tables have to do with each other, as their numbers show.

That the cells of a row add up to a number of another table, or that an interval is Wilson's, is
nowhere said; it is certain where it holds in row after row. Only then is the one row asked
about in which it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from analysis.audit.arithmetic.formulas import Span, evaluate
from analysis.audit.conflicts.formulas import span_of
from analysis.audit.ledger.cells import split_cell, split_mean
from analysis.audit.papers.layout import Layout, Line
from analysis.audit.papers.numbers import is_like, is_union, to_int
from analysis.audit.papers.series import Ledgered, Series, Value, series_of
from analysis.audit.words import loose, plain

__all__ = ["Relating"]

# so often must something hold that one row in which it does not is asked about
FEWEST, MANY, RARE = 3, 8, 0.04
# and so often that a sum which falls short is one
SURE = 20
MOST_SERIES = 40
NUMBERS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.])|(?<![\d.,])\d+(?![\d.,]*\d)(?!\s?%)")
COEFFICIENTS = (
    ("alpha", r"^(?:α|alpha|krippendorff\S*(?: α| alpha)?)$"),
    ("kappa", r"^(?:κ|kappa|cohen\S*(?: κ| kappa)?)$"),
    ("ac1", r"^(?:ac1|gwet\S*(?: ac1)?)$"),
)
MEMBERS = re.compile(r"\b(?:documents?|files?|sources?|interviews?|participants?|cases?|people)\b")
MENTIONS = re.compile(r"\b(?:codings?|references?|segments?|excerpts?|quotations?|mentions?)\b")


class Relating:
    """Finds relations between the columns of all tables of a paper, and adds them to a ledger.

    Parameters
    ----------
    rows : list of dict
        Rows of the ledger; gets more of them, and links.
    tables : sequence of (Layout, str)
        Each table with its name in the ledger.
    """

    def __init__(self, rows: list[dict[str, str]], tables: Sequence[tuple[Layout, str]]) -> None:
        self.ledger = Ledgered(rows)
        self.tables: list[list[Series]] = []
        for layout, section in tables:
            series = list(series_of(layout, section, self.ledger.by_id))
            self.tables.append(series if len(series) <= MOST_SERIES else [])

    def read(self) -> None:
        """Add what is certain."""
        for series in self.tables:
            self._shares_of_sizes(series)
        for series in self.tables:
            self._trees(series)
            self._across(series, series)
            self._mentions(series)
            self._means(series)
            self._intervals(series)
            self._coefficients(series)
        for one, other in permutations(self.tables, 2):
            self._across(one, other)
            self._together(one, other)
        for one, other in combinations(self.tables, 2):
            self._repeats(one, other)
        self._sizes()

    # the numbers of one table

    def _shares_of_sizes(self, table: list[Series]) -> None:
        """Read ``93; 75`` as a count and a percentage, where nearly all are of their column."""
        shares = [s for s in table if s.kind == "share"]
        read: list[tuple[Value, str, bool]] = []
        for series in shares:
            size = series.layout.n_of.get(series.column.at, "")
            read += [
                (value, size, bool(size) and _count_of(value.text, size) >= 0)
                for value in series.values.values()
                if value.text
            ]
        good = [one for one in read if one[2]]
        # of a large group every percentage is a share
        tells = sum(to_int(size) < 50 for _, size, _ in good)
        if tells < MANY or not _is_borne(len(good), len(read) - len(good)):
            for series in shares:
                table.remove(series)
            return
        for value, size, _ in read:
            value.row["whole"] = size
            self.ledger.add(value)

    def _trees(self, table: list[Series]) -> None:
        """Hold rows that are set in below another against it."""
        if not table:
            return
        layout = table[0].layout
        children = _children(layout)
        if not children:
            return
        counted = [series for series in table if series.kind in ("count", "share")]
        for series in counted:
            gaps: dict[int, int] = {}
            for parent, below in children.items():
                if series.kind == "count" and all(at in series.values for at in (parent, *below)):
                    whole = series.values[parent]
                    total = sum(series.values[at].number for at in below)
                    if whole.text and total:
                        gaps[parent] = whole.number - total
            good = sum(not gap for gap in gaps.values())
            above = sum(gap < 0 for gap in gaps.values())
            if good >= FEWEST and (not above or _is_borne(good, above)):
                for parent, gap in gaps.items():
                    # a row may have some of its own beside those below it
                    column, by = ("part_of", " by what is below it") if gap <= 0 else ("within", "")
                    for at in children[parent]:
                        part, whole = series.values[at], series.values[parent]
                        if part.text:
                            self.ledger.add(whole)
                            self.ledger.link(part, column, f"{whole.id}{by}")
            else:
                self._overlapping(series, children)

    def _overlapping(self, series: Series, children: dict[int, list[int]]) -> None:
        """Hold a row against those below it, in several of which somebody may be counted."""
        good: list[int] = []
        failing: list[int] = []
        for parent, below in children.items():
            if not all(at in series.values for at in (parent, *below)):
                continue
            whole, parts = series.values[parent], [series.values[at] for at in below]
            if not whole.text:
                continue
            is_good = max(_float(part.text) for part in parts) <= _float(whole.text)
            (good if is_good else failing).append(parent)
        if not _is_borne(len(good), len(failing)):
            return
        for parent in (*good, *failing):
            whole = series.values[parent]
            self.ledger.add(whole)
            for at in children[parent]:
                if series.values[at].text:
                    self.ledger.link(series.values[at], "within", whole.id)

    def _mentions(self, table: list[Series]) -> None:
        """Hold documents or people with a coding against the codings: one each at least."""
        counts = [series for series in table if series.kind == "count"]
        for many in counts:
            if not MENTIONS.search(many.head.casefold()):
                continue
            for few in counts:
                words = few.head.casefold()
                if few is many or not MEMBERS.search(words) or MENTIONS.search(words):
                    continue
                both = [at for at in few.values if at in many.values and few.values[at].text]
                good = sum(few.values[at].number <= many.values[at].number for at in both)
                if not _is_borne(good, len(both) - good):
                    continue
                for at in both:
                    self.ledger.add(many.values[at])
                    self.ledger.link(few.values[at], "within", many.values[at].id)

    def _means(self, table: list[Series]) -> None:
        """Hold means against a column of sums."""
        sums = [s for s in table if s.kind == "count" and plain(s.column.head) in ("sum", "total")]
        sizes = [s for s in table if s.kind == "count" and plain(s.column.head) == "n"]
        if len(sums) != 1 or len(sizes) != 1:
            return
        of, section = sums[0].layout, next(iter(sums[0].values.values())).row["section"]
        cells: dict[int, dict[str, str]] = {}
        for line in of.lines:
            for column in of.columns:
                text = of.table.grid[line.at][column.at].text
                fields = split_mean(text) if split_cell(text) == "mean ± SD" else {}
                if "sd" in fields:
                    own = {"id": of.id_of(line, column), "section": section, "row": line.label}
                    own |= {"column": column.head} | fields
                    cells[line.at] = self.ledger.by_id.get(own["id"], own)
        formulas = {}
        for at, row in cells.items():
            if at in sums[0].values and at in sizes[0].values and "formula" not in row:
                total, n = sums[0].values[at], sizes[0].values[at]
                if n.number and _fits(row["mean"], (total.number / n.number,) * 2) is not None:
                    formulas[at] = total, n
        good = sum(
            bool(_fits(cells[at]["mean"], (total.number / n.number,) * 2))
            for at, (total, n) in formulas.items()
        )
        if good < FEWEST or len(formulas) - good > 1:
            return
        for at, (total, n) in formulas.items():
            self.ledger.add(total)
            self.ledger.add(n)
            cells[at]["formula"] = f"{{{total.id}}} / {{{n.id}}}"
            self.ledger.add(Value(total.line, cells[at]["mean"], cells[at]["id"], cells[at]))

    def _intervals(self, table: list[Series]) -> None:
        """Hold intervals against the share beside them, where nearly all are of one method."""
        counts = [series for series in table if series.kind == "count"]
        for series in (one for one in table if one.kind == "interval"):
            best: tuple[int, list[tuple[Value, str]]] = (0, [])
            for beside in counts:
                if abs(beside.column.at - series.column.at) > 3:
                    continue
                for method in ("wilson", "exact", "wald"):
                    good, formulas = self._of_method(series, beside, method)
                    if good > best[0]:
                        best = good, formulas
            good, formulas = best
            told = {value.text for value, _ in formulas}
            if _is_borne(good, len(formulas) - good) and len(told) >= 5:
                for value, formula in formulas:
                    value.row["formula"] = formula
                    self.ledger.add(value)

    def _of_method(
        self, series: Series, beside: Series, method: str
    ) -> tuple[int, list[tuple[Value, str]]]:
        good, formulas = 0, []
        for at, value in series.values.items():
            count = beside.values.get(at)
            row = self.ledger.by_id.get(count.id) if count is not None else None
            if row is None or not row.get("whole"):
                continue
            of = self.ledger.by_id.get(row["whole"])
            n = (
                to_int(of.get("count") or of.get("n", ""))
                if of is not None
                else to_int(row["whole"])
            )
            k = to_int(row["count"])
            if not 0 <= k <= n or not n:
                continue
            scale = (
                "" if all("." in end for end in value.row["printed"].split(" to ")) else "100 * "
            )
            whole = f"{{{row['whole']}}}" if of is not None else row["whole"]
            ends = [f"{scale}{method}_{side}({{{row['id']}}}, {whole})" for side in ("low", "high")]
            plain_ends = [f"{scale}{method}_{side}({k}, {n})" for side in ("low", "high")]
            fits = [
                _fits(end, evaluate(text, {}))
                for end, text in zip(value.row["printed"].split(" to "), plain_ends, strict=False)
            ]
            formulas.append((value, "; ".join(ends)))
            good += len(fits) == 2 and all(fits)
        return good, formulas

    def _coefficients(self, table: list[Series]) -> None:
        """Recompute agreement of two coders from units, those coded, and percent agreement."""
        named = {plain(series.column.head): series for series in table}
        given = named.get("units")
        agreement = next((s for name, s in named.items() if name.startswith("agreement")), None)
        if given is None or agreement is None or agreement.kind not in ("value", "count"):
            return
        found = [
            (name, series)
            for name, pattern in COEFFICIENTS
            for head, series in named.items()
            if series.kind == "value" and re.search(pattern, head)
        ]
        layout = given.layout
        for units in dict.fromkeys(map(to_int, NUMBERS.findall(layout.legend))):
            if units < max((value.number for value in given.values.values()), default=0) / 4:
                continue
            is_known = False
            for name, series in found:
                fewest = 2 if is_known else FEWEST
                is_known |= self._of_coders(name, series, given, agreement, units, fewest)

    def _of_coders(
        self, name: str, series: Series, given: Series, agreement: Series, units: int, fewest: int
    ) -> bool:
        good, told, formulas = 0, set(), []
        for at, value in series.values.items():
            if at not in given.values or at not in agreement.values:
                continue
            # all codes together are as many decisions as codes and units
            if re.match(r"(?:all|total|overall|together)\b", plain(value.line.label)):
                continue
            share, number = agreement.values[at], given.values[at]
            text = f"{name}({number.number}, v, {units})".replace("v", "{v}")
            try:
                fits = bool(_fits(value.text, evaluate(text, {"v": _span(share.text)})))
            except ValueError:
                fits = False
            good += fits
            told |= {value.text} if fits else set()
            formulas.append((value, share, number))
        if not _is_borne(good, len(formulas) - good) or len(told) < fewest:
            return False
        for value, share, number in formulas:
            value.row["formula"] = f"{name}({{{number.id}}}, {{{share.id}}}, {units})"
            share.row.update({"kind": "percentage", "whole": str(units)})
            if share.id not in self.ledger.by_id and share.row.get("count"):
                share.row["percent"] = share.row.pop("count")
                share.row.pop("kind")
            for one in (number, share, value):
                self.ledger.add(one)
        return True

    # several tables

    def _across(self, table: list[Series], other: list[Series]) -> None:
        """Hold the cells of each row against a number that they add up to."""
        is_same = table is other
        for kind in ("count", "share"):
            cells = [series for series in table if series.kind == kind]
            for parts in _blocks(cells):
                for whole in other:
                    if whole.kind == "count" and whole not in parts:
                        self._sums(parts, whole, is_same=is_same)

    def _sums(self, parts: list[Series], whole: Series, *, is_same: bool) -> None:
        if is_same:
            lines = {at: value for at, value in whole.values.items() if value.text}
        else:
            lines = {one.line.at: two for one, two in _same_rows(parts[0], whole) if two.text}
        good: list[int] = []
        failing: list[int] = []
        trivial: list[int] = []
        for at, of in lines.items():
            if not all(at in series.values for series in parts):
                continue
            numbers = [self._number(series, at) for series in parts]
            total = None if None in numbers else sum(number or 0 for number in numbers)
            if total != of.number:
                failing.append(at)
            elif sum(bool(number) for number in numbers) > 1:
                good.append(at)
            else:
                trivial.append(at)
        failing = [at for at in failing if self._is_odd_sum(parts, lines[at], at)]
        is_said = is_same and whole.is_total
        is_sum = _is_borne(len(good), len(failing)) or (
            is_said and len(good) >= FEWEST and len(failing) <= 1
        )
        if not is_said and len(good) < SURE:
            # some may be in none of the columns
            failing = [at for at in failing if not self._is_short(parts, lines[at], at)]
        different = {lines[at].number for at in good}
        if not is_sum or len(different) < FEWEST:
            return
        name = "columns" if is_same else f"columns of {_name(parts[0].layout.table.label)}"
        for at in (*good, *trivial, *failing):
            self.ledger.add(lines[at])
            for series in parts:
                if series.values[at].text:
                    reference = f"{lines[at].id} by {name}"
                    self.ledger.link(series.values[at], "part_of", reference)

    def _is_odd_sum(self, parts: list[Series], whole: Value, at: int) -> bool:
        """Whether a sum that fails is a misprint, rather than a count of what is in several."""
        numbers = [self._number(series, at) for series in parts]
        if any(number is None for number in numbers):
            return True
        return not is_union(
            [number or 0 for number in numbers],
            whole.number,
            f"{whole.line.group} {whole.line.label}",
        )

    def _is_short(self, parts: list[Series], whole: Value, at: int) -> bool:
        numbers = [self._number(series, at) for series in parts]
        return None not in numbers and sum(number or 0 for number in numbers) < whole.number

    def _number(self, series: Series, at: int) -> int | None:
        """Return a count, or the only count that a percentage can be."""
        value = series.values[at]
        if series.kind == "count" or not value.text:
            return value.number
        found = _count_of(value.text, value.row.get("whole", ""))
        return found if found >= 0 else None

    def _repeats(self, table: list[Series], other: list[Series]) -> None:
        """Link columns of two tables that say the same of the same rows."""
        for one in (series for series in table if series.kind == "count"):
            for two in (series for series in other if series.kind == "count"):
                if not _words(one.head) & _words(two.head):
                    continue
                pairs = [(a, b) for a, b in _same_rows(one, two) if a.text and b.text]
                even = [a.number == b.number for a, b in pairs]
                different = {a.number for (a, _), same in zip(pairs, even, strict=True) if same}
                if not _is_borne(sum(even), len(even) - sum(even)) or len(different) < 5:
                    continue
                for first, second in pairs:
                    if is_like(first.text, second.text):
                        self.ledger.add(second)
                        self.ledger.link(first, "same_as", second.id)

    def _together(self, table: list[Series], other: list[Series]) -> None:
        """Recompute how often two codes stand together for each time that one was applied."""
        counts = [series for series in table if series.kind == "count"]
        ratios = [series for series in table if series.kind == "value"]
        if not counts or not ratios or table[0].layout.stub < 2:
            return
        layout = table[0].layout
        for of in (series for series in other if series.kind == "count"):
            known = of.by_label
            pairs: dict[int, tuple[Value, Value]] = {}
            for line in layout.lines:
                labels = [loose(layout.table.grid[line.at][at].text) for at in range(2)]
                if all(label in known for label in labels) and labels[0] != labels[1]:
                    pairs[line.at] = known[labels[0]], known[labels[1]]
            if len(pairs) < MANY:
                continue
            for series, ratio in ((c, r) for c in counts for r in ratios):
                good, told, rows = 0, set(), []
                for at, (one, two) in pairs.items():
                    if at not in series.values or at not in ratio.values:
                        continue
                    pair, printed = series.values[at], ratio.values[at]
                    union = one.number + two.number - pair.number
                    if union <= 0:
                        continue
                    fits = bool(_fits(printed.text, (pair.number / union,) * 2))
                    good += fits
                    told |= {printed.text} if fits else set()
                    rows.append((pair, printed, one, two))
                if not _is_borne(good, len(rows) - good) or len(told) < FEWEST:
                    continue
                for pair, printed, one, two in rows:
                    printed.row["formula"] = (
                        f"{{{pair.id}}} / ({{{one.id}}} + {{{two.id}}} - {{{pair.id}}})"
                    )
                    for value in (one, two, printed):
                        self.ledger.add(value)
                    self.ledger.link(pair, "within", one.id)
                    self.ledger.link(pair, "within", two.id)

    def _sizes(self) -> None:
        """Link the sizes of columns of one name, where all but one of them agree."""
        heads: list[dict[str, tuple[int, str]]] = []
        for table in self.tables:
            if not table:
                continue
            layout = table[0].layout
            here: dict[str, tuple[int, str]] = {}
            last: dict[str, list[tuple[int, str]]] = {}
            for column in layout.columns:
                if to_int(column.n):
                    head = re.sub(r"\(?\s*[nN]\s*=\s*[\d, ]+\)?", "", column.head).strip(" ,")
                    here[loose(head)] = to_int(column.n), layout.size_id(column)
                    last.setdefault(loose(head.rpartition(", ")[2]), []).append(here[loose(head)])
            here |= {key: sizes[0] for key, sizes in last.items() if len(sizes) == 1}
            heads.append(here)
        for first, second in combinations(heads, 2):
            alike = [label for label in first if label in second and len(label) > 3]
            even = [first[label][0] == second[label][0] for label in alike]
            if sum(even) < FEWEST or len(even) - sum(even) > 1:
                continue
            for label in alike:
                one, two = first[label][1], second[label][1]
                if one in self.ledger.by_id and two in self.ledger.by_id:
                    row = self.ledger.by_id[two]
                    links = [link for link in row.get("same_as", "").split("; ") if link]
                    row["same_as"] = "; ".join(dict.fromkeys([*links, one]))


def _is_borne(good: int, failing: int) -> bool:
    """Whether something holds so often that a row in which it does not is odd."""
    return good >= MANY and failing <= max(1, RARE * good)


def _same_rows(one: Series, other: Series) -> list[tuple[Value, Value]]:
    """Return the values of rows that two columns have in common, each row once."""
    mine, theirs = one.by_label, other.by_label
    pairs = {(id(mine[k]), id(theirs[k])): (mine[k], theirs[k]) for k in mine if k in theirs}
    firsts = [id(a) for a, _ in pairs.values()]
    seconds = [id(b) for _, b in pairs.values()]
    return [
        (a, b) for a, b in pairs.values() if firsts.count(id(a)) == 1 and seconds.count(id(b)) == 1
    ]


def _blocks(cells: list[Series]) -> Iterator[list[Series]]:
    """Give the columns that may be parts of something: all, and those under one head."""
    parts = [series for series in cells if not series.is_total]
    if len(parts) > 1:
        yield parts
    by_head: dict[str, list[Series]] = {}
    for series in parts:
        head, found, _ = series.column.head.partition(", ")
        if found:
            by_head.setdefault(head, []).append(series)
    for under in by_head.values():
        if 1 < len(under) < len(parts):
            yield under


def _children(layout: Layout) -> dict[int, list[int]]:
    """Return, by row, the rows that are set in one step below it."""
    indents = {line.at: layout.table.grid[line.at][0].indent for line in layout.lines}
    if len(set(indents.values())) < 2:
        return {}
    found: dict[int, list[int]] = {}
    stack: list[Line] = []
    starts = set(indents)
    for at in range(layout.table.heads, len(layout.table.grid)):
        if at not in starts:
            # a head without values ends what stands above it
            level = layout.table.grid[at][0].indent
            stack = [line for line in stack if indents[line.at] < level]
            continue
        line = next(one for one in layout.lines if one.at == at)
        while stack and indents[stack[-1].at] >= indents[at]:
            stack.pop()
        if stack:
            found.setdefault(stack[-1].at, []).append(at)
        stack.append(line)
    return found


def _count_of(share: str, size: str) -> int:
    """Return the count that a percentage is of a size; −1 where it is none, or several are."""
    n = to_int(size)
    low, high = (value / 100 * n for value in _span(share))
    fits = [k for k in range(max(int(low) - 1, 0), min(int(high) + 2, n + 1)) if low <= k < high]
    return fits[0] if len(fits) == 1 else -1


def _span(text: str) -> Span:
    sign = -1 if text[:1] in "-−–" else 1
    whole, _, part = text.lstrip("-−–").replace(",", "").rstrip("% ").partition(".")
    return span_of(sign * int(whole + part or 0), len(part))


def _float(text: str) -> float:
    try:
        return float(text.replace(",", "").rstrip("% ") or 0)
    except ValueError:
        return 0.0


def _fits(text: str, span: Span) -> bool | None:
    """Whether a printed number can be a computed one; None where it is no number."""
    if not re.fullmatch(r"[-−–]?\d*\.?\d+%?", text.strip().replace(",", "")):
        return None
    low, high = _span(text.strip())
    return low - 1e-9 <= span[1] and span[0] - 1e-9 <= high


def _words(head: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[a-z]{4,}", head.casefold())}


def _name(text: str) -> str:
    return re.sub(r"[;]|\bby\b", " ", text).strip() or "a table"
