"""Put one misprint into a copy of a paper, again and again, and count those that are found.

Run it as ``python benchmarks/bench_audit_paper.py report/output/manuscript.html
[--copies 100] [--seed 0]``. A misprint changes one digit of one number of the tables or the
text; the numbers of headings, references, quotations and dates are left alone. It prints what
was found, and of the rest what kind of number it was. Then it times a paper of ten tables.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analysis.audit import ASKING
from analysis.audit.audit import audit_ledger
from analysis.audit.papers import audit_paper
from analysis.audit.papers.extraction import extract
from analysis.audit.papers.paper import Paper, read_paper

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.audit import printed_papers

GOAL_SECONDS = 3.0
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w]|\.\d)")
HEADING = re.compile(r"\d+(?:\.\d+)*\s")
ASKED = {verdict.value for verdict in ASKING}


def places(paper: Paper) -> Iterator[tuple[str, tuple[int, ...], re.Match[str]]]:
    """Give each number of a paper with its place: in a table's cell, or in the text."""
    for at, table in enumerate(paper.tables):
        for line, row in enumerate(table.grid):
            for column, cell in enumerate(row):
                if cell.is_first:
                    for match in NUMBER.finditer(cell.text):
                        yield "table", (at, line, column), match
    for at, text in enumerate(paper.paragraphs):
        if (len(text) < 60 and HEADING.match(text)) or text.startswith(("“", "«")):
            continue
        for match in NUMBER.finditer(text):
            before, after = text[: match.start()], text[match.end() :]
            is_pointer = re.search(r"(?:Table|Figure|Section|Participant)\s$", before)
            is_date = re.match(r"\s[A-Z][a-z]+ \d{4}", after) or re.search(r"[A-Z][a-z]+ $", before)
            is_source = before.endswith(("(", ", ")) and re.match(r"(?:, \d+)*\)\.?(?:\s|$)", after)
            if not (is_pointer or is_date or (is_source and len(match[0]) < 3)):
                yield "text", (at,), match


def misprinted(paper: Paper, where: tuple[int, ...], match: re.Match[str], digit: int) -> Paper:
    """Return a copy in which one digit of a number is another."""
    at = random.Random(f"{where}{match.start()}{digit}").choice(
        [i for i in range(match.start(), match.end()) if match.string[i].isdigit()]
    )
    new = str((int(match.string[at]) + digit) % 10)
    text = f"{match.string[:at]}{new}{match.string[at + 1 :]}"
    if len(where) == 1:
        paragraphs = list(paper.paragraphs)
        paragraphs[where[0]] = text
        return replace(paper, paragraphs=paragraphs)
    tables = list(paper.tables)
    table = tables[where[0]]
    grid = [list(row) for row in table.grid]
    grid[where[1]][where[2]] = replace(grid[where[1]][where[2]], text=text)
    tables[where[0]] = replace(table, grid=grid)
    return replace(paper, tables=tables)


def asking(paper: Paper) -> Counter[tuple[str, str]]:
    """Return the claims that ask for a second look, by their value and reason."""
    claims = audit_ledger(extract(paper).ledger("paper")).claims
    claims = claims[claims["verdict"].isin(ASKED)]
    return Counter(zip(claims["printed"], claims["why"], strict=True))


def cause(paper: Paper, kind: str, where: tuple[int, ...], match: re.Match[str]) -> str:
    """Return what kind of number was missed."""
    if kind == "table":
        table = paper.tables[where[0]]
        head = ", ".join(dict.fromkeys(row[where[2]].text for row in table.grid[: table.heads]))
        form = re.sub(r"\d[\d,.]*", "0", match.string)
        return f"{table.label}, column {head!r}, form {form[:40]!r}"
    after = re.sub(r"[^a-z%() ]", "", match.string[match.end() :][:24])
    return f"text: … {match[0]}{after}"


def main() -> int:
    """Print how many misprints are found, what the others are, and the time of ten tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paper", type=Path)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--verbose", action="store_true", help="name each that was missed")
    chosen = parser.parse_args()
    paper = read_paper(chosen.paper)
    before = asking(paper)
    print(f"{chosen.paper.name}: {before.total()} claims ask for a second look as it is")
    chance = random.Random(chosen.seed)
    every = list(places(paper))
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for kind, where, match in chance.sample(every, min(chosen.copies, len(every))):
        wrong = misprinted(paper, where, match, chance.randint(1, 9))
        tried[kind] += 1
        if asking(wrong) - before:
            found[kind] += 1
        else:
            missed[cause(paper, kind, where, match)] += 1
    print(f"{found.total()} of {tried.total()} misprints found, in a paper of {len(every)} numbers")
    for kind, n in tried.items():
        print(f"  in {kind}: {found[kind]} of {n}")
    if chosen.verbose:
        for text, n in missed.most_common():
            print(f"  missed {n}: {text}")
    return ten_tables()


def ten_tables() -> int:
    """Time a paper with ten tables."""
    bodies = [getattr(printed_papers, name)(seed) for seed in range(4) for name in NAMES]
    parts = [re.search(r"<p>Table 1.*</table>", body, re.DOTALL) for body in bodies[:10]]
    tables = "".join(
        part[0].replace("Table 1.", f"Table {at}.") for at, part in enumerate(parts, 1) if part
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.html"
        path.write_text(f"<html><body>{tables}</body></html>", encoding="utf-8")
        audit_paper(path)
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            audit_paper(path)
            seconds.append(time.perf_counter() - start)
    middle = statistics.median(seconds)
    print(f"a paper of ten tables: {middle:.2f} s, median of 5; goal {GOAL_SECONDS:.0f} s")
    return int(middle > GOAL_SECONDS)


NAMES = ("tableone", "gtsummary", "spss")

if __name__ == "__main__":
    sys.exit(main())
