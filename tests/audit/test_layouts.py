"""One sample in the layouts that papers use: none accused, and one wrong percentage found."""

import pytest

from analysis.audit import ASKING
from analysis.audit.papers import audit_paper
from tests.audit.layouts import LAYOUTS, write

ASKED = {verdict.value for verdict in ASKING}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_read_and_nothing_of_it_accused(tmp_path, layout):
    for seed in range(2):
        found = audit_paper(write(tmp_path, layout, seed, is_wrong=False))
        claims = found.audit.claims
        assert claims[claims["verdict"].isin(ASKED)].empty
        assert (claims["verdict"] == "consistent").sum() > 20


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_wrong_percentage_is_found_in_each_layout(tmp_path, layout):
    claims = audit_paper(write(tmp_path, layout, 1, is_wrong=True)).audit.claims
    assert claims["verdict"].isin(ASKED).any()
