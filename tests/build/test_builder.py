"""Products that do not belong together are told, and nothing stale reaches the text."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.build.builder import build
from analysis.build.manifest import MANIFEST, out_of_step, read_manifest
from tests.support.studies import replace_text

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("built")]


@pytest.fixture
def study(built_study: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built_study, tmp_path / "study"))


def test_products_of_one_build_belong_together(built_study):
    assert out_of_step(built_study) == []
    manifest = read_manifest(built_study)
    assert {told["build"] for told in manifest["products"].values()} == {manifest["build"]}
    assert "report/output/manuscript.pdf" in manifest["products"]


@pytest.mark.usefixtures("in_process")
def test_an_older_pdf_beside_a_new_word_file_is_said(study):
    replace_text(study / "report/prose/law.md", "Respect was", "Respect is")
    result = build(study, engine="pandoc", formats=["docx"])
    said = [note for note in result.notes if note.startswith("Of an earlier build")]
    assert len(said) == 1
    assert "manuscript.pdf" in said[0]
    assert "manuscript.docx" not in said[0]
    build(study, engine="pandoc")
    assert out_of_step(study) == []


def test_a_table_that_is_not_of_the_build_is_said(study):
    table = study / "report/output/tables/frequencies.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    (note,) = out_of_step(study)
    assert "tables/frequencies.csv" in note


@pytest.mark.parametrize("text", ["", "[]", '{"products": [1]}', '{"products": {"x": 1}}'])
def test_a_damaged_list_of_products_says_nothing(tmp_path, text):
    (tmp_path / MANIFEST).parent.mkdir(parents=True)
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    assert out_of_step(tmp_path) == []


def test_a_build_in_which_nothing_changed_needs_no_tables(built_study):
    program = (
        "import sys; from pathlib import Path; from analysis.build.builder import build; "
        "done = build(Path(sys.argv[1]), engine='pandoc'); "
        "print([ran.name for ran in done.outcome.ran], 'pandas' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(built_study)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[-2] == "[] False"
