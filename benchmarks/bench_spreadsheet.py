"""A spreadsheet typed by hand against the bare reading of its cells: a workbook and a CSV file.

The baseline turns the same file into rows of cells, in the same run, one after the other:
python-calamine for the workbook, Python's csv module for text. What is compared with it is the
whole project: columns found, codings, participants and codes made, joined and checked.

    python benchmarks/bench_spreadsheet.py [--rows 100000] [--runs 7]
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from qdaio.programs.spreadsheet.columns import Columns
from qdaio.registry import ReadOptions, read_exports, readers

GOAL = 1.6
HEADERS = ["Participant", "Quotation", "Code", "Theme", "Coder"]
COLUMNS = Columns(
    codes=("Code",),
    theme=("Theme",),
    participant="Participant",
    quotation="Quotation",
    coder="Coder",
)
WORDS = (
    "the patient care rights family we needed services support recovery hospital was not and "
    "they community work said doctor, because nobody asked what would help before that winter"
)


def rows(count: int, seed: int) -> Iterator[list[str]]:
    """Give rows: 40 participants, 120 codes under 12 themes, two coders."""
    rng, words = random.Random(seed), WORDS.split()
    for number in range(count):
        code = rng.randint(1, 120)
        text = " ".join(rng.choices(words, k=rng.randint(8, 40)))
        person = f"P{number * 40 // count:02d}"
        yield [person, text, f"code {code}", f"theme {code % 12}", "AB"[number % 2]]


def write(folder: Path, count: int, seed: int) -> tuple[Path, Path]:
    """Write the same rows as a workbook and as CSV."""
    book_path, text_path = folder / "hand.xlsx", folder / "hand.csv"
    with xlsxwriter.Workbook(book_path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Coding")
        sheet.write_row(0, 0, HEADERS)
        for number, row in enumerate(rows(count, seed), 1):
            sheet.write_row(number, 0, row)
    with text_path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADERS, *rows(count, seed)])
    return book_path, text_path


def bare_workbook(path: Path) -> int:
    """Read the cells and nothing else."""
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1


def bare_text(path: Path) -> int:
    """Read the cells and nothing else."""
    with path.open(encoding="utf-8", newline="") as stream:
        return len(list(csv.reader(stream))) - 1


def ours(path: Path) -> int:
    """Read the table as a project."""
    return len(read_exports([path], options=ReadOptions(columns=COLUMNS)).codings)


def timed(call: Callable[[Path], int], path: Path, count: int) -> float:
    """Return the seconds of a call that must find `count` rows."""
    start = time.perf_counter()
    found = call(path)
    seconds = time.perf_counter() - start
    if found != count:
        raise SystemExit(f"{call.__name__} found {found:,} of {count:,} rows")
    return seconds


def main() -> int:
    """Print both ratios; exit 1 where one misses the goal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    readers()  # what is imported once is not part of reading
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        files = write(Path(name), chosen.rows, chosen.seed)
        for path, bare in zip(files, (bare_workbook, bare_text), strict=True):
            ours(path)
            pairs = [
                (timed(bare, path, chosen.rows), timed(ours, path, chosen.rows))
                for _ in range(chosen.runs)
            ]
            ratios = [second / first for first, second in pairs]
            middle = statistics.median(ratios)
            worst = max(worst, middle)
            print(
                f"{path.suffix} of {chosen.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB: bare "
                f"{statistics.median(p[0] for p in pairs):.2f} s, ours "
                f"{statistics.median(p[1] for p in pairs):.2f} s; ratio {middle:.2f}, median "
                f"(least {min(ratios):.2f}, most {max(ratios):.2f}); goal {GOAL}"
            )
    return 0 if worst <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
