"""A declared kind of table is found, checked and made a project, all faults at once."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import StudyError
from qdaio.files.source import open_source
from qdaio.tables import CodeTable, CodingTable, VariableTable, headers
from tests.support.written_tables import write_csv, write_xlsx


class Codings(CodingTable):
    """One coding a row."""

    format = "own-codings"
    software = "Own"
    required = headers(document=["File", "Datei"], code="Code path")
    optional = headers(
        group="Set", text="Passage", coder="By", created="On", weight="Weight", memo="Note"
    )
    reason = "the columns of a list of codings"
    has_variables = True

    def paths(self, labels, parts):
        return [tuple(label.split("/")) for label in labels]


class Book(CodeTable):
    """One code a row."""

    format = "own-book"
    software = "Own"
    required = headers(code="Code", n="Times")
    reason = "codes with counts"
    counted = "how often the code was applied"


class People(VariableTable):
    """One case a row."""

    format = "own-people"
    software = "Own"
    required = headers(case="Person")
    reason = "a column of persons"


def read(reader, path):
    source = open_source(path)
    match = reader.recognise(source)
    assert match is not None
    return reader.read(source, match)


def kinds_of(reader, path):
    with pytest.raises(StudyError) as caught:
        read(reader, path)
    return [(fault.kind, fault.row, fault.column) for fault in caught.value.faults]


HEADER = ["Set", "Datei", "Code path", "Passage", "By", "On", "Weight", "Note", "Age"]


def test_columns_are_read_by_their_meaning_whatever_their_order_and_language(tmp_path):
    rows = [
        ["made by a program"],
        HEADER,
        ["A", "P1", "care/trust", "one", "Kim", "25.03.2024 10:00", 3, "odd", 31],
        ["A", "P1", "care/cost", "two", "Lee", "26.03.2024 11:30", None, None, 31],
        ["B", "P1", "care/trust", "three", "Kim", "26.03.2024 11:30", 0.5, None, 40],
    ]
    project = read(Codings(), write_xlsx(tmp_path / "a.xlsx", {"List": rows}))
    project.check()
    assert project.documents["document_id"].tolist() == ["A / P1", "B / P1"]
    assert project.codes["code_id"].tolist() == ["care", "care > trust", "care > cost"]
    assert project.codes["is_codable"].tolist() == [False, True, True]
    codings = project.codings.merge(project.segments, on="segment_id")
    assert codings["code_id"].tolist() == ["care > trust", "care > cost", "care > trust"]
    assert codings["text"].tolist() == ["one", "two", "three"]
    assert codings["coder_id"].tolist() == ["Kim", "Lee", "Kim"]
    assert codings["created_at"].tolist()[0] == "2024-03-25T10:00"
    assert codings["weight"].tolist() == [3, pd.NA, 0.5]
    assert codings["source_row"].tolist() == [3, 4, 5]
    assert set(codings["source_sheet"]) == {"List"}
    assert project.attributes[["entity_id", "name", "value"]].to_numpy().tolist() == [
        ["A / P1", "Age", "31"],
        ["B / P1", "Age", "40"],
    ]


def test_a_column_that_says_several_things_of_one_document_is_told_and_not_read(tmp_path):
    rows = [["File", "Code path", "Mood"], ["P1", "a", "good"], ["P1", "b", "bad"]]
    project = read(Codings(), write_csv(tmp_path / "a.csv", rows))
    assert project.attributes.empty
    assert any("Mood" in said for said in project.warnings)


def test_all_rows_at_fault_are_told_at_once_with_their_place(tmp_path):
    rows = [["File", "Code path"], ["P1", "a"], [None, "b"], ["P2", None], ["", ""]]
    assert kinds_of(Codings(), write_csv(tmp_path / "a.csv", rows)) == [
        ("missing-value", 3, "File"),
        ("missing-value", 4, "Code path"),
    ]


def test_of_many_rows_at_fault_the_first_are_named_and_all_are_counted(tmp_path):
    rows = [["File", "Code path"], *[[f"P{n}", None] for n in range(50)]]
    with pytest.raises(StudyError) as caught:
        read(Codings(), write_csv(tmp_path / "a.csv", rows))
    assert len(caught.value.faults) == 20
    assert "50 rows" in caught.value.faults[0].remedy


def test_a_codebook_sets_aside_what_repeats_and_names_bad_counts(tmp_path):
    rows = [["Code", "Times"], ["trust", 3], ["cost", None], ["trust", 1], [None, 2]]
    project = read(Book(), write_csv(tmp_path / "a.csv", rows))
    assert project.codes["name"].tolist() == ["trust", "cost"]
    assert project.codes["reported_n"].tolist() == [3, pd.NA]
    assert [(item.row, item.what) for item in project.set_aside] == [(4, "code"), (5, "row")]
    bad = [["Code", "Times"], ["trust", "often"], ["cost", -1]]
    assert kinds_of(Book(), write_csv(tmp_path / "b.csv", bad)) == [
        ("bad-number", 2, "Times"),
        ("bad-number", 3, "Times"),
    ]


def test_variables_of_a_case_that_stands_twice_must_agree(tmp_path):
    rows = [["Person", "Age"], ["Ann", 31], ["Ben", None], ["Ann", 31]]
    project = read(People(), write_csv(tmp_path / "a.csv", rows))
    assert project.cases["case_id"].tolist() == ["Ann", "Ben"]
    assert project.attributes[["entity_id", "value"]].to_numpy().tolist() == [["Ann", "31"]]
    rows[3][1] = 32
    assert kinds_of(People(), write_csv(tmp_path / "b.csv", rows)) == [("duplicate-case", 4, "Age")]


NAMES = st.text("ab/ >é", min_size=1, max_size=4).map(lambda text: f"x{text}x")


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(NAMES, NAMES, st.none() | NAMES), min_size=1, max_size=8),
    order=st.permutations(["File", "Code path", "Passage"]),
)
def test_every_row_is_a_coding_in_any_order_of_columns(rows, order, tmp_path_factory):
    places = {"File": 0, "Code path": 1, "Passage": 2}
    table = [list(order), *[[row[places[name]] for name in order] for row in rows]]
    path = write_csv(tmp_path_factory.getbasetemp() / "order.csv", table)
    project = read(Codings(), path)
    project.check()
    assert project.rows_read == len(project.codings) == len(rows)
    names = project.documents.set_index("document_id")["name"]
    found = project.segments["document_id"].astype("str").map(names)
    assert found.tolist() == [row[0] for row in rows]
