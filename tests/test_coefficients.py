"""Coefficients of agreement reproduce published examples, and say when they are undefined."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coefficients import (
    Ratings,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    unitizing_alpha,
    unitizing_disagreement,
    wilson_interval,
)

CODERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def four_coders_cells() -> list[tuple[int | None, ...]]:
    columns = [[None if cell == "." else int(cell) for cell in row.split()] for row in CODERS]
    return list(zip(*columns, strict=True))


def four_coders() -> Ratings:
    return Ratings(four_coders_cells())


def two_coders(first: str, second: str) -> Ratings:
    return Ratings(list(zip(first, second, strict=True)))


def from_table(table: list[list[int]]) -> Ratings:
    """Ratings of two coders from their cross table."""
    cells = [
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    return Ratings(cells, values=range(len(table)))


@pytest.mark.parametrize(
    ("level", "published"),
    [("nominal", 0.7434), ("ordinal", 0.8154), ("interval", 0.8491), ("ratio", 0.7974)],
)
def test_alpha_of_four_coders_and_twelve_units_is_the_published_one(level, published):
    assert krippendorff_alpha(four_coders(), level).value == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize(
    ("coefficient", "published"),
    [
        (percent_agreement, 0.8182),
        (fleiss_kappa, 0.7612),
        (conger_kappa, 0.7621),
        (brennan_prediger, 0.7727),
        (gwet_ac1, 0.7754),
    ],
)
def test_other_coefficients_of_the_same_table_are_the_published_ones(coefficient, published):
    found = coefficient(four_coders())
    assert found.value == pytest.approx(published, abs=5e-5)
    assert found.units == 11


@pytest.mark.parametrize(
    ("first", "second", "published", "places"),
    [
        ("0100000010", "1110010000", 0.0952, 4),
        ("aabbdcccedda", "babbbccceddd", 0.692, 3),
    ],
)
def test_alpha_of_two_coders_is_the_published_one(first, second, published, places):
    assert round(krippendorff_alpha(two_coders(first, second)).value, places) == published


@pytest.mark.parametrize(
    ("table", "published"),
    [
        ([[20, 5], [10, 15]], 0.400),
        ([[45, 15], [25, 15]], 0.1304),
        ([[25, 35], [5, 35]], 0.2593),
        ([[118, 5], [2, 0]], -0.0234),
        ([[90, 5], [4, 1]], 0.1346),
    ],
)
def test_kappa_of_published_cross_tables(table, published):
    assert cohen_kappa(from_table(table)).value == pytest.approx(published, abs=5e-5)
    assert conger_kappa(from_table(table)).value == pytest.approx(published, abs=5e-5)


def test_ac1_and_pabak_stay_high_where_one_value_is_common():
    assert gwet_ac1(from_table([[118, 5], [2, 0]])).value == pytest.approx(0.9408, abs=5e-5)
    assert gwet_ac1(from_table([[90, 5], [4, 1]])).value == pytest.approx(0.8996, abs=5e-5)
    assert brennan_prediger(from_table([[90, 5], [4, 1]])).value == pytest.approx(0.82)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_of_a_single_value_is_a_reason_and_no_number(level):
    found = krippendorff_alpha(Ratings([(1, 1), (1, 1)]), level)
    assert found.value is None
    assert "one value" in found.reason


def test_units_that_one_coder_rated_are_not_compared():
    found = krippendorff_alpha(Ratings([(1, None), (None, 2)]))
    assert found.value is None
    assert found.units == 0


def test_a_rating_outside_the_values_is_refused():
    with pytest.raises(ValueError, match="not among the values"):
        Ratings([(1, 3)], values=(1, 2))


def by_pairs(ratings: Ratings) -> float | None:
    """Nominal alpha straight from its definition: pairs within units, pairs of all values."""
    units = [[value for value in row if value >= 0] for row in ratings.codes.tolist()]
    units = [unit for unit in units if len(unit) >= 2]
    values = [value for unit in units for value in unit]
    observed = sum(
        sum(one != other for one in unit for other in unit) / (len(unit) - 1) for unit in units
    )
    expected = sum(one != other for one in values for other in values)
    return 1 - (len(values) - 1) * observed / expected if expected else None


@given(
    st.lists(
        st.lists(st.sampled_from([None, 0, 1, 2]), min_size=3, max_size=3), min_size=1, max_size=15
    )
)
@settings(deadline=None)
def test_alpha_equals_its_definition_by_pairs(cells):
    ratings = Ratings(cells, values=(0, 1, 2))
    found, plain = krippendorff_alpha(ratings).value, by_pairs(ratings)
    assert (found is None) == (plain is None)
    if plain is not None:
        assert found == pytest.approx(plain)


@pytest.mark.parametrize(
    ("successes", "trials", "lower", "upper"),
    [(0, 10, 0, 0.2775), (15, 20, 0.5313, 0.8881), (10, 10, 0.7225, 1)],
)
def test_wilson_intervals_are_the_published_ones(successes, trials, lower, upper):
    found = wilson_interval(successes, trials)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=5e-5)


def test_a_share_of_nothing_has_no_interval():
    assert wilson_interval(0, 0) is None


@pytest.mark.parametrize(
    "coefficient",
    [percent_agreement, fleiss_kappa, conger_kappa, brennan_prediger, gwet_ac1, krippendorff_alpha],
)
def test_a_weight_counts_a_unit_as_often_as_it_says(coefficient):
    cells = [(1, 2, 1), (2, 2, None), (1, 1, 1), (3, None, None)]
    weights = [3, 1, 2, 4]
    often = [cell for cell, weight in zip(cells, weights, strict=True) for _ in range(weight)]
    weighted = coefficient(Ratings(cells, weights=weights))
    assert weighted.units == coefficient(Ratings(often)).units
    assert weighted.value == pytest.approx(coefficient(Ratings(often)).value)


def test_many_units_take_no_loop_over_units():
    generator = np.random.default_rng(3)
    codes = generator.integers(0, 2, size=(200_000, 2))
    found = krippendorff_alpha(Ratings.from_codes(codes, (0, 1)))
    assert found.units == 200_000
    assert abs(found.value) < 0.02


def line(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["coder", "start", "stop"])


# Krippendorff 2004, Content analysis, 2nd edition, p. 254: a text of 300 letters that begins at 150
UNITIZED = {
    "c": line((0, 75, 145), (0, 220, 250), (1, 70, 150), (1, 205, 225), (1, 250, 270)),
    "k": line((0, 30, 90), (0, 150, 200), (1, 30, 90), (1, 150, 200)),
}


@pytest.mark.parametrize(
    ("code", "observed", "expected", "alpha"), [("c", 0.0144, 0.0532, 0.7286), ("k", 0, 0.0490, 1)]
)
def test_unitizing_alpha_is_that_of_the_published_example(code, observed, expected, alpha):
    _, found, chance = unitizing_disagreement(UNITIZED[code], 300, 2)
    assert found == pytest.approx(observed, abs=5e-5)
    assert chance == pytest.approx(expected, abs=5e-5)
    assert unitizing_alpha(UNITIZED[code], 300, 2).value == pytest.approx(alpha, abs=5e-5)


def test_unitizing_alpha_over_both_codes_is_the_published_one():
    both = [unitizing_disagreement(rows, 300, 2) for rows in UNITIZED.values()]
    whole = 1 - sum(row[1] for row in both) / sum(row[2] for row in both)
    assert whole == pytest.approx(0.8591, abs=5e-4)


def test_unitizing_alpha_gives_a_reason_where_there_is_nothing_to_compare():
    assert unitizing_alpha(line(), 300, 2).reason == "nobody marked anything"
    assert unitizing_alpha(line((0, 0, 5)), 300, 1).value is None
    assert unitizing_alpha(line((0, 7, 7)), 300, 2).value is None
    assert unitizing_alpha(line((0, 0, 5), (0, 3, 9), (1, 0, 9)), 30, 2).value == 1


# what irrCAC and krippendorff gave for the same tables; how, stands in the file
OTHERS = json.loads((Path(__file__).parent / "coefficients.json").read_text(encoding="utf-8"))
OF_IRRCAC = {
    "agreement": percent_agreement,
    "ac1": gwet_ac1,
    "fleiss": fleiss_kappa,
    "conger": conger_kappa,
    "brennan-prediger": brennan_prediger,
    "alpha": krippendorff_alpha,
}


@pytest.mark.parametrize("table", OTHERS["tables"], ids=range(len(OTHERS["tables"])))
def test_random_tables_get_the_coefficients_that_irrcac_and_krippendorff_give(table):
    cells = [[None if cell == "." else int(cell) for cell in unit] for unit in table["units"]]
    ratings = Ratings(cells, values=range(1, table["categories"] + 1))
    for name, coefficient in OF_IRRCAC.items():
        theirs = table["irrCAC"][name]
        assert coefficient(ratings).value == pytest.approx(theirs, abs=1.01e-5), name
    for level, theirs in table["krippendorff"].items():
        assert krippendorff_alpha(ratings, level).value == pytest.approx(theirs, abs=1e-9), level


def test_a_coder_who_rated_nothing_changes_no_coefficient():
    alone = [row[:2] for row in four_coders_cells()]
    for coefficient in OF_IRRCAC.values():
        with_a_third = Ratings([(*row, None) for row in alone])
        assert coefficient(with_a_third) == coefficient(Ratings(alone))
