from fractions import Fraction
from statistics import pvariance, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit.arithmetic import CONVENTIONS, Convention, sprite
from tests.audit.arithmetic.brute_force import DEVIATIONS, MODES, printed_pairs, shown, shown_root

SPREAD = dict(zip(DEVIATIONS, (variance, pvariance), strict=True))


def prints(sample, mean, sd, decimals, pair):
    spread = SPREAD[pair.deviation](sample)
    return shown(Fraction(sum(sample), len(sample)), decimals, pair.rounding) == mean and (
        shown_root(Fraction(spread), decimals, pair.rounding) == sd
    )


@pytest.mark.parametrize(
    ("mean", "sd", "n"),
    [("36.57", "12.39", 7), ("47.60", "10.69", 5), ("41.56", "10.23", 16), ("49.75", "10.99", 4)],
)
def test_a_witness_prints_as_published(mean, sd, n):
    pair = Convention("sample", "truncate")
    found = sprite(mean, sd, n, 18, 90, conventions=(pair,))
    assert len(found.sample) == n
    assert prints(found.sample, mean, sd, 2, pair)
    assert min(found.sample) >= 18
    assert str(int(found.sample[0])) in found.sentence


def test_where_no_sample_exists_the_search_says_so():
    rounded = tuple(pair for pair in CONVENTIONS[:3])
    assert sprite("49.75", "10.99", 4, conventions=rounded).is_impossible
    assert sprite("7.3", "2.51", 12).is_impossible


def test_a_narrow_range_can_make_a_sample_impossible():
    assert sprite("49.75", "10.99", 4).sample is not None
    assert sprite("49.75", "10.99", 4, 40, 60).is_impossible


@pytest.mark.parametrize(("n", "low", "high"), [(2, 0, 9), (3, 1, 7), (5, 1, 4), (8, 1, 3)])
def test_the_search_agrees_with_all_samples_on_what_exists(n, low, high):
    pairs = printed_pairs(n, low, high, 1)
    means = sorted({mean for found in pairs.values() for mean, _ in found})
    for at, mean in enumerate(means):
        for step in range(at % 4, 36, 4):
            sd = f"{step / 10:.1f}"
            for deviation in DEVIATIONS:
                for rounding in MODES:
                    pair = Convention(deviation, rounding)
                    found = sprite(mean, sd, n, low, high, conventions=(pair,))
                    assert found.is_settled
                    exists = (mean, sd) in pairs[deviation, rounding]
                    assert (found.sample is not None) == exists
                    if exists:
                        assert prints(found.sample, mean, sd, 1, pair)
                        assert low <= min(found.sample)
                        assert max(found.sample) <= high


@settings(deadline=None, max_examples=50)
@given(
    sample=st.lists(st.integers(1, 10), min_size=2, max_size=60),
    pair=st.sampled_from(CONVENTIONS),
    seed=st.integers(0, 5),
)
def test_a_sample_that_exists_is_found_and_the_seed_keeps_what_it_prints(sample, pair, seed):
    mean = shown(Fraction(sum(sample), len(sample)), 2, pair.rounding)
    sd = shown_root(Fraction(SPREAD[pair.deviation](sample)), 2, pair.rounding)
    found = sprite(mean, sd, len(sample), 1, 10, conventions=(pair,), seed=seed)
    assert prints(found.sample, mean, sd, 2, pair)
    assert set(found.sample) <= set(range(1, 11))


def test_the_same_seed_gives_the_same_sample_and_another_another():
    first, again, other = (sprite("36.57", "12.39", 7, 18, 65, seed=seed) for seed in (1, 1, 2))
    assert first.sample == again.sample
    assert first.sample != other.sample


def test_items_make_samples_of_fractions():
    pair = CONVENTIONS[0]
    found = sprite("2.25", "0.71", 8, 1, 4, items=2, conventions=(pair,))
    assert {number.denominator for number in found.sample} <= {1, 2}
    assert shown(sum(found.sample) / 8, 2, "half-up") == "2.25"
    mean = sum(found.sample) / 8
    spread = sum((number - mean) ** 2 for number in found.sample) / 7
    assert shown_root(spread, 2, "half-up") == "0.71"


def test_a_search_that_runs_out_of_steps_is_no_proof():
    found = sprite("36.57", "12.39", 7, 18, 65, most_steps=3)
    assert not found.is_settled
    assert not found.is_impossible
    assert "Not settled" in found.sentence


def test_large_samples_are_found():
    assert len(sprite("300.2", "101.1", 500).sample) == 500
