from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit.arithmetic import ROUNDINGS, grim, grim_map, percent
from tests.audit.arithmetic.brute_force import MODES, shown


@pytest.mark.parametrize(("mean", "n"), [("5.19", 28), ("5.27", 43), ("3.48", 20)])
def test_means_that_brown_and_heathers_call_inconsistent_are_so_when_rounded(mean, n):
    assert not grim(mean, n).is_rounded


def test_a_mean_that_fits_only_when_cut_off_is_named_and_not_called_impossible():
    assert grim("5.27", 43).fits == ("truncate",)
    assert grim("5.27", 43).is_possible
    assert not grim("5.19", 28).is_possible


def test_of_the_means_from_519_to_530_three_can_be_with_28_people():
    means = [f"5.{cents}" for cents in range(19, 31)]
    assert [mean for mean in means if grim(mean, 28).is_rounded] == ["5.21", "5.25", "5.29"]


def test_the_nearest_possible_means_stand_on_either_side():
    assert grim("5.19", 28).nearest == (Fraction(145, 28), Fraction(146, 28))


@pytest.mark.parametrize(
    ("printed", "whole", "is_rounded"),
    [("32.5", 438, False), ("35.6", 455, True), ("21.7", 501, False), ("39.3", 516, True)],
)
def test_percentages_of_the_published_examples(printed, whole, is_rounded):
    assert percent(printed, whole).is_rounded is is_rounded


def test_seventeen_people_allow_eighteen_percentages():
    possible = [value for value in range(101) if percent(str(value), 17).is_rounded]
    known = "0 6 12 18 24 29 35 41 47 53 59 65 71 76 82 88 94 100"
    assert possible == [int(value) for value in known.split()]


@pytest.mark.parametrize(
    ("printed", "fits"),
    [
        ("12.5", ROUNDINGS),
        ("12", ("half-even", "half-down", "truncate")),
        ("13", ("half-up",)),
        ("12.4", ()),
    ],
)
def test_either_direction_of_a_tie_is_accepted_and_named(printed, fits):
    assert percent(printed, 8, 1).fits == fits


def test_three_of_seven_is_428_only_when_cut_off():
    assert percent("42.8", 7, 3).fits == ("truncate",)
    assert percent("42.9", 7, 3).is_rounded
    assert percent("57.1%", 7, 4).fits == ROUNDINGS


@pytest.mark.parametrize(("count", "fits"), [(1, True), (2, False), (0, True)])
def test_a_bound_holds_for_the_counts_below_it(count, fits):
    assert percent("<0.1", 2000, count).is_possible is fits


def test_a_percentage_above_100_has_no_count():
    assert not percent("100.5", 40).is_possible


@settings(deadline=None, max_examples=60)
@given(
    n=st.integers(1, 8),
    decimals=st.integers(0, 2),
    items=st.integers(1, 3),
    low=st.integers(-20, 5),
)
def test_grim_agrees_with_the_means_of_all_samples(n, decimals, items, low):
    unit = 10**decimals
    totals = range(low * n * items, (low + 3) * n * items + 1)
    printed = {
        rounding: {shown(Fraction(total, n * items), decimals, rounding) for total in totals}
        for rounding in MODES
    }
    # well inside the range of the totals made, so that none is missing
    for digits in range((low + 1) * unit, (low + 2) * unit + 1):
        mean = shown(Fraction(digits, unit), decimals, "half-up")
        expected = tuple(r for r in ROUNDINGS if mean in printed[r])
        assert grim(mean, n, items).fits == expected


def test_a_column_of_means_is_tested_like_each_alone():
    table = pd.DataFrame(
        {"mean": ["5.19", "5.21", None, "5.27"], "n": [28, 28, 3, 43]}, index=[4, 5, 6, 9]
    )
    result = grim_map(table)
    assert result.index.tolist() == [4, 5, 6, 9]
    assert result["possible"].tolist() == [False, True, pd.NA, True]
    assert result.loc[9, "truncate"]
    assert not result.loc[9, "half-up"]


def test_numbers_beyond_64_bits_are_still_exact():
    # 999999999999 halves of a millionth, times a billion people
    assert grim("499999.999999", 10**9).is_possible
    assert grim("0.333333333333", 3).fits == ROUNDINGS
    assert not grim("0.333333333334", 3).is_possible


@pytest.mark.parametrize("arguments", [("x", 5), ("5", 0), ("5", 3, 0), ("NR", 4)])
def test_what_cannot_be_tested_is_an_error(arguments):
    with pytest.raises(ValueError, match="expected"):
        grim(*arguments)
