"""The tidy form: written by hand or by us, it reads as what was meant."""

from __future__ import annotations

import csv
import re
import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qdaio.codes import tree_order
from qdaio.faults import StudyError
from qdaio.programs.tidy.form import protect, unprotect
from qdaio.programs.tidy.write import write_tidy
from qdaio.registry import read_exports
from tests.qdaio.projects import ALPHABET, assert_same, projects
from tests.support.written_tables import write_csv, write_xlsx

SLOW = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


def faults_of(*paths):
    with pytest.raises(StudyError) as caught:
        read_exports(paths)
    return caught.value.faults


@SLOW
@given(project=projects(), kind=st.sampled_from(["csv", "parquet"]))
def test_a_project_that_was_written_reads_as_the_same(project, kind, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / f"tidy-{kind}"
    shutil.rmtree(folder, ignore_errors=True)
    write_tidy(project, folder, kind)
    # a project is put together with its codes in tree order and its repeats marked anew
    project = project.with_(codes=tree_order(project.codes))
    read = read_exports([folder])
    flags = read.codings["is_repeat"] | project.codings["is_repeat"]
    warnings = (*project.warnings, *(said for said in read.warnings if said != "a warning"))
    assert_same(
        project.with_(codings=project.codings.assign(is_repeat=flags), warnings=warnings), read
    )


@SLOW
@given(project=projects())
def test_no_cell_of_what_we_write_can_become_a_formula(project, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "formulas"
    for path in write_tidy(project, folder):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                for row in csv.reader(stream):
                    for cell in row:
                        is_number = re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell) is not None
                        assert is_number or not cell.startswith(tuple("=+-@\t\r\n＝"))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.none() | st.text(ALPHABET), min_size=1))
def test_protected_text_reads_back_exactly(values):
    text = pd.Series(values, dtype="str")
    pd.testing.assert_series_equal(unprotect(protect(text)), text)


def test_two_columns_written_by_hand_are_enough(tmp_path):
    rows = [["document", "code"], ["Interview 1", "Trust"], ["Interview 1", "Barriers > Time"]]
    rows += [["Interview 2", " Trust "], ["Interview 2", "Trust"]]
    project = read_exports([write_csv(tmp_path / "mine.csv", rows)])
    assert len(project.codings) == 4
    assert project.codes["path"].tolist() == [("Trust",), ("Barriers",), ("Barriers", "Time")]
    assert project.documents["name"].tolist() == ["Interview 1", "Interview 2"]
    # with neither place nor text, a code that stands twice in a document is no repetition
    assert not project.codings["is_repeat"].any()
    assert project.warnings == ()


def test_a_sheet_written_by_hand_may_hold_all_that_a_coding_has(tmp_path):
    rows = [
        ["document", "group", "code", "coder", "text", "start", "end", "weight", "comment"],
        ["P1", "Nurses", "Trust", "ann", "I trust them", 4, 5, 50, "sure"],
        ["P1", "Nurses", "Trust", "bob", "I trust them", 4, 5, None, None],
    ]
    project = read_exports([write_xlsx(tmp_path / "mine.xlsx", {"Codings": rows})])
    assert project.documents["document_id"].tolist() == ["Nurses / P1"]
    assert project.coders["name"].tolist() == ["ann", "bob"]
    assert project.segments["start"].tolist() == [4, 4]
    assert project.codings["weight"].tolist() == [50, pd.NA]
    assert project.codings["source_row"].tolist() == [2, 3]


def test_names_hold_the_separator_after_a_backslash(tmp_path):
    rows = [["document", "code"], ["D", "effort \\> gain > high"]]
    project = read_exports([write_csv(tmp_path / "mine.csv", rows)])
    assert project.codes["path"].tolist() == [("effort > gain",), ("effort > gain", "high")]


def test_tables_beside_the_codings_are_joined_and_checked(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    write_csv(folder / "codings.csv", [["document", "code"], ["P1", "A > x"], ["P2", "B"]])
    write_csv(folder / "codes.csv", [["code", "description"], ["A > x", "an x"], ["B", "a b"]])
    write_csv(
        folder / "documents.csv",
        [["document", "group", "Age"], ["P1", "Nurses", "31"], ["P2", "Nurses", "44"]],
    )
    project = read_exports([folder])
    assert project.documents["group"].tolist() == ["Nurses", "Nurses"]
    assert project.segments["document_id"].tolist() == ["Nurses / P1", "Nurses / P2"]
    assert project.attributes[["name", "value"]].values.tolist() == [["Age", "31"], ["Age", "44"]]
    assert project.codes["position"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("group", ["Nurses", None])
def test_a_list_of_documents_may_give_ids_that_the_codings_do_not_have(group, tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    write_csv(
        folder / "codings.csv",
        [["document", "group", "code"], ["P1", group, "A"], ["P2 ", group, "A"]],
    )
    listed = [["document", "group", "document_id"], ["P2", group, "d2"], ["P1", group, "d1"]]
    write_csv(folder / "documents.csv", listed)
    project = read_exports([folder])
    assert project.segments["document_id"].tolist() == ["d1", "d2"]
    write_csv(folder / "codings.csv", [["document", "group", "code"], ["P3", group, "A"]])
    (fault,) = faults_of(folder)
    assert (fault.kind, fault.row) == ("unknown-document", 2)


def test_everything_that_is_wrong_is_said_in_one_go(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    rows = [["document", "code", "start"], ["P1", "A", "4"], ["P9", "AA", "x"], ["", "B", "2"]]
    write_csv(folder / "codings.csv", rows)
    write_csv(folder / "codes.csv", [["code"], ["A"], ["B"], ["B"]])
    write_csv(folder / "documents.csv", [["document"], ["P1"]])
    found = {(fault.kind, fault.file, fault.row) for fault in faults_of(folder)}
    assert found == {
        ("unknown-document", "study/codings.csv", 3),
        ("unknown-code", "study/codings.csv", 3),
        ("bad-number", "study/codings.csv", 3),
        ("missing-value", "study/codings.csv", 4),
        ("duplicate-code", "study/codes.csv", 4),
    }


def test_one_segment_cannot_have_two_places(tmp_path):
    rows = [
        ["document", "code", "segment_id", "start"],
        ["D", "A", "s1", "1"],
        ["D", "B", "s1", "2"],
    ]
    (fault,) = faults_of(write_csv(tmp_path / "mine.csv", rows))
    assert (fault.kind, fault.row) == ("inconsistent-export", 3)


def test_a_table_that_is_no_part_of_the_form_is_not_passed_over_in_silence(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    write_csv(folder / "codings.csv", [["document", "code"], ["P1", "A"]])
    write_csv(folder / "codings2.csv", [["document", "code"], ["P2", "A"]])
    assert any("codings2.csv" in warning for warning in read_exports([folder]).warnings)


def test_tables_of_an_earlier_run_do_not_stay(tmp_path):
    rows = [["document", "code", "coder"], ["D", "A", "ann"]]
    first = read_exports([write_csv(tmp_path / "one.csv", rows)])
    second = read_exports([write_csv(tmp_path / "two.csv", [row[:2] for row in rows])])
    write_tidy(first, tmp_path / "out")
    write_tidy(second, tmp_path / "out", "parquet")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "codes.parquet",
        "codings.parquet",
        "documents.parquet",
        "export.json",
    ]


def test_the_same_project_gives_the_same_bytes(tmp_path):
    path = write_csv(tmp_path / "mine.csv", [["document", "code"], ["D", "A"], ["E", "B"]])
    for name in ("one", "two"):
        write_tidy(read_exports([path]), tmp_path / name)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_a_truncated_parquet_file_is_a_fault(tmp_path):
    path = write_csv(tmp_path / "mine.csv", [["document", "code"], ["D", "A"]])
    write_tidy(read_exports([path]), tmp_path / "out", "parquet")
    file = tmp_path / "out" / "codings.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    assert faults_of(tmp_path / "out")[0].kind in {"truncated-file", "wrong-format"}
