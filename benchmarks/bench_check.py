"""`study check` beside `study inspect` on the same exports: it may take three times as long.

A check reads the exports as `inspect` does, computes every number of the study and resolves
its manuscript. Both are run as commands, one after the other, several times; printed are
seconds of the processors, which hardly change when the machine is busy, and their ratio.
Bytecode is written by a run before, as on every machine on which the program was used once.

    python benchmarks/bench_check.py [--runs 5] [STUDY]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from analysis.studyfile import load_study

ROOT = Path(__file__).resolve().parent.parent
MOST = 3.0


def seconds(*arguments: str, folder: Path, bytecode: str) -> float:
    """Run a command of the program; return the seconds of the processors."""
    before = os.times()
    command = [sys.executable, "-m", "analysis", *arguments]
    settings = os.environ | {"PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=settings)
    after = os.times()
    used = after.children_user + after.children_system
    return used - before.children_user - before.children_system


def main() -> int:
    """Measure and print; exit 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    study = asked.study.resolve()
    exports = load_study(study).data.exports
    inspected, checked = [], []
    with tempfile.TemporaryDirectory() as bytecode:
        for _ in range(asked.runs + 1):
            for found, command in (
                (inspected, ("inspect", *exports, "--json")),
                (checked, ("check", ".")),
            ):
                found.append(seconds(*command, folder=study, bytecode=bytecode))
    one, other = statistics.median(inspected[1:]), statistics.median(checked[1:])
    print(f"inspect {one:.2f} s, check {other:.2f} s: {other / one:.2f} times, at most {MOST:g}")
    return 0 if other / one <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
