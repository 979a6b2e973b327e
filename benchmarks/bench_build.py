"""A cold build against the same work by hand, and a build in which nothing changed.

The baseline is what a careful user does without `study build`: each notebook by the
`papermill` command, one after another, then the same engine for the manuscript. All is
measured in one run, in copies of the study, and printed as seconds and ratios.

    python benchmarks/bench_build.py [--runs 3]
"""

from __future__ import annotations

import argparse
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


def timed(commands: list[list[str]], folder: Path) -> float:
    """Run commands one after another and return the seconds that they took."""
    start = time.perf_counter()
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def by_hand(folder: Path) -> list[list[str]]:
    """Return the commands of the baseline."""
    output = folder / "report" / "output" / "notebooks"
    output.mkdir(parents=True)
    commands = [
        [sys.executable, "-m", "papermill", str(path), str(output / path.name[3:]), "--cwd", "."]
        for path in sorted((folder / "notebooks").glob("*.ipynb"))
    ]
    return [*commands, [sys.executable, "-c", EMBED], [sys.executable, "-c", RENDER]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    study = [sys.executable, "-m", "analysis", "build", "--engine", "pandoc"]
    hand, cold, warm = [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as name:
            folder = copy_study(Path(name) / "by-hand")
            hand.append(timed(by_hand(folder), folder))
            folder = copy_study(Path(name) / "study")
            cold.append(timed([study], folder))
            warm.append(timed([study], folder))
    middle = [statistics.median(values) for values in (hand, cold, warm)]
    for name, values in (("by hand", hand), ("cold build", cold), ("nothing changed", warm)):
        print(f"{name:16} {' '.join(f'{value:6.2f}' for value in values)} s")
    print(f"cold / by hand         {middle[1] / middle[0]:.3f}  (goal: at most 0.5)")
    print(f"nothing changed / cold {middle[2] / middle[1]:.3f}  (goal: at most 0.05)")


if __name__ == "__main__":
    main()
