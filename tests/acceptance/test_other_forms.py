"""The study in the tidy form gives the same tables as from the tables of MAXQDA."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from analysis.build.builder import build
from qdaio.conversion import convert

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("built")]


@pytest.mark.usefixtures("in_process")
def test_the_study_in_the_tidy_form_gives_the_same_tables(built_study: Path, tmp_path):
    name = "tidy"
    folder = Path(shutil.copytree(built_study, tmp_path / "study"))
    settings = folder / "study.toml"
    text = settings.read_text(encoding="utf-8")
    listed = re.search(r"exports = \[.*?\]", text, re.DOTALL)[0]
    exports = re.findall(r'"(.*?)"', listed)
    out = folder / "data-raw" / name
    convert(*[folder / path for path in exports], to=out)
    settings.write_text(text.replace(listed, f'exports = ["data-raw/{name}"]'), encoding="utf-8")
    build(folder, engine="pandoc", formats=["html"])
    tables = sorted((built_study / "report/output/tables").glob("*.csv"))
    assert len(tables) >= 8
    for table in tables:
        same = folder / "report/output/tables" / table.name
        assert same.read_bytes() == table.read_bytes(), table.name
    metrics = "data-processed/metrics.json"
    assert (folder / metrics).read_bytes() == (built_study / metrics).read_bytes()
