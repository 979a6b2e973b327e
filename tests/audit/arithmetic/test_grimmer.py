from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit.arithmetic import (
    CONVENTIONS,
    Convention,
    debit,
    debit_map,
    grimmer,
    grimmer_map,
)
from analysis.audit.arithmetic.integers import NO_LIMIT, attains
from tests.audit.arithmetic.brute_force import printed_pairs, shown, shown_root

ROUNDED = [pair for pair in CONVENTIONS if pair.rounding != "truncate"]


def test_the_published_examples_are_judged_as_published_under_the_rounded_sample_sd():
    sample = Convention("sample", "half-up")
    assert sample in grimmer("5.21", "1.60", 28).fits
    assert sample not in grimmer("3.44", "2.47", 18).fits
    assert sample not in grimmer("7.3", "2.51", 12).fits


def test_an_sd_that_fits_under_some_convention_is_not_called_impossible():
    assert not grimmer("7.3", "2.51", 12).is_possible
    assert grimmer("3.44", "2.47", 18).is_possible
    assert not set(grimmer("3.44", "2.47", 18).fits) & set(ROUNDED)


def test_four_ages_have_the_printed_sd_of_a_sample_only_when_cut_off():
    fits = grimmer("49.75", "10.99", 4).fits
    assert Convention("sample", "truncate") in fits
    assert not {pair for pair in fits if pair.deviation == "sample"} & set(ROUNDED)


def test_an_sd_fails_with_a_mean_that_cannot_be():
    assert not grimmer("5.19", "1.60", 28).is_possible


@pytest.mark.parametrize(
    ("mean", "sd", "possible"), [(".36", ".11", False), (".35", ".18", False), (".35", ".49", True)]
)
def test_debit_judges_the_published_examples(mean, sd, possible):
    assert debit(mean, sd, 20).is_possible is possible


@settings(deadline=None, max_examples=60)
@given(n=st.integers(1, 60), count=st.integers(0, 60), decimals=st.integers(0, 3))
def test_debit_knows_the_formula_for_every_count(n, count, decimals):
    count = min(count, n)
    share = Fraction(count, n)
    for pair in CONVENTIONS:
        divisor = n - 1 if pair.deviation == "sample" else n
        if not divisor:
            continue
        spread = share * (1 - share) * n / divisor
        mean, sd = (
            shown(share, decimals, pair.rounding),
            shown_root(spread, decimals, pair.rounding),
        )
        assert pair in debit(mean, sd, n).fits


@pytest.mark.parametrize(
    ("n", "low", "high"), [(1, 0, 4), (2, 1, 6), (3, 1, 5), (5, 0, 3), (8, 1, 3)]
)
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_on_a_scale_grimmer_allows_just_what_the_samples_print(n, low, high, decimals):
    pairs = printed_pairs(n, low, high, decimals)
    means = sorted({mean for found in pairs.values() for mean, _ in found})
    unit = Fraction(1, 10**decimals)
    sds = [shown(unit * step, decimals, "half-up") for step in range(0, 4 * 10**decimals, 3)]
    sds += sorted({sd for found in pairs.values() for _, sd in found})
    cells = list(product(means[::3] + means[:2], sds))
    table = pd.DataFrame(cells, columns=["mean", "sd"]).assign(n=n)
    result = grimmer_map(table, low=low, high=high)
    for pair in CONVENTIONS:
        expected = [cell in pairs[pair.deviation, pair.rounding] for cell in cells]
        assert result[f"{pair.deviation} {pair.rounding}"].tolist() == expected


@pytest.mark.parametrize("n", range(2, 9))
def test_without_a_scale_grimmer_allows_just_what_the_samples_print(n):
    # samples from −7 to 7 hold every sample with a mean in [0, 1) and an SD up to 1.6
    reach = 7 if n < 7 else 5
    largest = "1.60"
    pairs = printed_pairs(n, -reach, reach, 2)
    means = [shown(Fraction(total, n), 2, "half-up") for total in range(n)] + ["0.51", "0.17"]
    sds = [f"{step / 100:.2f}" for step in range(161)]
    cells = list(product(dict.fromkeys(means), [sd for sd in sds if sd <= largest]))
    table = pd.DataFrame(cells, columns=["mean", "sd"]).assign(n=n)
    result = grimmer_map(table)
    for pair in CONVENTIONS:
        expected = [cell in pairs[pair.deviation, pair.rounding] for cell in cells]
        assert result[f"{pair.deviation} {pair.rounding}"].tolist() == expected


@pytest.mark.parametrize(("n", "items"), [(2, 2), (3, 2), (4, 3), (6, 2)])
def test_items_refine_means_and_sds(n, items):
    pairs = printed_pairs(n, items, 3 * items, 2, items)
    cells = sorted({cell for found in pairs.values() for cell in found})
    table = pd.DataFrame(cells, columns=["mean", "sd"]).assign(n=n, items=items)
    result = grimmer_map(table, items="items", low=1, high=3)
    for pair in CONVENTIONS:
        expected = [cell in pairs[pair.deviation, pair.rounding] for cell in cells]
        assert result[f"{pair.deviation} {pair.rounding}"].tolist() == expected


@settings(deadline=None, max_examples=200)
@given(
    sample=st.lists(st.integers(-60, 120), min_size=2, max_size=40),
    decimals=st.integers(0, 2),
    pair=st.sampled_from(CONVENTIONS),
)
def test_what_a_sample_prints_is_never_called_impossible(sample, decimals, pair):
    n = len(sample)
    divisor = n - 1 if pair.deviation == "sample" else n
    spread = Fraction(n * sum(x * x for x in sample) - sum(sample) ** 2, n * divisor)
    mean = shown(Fraction(sum(sample), n), decimals, pair.rounding)
    sd = shown_root(spread, decimals, pair.rounding)
    assert pair in grimmer(mean, sd, n).fits
    assert pair in grimmer(mean, sd, n, low=min(sample), high=max(sample)).fits


def test_every_sum_of_squares_of_up_to_eight_numbers_is_known():
    for n in range(1, 9):
        reach = 20 if n < 5 else 12
        limit = reach * reach
        found = {(0, 0)}
        for _ in range(n):
            found = {
                (total + x, squares + x * x)
                for total, squares in found
                for x in range(-reach, reach + 1)
                if squares + x * x <= limit
            }
        for total in range(n):
            squares = np.arange(limit + 1)
            differences = n * squares - total * total
            columns = (np.full_like(squares, value) for value in (n, total))
            spans = np.full_like(squares, NO_LIMIT)
            possible = attains(*columns, differences, differences, spans)
            assert possible.tolist() == [(total, q) in found for q in range(limit + 1)]


def test_a_column_is_tested_like_each_alone():
    table = pd.DataFrame(
        {"mean": ["5.21", "7.3", None], "sd": ["1.60", "2.51", "1"], "n": [28, 12, 5]}
    )
    assert grimmer_map(table)["possible"].tolist() == [True, False, pd.NA]
    binary = pd.DataFrame({"mean": [".35", ".35"], "sd": [".49", ".18"], "n": [20, 20]})
    assert debit_map(binary)["possible"].tolist() == [True, False]


def test_large_samples_and_sds_pass_64_bits_without_harm():
    assert grimmer("51234.56", "98765.43", 900_000).is_possible
    assert grimmer("0.00", "0.00", 10**6).is_possible
    assert not grimmer("0.50", "0.10", 10**5).is_possible


def test_one_answer_has_no_sample_sd():
    assert grimmer("5", "0.0", 1).fits == tuple(
        pair for pair in CONVENTIONS if pair.deviation == "population"
    )
    assert not grimmer("5", "1.2", 1).is_possible


def test_a_negative_sd_cannot_be():
    assert not grimmer("5.0", "-1.0", 10).is_possible
