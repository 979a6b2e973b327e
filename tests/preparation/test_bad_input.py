"""Bad input: all faults in one go, each with file, row and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.preparation import prepare
from analysis.studyfile import load_study
from qdaio.faults import Fault, StudyError
from tests.support.studies import column_of, copy_study, edit_sheet, replace_text

SEGMENTS = "data-raw/exports/coded-segments.xlsx"
SYSTEM = "data-raw/exports/code-system.xlsx"
VARIABLES = "data-raw/exports/document-variables.xlsx"


@pytest.fixture
def study(repository: Path, tmp_path: Path) -> Path:
    return copy_study(repository, tmp_path / "study")


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(StudyError) as caught:
        prepare(folder, load_study(folder))
    assert all(fault.remedy for fault in caught.value.faults)
    return list(caught.value.faults)


def set_cell(folder: Path, file: str, row: int, column: str, value: object) -> None:
    def change(rows: list[list[object]]) -> None:
        rows[row - 1][column_of(rows, column)] = value

    edit_sheet(folder / file, change)


def row_of(folder: Path, document: str) -> int:
    found: list[int] = []

    def look(rows: list[list[object]]) -> None:
        at = column_of(rows, "Document name")
        found.append(next(n for n, row in enumerate(rows, start=1) if row[at] == document))

    edit_sheet(folder / VARIABLES, look)
    return found[0]


def test_the_shipped_study_has_no_fault(study):
    prepared = prepare(study, load_study(study))
    assert len(prepared.codings) + len(prepared.agreement_codings) == prepared.project.rows_read


def test_a_missing_file_is_named(study):
    (study / SEGMENTS).unlink()
    assert ("missing-file", SEGMENTS) in [(f.kind, f.file) for f in faults_of(study)]


def test_an_empty_file_is_named(study):
    (study / SYSTEM).write_bytes(b"")
    assert ("empty-file", SYSTEM) in [(f.kind, f.file) for f in faults_of(study)]


def test_a_truncated_file_is_named(study):
    whole = (study / SEGMENTS).read_bytes()
    (study / SEGMENTS).write_bytes(whole[: len(whole) // 2])
    assert SEGMENTS in [fault.file for fault in faults_of(study)]


def test_a_file_that_is_not_what_its_name_says_is_named(study):
    (study / VARIABLES).write_bytes(b"%PDF-1.7 not a workbook\n%%EOF\n")
    assert VARIABLES in [fault.file for fault in faults_of(study)]


def test_a_missing_column_is_named_with_what_was_found(study):
    set_cell(study, SEGMENTS, 1, "Code", "Kodo")
    set_cell(study, SEGMENTS, 1, "Segment", "Text")
    (fault,) = [f for f in faults_of(study) if f.file == SEGMENTS][:1]
    assert "Document name" in f"{fault.found}"


def test_a_segment_without_participant_is_named(study):
    def drop(rows: list[list[object]]) -> list[list[object]]:
        at = column_of(rows, "Document name")
        return [row for row in rows if row[at] != "Interview 05"]

    edit_sheet(study / VARIABLES, drop)
    (fault,) = [f for f in faults_of(study) if f.kind == "segment-without-participant"]
    assert "Interview 05" in fault.found


def test_a_participant_without_segments_stays_and_is_noted_with_the_row(study):
    def drop(rows: list[list[object]]) -> list[list[object]]:
        at = column_of(rows, "Document name")
        return [row for row in rows if not str(row[at]).startswith("Interview 05")]

    row = row_of(study, "Interview 05")
    before = len(prepare(study, load_study(study)).people.participants)
    edit_sheet(study / SEGMENTS, drop)
    prepared = prepare(study, load_study(study))
    assert len(prepared.people.participants) == before
    (note,) = [note for note in prepared.warnings if "without a coded segment" in note]
    assert f"5 (row {row})" in note


def test_a_participant_who_stands_twice_is_named(study):
    set_cell(study, VARIABLES, row_of(study, "Interview 05"), "Participant", "6")
    kinds = {fault.kind for fault in faults_of(study)}
    assert "duplicate-participant" in kinds


@pytest.mark.parametrize(
    ("value", "kind"), [("forty", "bad-number"), ("40.5", "bad-number"), ("140", "out-of-range")]
)
def test_an_age_that_cannot_be_is_named_with_its_row(study, value, kind):
    row = row_of(study, "Interview 05")
    set_cell(study, VARIABLES, row, "Age", value)
    (fault,) = faults_of(study)
    assert (fault.kind, fault.file, fault.row, fault.column) == (kind, VARIABLES, row, "Age")
    assert value in fault.found


def test_an_unknown_group_is_named_with_its_row(study):
    row = row_of(study, "Interview 05")
    set_cell(study, VARIABLES, row, "Group", "Nurses")
    (fault,) = [f for f in faults_of(study) if f.kind == "unknown-group"]
    assert (fault.file, fault.row) == (VARIABLES, row)
    assert "Patients" in fault.expected


def test_a_code_that_is_not_in_the_code_system_is_named_with_its_row(study):
    set_cell(study, SEGMENTS, 12, "Code", "Law reform > Nowhere > Nothing")
    faults = [fault for fault in faults_of(study) if fault.kind == "unknown-code"]
    assert [(fault.file, fault.row) for fault in faults] == [(SEGMENTS, 12)]


def test_a_category_missing_in_the_map_is_named_with_the_row_to_add(study):
    replace_text(study / "data-raw/framework/map.csv", "Law reform,law\n", "")
    (fault,) = faults_of(study)
    assert fault.kind == "unmapped-category"
    assert "Law reform" in fault.remedy


def test_a_coder_whom_the_export_does_not_name_is_a_fault(study):
    replace_text(study / "study.toml", 'main = "Coder A"', 'main = "Coder Z"')
    assert [fault.kind for fault in faults_of(study)] == ["unknown-coder"]


def test_an_interview_outside_the_period_is_named(study):
    row = row_of(study, "Interview 05")
    set_cell(study, VARIABLES, row, "Interview date", "2024-01-01")
    (fault,) = faults_of(study)
    assert (fault.kind, fault.row) == ("out-of-range", row)


def test_faults_of_several_files_come_in_one_go(study):
    changes: list[Callable[[], None]] = [
        lambda: set_cell(study, VARIABLES, 3, "Age", "old"),
        lambda: set_cell(study, VARIABLES, 4, "Group", "Nurses"),
        lambda: replace_text(study / "data-raw/framework/map.csv", "Law reform,law\n", ""),
        lambda: replace_text(study / "data-raw/interview-guide.csv", "question", "queston"),
    ]
    for change in changes:
        change()
    kinds = {fault.kind for fault in faults_of(study)}
    assert kinds >= {"bad-number", "unknown-group", "unmapped-category", "missing-column"}


def test_no_message_holds_the_text_of_a_segment(study):
    secret = "SECRET-WORDS-OF-A-PERSON"
    set_cell(study, SEGMENTS, 12, "Segment", secret)
    set_cell(study, SEGMENTS, 12, "Code", "Nowhere")
    with pytest.raises(StudyError) as caught:
        prepare(study, load_study(study))
    assert secret not in str(caught.value)


def test_original_data_whose_own_comments_say_synthetic_are_asked_about(study):
    def asked() -> list[str]:
        return [note for note in prepare(study, load_study(study)).warnings if "status" in note]

    assert asked() == []
    replace_text(study / "study.toml", 'status = "synthetic"', 'status = "original"')
    (note,) = asked()
    assert "1,888 of 1,888 codings" in note


def test_a_main_coder_who_coded_nothing_is_told(tmp_path):
    from qdaio import read
    from qdaio.model import make_frame
    from qdaio.programs.refi.write_project import write_qdpx
    from tests.support.studies import small_study

    folder = small_study(tmp_path / "study", '[coders]\nmain = "Zoe"\n')
    raw = folder / "data-raw"
    lines = "document,code,text,coder\nA,Cost,It is dear.,Mia\nB,Cost,I pay it.,Mia\n"
    (raw / "codings.csv").write_text(lines, encoding="utf-8")
    project = read(raw / "codings.csv")
    both = [*project.coders.to_dict("records"), {"coder_id": "zoe", "name": "Zoe"}]
    write_qdpx(project.with_(coders=make_frame("coders", both)), raw / "codings.qdpx")
    replace_text(folder / "study.toml", "codings.csv", "codings.qdpx")
    (fault,) = faults_of(folder)
    assert (fault.kind, fault.column, fault.found) == (
        "no-codings", "coders.main", 'no coding of "Zoe"',
    )  # fmt: skip


def test_thousands_of_groups_or_values_are_a_fault_and_no_table(tmp_path):
    from tests.support.studies import small_study

    people = [f"P{at}" for at in range(300)]
    folder = small_study(
        tmp_path / "study",
        '[participants]\nvariable = "Person"\ngroup = "Home"\n'
        '[[participants.variables]]\nname = "Street"\n',
    )
    raw = folder / "data-raw"
    (raw / "tidy").mkdir()
    (raw / "codings.csv").unlink()
    for name, head, row in (
        ("codings", "document,code,text", "{0},Cost,dear"),
        ("documents", "document,Person,Home,Street", "{0},{0},home {0},street {0}"),
    ):
        text = "\n".join([head, *(row.format(person) for person in people)])
        (raw / "tidy" / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    replace_text(folder / "study.toml", "data-raw/codings.csv", "data-raw/tidy")
    faults = faults_of(folder)
    assert {(fault.kind, fault.found) for fault in faults} == {
        ("too-many-levels", "300 groups"), ("too-many-levels", "300 values"),
    }  # fmt: skip
