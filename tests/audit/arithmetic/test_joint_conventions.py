import numpy as np
import pandas as pd
import pytest

from analysis.audit.arithmetic import (
    CONVENTIONS,
    Convention,
    grimmer,
    grimmer_map,
    joint,
    percent,
)
from analysis.audit.arithmetic.conventions import convention_words

AGES = [("36.57", "12.39", 7), ("47.60", "10.69", 5), ("41.56", "10.23", 16), ("49.75", "10.99", 4)]


CUT = {pair for pair in CONVENTIONS if pair.rounding == "truncate"}
ROUNDED = set(CONVENTIONS) - CUT
POPULATION = {pair for pair in CONVENTIONS if pair.deviation == "population"}
EVERY = set(CONVENTIONS)


def of(*rows, is_sd=None):
    fits = np.array([[pair in row for row in rows] for pair in CONVENTIONS])
    table = np.zeros(len(rows), dtype=int)
    return joint(fits, table, ["T"], np.array(is_sd or [True] * len(rows)))[0]


def fits_of(percentage, whole, count):
    found = percent(percentage, whole, count).fits
    return {pair for pair in CONVENTIONS if pair.rounding in found}


def test_one_pair_alone_fits_the_ages_of_all_four_groups():
    table = pd.DataFrame(AGES, columns=["mean", "sd", "n"])
    fits = grimmer_map(table).iloc[:, :8].to_numpy(dtype=bool).T
    names = grimmer_map(table).columns[:8]
    alone = [name for name, row in zip(names, fits, strict=True) if row.all()]
    assert alone == ["sample truncate"]


def test_with_the_percentage_beside_them_two_values_need_to_be_cut_off():
    ages = [set(grimmer(*age).fits) for age in AGES]
    found = of(*ages, fits_of("42.8", 7, 3), is_sd=[True] * 4 + [False])
    assert found.fitting == (Convention("sample", "truncate"),)
    assert found.choice == Convention("sample", "truncate")
    assert found.is_established
    assert "the sample SD cut off (truncated), and no other" in found.sentence


def test_a_convention_that_one_value_needs_among_few_excuses_nothing():
    found = of(CUT, EVERY, EVERY)
    assert found.choice == CONVENTIONS[0]
    assert (found.misses, found.alone) == (1, -1)
    assert not found.is_established
    assert "too few values need it" in found.sentence
    assert of(CUT, CUT).choice.rounding == "truncate"


def test_a_convention_that_one_value_needs_among_many_is_named():
    found = of(CUT, EVERY, EVERY, EVERY, EVERY)
    assert found.choice == CONVENTIONS[0]
    assert found.alone == 1
    assert "too few of them need it" in found.sentence


def test_where_no_convention_fits_all_a_majority_is_no_evidence():
    found = of(*[CUT] * 12, ROUNDED)
    assert not found.fitting
    assert found.choice == Convention("sample", "half-up")
    assert found.misses == 12
    assert "No one convention fits all of them" in found.sentence


def test_two_sds_tell_sample_from_population_and_means_never_do():
    assert of(POPULATION, POPULATION).choice.deviation == "population"
    assert of(POPULATION, POPULATION, is_sd=[False, False]).choice.deviation == "sample"
    assert of(POPULATION).choice.deviation == "sample"


def test_cut_off_stays_shown_where_one_sd_needs_the_population_beside_it():
    both = {pair for pair in CUT if pair in POPULATION}
    found = of(CUT, CUT, CUT, EVERY, both, is_sd=[False, False, False, True, True])
    assert found.choice == Convention("sample", "truncate")
    assert found.alone == 3


def test_a_tie_may_go_either_way():
    up, even = ({CONVENTIONS[0]}, {CONVENTIONS[1]})
    found = of(up, even, EVERY)
    assert found.misses == 0
    assert found.choice == CONVENTIONS[0]


def test_an_impossible_value_does_not_hide_how_the_rest_was_made():
    found = of(CUT, CUT, set())
    assert found.choice.rounding == "truncate"
    assert found.is_established
    assert found.cells == 2


def test_of_several_that_fit_ordinary_rounding_comes_first():
    assert of(EVERY, EVERY).choice == CONVENTIONS[0]
    assert "alike" in of(EVERY).sentence


@pytest.mark.parametrize(
    ("conventions", "with_sd", "words"),
    [
        (CONVENTIONS[:3], True, "the sample SD rounded to the nearest"),
        (CONVENTIONS[:1], False, "rounding half up"),
        ([CONVENTIONS[6]], False, "cutting off (truncated)"),
        (
            [CONVENTIONS[0], CONVENTIONS[7]],
            True,
            "the sample SD rounded half up or the population SD cut off (truncated)",
        ),
    ],
)
def test_conventions_are_named_in_plain_words(conventions, with_sd, words):
    assert convention_words(conventions, with_sd=with_sd) == words
