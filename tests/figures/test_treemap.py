"""The tree map: areas in proportion to codings, at both levels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle as Patch

from analysis.chapters.frequencies import code_frequencies
from analysis.figures import hierarchy_treemap
from analysis.figures.treemap import Rectangle, squares, tree_frame
from tests.figures.sample import STUDY, shown_texts

COUNTS = st.lists(st.integers(0, 2000), min_size=1, max_size=40)
SIDES = st.floats(0.5, 20)


@settings(deadline=None, max_examples=200)
@given(COUNTS, SIDES, SIDES)
def test_areas_are_in_proportion_to_counts(counts, width, height):
    frame = Rectangle(1.0, 2.0, width, height)
    boxes = squares([float(count) for count in counts], frame)
    total = sum(counts)
    for count, box in zip(counts, boxes, strict=True):
        if not count:
            assert box is None
            continue
        assert box.area == pytest.approx(frame.area * count / total, rel=1e-6)


@settings(deadline=None, max_examples=100)
@given(COUNTS, SIDES, SIDES)
def test_areas_lie_inside_and_beside_each_other(counts, width, height):
    frame = Rectangle(0.0, 0.0, width, height)
    boxes = [box for box in squares([float(count) for count in counts], frame) if box]
    tiny = 1e-6 * max(width, height)
    for index, box in enumerate(boxes):
        assert box.x >= -tiny
        assert box.y >= -tiny
        assert box.x + box.width <= width + tiny
        assert box.y + box.height <= height + tiny
        for other in boxes[:index]:
            wide = min(box.x + box.width, other.x + other.width) - max(box.x, other.x)
            high = min(box.y + box.height, other.y + other.height) - max(box.y, other.y)
            assert wide <= tiny or high <= tiny


def test_the_drawn_areas_are_in_proportion_to_codings():
    figure = STUDY.treemap(2)
    leaves = [
        patch.get_width() * patch.get_height()
        for patch in figure.drawing.findobj(Patch)
        if patch.get_linewidth() == 0.8
    ]
    codings = figure.data["codings"]
    shares = [area / sum(leaves) for area in leaves]
    assert shares == pytest.approx(list(codings / codings.sum()))


def test_the_parts_of_a_category_add_up_to_it():
    frame = tree_frame(STUDY.codes, STUDY.frequencies, 2)
    assert frame["codings"].sum() == len(STUDY.codings)


def test_codings_of_a_category_itself_are_not_lost():
    first = STUDY.codes["code_id"].iloc[0]
    more = STUDY.codings.assign(code_id=first).head(7)
    import pandas as pd

    codings = pd.concat([STUDY.codings, more], ignore_index=True)
    frame = tree_frame(STUDY.codes, code_frequencies(codings, STUDY.codes), 2)
    assert frame["codings"].sum() == len(codings)
    own = frame[(frame["group_id"] == first) & (frame["label"] == "without a subcategory")]
    assert list(own["codings"]) == [7]


def test_every_category_is_named_once_in_the_map_or_below():
    figure = STUDY.treemap(2)
    said = " ".join(text for text, _ in shown_texts(figure))
    flat = "".join(said.split())
    for name in figure.data["label"]:
        assert flat.count("".join(name.split())) == 1, name


def test_the_alternative_text_names_the_largest_with_its_count_and_share():
    figure = STUDY.treemap(2)
    groups = figure.data.groupby("group")["codings"].sum().sort_values(ascending=False)
    share = round(100 * groups.iloc[0] / groups.sum())
    assert f"Largest: {groups.index[0]} ({groups.iloc[0]}, {share}%)" in figure.alt
    assert f"Smallest: {groups.index[-1]} ({groups.iloc[-1]}, " in figure.alt


def test_categories_without_codings_are_named_all_the_same():
    last = STUDY.codes[STUDY.codes["label"].str.startswith("Law reform")]["code_id"]
    codings = STUDY.codings[~STUDY.codings["code_id"].isin(last)]
    figure = hierarchy_treemap(
        STUDY.codes, code_frequencies(codings, STUDY.codes), depth=1,
        label="fig-x", caption="c", synthetic=False,
    )  # fmt: skip
    assert "Law reform (0)" in [text for text, _ in shown_texts(figure)]


def test_a_map_of_nothing_says_so():
    empty = STUDY.frequencies.assign(codings=0)
    figure = hierarchy_treemap(
        STUDY.codes, empty, depth=2, label="fig-x", caption="c", synthetic=False
    )
    assert "There are no codings" in figure.alt


def test_other_depths_are_refused():
    with pytest.raises(ValueError, match="expected 1 or 2"):
        STUDY.treemap(3)
