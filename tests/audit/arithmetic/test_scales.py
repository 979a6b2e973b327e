"""What limited scales allow, held against every sample."""

import numpy as np
import pytest

from analysis.audit.arithmetic import CONVENTIONS, sprite
from analysis.audit.arithmetic.integers import surely_on_scale
from tests.audit.arithmetic.brute_force import samples


@pytest.mark.parametrize(("n", "span"), [(5, 4), (7, 3), (9, 2), (9, 4), (10, 3), (6, 8)])
def test_what_the_lemma_calls_sure_is_a_sample(n, span):
    attained = {(sum(s), sum(x * x for x in s)) for s in samples(n, 0, span)}
    pairs = np.array(
        [
            (t, q)
            for t in range(n * span + 1)
            for q in range(n * span * span + 1)
            if (q - t) % 2 == 0
        ]
    )
    found = surely_on_scale(
        np.full(len(pairs), n), pairs[:, 0], pairs[:, 1], np.full(len(pairs), span)
    )
    sure = {tuple(pair) for pair in pairs[found].tolist()}
    assert sure <= attained
    # it settles most of them, so that few are searched
    assert n < 9 or len(sure) > 0.3 * len(attained)


def test_on_one_to_five_nine_people_cannot_have_a_mean_of_222_and_an_sd_of_179():
    assert sprite("2.22", "1.79", 9, 1, 5, conventions=CONVENTIONS[:3]).is_impossible
