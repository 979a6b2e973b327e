"""Two wheels, and nothing of the repository, are enough to begin and to build a study."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.newstudy.skeleton import skeleton_files

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
from analysis.newstudy.skeleton import SHIPPED, skeleton_files
assert SHIPPED.is_dir()
for name, content in skeleton_files().items():
    print(name, len(content))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds both packages as they are installed from their wheels."""
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    for source in (ROOT / "qdaio", ROOT):
        run(*pip, "wheel", "-q", "--no-index", "--no-deps", "--no-build-isolation",
            "--wheel-dir", str(wheels), str(source), cwd=ROOT)  # fmt: skip
    run(*pip, "install", "-q", "--no-index", "--no-deps", "--find-links", str(wheels),
        "--target", str(target), "qdaio", "study-rebuild", cwd=ROOT)  # fmt: skip
    return target


def run(*command: str, cwd: Path, path: Path | None = None) -> str:
    environment = {**os.environ, **({"PYTHONPATH": str(path)} if path else {})}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_the_wheel_carries_the_whole_skeleton(installed, tmp_path):
    said = run(sys.executable, "-c", SHOW, cwd=tmp_path, path=installed)
    here = {name: len(content) for name, content in skeleton_files().items()}
    assert dict(line.rsplit(" ", 1) for line in said.splitlines()) == {
        name: str(size) for name, size in here.items()
    }


@pytest.mark.slow
def test_a_study_is_begun_and_built_outside_the_repository(installed, tmp_path):
    folder = tmp_path / "ein Ordner mit Leerzeichen و نام"
    folder.mkdir()
    export = folder / "codings.csv"
    export.write_text(
        "document,code,text\nInterview 1,A > B,x\nInterview 2,A > C,y\n", encoding="utf-8"
    )
    study = [sys.executable, "-m", "analysis"]
    run(*study, "new", "study", "--from", "codings.csv", "--yes", cwd=folder, path=installed)
    run(*study, "build", "study", "--engine", "pandoc", cwd=folder, path=installed)
    made = folder / "study" / "report" / "output"
    assert {path.suffix for path in made.glob("manuscript.*")} == {
        ".html", ".docx", ".pdf", ".xml"
    }  # fmt: skip
    page = (made / "manuscript.html").read_text(encoding="utf-8")
    assert "<strong>To be written:</strong>" in page
    assert str(tmp_path) not in page
