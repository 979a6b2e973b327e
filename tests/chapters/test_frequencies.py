"""Frequencies: the coding is the unit, a person counts once."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.frequencies import (
    code_frequencies,
    group_frequencies,
    interview_order,
)
from analysis.chapters.saturation import novelty_of

CODES = pd.DataFrame(
    {
        "code_id": ["A", "A > x", "A > y", "B", "B > x"],
        "parent_id": pd.Series([None, "A", "A", None, "B"], dtype="str"),
        "level": [1, 2, 2, 1, 2],
        "position": [1, 2, 3, 4, 5],
    }
)


def codings_of(pairs: list[tuple[str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(pairs, columns=["code_id", "case_id"]).astype("str")
    return table.assign(document_id=table["case_id"])


CODINGS = codings_of(
    [("A > x", "1"), ("A > x", "1"), ("A > y", "1"), ("A > y", "2"), ("A", "2"), ("B > x", "3")]
)


def test_a_category_gathers_its_own_codings_and_those_below_it():
    table = code_frequencies(CODINGS, CODES).set_index("code_id")
    assert dict(table["codings"]) == {"A": 5, "A > x": 2, "A > y": 2, "B": 1, "B > x": 1}
    assert dict(table["own"]) == {"A": 1, "A > x": 2, "A > y": 2, "B": 0, "B > x": 1}


def test_a_person_coded_several_times_below_a_category_counts_once():
    table = code_frequencies(CODINGS, CODES).set_index("code_id")
    assert dict(table["cases"]) == {"A": 2, "A > x": 1, "A > y": 2, "B": 1, "B > x": 1}


def test_codes_with_the_same_last_name_are_kept_apart():
    table = code_frequencies(CODINGS, CODES).set_index("code_id")
    assert table.loc["A > x", "codings"] != table.loc["B > x", "codings"]


def test_a_code_that_was_never_used_has_a_row_with_nothing():
    table = code_frequencies(CODINGS[CODINGS["case_id"] != "3"], CODES).set_index("code_id")
    assert table.loc["B", ["codings", "cases", "documents"]].tolist() == [0, 0, 0]


def test_groups_add_up_to_everyone():
    groups = pd.Series(pd.Categorical(["g", "g", "h"], ["g", "h", "nobody"]), index=list("123"))
    by_group = group_frequencies(CODINGS, CODES, groups)
    assert len(by_group) == len(CODES) * 3
    overall = code_frequencies(CODINGS, CODES).set_index("code_id")
    assert dict(by_group.groupby("code_id")["codings"].sum()) == dict(overall["codings"])
    assert dict(by_group.groupby("code_id")["cases"].sum()) == dict(overall["cases"])


def test_a_case_without_a_group_is_refused_rather_than_lost():
    groups = pd.Series(pd.Categorical(["g", "g"], ["g"]), index=["1", "2"])
    with pytest.raises(ValueError, match="without a group"):
        group_frequencies(CODINGS, CODES, groups)


def test_new_codes_are_those_that_no_earlier_case_had():
    table = novelty_of(CODINGS, ["1", "2", "3"]).table()
    assert table["new"].tolist() == [2, 1, 1]
    assert table["cumulative"].tolist() == [2, 3, 4]
    assert novelty_of(CODINGS, ["2", "1", "3"]).table()["new"].tolist() == [2, 1, 1]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(CODES["code_id"])), st.sampled_from(list("12345"))),
        min_size=1,
        max_size=60,
    )
)
def test_frequencies_are_those_of_counting_row_by_row(pairs):
    table = code_frequencies(codings_of(pairs), CODES).set_index("code_id")
    for code in CODES["code_id"]:
        below = [pair for pair in pairs if pair[0] == code or pair[0].startswith(f"{code} > ")]
        assert table.loc[code, "codings"] == len(below)
        assert table.loc[code, "cases"] == len({case for _, case in below})
    last = novelty_of(codings_of(pairs), list("12345")).table()
    assert last["cumulative"].iloc[-1] == len({code for code, _ in pairs})


def test_cases_stand_in_the_order_of_their_first_interview_or_of_their_names():
    documents = pd.DataFrame(
        {
            "case_id": ["P2", "P10", "P2"],
            "is_follow_up": [False, False, True],
            "date": ["2023-05-02", "2023-05-01", "2023-04-01"],
        }
    )
    assert interview_order(documents) == ["P10", "P2"]
    assert interview_order(documents.assign(date=None)) == ["P2", "P10"]
