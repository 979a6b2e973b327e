"""The library can be installed by itself, from wheels made here, without an index."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import doctest, os, sys
import qdaio
assert sys.argv[1] in qdaio.__file__, qdaio.__file__
os.chdir(sys.argv[1])
done = doctest.testfile(sys.argv[2], module_relative=False, encoding="utf-8")
assert done.attempted and not done.failed
assert "analysis" not in sys.modules
"""


def run(*command: str, cwd: Path = ROOT, **environment: str) -> str:
    return subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        cwd=cwd,
    ).stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Both wheels, built from the repository."""
    folder = tmp_path_factory.mktemp("wheels")
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"]
    for source in (ROOT / "qdaio", ROOT):
        run(*wheel, "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    return folder


@pytest.mark.slow
def test_both_wheels_install_without_an_index_and_the_readme_runs(wheels, tmp_path):
    target = tmp_path / "target"
    run(
        *[sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"],
        *["--find-links", str(wheels), "--target", str(target), "qdaio", "study-rebuild"],
    )
    run(
        *[sys.executable, "-c", RUN, str(tmp_path), str(ROOT / "qdaio" / "README.md")],
        cwd=tmp_path,
        PYTHONPATH=str(target),
    )
    show = "import analysis, analysis.cli; print(analysis.__file__)"
    said = run(sys.executable, "-c", show, cwd=tmp_path, PYTHONPATH=str(target))
    assert str(target) in said


def test_the_wheel_of_the_library_holds_its_licence_types_and_readers_and_asks_for_three(wheels):
    (path,) = wheels.glob("qdaio-*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        info = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = wheel.read(info).decode("utf-8")
        entries = wheel.read(info.replace("METADATA", "entry_points.txt")).decode("utf-8")
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {"qdaio/py.typed", "qdaio/__init__.pyi"} <= set(names)
    assert not [name for name in names if not name.startswith(("qdaio/", "qdaio-"))]
    needs = [line for line in metadata.splitlines() if line.startswith("Requires-Dist")]
    always = [line for line in needs if "extra ==" not in line]
    assert sorted(line.split()[1].split(">")[0] for line in always) == [
        "pandas",
        "pyarrow",
        "python-calamine",
    ]
    assert "[qdaio.readers]" in entries


def test_importing_the_library_imports_neither_pandas_nor_a_reader():
    said = run(
        sys.executable,
        "-c",
        "import qdaio, sys; print([m for m in sys.modules if m == 'pandas' or m[:6] == 'qdaio.'])",
    )
    assert said.strip() == "[]"
