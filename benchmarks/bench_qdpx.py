"""Read `.qdpx` files of growing size, against lxml's bare parse and against `pyrefiqda`.

All is measured in one run, each measure in a process of its own: seconds (best of the
runs), their ratios, the slope of time per coding, and peak memory per coding.

    python benchmarks/bench_qdpx.py [--sizes 1000 10000 100000 1000000] [--runs 5]

`pyrefiqda` (PyPI) only parses; it is left out where it is not installed, and beyond
`--rival` codings.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import math
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODES, CODERS, DOCUMENTS = 300, 3, 50
WORDS = ("said", "that", "care", "at", "home", "was", "near", "kind", "late", "and", "never", "far")


def guid(kind: int, number: int) -> str:
    """Return a GUID that looks random and is not."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}:{number}")).upper()


def project(codings: int) -> Iterator[str]:
    """Write a project as programs do: a selection for each coding, quoted in its name."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0" '
    yield 'name="benchmark" origin="a program">\n<Users>\n'
    yield from (f'<User guid="{guid(1, n)}" name="Coder {n}"/>\n' for n in range(CODERS))
    yield "</Users>\n<CodeBook>\n<Codes>\n"
    for number in range(CODES):
        yield f'<Code guid="{guid(2, number)}" name="Code {number}" isCodable="true"/>\n'
    yield "</Codes>\n</CodeBook>\n<Sources>\n"
    each = math.ceil(codings / DOCUMENTS)
    for document in range(DOCUMENTS):
        here = range(document * each, min((document + 1) * each, codings))
        name = guid(3, document)
        yield f'<TextSource guid="{name}" name="Interview {document}" '
        yield f'plainTextPath="internal://{name}.txt">\n'
        at = 0
        for coding in here:
            words = sentence(coding)
            user = guid(1, coding % CODERS)
            said = f'creatingUser="{user}" creationDateTime="2023-05-10T17:18:{coding % 60:02}Z"'
            yield f'  <PlainTextSelection guid="{guid(4, coding)}" name="{words}" '
            yield f'startPosition="{at}" endPosition="{at + len(words)}" {said}>\n'
            yield f'    <Coding guid="{guid(5, coding)}" {said}>\n'
            yield f'      <CodeRef targetGUID="{guid(2, coding % CODES)}"/>\n'
            yield "    </Coding>\n  </PlainTextSelection>\n"
            at += len(words) + 1
        yield "</TextSource>\n"
    yield "</Sources>\n</Project>\n"


def sentence(number: int) -> str:
    """Return some words, others for each number."""
    return " ".join(WORDS[(number * step + step) % len(WORDS)] for step in range(1, 8))


def make(path: Path, codings: int) -> None:
    """Write a `.qdpx` with this many codings, and its texts."""
    each = math.ceil(codings / DOCUMENTS)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("project.qde", "w", force_zip64=True) as member:
            waiting: list[str] = []
            for part in project(codings):
                waiting.append(part)
                if len(waiting) > 10_000:
                    member.write("".join(waiting).encode())
                    waiting = []
            member.write("".join(waiting).encode())
        for document in range(DOCUMENTS):
            here = range(document * each, min((document + 1) * each, codings))
            text = "\n".join(sentence(coding) for coding in here)
            archive.writestr(f"sources/{guid(3, document)}.txt", text)


def measure(what: str, path: Path) -> dict[str, float]:
    """Do one thing in this process, and return its seconds and its memory in MiB."""
    if what == "bare":
        from lxml import etree

        with zipfile.ZipFile(path) as archive:
            content = archive.read("project.qde")
        before = peak()
        start = time.perf_counter()
        etree.parse(io.BytesIO(content))
    elif what == "rival":
        from pyrefiqda import RefiProject

        before = peak()
        start = time.perf_counter()
        RefiProject.load(path, str(path.parent / "extracted"))
    else:
        from qdaio.registry import read_exports, readers

        readers()
        before = peak()
        start = time.perf_counter()
        found = read_exports([path])
        assert set(found.segments["offset_status"]) == {"ok"}
    return {"seconds": time.perf_counter() - start, "memory": peak() - before}


def peak() -> float:
    """Return the most memory that this process ever held, in MiB; not a number on Windows."""
    if importlib.util.find_spec("resource") is None:
        return math.nan
    import resource

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def best(whats: list[str], path: Path, runs: int) -> dict[str, dict[str, float]]:
    """Measure in new processes, by turns; return the best seconds and the most memory."""
    found: dict[str, list[dict[str, float]]] = {what: [] for what in whats}
    for _ in range(runs):
        for what in whats:
            command = [sys.executable, __file__, "--measure", what, "--file", str(path)]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            found[what].append(json.loads(done.stdout))
    return {
        what: {
            "seconds": min(one["seconds"] for one in ones),
            "memory": max(one["memory"] for one in ones),
        }
        for what, ones in found.items()
    }


def slope(sizes: list[int], seconds: list[float]) -> float:
    """Return the exponent of growth: 1 where time per coding stays the same."""
    xs, ys = [math.log(size) for size in sizes], [math.log(one) for one in seconds]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return across / sum((x - mean_x) ** 2 for x in xs)


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rival", type=int, default=100_000)
    parser.add_argument("--measure", choices=["ours", "bare", "rival"])
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.file)))
        return
    has_rival = importlib.util.find_spec("pyrefiqda") is not None
    print("codings   ours s  bare s  ratio  pyrefiqda s  ratio  µs/coding  KiB/coding")
    ours: list[float] = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "benchmark.qdpx"
            make(path, size)
            whats = ["ours", "bare"]
            if has_rival and size <= options.rival:
                whats.append("rival")
            taken = best(whats, path, options.runs)
        mine, bare = taken["ours"], taken["bare"]
        rival = taken["rival"]["seconds"] if "rival" in taken else None
        ours.append(mine["seconds"])
        beside = (
            f"{rival:>12.2f} {rival / mine['seconds']:>6.1f}" if rival else f"{'–':>12} {'–':>6}"
        )
        print(
            f"{size:>9} {mine['seconds']:>7.3f} {bare['seconds']:>7.3f} "
            f"{mine['seconds'] / bare['seconds']:>6.2f} {beside} "
            f"{mine['seconds'] / size * 1e6:>10.1f} {mine['memory'] / size * 1024:>11.2f}",
            flush=True,
        )
    if len(ours) > 1:
        print(f"growth of time with codings: exponent {slope(options.sizes, ours):.2f} (1 is flat)")
        for (size, less), (more, longer) in pairwise(zip(options.sizes, ours, strict=True)):
            each = (longer - less) / (more - size) * 1e6
            print(f"each coding from {size} to {more}: {each:.1f} µs")


if __name__ == "__main__":
    main()
