"""Counts by code and by those above it, held against looking at each row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import tally
from analysis.tally import distinct, places, sums, tree_of

CODES = pd.DataFrame(
    {
        "code_id": ["a", "a > b", "a > b > c", "a > d", "e"],
        "parent_id": pd.Series([None, "a", "a > b", "a", None], dtype="str"),
    }
)
ROWS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 5)), max_size=40)
CELL_OF = [0, 1, 1, -1, 0, 1]


def below(at: int) -> set[int]:
    name = CODES["code_id"][at]
    return {n for n, code in enumerate(CODES["code_id"]) if f"{code} > ".startswith(f"{name} > ")}


@given(rows=ROWS, marks=st.sampled_from([0, 10**9]))
@settings(max_examples=60, deadline=None)
def test_every_count_is_that_of_the_rows(rows, marks):
    before, tally.MARKS = tally.MARKS, marks
    try:
        tree = tree_of(CODES)
        code = np.array([row[0] for row in rows], dtype=np.int64)
        who = np.array([row[1] for row in rows], dtype=np.int64)
        cell = np.append(CELL_OF, -1)[who] if len(who) else who
        own, whole = sums(tree, code, cell, 2)
        own_people, people = distinct(tree, code, who, np.array(CELL_OF), 2)
    finally:
        tally.MARKS = before
    counted = [(c, w) for c, w in rows if c >= 0 and w >= 0]
    for at in range(len(CODES)):
        for group in range(2):
            there = [(c, w) for c, w in counted if CELL_OF[w] == group]
            assert own[at, group] == sum(c == at for c, _ in there)
            assert whole[at, group] == sum(c in below(at) for c, _ in there)
            assert own_people[at, group] == len({w for c, w in there if c == at})
            assert people[at, group] == len({w for c, w in there if c in below(at)})


def test_values_are_found_whether_they_are_texts_or_categories():
    names = pd.Index(["x", "y"])
    texts = pd.Series(["y", None, "z", "x"])
    assert places(texts, names).tolist() == [1, -1, -1, 0]
    assert places(texts.astype("category"), names).tolist() == [1, -1, -1, 0]


def test_codes_that_stand_above_each_other_are_refused():
    codes = pd.DataFrame({"code_id": ["a", "b"], "parent_id": ["b", "a"]})
    with pytest.raises(ValueError, match="circle"):
        tree_of(codes)
