"""Figures of studies with more codes, groups and letters than a page has room for."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures import (
    accumulation_curve,
    cooccurrence_heatmap,
    cooccurrence_network,
    flow_figure,
    frequency_bars,
    group_heatmap,
)
from analysis.figures.cooccurrence import SPACE, _apart
from analysis.figures.figure import MARGIN, SMALL
from analysis.figures.sheet import balanced, line_inches, longest, wrapped

GIVEN = {"label": "fig-x", "caption": "X", "synthetic": True}


def system(size: int, name: str = "Code") -> pd.DataFrame:
    ids = [f"{name} {at:03d}" for at in range(size)]
    return pd.DataFrame(
        {"code_id": ids, "parent_id": None, "label": ids, "level": 1, "position": range(size)}
    )


def every_pair(codes: pd.DataFrame, counts) -> pd.DataFrame:
    both = list(itertools.combinations(codes["code_id"], 2))
    rows = [(*pair, count) for pair, count in zip(both, itertools.cycle(counts))]
    table = pd.DataFrame(rows, columns=["first", "second", "pairs"])
    return table.sort_values("pairs", ascending=False, kind="stable", ignore_index=True)


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.drawing.findobj() if hasattr(text, "get_text")]


def test_pairs_that_are_as_frequent_are_all_drawn_or_none():
    codes = system(12)
    pairs = every_pair(codes, [3, 1, 1, 2])
    frequencies = pd.DataFrame({"code_id": codes["code_id"], "codings": 5})
    figure = cooccurrence_network(pairs, codes, frequencies, together="t", edges=20, **GIVEN)
    assert set(figure.data["pairs"]) == {3}
    left = len(pairs) - len(figure.data)
    assert f"{left} more pairs are not drawn." in figure.alt
    assert f"{left} more pairs are not drawn." in texts(figure)
    alike = every_pair(codes, [1])
    few = cooccurrence_network(alike, codes, frequencies, together="t", edges=20, **GIVEN)
    assert len(few.data) == 20
    assert "63 more as often as the last" in few.alt


@pytest.mark.parametrize("count", [7, 4321, 1234567])
def test_numbers_of_a_heat_map_fit_into_their_cells(count):
    codes = system(60)
    figure = cooccurrence_heatmap(every_pair(codes, [count]), codes, together="t", most=60, **GIVEN)
    shown = {*figure.data["first"], *figure.data["second"]}
    numbers = [text for text in figure.drawing.texts if re.fullmatch(r"[\d,]+", text.get_text())]
    places = sorted({round(text.get_position()[0], 4) for text in numbers})[1:]
    widest = longest([f"{count:,}"], SMALL)
    assert all(other - one > widest for one, other in itertools.pairwise(places))
    assert min(text.get_fontsize() for text in figure.drawing.texts) >= SMALL
    assert f"{60 - len(shown)} more codes are not shown." in figure.alt


@given(st.lists(st.tuples(st.floats(0, 4), st.integers(1, 3)), min_size=1, max_size=12))
@settings(deadline=None, max_examples=40)
def test_labels_beside_the_circle_stand_apart_and_in_order(drawn):
    wanted = [(y, ["word"] * lines) for y, lines in sorted(drawn)]
    highs = [line_inches(SMALL, len(words)) + SPACE for _, words in wanted]
    free = max(4.0, sum(highs))
    middles = _apart(wanted, free)
    ends = [(y - high / 2, y + high / 2) for y, high in zip(middles, highs, strict=True)]
    assert ends[0][0] >= MARGIN - 1e-9
    assert ends[-1][1] <= MARGIN + free + 1e-9
    assert all(one[1] <= other[0] + 1e-9 for one, other in itertools.pairwise(ends))


def test_a_label_of_ten_thousand_letters_is_cut_and_takes_no_time():
    for text in ("A" * 10_000, "word " * 2_000):
        lines = balanced(text, 1.5, SMALL)
        assert lines[-1].endswith("…")
        assert len("".join(lines)) <= 160
        assert longest(lines, SMALL) <= 1.5
    assert wrapped("A short one", 3, SMALL) == ["A short one"]
    codes = system(2).assign(label=["A" * 10_000, "b"])
    frequencies = pd.DataFrame({"code_id": codes["code_id"], "codings": [2, 1], "cases": [1, 1]})
    figure = frequency_bars(codes, frequencies, level=1, cases=2, case_word="People", **GIVEN)
    assert len(figure.alt) <= 2000


def test_a_heat_map_of_many_groups_draws_twelve_and_says_so():
    codes = system(3)
    rows = itertools.product(codes["code_id"], [f"Group {at}" for at in range(300)])
    by_group = pd.DataFrame(rows, columns=["code_id", "group"]).assign(codings=2, group_cases=1)
    figure = group_heatmap(codes, by_group, level=1, **GIVEN)
    assert "288 more groups are not shown." in texts(figure)
    assert figure.alt.startswith("Heat map of 3 categories by 12 groups of 300.")
    assert len(figure.data) == 900


def test_an_alluvial_picture_gathers_what_a_page_has_no_room_for():
    rows = [(f"g{at}", f"c{at % 90}", f"d{at % 4}", 1 + at % 3) for at in range(300)]
    flows = pd.DataFrame(rows, columns=["source", "middle", "target", "codings"])
    figure = flow_figure(flows, **GIVEN)
    assert "277 more groups; 67 more categories" in figure.alt
    assert figure.size[1] <= 8.8
    words = [text.get_position()[1] for text in figure.drawing.texts if text.get_ha() == "right"]
    assert all(one - other > 0.1 for one, other in itertools.pairwise(words[1:]))


def test_the_fewest_are_counted_where_several_are_alike():
    codes = system(9)
    frequencies = pd.DataFrame(
        {"code_id": codes["code_id"], "codings": [9, 5, 5, 5, 5, 2, 1, 1, 1], "cases": 1}
    )
    figure = frequency_bars(codes, frequencies, level=1, cases=4, case_word="People", **GIVEN)
    assert "2 more with 5 codings" in figure.alt
    assert "Fewest: 3 with 1 coding each." in figure.alt


def test_a_curve_says_what_its_lines_are():
    band = pd.DataFrame(
        {"place": [1, 2], "cumulative": [3, 5], "lower": 3, "median": 4, "upper": 5}
    )
    figure = accumulation_curve(band, case_word="People", marks=[1], **GIVEN)
    assert {"Random orders, median", "The guide was refined"} <= set(texts(figure))
    alone = accumulation_curve(band.head(1), case_word="Documents", **GIVEN)
    assert alone.alt == "One point, 3 codes: nothing came after it."
