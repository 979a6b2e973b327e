"""The study file: every mistake at once, with its key and line."""

from __future__ import annotations

import pytest

from analysis.studyfile import load_study, parse_study
from qdaio.faults import StudyError

GOOD = """
[study]
title = "A study"
authors = [{ name = "A. Author" }]

[data]
status = "original"
exports = ["data-raw/segments.xlsx"]
"""


def faults_of(text: str) -> list:
    with pytest.raises(StudyError) as caught:
        parse_study(text)
    return list(caught.value.faults)


def test_a_minimal_study_file_is_enough():
    study = parse_study(GOOD)
    assert not study.is_synthetic
    assert study.has() == set()


def test_the_columns_of_a_spreadsheet_typed_by_hand_are_stated():
    stated = '\n[data.columns]\nparticipant = "Who"\ncodes = ["Code 1", "Code 2"]\n'
    columns = parse_study(GOOD + stated + 'layout = "codes in columns"\n').data.columns
    assert columns is not None
    assert columns.mapping().named == ("Who", "Code 1", "Code 2")
    (fault,) = faults_of(GOOD + stated + 'layout = "wide"\n')
    assert (fault.column, fault.row) == ("data.columns.layout", 13)


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_known_one():
    (fault,) = faults_of(GOOD + '\n[coders]\nmian = "A"\n')
    assert (fault.kind, fault.column, fault.row) == ("unknown-key", "coders.mian", 11)
    assert '"main"' in fault.remedy


def test_a_value_of_the_wrong_type_is_named_with_what_was_expected():
    (fault,) = faults_of(GOOD.replace('"A study"', "5"))
    assert (fault.kind, fault.column, fault.row) == ("bad-value", "study.title", 3)
    assert fault.found == "5"
    assert "text" in fault.expected


def test_all_mistakes_are_told_in_one_go():
    text = (
        GOOD.replace('"original"', '"orignal"') + '\n[numbers]\nsd = "n-1"\nmean_decimals = "2"\n'
    )
    faults = faults_of(text)
    assert {fault.column for fault in faults} == {
        "data.status",
        "numbers.sd",
        "numbers.mean_decimals",
    }
    assert all(fault.row for fault in faults)


def test_a_mistake_in_the_second_table_of_an_array_has_the_line_of_that_table():
    text = GOOD + (
        '\n[participants]\nvariable = "P"\n'
        '\n[[participants.variables]]\nname = "Age"\nkind = "integer"\n'
        '\n[[participants.variables]]\nname = "Sex"\nkind = "word"\n'
    )
    (fault,) = faults_of(text)
    assert fault.row == text.splitlines().index('kind = "word"') + 1


def test_a_syntax_error_names_its_line():
    (fault,) = faults_of('[study]\ntitle = "no end\n')
    assert fault.kind == "bad-study-file"
    assert fault.row == 2


@pytest.mark.parametrize("path", ["/etc/passwd", "../other/export.xlsx", "C:\\\\data\\\\x.xlsx"])
def test_a_path_that_leaves_the_study_is_refused(path: str):
    (fault,) = faults_of(GOOD.replace("data-raw/segments.xlsx", path))
    assert fault.kind == "bad-value"
    assert fault.row == 8


def test_a_folder_without_a_study_file_says_so(tmp_path):
    with pytest.raises(StudyError) as caught:
        load_study(tmp_path)
    assert caught.value.faults[0].kind == "missing-study"


def test_the_shipped_study_file_is_valid(repository):
    study = load_study(repository)
    assert study.has() >= {"participants", "groups", "framework", "guide", "agreement"}
