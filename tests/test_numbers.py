"""Printed numbers, against the standard library's decimals and a published table."""

import statistics
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.numbers import (
    format_number,
    format_numbers,
    mean_sd,
    n_percent,
    percent,
    range_text,
    round_exact,
)
from analysis.settings import Numbers

MODES = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}


@pytest.mark.parametrize(
    ("n", "whole", "printed"),
    [(4, 7, "4 (57.1)"), (3, 7, "3 (42.8)"), (5, 5, "5 (100)"), (0, 5, "0 (0)"),
     (4, 16, "4 (25)"), (12, 16, "12 (75)"), (3, 4, "3 (75)"), (1, 4, "1 (25)")],
)  # fmt: skip
def test_published_gender_cells_print_as_published_when_truncated(n, whole, printed):
    assert n_percent(n, whole, 1, "truncate", trailing_zeros=False) == printed


def test_three_of_seven_rounds_to_42_9_and_truncates_to_42_8():
    assert percent(3, 7) == "42.9"
    assert percent(3, 7, rounding="truncate") == "42.8"


def test_a_deviation_of_10_996_prints_10_99_truncated_and_11_00_rounded():
    ages = [37, 45, 55, 62]
    mean, sd = statistics.mean(ages), statistics.stdev(ages)
    assert mean_sd(mean, sd, 2, "truncate") == "49.75 ± 10.99"
    assert mean_sd(mean, sd, 2) == "49.75 ± 11.00"


@settings(deadline=None, max_examples=300)
@given(
    st.decimals(min_value=-(10**6), max_value=10**6, places=4),
    st.integers(0, 4),
    st.sampled_from(sorted(MODES)),
)
def test_rounding_agrees_with_decimal_quantize(value, decimals, rounding):
    expected = value.quantize(Decimal(1).scaleb(-decimals), rounding=MODES[rounding])
    assert round_exact(value, decimals, rounding) == expected
    assert round_exact(str(value), decimals, rounding) == expected
    assert round_exact(float(value), decimals, rounding) == expected


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from(sorted(MODES)))
def test_percentages_are_rounded_once_from_the_exact_fraction(n, whole, rounding):
    shown = Decimal(percent(n, whole, 1, rounding).replace(",", ""))
    exact = Fraction(100 * n, whole)
    error = exact - Fraction(shown)
    limits = {"truncate": (0, Fraction(1, 10))}.get(rounding, (Fraction(-1, 20), Fraction(1, 20)))
    assert limits[0] <= error <= limits[1]


@pytest.mark.parametrize(
    ("value", "rounding", "printed"),
    [(2.675, "half-up", "2.68"), (2.665, "half-even", "2.66"), (-2.675, "half-up", "−2.68"),
     (2.679, "truncate", "2.67"), (-2.679, "truncate", "−2.67"), (-0.001, "half-up", "0.00")],
)  # fmt: skip
def test_ties_and_signs_follow_the_named_convention(value, rounding, printed):
    assert format_number(value, 2, rounding) == printed


def test_noise_of_binary_arithmetic_does_not_move_a_tie():
    assert 0.575 * 100 < 57.5
    assert format_number(0.575 * 100) == "58"
    assert format_number(0.1 * 3, 1, "truncate") == "0.3"


def test_thousands_have_commas():
    assert format_numbers([1704, np.int64(1_000_000), 1234.5]) == ["1,704", "1,000,000", "1,235"]


def test_missing_values_print_a_dash():
    assert format_numbers([None, float("nan"), pd.NA, np.nan]) == ["–"] * 4
    assert mean_sd(float("nan"), 1.0) == "–"
    assert mean_sd(40.0, float("nan")) == "40.00"
    assert n_percent(0, 0) == "0 (–)"
    assert range_text(None, 3) == "–"


def test_trailing_zeros_stay_or_go_as_asked():
    assert format_number(25, 1) == "25.0"
    assert format_number(25, 1, trailing_zeros=False) == "25"
    assert format_number(100, 0, trailing_zeros=False) == "100"


def test_ranges_have_an_en_dash_and_no_doubt_about_a_minus():
    assert range_text(15, 60) == "15–60"
    assert range_text(20.0, 20.2, 0) == "20"
    assert range_text(-3, 4) == "−3 to 4"


def test_a_study_prints_every_percentage_by_one_rule():
    rule = Numbers(percent_decimals=2, rounding="truncate", percent_trailing_zeros=False)
    assert rule.percent(1, 4) == rule.in_percent(25.0) == "25"
    assert rule.n_percent(3, 7) == "3 (42.85)"
    assert rule.percent(0, 0) == rule.in_percent(float("nan")) == "–"


@pytest.mark.parametrize("value", [float("inf"), "nan", Decimal("Infinity")])
def test_what_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        round_exact(value)


def test_unknown_conventions_are_refused():
    with pytest.raises(ValueError, match="half-down"):
        round_exact(1.5, 0, "half-down")
