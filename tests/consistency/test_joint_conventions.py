import numpy as np
import pandas as pd
import pytest

from analysis.consistency import CONVENTIONS, Convention, grimmer_map, joint
from analysis.consistency.joint import convention_words

AGES = [("36.57", "12.39", 7), ("47.60", "10.69", 5), ("41.56", "10.23", 16), ("49.75", "10.99", 4)]


def of(*rows):
    fits = np.array([[pair in row for row in rows] for pair in CONVENTIONS])
    table = np.zeros(len(rows), dtype=int)
    return joint(fits, table, ["T"], np.ones(len(rows), dtype=bool))[0]


def test_one_pair_alone_fits_the_ages_of_all_four_groups():
    table = pd.DataFrame(AGES, columns=["mean", "sd", "n"])
    fits = grimmer_map(table).iloc[:, :8].to_numpy(dtype=bool).T
    names = grimmer_map(table).columns[:8]
    alone = [name for name, row in zip(names, fits, strict=True) if row.all()]
    assert alone == ["sample truncate"]
    found = joint(fits, np.zeros(4, dtype=int), ["Table 2"], np.ones(4, dtype=bool))[0]
    assert found.fitting == (Convention("sample", "truncate"),)
    assert found.choice == Convention("sample", "truncate")
    assert found.is_established
    assert "the sample SD cut off (truncated), and no other" in found.sentence


def test_a_single_telling_value_does_not_show_the_convention():
    cut = {pair for pair in CONVENTIONS if pair.rounding == "truncate"}
    found = of(cut, set(CONVENTIONS), set(CONVENTIONS))
    assert found.choice == CONVENTIONS[0]
    assert not found.is_established
    assert "single telling value" in found.sentence
    assert of(cut, cut).choice.rounding == "truncate"


def test_where_no_pair_fits_all_the_one_that_fits_most_is_taken():
    cut = {pair for pair in CONVENTIONS if pair.rounding == "truncate"}
    rounded = set(CONVENTIONS) - cut
    found = of(cut, cut, rounded)
    assert not found.fitting
    assert found.choice.rounding == "truncate"
    assert found.misses == 1
    assert "No one convention fits all 3 values" in found.sentence


def test_an_impossible_value_does_not_hide_how_the_rest_was_made():
    cut = {pair for pair in CONVENTIONS if pair.rounding == "truncate"}
    found = of(cut, cut, set())
    assert found.choice.rounding == "truncate"
    assert found.is_established
    assert found.cells == 2


def test_of_several_that_fit_ordinary_rounding_comes_first():
    assert of(set(CONVENTIONS), set(CONVENTIONS)).choice == CONVENTIONS[0]
    assert "alike" in of(set(CONVENTIONS)).sentence


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
