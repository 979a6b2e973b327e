"""Reports of QualCoder, by file and by case, with rows of any number of categories."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from qdaio.faults import Fault, StudyError
from qdaio.registry import read_exports
from tests.qdaio.databases import qualcoder
from tests.qdaio.test_qualcoder import ROWS
from tests.support.written_tables import write_xlsx

BASE = ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo"]
BY_CASE = ["Case", "Filename", *BASE[1:]]
Row = Sequence[str | None]


def write(path: Path, rows: Sequence[Row]) -> Path:
    """Write as the program does: all cells quoted, with a byte order mark, short rows short."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def row(number: str, code: str, *behind: str, text: str = "words", coder: str = "ana") -> Row:
    return ["P1.txt", coder, text, number, code, "", *behind]


def faults_of(*paths: Path) -> tuple[Fault, ...]:
    with pytest.raises(StudyError) as caught:
        read_exports(paths)
    return caught.value.faults


def test_categories_lie_between_root_and_code_the_nearest_first(tmp_path):
    rows = [
        [*BASE, "Category", "Category"],
        row("ctid:1", "alone", "Fear", "Feelings"),
        row("ctid:2", "never", "Feelings"),
        row("ctid:3", "free", text="a, b\nc"),
    ]
    project = read_exports([write(tmp_path / "report.csv", rows)])
    assert list(project.codings["code_id"].astype("str")) == [
        "Feelings > Fear > alone",
        "Feelings > never",
        "free",
    ]
    assert list(project.codings["source_row"]) == [2, 3, 4]
    assert list(project.codes["is_codable"]) == [False, False, True, True, True]
    assert project.segments["text"].iloc[2] == "a, b\nc"
    assert project.info.format == "qualcoder-report"


def test_variables_are_found_behind_any_number_of_categories(tmp_path):
    header = [*BASE, "Category", "Category", "FileVar_age", "FileVar_place"]
    rows = [
        header,
        row("ctid:1", "alone", "Fear", "Feelings", "30", "home"),
        row("ctid:2", "never", "Feelings", "30", "home"),
        row("ctid:3", "free", "30", "home"),
    ]
    project = read_exports([write(tmp_path / "report.csv", rows)])
    assert list(project.codings["code_id"].astype("str"))[1:] == ["Feelings > never", "free"]
    found = project.attributes[["entity", "entity_id", "name", "value"]].to_numpy().tolist()
    assert found == [
        ["document", "P1.txt", "age", "30"],
        ["document", "P1.txt", "place", "home"],
    ]


def test_in_a_workbook_each_cell_stands_in_its_column(tmp_path):
    header = [*BASE, "Category", "Category", "FileVar_age"]
    rows = [
        header,
        row("ctid:1", "alone", "Fear", "Feelings", "30"),
        [*row("ctid:2", "free"), None, None, "30"],
    ]
    project = read_exports([write_xlsx(tmp_path / "report.xlsx", rows)])
    assert list(project.codings["code_id"].astype("str")) == ["Feelings > Fear > alone", "free"]
    assert list(project.attributes["value"]) == ["30"]


def test_a_coding_of_two_cases_counts_once(tmp_path):
    rows = [
        [*BY_CASE, "Category", "CaseVar_age"],
        ["Ana", *row("ctid:1", "alone", "Fear", "30")],
        ["Ben", *row("ctid:1", "alone", "Fear", "40")],
        ["Ben", *row("ctid:2", "alone", "Fear", "40", coder="ben")],
    ]
    project = read_exports([write(tmp_path / "report.csv", rows)])
    assert (len(project.codings), project.rows_read) == (2, 3)
    assert [(item.row, item.why) for item in project.set_aside] == [
        (3, "the same coding (ctid:1) as in row 2, under another case")
    ]
    assert list(project.cases["case_id"]) == ["Ana", "Ben"]
    assert len(project.case_documents) == 2
    assert project.attributes[["entity_id", "value"]].to_numpy().tolist() == [
        ["Ana", "30"],
        ["Ben", "40"],
    ]


def test_the_same_words_in_two_places_are_no_repetition(tmp_path):
    rows = [BASE, row("ctid:1", "alone"), row("ctid:2", "alone")]
    project = read_exports([write(tmp_path / "report.csv", rows)])
    assert not project.codings["is_repeat"].any()
    rows = [[cell for cell, name in zip(line, BASE, strict=True) if name != "Id"] for line in rows]
    project = read_exports([write(tmp_path / "older.csv", rows)])
    assert not project.codings["is_repeat"].any()  # a word can stand in two places
    said = "nobody asked me what I wanted"
    rows = [BASE[:3] + BASE[4:], *2 * [["P1.txt", "ana", said, "alone", ""]]]
    project = read_exports([write(tmp_path / "sentence.csv", rows)])
    assert list(project.codings["is_repeat"]) == [False, True]


def test_pictures_and_recordings_have_no_words(tmp_path):
    rows = [BASE, row("imid:1", "alone", text="image"), row("avid:1", "alone", text="a/v")]
    project = read_exports([write(tmp_path / "report.csv", rows)])
    assert project.segments["text"].isna().all()
    assert list(project.segments["place"]) == ["imid:1", "avid:1"]
    assert list(project.documents["kind"].astype("str")) == ["image"]


def test_a_report_beside_its_project_counts_once(tmp_path):
    path = qualcoder(tmp_path / "data.qda", ROWS)
    alone = read_exports([path])
    rows = [
        [*BASE, "Category", "Category"],
        ["P1.txt", "ana", "We waited 😀", "ctid:1", "alone", "", "Fear", "Feelings"],
        ["P1.txt", "ben", "Nobody came", "ctid:3", "Feelings", ""],
        ["map.png", "ben", "image", "imid:1", "alone", "", "Fear", "Feelings"],
        ["P1.txt", "cleo", "Nobody came", "ctid:9", "never", "", "Feelings"],
    ]
    both = read_exports([write(tmp_path / "report.csv", rows), path])
    assert len(both.codings) == len(alone.codings) + 1
    assert both.rows_read == len(alone.codings) + 4
    assert any("1 codings are not in data.qda" in warning for warning in both.warnings)
    assert set(both.codes["code_id"]) == set(alone.codes["code_id"])


@pytest.mark.parametrize("cells", [5, 9])
def test_rows_with_too_few_or_too_many_cells_are_told(tmp_path, cells):
    line = [*row("ctid:1", "alone"), "Fear", "Feelings", "more"][:cells]
    path = write(tmp_path / "report.csv", [[*BASE, "Category"], row("ctid:2", "free"), line])
    (fault,) = faults_of(path)
    assert (fault.kind, fault.row, fault.found) == ("wrong-format", 3, f"{cells} cells")


def test_rows_without_file_are_told_and_those_without_code_listed(tmp_path):
    nameless = [None, *row("ctid:1", "alone")[1:]]
    (fault,) = faults_of(write(tmp_path / "report.csv", [BASE, nameless]))
    assert (fault.kind, fault.row) == ("missing-value", 2)
    path = write(tmp_path / "report.csv", [BASE, row("ctid:1", ""), row("ctid:2", "alone")])
    project = read_exports([path])
    assert [(item.what, item.row) for item in project.set_aside] == [("coding", 2)]
    assert (len(project.codings), project.rows_read) == (1, 2)
