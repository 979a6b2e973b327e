"""What stands on a framework, and on a second one, held against counting by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.crosswalk import (
    crosswalk_counts,
    crosswalk_facts,
    crosswalk_table,
    placed_codings,
)
from analysis.chapters.framework import coverage, coverage_facts, coverage_table, flows
from analysis.figures import flow_figure
from analysis.settings import Numbers

CODES = pd.DataFrame(
    {
        "code_id": ["A", "A > x", "A > y", "B", "C"],
        "parent_id": pd.Series([None, "A", "A", None, None], dtype="str"),
        "name": ["A", "x", "y", "B", "C"],
        "label": ["A", "x", "y", "B", "C"],
        "level": [1, 2, 2, 1, 1],
        "position": [1, 2, 3, 4, 5],
    }
)
CODINGS = pd.DataFrame(
    [("A > x", "1"), ("A > x", "2"), ("A > y", "1"), ("B", "2")], columns=["code_id", "case_id"]
)
CODINGS = CODINGS.assign(coding_id=[f"c{n}" for n in range(len(CODINGS))])
GROUPS = pd.Series(
    pd.Categorical(["p", "q"], categories=["p", "q"], ordered=True), index=["1", "2"]
)
DIMENSIONS = pd.DataFrame({"id": ["one", "two", "three"], "name": ["One", "Two", "Three"]})
CATEGORIES = pd.DataFrame(
    {"category": ["A", "B", "B", "C"], "dimension": ["one", "one", "two", "three"]}
)
PRINT = {"label": "tbl-x", "caption": "X", "synthetic": False, "case_word": "Participants"}


def test_a_category_on_two_dimensions_speaks_to_both_and_people_count_once():
    table = coverage(CODINGS, CODES, DIMENSIONS, CATEGORIES, GROUPS).set_index("id")
    assert table["codings"].to_dict() == {"one": 4, "two": 1, "three": 0}
    assert table["cases"].to_dict() == {"one": 2, "two": 1, "three": 0}
    assert table["group-1"].to_dict() == {"one": 1, "two": 0, "three": 0}


def test_thin_and_silent_dimensions_are_said():
    table = coverage(CODINGS, CODES, DIMENSIONS, CATEGORIES, GROUPS)
    printed = coverage_table(table, GROUPS, 2, thin=0.3, numbers=Numbers(), **PRINT)
    remarks = [row.cells[-1] for row in printed.rows]
    assert remarks == ["–", "thin", "silent"]
    assert list(printed.data["remark"]) == ["–", "thin; nothing from p", "silent"]
    facts = coverage_facts(table, GROUPS, thin=0.3)
    assert (facts["coverage.silent"], facts["coverage.thin"], facts["coverage.by-all"]) == (1, 1, 1)
    assert facts["coverage.sentence"] == (
        "Of the three dimensions of the framework, 1 is silent; every group speaks to one of "
        "them; less than 30% of the codings stand on two."
    )


def test_without_codings_and_groups_there_is_a_table_that_says_so():
    table = coverage(CODINGS.iloc[:0], CODES, DIMENSIONS, CATEGORIES, None)
    printed = coverage_table(table, None, 0, thin=0.05, numbers=Numbers(), **PRINT)
    assert [row.cells[-1] for row in printed.rows] == ["silent"] * 3
    assert "nan" not in printed.html().casefold()
    assert "3 are silent" in coverage_facts(table, None, thin=0.05)["coverage.sentence"]


def test_flows_add_up_to_the_codings():
    table = flows(CODINGS, CODES, DIMENSIONS, CATEGORIES, GROUPS)
    assert table["codings"].sum() == pytest.approx(len(CODINGS))
    by = table.groupby(["source", "target"])["codings"].sum().to_dict()
    assert by == {("p", "One"): 2, ("q", "One"): 1.5, ("q", "Two"): 0.5}
    figure = flow_figure(table, label="fig-x", caption="X", synthetic=False)
    assert "4 codings" in figure.alt
    assert "p to One, 100%" in figure.alt


def test_a_code_carries_those_below_it_along_and_a_coding_counts_once_for_an_item():
    items = pd.DataFrame(
        {
            "item": ["all", "i", "j", "k"],
            "parent": pd.Series([None, "all", "all", None], dtype="str"),
            "name": ["All", "I", "J", "K"],
        }
    )
    mapping = pd.DataFrame({"code": ["A", "A > x", "A > x"], "item": ["i", "i", "j"]})
    counts = crosswalk_counts(CODINGS, CODES, items, mapping, GROUPS).set_index("item")
    assert counts["codings"].to_dict() == {"all": 3, "i": 3, "j": 2, "k": 0}
    assert counts["cases"].to_dict() == {"all": 2, "i": 2, "j": 2, "k": 0}
    assert counts["groups"]["i"] == ["p", "q"]
    placed = placed_codings(CODINGS, CODES, mapping)
    assert placed == 3
    counts = counts.reset_index()
    facts = crosswalk_facts(counts, placed, 4, "Kinds", Numbers())
    assert (facts["crosswalk.items"], facts["crosswalk.silent"]) == (3, 1)
    assert facts["crosswalk.sentence"] == (
        "Laid out on kinds, 75.0% of the codings have a place; no item has more than i "
        "(3 codings). Nobody spoke of k."
    )
    printed = crosswalk_table(counts, GROUPS, placed, 4, 2, numbers=Numbers(), **PRINT)
    assert [row.cells[-1] for row in printed.rows] == ["all", "all", "all", "silent"]


def test_an_empty_export_has_a_crosswalk_without_a_number_that_is_none():
    items = pd.DataFrame({"item": ["i"], "parent": pd.Series([None], dtype="str"), "name": ["I"]})
    mapping = pd.DataFrame({"code": ["A"], "item": ["i"]})
    counts = crosswalk_counts(CODINGS.iloc[:0], CODES, items, mapping, None)
    said = crosswalk_facts(counts, 0, 0, "Kinds", Numbers())["crosswalk.sentence"]
    assert said == "Laid out on kinds, 0% of the codings have a place. Nobody spoke of i."


def test_a_coding_of_several_people_counts_once_and_for_each_of_them():
    codings = CODINGS.iloc[:1].assign(people=[["1", "2"]])
    table = coverage(codings, CODES, DIMENSIONS, CATEGORIES, GROUPS).set_index("id")
    assert (table["codings"]["one"], table["cases"]["one"]) == (1, 2)
    assert flows(codings, CODES, DIMENSIONS, CATEGORIES, GROUPS)["codings"].tolist() == [0.5, 0.5]
