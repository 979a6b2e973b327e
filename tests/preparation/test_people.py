"""Several people in one document, people without a document, and whose an export is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.corpus import corpus_facts, corpus_table
from analysis.chapters.frequencies import code_frequencies, group_frequencies
from analysis.preparation import Prepared, prepare
from analysis.preparation.variables import number_in
from analysis.studyfile import parse_study
from qdaio.faults import Fault, StudyError

HEAD = '[study]\ntitle = "T"\nauthors = [{ name = "A" }]\n[data]\nstatus = "original"\n'


def study_of(folder: Path, files: dict[str, str], settings: str) -> Prepared:
    """Prepare a study of some files; the codings stand in codings.csv."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if "exports" not in settings:
        settings = 'exports = ["codings.csv"]\n' + settings
    return prepare(folder, parse_study(HEAD + settings))


def faults_of(folder: Path, files: dict[str, str], settings: str) -> list[Fault]:
    with pytest.raises(StudyError) as caught:
        study_of(folder, files, settings)
    assert all(fault.remedy for fault in caught.value.faults)
    return list(caught.value.faults)


FOCUS = (
    "document,code,text\nP1,A > X,hello\nP1,A > Y,hello\nP2,A > X,more\n"
    "FG1,A > X,Anna: yes\nFG1,B > X,no\n"
)
PEOPLE = (
    "who,talk,Group,Age\nP1,P1,Staff,30\nP2,P2,Patients,41\nAnna,FG1,Staff,52\n"
    "Ben,FG1,Patients,63\n"
)
BY_TABLE = (
    '[participants]\nfile = "people.csv"\nfile_id = "who"\nfile_document = "talk"\n'
    'group = "Group"\ngroup_order = ["Staff", "Patients"]\n'
)


@pytest.fixture
def focus(tmp_path):
    return study_of(tmp_path, {"codings.csv": FOCUS, "people.csv": PEOPLE}, BY_TABLE)


def test_participants_of_a_focus_group_are_counted_by_persons(focus):
    assert list(focus.people.participants["case_id"]) == ["Anna", "Ben", "P1", "P2"]
    documents = focus.people.documents.set_index("name")
    assert documents.loc["FG1", "people"] == ["Anna", "Ben"]
    assert documents["case_id"].to_dict() == {"P1": "P1", "P2": "P2", "FG1": "FG1"}


def test_a_coding_belongs_to_its_speaker_else_to_all_people_of_the_document(focus):
    frequencies = code_frequencies(focus.codings, focus.codes).set_index("code_id")
    # P1, P2 and Anna, who is named at the head of the segment
    assert frequencies.loc["A > X", "cases"] == 3
    # nobody is named: one coding, of Anna and of Ben
    assert frequencies.loc["B", ["codings", "cases", "joint"]].tolist() == [1, 2, 1]
    assert frequencies["own"].sum() == len(focus.codings) == 5


def test_the_counts_say_how_many_codings_name_their_speaker(focus):
    nothing = focus.codings.iloc[:0]
    facts = corpus_facts(
        focus.people.documents, focus.codings, nothing, pd.DataFrame({"what": []}), None
    )
    assert (facts["documents.joint"], facts["codings.speaker"], facts["codings.joint"]) == (1, 1, 1)
    assert (
        "FG1: 2 participants; 1 coding with a speaker, 1 without, which belongs to all of them."
        in (focus.warnings)
    )


def test_what_people_of_two_groups_said_together_stands_in_both(focus):
    people = focus.people.participants
    groups = people.set_index("case_id")["group"]
    by_group = group_frequencies(focus.codings, focus.codes, groups).set_index(["code_id", "group"])
    assert (
        by_group.loc[("B", "Staff"), "codings"] == by_group.loc[("B", "Patients"), "codings"] == 1
    )
    assert by_group.loc[("A > X", "Patients"), "codings"] == 1  # Anna's is the staff's
    table = corpus_table(
        focus.people.documents, focus.codings, groups, label="tbl-t", caption="c", synthetic=False
    ).data.set_index("group")
    assert table["documents"].to_dict() == {"Staff": 2, "Patients": 2, "All": 3}
    assert table["cases"].to_dict() == {"Staff": 2, "Patients": 2, "All": 4}


def test_people_of_one_variable_are_parted_by_the_separator(tmp_path):
    files = {
        "tidy/codings.csv": FOCUS,
        "tidy/documents.csv": "document,Who\nP1,P1\nP2,P2\nFG1,Anna; Ben\n",
    }
    settings = 'exports = ["tidy"]\n[participants]\nvariable = "Who"\nseparator = ";"\n'
    prepared = study_of(tmp_path, files, settings)
    assert list(prepared.people.participants["case_id"]) == ["Anna", "Ben", "P1", "P2"]


def test_a_column_of_the_export_names_the_speaker(tmp_path):
    codings = "document,case,code\nFG1,Anna,X\nFG1,Ben,Y\nFG1,Anna,Y\nFG1,,X\n"
    prepared = study_of(tmp_path, {"codings.csv": codings}, "[participants]\n")
    said = prepared.codings["people"].map(list).tolist()
    assert said == [["Anna"], ["Ben"], ["Anna"], ["Anna", "Ben"]]


def test_a_participant_column_of_a_spreadsheet_names_the_speaker(tmp_path):
    sheet = "Talk,Who,Quote,Theme\nFG1,Anna,We wait.,Time\nFG1,Ben,We wait.,Time\nI2,Cy,No.,Cost\n"
    settings = (
        'exports = ["codings.csv"]\n[data.columns]\ndocument = "Talk"\nparticipant = "Who"\n'
        'quotation = "Quote"\ncodes = ["Theme"]\n[participants]\n'
    )
    prepared = study_of(tmp_path, {"codings.csv": sheet}, settings)
    assert [people and list(people) for people in prepared.codings["people"]] == [
        ["Anna"],
        ["Ben"],
        None,
    ]
    assert not prepared.codings["is_repeat"].any(), "two people may say the same"


def test_a_quotation_of_several_people_says_in_which_document(tmp_path):
    codings = FOCUS.replace("\n", ",100\n").replace("text,100", "text,weight")
    prepared = study_of(tmp_path, {"codings.csv": codings, "people.csv": PEOPLE}, BY_TABLE)
    assert prepared.quotations["case_id"].tolist() == ["P1", "P1", "P2", "Anna", "in FG1"]


def test_a_document_of_the_table_that_the_export_lacks_is_a_fault(tmp_path):
    people = PEOPLE.replace("Ben,FG1", "Ben,FG 1")
    faults = faults_of(tmp_path, {"codings.csv": FOCUS, "people.csv": people}, BY_TABLE)
    (fault,) = [fault for fault in faults if fault.kind == "unknown-document"]
    assert (fault.row, fault.column) == (5, "talk")
    assert 'Did you mean "FG1"?' in fault.remedy


CODED = "document,code\nP1,X\nP2,X\nP3,Y\n"
BY_NAME = '[participants]\npattern = "^(P\\\\d+)"\nfile = "people.csv"\nfile_id = "id"\n'


def test_who_was_asked_and_not_coded_stays_and_is_noted(tmp_path):
    people = "id,Age\nP1,30\nP2,40\nP3,50\nP4,60\n"
    settings = BY_NAME + '[[participants.variables]]\nname = "Age"\nkind = "integer"\n'
    prepared = study_of(tmp_path, {"codings.csv": CODED, "people.csv": people}, settings)
    assert list(prepared.people.participants["Age"]) == [30, 40, 50, 60]
    (note,) = prepared.warnings
    assert "1 participant without a coded segment: P4." in note


def test_a_document_without_codings_leaves_its_participant_in(tmp_path):
    files = {"tidy/codings.csv": CODED, "tidy/documents.csv": "document\nP1\nP2\nP3\nP4\n"}
    settings = 'exports = ["tidy"]\n[participants]\npattern = "^(P\\\\d+)"\n'
    prepared = study_of(tmp_path, files, settings)
    assert len(prepared.people.participants) == 4
    assert any("without a coded segment: P4" in note for note in prepared.warnings)


@pytest.mark.parametrize("other", ["p3", "P03", "P 3"])
def test_an_id_that_differs_in_case_or_zeros_is_offered_and_not_guessed(tmp_path, other):
    people = f"id,Age\nP1,30\nP2,40\n{other},50\n"
    (fault,) = faults_of(tmp_path, {"codings.csv": CODED, "people.csv": people}, BY_NAME)
    assert f'"{other}" for "P3"' in str(fault.found)
    assert fault.row == 4


def test_documents_of_ids_that_differ_in_case_only_are_asked_about(tmp_path):
    codings = "document,code\nP1 a,X\np1 b,X\nP02,Y\nP2,Y\n"
    prepared = study_of(
        tmp_path, {"codings.csv": codings}, '[participants]\npattern = "^([Pp]\\\\d+)"\n'
    )
    assert any('"P1" and "p1"' in note and '"P02" and "P2"' in note for note in prepared.warnings)


def test_a_participant_of_three_waves_is_one(tmp_path):
    files = {
        "tidy/codings.csv": "document,code\na1,X\na2,X\na3,Y\nb1,X\n",
        "tidy/documents.csv": "document,Who,Wave\na1,Ann,1\na2,Ann,2\na3,Ann,3\nb1,Bea,1\n",
    }
    settings = (
        'exports = ["tidy"]\n[participants]\nvariable = "Who"\n'
        'follow_up = { variable = "Wave", value = ["2", "3"] }\n'
    )
    prepared = study_of(tmp_path, files, settings)
    assert list(prepared.people.participants["case_id"]) == ["Ann", "Bea"]
    assert prepared.people.documents["is_follow_up"].tolist() == [False, True, True, False]
    frequencies = code_frequencies(prepared.codings, prepared.codes).set_index("code_id")
    assert frequencies.loc["X", ["codings", "cases", "documents"]].tolist() == [3, 2, 3]


TWO = {
    "a.csv": "document,code,text\nD1,X,one\nD1,Y,two\n",
    "b.csv": "document,code,text\nD1,X,one\n",
}
WHOSE = 'exports = ["a.csv", "b.csv"]\n[data.coders]\n"a.csv" = "Ann"\n"b.csv" = "Bo"\n'


def test_the_study_file_says_whose_an_export_is(tmp_path):
    prepared = study_of(tmp_path, TWO, WHOSE + '[coders]\nmain = "Ann"\nagreement = ["Bo"]\n')
    assert len(prepared.codings) == 2
    assert len(prepared.agreement_codings) == 1
    assert not prepared.agreement_codings["is_repeat"].any(), "who agrees does not repeat"
    assert prepared.warnings == ()


def test_an_export_that_names_its_coder_is_not_given_another(tmp_path):
    files = TWO | {"b.csv": "document,code,text,coder\nD1,X,one,Cy\n"}
    (fault,) = faults_of(tmp_path, files, WHOSE)
    assert (fault.kind, fault.file) == ("conflicting-coder", "b.csv")


def test_the_coder_of_a_file_that_is_no_export_is_a_fault(tmp_path):
    (fault,) = faults_of(tmp_path, TWO, WHOSE.replace('"b.csv" = ', '"c.csv" = '))
    assert (fault.kind, fault.row) == ("unknown-export", 9)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("34", 34), ("12.5", 12.5), ("12,5", 12.5), ("-0,125", -0.125), ("۳۴", 34), ("٣٫٥", 3.5),
        ("1,500", None), ("1.500,5", None), ("forty", None), ("inf", None), ("3 4", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_of_many_places_write_them(text, number):
    assert number_in(text) == number
