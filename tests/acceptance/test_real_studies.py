"""The main job runs on exports that real programs wrote, and no code is edited."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from analysis.build.builder import build
from tests.support.plaintext import paragraphs, tables
from tests.support.studies import make_study

pytestmark = [pytest.mark.build, pytest.mark.slow, pytest.mark.xdist_group("real")]


def metrics_of(folder: Path) -> dict:
    return json.loads((folder / "data-processed/metrics.json").read_text(encoding="utf-8"))


def rows_of(folder: Path, table: str) -> list[dict]:
    path = folder / "report/output/tables" / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def check_manuscript(folder: Path, products: int = 4) -> str:
    output = folder / "report/output"
    made = sorted(path.suffix for path in output.glob("manuscript.*"))
    assert made == [".docx", ".html", ".pdf", ".xml"][:products]
    counts = {len(tables(output / f"manuscript.{kind}")) for kind in ("html", "docx", "xml")}
    assert len(counts) == 1
    assert counts.pop() > 0
    return "\n".join(paragraphs(output / "manuscript.html"))


def test_a_maxqda_export_with_polish_headers_and_nothing_besides(
    repository, real_exports, tmp_path
):
    export = real_exports / "maxqda" / "maxqda_2018_pl__coded_segments.xls"
    folder = make_study(repository, tmp_path / "study", [export])
    result = build(folder, engine="pandoc")
    metrics = metrics_of(folder)
    assert metrics["codings.total"] == 402
    assert metrics["documents.total"] == 39
    assert metrics["level-1.count"] == 7
    # four rows stand again: three of them once, one twice
    assert metrics["codings.repeated"] == 0  # short words at one paragraph are no repeats
    text = check_manuscript(folder)
    assert "402" in text
    assert any("participants" in note for note in result.notes)
    assert not (folder / "report/output/tables/participants.csv").exists()
    assert not (folder / "report/output/notebooks/participants.ipynb").exists()
    assert sum(int(row["codings"]) for row in rows_of(folder, "frequencies")) == 402


def test_a_refi_qda_project(repository, real_exports, tmp_path):
    export = real_exports / "refi-qda" / "qc_1.3.2__demo.qdpx"
    folder = make_study(repository, tmp_path / "study", [export])
    build(folder, engine="pandoc")
    assert metrics_of(folder)["codings.total"] == 205
    check_manuscript(folder)


SCORES = [
    "1. Overall, I am satisfied with how easy it is to use this system.",
    "19. Overall, I am satisfied with this system.",
]
TAGUETTE = f"""
[participants]
pattern = '^(P\\d+)'
file = "data-raw/SERDIF_PSSUQ_P2.csv"
file_id = "Input your participant number as: P + Number (e.g. P1, P42)"
omit = ["Comments", "Timestamp"]

[[participants.variables]]
name = "{SCORES[0]}"
label = "Ease of use"
kind = "integer"
minimum = 1
maximum = 7

[[participants.variables]]
name = "{SCORES[1]}"
label = "Satisfaction"
kind = "integer"
minimum = 1
maximum = 7
"""


def test_taguette_files_with_scores_as_attributes_of_participants(
    repository, real_exports, tmp_path
):
    files = real_exports / "taguette"
    exports = [files / "all_tags_20220303.csv", files / "codebook_20220303_8.csv"]
    folder = make_study(repository, tmp_path / "study", exports, TAGUETTE)
    shutil.copy(files / "SERDIF_PSSUQ_P2.csv", folder / "data-raw")
    build(folder, engine="pandoc")
    metrics = metrics_of(folder)
    assert metrics["codings.total"] == 1930
    assert metrics["participants.total"] == 17
    assert 1 <= metrics["participants.ease-of-use.mean"] <= 7
    text = check_manuscript(folder)
    assert "Satisfaction" in "".join(str(cells) for cells in tables(
        folder / "report/output/manuscript.html"))  # fmt: skip
    with (files / "SERDIF_PSSUQ_P2.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    comments = [
        cell
        for row in rows
        for name, cell in zip(header, row, strict=True)
        if name == "Comments" and len(cell) > 25
    ]
    assert comments
    made = "".join(
        path.read_text(encoding="utf-8-sig")
        for path in sorted((folder / "report/output").rglob("*"))
        if path.suffix in (".csv", ".html", ".xml", ".ipynb", ".json")
    )
    assert not [comment for comment in comments if comment in made + text]


def test_atlas_ti_quotations_with_their_codebook(repository, real_exports, tmp_path):
    files = real_exports / "atlas-ti"
    exports = [files / "20250914_quotation_export.csv", files / "20250914_codebook_full.csv"]
    folder = make_study(repository, tmp_path / "study", exports)
    build(folder, engine="pandoc")
    metrics = metrics_of(folder)
    assert metrics["codings.read"] == 1465
    assert metrics["codings.total"] + metrics["codings.set-aside"] == 1465
    check_manuscript(folder)


def test_fifteen_nvivo_matrices(repository, real_exports, tmp_path):
    exports = sorted((real_exports / "nvivo/insect-study/matrices").glob("*.xlsx"))
    assert len(exports) == 15
    folder = make_study(repository, tmp_path / "study", exports)
    build(folder, engine="pandoc")
    metrics = metrics_of(folder)
    assert (metrics["codings.total"], metrics["documents.total"]) == (65, 15)
    check_manuscript(folder)
