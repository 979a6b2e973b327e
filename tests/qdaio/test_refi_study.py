"""One study gives one set of results, whichever program's files it is built from."""

from __future__ import annotations

import re
import shutil

import pytest

from analysis.build.builder import build
from analysis.build.stamps import read_stamp
from qdaio.programs.refi import write_qdpx
from qdaio.registry import read_exports
from tests.support.studies import copy_study

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("built")]


def made_by(folder, below):
    """Return the content of every product below a folder, by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((folder / below).rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_a_qdpx_gives_the_same_products_byte_for_byte_as_the_tables_it_was_made_of(
    built_study, repository, tmp_path
):
    folder = copy_study(repository, tmp_path / "study")
    exports = sorted((folder / "data-raw/exports").glob("*.xlsx"))
    write_qdpx(read_exports(exports), folder / "data-raw/study.qdpx")
    shutil.rmtree(folder / "data-raw/exports")
    settings = (folder / "study.toml").read_text(encoding="utf-8")
    changed = re.sub(
        r"(?s)exports = \[.*?\]", 'exports = ["data-raw/study.qdpx"]', settings, count=1
    )
    assert changed != settings
    (folder / "study.toml").write_text(changed, encoding="utf-8", newline="\n")
    build(folder, engine="pandoc")
    for below in ("report/output/tables", "report/output/figures"):
        expected = made_by(built_study, below)
        assert len(expected) > 5
        assert made_by(folder, below) == expected
    metrics = "data-processed/metrics.json"
    assert (folder / metrics).read_bytes() == (built_study / metrics).read_bytes()
    page = "report/output/manuscript.html"
    ids = [read_stamp(root / page) or "" for root in (folder, built_study)]
    assert len(set(ids)) == 2  # the id of a build is made of its inputs, which are other files
    made, expected = ((root / page).read_text(encoding="utf-8") for root in (folder, built_study))
    assert made.replace(ids[0], ids[1]) == expected
