"""A cold build against the same work by hand, and a build in which nothing changed.

The baseline is what a careful user does without `study build`: each notebook by the
`papermill` command, one after another, then the same engine for the manuscript. All is
measured in one run, in copies of the study, and printed as seconds and ratios.

    python benchmarks/bench_build.py [--runs 3]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = ("output", "_variables.yml", "_study.yml", "_results.qmd", ".quarto")
RENDER = (
    "import sys; from pathlib import Path; from analysis.manuscript import render; "
    "report = Path('report'); "
    "render(report, report / 'output', ['html', 'docx', 'pdf', 'jats'], 'pandoc')"
)
EMBED = (
    "from pathlib import Path; from analysis.manuscript.embeds import write_embed_copy; "
    "made = Path('report/output'); "
    "[write_embed_copy(path, made / 'embed' / path.name) "
    "for path in sorted((made / 'notebooks').glob('*.ipynb'))]"
)


def copy_study(target: Path) -> Path:
    """Copy what people made of the study."""
    for name in ("data-raw", "notebooks"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copytree(ROOT / "report", target / "report", ignore=shutil.ignore_patterns(*MADE))
    shutil.copy(ROOT / "study.toml", target / "study.toml")
    return target


def timed(commands: list[list[str]], folder: Path) -> tuple[float, float]:
    """Run commands one after another; return the seconds, and those of the processors.

    The second hardly changes when the machine is busy with other things.
    """
    start, before = time.perf_counter(), os.times()
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = os.times()
    used = after.children_user + after.children_system
    return time.perf_counter() - start, used - before.children_user - before.children_system


def by_hand(folder: Path) -> list[list[str]]:
    """Return the commands of the baseline."""
    output = folder / "report" / "output" / "notebooks"
    output.mkdir(parents=True)
    commands = [
        [sys.executable, "-m", "papermill", str(path), str(output / path.name[3:]), "--cwd", "."]
        # reporting gathers the numbers of all others
        for path in sorted(
            (folder / "notebooks").glob("*.ipynb"), key=lambda p: ("reporting" in p.stem, p.name)
        )
    ]
    return [*commands, [sys.executable, "-c", EMBED], [sys.executable, "-c", RENDER]]


def main() -> int:
    """Measure and print; return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    study = [sys.executable, "-m", "analysis", "build", "--engine", "pandoc"]
    pandas = [sys.executable, "-c", "import pandas"]
    seconds: dict[str, list[tuple[float, float]]] = {}

    def measure(name: str, commands: list[list[str]], folder: Path) -> None:
        seconds.setdefault(name, []).append(timed(commands, folder))

    for _ in range(runs):
        with tempfile.TemporaryDirectory() as name:
            folder = copy_study(Path(name) / "by-hand")
            measure("by hand", by_hand(folder), folder)
            folder = copy_study(Path(name) / "study")
            measure("cold build", [study], folder)
            measure("nothing changed", [study], folder)
            measure("import pandas", [pandas], folder)
    print(f"{'':16} {'seconds':>8} {'of processors':>14}")
    middle = {
        name: [statistics.median(part) for part in zip(*values, strict=True)]
        for name, values in seconds.items()
    }
    for name, (wall, used) in middle.items():
        print(f"{name:16} {wall:8.2f} {used:14.2f}")
    missed = False
    for part, whole, goal in (
        ("cold build", "by hand", 0.44),
        ("nothing changed", "import pandas", 1.5),
    ):
        wall, used = (middle[part][at] / middle[whole][at] for at in (0, 1))
        print(f"{part} / {whole}: {wall:.3f}, of processors {used:.3f} (goal: at most {goal})")
        missed = missed or wall > goal
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
