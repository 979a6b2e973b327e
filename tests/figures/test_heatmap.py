"""The heat map: what its cells say, and what is said about them."""

import pandas as pd
import pytest

from analysis.figures import group_heatmap
from analysis.numbers import format_number
from tests.figures.sample import GROUPS, STUDY, shown_texts


def test_columns_add_up_to_a_hundred_within_each_group():
    data = STUDY.heatmap(2, "column").data
    sums = data.groupby("group", sort=False)["value"].sum()
    assert list(sums.index) == GROUPS
    assert list(sums) == pytest.approx([100, 100, 100])


def test_rows_add_up_to_a_hundred_within_each_category():
    data = STUDY.heatmap(2, "row").data
    used = data.groupby("code_id")["codings"].transform("sum") > 0
    assert list(data[used].groupby("code_id")["value"].sum()) == pytest.approx(
        [100] * data[used]["code_id"].nunique()
    )


def test_counts_are_those_of_the_codings():
    data = STUDY.heatmap(1, "none").data
    assert data["value"].sum() == len(STUDY.codings)
    row = data.iloc[0]
    cases = set(STUDY.people.loc[STUDY.people["group"] == row["group"], "case_id"])
    below = STUDY.codings["code_id"].str.startswith(row["code_id"])
    assert row["codings"] == (below & STUDY.codings["case_id"].isin(cases)).sum()


def test_every_cell_prints_its_value():
    figure = STUDY.heatmap(1, "none")
    texts = [text for text, _ in shown_texts(figure)]
    for n in figure.data["value"]:
        texts.remove(format_number(n))


def test_small_shares_are_not_printed_as_nothing():
    from analysis.figures.heatmap import _cell

    assert _cell(0.3, "column") == "<1"
    assert _cell(0.0, "column") == "0"
    assert _cell(0.7, "column") == "1"
    assert _cell(float("nan"), "row") == "–"


def test_the_alternative_text_names_the_largest_of_each_group():
    figure = STUDY.heatmap(2, "column")
    for _, members in figure.data.groupby("group", sort=False):
        top = members.iloc[members["value"].argmax()]
        assert f"{top['group']}, {top['label']} ({format_number(top['value'])}%)" in figure.alt
    assert "Groups differ most on " in figure.alt


def test_an_unknown_way_to_normalise_is_refused():
    with pytest.raises(ValueError, match="expected column, row, none"):
        STUDY.heatmap(2, "both")


def test_names_of_many_groups_stand_upright_and_no_word_is_broken():
    groups = ["Community psychiatrists", "Nongovernmental organisations"] + [
        f"Home care managers {letter}" for letter in "abcdef"
    ]
    one = STUDY.by_group[STUDY.by_group["group"] == STUDY.by_group["group"].iloc[0]]
    by_group = pd.concat([one.assign(group=name) for name in groups])
    figure = group_heatmap(
        STUDY.codes, by_group, level=1, label="fig-groups", caption="Groups", synthetic=False
    )
    upright = [text.get_text() for text in figure.drawing.texts if text.get_rotation() == 90]
    words = [word for line in upright for word in line.split()]
    assert sorted(words) == sorted(word for name in groups for word in name.split())
