"""Damage real exports thousands of times, and count what comes of it.

Each file of a folder that a reader knows is damaged from fixed seeds, as in the tests of damage,
and read in a child process: nothing may end in a traceback or an abort, take over 1 GiB or over
ten seconds of processor time, or hold other codings than the whole file without a word.

    python benchmarks/damage_exports.py FOLDER [--times 150] [--kinds 16] [--written]

With ``--written`` files of the formats that the folder lacks are damaged as well; those are small
ones that `written_exports.py` writes.

A coding counts as told when there is a fault, a warning, a row set aside or a row marked as a
repeat that the whole file does not have. The last column counts what is not told, and the seeds
are listed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from written_exports import write_all

from qdaio.faults import StudyError
from qdaio.registry import read_exports

ROOT = Path(__file__).resolve().parents[1]
MEMORY, SECONDS = 1 << 30, 10.0
BY_COUNT = "are known by count only"  # says how many there are, not that some are missing
CHUNK = 25  # damages that one child reads


def peak() -> int:
    """Return the peak of memory of this process in bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def outcome(path: Path) -> tuple[str, int, int, list[str], int, int]:
    """Return ``read`` or ``fault``; codings, set aside, warnings, counts, repeated rows."""
    try:
        project = read_exports([path])
    except StudyError:
        return "fault", 0, 0, [], 0, 0
    counted = int(project.matrix_cells["n"].sum())
    said = [warning for warning in project.warnings if BY_COUNT not in warning]
    repeats = int(project.codings["is_repeat"].sum())
    return "read", len(project.codings), len(project.set_aside), said, counted, repeats


def child(file: str, folder: str, first: int, last: int) -> None:
    """Read the damages of some seeds and print what came of each, one JSON a line."""
    sys.path.insert(0, str(ROOT))
    from tests.qdaio.test_damage import damage

    path = Path(file)
    data = path.read_bytes()
    target = Path(folder) / path.name
    for seed in range(first, last):
        target.write_bytes(damage(data, seed))
        start = time.process_time()
        try:
            found: tuple[object, ...] = outcome(target)
        except BaseException as error:  # whatever it is, it is counted
            found = ("traceback", type(error).__name__)
        print(json.dumps([seed, time.process_time() - start, peak(), *found]), flush=True)


def run(file: Path, times: int) -> tuple[Counter[str], list[str]]:
    """Damage one file, and count."""
    whole = outcome(file)
    if whole[0] == "fault":
        return Counter(), []
    count: Counter[str] = Counter()
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        seed = 0
        while seed < times:
            last = min(seed + CHUNK, times)
            command = [sys.executable, __file__, "--child", str(file), folder, str(seed), str(last)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            for number, seconds, memory, kind, *sizes in lines:
                count[kind] += 1
                count["over 10 s"] += seconds > SECONDS
                count["over 1 GiB"] += memory > MEMORY
                if kind == "traceback":
                    said.append(f"{file.name} seed {number}: {sizes[0]}")
                elif kind == "read" and (sizes[0], sizes[3]) != (whole[1], whole[4]):
                    is_told = sizes[1] != whole[2] or bool(set(sizes[2]) - set(whole[3]))
                    is_told |= sizes[4] != whole[5]
                    count["other, told" if is_told else "other, not told"] += 1
                    if not is_told:
                        was, now = (whole[1], whole[4]), (sizes[0], sizes[3])
                        said.append(f"{file.name} seed {number}: {was} became {now}")
            seed += len(lines)
            if seed < last:  # the child ended without a word of this one
                count["abort"] += 1
                said.append(f"{file.name} seed {seed}: abort, status {done.returncode}")
                seed += 1
    return count, said


COLUMNS = (
    "read",
    "fault",
    "traceback",
    "abort",
    "over 1 GiB",
    "over 10 s",
    "other, told",
    "other, not told",
)


def main() -> int:
    """Print a table by file; exit 1 where anything is not as it should be."""
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=150)
    parser.add_argument("--kinds", type=int, default=16)
    parser.add_argument("--written", action="store_true")
    chosen = parser.parse_args()
    files, seen = [], Counter[Path]()
    for file in sorted(chosen.folder.rglob("*")):
        if not file.is_file() or file.suffix in {".md", ".xsd", ".pdf"}:
            continue
        if seen[file.parent] == 6:  # of many files of one kind a few stand for all
            continue
        if outcome(file)[0] == "read":
            files.append(file)
            seen[file.parent] += 1
    total: Counter[str] = Counter()
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        files = files[: chosen.kinds]
        if chosen.written:
            files += [path for path in sorted(write_all(Path(folder)).iterdir()) if path.is_file()]
        for file in files:
            count, new = run(file, chosen.times)
            if not count:
                new = [f"{file.name}: it is not read"]
            total += count
            said += new
            shown = ", ".join(f"{name} {count[name]}" for name in COLUMNS if count[name])
            print(f"{file.name}: {shown}", flush=True)
            print(*(f"    {line}" for line in new), sep="\n", end="\n" if new else "", flush=True)
    damages = total["read"] + total["fault"] + total["traceback"] + total["abort"]
    print(f"\n{damages:,} damages of {len(files)} files")
    for name in COLUMNS:
        print(f"{name:>16}: {total[name]}")
    return int(any(total[name] for name in COLUMNS if name not in {"read", "fault", "other, told"}))


if __name__ == "__main__":
    sys.exit(main())
