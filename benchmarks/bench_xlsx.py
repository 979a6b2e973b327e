"""Coded segments from a workbook against the bare reading of its cells; time by size; memory.

The baseline is python-calamine turning the same sheet into Python lists, in the same run,
one after the other. Sizes from a thousand to a million codings show whether a coding takes
the same time at every size; the peak of memory is that of a process of its own.

    python benchmarks/bench_xlsx.py [--codings 300000] [--runs 5] [--largest 1000000]
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from qdaio.registry import read_exports, readers

GOAL = 1.4
HEADERS = (
    "Color,Comment,Document group,Document name,Code,Beginning,End,Weight score,Segment,"
    "Area,Coverage %,Created by,Created on,Modified by,Modified on"
)
WORDS = (
    "the patient care rights family we needed services support recovery hospital was not and "
    "they community work said doctor because nobody asked what would help before that winter"
)
PEAK = (
    "import sys; from pathlib import Path\n"
    "from qdaio.registry import read_exports, readers\n"
    "import pandas, pyarrow.compute, python_calamine\n"
    "readers()\n"
    "def peak():\n"
    "    status = Path('/proc/self/status')\n"
    "    if status.exists(): return int(status.read_text().split('VmHWM:')[1].split()[0]) * 1024\n"
    "    import resource; return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
    "before = peak(); read_exports([Path(sys.argv[1])]); print(peak() - before)"
)


def rows(count: int, seed: int) -> Iterator[list[object]]:
    """Give rows of coded segments: 120 documents in 5 groups, 600 codes on four levels."""
    rng = random.Random(seed)
    words = WORDS.split()
    codes = [
        f"Category {number % 8} > Main {number % 24} > Sub {number % 72} > code {number}"
        for number in range(600)
    ]
    for number in range(count):
        text = " ".join(rng.choices(words, k=rng.randint(8, 40)))
        document = number * 120 // count
        place = rng.randint(1, 400)
        day = f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.2024"
        clock = f"{rng.randint(8, 19):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
        yield [
            "●",
            "",
            f"Group {document % 5}",
            f"Interview {document:03d}",
            rng.choice(codes),
            place,
            place,
            0,
            text,
            len(text),
            round(rng.random(), 4),
            "Coder A",
            f"{day} {clock}",
            "Coder A",
            f"{day} {clock}",
        ]


def write(path: Path, count: int, seed: int) -> Path:
    """Write coded segments as MAXQDA does."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Coded Segments")
        sheet.write_row(0, 0, HEADERS.split(","))
        for number, row in enumerate(rows(count, seed), start=1):
            sheet.write_row(number, 0, row)
    return path


def bare(path: Path) -> int:
    """Read the cells and nothing else."""
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1


def ours(path: Path) -> int:
    """Read the export as a project: checked, joined, repeats marked."""
    return len(read_exports([path]).codings)


def timed(call: Callable[[Path], int], path: Path, count: int) -> float:
    """Return the seconds of a call that must find `count` codings."""
    start = time.perf_counter()
    found = call(path)
    seconds = time.perf_counter() - start
    if found != count:
        raise SystemExit(f"{call.__name__} found {found:,} of {count:,} codings")
    return seconds


def peak(path: Path) -> int:
    """Return the bytes that reading adds to the peak of a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def slope(sizes: list[int], seconds: list[float]) -> float:
    """Return the exponent of growth: 1 where a coding takes the same time at every size."""
    pairs = [(math.log(n), math.log(s)) for n, s in zip(sizes, seconds, strict=True)]
    mean_x, mean_y = (statistics.fmean(values) for values in zip(*pairs, strict=True))
    above = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    return above / sum((x - mean_x) ** 2 for x, _ in pairs)


def compare(path: Path, count: int, runs: int) -> float:
    """Time both in turn and print the figures."""
    pairs = [(timed(bare, path, count), timed(ours, path, count)) for _ in range(runs)]
    for name, values in zip(("bare", "ours"), zip(*pairs, strict=True), strict=True):
        print(
            f"{name}: {statistics.median(values):6.2f} s, median of {runs} "
            f"(least {min(values):.2f}, most {max(values):.2f})"
        )
    ratios = [second / first for first, second in pairs]
    middle = statistics.median(ratios)
    print(
        f"ratio: {middle:.2f}, median (least {min(ratios):.2f}, most {max(ratios):.2f}); "
        f"goal {GOAL}"
    )
    return middle


def by_size(folder: Path, largest: int, seed: int) -> None:
    """Print time and peak of memory by size."""
    sizes = [size for size in (1_000, 10_000, 100_000, 300_000, 1_000_000) if size <= largest]
    seconds = []
    for size in sizes:
        path = write(folder / f"{size}.xlsx", size, seed)
        runs = 5 if size <= 10_000 else 2
        best = min(timed(ours, path, size) for _ in range(runs))
        seconds.append(best)
        memory = peak(path)
        print(
            f"{size:>9,} codings: {best:7.3f} s, {1e6 * best / size:6.1f} µs a coding, "
            f"peak {memory / 1e6:7.0f} MB, {memory / size / 1e3:5.1f} kB a coding"
        )
        path.unlink()
    large = [number for number, size in enumerate(sizes) if size >= 10_000]
    if len(sizes) < 2:
        return
    print(f"exponent of growth: {slope(sizes, seconds):.2f}", end="")
    if len(large) > 1:
        of_large = slope([sizes[n] for n in large], [seconds[n] for n in large])
        print(f"; from 10,000 codings on: {of_large:.2f}", end="")
    print(" (1 is flat)")


def main() -> int:
    """Print all figures; exit 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codings", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    readers()  # what is imported once is not part of reading
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write(folder / "segments.xlsx", chosen.codings, chosen.seed)
        print(f"{chosen.codings:,} coded segments, {path.stat().st_size / 1e6:.0f} MB")
        ours(write(folder / "warm.xlsx", 100, chosen.seed))
        ratio = compare(path, chosen.codings, chosen.runs)
        path.unlink()
        by_size(folder, chosen.largest, chosen.seed)
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
