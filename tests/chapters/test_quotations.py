"""Quotations come from many people and groups, by a rule that a reader can apply."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.quotations import (
    category_quotations,
    pick_quotations,
    spread_quotations,
)
from analysis.settings import Quotations
from qdaio.faults import StudyError

CODES = pd.DataFrame(
    {
        "code_id": ["A", "A > x", "A > x > 1", "A > y", "A > y > 1", "B", "B > z"],
        "parent_id": pd.Series([None, "A", "A > x", "A", "A > y", None, "B"], dtype="str"),
        "level": [1, 2, 3, 2, 3, 1, 2],
        "label": ["A", "x", "1", "y", "1", "B", "z"],
        "position": range(1, 8),
    }
)


def marked(*rows: tuple[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["code_id", "case_id"])
    return table.assign(document_id=table["case_id"], text=[f"t{at}" for at in table.index])


def test_a_quotation_of_a_branch_that_ends_early_stands_under_its_own_code():
    table = category_quotations(marked(("A > x > 1", "1"), ("B", "2")), CODES, 2)
    assert list(table["category"]) == ["A > x", "B"]


def test_who_was_quoted_least_so_far_is_quoted_next():
    rows = marked(("A > x > 1", "1"), ("B > z", "1"), ("B > z", "2"))
    shown = spread_quotations(category_quotations(rows, CODES, 1), CODES, None, 1)
    assert list(shown["case_id"]) == ["1", "2"]


def test_nobody_is_quoted_twice_on_a_category_while_another_is_there():
    rows = marked(("A > x > 1", "1"), ("A > x > 1", "1"), ("B > z", "1"), ("B > z", "2"),
                  ("B > z", "1"), ("A > y > 1", "2"))  # fmt: skip
    shown = spread_quotations(category_quotations(rows, CODES, 1), CODES, None, 2)
    assert [set(of["case_id"]) for _, of in shown.groupby("category")] == [{"1", "2"}] * 2
    # who was heard often before still comes before a second quotation of one person
    rows = marked(*[("A > x > 1", "1")] * 3, ("B > z", "1"), ("B > z", "2"), ("B > z", "2"))
    shown = spread_quotations(category_quotations(rows, CODES, 1), CODES, None, 3)
    assert list(shown["case_id"])[3:5] == ["2", "1"]


def test_of_people_quoted_alike_the_group_that_was_quoted_least_for_its_size_comes_first():
    groups = pd.Series(pd.Categorical(["big", "big", "big", "small"]), index=list("1234"))
    rows = marked(("A > x > 1", "1"), ("B > z", "4"), ("B > z", "2"))
    shown = spread_quotations(category_quotations(rows, CODES, 1), CODES, groups, 1)
    assert list(shown["case_id"]) == ["1", "4"]


def test_a_subcategory_without_a_quotation_comes_before_one_that_has_one():
    rows = marked(("A > x > 1", "1"), ("A > x > 1", "2"), ("A > y > 1", "3"))
    shown = spread_quotations(category_quotations(rows, CODES, 1), CODES, None, 2)
    assert list(shown["code_id"]) == ["A > x > 1", "A > y > 1"]


def test_never_more_than_asked_and_never_one_twice():
    rows = marked(*[("A > x > 1", str(at % 3)) for at in range(9)])
    shown = spread_quotations(category_quotations(rows, CODES, 1), CODES, None, 4)
    assert len(shown) == 4
    assert shown["text"].is_unique
    assert sorted(shown["case_id"].value_counts()) == [1, 1, 2]


PICKED = pd.DataFrame(
    {
        "category": ["A", "A", "A", "B"],
        "case_id": ["1", "1", "2", "2"],
        "text": ["one two three", "one two three four", "one", "one two"],
        "source_file": "exports/coded.xlsx",
        "source_row": [5, 6, 7, 8],
    }
)


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        (Quotations(), [5, 6, 7, 8]),
        (Quotations(table="each group", each=2), [5, 7, 8]),
        (Quotations(table="longest", each=1), [6, 8]),
        (Quotations(table="longest", each=1, words=3), [5, 8]),
        (Quotations(table="named", named=["7", "coded.xlsx:5"]), [5, 7]),
    ],
)
def test_quotations_of_the_table_are_picked_by_the_stated_rule(rule, rows):
    groups = pd.Series(["x", "y"], index=["1", "2"], dtype="category")
    assert pick_quotations(PICKED, groups, rule)["source_row"].tolist() == rows


def test_a_named_row_that_may_not_be_quoted_is_told():
    with pytest.raises(StudyError) as stopped:
        pick_quotations(PICKED, None, Quotations(table="named", named=["99"]))
    assert stopped.value.faults[0].column == "quotations.named"
