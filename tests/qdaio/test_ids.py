"""Participants' ids in names, and labels that nearly match."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from qdaio.faults import StudyError
from qdaio.files.source import open_source
from qdaio.headers import read_attribute_table
from qdaio.ids import ids_in_names, propose_pattern
from qdaio.labels import join_labels
from tests.support.written_tables import write_csv, write_xlsx


@pytest.mark.parametrize(
    ("label", "other", "why"),
    [
        ("Zoé", unicodedata.normalize("NFD", "Zoé"), "composition"),
        ("p1", "P1", "case"),
        ("P01", "P1", "zeros"),
        ("P-1", "P 1", "zeros"),
        ("P\u00a01", "P 1", "spaces"),
        ("P1", "Interview P1", "part of the other"),
        ("Interview 1", "Intervew 1", "alike"),
    ],
)
def test_a_label_without_partner_is_told_its_nearest_and_why(label, other, why):
    joined = join_labels([label, "same"], [other, "same", "quite different"])
    assert joined.matches == ("same",)
    (lost,) = joined.left
    assert (lost.label, lost.candidate) == (label, other)
    assert why in lost.why
    assert {failure.label for failure in joined.right} == {other, "quite different"}


def test_a_label_like_no_other_has_no_candidate():
    (lost,) = join_labels(["P1"], ["control group"]).left
    assert lost.candidate is None


def test_two_that_could_be_meant_are_no_candidate_by_parts():
    (lost,) = join_labels(["P1"], ["P1 first", "P1 second"]).left
    assert lost.why != "one is a part of the other"


def test_ids_are_the_first_group_or_the_whole_match():
    names = pd.Series(["P1_a.odt", "P12 b", "no id"])
    assert ids_in_names(names, r"^(P\d+)").tolist()[:2] == ["P1", "P12"]
    assert ids_in_names(names, r"\d+").tolist()[:2] == ["1", "12"]
    assert ids_in_names(names, r"^P(\d+)").isna().tolist() == [False, False, True]
    with pytest.raises(StudyError, match="regular expression"):
        ids_in_names(names, "(")


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["P2_GMT20211119.odt", "P3_GMT20211120.odt", "P10_x.odt"], ["P2", "P3", "P10"]),
        (["Int01_ID731", "Int02_ID121"], ["ID731", "ID121"]),
        (["Interview 07", "Interview 12"], ["Interview 07", "Interview 12"]),
    ],
)
def test_a_pattern_is_proposed_from_the_names(names, ids):
    proposal = propose_pattern(names)
    assert ids_in_names(pd.Series(names), proposal.pattern).tolist() == ids
    assert proposal.found == len(names)


@pytest.mark.parametrize("names", [[], ["Ann", "Bob"], ["v2 a", "v2 b"], ["P1", "x", "y", "z"]])
def test_nothing_is_proposed_where_nothing_tells_participants_apart(names):
    assert propose_pattern(names) is None


def test_a_table_of_attributes_keeps_headers_and_rows(tmp_path):
    rows = [["Scores of 2021"], [], ["id", "Comments ", "Q1", "Comments"], ["P1", "a", 4, "b"]]
    table, numbers = read_attribute_table(
        open_source(write_xlsx(tmp_path / "a.xlsx", {"Notes": [["x"]], "Data": rows}))
    )
    assert list(table.columns) == ["id", "Comments", "Q1", "Comments (2)"]
    assert table.iloc[0].tolist() == ["P1", "a", "4", "b"]
    assert numbers.tolist() == [4]


def test_a_table_without_rows_is_a_fault(tmp_path):
    with pytest.raises(StudyError, match="empty file"):
        read_attribute_table(open_source(write_csv(tmp_path / "a.csv", [["id", "age"]])))


def test_the_scores_of_a_real_questionnaire_are_read(real_exports):
    source = open_source(real_exports / "taguette" / "SERDIF_PSSUQ_P2.csv")
    table, numbers = read_attribute_table(source)
    assert table.shape == (17, 40)
    assert table.iloc[:, 1].tolist()[:2] == ["P1", "P2"]
    assert numbers.tolist() == list(range(2, 19))
