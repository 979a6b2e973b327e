"""Small studies, each wrong in one way: what is told, once, and with the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.preparation import Prepared, prepare
from analysis.studyfile import load_study
from qdaio.faults import Fault, StudyError

STUDIES = Path(__file__).resolve().parent.parent / "studies"


def faults_of(name: str) -> list[Fault]:
    with pytest.raises(StudyError) as caught:
        prepared_of(name)
    assert all(fault.remedy for fault in caught.value.faults)
    return list(caught.value.faults)


def prepared_of(name: str) -> Prepared:
    return prepare(STUDIES / name, load_study(STUDIES / name))


def test_a_misspelt_group_column_is_told_once_with_the_nearest():
    (fault,) = faults_of("group-typo")
    assert (fault.kind, fault.column) == ("missing-column", "participants.group")
    assert '"Group"' in fault.remedy


def test_ids_that_differ_in_case_are_paired_and_the_others_told_once():
    wrong, lacking = faults_of("ids-do-not-match")
    assert '"p1" for "P1": only upper and lower case differ' in str(wrong.found)
    assert lacking.found == 'no row for "P2", "P3"'


def test_every_misspelt_name_is_a_fault_at_its_own_key():
    keys = {fault.column for fault in faults_of("misspelt-names")}
    assert keys == {
        "participants.date",
        "participants.duration",
        "participants.role",
        "participants.variables (Agee)",
    }


def test_na_is_no_id_and_that_is_said_once():
    (fault,) = faults_of("ids-that-are-none")
    assert (fault.kind, fault.row, fault.column) == ("missing-id", 4, "PID")
    assert "2 rows: 4, 5" in str(fault.found)


def test_fewer_names_than_levels_are_a_fault():
    (fault,) = faults_of("level-names")
    assert (fault.kind, fault.column) == ("wrong-levels", "hierarchy.levels")
    assert "3" in str(fault.expected)


def test_a_codebook_without_codings_is_told_what_it_lacks():
    (fault,) = faults_of("codebook-only")
    assert fault.kind == "no-codings"


def test_persian_dates_are_recognised_converted_and_said():
    pytest.importorskip("persiantools", reason="converts Persian dates")
    prepared = prepared_of("persian-dates")
    assert list(prepared.people.documents["date"]) == ["2023-05-26", "2023-05-27", "2023-06-22"]
    assert any("1402-03-05 is 2023-05-26" in note for note in prepared.warnings)


@pytest.mark.parametrize("name", ["no-code-system", "no-code-system-three-levels"])
def test_codes_without_a_code_system_stand_under_their_own_parents(name):
    codes = prepared_of(name).codes
    paths = dict(zip(codes["code_id"], codes["path"].map(tuple), strict=True))
    seen: set[str] = set()
    for row in codes.itertuples():
        if isinstance(row.parent_id, str):
            assert row.parent_id in seen, "a parent comes before its children"
            assert paths[row.parent_id] == paths[row.code_id][:-1]
        seen.add(row.code_id)


def test_a_byte_order_mark_before_the_study_file_is_read_over():
    text = (STUDIES / "bom" / "study.toml").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf[study]")
    assert list(prepared_of("bom").people.participants["case_id"]) == ["P1", "P2", "P3"]


def test_documents_of_codings_are_found_in_a_list_that_gives_ids_of_its_own():
    prepared = prepared_of("tidy-document-id")
    assert list(prepared.project.documents["document_id"]) == ["P1", "P2", "FG1"]
    assert sorted(prepared.people.participants["case_id"]) == ["Anna", "Ben", "P1", "P2"]
    assert len(prepared.codings) == 6
    (note,) = prepared.warnings
    assert note == "FG1: 2 participants; every coding names its speaker."


def people_study(folder: Path, people: str, variables: str) -> Path:
    """Write a study whose participants stand in a table of their own."""
    from tests.support.studies import small_study

    small_study(
        folder,
        '[participants]\nfile = "data-raw/people.csv"\nfile_id = "id"\n'
        f"pattern = '^([AB])'\n{variables}",
    )
    (folder / "data-raw/people.csv").write_text(people, encoding="utf-8")
    return folder


def test_a_variable_that_is_empty_for_everybody_is_called_so(tmp_path):
    folder = people_study(
        tmp_path / "study", "id,Town\nA,\nB,\n", "[[participants.variables]]\nname = 'Town'\n"
    )
    with pytest.raises(StudyError) as caught:
        prepare(folder, load_study(folder))
    (fault,) = caught.value.faults
    assert fault.kind == "empty-variable"
    assert "empty for every participant" in str(fault.found)


def test_values_that_differ_in_case_only_are_a_note_and_others_are_none(tmp_path):
    variables = "[[participants.variables]]\nname = 'Gender'\n"
    folder = people_study(tmp_path / "one", "id,Gender\nA,Female\nB,female\n", variables)
    (note,) = prepare(folder, load_study(folder)).warnings
    assert note.startswith('Is it one value? Gender: "Female" and "female"')
    folder = people_study(tmp_path / "two", "id,Gender\nA,Female\nB,Male\n", variables)
    assert prepare(folder, load_study(folder)).warnings == ()
