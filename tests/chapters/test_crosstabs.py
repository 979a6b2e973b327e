"""Codes by attributes and by document, held against counting by hand."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from analysis.chapters.crosstabs import (
    code_key,
    cross,
    cross_facts,
    cross_table,
    crossing,
    document_matrix,
)
from analysis.settings import Numbers
from analysis.tables import MOST_COLUMNS

CODES = pd.DataFrame(
    {
        "code_id": ["A", "A > x", "B"],
        "parent_id": pd.Series([None, "A", None], dtype="str"),
        "name": ["A", "x", "B"],
        "label": ["A", "x", "B"],
        "level": [1, 2, 1],
        "position": [1, 2, 3],
    }
)
CODINGS = pd.DataFrame(
    [("A > x", "1", "d1"), ("A > x", "1", "d2"), ("A", "2", "d3"), ("B", "3", "d4")],
    columns=["code_id", "case_id", "document_id"],
)


def attribute(values: dict[str, str], levels: list[str]) -> pd.Series:
    ordered = pd.Categorical(list(values.values()), categories=levels, ordered=True)
    return pd.Series(ordered, index=list(values))


GROUP = attribute({"1": "x", "2": "x", "3": "y", "4": "y"}, ["x", "y"])
GENDER = attribute({"1": "f", "2": "m", "3": "m", "4": "m"}, ["f", "m"])


def row(table: pd.DataFrame, code: str, first: str, second: str = "All") -> pd.Series:
    found = table.query("code_id == @code and first == @first and second == @second")
    assert len(found) == 1
    return found.iloc[0]


def table_of(counts: pd.DataFrame):
    return cross_table(
        CODES,
        counts,
        deepest=2,
        numbers=Numbers(),
        case_word="Participants",
        label="tbl-x",
        caption="X",
        synthetic=False,
    )


def test_people_count_once_and_categories_gather_what_stands_below_them():
    found = row(cross(CODINGS, CODES, crossing(GROUP)), "A", "x")
    assert (found["own"], found["codings"], found["cases"], found["cell_cases"]) == (1, 3, 2, 2)
    assert found["share"] == 1


def test_a_share_has_the_published_interval_of_wilson():
    codings = pd.DataFrame({"code_id": ["B"] * 15, "case_id": [str(n) for n in range(15)]})
    group = attribute({str(n): "x" for n in range(20)}, ["x"])
    found = row(cross(codings, CODES, crossing(group)), "B", "x")
    assert found["lower"] == pytest.approx(0.5313, abs=5e-5)
    assert found["upper"] == pytest.approx(0.8881, abs=5e-5)
    none = row(cross(codings, CODES, crossing(group)), "A", "x")
    assert (none["lower"], none["share"]) == (0, 0)


def test_two_attributes_make_cells_and_empty_ones_are_none():
    counts = cross(CODINGS, CODES, crossing(GROUP, GENDER))
    cells = counts.drop_duplicates(["first", "second"])[["first", "second", "cell_cases"]]
    assert cells.to_numpy().tolist() == [["x", "f", 1], ["x", "m", 1], ["y", "m", 2]]
    assert row(counts, "A", "x", "f")["codings"] == 2


def test_the_printed_table_has_no_nan_and_says_what_it_leaves_out():
    many = {str(n): f"level {n}" for n in range(MOST_COLUMNS + 3)}
    counts = cross(CODINGS, CODES, crossing(attribute(many, list(many.values()))))
    table = table_of(counts)
    assert len(table.columns) == MOST_COLUMNS + 1
    assert any("3 more columns" in note for note in table.notes)
    assert "nan" not in table.html().casefold()
    assert "2; 100 (21–100)" in table_of(cross(CODINGS, CODES, crossing(GENDER))).html()


def test_where_nothing_was_coded_the_sentence_claims_no_difference():
    counts = cross(CODINGS.iloc[:0], CODES, crossing(GROUP))
    said = cross_facts(counts, CODES, " by group")["crosstab.sentence"]
    assert said == "By group, the same share of people raised each of them."
    one = attribute({"1": "x"}, ["x"])
    alone = cross(CODINGS, CODES, crossing(one))
    assert cross_facts(alone, CODES, " by group")["crosstab.sentence"] == ""


def test_the_largest_difference_is_named_with_its_counts():
    said = cross_facts(cross(CODINGS, CODES, crossing(GROUP)), CODES, " by group")
    assert said["crosstab.sentence"] == (
        "By group, people differ most in how many raised a: 2 of 2 in “x”, 0 of 2 in “y”."
    )


def test_the_matrix_has_every_document_and_every_code():
    documents = pd.DataFrame(
        {"document_id": ["d1", "d2", "d3", "d4", "d5"], "case_id": ["1", "1", "2", "3", "4"]}
    )
    counts = document_matrix(CODINGS, CODES, documents, GROUP)
    names = list(code_key(CODES)["variable"])
    assert list(counts.columns) == ["document", "case", "group", *names]
    assert counts[names].to_numpy().tolist() == [
        [1, 1, 0],
        [1, 1, 0],
        [1, 0, 0],
        [0, 0, 1],
        [0, 0, 0],
    ]
    own = document_matrix(CODINGS, CODES, documents, None, own=True, binary=True)
    assert own[names].sum().tolist() == [1, 2, 1]


def test_variables_are_names_that_spss_and_r_take():
    names = ["Same name", "Same name", "2020", "سلامت", "x" * 200]
    codes = pd.DataFrame(
        {
            "code_id": [str(n) for n in range(5)],
            "parent_id": pd.Series([None] * 5, dtype="str"),
            "name": names,
            "label": names,
            "level": 1,
            "position": range(1, 6),
        }
    )
    made = list(code_key(codes)["variable"])
    assert len(set(made)) == 5
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name) for name in made)
