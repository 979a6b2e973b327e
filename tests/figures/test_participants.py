"""The participants as points: none hidden, none lost."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import PathCollection

from analysis.figures import participants_figure
from analysis.figures.participants import swarm
from tests.figures.sample import STUDY, shown_texts

PARTS = {"label": "fig-x", "caption": "c", "synthetic": False}


def points(figure):
    return np.concatenate(
        [
            np.asarray(found.get_offsets())
            for found in figure.drawing.findobj(PathCollection)
            if len(found.get_offsets())
        ]
    )


@settings(deadline=None, max_examples=150)
@given(st.lists(st.floats(0, 10), max_size=60), st.floats(0.05, 1))
def test_points_of_a_swarm_do_not_hide_each_other(places, diameter):
    offsets = swarm(places, diameter)
    for one, other in itertools.combinations(range(len(places)), 2):
        beside = abs(places[one] - places[other]) >= diameter
        assert beside or abs(offsets[one] - offsets[other]) >= diameter * 0.999


def test_points_that_are_apart_stay_on_the_line():
    assert swarm([3.0, 1.0, 2.0], 0.5) == [0.0, 0.0, 0.0]


def test_every_participant_is_a_point_at_their_number():
    found = points(STUDY.participants())
    assert sorted(found[:, 0]) == sorted(STUDY.people["Age"])


def test_participants_without_a_number_are_said_and_not_drawn():
    people = STUDY.people.assign(Age=STUDY.people["Age"].where(STUDY.people.index != 3))
    figure = participants_figure(people, number="Age", group="group", marker="Gender", **PARTS)
    assert len(points(figure)) == len(people) - 1
    assert "Age of 1 participant is not known" in figure.alt


def test_without_a_number_people_are_lined_up_to_be_counted():
    found = points(STUDY.participants(None))
    assert sorted(found[:, 0]) == sorted(
        place + 1 for size in STUDY.people["group"].value_counts() for place in range(size)
    )


def test_groups_and_markers_of_unknown_people_are_shown_as_such():
    people = STUDY.people.copy()
    people.loc[0, "Gender"] = np.nan
    figure = participants_figure(people, number="Age", group="group", marker="Gender", **PARTS)
    assert "not reported (n = 1)" in [text for text, _ in shown_texts(figure)]


def test_the_alternative_text_describes_each_group():
    alt = STUDY.participants().alt
    for name, members in STUDY.people.groupby("group", observed=True):
        low, high = members["Age"].min(), members["Age"].max()
        females = (members["Gender"] == "Female").sum()
        assert f"{name}, {len(members)} participants (Female {females}, " in alt
        assert f"Age {low}–{high}, mean about" in alt


@pytest.mark.parametrize(("sd", "ddof"), [("sample", 1), ("population", 0)])
def test_the_line_reaches_one_standard_deviation_either_way(sd, ddof):
    figure = STUDY.participants(sd=sd)
    axes = figure.drawing.axes[0]
    spans = [line.get_xdata() for line in axes.lines if list(line.get_xdata()) != [0, 1]]
    found = sorted(float(span[1] - span[0]) for span in spans if len(span) == 2)
    groups = STUDY.people.groupby("group", observed=True)["Age"]
    assert found == pytest.approx(sorted(2 * groups.std(ddof=ddof)))


def test_one_person_alone_has_no_deviation():
    one = STUDY.people.head(1)
    figure = participants_figure(one, number="Age", group=None, marker=None, **PARTS)
    assert "1 participant as points" in figure.alt
    assert len(points(figure)) == 1


def test_nobody_is_drawn_where_there_is_nobody():
    figure = participants_figure(
        STUDY.people.head(0), number="Age", group="group", marker="Gender", **PARTS
    )
    assert "0 participants" in figure.alt
    assert isinstance(figure.data, pd.DataFrame)
