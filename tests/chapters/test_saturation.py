"""Saturation by Guest, Namey and Chen: worked examples, and what random orders add."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.saturation import (
    Novelty,
    accumulation_band,
    codes_at,
    guest_point,
    guest_settings,
    novelty_of,
)

WORKED = [15, 11, 7, 4, 4, 3, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("new", "base", "run", "threshold", "point"),
    [
        (WORKED, 4, 2, 0.05, 6),  # 19 %, 11 %, 3 %: 6+2
        (WORKED, 4, 3, 0.05, 7),  # 7+3
        (WORKED, 4, 2, 0.0, None),
        (WORKED, 4, 3, 0.0, None),
        ([4, 3, 2, 1, 1, 0, 0, 0], 4, 2, 0.05, 5),  # 5+2
    ],
)
def test_worked_examples(new, base, run, threshold, point):
    assert guest_point(new, base=base, run=run, threshold=threshold) == point


def test_five_percent_of_twenty_is_one_code():
    assert guest_point([20, 0, 0, 0, 1, 0], base=4, run=2, threshold=0.05) == 4


def test_too_few_interviews_reach_nothing():
    assert guest_point([3, 2, 0, 0, 0], base=4, run=2, threshold=0.05) is None


def test_a_base_without_codes_reaches_nothing():
    assert guest_point([0, 0, 0, 0, 0, 0], base=4, run=2, threshold=0.05) is None


def frames(pairs: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["case_id", "code_id"])


def test_cases_without_codings_keep_their_place():
    novelty = novelty_of(frames([("a", "x"), ("c", "x"), ("c", "y")]), ["a", "b", "c"])
    assert novelty.table().to_dict("list") == {
        "case_id": ["a", "b", "c"],
        "codes": [1, 0, 2],
        "new": [1, 0, 1],
        "cumulative": [1, 1, 2],
    }


def test_a_coding_of_an_unknown_case_is_refused():
    with pytest.raises(ValueError, match="without a place"):
        novelty_of(frames([("z", "x")]), ["a"])


def test_codings_above_the_level_stay_themselves():
    codes = pd.DataFrame(
        {"code_id": ["A", "A > B", "C"], "parent_id": [None, "A", None], "level": [1, 2, 1]}
    )
    codings = frames([("p", "A"), ("p", "A > B"), ("p", "C")])
    assert list(codes_at(codings, codes, 2)["code_id"]) == ["A", "A > B", "C"]
    assert list(codes_at(codings, codes, 1)["code_id"]) == ["A", "A", "C"]


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=12))
@settings(deadline=None, max_examples=50)
def test_new_codes_add_up_to_all_codes_in_every_order(rows):
    present = np.array(rows)[:, np.array(rows).any(axis=0)]
    novelty = Novelty(tuple(map(str, range(len(rows)))), present)
    band = accumulation_band(novelty, orders=20)
    assert novelty.new.sum() == present.shape[1]
    assert band["cumulative"].iloc[-1] == present.shape[1]
    if present.shape[1]:
        assert (band[["lower", "median", "upper"]].iloc[-1] == present.shape[1]).all()
    assert (band["lower"] <= band["upper"]).all()


def test_random_orders_are_the_same_each_time():
    present = np.random.default_rng(5).random((14, 30)) < 0.2
    novelty = Novelty(tuple(map(str, range(14))), present[:, present.any(axis=0)])
    pd.testing.assert_frame_equal(
        guest_settings(novelty, orders=50), guest_settings(novelty, orders=50)
    )
    assert len(guest_settings(novelty, orders=50)) == 12


def test_identical_interviews_are_saturated_in_every_order():
    novelty = Novelty(tuple("abcdefghij"), np.ones((10, 6), dtype=bool))
    table = guest_settings(novelty, orders=20)
    assert list(table["reached"]) == list(table["base"])
    assert (table["share_reached"] == 1).all()
