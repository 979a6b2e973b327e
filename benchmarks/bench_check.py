"""`study check` beside `study inspect` on the same exports: it may take three times as long.

A check reads the exports as `inspect` does, computes every number of the study and resolves
its manuscript. Both are run as commands, one after the other, several times; printed are
seconds of the processors, which hardly change when the machine is busy, and their ratio.

    python benchmarks/bench_check.py [--runs 5] [STUDY]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

from analysis.studyfile import load_study

ROOT = Path(__file__).resolve().parent.parent
MOST = 3.0


def seconds(*arguments: str, folder: Path) -> float:
    """Run a command of the program; return the seconds of the processors."""
    before = os.times()
    command = [sys.executable, "-m", "analysis", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = os.times()
    used = after.children_user + after.children_system
    return used - before.children_user - before.children_system


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    study = asked.study.resolve()
    exports = load_study(study).data.exports
    inspected, checked = [], []
    for _ in range(asked.runs):
        inspected.append(seconds("inspect", *exports, "--json", folder=study))
        checked.append(seconds("check", ".", folder=study))
    one, other = statistics.median(inspected), statistics.median(checked)
    print(f"inspect {one:.2f} s, check {other:.2f} s: {other / one:.2f} times, at most {MOST:g}")


if __name__ == "__main__":
    main()
