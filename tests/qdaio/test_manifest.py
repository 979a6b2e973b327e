"""`study inspect` on every file that real programs wrote, with the numbers known of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdaio.inspection import inspect

KNOWN = {
    "refi-qda/qc_1.3.2__demo.qdpx": {"documents": 2, "codes": 262, "segments": 158, "codings": 205},
    "refi-qda/atlasti_mac_8.4.0__TestProject_standard_annexA.qdpx": {"codings": 16, "codes": 14},
    "refi-qda/atlasti_mac_8.4.0__Project_standard_annexA.qde": {"codings": 16, "codes": 14},
    "maxqda/maxqda_2018_pl__coded_segments.xls": {"codings": 402, "documents": 39, "codes": 7},
    "taguette/all_tags_20220303.csv": {"codings": 1930, "documents": 17, "codes": 22},
    "taguette/SERDIF_P2_ThematicAnalysis.sqlite3": {
        "codings": 1930,
        "documents": 17,
        "codes": 22,
        "set_aside": 1,
    },
    "dedoose/dedooser_demo_data.xlsx": {"segments": 440},
    "rqda/weise_OPCW.rqda": {"codings": 1023, "documents": 16, "codes": 8, "set_aside": 16},
}
TOGETHER = {
    "ATLAS.ti quotations with their codebook": (
        ["atlas-ti/20250914_quotation_export.csv", "atlas-ti/20250914_codebook_full.csv"],
        {"rows_read": 1465, "codings": 1464, "codes": 465},
    ),
    "ATLAS.ti table with its codebook": (
        ["atlas-ti/sqaa_en__codebook.xlsx", "atlas-ti/sqaa_en__code-document-table.xlsx"],
        {"documents": 14},
    ),
    "Taguette highlights with their codebook": (
        ["taguette/all_tags_20220303.csv", "taguette/codebook_20220303_8.csv"],
        {"codings": 1930, "codes": 22},
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_real_file_is_recognised_with_its_known_numbers(real_exports: Path, name: str):
    found = inspect(real_exports / name)
    assert {key: found[key] for key in KNOWN[name]} == KNOWN[name]
    assert found["codings"] + _set_aside_codings(found) == found["rows_read"]


@pytest.mark.parametrize("name", TOGETHER)
def test_real_files_that_belong_together_are_one_project(real_exports: Path, name: str):
    files, known = TOGETHER[name]
    found = inspect(*[real_exports / file for file in files])
    assert {key: found[key] for key in known} == known


def test_one_matrix_for_each_interview_makes_one_project(real_exports: Path):
    files = sorted((real_exports / "nvivo/insect-study/matrices").glob("*.xlsx"))
    found = inspect(*files)
    assert (found["documents"] or found["cases"], found["codes"]) == (15, 18)
    assert found["is_partial"]


def _set_aside_codings(found: dict) -> int:
    reasons = found["set_aside_reasons"]
    return sum(reason["count"] for reason in reasons if reason["what"] == "coding")
